"""Incidents: what went wrong and waits for somebody to look into it."""

from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import incidents as shapes
from wardline.core.errors import NotFound
from wardline.core.statements import Statement
from wardline.delivery.worklists.incidents import OpenIncident
from wardline.engine.house import House as Folded

doors = Doors("incidents")


class Conclusion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=1, max_length=2000, description="What came of it.")


@doors.get("/api/v1/incidents", who="incident.read", answers=shapes.Incidents)
async def incidents(seen_by: SeenBy, house: House) -> Response:
    """Those that nobody has concluded, newest first."""
    await house.audit.record(seen_by.id, "incidents opened")
    newest_first = sorted(house.incidents.open.values(), reverse=True)
    return json_response({"as_of": house.engine.house.now, "items": [_item(each, house) for each in newest_first]})


@doors.post("/api/v1/incidents/{id}/conclude", who="incident.conclude", status_code=204)
async def conclude(id: str, conclusion: Conclusion, seen_by: SeenBy, house: House) -> None:
    """Say what came of it. It leaves the list; the log keeps both."""
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 20 else 0
    incident = house.incidents.open.get(number)
    if incident is None:
        raise NotFound("this incident is not open (any more)")
    await house.audit.record(seen_by.id, "incident concluded", incident.about, incident=id)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return house.incidents.conclude(number, conclusion.note, now=now)

    await house.engine.record(decide, actor=seen_by.id)


def _item(incident: OpenIncident, house: Services) -> dict[str, Any]:
    folded = house.engine.house
    about = folded.survivor(incident.about)
    entry = folded.directory.get(about)
    return {
        "id": str(incident.id), "at": incident.at, "what": incident.what, "detail": incident.detail, "patient": about,
        "name": entry.name if entry else "", "number": entry.number if entry else "",
        "unit": entry.unit if entry else "", "bed": entry.bed if entry else "",
        "seen_by": [house.name_of(person) for person in incident.seen_by], "other": incident.other,
    }  # fmt: skip
