"""Ages and intervals as the immunisation schedule writes them: "12 months - 4 days" after a date.

CDC CDSi logic specification, date rules CALCDT-1 to 5: years and months keep the day, a day that does not exist becomes the first
of the next month, weeks and days are counted after that.
"""

import re
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused

_PART: Final = re.compile(r"(?:([+-])\s*)?(?<!\d)(\d+)\s*(year|month|week|day)s?")
_DAYS: Final = {"week": 7, "day": 1}
_MONTHS: Final = {"year": 12, "month": 1}
FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)


class Span(NamedTuple):
    """So many months and days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        return added(day, self.months) + timedelta(self.days)


def span(text: Any) -> Span | None:
    """The span a schedule writes; None where it writes none ("", "n/a"). Raises `Refused` for what is none."""
    words = str(text or "").strip().lower()
    if words in ("", "n/a"):
        return None
    parts = _PART.findall(words)
    if not parts:
        raise Refused(f"{words!r} is no age or interval such as 12 months - 4 days", code="schedule")
    signed = [(-int(count) if sign == "-" else int(count), unit) for sign, count, unit in parts]
    return Span(sum(count * _MONTHS.get(unit, 0) for count, unit in signed), sum(count * _DAYS.get(unit, 0) for count, unit in signed))


def added(day: date, months: int) -> date:
    """The same day so many months later, or the first of the month after where there is no such day."""
    whole = day.year * 12 + day.month - 1 + months
    try:
        return date(whole // 12, whole % 12 + 1, day.day)
    except ValueError:
        return date((whole + 1) // 12, (whole + 1) % 12 + 1, 1)


def from_day(start: date, until: Span | None, otherwise: date) -> date:
    """The day a span after another; the other one where the schedule sets no span."""
    return otherwise if until is None else until.after(start)


def day_of(text: Any) -> date | None:
    """A day as the schedule writes it: 2025-08-27 or 01/01/1957. None where it writes none."""
    words = str(text or "").strip()
    if words in ("", "n/a"):
        return None
    if "/" in words:
        month, day, year = (int(part) for part in words.split("/"))
        return date(year, month, day)
    return date.fromisoformat(words[:10]) if "-" in words else date(int(words[:4]), int(words[4:6]), int(words[6:8]))
