"""STOW-RS: new instances over the web (PS3.18 10.5). Each is durable before it is called stored, and each has its own answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import msgspec
from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.accepting import DICOM, UnsupportedMedia
from wardline.api.dicomweb.addresses import ROOT, STUDY, base
from wardline.api.dicomweb.seeing import WRITE, StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.core.errors import NotAllowed, Refused, StorageFull
from wardline.core.images import ArrivingInstance, Stored
from wardline.formats.dicom.multipart import EndOfPart, Part, parts_of, related
from wardline.formats.dicom.part10 import Head, read_head

doors = Doors("images")
LARGEST: Final = 16 * 1024**3
"""Bytes of one request: a long study."""
HEAD: Final = 64 * 1024 + 144
"""Bytes in which a file must have said what it is."""
PIECE: Final = 1024 * 1024
# Failure Reason (PS3.18 10.5.3, PS3.3 C.14.1.1) and the statuses of C-STORE (PS3.4 B.2.3).
NOT_ALLOWED, DUPLICATE, NO_SPACE, MISMATCH, NOT_UNDERSTOOD = 0x0124, 0x0111, 0xA700, 0xA900, 0xC000
_FAILURES: Final = {"mismatch": MISMATCH, "double": DUPLICATE}
OTHER_STUDY: Final = "it belongs to another study than the address says"
DOCUMENTED: Final = {
    "answers": dict[str, Any], "largest": LARGEST, "streams": True,
    "responses": {
        202: {"description": "Some were stored", "model": dict[str, Any]}, 409: {"description": "None was stored", "model": dict[str, Any]},
        415: {"description": "Unsupported media type"},
    },
}  # fmt: skip


class Outcome(NamedTuple):
    """What became of one part."""

    head: Head | None
    stored: Stored | None = None
    failure: int = 0
    reason: str = ""


class OtherStudy(Refused):
    """The instance is not of the study it was sent to."""


@doors.post(f"{ROOT}/studies", who=WRITE, **DOCUMENTED)
async def store(request: Request, seen_by: SeenBy, house: House) -> Response:
    """Store instances: multipart/related; type="application/dicom", one DICOM file per part."""
    return await _store(request, StudySight(seen_by, house), "")


@doors.post(STUDY, who=WRITE, **DOCUMENTED)
async def store_in_study(study: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Store instances of this study; others are refused one by one."""
    return await _store(request, StudySight(seen_by, house), study)


async def _store(request: Request, sight: StudySight, study: str) -> Response:
    type = accepting.need(accepting.forms(request), accepting.JSON, "application/json")
    said = related(request.headers.get("content-type", ""))
    if said is None or said.type not in (DICOM, ""):
        raise UnsupportedMedia(f'send DICOM files as multipart/related; type="{DICOM}", with a boundary')
    outcomes: list[Outcome] = []
    try:
        async for outcome in _taken(request, sight, study, said.boundary):
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
    taking: _Taking | None = None
    try:
        async for piece in parts_of(request.stream(), boundary):
            match piece:
                case Part():
                    taking = _Taking(sight, study)
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


class _Taking:
    """One part while it arrives. Nothing of it counts before its end; after a failure the rest of it is passed over."""

    def __init__(self, sight: StudySight, study: str) -> None:
        self._sight = sight
        self._study = study
        self._held = bytearray()
        self._head: Head | None = None
        self._arriving: ArrivingInstance | None = None
        self._failed: Outcome | None = None
        self._loop = asyncio.get_running_loop()

    async def take(self, piece: bytes) -> None:
        if self._failed is not None:
            return
        self._held += piece
        if len(self._held) >= (PIECE if self._arriving is not None else HEAD):
            await self._tried(self._write)

    async def end(self) -> Outcome:
        stored: Stored | None = await self._tried(self._finish) if self._failed is None else None
        if self._failed is not None or stored is None:
            return self._failed or Outcome(self._head, failure=NOT_UNDERSTOOD)
        if stored.outcome == "quarantined":
            return Outcome(self._head, stored, _FAILURES.get(stored.code, NOT_UNDERSTOOD), stored.reason)
        return Outcome(self._head, stored)

    def abandon(self) -> None:
        if self._arriving is not None:
            self._arriving.abandon()
            self._arriving = None

    async def _tried(self, act: Any) -> Any:
        """In a thread; what goes wrong is this part's outcome and no other's."""
        try:
            return await asyncio.to_thread(act)
        except StorageFull as full:
            self._fail(NO_SPACE, str(full))
        except NotAllowed as refusal:
            self._fail(NOT_ALLOWED, str(refusal))
        except OtherStudy as refusal:
            self._fail(MISMATCH, str(refusal))
        except Refused as refusal:
            self._fail(NOT_UNDERSTOOD, str(refusal))
        await asyncio.to_thread(self.abandon)
        return None

    def _fail(self, failure: int, reason: str) -> None:
        self._failed = Outcome(self._head, None, failure, reason)

    def _write(self) -> None:
        if self._arriving is None:
            self._head = head = read_head(bytes(self._held))
            self._arriving = self._sight.house.images.begin(
                sop_class=head.sop_class, sop_instance=head.sop_instance, syntax=head.syntax, source=self._sight.person.id
            )
            del self._held[: head.length]
        self._arriving.write(bytes(self._held))
        self._held.clear()

    def _finish(self) -> Stored:
        self._write()
        assert self._arriving is not None
        arriving, self._arriving = self._arriving, None
        return arriving.finish(agree=self._agree)

    def _agree(self, study: str) -> None:
        """Called in the thread that finishes: who may what is asked in the loop, where alone the house is looked at."""
        if self._study and study != self._study:
            raise OtherStudy(OTHER_STUDY)
        asyncio.run_coroutine_threadsafe(self._may(study), self._loop).result()

    async def _may(self, study: str) -> None:
        self._sight.need_write(study)


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
