"""The small parts that FHIR resources are made of: codes, references, times. Read strictly: what is not understood is refused by its path."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, TypeAlias

from wardline.core.errors import Refused

Element: TypeAlias = Mapping[str, Any]
_DAY: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
"""FHIR R4 dateTime without a time: a year, a month or a day."""


def refused(where: str, reason: str) -> Refused:
    return Refused(f"{where} {reason}", code="fhir", where=where)


def only(element: Element, known: Iterable[str], where: str) -> Element:
    """The element, if it says nothing but what is read here. Raises `Refused`: a rule that is not understood cannot be kept."""
    if not isinstance(element, Mapping):
        raise refused(where, "is an object")
    unknown = sorted(set(element) - {*known, "id"})
    if unknown:
        raise refused(f"{where}.{unknown[0]}", "is not understood here, so it could not be kept; leave it out or say it another way")
    return element


def each(element: Element, name: str, where: str) -> Iterator[tuple[str, Element]]:
    """The parts of a repeating element, each with its path."""
    listed = element.get(name, [])
    if not isinstance(listed, list):
        raise refused(f"{where}.{name}", "is a list")
    for place, part in enumerate(listed):
        path = f"{where}.{name}[{place}]"
        if not isinstance(part, Mapping):
            raise refused(path, "is an object")
        yield path, part


def text_of(element: Element, name: str, where: str) -> str:
    value = element.get(name, "")
    if not isinstance(value, str):
        raise refused(f"{where}.{name}", "is a text")
    return value


def codes_of(element: Element, where: str, systems: Iterable[str]) -> frozenset[str]:
    """Codes of a CodeableConcept in one of these systems. Raises `Refused` for one that has none: its words alone are not a rule."""
    codes = {_code(coding, path, systems) for path, coding in each(element, "coding", where)} - {""}
    if not codes:
        raise refused(where, f"has a code of {' or '.join(systems)}")
    return frozenset(codes)


def code_of(coding: Element, where: str, systems: Iterable[str]) -> str:
    """The code of a Coding in one of these systems."""
    code = _code(coding, where, systems)
    if not code:
        raise refused(where, f"is a code of {' or '.join(systems)}")
    return code


def _code(coding: Element, where: str, systems: Iterable[str]) -> str:
    return text_of(coding, "code", where) if text_of(coding, "system", where) in tuple(systems) else ""


def reference_of(element: Element, where: str) -> tuple[str, str]:
    """Type and id of a relative reference: ("Patient", "k7q2...")."""
    kind, _, id = text_of(element, "reference", where).partition("/")
    if not kind or not id or "/" in id:
        raise refused(f"{where}.reference", "is a type and an id, such as Patient/123")
    return kind, id


def moment_of(text: str, where: str, zone: tzinfo, *, end: bool = False) -> datetime:
    """A FHIR dateTime. A day without a time is the whole day here: its first moment, or its last where it is the end of a period."""
    try:
        if not _DAY.fullmatch(text):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise refused(where, "needs its offset, for example 2026-11-21T03:12:00Z")
            return moment.astimezone(UTC)
        day = date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise refused(where, "is a day or a moment, for example 2026-11-21 or 2026-11-21T03:12:00Z") from None
    if end:
        day = _next(day, len(text))
    begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    return begins - timedelta.resolution if end else begins


def _next(day: date, letters: int) -> date:
    """The first day after the year, month or day that so many letters say."""
    if letters == len("2026"):
        return date(day.year + 1, 1, 1)
    if letters == len("2026-11"):
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + timedelta(days=1)


def coding(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [coding(system, code)]}
