"""Hospital-wide readmission, hybrid: which stays of older people belong to the readmission measure, and with which first values?

The cohort of the hybrid measure: finished inpatient stays of patients of 65 and over with Medicare, shorter than a year. For each stay
the first vital signs are said, which the measure adjusts the risk of readmission by; the readmission itself comes from claims.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wardline.core.capability import Inputs, capability, given, resources, site
from wardline.core.findings import Answer, Unknown
from wardline.core.quantities import plain
from wardline.science.quality import populations as population
from wardline.science.quality.populations import COHORT, Populations
from wardline.science.quality.reading import Interval, Resource, Resources, code_of, measurement_period, ordered, when
from wardline.science.quality.stays import DAY_SURGERY, STAY_SETS, finished_stays, with_day_surgery
from wardline.science.quality.value_sets import ValueSet, ValueSets, read_value_sets

PAYERS: Final = (
    ValueSet("2.16.840.1.113762.1.4.1104.10", "Medicare FFS payer"),
    ValueSet("2.16.840.1.113762.1.4.1104.12", "Medicare Advantage payer"),
)
NEEDED: Final = (*STAY_SETS, DAY_SURGERY, *PAYERS)
OLDER: Final = 65
A_YEAR: Final = 365
FIRST_VALUES: Final = (
    # LOINC codes of FHIR's vital-signs profiles; systolic pressure is a component of the panel 85354-9.
    ("temperature", "8310-5"), ("heart rate", "8867-4"), ("respiratory rate", "9279-1"), ("oxygen saturation", "59408-5"),
    ("systolic pressure", "8480-6"), ("weight", "29463-7"),
)  # fmt: skip
STANDING: Final = ("final", "amended", "corrected")


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Encounter", "Coverage", "Observation")
    value_sets: ValueSets = site("value_sets", read=read_value_sets)


@capability(
    id="hospital_wide_readmission",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS529, Hybrid Hospital-Wide All-Cause Readmission; FHIR/QI-Core logic CMSFHIR529HybridHospitalWideReadmission 0.1.001 (read)",
    caution="The cohort and its vital signs only: laboratory values need further value sets, and the readmission comes from claims.",
)
def hospital_wide_readmission(v: Record) -> Answer:
    lacking = v.value_sets.without(NEEDED)
    if lacking:
        return Unknown(("value_sets",), lacking)
    period, found = measurement_period(v.period), Populations(COHORT)
    payers = [each for each in ordered(v.resources, "Coverage") if any(v.value_sets.includes(payer, each.get("type")) for payer in PAYERS)]
    for stay in finished_stays(v.resources, v.value_sets, period):
        whole = with_day_surgery(stay, v.resources, v.value_sets)
        if payers and stay.age is not None and stay.age >= OLDER and whole.nights < A_YEAR:
            first = ", ".join(_first_values(v.resources, whole)) or "no vital sign recorded"
            found.add(population.INITIAL, stay.label, f"{stay.age} years, Medicare, {whole.nights} days; first {first}")
    return found.findings()


def _first_values(known: Resources, whole: Interval) -> Iterator[str]:
    for words, code in FIRST_VALUES:
        taken = [
            (at.start, str(each.get("id")), shown)
            for each in ordered(known, "Observation")
            if each.get("status") in STANDING and (at := when(each, "effective")) and whole.has(at.start) and (shown := _shown(each, code))
        ]
        if taken:
            yield f"{words} {min(taken)[2]}"


def _shown(observation: Resource, code: str) -> str:
    for part in (observation, *observation.get("component", ())):
        quantity = part.get("valueQuantity")
        if code_of(part.get("code")) == code and quantity and isinstance(quantity.get("value"), int | float):
            return f"{plain(quantity['value'])} {quantity.get('unit', '')}".strip()
    return ""
