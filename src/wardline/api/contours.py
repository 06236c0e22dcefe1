"""Drawing on a study: a person's own outlines of its lesions, saved as versions and measured anew, and lengths and regions measured by hand."""

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import Query, Response
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.drawings_shown import DRAW, Base, base_of, drawing_of, mark_line, need_newest, study_to_draw_on, versions_of
from wardline.api.encoding import json_response
from wardline.api.imaging import seen
from wardline.api.services import Services
from wardline.api.shapes import drawings as shapes
from wardline.api.studies_shown import Look
from wardline.core.errors import Conflict, NotFound
from wardline.core.events import Contoured, Marked, Unmarked
from wardline.core.statements import Statement
from wardline.delivery.reports.sentences import one_line
from wardline.delivery.worklists.studies import Study
from wardline.engine.house import House as Folded

doors = Doors("imaging")
STUDY: Final = "/api/v1/imaging/studies/{uid}"
CHANGED: Final = "the study has changed meanwhile; open it again"
Digest = Annotated[str, Field(min_length=64, max_length=64, description="SHA-256 of the mask that was changed.")]


class NewLesion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1, le=65_535, description="Its number in the voxels.")
    site: str = Field("", max_length=60, description="Where it lies, in words.")


class Outlines(BaseModel):
    """Outlines as they shall be: every voxel, and what was meant by what has come and gone."""

    model_config = ConfigDict(extra="forbid")

    based_on: Digest
    shape: list[Annotated[int, Field(ge=1, le=100_000)]] = Field(min_length=3, max_length=3, description="Slices, rows, columns.")
    voxels: Base64Bytes = Field(description="Deflated (zlib), little endian, as many bytes for each voxel as those that were read.")
    new: list[NewLesion] = Field(default_factory=list, max_length=200, description="Lesions that the outlines did not have.")
    removed: list[Annotated[str, Field(max_length=16)]] = Field(default_factory=list, max_length=500, description="Lesions that are none.")
    note: str = Field("", max_length=500)


class NewMark(BaseModel):
    """A length (its ends), an ellipse (ends of one axis, then of the other) or a sphere (its centre, a point on it)."""

    model_config = ConfigDict(extra="forbid")

    series: str = Field(max_length=64)
    kind: Literal["length", "ellipse", "sphere"]
    points: list[Annotated[list[float], Field(min_length=3, max_length=3)]] = Field(
        min_length=2, max_length=4, description="In the patient, mm: to the left, the back, the head."
    )
    label: str = Field("", max_length=80)


@doors.get(STUDY + "/contours", who="imaging.read", answers=shapes.Contours)
async def versions(uid: str, seen_by: SeenBy, house: House) -> Response:
    """Every version of the lesions' outlines, the newest first and the program's own last. Their voxels are read like those of any mask."""
    found = await seen(uid, seen_by, house, "study outlines read")
    return json_response({"as_of": house.engine.house.now, "versions": versions_of(Look(found, house))})


@doors.put(STUDY + "/contours", who=DRAW, answers=shapes.Drawing, status_code=202)
async def draw(uid: str, wanted: Outlines, seen_by: SeenBy, house: House) -> Response:
    """Save the lesions' outlines. They are measured anew; what was outlined before stays readable."""
    study = await study_to_draw_on(uid, seen_by, house, "lesions outlined")
    base = await _base(study, wanted.based_on, house)
    mask, series, lesions = await house.by_hand.outlined(
        uid, wanted.based_on, wanted.shape, wanted.voxels, lesions=base.lesions, new={each.number: one_line(each.site) for each in wanted.new},
        removed=tuple(wanted.removed), last_key=base.last_key, by=seen_by.name,
    )  # fmt: skip
    outlined = tuple((each.key, each.label, each.site, each.how) for each in lesions)
    said = Contoured(
        uid, mask, base.mask, base.automatic, outlined, tuple(wanted.removed), series, _images(study, series), one_line(wanted.note)
    )  # fmt: skip
    await _record(said, study, house, seen_by.id)
    if (drawing := drawing_of(Look(study, house))) is None:
        raise Conflict(CHANGED)
    return json_response(drawing, status=202)


@doors.delete(STUDY + "/contours", who=DRAW, answers=shapes.Measuring, status_code=202)
async def take_back(
    uid: str, seen_by: SeenBy, house: House, based_on: Annotated[str, Query(min_length=64, max_length=64)],
    note: Annotated[str, Query(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Back to what the program has outlined. The drawing stays readable."""
    study = await study_to_draw_on(uid, seen_by, house, "outlines taken back")
    base = await _base(study, based_on, house)
    if base.automatic == base.mask:
        raise Conflict("these are the automatic outlines already")
    await _record(Contoured(uid, "", base.mask, base.automatic, note=one_line(note)), study, house, seen_by.id)
    return json_response({"study": uid, "state": "measuring"}, status=202)


@doors.post(STUDY + "/measurements", who=DRAW, answers=shapes.Mark, status_code=201)
async def measure(uid: str, wanted: NewMark, seen_by: SeenBy, house: House) -> Response:
    """Keep a measurement by hand. Its numbers are worked out here, from the stored images."""
    study = await study_to_draw_on(uid, seen_by, house, "measured by hand")
    points = tuple((each[0], each[1], each[2]) for each in wanted.points)
    values = await house.by_hand.marked(uid, wanted.series, wanted.kind, points)
    made: list[str] = []

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        _need_same(study, house)
        made.append(house.drawings.next_mark(uid))
        images = _images(study, wanted.series)
        marked = Marked(uid, made[-1], wanted.series, wanted.kind, points, values, one_line(wanted.label), images)
        return [Statement(marked, study.about, now)]

    await house.engine.record(decide, actor=seen_by.id)
    kept = house.drawings.mark(uid, made[-1])
    if kept is None:
        raise Conflict(CHANGED)
    return json_response(mark_line(kept, Look(study, house)), status=201)


@doors.delete(STUDY + "/measurements/{id}", who=DRAW, status_code=204)
async def unmark(uid: str, id: str, seen_by: SeenBy, house: House) -> None:
    """Take a measurement by hand away. The log keeps it; its number is not given again."""
    study = await study_to_draw_on(uid, seen_by, house, "measurement by hand removed")

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        _need_same(study, house)
        if house.drawings.mark(uid, id) is None:
            raise NotFound("this study has no such measurement (any more)")
        return [Statement(Unmarked(uid, id), study.about, now)]

    await house.engine.record(decide, actor=seen_by.id)


async def _base(study: Study, based_on: str, house: Services) -> Base:
    look = Look(study, house)
    need_newest(look, based_on)
    return await base_of(look)


async def _record(said: Contoured, study: Study, house: Services, actor: str) -> None:
    """Unless somebody was first: what was changed must be what stands when it is written."""

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        _need_same(study, house)
        need_newest(Look(study, house), said.based_on)
        return [Statement(said, study.about, now)]

    await house.engine.record(decide, actor=actor)


def _need_same(study: Study, house: Services) -> None:
    if house.studies.placed.get(study.imaged.study) != study:
        raise Conflict(CHANGED)


def _images(study: Study, series: str) -> int:
    return next((count for uid, _, _, _, count in study.imaged.series if uid == series), 0)
