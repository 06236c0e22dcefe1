"""WADO-RS: whole instances, frames, bulk data and metadata of studies somebody may see (PS3.18 10.4).

Metadata was made ready when the images came, so that an answer for a whole study is joined from bytes. Pixels leave as they are
stored, or decoded in a worker process; nothing is decoded here.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.accepting import DICOM, NotAcceptable
from wardline.api.dicomweb.addresses import FRAMES, INSTANCE, SERIES, STUDY, base
from wardline.api.dicomweb.seeing import READ, UNKNOWN, StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import NotFound, Refused
from wardline.formats.dicom.media import EXPLICIT, WORDS
from wardline.formats.dicom.multipart import end_of, head_of
from wardline.formats.dicom.scanning import BULK

doors = Doors("images")
MOST_FRAMES: Final = 1_000
"""Frames one request may name."""
LARGEST_DECODED: Final = 512 * 1024 * 1024
"""Bytes of an object that is handed to a worker; a larger one goes out as it is stored, frame by frame or piece by piece."""
_REFERS: Final = re.compile(b'"BulkDataURI":"' + re.escape(BULK.encode()) + b'([^"]*)"')
"""The path of a value within a sequence has slashes; as one part of an address it has dots."""
# A look at a study is one line of the trail, not one for each of its frames, and hundreds of requests: the rooms write the line
# themselves (`looked`), and each request counts as a piece.
LOOK: Final[dict[str, Any]] = {"who": READ, "traceless": True, "pieces": True}
IN_PARTS: Final[dict[str, Any]] = {
    **LOOK, "responses": {
        200: {"content": {accepting.RELATED: {"schema": {"type": "string", "format": "binary"}}}}, 406: {"description": "Not acceptable"}
    }
}  # fmt: skip
JSON: Final[dict[str, Any]] = {**LOOK, "answers": list[dict[str, Any]], "responses": {406: {"description": "Not acceptable"}}}


@doors.get(f"{STUDY}/metadata", **JSON)
async def study_metadata(study: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """What every instance of a study says beside its pixels, as DICOM JSON."""
    return await _metadata(request, StudySight(seen_by, house), study)


@doors.get(f"{SERIES}/metadata", **JSON)
async def series_metadata(study: str, series: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The same of one series."""
    return await _metadata(request, StudySight(seen_by, house), study, series)


