"""Safe use of opioids: how many discharges with an opioid or benzodiazepine took home two opioids, or both kinds at once?

Lower is better. Excluded are pain from cancer, sickle cell disease, palliative care, treatment of opioid use disorder, and discharges to
another hospital, to hospice care, against advice or by death.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wardline.core.capability import Inputs, capability, given, resources, site
from wardline.core.findings import Answer, Unknown
from wardline.science.quality import populations as population
from wardline.science.quality.populations import PROPORTION, Populations
from wardline.science.quality.reading import (
    Interval,
    Resources,
    categories,
    code_of,
    interval,
    is_held,
    measurement_period,
    medication,
    ordered,
    prevalence,
    when,
)
from wardline.science.quality.reading import moment as moment_of
from wardline.science.quality.stays import STAY_SETS, Stay, diagnoses, finished_stays, with_observation
from wardline.science.quality.value_sets import ValueSet, ValueSets, read_value_sets

OPIOIDS: Final = ValueSet("2.16.840.1.113762.1.4.1046.241", "Schedule II, III and IV Opioid Medications")
BENZODIAZEPINES: Final = ValueSet("2.16.840.1.113762.1.4.1125.1", "Schedule IV Benzodiazepines")
CANCER_PAIN: Final = ValueSet("2.16.840.1.113762.1.4.1111.180", "Cancer Related Pain")
SICKLE_CELL: Final = ValueSet("2.16.840.1.113762.1.4.1111.175", "Sickle Cell Disease with and without Crisis")
PALLIATIVE: Final = ValueSet("2.16.840.1.113883.3.600.1.1579", "Palliative or Hospice Care")
USE_DISORDER: Final = ValueSet("2.16.840.1.113762.1.4.1111.171", "Opioid Use Disorder")
USE_DISORDER_DRUGS: Final = ValueSet("2.16.840.1.113762.1.4.1046.269", "Medications for Opioid Use Disorder (MOUD)")
ASSISTED_TREATMENT: Final = ValueSet("2.16.840.1.113762.1.4.1111.177", "Opioid Medication Assisted Treatment (MAT)")
LEAVING: Final = (
    ValueSet("2.16.840.1.113883.3.117.1.7.1.87", "Discharge To Acute Care Facility"),
    ValueSet("2.16.840.1.113762.1.4.1116.365", "Hospice Care Referral or Admission"),
    ValueSet("2.16.840.1.113883.3.117.1.7.1.309", "Patient Expired"),
    ValueSet("2.16.840.1.113883.3.117.1.7.1.308", "Left Against Medical Advice"),
)
NEEDED: Final = (
    *STAY_SETS, OPIOIDS, BENZODIAZEPINES, CANCER_PAIN, SICKLE_CELL, PALLIATIVE, USE_DISORDER, USE_DISORDER_DRUGS, ASSISTED_TREATMENT, *LEAVING,
)  # fmt: skip
ADULT: Final = 18


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Encounter", "MedicationRequest", "Medication", "Condition", "Procedure", "ServiceRequest")
    value_sets: ValueSets = site("value_sets", read=read_value_sets)


@capability(
    id="safe_use_of_opioids",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS506, Safe Use of Opioids - Concurrent Prescribing; FHIR/QI-Core logic CMS506FHIRSafeUseofOpioids 0.2.004 (read)",
    caution="Counts what the value sets of the site contain. A measure of a hospital, not advice about one patient.",
)
def safe_use_of_opioids(v: Record) -> Answer:
    lacking = v.value_sets.without(NEEDED)
    if lacking:
        return Unknown(("value_sets",), lacking)
    period, found = measurement_period(v.period), Populations(PROPORTION)
    for stay in finished_stays(v.resources, v.value_sets, period):
        if stay.age is None or stay.age < ADULT:
            continue
        opioids, benzodiazepines = (dict(_at_discharge(v, stay, kind)) for kind in (OPIOIDS, BENZODIAZEPINES))
        if not opioids and not benzodiazepines:
            continue
        taken = ", ".join(sorted(opioids.values()) + sorted(benzodiazepines.values()))
        found.add(population.INITIAL, stay.label, f"adult, discharged with {taken}")
        found.add(population.DENOMINATOR, stay.label, "every stay of the initial population")
        excluded = next(_exclusions(v, stay, period), "")
        if excluded:
            found.add(population.EXCLUSION, stay.label, excluded)
        elif len(opioids) >= 2:
            found.add(population.NUMERATOR, stay.label, f"two or more opioids: {', '.join(sorted(opioids.values()))}")
        elif opioids and benzodiazepines:
            found.add(population.NUMERATOR, stay.label, f"an opioid with a benzodiazepine: {taken}")
    return found.findings()


def _at_discharge(v: Record, stay: Stay, drugs: ValueSet) -> Iterator[tuple[str, str]]:
    """Code and name of drugs of this kind that were prescribed during the stay to take at home."""
    for request in ordered(v.resources, "MedicationRequest"):
        drug = medication(request, v.resources)
        is_order = request.get("status") in ("active", "completed") and request.get("intent") == "order" and not request.get("doNotPerform")
        goes_home = categories(request) & {"community", "discharge"}
        if is_order and goes_home and stay.period.has_day(moment_of(request.get("authoredOn"))) and v.value_sets.includes(drugs, drug):
            coding = drug["coding"][0]
            yield str(coding.get("code", "")), str(coding.get("display") or coding.get("code"))


def _exclusions(v: Record, stay: Stay, period: Interval) -> Iterator[str]:
    """Why this stay does not count, each reason there is."""
    sets = v.value_sets
    for condition in ordered(v.resources, "Condition"):
        there = prevalence(condition) if is_held(condition) else None
        if there is None or not there.overlaps_days(stay.period):
            continue
        if sets.includes(CANCER_PAIN, condition.get("code")) and categories(condition) & {"problem-list-item", "health-concern"}:
            yield "pain from cancer is on the problem list"
        if sets.includes(SICKLE_CELL, condition.get("code")):
            yield "sickle cell disease"
    if any(sets.includes(CANCER_PAIN, code) for code in diagnoses(stay, v.resources)):
        yield "pain from cancer is a diagnosis of this stay"
    yield from _treated_for_use_disorder(v, stay, period)
    yield from _palliative(v, stay)
    disposition = stay.encounter.get("hospitalization", {}).get("dischargeDisposition")
    yield from (f"how the stay ended: {each.title}" for each in LEAVING if sets.includes(each, disposition))


def _treated_for_use_disorder(v: Record, stay: Stay, period: Interval) -> Iterator[str]:
    """A drug for opioid use disorder ordered during the stay, with the disorder itself or an assisted treatment that covers that day."""
    sets = v.value_sets
    disorders = [
        there
        for each in ordered(v.resources, "Condition")
        if is_held(each) and sets.includes(USE_DISORDER, each.get("code")) and (there := prevalence(each)) and there.overlaps_days(period)
    ]
    treatments = [
        done
        for each in ordered(v.resources, "Procedure")
        if sets.includes(ASSISTED_TREATMENT, each.get("code")) and (done := when(each, "performed"))
    ]
    for request in ordered(v.resources, "MedicationRequest"):
        at = moment_of(request.get("authoredOn"))
        if not stay.period.has_day(at) or not sets.includes(USE_DISORDER_DRUGS, medication(request, v.resources)):
            continue
        if any(there.has_day(at) for there in disorders) or any(done.has_day(at) and period.has_day(at) for done in treatments):
            yield "treated for opioid use disorder"


def _palliative(v: Record, stay: Stay) -> Iterator[str]:
    whole = with_observation(stay, v.resources, v.value_sets)
    for type in ("ServiceRequest", "Procedure"):
        for each in ordered(v.resources, type):
            done = when(each, "performed") or interval(each.get("authoredOn"))
            wanted = each.get("status") not in ("not-done", "entered-in-error", "revoked") and not each.get("doNotPerform")
            if wanted and done and whole.has_day(done.start) and v.value_sets.includes(PALLIATIVE, each.get("code")):
                yield f"palliative or hospice care ({code_of(each.get('code'))})"
