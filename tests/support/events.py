"""Events as the log would hold them, for tests that fold without a log."""

from datetime import datetime, timedelta
from itertools import count

from support.clocks import MORNING
from wardline.core.events import EVENTS_PER_ROW, Admitted, Discharged, Event, Measured, Transferred, Value

_rows = count(1)


def event(value: Value, *, at: datetime = MORNING, recorded: datetime | None = None, about: str = "ada", encounter: str = "", id: int = 0) -> Event:
    """One event in a row of its own, recorded when it happened unless said otherwise."""
    return Event(value, about, at, recorded or at, "LAB", "", (), encounter, id or next(_rows) * EVENTS_PER_ROW)


def potassium(
    value: float | str | None, status: str = "F", *, at: datetime = MORNING, issued: datetime | None = None, order: str = "L1", part: str = "",
    recorded: datetime | None = None, comparator: str = "", flags: tuple[str, ...] = (),
) -> Event:  # fmt: skip
    measured = Measured("potassium", value, "mmol/L", comparator, status, flags, "2823-3^^LN", order, part, issued or at)
    return event(measured, at=at, recorded=recorded)


def pulse(value: float, *, at: datetime = MORNING, status: str = "F") -> Event:
    return event(Measured("pulse", value, "/min", "", status, issued_at=at), at=at)


def admitted(unit: str = "7A", *, at: datetime = MORNING, visit: str = "V1", stated: datetime | None = None, **more: str) -> Event:
    return event(Admitted(visit, unit, bed="12", issued_at=stated or at, **more), at=at)


def transferred(unit: str, *, at: datetime, visit: str = "V1", stated: datetime | None = None) -> Event:
    return event(Transferred(visit, unit, bed="3", issued_at=stated or at), at=at)


def discharged(*, at: datetime, visit: str = "V1", stated: datetime | None = None) -> Event:
    return event(Discharged(visit, issued_at=stated or at), at=at)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