@doors.get(f"{INSTANCE}/metadata", **JSON)
async def instance_metadata(study: str, series: str, instance: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The same of one instance."""
    return await _metadata(request, StudySight(seen_by, house), study, series, instance)


@doors.get(STUDY, **IN_PARTS)
async def whole_study(study: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Every instance of a study."""
    return await _instances(request, StudySight(seen_by, house), study)


@doors.get(SERIES, **IN_PARTS)
async def whole_series(study: str, series: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Every instance of a series."""
    return await _instances(request, StudySight(seen_by, house), study, series)


@doors.get(INSTANCE, **IN_PARTS)
async def one_instance(study: str, series: str, instance: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """One instance, as a DICOM file."""
    return await _instances(request, StudySight(seen_by, house), study, series, instance)


@doors.get(FRAMES, **IN_PARTS)
async def frames(study: str, series: str, instance: str, frames: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Frames of an image by their numbers, from 1, with commas between."""
    sight = StudySight(seen_by, house)
    sight.need(study)
    numbers = _numbers(frames)
    layout = await asyncio.to_thread(_layout, house, study, series, instance)
    choice = accepting.of_frames(accepting.forms(request), layout.syntax)
    if len(numbers) > 1 and not choice.in_parts:
        raise NotAcceptable("several frames come as parts of a message; ask for multipart/related")
    if beyond := [number for number in numbers if number > layout.frames]:
        raise NotFound(f"there is no frame {beyond[0]}")
    await sight.looked(study, "images")
    type = f"{choice.type}; transfer-syntax={layout.syntax if choice.as_stored else EXPLICIT}"
    found = _frames(house, instance, numbers, layout.size, as_stored=choice.as_stored)
    first = await anext(found)  # what cannot be had is said before anything is sent
    if not choice.in_parts:
        return Response(first, media_type=type)
    where = f"{base(request, house)}/studies/{study}/series/{series}/instances/{instance}/frames/"
    boundary = secrets.token_hex(16)

    async def parts() -> AsyncIterator[bytes]:
        yield head_of(boundary, type, f"{where}{numbers[0]}") + first
        for number in numbers[1:]:
            yield head_of(boundary, type, f"{where}{number}") + await anext(found)
        yield end_of(boundary)

    return StreamingResponse(parts(), media_type=f'{accepting.RELATED}; type="{choice.type}"; boundary={boundary}')


async def _frames(house: Services, instance: str, numbers: list[int], size: int, *, as_stored: bool) -> AsyncIterator[bytes]:
    """One after the other: however many are asked for, one lies in memory."""
    if as_stored:
        for number in numbers:
            yield await asyncio.to_thread(house.images.frame, instance, number)
        return
    file = await asyncio.to_thread(whole, house, instance, size)
    for number in numbers:
        yield await house.workers.run("wardline.formats.dicom.codecs:decoded_frame", file, number)


def whole(house: Services, instance: str, size: int) -> bytes:
    """An instance for a worker. Raises `NotAcceptable` for one so large that a few of them would fill this machine's memory."""
    if size > LARGEST_DECODED:
        raise NotAcceptable(f"this object has {size >> 20} MiB; more than {LARGEST_DECODED >> 20} are not decoded here: ask for it as it is stored")
    return house.images.instance(instance)


@doors.get(f"{INSTANCE}/bulkdata/{{value}}", **IN_PARTS)
async def bulk_data(study: str, series: str, instance: str, value: str, request: Request, seen_by: SeenBy, house: House) -> Response:
    """A value that metadata only refers to: pixels, a document, a curve."""
    sight = StudySight(seen_by, house)
    sight.need(study)
    in_parts = accepting.of_words(accepting.forms(request), WORDS)
    await asyncio.to_thread(_layout, house, study, series, instance)
    await sight.looked(study, "images")
    content = _hopping(await asyncio.to_thread(house.images.bulk, instance, value.replace(".", "/")))
    first = await anext(content, b"")  # what cannot be read is said before anything is sent
    boundary = secrets.token_hex(16)
    where = f"{base(request, house)}/studies/{study}/series/{series}/instances/{instance}/bulkdata/{value}"

    async def pieces() -> AsyncIterator[bytes]:
        yield (head_of(boundary, WORDS, where) if in_parts else b"") + first
        async for piece in content:
            yield piece
        if in_parts:
            yield end_of(boundary)

    return StreamingResponse(pieces(), media_type=f'{accepting.RELATED}; type="{WORDS}"; boundary={boundary}' if in_parts else WORDS)


async def _hopping(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """One after the other, each read in a thread: however large the whole is, one lies in memory."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


async def _metadata(request: Request, sight: StudySight, study: str, series: str = "", instance: str = "") -> Response:
    sight.need(study)
    type = accepting.need(accepting.forms(request), accepting.JSON, "application/json")
    where = base(request, sight.house)
    content = await asyncio.to_thread(_joined, sight.house, where, study, series, instance)
    await sight.looked(study, "metadata")
    return Response(content, media_type=type)


def _joined(house: Services, where: str, study: str, series: str, instance: str) -> bytes:
    """The headers of many instances as one answer, each with the whole addresses of its bulk data."""
    record = house.images.study(study)
    found = [
        _located(header, f"{where}/studies/{study}/series/{each.uid}/instances/")
        for each in (record.series if record is not None else ())
        if series in ("", each.uid)
        for header in house.images.metadata(study, each.uid, instance)
    ]
    if not found:
        raise NotFound(UNKNOWN)
    return b"[" + b",".join(found) + b"]"


def _located(header: bytes, instances: str) -> bytes:
    # Nothing with an instance UID of another object stands before SOP Instance UID: the tags are in their order.
    at = header.index(b'"Value":["', header.index(b'"00080018"')) + 10
    uid = header[at : header.index(b'"', at)].decode("ascii")
    where = f'"BulkDataURI":"{instances}{uid}/bulkdata/'.encode()
    return _REFERS.sub(lambda found: where + found[1].replace(b"/", b".") + b'"', header)


async def _instances(request: Request, sight: StudySight, study: str, series: str = "", instance: str = "") -> Response:
    sight.need(study)
    house = sight.house
    syntaxes = await asyncio.to_thread(_syntaxes, house, study, series, instance)
    choice = accepting.of_instances(accepting.forms(request), syntaxes.values())
    if len(syntaxes) > 1 and not choice.in_parts:
        raise NotAcceptable("several instances come as parts of a message; ask for multipart/related")
    await sight.looked(study, "images")
    if not choice.in_parts:
        ((only, stored),) = syntaxes.items()
        return StreamingResponse(_file(house, only, stored, as_stored=choice.as_stored), media_type=DICOM)
    boundary = secrets.token_hex(16)
    return StreamingResponse(
        _streamed(house, syntaxes, boundary, as_stored=choice.as_stored), media_type=f'{accepting.RELATED}; type="{DICOM}"; boundary={boundary}'
    )


def _syntaxes(house: Services, study: str, series: str, instance: str) -> dict[str, str]:
    """Instances with the transfer syntax each is stored in, in their order. Raises `NotFound`."""
    if instance:
        return {instance: _layout(house, study, series, instance).syntax}
    rows = house.images.find("instance", studies=(study,), series=(series,) if series else ())
    found = {row.instance: house.images.layout(row.instance).syntax for row in rows}
    if not found:
        raise NotFound(UNKNOWN)
    return found


def _layout(house: Services, study: str, series: str, instance: str) -> Any:
    """How an instance is stored. Raises `NotFound` unless it is where the address says."""
    layout = house.images.layout(instance)
    if (layout.study, layout.series) != (study, series):
        raise NotFound("there is no such instance in this series")
    return layout


async def _streamed(house: Services, syntaxes: dict[str, str], boundary: str, *, as_stored: bool) -> AsyncIterator[bytes]:
    """All instances as parts, one in memory at a time."""
    for uid, stored in syntaxes.items():
        yield head_of(boundary, f"{DICOM}; transfer-syntax={stored if as_stored else EXPLICIT}")
        async for piece in _file(house, uid, stored, as_stored=as_stored):
            yield piece
    yield end_of(boundary)


async def _file(house: Services, uid: str, stored: str, *, as_stored: bool) -> AsyncIterator[bytes]:
    """One instance as a file, piece by piece where it goes as it is."""
    if not as_stored and stored != EXPLICIT:
        size = (await asyncio.to_thread(house.images.layout, uid)).size
        yield await house.workers.run("wardline.formats.dicom.codecs:decoded", await asyncio.to_thread(whole, house, uid, size))
        return
    async for piece in _hopping(iter(house.images.chunks(uid))):
        yield piece


def is_frame(said: str) -> bool:
    return said.isdecimal() and len(said) <= 10 and 0 < int(said) < 2**31


def _numbers(said: str) -> list[int]:
    """Raises `Refused`."""
    parts = said.split(",")
    if len(parts) > MOST_FRAMES or not all(is_frame(part) for part in parts):
        raise Refused(f"frames are numbers from 1 with commas between, at most {MOST_FRAMES}", where="frames")
    return list(dict.fromkeys(int(part) for part in parts))  # each once: an answer is never longer than the image
