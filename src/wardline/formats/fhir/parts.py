"""What a FHIR resource says in its small parts, read for what they mean: codes, names, amounts, references, times.

Unlike `elements`, which refuses what it does not understand because a rule must be kept whole, this takes what is there and leaves
the rest. Only what has the wrong shape (a text where an object belongs) is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from wardline.core.codings import system_of
from wardline.core.quantities import plain
from wardline.formats.fhir.elements import Element, moment_of, refused, text_of

_EMPTY: Final[dict[str, Any]] = {}
_PREFIXES: Final = ("urn:uuid:", "urn:oid:", "#")
_HISTORY: Final = "/_history/"


def part(element: Element, name: str) -> Element:
    """The object under this name; an empty one where there is none."""
    value = element.get(name, _EMPTY)
    if not isinstance(value, Mapping):
        raise refused(name, "is an object")
    return value


def parts(element: Element, name: str) -> list[Element]:
    """The objects of the list under this name. One that stands there without a list is a list of one, as some senders write it."""
    value = element.get(name, [])
    if isinstance(value, Mapping):
        return [value]
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise refused(name, "is a list of objects")
    return value


def first(element: Element, name: str) -> Element:
    listed = parts(element, name)
    return listed[0] if listed else _EMPTY


def said(element: Element, name: str) -> str:
    """The text under this name, without the blanks around it."""
    return text_of(element, name, name).strip()


def texts(element: Element, name: str) -> list[str]:
    """The list of texts under this name."""
    value = element.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise refused(name, "is a list of texts")
    return value


def name_of(concept: Element) -> str:
    """What a CodeableConcept is called: its text, else what one of its codes is called, else that code."""
    codings = parts(concept, "coding")
    names = (said(concept, "text"), *(said(coding, "display") for coding in codings), *(said(coding, "code") for coding in codings))
    return next(filter(None, names), "")


def codes_in(concept: Element) -> frozenset[str]:
    """Its codes, whatever their systems: enough for FHIR's own small code lists."""
    return frozenset(said(coding, "code") for coding in parts(concept, "coding")) - {""}


def status_codes(element: Element, name: str) -> frozenset[str]:
    """The codes of a status that is a CodeableConcept in R4 and was a plain code before."""
    value = element.get(name)
    return frozenset({value}) if isinstance(value, str) else codes_in(part(element, name))


def ranked(concept: Element, systems: Iterable[str]) -> list[Element]:
    """Its codings that have a code, those of the named systems first, in that order."""
    coded = [coding for coding in parts(concept, "coding") if said(coding, "code")]
    if len(coded) < 2:
        return coded
    order = {system: place for place, system in enumerate(systems)}
    return sorted(coded, key=lambda coding: order.get(system_of(said(coding, "system")), len(order)))


def coded_field(concept: Element, systems: Iterable[str]) -> str:
    """A CodeableConcept as events keep it: "code^text^system^alternate code^its text^its system" (HL7 CWE)."""
    written = []
    for coding in ranked(concept, systems)[:2]:
        written += [said(coding, "code"), said(coding, "display") or said(concept, "text"), said(coding, "system")]
    return "^".join(each.replace("^", " ") for each in written)


def id_in(reference: Element) -> str:
    """The id a reference ends with: "Encounter/12" and "https://ehr.example/fhir/Encounter/12/_history/3" both name 12."""
    text = said(reference, "reference").split(_HISTORY)[0]
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return text.split("?")[0].rpartition("/")[2]


def shown(reference: Element) -> str:
    """How a reference is written for people."""
    return said(reference, "display") or said(reference, "reference")


def amount(quantity: Element) -> str:
    """ "5 mg"; an empty text where there is no number."""
    value = quantity.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f"{said(quantity, 'comparator')}{plain(float(value))} {said(quantity, 'unit') or said(quantity, 'code')}".strip()


def moment(element: Element, name: str, zone: tzinfo) -> datetime | None:
    """The time under this name, as a dateTime or as the start of a Period: "effective" reads effectiveDateTime, effectivePeriod ..."""
    for ending in ("", "DateTime", "Date", "Instant"):
        text = element.get(name + ending)
        if isinstance(text, str):
            return moment_of(text, name + ending, zone)
    period = part(element, f"{name}Period")
    text = said(period, "start") or said(period, "end")
    return moment_of(text, f"{name}Period", zone) if text else None


def ended(element: Element, name: str, zone: tzinfo) -> datetime | None:
    """When the Period under this name ended."""
    text = said(part(element, name), "end")
    return moment_of(text, f"{name}.end", zone, end=True) if text else None


def has_no_time(element: Element, name: str) -> bool:
    """Whether only a day was given for it."""
    return 0 < len(element.get(f"{name}DateTime") or element.get(f"{name}Date") or "") <= len("2026-11-21")


def issued(resource: Element) -> datetime | None:
    """When this version was stated there."""
    text = said(part(resource, "meta"), "lastUpdated")
    return moment_of(text, "meta.lastUpdated", UTC) if text else None
