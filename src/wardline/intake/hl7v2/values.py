"""Reading OBX-3, OBX-5 and OBX-6: which concept, which number, in which unit, and what must not be scored and why."""

import math
import re
from typing import Final, NamedTuple

from wardline.core import concepts
from wardline.core.concepts import Concept
from wardline.core.concepts.vocabulary import BY_SNOMED
from wardline.core.quantities import COMPARATORS, SAME, UNITLESS, Conversion
from wardline.formats.hl7v2.escapes import Separators
from wardline.formats.hl7v2.message import DELETED, component_of
from wardline.intake.hl7v2.sources import Source

# Reasons for which a number is shown but not scored. They are shown to people, so they are words.
NO_UNIT: Final = "no unit"
WRONG_UNIT: Final = "unit does not fit"
CONTRADICTION: Final = "unit contradicts the code"
IMPLAUSIBLE: Final = "implausible"
NOT_A_NUMBER: Final = "not a number"
DECIMAL_COMMA: Final = "decimal comma"
UNIT_IN_VALUE: Final = "unit inside the value"
STRUCTURED: Final = "not a single number"
NO_VALUE: Final = "no value"
UNKNOWN_ANSWER: Final = "answer not known"

_LOINC_SYSTEMS: Final = frozenset({"LN", "LOINC", "2.16.840.1.113883.6.1", "HTTP://LOINC.ORG"})
_SNOMED_SYSTEMS: Final = frozenset({"SCT", "SNOMED", "SNOMEDCT", "SNOMED-CT"})
_MDC_UNITS: Final = {
    "MDC_DIM_BEAT_PER_MIN": "/min", "MDC_DIM_RESP_PER_MIN": "/min", "MDC_DIM_PERCENT": "%", "MDC_DIM_MMHG": "mm[Hg]", "MDC_DIM_DEGC": "Cel",
    "MDC_DIM_FAHR": "[degF]", "MDC_DIM_KILO_PASCAL": "kPa", "MDC_DIM_L_PER_MIN": "L/min", "MDC_DIM_MILLI_L": "mL", "MDC_DIM_KILO_G": "kg",
    "MDC_DIM_CENTI_M": "cm", "MDC_DIM_CM_H2O": "cm[H2O]",
}  # fmt: skip
_WITH_UNIT: Final = re.compile(r"^[<>]?=?\s*[+-]?\d+(?:[.,]\d+)?\s*[A-Za-z%°/\[]")
_COMMA: Final = re.compile(r"^[+-]?\d+,\d+$")


class Plan(NamedTuple):
    """How to read values that come with this code and unit: worked out once, used for every message after."""

    concept: Concept | None
    conversion: Conversion | None
    low: float
    high: float
    problem: str = ""
    """Why no number with this code and unit can be scored."""
    shown_unit: str = ""
    """The unit as the sender writes it for people."""
    changes: bool = False
    """True when the number kept is not the number received."""


def plan_for(code: str, unit: str, source: Source, separators: Separators) -> Plan:
    """`code` is OBX-3 and `unit` OBX-6 as received."""
    concept, loinc, implied_unit = _concept(code, source, separators)
    shown = _shown_unit(unit, separators)
    if concept is None:
        return Plan(None, None, -math.inf, math.inf, shown_unit=shown)
    if concept.is_coded:
        return Plan(concept, SAME, -math.inf, math.inf, shown_unit=shown)
    received = _unit(unit, separators) or implied_unit
    low, high = concept.plausible or (-math.inf, math.inf)
    if not received and concept.unit not in UNITLESS:
        return Plan(concept, None, low, high, NO_UNIT, shown)
    conversion = concept.conversion(received)
    if conversion is None:
        return Plan(concept, None, low, high, WRONG_UNIT, shown)
    if loinc and concept.contradicts(loinc, received):
        return Plan(concept, None, low, high, CONTRADICTION, shown)
    return Plan(concept, conversion, low, high, shown_unit=shown, changes=conversion != SAME)


def _shown_unit(unit: str, separators: Separators) -> str:
    if separators.component not in unit:
        return component_of(unit, 0, separators)
    return component_of(unit, 2 if component_of(unit, 3, separators) == "MDC" else 1, separators)


