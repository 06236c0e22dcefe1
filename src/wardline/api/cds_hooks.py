"""CDS Hooks 2.0: an EHR asks at a moment of its workflow, and shows the cards it is answered with to the person who must act."""

import asyncio
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from fastapi import Request, Response
from pydantic import BaseModel, Field, ValidationError

from wardline.api.doors import LARGEST_BODY, OPEN, PROBLEMS, Doors, House
from wardline.api.encoding import json_response
from wardline.api.hooks.answering import answered
from wardline.api.hooks.calling import caller_of
from wardline.api.hooks.looking import look
from wardline.api.services import Services
from wardline.api.shapes import cds_hooks as shapes
from wardline.core.errors import NotFound, Refused
from wardline.core.events import AdviceAnswered
from wardline.core.statements import Statement
from wardline.delivery.hooks.services import Service
from wardline.formats.cds_hooks.cards import whole
from wardline.formats.cds_hooks.request import read

doors: Final = Doors("CDS Hooks")
PATH: Final = "/cds-services"
SAID: Final[dict[int | str, dict[str, Any]]] = {404: PROBLEMS[404], 412: {**PROBLEMS[404], "description": "Not enough to go on"}}


class Coding(BaseModel):
    code: str = Field(max_length=100)
    system: str = Field("", max_length=300)
    display: str = Field("", max_length=300)


class OverrideReason(BaseModel):
    reason: Coding | None = None
    userComment: str = Field("", max_length=1000)  # noqa: N815 - named by CDS Hooks


class AcceptedSuggestion(BaseModel):
    id: str = Field(max_length=200)


class FeedbackItem(BaseModel):
    """What somebody made of one card."""

    card: str = Field(max_length=100, description="The card's uuid.")
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: list[AcceptedSuggestion] = Field([], max_length=50)  # noqa: N815
    overrideReason: OverrideReason | None = None  # noqa: N815
    outcomeTimestamp: datetime | None = None  # noqa: N815


class Feedback(BaseModel):
    feedback: list[FeedbackItem] = Field(min_length=1, max_length=200)


@doors.get(PATH, who=OPEN, answers=shapes.Discovery)
async def discovery(house: House) -> Response:
    """Every service, by hook, with what it would like to be sent along. Says nothing about anybody."""
    return json_response({"services": [whole(each.described()) for each in house.hooks.services.values()]})


@doors.post(f"{PATH}/{{service}}", who=OPEN, answers=shapes.Cards, largest=LARGEST_BODY, responses=SAID)
async def call(service: str, request: Request, house: House) -> Response:
    """Ask it. An EHR comes with a token it signed for this address, a person of ours with their own. 412: not enough to go on."""
    caller = await caller_of(request, house)
    asked = _service(service, house)
    wanted = read(await _content(request), asked.hook)
    looked = await look(wanted, asked, caller, house)
    if looked.is_ours:  # that the record was opened is in the trail already
        return json_response(await answered(wanted, asked, looked, caller, house))
    traced = house.audit.record(caller.person, "asked at a hook about somebody elsewhere", detail=asked.id, user=wanted.user[:100])
    answer, _ = await asyncio.gather(answered(wanted, asked, looked, caller, house), traced)
    return json_response(answer)


@doors.post(f"{PATH}/{{service}}/feedback", who=OPEN, answers=shapes.Taken, largest=LARGEST_BODY, responses=SAID)
async def feedback(service: str, request: Request, house: House) -> Response:
    """What became of cards: accepted, or overridden and why. May be said again; the last word counts. Unknown cards refuse the whole."""
    caller = await caller_of(request, house)
    _service(service, house)
    told = _told(await _content(request))
    given = {each.card: house.hooks.advice.card(each.card) for each in told.feedback}
    unknown = sorted(card for card, known in given.items() if known is None)
    if unknown:
        raise Refused(f"there is no card {unknown[0]!r} (any more); nothing of this was kept", where="feedback")
    abouts = sorted({known.about for known in given.values() if known is not None})
    await house.audit.record(caller.person, "feedback on advice", [each for each in abouts if each in house.engine.house.directory], detail=service)

    def decide(folded: Any, now: datetime) -> list[Statement]:
        return [Statement(_answer(each), known.about, now) for each in told.feedback if (known := given[each.card]) is not None]

    await house.engine.record(decide, actor=caller.person.id)
    return json_response({})


async def _content(request: Request) -> Any:
    """Read only once it is known who sends it."""
    try:
        return msgspec.json.decode(await request.body())  # unlike json, it knows no NaN and no infinity
    except (msgspec.MsgspecError, RecursionError):
        raise Refused("the request is not JSON") from None


def _told(content: Any) -> Feedback:
    try:
        return Feedback.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Refused(f"{where}: {first['msg']}", where=where) from None


def _service(id: str, house: Services) -> Service:
    found = house.hooks.services.get(id)
    if found is None:
        raise NotFound("there is no such service; GET /cds-services lists them")
    return found


def _answer(told: FeedbackItem) -> AdviceAnswered:
    why = told.overrideReason
    reason = why.reason.code if why is not None and why.reason is not None else ""
    accepted = tuple(each.id for each in told.acceptedSuggestions)
    return AdviceAnswered(told.card, told.outcome, reason, why.userComment if why is not None else "", accepted, told.outcomeTimestamp)
