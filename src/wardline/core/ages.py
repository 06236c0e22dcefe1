"""How old somebody is: completed years from a birth date that is known to the day and can be true, never a guess."""

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

OLDEST: Final = 122
"""Years: nobody is documented to have lived longer. Beyond it a birth date is a stand-in (1900-01-01) or was shifted to hide who it is."""
_DAY: Final = len("1955-03-03")


def born_on(text: str) -> date | None:
    """The day, where it is known to the day: a year alone, or a day that there is not, is none."""
    if len(text) < _DAY:
        return None
    try:
        return _day(text[:_DAY])
    except ValueError:
        return None


def years_old(born: date, as_of: datetime) -> int | None:
    """Completed years; None where the birth date cannot be true."""
    today = as_of.date()
    if born > today:
        return 0 if born - today <= timedelta(days=1) else None  # a newborn of a place where it is tomorrow already
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age if age <= OLDEST else None


def before_birthday(born: date, as_of: datetime) -> datetime:
    """The last moment at which they are as old as now. Born on 29 February, they age on 1 March."""
    year = as_of.year + ((as_of.month, as_of.day) >= (born.month, born.day))
    day = born.replace(year=year) if (born.month, born.day) != (2, 29) or isleap(year) else date(year, 3, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta.resolution


_day: Final = lru_cache(maxsize=10_000)(date.fromisoformat)
