"""HL7 timestamps (DTM): YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ], with the precision they were given in."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

ASSUMED_ZONE: Final = "zone assumed"
AMBIGUOUS: Final = "ambiguous local time"
SKIPPED: Final = "local time does not exist"
DATE_ONLY: Final = "date only"


class Moment(NamedTuple):
    """A moment in UTC and what had to be assumed to get it."""

    at: datetime
    flags: tuple[str, ...] = ()


@lru_cache(maxsize=20_000)
def moment(text: str, zone: tzinfo) -> Moment | None:
    """Read a timestamp; `zone` is that of the source and used only where the text has no offset.

    None for an empty or impossible one. A date without a time is the start of that day, flagged. A local time that daylight
    saving repeats is the first of the two, one that it skips is moved forward, both flagged.
    """
    digits, offset = _split_offset(text.strip())
    digits, _, fraction = digits.partition(".")
    if not digits.isdigit() or len(digits) not in (4, 6, 8, 10, 12, 14) or (fraction and not fraction.isdigit()):
        return None
    filled = digits + "00000101000000"[len(digits) :]
    try:
        local = datetime(  # noqa: DTZ001 - local by nature; its zone is added below
            int(filled[:4]), int(filled[4:6]), int(filled[6:8]), int(filled[8:10]), int(filled[10:12]), int(filled[12:14]),
            int((fraction + "000000")[:6]) if fraction else 0,
        )  # fmt: skip
        flags = () if len(digits) > 8 else (DATE_ONLY,)
        if offset is not None:
            return Moment(local.replace(tzinfo=offset).astimezone(UTC), flags)
        return Moment(_in_zone(local, zone), (*flags, ASSUMED_ZONE, *_daylight(local, zone)))
    except (ValueError, OverflowError):
        return None


def _split_offset(text: str) -> tuple[str, tzinfo | None]:
    for sign in "+-":
        before, found, after = text.partition(sign)
        if found:
            if not (after.isdigit() and len(after) == 4 and int(after[:2]) < 24 and int(after[2:]) < 60):
                return "", None
            shift = timedelta(hours=int(after[:2]), minutes=int(after[2:]))
            return before, timezone(shift if sign == "+" else -shift)
    return text, None


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
    digits = text[:8]
    if not digits.isdigit():
        digits = digits[:6] if digits[:6].isdigit() else digits[:4] if digits[:4].isdigit() else ""
    match len(digits):
        case 8:
            try:
                return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
            except ValueError:
                return ""
        case 6 | 7:
            return f"{digits[:4]}-{digits[4:6]}" if 1 <= int(digits[4:6]) <= 12 else ""
        case 4 | 5:
            return digits[:4]
        case _:
            return ""
