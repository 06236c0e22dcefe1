"""The site's reference ranges, by age and sex where its laboratory tells them apart.

    limits:
      haemoglobin:
        unit: g/dL
        ranges:
          - {sex: F, from_age: 15, low: 12.0, high: 15.7}
          - {sex: M, from_age: 15, low: 13.0, high: 17.0}
      potassium: {unit: mmol/L, ranges: [{low: 3.5, high: 5.0}]}

`from_age` counts, `below_age` does not any more; a range without a sex is for everybody. Two ranges for the same person are refused.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wardline.capabilities.laboratory.signed_table import Signature, conversion_of, number_of, refused, rows_of, signature_of
from wardline.core.concepts import Concept

TABLE = "reference_ranges"
_ROW, _RANGE = frozenset({"unit", "ranges"}), frozenset({"sex", "from_age", "below_age", "low", "high"})
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Range:
    """What is usual for whom, in the concept's unit."""

    low: float
    high: float
    sex: str = ""
    from_age: float = 0.0
    below_age: float = math.inf

    def fits(self, age: int | None, sex: str | None) -> bool | None:
        """None where it cannot be told: it is for some ages or one sex only, and the patient's is not known."""
        by_age = self.from_age > 0 or self.below_age < math.inf
        if (self.sex and sex is None) or (by_age and age is None):
            return None
        return (not self.sex or self.sex == sex) and (age is None or self.from_age <= age < self.below_age)

    def overlaps(self, other: "Range") -> bool:
        same_sex = not self.sex or not other.sex or self.sex == other.sex
        return same_sex and self.from_age < other.below_age and other.from_age < self.below_age


@dataclass(frozen=True, slots=True)
class ReferenceRanges:
    signature: Signature
    ranges: dict[str, tuple[Range, ...]]
    """By concept id."""


def reference_ranges(content: Any) -> ReferenceRanges:
    """Read the site's table. Raises `Refused`."""
    signature = signature_of(content, TABLE)
    return ReferenceRanges(signature, {concept.id: _ranges(concept, row) for concept, row in rows_of(content, TABLE, _ROW)})


def _ranges(concept: Concept, row: Mapping[str, Any]) -> tuple[Range, ...]:
    written = row.get("ranges")
    if not isinstance(written, list) or not written:
        raise refused(TABLE, f"the row of {concept.id} needs ranges, a list such as [{{low: 3.5, high: 5.0}}]")
    found = [_range(concept, row, each) for each in written]
    for place, one in enumerate(found):
        if any(one.overlaps(other) for other in found[:place]):
            raise refused(TABLE, f"{concept.id} has two ranges for the same person")
    return tuple(found)


def _range(concept: Concept, row: Mapping[str, Any], written: Any) -> Range:
    if not isinstance(written, Mapping) or not _RANGE.issuperset(written) or written.get("sex") not in (None, "F", "M"):
        raise refused(TABLE, f"a range of {concept.id} has low and high, and may have sex (F or M), from_age and below_age")
    conversion = conversion_of(concept, row, TABLE)
    ends = {"low": -math.inf, "high": math.inf}
    for end in ends:
        if written.get(end) is not None:
            ends[end] = round(conversion(number_of(written[end], f"{concept.id}, {end},", TABLE)), _DIGITS)
    ages = {"from_age": 0.0, "below_age": math.inf}
    for age in ages:
        if written.get(age) is not None:
            ages[age] = number_of(written[age], f"{concept.id}, {age},", TABLE)
    if ends["low"] >= ends["high"] or ages["from_age"] >= ages["below_age"] or ends == {"low": -math.inf, "high": math.inf}:
        raise refused(TABLE, f"a range of {concept.id} leaves nothing between its limits")
    return Range(ends["low"], ends["high"], str(written.get("sex") or ""), ages["from_age"], ages["below_age"])
