"""CT dose and image quality, outpatients: how many scans had more dose or more noise than their kind needs?

Lower is better. The measure for the outpatient door counts every scan of the period, wherever it was made; full-body scans are excluded.
It needs no value set.
"""

from dataclasses import dataclass
from typing import Final

from wardline.core.capability import Inputs, capability, given, resources
from wardline.core.findings import Answer
from wardline.science.quality import populations as population
from wardline.science.quality.ct_dose import scan_of
from wardline.science.quality.populations import PROPORTION, Populations
from wardline.science.quality.reading import Resources, age_at, measurement_period, ordered, when

ADULT: Final = 18


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Observation")


@capability(
    id="ct_dose_outpatient",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS1206, ALARA CT (outpatient quality reporting); FHIR/QI-Core logic CMS1206ALARACTOQRFHIR (read in its version AlaraCTClinicalFHIR)",
    caution="The limits are those of the measure for whole hospitals; one scan above them may well have been right.",
)
def ct_dose_outpatient(v: Record) -> Answer:
    period, found = measurement_period(v.period), Populations(PROPORTION)
    age = age_at(v.resources, period.start)
    for observation in ordered(v.resources, "Observation"):
        scan, at = scan_of(observation), when(observation, "effective")
        if scan is None or at is None or not period.has_day(at.end) or age is None or age < ADULT:
            continue
        found.add(population.INITIAL, scan.label, "adult, scanned in the period")
        if not scan.is_complete:
            continue
        found.add(population.DENOMINATOR, scan.label, f"{scan.words}, noise and dose are known")
        if scan.is_full_body:
            found.add(population.EXCLUSION, scan.label, "full body")
        elif scan.fault():
            found.add(population.NUMERATOR, scan.label, scan.fault())
    return found.findings()
