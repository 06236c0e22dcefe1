"""Preventive services recommended by the US Preventive Services Task Force, for whom and how strongly.

Recalled from the published recommendation statements, which were not read again: everything here is provisional until a named clinician of the
site has compared it. Only grades A and B, and only where age and sex decide; what needs a pack-year count, a blood pressure or a body mass index
says so in `also` and is put to a person.
"""

from typing import Final, NamedTuple


class Recommendation(NamedTuple):
    """Who should be offered what, how strongly, and how often."""

    id: str
    service: str
    grade: str
    year: int
    ages: tuple[int, int]
    """Completed years, inclusive."""
    sex: str = ""
    every_years: float | None = None
    """None: once, or at the doctor's judgement."""
    also: str = ""
    """What else must hold, which no table of ages can tell."""


EVERYBODY = 120
RECOMMENDATIONS: Final = (
    Recommendation("colorectal_cancer_50", "Screening for colorectal cancer", "A", 2021, (50, 75), also="how often depends on the test used"),
    Recommendation("colorectal_cancer_45", "Screening for colorectal cancer", "B", 2021, (45, 49), also="how often depends on the test used"),
    Recommendation("breast_cancer", "Screening mammography", "B", 2024, (40, 74), "F", 2),
    Recommendation("cervical_cancer_21", "Screening for cervical cancer by cytology", "A", 2018, (21, 29), "F", 3, "has a cervix"),
    Recommendation("cervical_cancer_30", "Screening for cervical cancer", "A", 2018, (30, 65), "F", also="has a cervix; 3 or 5 years by the test"),
    Recommendation("lung_cancer", "Screening for lung cancer by low-dose CT", "B", 2021, (50, 80), every_years=1,
                   also="20 pack-years, and smokes or stopped within 15 years"),
    Recommendation("aortic_aneurysm", "One ultrasound for abdominal aortic aneurysm", "B", 2019, (65, 75), "M", also="has ever smoked"),
    Recommendation("hypertension", "Screening for high blood pressure", "A", 2021, (18, EVERYBODY)),
    Recommendation("diabetes", "Screening for prediabetes and type 2 diabetes", "B", 2021, (35, 70), also="overweight or obese"),
    Recommendation("hepatitis_c", "One screening for hepatitis C", "B", 2020, (18, 79)),
    Recommendation("hiv", "Screening for HIV", "A", 2019, (15, 65)),
    Recommendation("osteoporosis", "Screening for osteoporosis by bone density", "B", 2025, (65, EVERYBODY), "F"),
    Recommendation("depression", "Screening for depression", "B", 2023, (18, EVERYBODY)),
    Recommendation("tobacco", "Asking about tobacco and helping to stop", "A", 2021, (18, EVERYBODY)),
    Recommendation("unhealthy_alcohol", "Asking about unhealthy alcohol use", "B", 2018, (18, EVERYBODY)),
    Recommendation("statin", "A statin for primary prevention", "B", 2022, (40, 75),
                   also="at least one risk factor, and 10-year cardiovascular risk of 10 % or more"),
    Recommendation("falls", "Exercise to prevent falls", "B", 2024, (65, EVERYBODY), also="at increased risk of falls"),
)  # fmt: skip
