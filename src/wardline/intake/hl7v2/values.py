"""Reading OBX-5: which number or word was sent, and what must not be scored and why."""

import math
import re
from typing import Final, NamedTuple

from wardline.core.concepts import Concept
from wardline.core.events import DELETED
from wardline.core.flags import IMPLAUSIBLE, NO_VALUE, NOT_A_NUMBER, UNKNOWN_ANSWER
from wardline.core.quantities import COMPARATORS
from wardline.formats.hl7v2.escapes import Separators
from wardline.formats.hl7v2.message import component_of
from wardline.intake.hl7v2.plans import Plan
from wardline.intake.hl7v2.sources import Source

# Reasons for which a value is shown but not scored. They are shown to people, so they are words.
DECIMAL_COMMA: Final = "decimal comma"
UNIT_IN_VALUE: Final = "unit inside the value"
STRUCTURED: Final = "not a single number"

LONGEST_TEXT: Final = 20_000
MOST_READ: Final = 100_000
"""Characters of a field that are looked at: with its escape sequences a text of 20,000 may be that long."""
_LONGEST_NUMBER: Final = 40
_WITH_UNIT: Final = re.compile(r"[<>]?=?\s*[+-]?\d+(?:[.,]\d+)?\s*(?![eExX][+-]?\d)[A-Za-z%°/\[]")
_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_PLAIN: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_CODED_TYPES: Final = frozenset({"CE", "CWE", "CNE", "CF", "IS", "ID"})
_NUMBER_TYPES: Final = frozenset({"NM", "ST", "TX", "FT", ""})
_TEXT_TYPES: Final = frozenset({"TX", "FT", "ST", "NM", "DT", "TM", "TS", "DTM", ""})


class Value(NamedTuple):
    """`number` only when it may be scored; otherwise `text` says what was sent and `problem` why it is not."""

    number: float | None = None
    text: str | None = None
    comparator: str = ""
    problem: str = ""


DELETED_VALUE: Final = Value(problem="deleted")


def value_of(kind: str, field: str, plan: Plan, source: Source, separators: Separators) -> Value:
    """OBX-5 of type OBX-2, read according to the plan; of an endless one only the beginning."""
    field = field[:MOST_READ]
    if field == DELETED:
        return DELETED_VALUE
    if not field:
        return Value(problem=NO_VALUE)
    concept = plan.concept
    if concept is not None and concept.is_coded:
        return _coded(field, concept, separators)
    if kind == "SN":
        return _structured(field, plan, separators)
    if concept is None:
        return Value(text=readable(kind, field, separators))
    if kind in _NUMBER_TYPES:
        return _number(component_of(field, 0, separators).strip(), plan, source)
    return Value(text=readable(kind, field, separators), problem=NOT_A_NUMBER)


def _coded(field: str, concept: Concept, separators: Separators) -> Value:
    for number in (1, 2, 4, 5):
        answer = component_of(field, number, separators)
        meaning = concept.meaning(answer) if answer else None
        if meaning is not None:
            return Value(text=meaning)
    return Value(text=component_of(field, 2, separators) or component_of(field, 1, separators), problem=UNKNOWN_ANSWER)


def _structured(field: str, plan: Plan, separators: Separators) -> Value:
    """SN: comparator ^ number ^ separator ^ number. Only a comparator with one number is a number."""
    comparator, first, between, second = (component_of(field, number, separators) for number in (1, 2, 3, 4))
    shown = f"{comparator}{first}{between}{second}"
    if between or second or comparator not in (*COMPARATORS, "", "="):
        return Value(text=shown, problem=STRUCTURED)
    if plan.concept is None:
        return Value(text=shown)
    return _scored(first.strip(), comparator if comparator != "=" else "", shown, plan)


def _number(text: str, plan: Plan, source: Source) -> Value:
    comparator = next((mark for mark in COMPARATORS if text.startswith(mark)), "")
    return _scored(text[len(comparator) :].strip(), comparator, text, plan, source.decimal_comma)


def _scored(digits: str, comparator: str, shown: str, plan: Plan, decimal_comma: bool = False) -> Value:
    if decimal_comma and _COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    number = plain_number(digits)
    if number is None:
        return Value(text=shown, problem=_why_not(digits))
    if plan.problem:
        return Value(text=shown, problem=plan.problem)
    number = plan.conversion(number)
    if not plan.low <= number <= plan.high:
        return Value(text=shown, problem=IMPLAUSIBLE)
    return Value(number=number, comparator=comparator)


def plain_number(digits: str) -> float | None:
    """A finite decimal number as HL7 NM writes it (an exponent is read too); anything else is None."""
    if len(digits) > _LONGEST_NUMBER or _PLAIN.fullmatch(digits) is None:
        return None
    number = float(digits)
    return number if math.isfinite(number) else None


def _why_not(text: str) -> str:
    if _COMMA.fullmatch(text):
        return DECIMAL_COMMA
    return UNIT_IN_VALUE if _WITH_UNIT.match(text) else NOT_A_NUMBER


def readable(kind: str, field: str, separators: Separators) -> str:
    """Coded and text values as people read them."""
    if kind in _CODED_TYPES:
        return component_of(field, 2, separators) or component_of(field, 1, separators) or component_of(field, 9, separators)
    if kind in _TEXT_TYPES:
        return "\n".join(component_of(part, 0, separators) for part in field.split(separators.repetition))
    return component_of(field, 0, separators)
