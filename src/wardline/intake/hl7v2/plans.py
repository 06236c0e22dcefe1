"""Reading OBX-3 and OBX-6: which concept a code means, and how numbers in this unit become numbers in the concept's unit."""

import math
from typing import Final, NamedTuple

from wardline.core import concepts
from wardline.core.concepts import Concept
from wardline.core.concepts.vocabulary import BY_SNOMED
from wardline.core.flags import CONTRADICTION, NO_UNIT, WRONG_UNIT
from wardline.core.quantities import SAME, SCALES, UNITLESS, Conversion, ucum
from wardline.formats.hl7v2.escapes import Separators
from wardline.formats.hl7v2.message import component_of
from wardline.intake.hl7v2.sources import Source

_LOINC_SYSTEMS: Final = frozenset({"LN", "LOINC", "2.16.840.1.113883.6.1", "HTTP://LOINC.ORG"})
_SNOMED_SYSTEMS: Final = frozenset({"SCT", "SNOMED", "SNOMEDCT", "SNOMED-CT"})
# IEEE 11073 reference identifiers of units; each confirmed in at least two independent public sources.
_MDC_UNITS: Final = {
    "MDC_DIM_BEAT_PER_MIN": "/min", "MDC_DIM_RESP_PER_MIN": "/min", "MDC_DIM_PERCENT": "%", "MDC_DIM_MMHG": "mm[Hg]", "MDC_DIM_DEGC": "Cel",
    "MDC_DIM_FAHR": "[degF]", "MDC_DIM_KILO_PASCAL": "kPa", "MDC_DIM_L_PER_MIN": "L/min", "MDC_DIM_X_L_PER_MIN": "L/min", "MDC_DIM_MILLI_L": "mL",
    "MDC_DIM_KILO_G": "kg", "MDC_DIM_CENTI_M": "cm", "MDC_DIM_CM_H2O": "cm[H2O]",
}  # fmt: skip


class Plan(NamedTuple):
    """How to read values that come with this code and unit: worked out once, used for every message after."""

    id: str
    """Of the concept; empty for a code nobody has mapped."""
    unit: str
    """In which the value is kept."""
    conversion: Conversion
    low: float
    high: float
    """The plausible range. Where no number can be scored it is empty: low is above high."""
    changes: bool
    """True when the number kept is not the number received."""
    shown_unit: str
    """The unit as the sender writes it for people."""
    concept: Concept | None = None
    problem: str = ""
    """Why no number with this code and unit can be scored."""


def plan_for(code: str, unit: str, source: Source, separators: Separators) -> Plan:
    """`code` is OBX-3 and `unit` OBX-6 as received."""
    concept, loinc, implied_unit = _concept(code, source, separators)
    shown = _shown_unit(unit, separators)
    if concept is None:
        return Plan("", shown, SAME, math.inf, -math.inf, False, shown)
    received = _unit(unit, separators) or implied_unit
    conversion, problem = (SAME, "") if concept.is_coded else _conversion(concept, loinc, received)
    if problem or concept.is_coded:
        return Plan(concept.id, concept.unit, conversion, math.inf, -math.inf, False, shown, concept, problem)
    low, high = concept.plausible or (-math.inf, math.inf)
    return Plan(concept.id, concept.unit, conversion, low, high, conversion != SAME, shown, concept)


def _conversion(concept: Concept, loinc: str, received: str) -> tuple[Conversion, str]:
    """From the received unit to the concept's, or why there is none."""
    if not received and concept.unit not in UNITLESS:
        return SAME, NO_UNIT
    conversion = concept.conversion(received)
    if conversion is None:
        return SAME, WRONG_UNIT
    return conversion, CONTRADICTION if loinc and concept.contradicts(loinc, received) else ""


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
    return _power(parts) or parts[0]


def _power(parts: list[str]) -> str:
    """ "10^3/uL" whose caret the sender forgot to escape, so that it arrives as two components."""
    written = f"{parts[0]}^{parts[1]}"
    return written if ucum(written) in SCALES else ""


def _shown_unit(unit: str, separators: Separators) -> str:
    if separators.component not in unit:
        return component_of(unit, 0, separators)
    parts = [component_of(unit, number, separators) for number in (1, 2, 3)]
    return parts[1] if parts[2] == "MDC" else _power(parts) or parts[0]
