"""CT dose and image quality, inpatients: how many scans during stays had more dose or more noise than their kind needs?

Lower is better. Full-body scans are excluded, because the measure sets no limits for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wardline.core.capability import Inputs, capability, given, resources, site
from wardline.core.findings import Answer, Unknown
from wardline.science.quality import populations as population
from wardline.science.quality.ct_dose import Scan, scan_of
from wardline.science.quality.populations import PROPORTION, Populations
from wardline.science.quality.reading import Interval, Resources, age_at, measurement_period, ordered, when
from wardline.science.quality.stays import INPATIENT, stays
from wardline.science.quality.value_sets import ValueSets, read_value_sets

ADULT: Final = 18


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Encounter", "Observation")
    value_sets: ValueSets = site("value_sets", read=read_value_sets)


@capability(
    id="ct_dose_inpatient",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS1074, ALARA CT (inpatient quality reporting); FHIR/QI-Core logic CMS1074AlaraCTIQRFHIR 0.4.003 (read)",
    caution="The limits are those of the measure for whole hospitals; one scan above them may well have been right.",
)
def ct_dose_inpatient(v: Record) -> Answer:
    lacking = v.value_sets.without((INPATIENT,))
    if lacking:
        return Unknown(("value_sets",), lacking)
    found = Populations(PROPORTION)
    for scan in _scans(v, measurement_period(v.period)):
        found.add(population.INITIAL, scan.label, "adult, scanned during an inpatient stay")
        if not scan.is_complete:
            continue
        found.add(population.DENOMINATOR, scan.label, f"{scan.words}, noise and dose are known")
        if scan.is_full_body:
            found.add(population.EXCLUSION, scan.label, "full body")
        elif scan.fault():
            found.add(population.NUMERATOR, scan.label, scan.fault())
    return found.findings()


def _scans(v: Record, period: Interval) -> Iterator[Scan]:
    age = age_at(v.resources, period.start)
    if age is None or age < ADULT:
        return
    within = [stay.period for stay in stays(v.resources, v.value_sets) if stay.period.start <= period.end and stay.period.end >= period.start]
    for observation in ordered(v.resources, "Observation"):
        scan, at = scan_of(observation), when(observation, "effective")
        if scan and at and period.has_day(at.end) and any(stay.has(at.start) for stay in within):
            yield scan
