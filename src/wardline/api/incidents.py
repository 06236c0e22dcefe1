"""Incidents: what went wrong and waits for somebody to look into it."""

from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import incidents as shapes
from wardline.api.sight import SUMMARY, at_a_glance
from wardline.core.errors import NotFound
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.delivery.worklists.incidents import OpenIncident
from wardline.engine.house import House as Folded
from wardline.security.consent.showing import NAMELESS

doors = Doors("incidents")


class Conclusion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=1, max_length=2000, description="What came of it.")


@doors.get("/api/v1/incidents", who="incident.read", answers=shapes.Incidents)
async def incidents(seen_by: SeenBy, house: House) -> Response:
    """Those that nobody has concluded and that you may read, newest first."""
    newest_first = [each for each in sorted(house.incidents.open.values(), reverse=True) if house.access.may(seen_by, "incident.read", each.about)]
    await house.audit.record(seen_by, "incidents opened", [house.engine.house.survivor(each.about) for each in newest_first])
    return json_response({"as_of": house.engine.house.now, "items": [_item(each, seen_by, house) for each in newest_first]})


@doors.post("/api/v1/incidents/{id}/conclude", who="incident.conclude", status_code=204)
async def conclude(id: str, conclusion: Conclusion, seen_by: SeenBy, house: House) -> None:
    """Say what came of it. It leaves the list; the log keeps both."""
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 20 else 0
    incident = house.incidents.open.get(number)
    if incident is None:
        raise NotFound("this incident is not open (any more)")
    allowed(seen_by, "incident.conclude", incident.about, house)
    await house.audit.record(seen_by.id, "incident concluded", incident.about, incident=id)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return house.incidents.conclude(number, conclusion.note, now=now)

    await house.engine.record(decide, actor=seen_by.id)


def _item(incident: OpenIncident, seen_by: Person, house: Services) -> dict[str, Any]:
    folded = house.engine.house
    about = folded.survivor(incident.about)
    entry = folded.directory.get(about)
    shown = at_a_glance(seen_by, folded.timeline(about), house) if entry is not None else None
    is_hidden = shown is not None and (shown.is_shut or shown.view is not None)
    return {
        "id": str(incident.id), "at": incident.at, "what": incident.what, "detail": SUMMARY if is_hidden else incident.detail, "patient": about,
        "name": NAMELESS.family if shown and shown.is_shut else entry.name if entry else "",
        "number": entry.number if entry and not (shown and shown.is_shut) else "",
        "unit": entry.unit if entry else "", "bed": entry.bed if entry else "",
        "seen_by": [house.name_of(person) for person in incident.seen_by], "other": incident.other,
    }  # fmt: skip
