"""Caprini score: does this patient around an operation need protection from thrombosis?

Caprini JA. Thrombosis risk assessment as a guide to quality patient care. Dis Mon 2005;51:70-8, as table 1 of PMC5503672 prints it (read);
two independent implementations agree on the items. The 2013 version differs and is not this one. One of the lists leaves multiple trauma
out; the 2005 table has it.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, has, latest
from wardline.core.diseases import INFLAMMATORY_BOWEL_DISEASE, THROMBOPHILIA, VENOUS_THROMBOEMBOLISM
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, codes, flag, points

OPERATION = codes(
    {"none": 0, "minor": 1, "arthroscopic": 2, "major open": 2, "laparoscopic": 2, "arthroplasty": 5},
    {"major open": "open, more than 45 minutes", "laparoscopic": "laparoscopic, more than 45 minutes", "arthroplasty": "elective hip or knee"},
)
CHART = points(
    age_years=bands((40, 0), (60, 1), (74, 2), above=3),
    operation=OPERATION,
    body_mass_index=bands((25.0, 0), above=1, step=0.1),
    swollen_legs=flag(1),
    varicose_veins=flag(1),
    pregnant_or_post_partum=flag(1),
    lost_pregnancies=flag(1),
    contraceptives_or_hormones=flag(1),
    sepsis_last_month=flag(1),
    serious_lung_disease_last_month=flag(1),
    abnormal_lung_function=flag(1),
    acute_myocardial_infarction=flag(1),
    heart_failure_last_month=flag(1),
    inflammatory_bowel_disease=flag(1),
    medical_patient_at_bed_rest=flag(1),
    in_bed_over_72_hours=flag(2),
    malignancy=flag(2),
    cast=flag(2),
    central_venous_access=flag(2),
    earlier_thromboembolism=flag(3),
    thromboembolism_in_family=flag(3),
    factor_v_leiden=flag(3),
    prothrombin_20210a=flag(3),
    lupus_anticoagulant=flag(3),
    anticardiolipin_antibodies=flag(3),
    raised_homocysteine=flag(3),
    heparin_induced_thrombocytopenia=flag(3),
    other_thrombophilia=flag(3),
    stroke_last_month=flag(5),
    fracture_of_hip_pelvis_or_leg=flag(5),
    spinal_cord_injury_last_month=flag(5),
    multiple_trauma_last_month=flag(5),
)
BANDS = ((0, "lowest"), (2, "low"), (4, "moderate"))


@dataclass(frozen=True)
class Risks(Inputs):
    age_years: int = age_years()
    operation: Literal["none", "minor", "arthroscopic", "major open", "laparoscopic", "arthroplasty"] = given()
    body_mass_index: float = latest(c.BODY_MASS_INDEX, within=days(90))
    swollen_legs: bool = given()
    varicose_veins: bool = given()
    pregnant_or_post_partum: bool = given()
    # Unexplained or recurrent, three or more.
    lost_pregnancies: bool = given()
    contraceptives_or_hormones: bool = given()
    sepsis_last_month: bool = given()
    # Pneumonia included.
    serious_lung_disease_last_month: bool = given()
    abnormal_lung_function: bool = given()
    acute_myocardial_infarction: bool = given()
    heart_failure_last_month: bool = given()
    inflammatory_bowel_disease: bool = has(INFLAMMATORY_BOWEL_DISEASE)
    medical_patient_at_bed_rest: bool = given()
    in_bed_over_72_hours: bool = given()
    malignancy: bool = given()
    cast: bool = given()
    central_venous_access: bool = given()
    earlier_thromboembolism: bool = has(VENOUS_THROMBOEMBOLISM)
    thromboembolism_in_family: bool = given()
    factor_v_leiden: bool = given()
    prothrombin_20210a: bool = given()
    lupus_anticoagulant: bool = given()
    anticardiolipin_antibodies: bool = given()
    raised_homocysteine: bool = given()
    heparin_induced_thrombocytopenia: bool = given()
    other_thrombophilia: bool = has(THROMBOPHILIA)
    stroke_last_month: bool = given()
    fracture_of_hip_pelvis_or_leg: bool = given()
    spinal_cord_injury_last_month: bool = given()
    multiple_trauma_last_month: bool = given()


@capability(
    id="caprini",
    version="2005",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Caprini, Dis Mon 2005;51:70-8; table 1 of PMC5503672",
    not_for="children (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="The record's thrombophilia has no name: it counts once, as another one, unless somebody says which.",
    live=False,
)
def caprini(v: Risks) -> Finding:
    score = CHART(v)
    band = next((band for most, band in BANDS if score.total <= most), "high")
    severity = Severity.LOW if band in ("moderate", "high") else Severity.NONE
    return Finding(score.total, f"Caprini {score.total}, {band} risk of thrombosis", severity, "{score}", score.rows)
