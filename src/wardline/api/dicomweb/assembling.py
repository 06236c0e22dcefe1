"""STOW-RS of metadata with bulk data beside it (PS3.18 10.5): instances as DICOM JSON first, then their long values, each by its address.

An instance is stored as soon as its last long value is here. What waits lies in memory, so it is bounded; files of any size go as
application/dicom.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from email.message import Message
from typing import Any, Final, NamedTuple

import msgspec
from fastapi import Request

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.seeing import StudySight
from wardline.api.dicomweb.taking import NO_SPACE, NOT_UNDERSTOOD, Outcome, Taking
from wardline.core.errors import Refused
from wardline.formats.dicom.from_json import Beside, NotTaken, file_from, referred, text_of
from wardline.formats.dicom.multipart import EndOfPart, Part, parts_of
from wardline.formats.dicom.part10 import Head
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

MOST_METADATA: Final = 8 * 1024 * 1024
"""Bytes of JSON in one message: some thousand images with their headers."""
MOST_WAITING: Final = 128 * 1024 * 1024
"""Bytes of long values whose instances are not whole yet."""
MOST_NAMED: Final = 100
"""Parts that are nobody's, of which each is said."""
TOO_OFTEN: Final = f"its message names the same long values over and over, for more than {MOST_WAITING >> 20} MiB; send application/dicom"
NOT_TAKEN: Final = 0xC122
"""Referenced transfer syntax not supported (PS3.18 10.5.3, Failure Reason; read in the text of 2014)."""


async def assembled(request: Request, sight: StudySight, study: str, boundary: bytes) -> AsyncIterator[Outcome]:
    """Each instance as it has become durable, or the reason why not. Raises `ValueError` for a message that cannot be read."""
    waiting = _Waiting()
    try:
        async for part, content in _whole_parts(request, boundary, waiting):
            if part.type == accepting.JSON:
                waiting.expect(content)
            else:
                waiting.arrive(part, content)
            for attributes, beside in waiting.complete():
                yield await _stored(attributes, beside, sight, study)
            for outcome in waiting.refused():
                yield outcome
    except _TooMuch as much:
        yield Outcome(None, failure=NO_SPACE, reason=str(much))
    for attributes, beside in waiting.rest():
        yield await _stored(attributes, beside, sight, study)
    for location in waiting.nobodys:
        yield Outcome(None, failure=NOT_UNDERSTOOD, reason=f"no instance of the message refers to {location[:100]}")


class _TooMuch(Refused):
    """More than may wait in memory; nothing behind it is read."""


async def _whole_parts(request: Request, boundary: bytes, waiting: "_Waiting") -> AsyncIterator[tuple[Part, bytes]]:
    part, held = Part({}), bytearray()
    async for piece in parts_of(request.stream(), boundary):
        match piece:
            case Part():
                part, held = piece, bytearray()
            case EndOfPart():
                yield part, bytes(held)
            case bytes():
                held += piece
                if part.type == accepting.JSON and waiting.metadata + len(held) > MOST_METADATA:
                    raise _TooMuch(f"the metadata has more than {MOST_METADATA >> 20} MiB; send fewer instances at a time", code="dicom")
                if waiting.size + len(held) > MOST_WAITING:
                    raise _TooMuch(f"more than {MOST_WAITING >> 20} MiB wait for their instances; send application/dicom", code="dicom")


class _Instance(NamedTuple):
    """One that was said, and what of it has not come."""

    attributes: dict[str, Any]
    refers: tuple[str, ...]
    """Addresses of its long values, each as often as it is named."""
    lacks: set[str]


