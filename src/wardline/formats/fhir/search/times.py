"""Dates and times as FHIR writes them, as the stretch of time they mean: "2026-11" is a month, "2026-11-21T03:12Z" a minute."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from wardline.core.errors import Refused

_TIME: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)  # http://hl7.org/fhir/R4/datatypes.html#dateTime; in a query the seconds may be left out
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
EARLIEST: Final = -(2**62)
LATEST: Final = 2**62
"""The ends of a period that does not say when it begins or ends."""


@lru_cache(maxsize=10_000)
def span_of(text: str, zone: tzinfo = UTC) -> tuple[int, int]:
    """First and last microsecond since 1970. What has no offset is taken in `zone`. Raises `Refused`."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Refused(f"{text[:40]!r} is not a date or time such as 2026-11-21 or 2026-11-21T03:12:00Z", code="value")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        wanted = zone if offset is None else UTC if offset == "Z" else datetime.strptime(offset, "%z").tzinfo
        begins = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), min(int(second or 0), 59), tzinfo=wanted
        )  # fmt: skip
        low = _microseconds(begins) + int((fraction or "0").ljust(6, "0")[:6])
        if fraction is not None:
            return low, low + 10 ** max(6 - len(fraction), 0) - 1
        return low, low + _length(begins, month, day, hour, second) - 1
    except (ValueError, OverflowError):
        raise Refused(f"{text[:40]!r} is not a day that there is", code="value") from None


def _length(begins: datetime, month: str | None, day: str | None, hour: str | None, second: str | None) -> int:
    """Microseconds that so much of a time leaves open."""
    if second is not None:
        return 1_000_000
    if hour is not None:
        return 60_000_000
    if day is not None:
        ends = datetime(begins.year, begins.month, begins.day, tzinfo=begins.tzinfo) + timedelta(days=1)
    elif month is not None:
        ends = begins.replace(year=begins.year + begins.month // 12, month=begins.month % 12 + 1)
    else:
        ends = begins.replace(year=begins.year + 1)
    return _microseconds(ends) - _microseconds(begins)


def _microseconds(at: datetime) -> int:
    return (at.astimezone(UTC) - _EPOCH) // _MICROSECOND
