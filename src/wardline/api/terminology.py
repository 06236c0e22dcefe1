"""The vocabulary: what can be measured, by code, name or local name."""

from typing import Annotated, Any

from fastapi import Query, Response

from wardline.api.doors import Doors
from wardline.api.encoding import json_response
from wardline.api.shapes import terminology as shapes
from wardline.core.concepts import LOINC_NOTICE, Concept, search

doors = Doors("terminology")


@doors.get("/api/v1/terminology/search", who="system.read", answers=shapes.Concepts)
async def find(q: Annotated[str, Query(min_length=1, max_length=100)], limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Response:
    """Concepts by LOINC code, device identifier, name or common local name; the nearest first."""
    return json_response({"concepts": [_concept(each) for each in search(q, limit)], "notice": LOINC_NOTICE})


def _concept(concept: Concept) -> dict[str, Any]:
    return {
        "id": concept.id, "name": concept.name, "unit": concept.unit, "loinc": list(concept.loinc), "mdc": list(concept.mdc),
        "answers": sorted({meaning for _, meaning in concept.codes}), "plausible": concept.plausible,
    }  # fmt: skip