class _Waiting:
    """Instances that are not whole yet, and the values that have come for them. A part costs what waits for it, not everything that waits."""

    def __init__(self) -> None:
        self._lacking: dict[int, _Instance] = {}
        self._whole: list[_Instance] = []
        self._wait_for: dict[str, list[_Instance]] = {}
        self._users: Counter[str] = Counter()
        self._values: dict[str, Beside] = {}
        self._again = 0
        """Bytes that were named once more, after they were used."""
        self._refused: list[Outcome] = []
        self.nobodys: list[str] = []
        self.size = self.metadata = 0

    def expect(self, content: bytes) -> None:
        """A list of instances as DICOM JSON. Raises `ValueError` for what is none."""
        self.metadata += len(content)
        try:
            said = msgspec.json.decode(content, type=list[dict[str, Any]])
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError(f"the metadata is no list of instances as DICOM JSON: {error}") from None
        for each in said:
            try:
                self._expect(each, tuple(referred(each)))
            except Refused as refusal:
                self._refused.append(Outcome(None, failure=NOT_UNDERSTOOD, reason=str(refusal)))

    def _expect(self, attributes: dict[str, Any], refers: tuple[str, ...]) -> None:
        instance = _Instance(attributes, refers, set(refers) - self._values.keys())
        self._users.update(set(refers))
        for location in instance.lacks:
            self._wait_for.setdefault(location, []).append(instance)
        if instance.lacks:
            self._lacking[id(instance)] = instance
        else:
            self._whole.append(instance)

    def refused(self) -> list[Outcome]:
        """Those that are none, once."""
        found, self._refused = self._refused, []
        return found

    def arrive(self, part: Part, content: bytes) -> None:
        location = part.headers.get("content-location", "").strip()
        if location not in self._wait_for and location not in self._values:
            if len(self.nobodys) < MOST_NAMED:
                self.nobodys.append(location)
            return
        said = Message()
        said["content-type"] = part.headers.get("content-type", "")
        self._let_go(location)
        self.size += len(content)
        self._values[location] = Beside(content, part.type, str(said.get_param("transfer-syntax") or ""))
        for instance in self._wait_for.pop(location, ()):
            instance.lacks.discard(location)
            if not instance.lacks:
                self._whole.append(self._lacking.pop(id(instance)))

    def complete(self) -> Iterator[tuple[dict[str, Any], dict[str, Beside]]]:
        """Those that are whole; what only they needed is let go."""
        whole, self._whole = self._whole, []
        for instance in whole:
            beside = {location: self._values[location] for location in instance.refers}
            self._again += sum(len(beside[location].content) for location in instance.refers) - self._used(beside)
            if self._again > MOST_WAITING:
                self._refused.append(Outcome(None, failure=NO_SPACE, reason=TOO_OFTEN))
                continue
            yield instance.attributes, beside

    def _used(self, beside: dict[str, Beside]) -> int:
        """Bytes of values that an instance was the last to need."""
        last = [location for location in beside if self._users[location] == 1]
        self._users.subtract(beside.keys())
        for location in last:
            self._let_go(location)
        return sum(len(beside[location].content) for location in last)

    def _let_go(self, location: str) -> None:
        gone = self._values.pop(location, None)
        self.size -= len(gone.content) if gone is not None else 0

    def rest(self) -> Iterator[tuple[dict[str, Any], dict[str, Beside]]]:
        """Those of which something never came."""
        return ((instance.attributes, {}) for instance in self._lacking.values())


async def _stored(attributes: dict[str, Any], beside: dict[str, Beside], sight: StudySight, study: str) -> Outcome:
    """As if it had come as a file."""
    head = Head(text_of(attributes, "00080016"), text_of(attributes, "00080018"), EXPLICIT_LITTLE, 0)
    try:
        file = await asyncio.to_thread(file_from, attributes, beside, sight.person.id)
    except Refused as refusal:
        is_named = head.sop_class and head.sop_instance
        return Outcome(head if is_named else None, None, NOT_TAKEN if isinstance(refusal, NotTaken) else NOT_UNDERSTOOD, str(refusal))
    taking = Taking(sight, study)
    try:
        await taking.take(file)
        return await taking.end()
    finally:
        await asyncio.to_thread(taking.abandon)
