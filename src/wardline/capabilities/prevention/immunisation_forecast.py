"""Immunisation forecast: which vaccines does this person still need, and from when?

Each dose in the record is judged (valid, too young, too soon ...), the series that counts is chosen, and the next dose of each vaccine group
is dated, by the logic CDC publishes and over the schedule the site has loaded.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from wardline.core.capability import Inputs, birth_date, capability, conditions, given, moment, sex, site, vaccinations
from wardline.core.course import Condition, Vaccination
from wardline.core.findings import Answer, Evidence, Finding, Severity, Unknown
from wardline.science.immunisation.advising import GroupAdvice, advice
from wardline.science.immunisation.person import DoseGiven, Person
from wardline.science.immunisation.reading import cvx, read_schedule
from wardline.science.immunisation.schedule import Schedule

GENDERS: Final = {"F": "Female", "M": "Male"}


@dataclass(frozen=True)
class History(Inputs):
    birth_date: date = birth_date()
    immunisation_schedule: Schedule = site("immunisation_schedule", read=read_schedule)
    as_of: datetime | None = moment()
    sex: str | None = sex(required=False)
    vaccinations: tuple[Vaccination, ...] | None = vaccinations(required=False)
    conditions: tuple[Condition, ...] | None = conditions(required=False)
    observations: str | None = given(required=False)
    """Codes of CDSi observations that no record states, with spaces between: "048 050" is travel and a profession."""


@capability(
    id="immunisation_forecast",
    version="4.64",
    standing="verified",
    about="patient",
    live=False,
    reference="CDC Clinical Decision Support for Immunization (CDSi), logic specification and supporting data; agreement in docs/evaluation",
    caution="Only as complete as the record: doses given elsewhere and nowhere recorded are not in it. The schedule is the one the site has loaded.",
)
def immunisation_forecast(v: History) -> Answer:
    if v.as_of is None:
        return Unknown(("as_of",), "the day the forecast is for is not said")
    schedule, doses = v.immunisation_schedule, v.vaccinations or ()
    given = [
        DoseGiven(dose.at.date(), cvx(coding.code), str(at)) for at, dose in enumerate(doses) for coding in dose.codings if coding.system == "cvx"
    ]
    coded = {each.id for each in given}
    uncoded = tuple(
        Evidence("vaccinations", dose.what, band="has no CVX code and was left out") for at, dose in enumerate(doses) if str(at) not in coded
    )
    person = Person(
        born=v.birth_date,
        gender=GENDERS.get(v.sex or "", "Unknown"),  # type: ignore[arg-type]
        as_of=v.as_of.date(),
        doses=tuple(sorted(given)),
        observations=_observations(v, schedule),
    )
    known = "" if doses else " (no dose is recorded)"
    return tuple(_finding(each, schedule, person, uncoded, known) for each in advice(person, schedule))


def _observations(v: History, schedule: Schedule) -> dict[str, date | None]:
    """What the record and the asker say, as the schedule's observation codes with the day each is about."""
    stated: dict[str, date | None] = dict.fromkeys((v.observations or "").split())
    for condition in v.conditions or ():
        if not condition.is_resolved:
            for code in schedule.coded.get((condition.coding.system, condition.coding.code), ()):
                stated.setdefault(code, condition.since.date() if condition.since else None)
    return stated


def _finding(each: GroupAdvice, schedule: Schedule, person: Person, uncoded: tuple[Evidence, ...], known: str) -> Finding:
    doses = tuple(
        Evidence(
            "vaccinations", f"{dose.given.day} {schedule.vaccines.get(dose.given.cvx, dose.given.cvx)}", band=_judged(dose.status or "", dose.reason)
        )
        for dose in each.doses
    )
    series = tuple(Evidence("immunisation_schedule", name, band="series that counts") for name in each.series)
    is_late = each.past_due is not None and person.as_of > each.past_due
    severity = Severity.LOW if is_late else Severity.NONE
    return Finding(each.status, f"{each.group}: {_said(each, person)}{known}", severity, because=doses + uncoded + series, key=each.group)


def _judged(status: str, reason: str) -> str:
    return f"{status}: {reason}" if reason else status


def _said(each: GroupAdvice, person: Person) -> str:
    if each.status != "not complete":
        return f"{each.status}, {each.why}" if each.why else each.status
    if each.recommended is None or each.earliest is None:
        return f"dose {each.number} is due"
    late = f", late after {each.past_due}" if each.past_due else ""
    if each.past_due and person.as_of > each.past_due:
        return f"dose {each.number} is overdue since {each.past_due}"
    return f"dose {each.number} recommended {each.recommended}, possible from {each.earliest}{late}"
