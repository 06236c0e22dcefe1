"""STOW-RS: new instances over the web (PS3.18 10.5). Each is durable before it is called stored, and each has its own answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.accepting import DICOM, UnsupportedMedia
from wardline.api.dicomweb.addresses import ROOT, STUDY, base
from wardline.api.dicomweb.assembling import assembled
from wardline.api.dicomweb.seeing import WRITE, StudySight
from wardline.api.dicomweb.taking import NOT_UNDERSTOOD, Outcome, Taking
from wardline.api.doors import Doors, House, SeenBy
from wardline.core.errors import Refused
from wardline.core.images import Stored
from wardline.formats.dicom.multipart import EndOfPart, Part, parts_of, related
from wardline.formats.dicom.part10 import Head

doors = Doors("images")
LARGEST: Final = 16 * 1024**3
"""Bytes of one request: a long study."""
DOCUMENTED: Final = {
    "answers": dict[str, Any], "largest": LARGEST, "streams": True,
    "responses": {
        202: {"description": "Some were stored", "model": dict[str, Any]}, 409: {"description": "None was stored", "model": dict[str, Any]},
        415: {"description": "Unsupported media type"},
    },
}  # fmt: skip


@doors.post(f"{ROOT}/studies", who=WRITE, **DOCUMENTED)
async def store(request: Request, seen_by: SeenBy, house: House) -> Response:
    """Store instances: multipart/related; type="application/dicom", one DICOM file per part; or "application/dicom+json" with bulk data beside it."""
    return await _store(request, StudySight(seen_by, house), "")


@doors.post(STUDY, who=WRITE, **DOCUMENTED)
async def store_in_study(study: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Store instances of this study; others are refused one by one."""
    return await _store(request, StudySight(seen_by, house), study)


async def _store(request: Request, sight: StudySight, study: str) -> Response:
    type = accepting.need(accepting.forms(request), accepting.JSON, "application/json")
    said = related(request.headers.get("content-type", ""))
    if said is None or said.type not in (DICOM, accepting.JSON, ""):
        raise UnsupportedMedia(f'send DICOM files as multipart/related; type="{DICOM}", or metadata as type="{accepting.JSON}", with a boundary')
    outcomes: list[Outcome] = []
    coming = assembled if said.type == accepting.JSON else _taken
    try:
        async for outcome in coming(request, sight, study, said.boundary):
            outcomes.append(outcome)  # noqa: PERF401 - what came before a failure counts
    except ValueError as error:
        if not outcomes:
            raise Refused(f"the message cannot be read: {error}") from None
        outcomes.append(Outcome(None, failure=NOT_UNDERSTOOD, reason=str(error)))  # what came before is stored, and that is said
    except ClientDisconnect:
        outcomes.append(Outcome(None, failure=NOT_UNDERSTOOD, reason="the message was broken off"))
    if not outcomes:
        raise Refused("there is no instance in the message")
    await _say(sight, outcomes)
    return _answer(outcomes, f"{base(request, sight.house)}/studies", type)


async def _say(sight: StudySight, outcomes: list[Outcome]) -> None:
    """To whoever files studies, and to the trail."""
    house = sight.house
    stored = [each.stored for each in outcomes if each.stored is not None and not each.failure]
    records = sorted({record for each in stored if (record := sight.record_of(each.study))})
    await house.audit.record(sight.person, WRITE, records, stored=str(len(stored)), refused=str(len(outcomes) - len(stored)))
    house.filing.nudge()


async def _taken(request: Request, sight: StudySight, study: str, boundary: bytes) -> AsyncIterator[Outcome]:
    """Each part as it has become durable, or the reason why not."""
    taking: Taking | None = None
    try:
        async for piece in parts_of(request.stream(), boundary):
            match piece:
                case Part():
                    taking = Taking(sight, study)
                case EndOfPart() if taking is not None:
                    outcome, taking = await taking.end(), None
                    yield outcome
                case bytes() if taking is not None:
                    await taking.take(piece)
                case _:
                    pass
    finally:
        if taking is not None:
            await asyncio.to_thread(taking.abandon)


def _answer(outcomes: list[Outcome], studies: str, type: str) -> Response:
    """PS3.18 10.5.3: what was stored and what was not, each with its reason."""
    done = [_done(each.stored, each.head, studies) for each in outcomes if each.stored is not None and each.head is not None and not each.failure]
    failed = [_failed(each.head, each.failure) for each in outcomes if each.failure and each.head is not None]
    others = [{"00081197": {"vr": "US", "Value": [each.failure]}} for each in outcomes if each.failure and each.head is None]
    of = {each.stored.study for each in outcomes if each.stored is not None and not each.failure}
    content: dict[str, Any] = {"00081190": {"vr": "UR", "Value": [f"{studies}/{next(iter(of))}"]}} if len(of) == 1 else {}
    for tag, items in (("00081198", failed), ("00081199", done), ("0008119A", others)):
        if items:
            content[tag] = {"vr": "SQ", "Value": items}
    reasons = {each.reason for each in outcomes if each.failure}
    why = {"Warning": f'299 wardline "{_plain(min(reasons))}"'} if reasons else None
    status = 200 if not reasons else 202 if done else 409
    return Response(msgspec.json.encode(content), status, headers=why, media_type=type)


def _done(stored: Stored, head: Head, studies: str) -> dict[str, Any]:
    where = f"{studies}/{stored.study}/series/{stored.series}/instances/{stored.instance}"
    return {**_named(head), "00081190": {"vr": "UR", "Value": [where]}}


def _failed(head: Head | None, failure: int) -> dict[str, Any]:
    return {**(_named(head) if head is not None else {}), "00081197": {"vr": "US", "Value": [failure]}}


def _named(head: Head) -> dict[str, Any]:
    return {"00081150": {"vr": "UI", "Value": [head.sop_class]}, "00081155": {"vr": "UI", "Value": [head.sop_instance]}}


def _plain(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else " " for letter in text)[:300]