def _concept(code: str, source: Source, separators: Separators) -> tuple[Concept | None, str, str]:
    """The concept, the LOINC code if it came by one, and the unit a site's mapping implies."""
    parts = [component_of(code, number, separators) for number in range(1, 7)]
    for identifier, text, system in (parts[:3], parts[3:]):
        if not identifier and not text:
            continue
        mapped = source.codes.get(f"{identifier}^{system}") or source.codes.get(identifier) if identifier else None
        if mapped is not None:
            return concepts.BY_ID[mapped.concept], "", mapped.unit
        upper = system.upper()
        if upper in _LOINC_SYSTEMS or (not system and concepts.has_valid_check_digit(identifier)):
            if identifier in concepts.BY_LOINC:
                return concepts.BY_LOINC[identifier], identifier, ""
        elif upper == "MDC" and text in concepts.BY_MDC:
            return concepts.BY_MDC[text], "", ""
        elif upper in _SNOMED_SYSTEMS and identifier in BY_SNOMED:
            return BY_SNOMED[identifier], "", ""
    return None, "", ""


def _unit(field: str, separators: Separators) -> str:
    """The unit in OBX-6: its identifier, or for device codes the UCUM unit the reference identifier stands for."""
    if separators.component not in field:
        return component_of(field, 1, separators)
    parts = [component_of(field, number, separators) for number in range(1, 7)]
    for identifier, text, system in (parts[3:], parts[:3]):
        if system.upper() == "MDC":
            return _MDC_UNITS.get(text, "")
        if system.upper() == "UCUM" and identifier:
            return identifier
    return parts[0]


class Value(NamedTuple):
    """`number` only when it may be scored; otherwise `text` says what was sent and `problem` why it is not."""

    number: float | None = None
    text: str | None = None
    comparator: str = ""
    problem: str = ""


DELETED_VALUE: Final = Value(problem="deleted")


def value_of(kind: str, field: str, plan: Plan, source: Source, separators: Separators) -> Value:
    """OBX-5 of type OBX-2, read according to the plan."""
    if field == DELETED:
        return DELETED_VALUE
    if not field:
        return Value(problem=NO_VALUE)
    concept = plan.concept
    if concept is not None and concept.is_coded:
        return _coded(field, concept, separators)
    if kind == "SN":
        return _structured(field, plan, separators)
    if kind in ("NM", "ST", "TX", "FT", "") and concept is not None:
        return _number(component_of(field, 0, separators).strip(), plan, source)
    return Value(text=_readable(kind, field, separators))


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
    if decimal_comma and _COMMA.match(digits):
        digits = digits.replace(",", ".")
    number = plain_number(digits)
    if number is None:
        return Value(text=shown, problem=_why_not(digits))
    if plan.conversion is None:
        return Value(text=shown, problem=plan.problem)
    number = plan.conversion(number)
    if not plan.low <= number <= plan.high:
        return Value(text=shown, problem=IMPLAUSIBLE)
    return Value(number=number, comparator=comparator)


def plain_number(digits: str) -> float | None:
    """A finite decimal number as HL7 NM writes it (an exponent is read too); anything else is None."""
    if not digits or digits[-1] not in "0123456789." or digits[0] not in "0123456789.+-":
        return None
    try:
        number = float(digits)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in digits else None


def _why_not(text: str) -> str:
    if _COMMA.match(text):
        return DECIMAL_COMMA
    return UNIT_IN_VALUE if _WITH_UNIT.match(text) else NOT_A_NUMBER


def _readable(kind: str, field: str, separators: Separators) -> str:
    """Coded and text values as people read them."""
    if kind in ("CE", "CWE", "CNE", "CF"):
        return component_of(field, 2, separators) or component_of(field, 1, separators) or component_of(field, 9, separators)
    if kind in ("TX", "FT", "ST", "NM", "DT", "TM", "TS", "DTM", ""):
        return "\n".join(component_of(part, 0, separators) for part in field.split(separators.repetition))
    return component_of(field, 0, separators)
