"""Bedside inputs that several scores read the same way: what counts as "on oxygen", and which saturation scale applies."""

from typing import Any

from wardline.core import concepts as c
from wardline.core.concepts import Concept


def on_oxygen(value: Any, concept: Concept) -> bool | None:
    """True when the patient breathes added oxygen: coded so, an inspired fraction above air's 21 %, or a flow above zero."""
    if concept is c.SUPPLEMENTAL_OXYGEN:
        return bool(value == "oxygen")
    if concept is c.INSPIRED_OXYGEN:
        return bool(value > 21)
    return bool(value > 0)


def scale_number(value: Any, concept: Concept) -> int | None:
    """1 or 2, as a clinician set it."""
    return int(value) if value in ("1", "2") else None


def whole(value: float, concept: Concept) -> int:
    return round(value)
