"""QIDO-RS: which studies, series and instances there are, as DICOM JSON (PS3.18 10.6). Only those whoever asks may see."""

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from fastapi import Query as Param
from fastapi import Request, Response
from pydantic import BaseModel, Field

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.addresses import ROOT, SERIES, STUDY, base
from wardline.api.dicomweb.seeing import READ, StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.api.sight import records_of
from wardline.core.errors import Refused
from wardline.core.images import ImageRow
from wardline.formats.dicom.matching import Condition, condition
from wardline.formats.dicom.queries import SERIES_UID, STUDY_UID, Level, Query, is_plain, tag_of

doors = Doors("images")
MOST: Final = 5_000
"""Rows of one answer."""
AT_ONCE: Final = 1_000
"""Rows of the index in memory at a time."""
_OURS: Final = frozenset({"fuzzymatching", "includefield", "limit", "offset", "accept"})
FOUND: Final = {"answers": list[dict[str, Any]], "responses": {204: {"description": "Nothing matches"}, 406: {"description": "Not acceptable"}}}


class Page(BaseModel):
    """Which part of what matches is wanted. Every other word of the query is an attribute, by keyword or tag, in DICOM's own matching."""

    fuzzymatching: bool = Field(False, description="Names match by the beginnings of their words, whatever their order.")
    includefield: list[str] = Field([], description='Keywords or tags of more attributes; "all" for every one.')
    limit: int | None = Field(None, ge=1, le=MOST, description="Rows; 100, or all within one study, when left out.")
    offset: int = Field(0, ge=0)


Asked = Annotated[Page, Param()]


class Hits(NamedTuple):
    """Rows of one page, as they are and as they are answered; and whether there are more."""

    rows: list[ImageRow]
    answers: list[bytes]
    more: bool


