"""The site's critical limits, and whether a result lies beyond one.

    limits:
      potassium: {below: 2.8, above: 6.2, unit: mmol/L}
      lactate: {above: 3.4, unit: mmol/L}
      platelets:          # left empty until the site has decided

A result is critical below `below` and above `above`; at the limit itself it is not.
"""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Any

from wardline.capabilities.laboratory.signed_table import Signature, conversion_of, number_of, refused, rows_of, signature_of
from wardline.core.concepts import Concept
from wardline.core.quantities import plain

TABLE = "critical_limits"
_FIELDS = frozenset({"below", "above", "unit"})
_DIGITS = 6
"""Numbers are compared after rounding to so many decimals: 66 g/L and 6.6 g/dL are the same limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Critical below and above, in the concept's unit, and as the site wrote it."""

    below: float = -math.inf
    above: float = math.inf
    below_words: str = ""
    above_words: str = ""


@dataclass(frozen=True, slots=True)
class CriticalLimits:
    signature: Signature
    limits: dict[str, Limit]
    """By concept id."""


class Verdict(Enum):
    """What a limit says about a result. A result with a comparator ("<5.0") may leave it open."""

    LOW = "low"
    HIGH = "high"
    WITHIN = "within"
    OPEN = "open"


def critical_limits(content: Any) -> CriticalLimits:
    """Read the site's table. Raises `Refused`."""
    signature = signature_of(content, TABLE)
    limits = {}
    for concept, row in rows_of(content, TABLE, _FIELDS):
        if row.get("below") is not None or row.get("above") is not None:
            limits[concept.id] = _limit(concept, row)
    return CriticalLimits(signature, limits)


def _limit(concept: Concept, row: Any) -> Limit:
    conversion = conversion_of(concept, row, TABLE)
    numbers, words = {"below": -math.inf, "above": math.inf}, {"below": "", "above": ""}
    for side in ("below", "above"):
        if row.get(side) is None:
            continue
        written = number_of(row[side], f"{concept.id}, {side},", TABLE)
        numbers[side] = round(conversion(written), _DIGITS)
        same = plain(numbers[side]) == plain(written)
        words[side] = f"{side} {plain(written)} {row['unit']}{'' if same else f' ({plain(numbers[side])} {concept.unit})'}"
    if numbers["below"] >= numbers["above"]:
        raise refused(TABLE, f"the limits of {concept.id} leave nothing between them")
    return Limit(numbers["below"], numbers["above"], words["below"], words["above"])


def verdict_of(limit: Limit, value: float, comparator: str = "") -> Verdict:
    """Where the result lies for certain. "<1.1" is below a limit of 2.6; "<5.0" may be or not; ">5.0" cannot be."""
    value = round(value, _DIGITS)
    low, high = _span(value, comparator)
    # "<5" reaches up to 5 without touching it, so below a limit of 5 it is certain; "<=5" is not.
    if high < limit.below or (high == limit.below and comparator == "<"):
        return Verdict.LOW
    if low > limit.above or (low == limit.above and comparator == ">"):
        return Verdict.HIGH
    may_be_low = low < limit.below
    may_be_high = high > limit.above
    return Verdict.OPEN if may_be_low or may_be_high else Verdict.WITHIN


def _span(value: float, comparator: str) -> tuple[float, float]:
    """The ends between which the true value lies."""
    match comparator:
        case "<" | "<=":
            return -math.inf, value
        case ">" | ">=":
            return value, math.inf
        case _:
            return value, value
