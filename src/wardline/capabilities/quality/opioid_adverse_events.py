"""Opioid-related adverse events: in how many stays with an opioid was an antidote needed within twelve hours of a dose?

Lower is better. What was given in an operating room does not count, nor an antidote by mouth or tube.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from wardline.core.capability import Inputs, capability, given, resources, site
from wardline.core.findings import Answer, Unknown
from wardline.science.quality import populations as population
from wardline.science.quality.populations import INITIAL, Populations
from wardline.science.quality.reading import Interval, Resource, Resources, interval, measurement_period, medication, ordered, referred, when
from wardline.science.quality.stays import STAY_SETS, Stay, finished_stays, with_observation
from wardline.science.quality.value_sets import ValueSet, ValueSets, read_value_sets

OPIOIDS: Final = ValueSet("2.16.840.1.113762.1.4.1196.226", "Opioids, All")
ANTIDOTES: Final = ValueSet("2.16.840.1.113762.1.4.1248.119", "Opioid Antagonist")
ROUTES: Final = ValueSet("2.16.840.1.113762.1.4.1248.187", "Routes of Administration for Opioid Antagonists")
THEATRE: Final = ValueSet("2.16.840.1.113762.1.4.1248.141", "Operating Room Suite")
NEEDED: Final = (*STAY_SETS, OPIOIDS, ANTIDOTES, ROUTES, THEATRE)
ADULT: Final = 18
AFTER_A_DOSE: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Encounter", "MedicationAdministration", "Medication", "Location")
    value_sets: ValueSets = site("value_sets", read=read_value_sets)


@capability(
    id="opioid_adverse_events",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS819, Hospital Harm - Opioid-Related Adverse Events; FHIR/QI-Core logic CMS819HHORAEFHIR 0.1.001 (read)",
    caution="Counts what the value sets of the site contain. A measure of a hospital, not an alarm.",
)
def opioid_adverse_events(v: Record) -> Answer:
    lacking = v.value_sets.without(NEEDED)
    if lacking:
        return Unknown(("value_sets",), lacking)
    found = Populations((INITIAL, population.DENOMINATOR, population.NUMERATOR))
    for stay in finished_stays(v.resources, v.value_sets, measurement_period(v.period)):
        whole = with_observation(stay, v.resources, v.value_sets)
        opioids = [at for _, at in _given(v, OPIOIDS) if whole.has(at.start)]
        outside = [at for at in opioids if not _in_theatre(v, stay, at)]
        if stay.age is None or stay.age < ADULT or not outside:
            continue
        found.add(INITIAL, stay.label, f"adult, opioid given outside the operating room, first {min(outside).start:%Y-%m-%d %H:%M}")
        found.add(population.DENOMINATOR, stay.label, "every stay of the initial population")
        for dose, at in _given(v, ANTIDOTES):
            by_vein = v.value_sets.includes(ROUTES, dose.get("dosage", {}).get("route"))
            soon = any(timedelta() < at.start - opioid.end <= AFTER_A_DOSE for opioid in opioids)
            if whole.has(at.start) and by_vein and soon and not _in_theatre(v, stay, at):
                found.add(population.NUMERATOR, stay.label, f"antidote at {at.start:%Y-%m-%d %H:%M}, at most 12 hours after an opioid")
                break
    return found.findings()


def _given(v: Record, drugs: ValueSet) -> Iterator[tuple[Resource, Interval]]:
    for dose in ordered(v.resources, "MedicationAdministration"):
        at = when(dose, "effective")
        if at and dose.get("status") == "completed" and v.value_sets.includes(drugs, medication(dose, v.resources)):
            yield dose, at


def _in_theatre(v: Record, stay: Stay, at: Interval) -> bool:
    """Whether the patient was in an operating room of this stay at that time."""
    for place in stay.encounter.get("location", ()):
        there, where = interval(place.get("period")), referred(place.get("location"), v.resources) or {}
        if there and there.has(at.start) and any(v.value_sets.includes(THEATRE, type) for type in where.get("type", ())):
            return True
    return False
