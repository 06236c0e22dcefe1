"""Patients: finding them, and everything known about one of them as of a moment."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api import sight, views
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import patients as shapes
from wardline.api.sight import Seen
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Found
from wardline.core.people import Person
from wardline.engine.directory import Entry
from wardline.engine.past import events_as_of, timeline_as_of
from wardline.security.authorisation.deciding import BREAK_GLASS
from wardline.security.authorisation.fields import trimmed
from wardline.security.consent.showing import NAMELESS

doors = Doors("patients")
AsOf = Annotated[datetime | None, Query(description="Show what was known at this moment (RFC 3339 with offset); now when left out.")]
LONGEST_WINDOW = 24 * 90
MOST = 200
EARLIEST_YEAR = 1900


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
    outside: str | None = Field(None, description="The record is not one of yours: why nothing more is said, and what opens it.")


class Patients(BaseModel):
    as_of: datetime
    total: int
    patients: list[PatientOut]


class Search(BaseModel):
    """Words that name somebody: in the body of a request, because addresses stay in histories and logs (ASVS 14.2.1)."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(min_length=1, max_length=200, description="A name, a number or a bed.", examples=["okafor"])
    unit: str = Field("", description="Only in this unit.")
    offset: int = Field(0, ge=0)
    limit: int = Field(50, ge=1, le=MOST)


