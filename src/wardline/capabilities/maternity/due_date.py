"""Due date: when is this child due, and how far is the pregnancy now?

280 days after the first day of the last period, and as many days more or less as the cycle is longer or shorter than 28 days (Naegele's
rule as it is used today; an independent implementation agrees). Conception is put 14 days after that first day, moved by the cycle in
the same way. An early ultrasound goes before it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wardline.core.capability import Inputs, capability, given, moment
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import plain

TERM = 280
USUAL_CYCLE = 28
TO_CONCEPTION = 14
SHORTEST, LONGEST = 20, 45
LATEST = 44 * 7
"""Days; later than that the date cannot be right."""


@dataclass(frozen=True)
class LastPeriod(Inputs):
    last_period: str = given()
    """Its first day, as 2026-03-01."""
    # Naegele's rule assumes 28 days.
    cycle_days: float = given(default=28.0)
    asked_at: datetime | None = moment()


@capability(
    id="due_date",
    version="1",
    standing="verified",
    about="patient",
    reference="Naegele's rule: 280 days from the first day of the last menstrual period, corrected for the length of the cycle",
    unit="",
    caution="An ultrasound of the first trimester dates better. Wrong after irregular cycles or hormonal contraception.",
    live=False,
)
def due_date(v: LastPeriod) -> tuple[Outcome, ...] | Outcome:
    first_day = _day(v.last_period)
    if not SHORTEST <= v.cycle_days <= LONGEST:
        raise Refused(f"cycle_days is a number from {SHORTEST} to {LONGEST}")
    moved = timedelta(days=v.cycle_days - USUAL_CYCLE)
    because = (Evidence("last_period", first_day.isoformat()), Evidence("cycle_days", v.cycle_days))
    due, conceived = first_day + timedelta(days=TERM) + moved, first_day + timedelta(days=TO_CONCEPTION) + moved
    answers: tuple[Outcome, ...] = (
        Finding(due.isoformat(), f"Due on {due.isoformat()}", because=because, key="due"),
        Finding(conceived.isoformat(), f"Conceived about {conceived.isoformat()}", because=because, key="conception"),
    )
    return answers if v.asked_at is None else (*answers, _age(v.asked_at.date(), first_day, because))


def _age(today: date, first_day: date, because: tuple[Evidence, ...]) -> Outcome:
    days = (today - first_day).days
    if not 0 <= days <= LATEST:
        return NotValid("the last period lies ahead, or more than 44 weeks back", key="gestational_age")
    weeks, rest = divmod(days, 7)
    return Finding(days, f"{weeks} weeks and {plain(rest)} days", unit="d", because=because, key="gestational_age")


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        raise Refused("last_period is a day such as 2026-03-01") from None