@doors.get(f"{ROOT}/studies", who=READ, **FOUND)
async def studies(request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Studies you may see, the newest first."""
    return await _found("study", request, asked, StudySight(seen_by, house))


@doors.get(f"{ROOT}/series", who=READ, **FOUND)
async def all_series(request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Series of all studies you may see."""
    return await _found("series", request, asked, StudySight(seen_by, house))


@doors.get(f"{ROOT}/instances", who=READ, **FOUND)
async def all_instances(request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Instances of all studies you may see."""
    return await _found("instance", request, asked, StudySight(seen_by, house))


@doors.get(f"{STUDY}/series", who=READ, **FOUND)
async def series_of_study(study: str, request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Series of one study."""
    return await _found("series", request, asked, StudySight(seen_by, house), study)


@doors.get(f"{STUDY}/instances", who=READ, **FOUND)
async def instances_of_study(study: str, request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Instances of one study."""
    return await _found("instance", request, asked, StudySight(seen_by, house), study)


@doors.get(f"{SERIES}/instances", who=READ, **FOUND)
async def instances_of_series(study: str, series: str, request: Request, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """Instances of one series."""
    return await _found("instance", request, asked, StudySight(seen_by, house), study, series)


async def _found(level: Level, request: Request, asked: Page, sight: StudySight, *within: str) -> Response:
    type = accepting.need(accepting.forms(request), accepting.JSON, "application/json")
    if within:
        sight.need(within[0])
    query = query_of(level, request.query_params.multi_items(), within, asked)
    limit = asked.limit or (MOST if within else 100)
    found = await _page(query, sight, asked.offset, limit, base(request, sight.house))
    shown = {sight.record_of(row.study) for row in found.rows} - {""}
    await sight.house.audit.record(sight.person, READ, sorted(shown), found=str(len(found.rows)), level=level)
    if not found.rows:
        return Response(status_code=204)
    # PS3.18 8.3.4.4: whoever asked for a page is told that there are others.
    more = {"Warning": f'299 {request.url.netloc} "There are additional results that can be requested"'} if found.more else None
    return Response(b"[" + b",".join(found.answers) + b"]", media_type=type, headers=more)


def query_of(level: Level, said: Iterable[tuple[str, str]], within: tuple[str, ...], asked: Page) -> Query:
    """The question in a request. Raises `Refused` for what is no attribute, cannot be searched by, or is no date."""
    conditions = [Condition(tag, "UI", "list", (uid,)) for tag, uid in zip((STUDY_UID, SERIES_UID), within, strict=False)]
    named = [each for part in asked.includefield for each in part.split(",") if each]
    wanted = {tag_named(each.partition(".")[0])[0] for each in named if each != "all"}
    for name, text in said:
        if name in _OURS:
            continue
        tags = [tag_named(part) for part in name.split(".")]
        wanted.add(tags[0][0])
        try:
            found = condition(*tags[-1], text, fuzzy=asked.fuzzymatching)
        except ValueError as error:
            raise Refused(str(error), where=name) from None
        if found is not None:
            conditions.append(nested(tags[:-1], found))
    query = Query(level, tuple(conditions), frozenset(wanted), "all" in named)
    if query.unknown():
        raise Refused(f"the {level} level cannot be searched by {query.unknown()[0]}; ask for instances, or leave it out", where=query.unknown()[0])
    return query


def nested(sequences: list[tuple[str, str]], inner: Condition) -> Condition:
    for tag, _ in reversed(sequences):
        inner = Condition(tag, "SQ", "sequence", items=(inner,))
    return inner


def tag_named(name: str) -> tuple[str, str]:
    found = tag_of(name)
    if found is None:
        raise Refused(f"{name!r} is no attribute of DICOM; use its keyword (PatientID) or its tag (00100020)", where=name)
    return found


async def _page(query: Query, sight: StudySight, offset: int, limit: int, address: str) -> Hits:
    """The rows of one page, and whether there are more. The index is read beside the loop, a stretch at a time."""
    # Whoever sees one patient only is not made to wait for the whole archive to be looked through.
    only = records_of(sight.person.patient, sight.house) if sight.person.patient else None
    reader = _Reader(query, sight.house, address, only)
    page, passed = Hits([], [], False), 0
    while (found := await asyncio.to_thread(reader.next)) is not None:
        for row, answer in found:
            if not sight.sees(row.study):
                continue
            passed += 1
            if passed <= offset:
                continue
            if len(page.rows) == limit:
                return page._replace(more=True)
            page.rows.append(row)
            page.answers.append(answer)
    return page


class _Reader:
    """Rows that meet a query, as answers, a stretch after the other: each stretch is read wholly in one thread."""

    def __init__(self, query: Query, house: Services, address: str, records: tuple[str, ...] | None) -> None:
        self._query = query
        self._house = house
        self._address = address
        self._rows = house.images.find(query.level, records=records, **query.narrowed)
        self._is_over = False

    def next(self) -> list[tuple[ImageRow, bytes]] | None:
        """None at the end."""
        if self._is_over:
            return None
        rows = list(islice(self._rows, AT_ONCE))
        self._is_over = len(rows) < AT_ONCE
        return list(self._met(rows))

    def _met(self, rows: Iterable[ImageRow]) -> Iterator[tuple[ImageRow, bytes]]:
        plain = is_plain(self._query)
        for row in rows:
            if plain:
                yield row, self._addressed(row, row.attributes)
                continue
            attributes = self._query.answer(row.attributes, partial(self._header, row))
            if attributes is not None:
                yield row, self._addressed(row, msgspec.json.encode(attributes))

    def _header(self, row: ImageRow) -> bytes:
        """What the image itself says; nothing where it has been forgotten meanwhile."""
        return next(iter(self._house.images.metadata(row.study, row.series, row.instance)), b"{}")

    def _addressed(self, row: ImageRow, attributes: bytes) -> bytes:
        """With Retrieve URL (0008,1190)."""
        where = f"{self._address}/studies/{row.study}"
        if row.series:
            where += f"/series/{row.series}"
        if row.instance:
            where += f"/instances/{row.instance}"
        return b'{"00081190":{"vr":"UR","Value":["' + where.encode() + b'"]},' + attributes[1:]
