"""Pneumonia Severity Index: in which of five risk classes is this adult's pneumonia?

Fine MJ et al. A prediction rule to identify low-risk patients with community-acquired pneumonia. N Engl J Med 1997;336:243-50 (citation not
read here; the points agree in the MSD Manual calculator, the Merck table and the Hong Kong Centre for Health Protection's, which were).
Class I needs no score: 50 years or younger and none of the five diseases and none of the five findings at the bedside.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, given, has, hours, latest, sex
from wardline.core.diseases import CANCER, CHRONIC_HEPATITIS, CHRONIC_KIDNEY_DISEASE, HAEMORRHAGIC_STROKE, HEART_FAILURE, LIVER_CIRRHOSIS, STROKE
from wardline.core.findings import AtLeast, Finding, Outcome, Severity
from wardline.core.scoring import Score, bands, flag, points
from wardline.core.tally import Tally

FEMALE = -10
DISEASES = points(
    neoplastic_disease=flag(30), liver_disease=flag(20), heart_failure=flag(10), cerebrovascular_disease=flag(10), renal_disease=flag(10),
)  # fmt: skip
BEDSIDE = points(
    altered_mental_status=flag(20),
    respiratory_rate=bands((29, 0), above=20),
    systolic_pressure=bands((89, 20), above=0),
    temperature=bands((34.9, 15), (39.9, 0), above=15, step=0.1),
    pulse=bands((124, 0), above=10),
)
OTHERS = points(
    nursing_home=flag(10),
    arterial_ph=bands((7.34, 30), above=0, step=0.01),
    urea_nitrogen=bands((29.9, 0), above=20, step=0.1),
    sodium=bands((129, 20), above=0),
    glucose=bands((249, 0), above=10),
    haematocrit=bands((29.9, 10), above=0, step=0.1),
    pleural_effusion=flag(10),
)
OXYGEN = (("oxygen_saturation", bands((89, 10), above=0)), ("arterial_oxygen", bands((59, 10), above=0)))
CLASSES = ((70, "II"), (90, "III"), (130, "IV"))
CLASS_ONE_UP_TO = 50


@dataclass(frozen=True)
class Pneumonia(Inputs):
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    nursing_home: bool | None = given(required=False)
    neoplastic_disease: bool | None = has(CANCER, required=False)
    liver_disease: bool | None = has(LIVER_CIRRHOSIS, CHRONIC_HEPATITIS, required=False)
    heart_failure: bool | None = has(HEART_FAILURE, required=False)
    cerebrovascular_disease: bool | None = has(STROKE, HAEMORRHAGIC_STROKE, required=False)
    renal_disease: bool | None = has(CHRONIC_KIDNEY_DISEASE, required=False)
    altered_mental_status: bool | None = given(required=False)
    respiratory_rate: float | None = latest(c.RESPIRATORY_RATE, within=hours(24), required=False, preliminary=True)
    systolic_pressure: float | None = latest(c.SYSTOLIC_PRESSURE, within=hours(24), required=False, preliminary=True)
    temperature: float | None = latest(c.TEMPERATURE, within=hours(24), required=False, preliminary=True)
    pulse: float | None = latest(c.PULSE, within=hours(24), required=False, preliminary=True)
    arterial_ph: float | None = latest(c.ARTERIAL_PH, within=hours(24), required=False)
    urea_nitrogen: float | None = latest(c.UREA_NITROGEN, within=hours(24), required=False)
    sodium: float | None = latest(c.SODIUM, within=hours(24), required=False)
    glucose: float | None = latest(c.GLUCOSE, within=hours(24), required=False)
    haematocrit: float | None = latest(c.HAEMATOCRIT, within=hours(24), required=False)
    oxygen_saturation: float | None = latest(c.OXYGEN_SATURATION, within=hours(24), required=False, preliminary=True)
    arterial_oxygen: float | None = latest(c.ARTERIAL_OXYGEN, within=hours(24), required=False)
    pleural_effusion: bool | None = given(required=False)


@capability(
    id="pneumonia_severity_index",
    version="1997",
    standing="verified",
    about="encounter",
    reference="Fine et al., A prediction rule to identify low-risk patients with community-acquired pneumonia, N Engl J Med 1997;336:243-50",
    not_for="under 18 years; pneumonia that began in hospital",
    ages=(18, None),
    unit="{score}",
    caution="Age weighs heavily: a young patient in a low class can still be severely ill.",
    live=False,
)
def pneumonia_severity_index(v: Pneumonia) -> Outcome:
    diseases, bedside = DISEASES(v), BEDSIDE(v)
    tally = Tally()
    tally.known("age_years", v.age_years, v.age_years)
    tally.known("sex", v.sex, FEMALE if v.sex == "F" else 0)
    for part in (diseases, bedside, OTHERS(v)):
        tally.chart(part)
    tally.any_of(v, OXYGEN, one_suffices=True)
    is_first = _is_class_one(v.age_years, diseases, bedside)
    answer = tally.outcome(lambda total: _finding(total, is_first))
    # In class I the laboratory is not asked: nothing that is missing could move the patient out of it.
    return answer.finding if is_first and isinstance(answer, AtLeast) else answer


def _is_class_one(age: int, diseases: Score, bedside: Score) -> bool:
    return age <= CLASS_ONE_UP_TO and diseases.at_most == 0 and bedside.at_most == 0


def _finding(total: int, is_first: bool) -> Finding:
    name = "I" if is_first else next((name for most, name in CLASSES if total <= most), "V")
    severity = Severity.MEDIUM if name in ("IV", "V") else Severity.LOW if name == "III" else Severity.NONE
    return Finding(total, f"Pneumonia Severity Index {total}, class {name}", severity, "{score}")
