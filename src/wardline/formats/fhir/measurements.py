"""FHIR Observation: what was measured, in our unit where the code and unit are known, and as it was sent where they are not."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from wardline.core import concepts
from wardline.core.codings import system_of
from wardline.core.concepts import Concept
from wardline.core.concepts.vocabulary import BY_SNOMED
from wardline.core.events import UNMAPPED, Measured
from wardline.core.flags import (
    CONTRADICTION,
    DATE_ONLY,
    IMPLAUSIBLE,
    NO_UNIT,
    NO_VALUE,
    NOT_A_NUMBER,
    STATUS_UNKNOWN,
    TIME_OF_MESSAGE,
    UNKNOWN_ANSWER,
    WRONG_UNIT,
)
from wardline.core.quantities import COMPARATORS, UNITLESS, plain
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.parts import amount, coded_field, first, has_no_time, issued, moment, name_of, part, parts, ranked, said, shown

# FHIR R4 observation-status and HL7 table 0085 (HL7 v2-to-FHIR concept map "ObservationStatus").
STATUSES: Final = {
    "registered": "I", "preliminary": "P", "final": "F", "amended": "C", "corrected": "C", "cancelled": "X", "entered-in-error": "D", "unknown": "R",
}  # fmt: skip
_SYSTEMS: Final = ("loinc", "snomed")


class Read(NamedTuple):
    """A value as it will be kept, or the reason why it is not scored."""

    value: float | str | None = None
    unit: str = ""
    comparator: str = ""
    received: str = ""
    problem: str = ""


def measured(resource: Element, stated_at: datetime, zone: tzinfo, *, is_update: bool = False) -> Iterator[tuple[Measured, datetime]]:
    """One `Measured` per value: of the observation itself and of each of its components (systolic and diastolic pressure)."""
    said_at = moment(resource, "effective", zone) or moment(resource, "issued", zone)
    flags = (TIME_OF_MESSAGE,) if said_at is None else (DATE_ONLY,) if has_no_time(resource, "effective") else ()
    status = STATUSES.get(said(resource, "status"), "R")
    if said(resource, "status") in ("unknown", "") or said(resource, "status") not in STATUSES:
        flags = (*flags, STATUS_UNKNOWN)
    if is_update and status == "F":
        status = "C"
    whole = Measured(
        "", None, status=status, flags=flags, order=f"Observation/{said(resource, 'id')}" if said(resource, "id") else "",
        issued_at=issued(resource), performer=shown(first(resource, "performer")),
    )  # fmt: skip
    components = parts(resource, "component")
    if not components or _has_value(resource):
        yield _measured(resource, whole), said_at or stated_at
    for place, component in enumerate(components, 1):
        yield _measured(component, whole._replace(part=str(place))), said_at or stated_at


def _has_value(element: Element) -> bool:
    return any(name.startswith("value") for name in element)


def _measured(element: Element, whole: Measured) -> Measured:
    code = part(element, "code")
    concept, loinc = concept_of(code)
    read = _value(element, concept, loinc)
    is_scored = not (read.problem or whole.flags[-1:] == (STATUS_UNKNOWN,))
    flags = (*whole.flags, *((UNMAPPED,) if concept is None else ()), *((read.problem,) if read.problem else ()))
    value = read.value if is_scored or not isinstance(read.value, float) else plain(read.value)
    return whole._replace(
        concept=concept.id if concept else "", value=value, unit=read.unit, comparator=read.comparator, flags=flags,
        code=coded_field(code, _SYSTEMS) or name_of(code).replace("^", " "), received=read.received,
        reference_range=_range(first(element, "referenceRange")), abnormal=_abnormal(first(element, "interpretation")),
    )  # fmt: skip


def concept_of(code: Element) -> tuple[Concept | None, str]:
    """Which of our concepts a CodeableConcept names, and the LOINC code by which it does."""
    for coding in ranked(code, _SYSTEMS):
        number, system = said(coding, "code"), system_of(said(coding, "system"))
        if system == "loinc" and number in concepts.BY_LOINC:
            return concepts.BY_LOINC[number], number
        if system == "snomed" and number in BY_SNOMED:
            return BY_SNOMED[number], ""
    return None, ""


def _value(element: Element, concept: Concept | None, loinc: str) -> Read:
    if not _has_value(element):
        return Read(problem=NO_VALUE)
    if concept is not None and concept.is_coded:
        return _answer(element, concept)
    quantity = part(element, "valueQuantity")
    number = element.get("valueInteger", quantity.get("value"))
    if isinstance(number, bool) or not isinstance(number, int | float):
        text = text_value(element)
        return Read(text, problem=NOT_A_NUMBER if concept is not None else "")
    # FHIR: the code is the unit for programs, the text the one for people; senders without codes have only the text.
    unit = said(quantity, "code") or said(quantity, "unit")
    return _number(float(number), said(quantity, "comparator"), unit, concept, loinc)


def _number(number: float, comparator: str, unit: str, concept: Concept | None, loinc: str) -> Read:
    sent = f"{comparator}{plain(number)} {unit}".strip()
    if concept is None:
        return Read(number, unit, comparator)
    conversion = concept.conversion(unit)
    if not unit and concept.unit not in UNITLESS:
        return Read(sent, received=sent, problem=NO_UNIT)
    if conversion is None or comparator not in (*COMPARATORS, ""):
        return Read(sent, received=sent, problem=WRONG_UNIT if conversion is None else NOT_A_NUMBER)
    if loinc and concept.contradicts(loinc, unit):
        return Read(sent, received=sent, problem=CONTRADICTION)
    converted = conversion(number)
    if not concept.is_plausible(converted):
        return Read(sent, received=sent, problem=IMPLAUSIBLE)
    return Read(converted, concept.unit, comparator, sent if converted != number else "")


def _answer(element: Element, concept: Concept) -> Read:
    """A coded answer in the concept's own words."""
    coded = part(element, "valueCodeableConcept")
    answers = [said(coding, name) for coding in parts(coded, "coding") for name in ("code", "display")]
    for answer in (*answers, said(coded, "text"), text_value(element)):
        meaning = concept.meaning(answer) if answer else None
        if meaning is not None:
            return Read(meaning)
    return Read(text_value(element), problem=UNKNOWN_ANSWER)


def text_value(element: Element) -> str:
    """Any value[x] as people read it."""
    for name in ("valueString", "valueDateTime", "valueTime"):
        if said(element, name):
            return said(element, name)
    for name in ("valueBoolean", "valueInteger"):
        if name in element:
            return str(element[name]).lower()
    span, ratio, period = part(element, "valueRange"), part(element, "valueRatio"), part(element, "valuePeriod")
    if ratio:
        return f"{amount(part(ratio, 'numerator'))} / {amount(part(ratio, 'denominator'))}"
    if span:
        return f"{amount(part(span, 'low'))} to {amount(part(span, 'high'))}".strip()
    if period:
        return f"{said(period, 'start')} to {said(period, 'end')}"
    return name_of(part(element, "valueCodeableConcept")) or amount(part(element, "valueQuantity"))


def _range(reference: Element) -> str:
    low, high = amount(part(reference, "low")), amount(part(reference, "high"))
    return said(reference, "text") or " - ".join(filter(None, (low, high)))


def _abnormal(interpretation: Element) -> str:
    return next((said(coding, "code") for coding in parts(interpretation, "coding")), "")
