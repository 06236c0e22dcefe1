"""Key images of a report: the slice through each of the hottest lesions, and how a slice is drawn for the page."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from wardline.api.services import Services
from wardline.core.errors import NotFound, Refused
from wardline.delivery.reports.pages import Picture
from wardline.formats.dicom.views import View

MOST: Final = 4
PIXELS: Final = (420, 420)
RENDERED: Final = "wardline.formats.dicom.rendering:rendered"
INSTANCE, NUMBER, MODALITY, POSITION, ORIENTATION = "00080018", "00200013", "00080060", "00200032", "00200037"


async def proposed(study: str, lesions: Sequence[Mapping[str, Any]], house: Services) -> tuple[str, ...]:
    """SOP Instance UIDs of the slices that lie nearest to the first lesions, in their order."""
    found = [await asyncio.to_thread(_nearest, study, each, house) for each in lesions[:MOST]]
    return tuple(dict.fromkeys(each for each in found if each))


async def drawn(study: str, instances: Iterable[str], house: Services) -> tuple[Picture, ...]:
    """One that is gone from the store, or cannot be drawn, is left out: the page is about the words."""
    return tuple([picture for uid in instances if (picture := await _drawn(study, uid, house)) is not None])


async def need_instances(study: str, instances: Iterable[str], house: Services) -> tuple[str, ...]:
    """Raise `Refused` for an image that is not of this study."""
    wanted = tuple(dict.fromkeys(instances))
    record = await asyncio.to_thread(house.images.study, study)
    there = {uid for series in record.series for uid in series.instances} if record is not None else set()
    if strange := [uid for uid in wanted if uid not in there]:
        raise Refused(f"{strange[0]} is no image of this study", where="key_images")
    return wanted


async def _drawn(study: str, uid: str, house: Services) -> Picture | None:
    try:
        layout = await asyncio.to_thread(house.images.layout, uid)
        file = await asyncio.to_thread(house.images.instance, uid)
        jpeg: bytes = await house.workers.run(RENDERED, file, 0, View(size=PIXELS))
        (head,) = await asyncio.to_thread(lambda: list(_headers(study, layout.series, uid, house)))
    except (NotFound, Refused, ValueError):
        return None
    return Picture(jpeg, f"{_first(head, MODALITY) or 'Image'}, image {_first(head, NUMBER) or '?'}")


def _nearest(study: str, lesion: Mapping[str, Any], house: Services) -> str:
    """The image of the lesion's series whose plane is nearest to it; "" where none says where it lies."""
    place, series = lesion.get("position"), str(lesion.get("series") or "")
    if not place or not series:
        return ""
    near = [
        (distance, str(_first(head, INSTANCE))) for head in _headers(study, series, "", house) if (distance := _distance(head, place)) is not None
    ]
    return min(near)[1] if near else ""


def _distance(head: Mapping[str, Any], place: Sequence[float]) -> float | None:
    """Millimetres from the image's plane (PS3.3 C.7.6.2.1.1)."""
    position, orientation = _values(head, POSITION), _values(head, ORIENTATION)
    if len(position) != 3 or len(orientation) != 6:
        return None
    (a, b, c), (d, e, f) = orientation[:3], orientation[3:]
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    return abs(float(sum(n * (p - q) for n, p, q in zip(normal, place, position, strict=True))))


def _headers(study: str, series: str, instance: str, house: Services) -> Iterator[Mapping[str, Any]]:
    return (msgspec.json.decode(each) for each in house.images.metadata(study, series, instance))


def _values(head: Mapping[str, Any], tag: str) -> list[Any]:
    return list((head.get(tag) or {}).get("Value") or ())


def _first(head: Mapping[str, Any], tag: str) -> Any:
    return next(iter(_values(head, tag)), "")
