"""WADO-RS rendered: images as pictures a browser shows, and thumbnails (PS3.18 8.3.5 and 10.4). Drawn in worker processes."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from wardline.api.dicomweb import accepting
from wardline.api.dicomweb.addresses import FRAMES, INSTANCE, SERIES, STUDY
from wardline.api.dicomweb.retrieving import LOOK, is_frame, whole
from wardline.api.dicomweb.seeing import UNKNOWN, StudySight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import NotFound, Refused
from wardline.formats.dicom.media import DEFLATED
from wardline.formats.dicom.views import FORMATS, LARGEST_SIDE, QUALITY, THUMBNAIL, View, Window

doors = Doors("images")
FUNCTIONS: Final = ("linear", "linear-exact", "sigmoid")
PICTURE: Final[dict[str, Any]] = {
    **LOOK, "responses": {
        200: {"content": {type: {"schema": {"type": "string", "format": "binary"}} for type in FORMATS}}, 406: {"description": "Not acceptable"}
    }
}  # fmt: skip
InWindow = Annotated[str, Query(alias="window", max_length=100, description="Centre, width and function: 40,400,linear.")]
Viewport = Annotated[str, Query(max_length=100, description="Columns and rows it fits into; then column, row, columns, rows of the image: 512,512.")]
Quality = Annotated[int, Query(ge=1, le=100, description="Of a JPEG.")]


@doors.get(f"{INSTANCE}/rendered", **PICTURE)
async def rendered(
    study: str, series: str, instance: str, request: Request, seen_by: SeenBy, house: House,
    in_window: InWindow = "", viewport: Viewport = "", quality: Quality = QUALITY,
) -> Response:  # fmt: skip
    """The first frame of an image as JPEG or PNG. For looking: nothing is to be measured on it."""
    return await _picture(request, StudySight(seen_by, house), (study, series, instance), 1, _view(request, in_window, viewport, quality))


@doors.get(f"{FRAMES}/rendered", **PICTURE)
async def rendered_frame(
    study: str, series: str, instance: str, frames: str, request: Request, seen_by: SeenBy, house: House,
    in_window: InWindow = "", viewport: Viewport = "", quality: Quality = QUALITY,
) -> Response:  # fmt: skip
    """One frame of it."""
    view = _view(request, in_window, viewport, quality)
    return await _picture(request, StudySight(seen_by, house), (study, series, instance), _number(frames), view)


@doors.get(f"{STUDY}/thumbnail", **PICTURE)
async def study_thumbnail(study: str, request: Request, seen_by: SeenBy, house: House, viewport: Viewport = "") -> Response:
    """A small picture that stands for a study: the one in the middle of its largest series."""
    return await _thumbnail(request, StudySight(seen_by, house), study, "", viewport)


@doors.get(f"{SERIES}/thumbnail", **PICTURE)
async def series_thumbnail(study: str, series: str, request: Request, seen_by: SeenBy, house: House, viewport: Viewport = "") -> Response:
    """The same of a series."""
    return await _thumbnail(request, StudySight(seen_by, house), study, series, viewport)


@doors.get(f"{INSTANCE}/thumbnail", **PICTURE)
async def instance_thumbnail(
    study: str, series: str, instance: str, request: Request, seen_by: SeenBy, house: House, viewport: Viewport = ""
) -> Response:  # fmt: skip
    """The same of an image: its frame in the middle."""
    return await _picture(request, StudySight(seen_by, house), (study, series, instance), 0, _view(request, "", viewport or SMALL, QUALITY))


@doors.get(f"{FRAMES}/thumbnail", **PICTURE)
async def frame_thumbnail(
    study: str, series: str, instance: str, frames: str, request: Request, seen_by: SeenBy, house: House, viewport: Viewport = ""
) -> Response:  # fmt: skip
    """The same of one frame."""
    view = _view(request, "", viewport or SMALL, QUALITY)
    return await _picture(request, StudySight(seen_by, house), (study, series, instance), _number(frames), view)


SMALL: Final = f"{THUMBNAIL},{THUMBNAIL}"


async def _thumbnail(request: Request, sight: StudySight, study: str, series: str, viewport: str) -> Response:
    sight.need(study)
    of = await asyncio.to_thread(_middle, sight.house, study, series)
    return await _picture(request, sight, (study, *of), 0, _view(request, "", viewport or SMALL, QUALITY))


def _middle(house: Services, study: str, series: str) -> tuple[str, str]:
    """Series and instance in the middle of it, where it has pixels. Raises `NotFound`."""
    record = house.images.study(study)
    found = [each for each in record.series if each.instances and series in ("", each.uid)] if record is not None else []
    for each in sorted(found, key=lambda each: -len(each.instances)):
        instance = each.instances[len(each.instances) // 2]
        if house.images.layout(instance).frames:
            return each.uid, instance
    raise NotFound(UNKNOWN if not found else "nothing here has pixels")


async def _picture(request: Request, sight: StudySight, of: tuple[str, str, str], frame: int, view: View) -> Response:
    study, series, instance = of
    sight.need(study)
    house = sight.house
    layout = await asyncio.to_thread(house.images.layout, instance)
    if (layout.study, layout.series) != (study, series):
        raise NotFound("there is no such instance in this series")
    if not layout.frames and layout.syntax != DEFLATED:
        raise accepting.NotAcceptable("this instance has no pixels; fetch it as application/dicom")
    await sight.looked(study, "images")
    file = await asyncio.to_thread(whole, house, instance, layout.size)
    content: bytes = await house.workers.run("wardline.formats.dicom.rendering:rendered", file, frame, view)
    return Response(content, media_type=view.format)


def _number(said: str) -> int:
    if not is_frame(said):
        raise Refused("a picture is of one frame, by its number from 1", where="frames")
    return int(said)


def _view(request: Request, in_window: str, viewport: str, quality: int) -> View:
    """How the picture is wanted. Raises `Refused`, `NotAcceptable`."""
    type = accepting.need(accepting.forms(request), *FORMATS)
    size, region = _viewport(viewport)
    return View(type, _window(in_window), size, region, quality)


def _window(said: str) -> Window | None:
    if not said:
        return None
    centre, width, function = (*said.split(","), "linear", "", "")[:3]
    try:
        window = Window(float(centre), float(width), function.strip().lower().replace("_", "-"))
    except ValueError:
        window = Window(0, 0, "")
    if (
        window.function not in FUNCTIONS
        or not 0 < window.width < 1e9
        or abs(window.centre) > 1e9
        or (window.function == "linear" and window.width < 1)
    ):
        raise Refused(f"a window is its centre, its width and one of {', '.join(FUNCTIONS)}: 40,400,linear", where="window")
    return window


def _viewport(said: str) -> tuple[tuple[int, int] | None, tuple[int, int, int, int] | None]:
    if not said:
        return None, None
    parts: list[Any] = said.split(",")
    if len(parts) not in (2, 6) or not all(part.strip().isdecimal() and int(part) <= LARGEST_SIDE for part in parts):
        raise Refused(f"a viewport is columns and rows, up to {LARGEST_SIDE}: 512,512; or those and column, row, columns, rows", where="viewport")
    numbers = [int(part) for part in parts]
    if not all(numbers[:2]) or (len(numbers) == 6 and not all(numbers[4:])):
        raise Refused("nothing is shown in a viewport without columns or rows", where="viewport")
    return (numbers[0], numbers[1]), (numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else None
