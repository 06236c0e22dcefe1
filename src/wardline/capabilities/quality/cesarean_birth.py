"""Caesarean birth: of first births of one child at term, how many were by caesarean section?

Lower is better. First birth: a first pregnancy, or no child born before. Excluded are abnormal presentation, genital herpes, placenta praevia,
vasa praevia and placenta accreta.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from wardline.core.capability import Inputs, capability, given, resources, site
from wardline.core.findings import Answer, Unknown
from wardline.core.quantities import plain
from wardline.science.quality import populations as population
from wardline.science.quality.populations import PROPORTION, Populations
from wardline.science.quality.reading import Interval, Resource, Resources, codes_of, measurement_period, ordered, when
from wardline.science.quality.reading import moment as moment_of
from wardline.science.quality.stays import INPATIENT, OBSERVATION, Stay, diagnoses, finished_stays, with_observation
from wardline.science.quality.value_sets import ValueSet, ValueSets, read_value_sets

DOOR: Final = ValueSet("2.16.840.1.113762.1.4.1029.369", "ED Visit and OB Triage")
DELIVERY: Final = ValueSet("2.16.840.1.113762.1.4.1045.59", "Delivery Procedures")
CAESAREAN: Final = ValueSet("2.16.840.1.113883.3.117.1.7.1.282", "Cesarean Birth")
ONE_CHILD: Final = ValueSet("2.16.840.1.113762.1.4.1045.99", "Delivery of Singleton")
AT_TERM: Final = ValueSet("2.16.840.1.113762.1.4.1110.68", "37 to 42 Plus Weeks Gestation")
ESTIMATED_AGE: Final = ValueSet("2.16.840.1.113762.1.4.1045.26", "Estimated Gestational Age at Delivery")
PRESENTATION: Final = ValueSet("2.16.840.1.113762.1.4.1045.105", "Abnormal Presentation")
HERPES: Final = ValueSet("2.16.840.1.113883.3.464.1003.110.12.1049", "Genital Herpes")
PLACENTA: Final = ValueSet("2.16.840.1.113762.1.4.1110.37", "Placenta Accreta Spectrum Previa or Vasa Previa")
NEEDED: Final = (INPATIENT, OBSERVATION, DOOR, DELIVERY, CAESAREAN, ONE_CHILD, AT_TERM, ESTIMATED_AGE, PRESENTATION, HERPES, PLACENTA)
# LOINC
DELIVERED_AT, EXPECTED_AT = "93857-1", "11778-8"
PREGNANCIES, PARITY, PRETERM_BIRTHS, TERM_BIRTHS = "11996-6", "11977-6", "11637-6", "11639-2"
STANDING: Final = ("final", "amended", "corrected")
AGES: Final = range(8, 65)
TERM_WEEKS: Final = 37
PREGNANCY: Final = timedelta(weeks=42)
A_DAY: Final = timedelta(hours=24)
DAYS_TO_TERM: Final = 280
DAYS_OF_UNIT: Final = {"wk": 7, "week": 7, "weeks": 7, "d": 1, "day": 1, "days": 1}


@dataclass(frozen=True)
class Record(Inputs):
    period: str = given()
    resources: Resources = resources("Patient", "Encounter", "Procedure", "Observation", "Condition")
    value_sets: ValueSets = site("value_sets", read=read_value_sets)


@capability(
    id="cesarean_birth",
    version="2024",
    standing="verified",
    about="patient",
    live=False,
    reference="CMS334, Cesarean Birth (PC-02); FHIR/QI-Core logic CMS334FHIRPCCesareanBirth 0.3.002 and PCMaternal 5.19 (read)",
    caution="A measure of a hospital; nothing is said about whether one section was needed.",
)
def cesarean_birth(v: Record) -> Answer:
    lacking = v.value_sets.without(NEEDED)
    if lacking:
        return Unknown(("value_sets",), lacking)
    found = Populations(PROPORTION)
    for stay in finished_stays(v.resources, v.value_sets, measurement_period(v.period)):
        whole = with_observation(stay, v.resources, v.value_sets, DOOR)
        if stay.age not in AGES or not any(whole.has(done.start) for done in _done(v, DELIVERY)):
            continue
        found.add(population.INITIAL, stay.label, f"{stay.age} years, delivery")
        birth = _delivered_at(v, whole)
        term, first = _at_term(v, stay, whole, birth), _first_birth(v, birth)
        if not term or not first or not _diagnosed(v, stay, ONE_CHILD):
            continue
        found.add(population.DENOMINATOR, stay.label, f"one child, {term}, {first}")
        reason = _excluded(v, stay, birth)
        if reason:
            found.add(population.EXCLUSION, stay.label, reason)
        elif any(whole.has(done.start) and whole.has(done.end) for done in _done(v, CAESAREAN)):
            found.add(population.NUMERATOR, stay.label, "caesarean section")
    return found.findings()


def _done(v: Record, kind: ValueSet) -> Iterator[Interval]:
    for procedure in ordered(v.resources, "Procedure"):
        done = when(procedure, "performed")
        if done and procedure.get("status") == "completed" and v.value_sets.includes(kind, procedure.get("code")):
            yield done


def _observed(v: Record, code: str | ValueSet) -> list[tuple[datetime, Resource]]:
    """Observations of one code or set that somebody stands by, oldest first."""
    found = []
    for each in ordered(v.resources, "Observation"):
        is_it = code in codes_of(each.get("code")) if isinstance(code, str) else v.value_sets.includes(code, each.get("code"))
        at = when(each, "effective")
        if is_it and at and each.get("status") in STANDING:
            found.append((at.start, each))
    return sorted(found, key=lambda pair: pair[0])


def _delivered_at(v: Record, whole: Interval) -> datetime | None:
    """The last stated time of birth within the stay."""
    times = ((at, moment_of(each.get("valueDateTime"))) for at, each in _observed(v, DELIVERED_AT))
    return next((time for at, time in reversed(list(times)) if whole.has(at) and whole.has(time)), None)


def _at_term(v: Record, stay: Stay, whole: Interval, birth: datetime | None) -> str:
    """How far the pregnancy was, in words, if that was 37 weeks or more: calculated, else estimated, else coded; "" if not."""
    expected = [
        due for at, each in _observed(v, EXPECTED_AT) if (due := moment_of(each.get("valueDateTime"))) and birth and _within(at, birth, PREGNANCY)
    ]
    if birth and expected:
        weeks = int((DAYS_TO_TERM - (expected[-1].date() - birth.date()).days) / 7)
        return f"{weeks} weeks by the expected date" if weeks >= TERM_WEEKS else ""
    estimated = [
        days for at, each in _observed(v, ESTIMATED_AGE)
        if birth and (_within(at, birth, A_DAY) or (at.date() == birth.date() and whole.has(at))) and (days := _days(each.get("valueQuantity")))
    ]  # fmt: skip
    if estimated:
        return f"{plain(estimated[-1] / 7)} weeks as estimated" if estimated[-1] >= TERM_WEEKS * 7 else ""
    return "term by its code" if _diagnosed(v, stay, AT_TERM) else ""


def _within(at: datetime, birth: datetime, reach: timedelta) -> bool:
    return timedelta() <= birth - at <= reach


def _days(quantity: Any) -> float | None:
    if not isinstance(quantity, dict) or not isinstance(quantity.get("value"), int | float):
        return None
    unit = DAYS_OF_UNIT.get(str(quantity.get("code") or quantity.get("unit") or ""))
    return quantity["value"] * unit if unit else None


def _first_birth(v: Record, birth: datetime | None) -> str:
    """Why this was a first birth; "" where nothing says so."""
    if _last(v, PREGNANCIES, birth) == 1:
        return "first pregnancy"
    if _last(v, PARITY, birth) == 0:
        return "no birth before"
    return "no preterm and no term birth before" if (_last(v, PRETERM_BIRTHS, birth), _last(v, TERM_BIRTHS, birth)) == (0, 0) else ""


def _last(v: Record, code: str, birth: datetime | None) -> int | None:
    """The last number stated during the pregnancy, before the birth."""
    stated = [
        each["valueInteger"] for at, each in _observed(v, code)
        if birth and at < birth and _within(at, birth, PREGNANCY) and isinstance(each.get("valueInteger"), int)
    ]  # fmt: skip
    return stated[-1] if stated else None


def _excluded(v: Record, stay: Stay, birth: datetime | None) -> str:
    presented = [at for at, _ in _observed(v, PRESENTATION) if birth and at <= birth]
    if (presented and stay.period.has(presented[-1])) or _diagnosed(v, stay, PRESENTATION):
        return "abnormal presentation"
    if _diagnosed(v, stay, HERPES):
        return "genital herpes"
    return "placenta praevia, vasa praevia or placenta accreta" if _diagnosed(v, stay, PLACENTA) else ""


def _diagnosed(v: Record, stay: Stay, kind: ValueSet) -> bool:
    return any(v.value_sets.includes(kind, code) for code in diagnoses(stay, v.resources))
