"""The site's biological variation: how far a result moves by itself, in one healthy person and in the analyser.

    limits:
      creatinine: {within_person_percent: 4.5, analytical_percent: 2.0}

Both are coefficients of variation. The analyser's is the laboratory's own; the person's comes from published studies the laboratory trusts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wardline.capabilities.laboratory.signed_table import Signature, number_of, refused, rows_of, signature_of
from wardline.core.concepts import Concept

TABLE = "biological_variation"
_FIELDS = frozenset({"within_person_percent", "analytical_percent"})
Z_95 = 1.96
"""Two-sided, 95 %."""


@dataclass(frozen=True, slots=True)
class BiologicalVariation:
    signature: Signature
    change_values: dict[str, float]
    """Reference change value in percent, by concept id."""


def biological_variation(content: Any) -> BiologicalVariation:
    """Read the site's table. Raises `Refused`."""
    signature = signature_of(content, TABLE)
    return BiologicalVariation(signature, {concept.id: _change_value(concept, row) for concept, row in rows_of(content, TABLE, _FIELDS)})


def _change_value(concept: Concept, row: Mapping[str, Any]) -> float:
    parts = [number_of(row.get(field), f"{concept.id}, {field},", TABLE) for field in ("within_person_percent", "analytical_percent")]
    if any(part < 0 for part in parts) or not any(parts):
        raise refused(TABLE, f"{concept.id} needs two percentages of 0 or more, not both 0")
    # Two measurements, each with both kinds of variation: Harris and Yasaka 1983.
    return math.sqrt(2) * Z_95 * math.hypot(*parts)
