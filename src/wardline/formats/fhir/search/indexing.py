"""What a resource can be found by: its codes, words, times, amounts and references, read by the tables of search parameters.

What has another shape than its parameter asks for is left out of the index; the resource is kept all the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from functools import cache, lru_cache
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.core.resources import Amount, Entry, Link, Span, Text, Token
from wardline.formats.fhir.search.parameters import Parameter, parameters_of
from wardline.formats.fhir.search.times import EARLIEST, LATEST, span_of

LONGEST: Final = 1_000
"""Of a text, what goes into the index."""
_CHOICES: Final = ("DateTime", "Period", "Instant", "Date", "Timing", "Quantity", "CodeableConcept", "Reference", "String", "Boolean")
_CHOICE: Final = "[x]"
_NAME_PARTS: Final = ("text", "family", "given", "prefix", "suffix")
_ADDRESS_PARTS: Final = ("text", "line", "city", "district", "state", "postalCode", "country")
_ABSOLUTE: Final = re.compile(r"https?://.+/([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/.+)?")
_HISTORY: Final = "/_history/"


def entries_of(resource: Mapping[str, Any], *, base: str = "", zone: tzinfo = UTC) -> list[Entry]:
    """`base` is this server's own address, taken off references to itself."""
    found: dict[Entry, None] = {}
    places = _places(resource.get("resourceType", ""))
    for element in resource:
        for name, parameter, rest in places.get(element, ()):
            for value in _values(_at(resource, element), rest):
                found.update(dict.fromkeys(_entries(name, parameter, value, base, zone)))
    return list(found)


@lru_cache(maxsize=500)
def _places(type: str) -> dict[str, list[tuple[str, Parameter, tuple[str, ...]]]]:
    """By element: the names under which the index keeps what stands in it, and the rest of the way there."""
    places: dict[str, list[tuple[str, Parameter, tuple[str, ...]]]] = {}
    for parameter in parameters_of(type).values():
        if parameter.name in ("_id", "_lastUpdated"):
            continue
        name = parameter.name if parameter.name.startswith("_") else f"{type}.{parameter.name}"
        for step, *rest in parameter.paths:
            for element in _choices(step) if step.endswith(_CHOICE) else (step,):
                places.setdefault(element, []).append((name, parameter, tuple(rest)))
    return places


def _values(elements: Iterable[Any], path: tuple[str, ...]) -> Iterable[Any]:
    """Everything that stands at the path from these; lists count by each of their parts."""
    reached = list(elements)
    for step in path:
        reached = [value for each in reached if isinstance(each, Mapping) for value in _at(each, step)]
        if not reached:
            return ()
    return reached


def _at(element: Mapping[str, Any], step: str) -> Iterator[Any]:
    if step.endswith(_CHOICE):
        yield from (value for name in _choices(step) if (value := element.get(name)) is not None)
        return
    value = element.get(step)
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


@cache
def _choices(step: str) -> tuple[str, ...]:
    """The names that an element of several types can have."""
    return tuple(step.removesuffix(_CHOICE) + choice for choice in _CHOICES)


def _entries(name: str, parameter: Parameter, value: Any, base: str, zone: tzinfo) -> Iterator[Entry]:
    match parameter.kind:
        case "token":
            yield from _tokens(name, parameter.only, value)
        case "string":
            yield from (Text(name, text[:LONGEST]) for text in _texts(value) if text)
        case "uri":
            yield from (Text(name, value[:LONGEST]),) if isinstance(value, str) else ()
        case "date":
            yield from _spans(name, value, zone)
        case "quantity" | "number":
            yield from _amounts(name, value)
        case _:
            yield from _links(name, parameter.only, value, base)


def _tokens(name: str, only: str, value: Any) -> Iterator[Entry]:
    match value:
        case bool():
            yield Token(name, "", "true" if value else "false")
        case str():
            yield Token(name, "", value)
        case {"coding": list(codings)}:
            text = value.get("text", "") if isinstance(value.get("text"), str) else ""
            for coding in codings:
                yield from _coding(name, coding, text)
        case {"code": str()} | {"display": str()}:
            yield from _coding(name, value, "")
        case {"value": str(said), "use": _} | {"value": str(said), "system": _} | {"value": str(said)}:  # Identifier, ContactPoint
            system = value.get("system", "")
            if not only or system == only:
                is_contact = system in ("phone", "email", "fax", "pager", "url", "sms", "other")
                yield Token(name, "" if is_contact else str(system), said)
        case {"text": str(text)}:
            yield Token(name, "", "", text)
        case _:
            return


def _coding(name: str, coding: Any, text: str) -> Iterator[Entry]:
    if isinstance(coding, Mapping) and isinstance(coding.get("code", ""), str):
        words = " ".join(each for each in (text, coding.get("display")) if isinstance(each, str) and each)
        system = coding.get("system", "")
        yield Token(name, system if isinstance(system, str) else "", coding.get("code", ""), words)


def _texts(value: Any) -> Iterator[str]:
    """A text; a name or an address by each of its parts, because any of them may be looked for."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        names = _NAME_PARTS if "family" in value or "given" in value else _ADDRESS_PARTS if {"line", "city", "postalCode"} & set(value) else ("text",)
        for name in names:
            part = value.get(name)
            yield from (each for each in (part if isinstance(part, list) else [part]) if isinstance(each, str))


def _spans(name: str, value: Any, zone: tzinfo) -> Iterator[Entry]:
    try:
        match value:
            case str():
                yield Span(name, *span_of(value, zone))
            case {"start": str()} | {"end": str()}:
                start, end = value.get("start"), value.get("end")
                yield Span(name, span_of(start, zone)[0] if start else EARLIEST, span_of(end, zone)[1] if end else LATEST)
            case {"event": list(events)}:
                for each in events:
                    yield from _spans(name, each, zone)
            case {"repeat": {"boundsPeriod": period}}:
                yield from _spans(name, period, zone)
            case _:
                return
    except Refused:
        return


def _amounts(name: str, value: Any) -> Iterator[Entry]:
    match value:
        case bool():
            return
        case int() | float():
            yield Amount(name, float(value), float(value))
        case {"value": int() | float() as number} if not isinstance(number, bool):
            low, high = _bounds(float(number), value.get("comparator", ""))
            yield Amount(name, low, high, *(str(value.get(part, "")) for part in ("system", "code", "unit")))
        case _:
            return


def _bounds(number: float, comparator: str) -> tuple[float, float]:
    """ "< 0.5" is anything below it."""
    if comparator.startswith("<"):
        return float("-inf"), number
    return (number, float("inf")) if comparator.startswith(">") else (number, number)


def _links(name: str, only: str, value: Any, base: str) -> Iterator[Entry]:
    target = value if isinstance(value, str) else value.get("reference") if isinstance(value, Mapping) else None
    if not isinstance(target, str) or target.startswith("#"):
        return
    target = target_of(target, base)
    if not only or target.startswith(f"{only}/"):
        yield Link(name, target)


def target_of(reference: str, base: str) -> str:
    """A reference as the index knows it: relative where it is to us, and to no version."""
    if base and reference.startswith(f"{base}/"):
        reference = reference[len(base) + 1 :]
    return reference.partition(_HISTORY)[0]


def tail_of(reference: str) -> str:
    """ "Patient/17" of an absolute reference; the reference itself where it has no such end."""
    match = _ABSOLUTE.fullmatch(reference)
    return match.group(1) if match is not None else reference