@doors.get("/api/v1/patients", who="patient.read", response_model=Patients)
async def patients(
    seen_by: SeenBy,
    house: House,
    q: Annotated[str, Query(include_in_schema=False)] = "",
    unit: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Patients:
    """A unit's patients, or everybody in the hospital. Only those you may see. Searching has a door of its own."""
    if q:
        raise Refused("search with POST /api/v1/patients/search: what names a patient does not belong into an address", where="q")
    directory = house.engine.house.directory
    keys = directory.in_unit(unit) if unit else directory.inpatients()
    found = [entry for key in keys if (entry := directory.get(key)) is not None]
    mine = [entry for entry in found if house.access.may(seen_by, "patient.read", entry.about)]
    mine.sort(key=lambda entry: (entry.unit, views.natural(entry.bed), entry.name))
    shut = _shut(mine, seen_by, house)
    shown = [_line(entry, is_shut=entry.about in shut) for entry in mine[offset : offset + limit]]
    await house.audit.record(seen_by, "patients listed", [line.id for line in shown], detail=unit)
    return Patients(as_of=house.engine.house.now, total=len(mine), patients=shown)


@doors.post("/api/v1/patients/search", who="patient.read", response_model=Patients)
async def search(wanted: Search, seen_by: SeenBy, house: House) -> Patients:
    """Find patients by name, number or bed. Only those you may see.

    The whole number of somebody else's patient gives one line that says no more than that: so that they are found in an emergency.
    """
    number = wanted.q.strip()
    found = [each for each in house.engine.house.directory.search(wanted.q, limit=MOST) if not wanted.unit or each.unit == wanted.unit]
    mine = [entry for entry in found if house.access.may(seen_by, "patient.read", entry.about)]
    shut = _shut(mine, seen_by, house)
    mine = [entry for entry in mine if entry.about not in shut or entry.number == number]
    outside = [entry for entry in found if entry.number == number and entry not in mine]
    shown = [_line(entry, is_shut=entry.about in shut) for entry in mine[wanted.offset : wanted.offset + wanted.limit]]
    shown += [line for entry in outside if (line := _outside(entry, seen_by, house))]
    await house.audit.record(seen_by, "patients searched", [line.id for line in shown], detail=wanted.unit)
    return Patients(as_of=house.engine.house.now, total=max(len(mine), len(shown)), patients=shown)


def _shut(entries: list[Entry], seen_by: Person, house: Services) -> set[str]:
    """Those of them whose whole record is closed to this person."""
    return {entry.about for entry in entries if sight.closed(seen_by, entry.about, house) is not None}


@doors.get("/api/v1/patients/{id}", who="patient.read", about="id", answers=shapes.Patient)
async def patient(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """Who and where the patient is, problems, allergies, answers of every capability, open questions."""
    shown, moment = await seen(id, as_of, seen_by, house, "patient opened")
    timeline = shown.timeline
    content = views.patient(timeline, moment, house, past=as_of is not None) | {"emergency": emergency_of(timeline.about, seen_by, house)}
    content |= {"restricted": shown.known}
    return json_response(trimmed(content, "patient.read", lambda action: house.access.may(seen_by, action, timeline.about)))


@doors.get("/api/v1/patients/{id}/timeline", who="patient.chart", about="id", answers=shapes.Timeline)
async def timeline(
    id: str, seen_by: SeenBy, house: House, as_of: AsOf = None, hours: Annotated[float, Query(gt=0, le=LONGEST_WINDOW)] = 24
) -> Response:
    """Measurements, orders, drugs given, events and scores on one time axis. With `as_of`, also how much arrived only later."""
    shown, moment = await seen(id, as_of, seen_by, house, "timeline opened")
    since = moment - timedelta(hours=hours)
    if as_of is not None or hours > 24 * 7 or not views.is_whole(shown.timeline, since):
        shown = sight.seen_by(seen_by, timeline_as_of(house.engine.log, id, as_of, house.engine.house.links), house)
    content = views.timeline(shown.timeline, since, moment)
    if as_of is not None:
        content["hidden"] = _recorded_later(id, as_of, seen_by, house)
    return json_response(content)


@doors.get("/api/v1/patients/{id}/findings", who="patient.chart", about="id", answers=shapes.Findings)
async def findings(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None, capability: str = "") -> Response:
    """The current answers; with `capability`, that question's answers over time, what was shown then and what is true now."""
    if not capability:
        shown, moment = await seen(id, as_of, seen_by, house, "findings opened")
        known = shown.timeline
        return json_response(
            {"patient": known.about, "as_of": moment, "findings": [views.found(event, known, moment) for event in known.answers.values()]}
        )
    _, moment = await seen(id, as_of, seen_by, house, "findings opened")
    log, links = house.engine.log, house.engine.house.links
    # From the log: a timeline keeps of each moment only the answer that holds.
    answers = [event for event in events_as_of(log, id, as_of, links) if isinstance(event.value, Found)]
    shown = sight.seen_by(seen_by, timeline_as_of(log, id, as_of, links), house, answers)
    history = shown.timeline
    given = [event for event in answers if event.value.capability == capability and not shown.hides(event)]
    given.sort(key=lambda event: (event.occurred_at, event.recorded_at))
    return json_response({"patient": history.about, "as_of": moment, "findings": [views.found(event, history, moment) for event in given]})


async def seen(id: str, as_of: datetime | None, seen_by: Person, house: Services, action: str) -> tuple[Seen, datetime]:
    """What the person may see of the patient as of a moment, and that moment. The look is in the audit trail before anything is shown.

    What is sensitive today is hidden in the past as well: whoever looks, looks now.
    """
    if as_of is not None and as_of.tzinfo is None:
        raise Refused("as_of needs its offset, for example 2026-11-21T03:12:00Z", where="as_of")
    if as_of is not None and as_of.year < EARLIEST_YEAR:  # whoever looks so far back finds nothing, and no window begins before time does
        raise Refused(f"as_of is before {EARLIEST_YEAR}", where="as_of")
    person = house.engine.house.survivor(id)
    if person not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    sight.need_open(seen_by, person, house)
    await house.audit.record(seen_by, action, person, **({"as_of": as_of.isoformat()} if as_of is not None else {}))
    now = house.engine.house.now
    if as_of is None:
        return sight.seen_by(seen_by, house.engine.house.timeline(person), house), now
    moment = min(as_of, now)
    return sight.seen_by(seen_by, timeline_as_of(house.engine.log, id, moment, house.engine.house.links), house), moment


def _recorded_later(id: str, as_of: datetime, seen_by: Person, house: Services) -> dict[str, int]:
    """How much was recorded only after the moment that is shown, without what the person may not see: a count tells, too."""
    log, links = house.engine.log, house.engine.house.links
    shown = sight.seen_by(seen_by, timeline_as_of(log, id, None, links), house)
    return views.hidden(log, links, id, as_of, lambda event: not shown.hides(event))


def emergency_of(about: str, seen_by: Person, house: Services) -> dict[str, Any] | None:
    """What the person has open of this patient in an emergency, for the banner that says so."""
    survivor, now = house.engine.house.survivor, house.emergencies.now()
    mine = (grant for grant in house.emergencies.kept.open_of(seen_by.id, now) if survivor(grant.about) == about)
    return next(({"id": grant.id, "until": grant.until, "seconds_left": (grant.until - now).total_seconds()} for grant in mine), None)


def _outside(entry: Entry, seen_by: Person, house: Services) -> PatientOut | None:
    """Somebody else's patient, found by their whole number by somebody who may open records in an emergency."""
    decision = house.access.decide(seen_by, "patient.read", entry.about)
    if decision.remedy != BREAK_GLASS:
        return None
    return PatientOut(id=entry.about, name="", number=entry.number, born="", sex="", unit="", bed="", is_in=False, outside=decision.reason)


def _line(entry: Entry, *, is_shut: bool = False) -> PatientOut:
    if is_shut:
        shown = {"name": NAMELESS.family, "number": "", "born": "", "sex": ""}
        return PatientOut(id=entry.about, unit=entry.unit, bed=entry.bed, is_in=entry.is_in, **shown)
    return PatientOut(
        id=entry.about, name=entry.name, number=entry.number, born=entry.born, sex=entry.sex, unit=entry.unit, bed=entry.bed, is_in=entry.is_in
    )
