"""Severe hypoglycaemia in hospital: in how many stays with a glucose-lowering drug did glucose fall below 40 mg/dL?

Lower is better. A low value counts that came within 24 hours after a dose and was not followed within five minutes by one over 80 mg/dL,
which would make it a faulty measurement.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.capability import Inputs, capability, given, resources, site
from wardline.core.findings import Answer, Unknown
from wardline.core.quantities import plain
from wardline.science.quality import populations as population
from wardline.science.quality.populations import INITIAL, Populations
from wardline.science.quality.reading import Resources, measurement_period, medication, ordered, when
from wardline.science.quality.stays import STAY_SETS, finished_stays, with_observation
from wardline.science.quality.value_sets import ValueSet, ValueSets, read_value_sets

GLUCOSE: Final = ValueSet("2.16.840.1.113762.1.4.1248.34", "Glucose Lab Test Mass Per Volume")
LOWERING: Final = ValueSet("2.16.840.1.113762.1.4.1196.393", "Hypoglycemics Severe Hypoglycemia")
NEEDED: Final = (*STAY_SETS, GLUCOSE, LOWERING)
ADULT: Final = 18
LOW, REFUTING = 40, 80
"""mg/dL: below the first is severe; above the second, so soon after, the first was wrong."""
AFTER_A_DOSE: Final = timedelta(hours=24)
SOON: Final = timedelta(minutes=5)
STANDING: Final = ("final", "amended", "corrected")


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Encounter", "MedicationAdministration", "Medication", "Observation")
    value_sets: ValueSets = site("value_sets", read=read_value_sets)


class Glucose(NamedTuple):
    at: datetime
    id: str
    value: float


@capability(
    id="severe_hypoglycaemia",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS816, Hospital Harm - Severe Hypoglycemia; FHIR/QI-Core logic HospitalHarmSevereHypoglycemiaFHIR 0.1.000 (read)",
    caution="Glucose in mg/dL only, as the measure has it. A measure of a hospital, not an alarm.",
)
def severe_hypoglycaemia(v: Record) -> Answer:
    lacking = v.value_sets.without(NEEDED)
    if lacking:
        return Unknown(("value_sets",), lacking)
    found, doses, tests = Populations((INITIAL, population.DENOMINATOR, population.NUMERATOR)), _doses(v), _tests(v)
    for stay in finished_stays(v.resources, v.value_sets, measurement_period(v.period)):
        whole = with_observation(stay, v.resources, v.value_sets)
        given_here = [at for at in doses if whole.has(at)]
        if stay.age is None or stay.age < ADULT or not given_here:
            continue
        found.add(INITIAL, stay.label, f"adult, glucose-lowering drug given {len(given_here)} times, first {min(given_here):%Y-%m-%d %H:%M}")
        found.add(population.DENOMINATOR, stay.label, "every stay of the initial population")
        here = [test for test in tests if whole.has(test.at)]
        low = [test for test in here if test.value < LOW and _follows_a_dose(test, doses) and not _is_refuted(test, here)]
        if low:
            found.add(population.NUMERATOR, stay.label, f"glucose {plain(low[0].value)} mg/dL at {low[0].at:%Y-%m-%d %H:%M}")
    return found.findings()


def _doses(v: Record) -> list[datetime]:
    return [
        at.start
        for each in ordered(v.resources, "MedicationAdministration")
        if each.get("status") == "completed" and v.value_sets.includes(LOWERING, medication(each, v.resources)) and (at := when(each, "effective"))
    ]


def _tests(v: Record) -> list[Glucose]:
    """Glucose values in mg/dL, oldest first."""
    tests = []
    for each in ordered(v.resources, "Observation"):
        at, quantity = when(each, "effective"), each.get("valueQuantity", {})
        is_ours = each.get("status") in STANDING and v.value_sets.includes(GLUCOSE, each.get("code"))
        if is_ours and at and isinstance(quantity.get("value"), int | float) and "mg/dL" in (quantity.get("unit"), quantity.get("code")):
            tests.append(Glucose(at.start, str(each.get("id")), float(quantity["value"])))
    return sorted(tests)


def _follows_a_dose(test: Glucose, doses: list[datetime]) -> bool:
    return any(timedelta() <= test.at - dose <= AFTER_A_DOSE for dose in doses)


def _is_refuted(low: Glucose, tests: list[Glucose]) -> bool:
    return any(other.value > REFUTING and timedelta() < other.at - low.at <= SOON for other in tests if other.id != low.id)
