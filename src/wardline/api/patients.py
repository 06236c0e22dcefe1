"""Patients: finding them, and everything known about one of them as of a moment."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, Field

from wardline.api import views
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import patients as shapes
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Found
from wardline.core.ports import Person
from wardline.core.timeline import Timeline
from wardline.engine.directory import Entry
from wardline.engine.past import events_as_of, timeline_as_of

doors = Doors("patients")
AsOf = Annotated[datetime | None, Query(description="Show what was known at this moment (RFC 3339 with offset); now when left out.")]
LONGEST_WINDOW = 24 * 90


class PatientOut(BaseModel):
    """One line of the patient list."""

    id: str = Field(description="The record's key; it does not contain the patient number.")
    name: str = Field(examples=["Okafor, Daniel"])
    number: str
    born: str = Field(description="ISO date, as precise as it is known.")
    sex: str
    unit: str
    bed: str
    is_in: bool


class Patients(BaseModel):
    as_of: datetime
    total: int
    patients: list[PatientOut]


@doors.get("/api/v1/patients", who="patient.read", response_model=Patients)
async def patients(
    seen_by: SeenBy,
    house: House,
    q: str = "",
    unit: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Patients:
    """Search by name, number or bed, or list a unit. Without either: everybody in the hospital."""
    directory = house.engine.house.directory
    if q:
        found = directory.search(q, limit=200)
    else:
        keys = directory.in_unit(unit) if unit else directory.inpatients()
        found = sorted(
            (entry for key in keys if (entry := directory.get(key)) is not None), key=lambda entry: (entry.unit, views.natural(entry.bed), entry.name)
        )
    if unit:
        found = [entry for entry in found if entry.unit == unit]
    await house.audit.record(seen_by.id, "patients searched" if q else "patients listed", detail=unit)
    shown = [_line(entry) for entry in found[offset : offset + limit]]
    return Patients(as_of=house.engine.house.now, total=len(found), patients=shown)


@doors.get("/api/v1/patients/{id}", who="patient.read", about="id", answers=shapes.Patient)
async def patient(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """Who and where the patient is, problems, allergies, answers of every capability, open questions."""
    timeline, moment = await seen(id, as_of, seen_by, house, "patient opened")
    return json_response(views.patient(timeline, moment, house, past=as_of is not None))


@doors.get("/api/v1/patients/{id}/timeline", who="patient.read", about="id", answers=shapes.Timeline)
async def timeline(
    id: str, seen_by: SeenBy, house: House, as_of: AsOf = None, hours: Annotated[float, Query(gt=0, le=LONGEST_WINDOW)] = 24
) -> Response:
    """Measurements, orders, drugs given, events and scores on one time axis. With `as_of`, also how much arrived only later."""
    known, moment = await seen(id, as_of, seen_by, house, "timeline opened")
    since = moment - timedelta(hours=hours)
    if as_of is None and hours <= 24 * 7 and views.is_whole(known, since):
        content = views.timeline(known, since, moment)
    else:
        whole = timeline_as_of(house.engine.log, id, as_of, house.engine.house.links)
        content = views.timeline(whole, since, moment)
    if as_of is not None:
        content["hidden"] = views.hidden(house.engine.log, house.engine.house.links, id, as_of)
    return json_response(content)


@doors.get("/api/v1/patients/{id}/findings", who="patient.read", about="id", answers=shapes.Findings)
async def findings(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None, capability: str = "") -> Response:
    """The current answers; with `capability`, that question's answers over time, what was shown then and what is true now."""
    if not capability:
        known, moment = await seen(id, as_of, seen_by, house, "findings opened")
        return json_response(
            {"patient": known.about, "as_of": moment, "findings": [views.found(event, known, moment) for event in known.answers.values()]}
        )
    _, moment = await seen(id, as_of, seen_by, house, "findings opened")
    log, links = house.engine.log, house.engine.house.links
    history = timeline_as_of(log, id, as_of, links)
    # From the log: a timeline keeps of each moment only the answer that holds.
    given = [event for event in events_as_of(log, id, as_of, links) if isinstance(event.value, Found) and event.value.capability == capability]
    given.sort(key=lambda event: (event.occurred_at, event.recorded_at))
    return json_response({"patient": history.about, "as_of": moment, "findings": [views.found(event, history, moment) for event in given]})


async def seen(id: str, as_of: datetime | None, seen_by: Person, house: Services, action: str) -> tuple[Timeline, datetime]:
    """The timeline as of a moment, and that moment. The look is in the audit trail before anything is shown."""
    if as_of is not None and as_of.tzinfo is None:
        raise Refused("as_of needs its offset, for example 2026-11-21T03:12:00Z", where="as_of")
    person = house.engine.house.survivor(id)
    if person not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    await house.audit.record(seen_by.id, action, person, **({"as_of": as_of.isoformat()} if as_of is not None else {}))
    now = house.engine.house.now
    if as_of is None:
        return house.engine.house.timeline(person), now
    moment = min(as_of, now)
    return timeline_as_of(house.engine.log, id, moment, house.engine.house.links), moment


def _line(entry: Entry) -> PatientOut:
    return PatientOut(
        id=entry.about, name=entry.name, number=entry.number, born=entry.born, sex=entry.sex, unit=entry.unit, bed=entry.bed, is_in=entry.is_in
    )
