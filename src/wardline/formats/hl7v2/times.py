"""HL7 timestamps (DTM): YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ], with the precision they were given in."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from wardline.core.flags import AMBIGUOUS, ASSUMED_ZONE, DATE_ONLY, SKIPPED

_LONGEST: Final = 40
_WITH_OFFSET: Final = len("20261121041200+0000")
_DTM: Final = re.compile(r"((?:[0-9]{2}){2,7})(?:\.([0-9]{1,9}))?([+-][0-9]{4})?", re.ASCII)
_DATE: Final = re.compile(r"([0-9]{4})(?:([0-9]{2})([0-9]{2})?)?", re.ASCII)


class Moment(NamedTuple):
    """A moment in UTC and what had to be assumed to get it."""

    at: datetime
    flags: tuple[str, ...] = ()


def moment(text: str, zone: tzinfo) -> Moment | None:
    """Read a timestamp; `zone` is that of the source and used only where the text has no offset.

    None for an empty or impossible one. A date without a time is the start of that day, flagged. A local time that daylight
    saving repeats is the first of the two, one that it skips is moved forward, both flagged. Second 60, the leap second, is
    the second that follows it.
    """
    return _moment(text, zone) if len(text) <= _LONGEST else None


@lru_cache(maxsize=20_000)
def _moment(text: str, zone: tzinfo) -> Moment | None:
    # The usual way of writing it, at a tenth of the cost of the way below; what it refuses is looked at there.
    if len(text) == _WITH_OFFSET and text.isascii() and text[:14].isdecimal() and text[14] in "+-" and text[15:].isdecimal() and text[17] < "6":
        try:
            return Moment(datetime.fromisoformat(f"{text[:8]}T{text[8:]}").astimezone(UTC))
        except (ValueError, OverflowError):
            pass
    found = _DTM.fullmatch(text.strip())
    if found is None:
        return None
    digits, fraction, offset = found.groups()
    filled = digits + "00000101000000"[len(digits) :]
    leap = filled[12:] == "60"
    try:
        local = datetime(  # noqa: DTZ001 - local by nature; its zone is added below
            int(filled[:4]), int(filled[4:6]), int(filled[6:8]), int(filled[8:10]), int(filled[10:12]), 59 if leap else int(filled[12:]),
            int((fraction + "000000")[:6]) if fraction else 0,
        )  # fmt: skip
        flags = () if len(digits) > 8 else (DATE_ONLY,)
        if offset is not None:
            return Moment(_after_leap(local.replace(tzinfo=_zone_of(offset)).astimezone(UTC), leap), flags)
        return Moment(_after_leap(_in_zone(local, zone), leap), (*flags, ASSUMED_ZONE, *_daylight(local, zone)))
    except (ValueError, OverflowError):
        return None


def _zone_of(offset: str) -> tzinfo:
    hours, minutes = int(offset[1:3]), int(offset[3:])
    if hours > 23 or minutes > 59:
        raise ValueError(offset)
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(shift if offset[0] == "+" else -shift)


def _after_leap(at: datetime, leap: bool) -> datetime:
    return at.replace(microsecond=0) + timedelta(seconds=1) if leap else at


def _in_zone(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _daylight(local: datetime, zone: tzinfo) -> tuple[str, ...]:
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return ()
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    return (AMBIGUOUS,) if exists else (SKIPPED,)


def iso_date(text: str) -> str:
    """A date as precise as given: "19550303..." -> "1955-03-03", "1955" -> "1955"; "" when it is none."""
    found = _DATE.match(text)
    if found is None:
        return ""
    year, month, day = found.groups()
    try:
        whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return whole if day else whole[:7] if month else year
