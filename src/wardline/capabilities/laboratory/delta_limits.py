"""The site's delta limits: how far a result may lie from the one before.

    limits:
      potassium: {by: 1.5, unit: mmol/L, within_hours: 24}
      creatinine: {by_percent: 50, within_hours: 72}

`by` is a difference, `by_percent` a share of the earlier value; more than that is a delta.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wardline.capabilities.laboratory.signed_table import Signature, conversion_of, number_of, refused, rows_of, signature_of
from wardline.core.concepts import Concept
from wardline.core.quantities import plain

TABLE = "delta_limits"
LONGEST = timedelta(days=30)
_FIELDS = frozenset({"by", "by_percent", "unit", "within_hours"})
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Delta:
    """The largest change that passes, as a difference in the concept's unit or as a percentage; exactly one of them."""

    by: float | None
    by_percent: float | None
    within: timedelta
    words: str

    def is_exceeded(self, before: float, after: float) -> bool:
        change = round(abs(after - before), _DIGITS)
        if self.by is not None:
            return change > self.by
        return round(100 * change, _DIGITS) > round((self.by_percent or 0.0) * before, _DIGITS)


@dataclass(frozen=True, slots=True)
class DeltaLimits:
    signature: Signature
    limits: dict[str, Delta]
    """By concept id."""


def delta_limits(content: Any) -> DeltaLimits:
    """Read the site's table. Raises `Refused`."""
    signature = signature_of(content, TABLE)
    return DeltaLimits(signature, {concept.id: _delta(concept, row) for concept, row in rows_of(content, TABLE, _FIELDS)})


def _delta(concept: Concept, row: Any) -> Delta:
    if (row.get("by") is None) is (row.get("by_percent") is None):
        raise refused(TABLE, f"the row of {concept.id} needs either by or by_percent")
    hours = number_of(row.get("within_hours"), f"{concept.id}, within_hours,", TABLE)
    within = timedelta(hours=hours)
    if not timedelta() < within <= LONGEST:
        raise refused(TABLE, f"{concept.id}, within_hours, must be above 0 and at most {LONGEST / timedelta(hours=1):g}")
    if row.get("by_percent") is not None:
        percent = number_of(row["by_percent"], f"{concept.id}, by_percent,", TABLE)
        return Delta(None, percent, within, f"more than {plain(percent)} % within {plain(hours)} hours")
    written = number_of(row["by"], f"{concept.id}, by,", TABLE)
    by = round(conversion_of(concept, row, TABLE).factor * written, _DIGITS)
    return Delta(by, None, within, f"more than {plain(written)} {row['unit']} within {plain(hours)} hours")
