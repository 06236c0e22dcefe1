"""Asking a capability about a patient: what the record knows is filled in, what only the asker knows is said on top of it.

Nothing is stored and nobody is alerted. Whoever may not see a fact gets an answer without it, and is told that something is missing.
"""

import asyncio
from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi import Body, Response

from wardline.api import sight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.patients import AsOf, seen
from wardline.api.shapes import asking as shapes
from wardline.core.assessment import Assessor, answer, found, is_pregnant, population_of
from wardline.core.capability import Need, Reading
from wardline.core.errors import NotFound
from wardline.core.events import Event, Found
from wardline.core.timeline import Timeline
from wardline.core.whatif import supposing
from wardline.engine.assessing import Assessments
from wardline.formats.assessment import answer_json, completed, need_known, person_said

doors = Doors("asking")
log = structlog.get_logger()


@doors.post("/api/v1/patients/{id}/assess/{capability}", who="patient.chart", about="id", answers=shapes.Asked)
async def ask(
    id: str,
    capability: str,
    seen_by: SeenBy,
    house: House,
    given: Annotated[dict[str, Any], Body(examples=[{"procedure": True}])],
    as_of: AsOf = None,
) -> Response:
    """Ask it about this patient. The body holds inputs by name; those left out come from the record, as far as they are fresh enough."""
    assessor = house.engine.assessments.askable.get(capability)
    if assessor is None:
        raise NotFound("there is no such capability here")
    need_known(assessor.capability, given)
    shown, moment = await seen(id, as_of, seen_by, house, "capability asked")
    return json_response({
        "patient": shown.timeline.about, "capability": capability, "as_of": moment, "restricted": shown.known,
        **asked(assessor, shown, moment, given, house.engine.assessments),
    })  # fmt: skip


@doors.get("/api/v1/patients/{id}/answerable", who="patient.chart", about="id", answers=shapes.Answerable)
async def answerable(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """Every question that is answered only when asked, asked with what the record knows: what comes out, or what somebody must still say."""
    shown, moment = await seen(id, as_of, seen_by, house, "capabilities asked")
    questions = []
    for assessor in house.engine.assessments.askable.values():
        if not assessor.capability.live and all(need.kind != "resources" for _, need in assessor.capability.needs):
            questions.append(_question(assessor, shown, moment, house.engine.assessments))
            await asyncio.sleep(0)  # messages are taken in between
    return json_response({"patient": shown.timeline.about, "as_of": moment, "restricted": shown.known, "questions": questions})


def _question(assessor: Assessor, shown: sight.Seen, moment: datetime, assessments: Assessments) -> dict[str, Any]:
    capability = assessor.capability
    said = {name: getattr(capability, name) for name in ("id", "title", "question", "standing")} | {"area": capability.group}
    try:
        return {**said, "answer": asked(assessor, shown, moment, {}, assessments)["answer"]}
    except Exception as error:  # one that raises must not hide the others: it says that it failed
        log.error("asking_failed", capability=capability.id, error=type(error).__name__)
        return {**said, "answer": {"outcome": "unknown", "reason": "the calculation failed; the engineers can see why"}}


def asked(assessor: Assessor, shown: sight.Seen, moment: datetime, given: dict[str, Any], assessments: Assessments) -> dict[str, Any]:
    """The answer, and where each input came from."""
    timeline, capability = shown.timeline, assessor.capability
    age, pregnant = person_said(given)
    age, pregnant = timeline.age_years(moment) if age is None else age, is_pregnant(timeline, moment) if pregnant is None else pregnant
    refusal, population = population_of(capability, age, pregnant)
    if refusal is not None:
        return {"answer": answer_json((refusal,), population), "inputs": []}
    chart = assessor.gather(_with_answers_needed(assessor, timeline, moment, assessments), moment, assessments.site)
    whole = completed(capability, chart, given)
    inputs = [
        {
            "name": name,
            "value": _plain(whole.values[name]),
            **_origin(name, need, whole.events, given, timeline, known=whole.values[name] is not None),
        }
        for name, need in capability.needs
    ]
    return {"answer": answer_json(answer(capability, whole), population), "inputs": inputs}


def _with_answers_needed(assessor: Assessor, timeline: Timeline, moment: datetime, assessments: Assessments) -> Timeline:
    """The timeline with the answers this one rests on and nobody has asked for yet (Sepsis-3 on SOFA)."""
    askable = assessments.askable
    needed = [askable[need.name] for _, need in assessor.capability.needs if need.kind == "finding" and need.name in askable]
    waiting = [each for each in needed if not each.capability.live]
    if not waiting:
        return timeline
    thinking = supposing(timeline, ())
    for each in waiting:
        for outcome in each.assess(_with_answers_needed(each, thinking, moment, assessments), moment, assessments.site):
            thinking.apply(Event(found(each.capability, outcome), timeline.about, moment, moment))
    return thinking


def _origin(name: str, need: Need, events: Any, given: dict[str, Any], timeline: Timeline, *, known: bool) -> dict[str, Any]:
    """Who says so: the asker, or the record, and then the event it stands in and when that was."""
    if given.get(name) is not None:
        return {"origin": "given"}
    if name not in events:
        return {"origin": "record" if need.kind in ("age", "sex") and known else "none"}
    measured = (event for concept in need.concepts for event in reversed(timeline.observations.of(concept.id)))
    event = next((event for event in measured if event.id == events[name]), None)
    return {"origin": "record", "at": event.occurred_at} if event is not None else {"origin": "record"}


def _plain(value: Any) -> Any:
    """As JSON: readings by their time and value, everything else by its fields."""
    match value:
        case Found():
            return value.value
        case Reading():
            return {"at": value.at, "value": value.value}
        case tuple() if hasattr(value, "_asdict"):
            return {name: _plain(each) for name, each in value._asdict().items() if each not in (None, "", 0)}
        case tuple() | list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case None | bool() | int() | float() | str() | datetime():
            return value
        case _:
            return None
