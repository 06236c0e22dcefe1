"""What people draw and measure on stored images, taken in a worker: checked against the images, kept beside them, measured."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardline.core.errors import NotFound, Refused
from wardline.core.imaging import LabelMap, Outlined, Vector
from wardline.core.ports import Workers

if TYPE_CHECKING:
    from wardline.app.imaging.stacks import StoredStack

OUTLINE: Final = "wardline.app.imaging.by_hand:outlined"
MARK: Final = "wardline.app.imaging.by_hand:marked"
SECONDS: Final = 60.0
"""How long somebody waits for what they have drawn to be taken."""
Row = tuple[str, str, float | None, str, str]
"""id, name, value, unit, why there is none."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Outlines as somebody sends them, and what was known of those they were made from."""

    study: str
    based_on: str
    """Digest of the label map that was changed."""
    shape: tuple[int, ...]
    voxels: bytes
    """Deflated (zlib), little endian, as many bytes for each voxel as the map has that was changed."""
    lesions: tuple[Outlined, ...]
    """Of that map."""
    new: Mapping[int, str]
    removed: tuple[str, ...]
    last_key: int
    by: str


class ByHand:
    """`api.services.ByHand` of a running house."""

    def __init__(self, workers: Workers, data: Path) -> None:
        self._workers, self._data = workers, data

    async def outlined(
        self, study: str, based_on: str, shape: Sequence[int], voxels: bytes, *, lesions: tuple[Outlined, ...], new: Mapping[int, str],
        removed: tuple[str, ...], last_key: int, by: str,
    ) -> tuple[str, str, tuple[Outlined, ...]]:  # fmt: skip
        sent = Sent(study, based_on, tuple(shape), voxels, lesions, new, removed, last_key, by)
        kept: tuple[str, str, tuple[Outlined, ...]] = await self._workers.run(OUTLINE, self._data, sent, seconds=SECONDS)
        return kept

    async def marked(self, study: str, series: str, kind: str, points: tuple[Vector, ...]) -> tuple[Row, ...]:
        values: tuple[Row, ...] = await self._workers.run(MARK, self._data, study, series, kind, points, seconds=SECONDS)
        return values


def outlined(data: Path, sent: Sent) -> tuple[str, str, tuple[Outlined, ...]]:
    """Digest of the map that is kept, its series, and the lesions in it. Raises `Refused` for what is no change of the map before."""
    from wardline.app.imaging.opening import images_in
    from wardline.formats import labelmaps
    from wardline.science.imaging.segmentation.editing import edited

    with images_in(data) as images:
        before = labelmaps.unpacked(images.kept(sent.study, sent.based_on))
        drawing = edited(
            before, sent.lesions, _array(sent, before), new=sent.new, removed=sent.removed, by=sent.by, last_key=sent.last_key
        )  # fmt: skip
        return images.keep(sent.study, labelmaps.packed(drawing.mask)), before.series, drawing.lesions


def _array(sent: Sent, before: LabelMap) -> Any:
    """The voxels that were sent. Never unpacks more than the map has."""
    import numpy as np

    if sent.shape != before.grid.shape:
        raise Refused(f"the outlines have the shape {sent.shape}, the images {before.grid.shape}", code="shape", where="shape")
    kind = before.array.dtype.newbyteorder("<")
    size = before.array.size * kind.itemsize
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(sent.voxels, size + 1)
    except zlib.error:
        raise Refused("the voxels are not deflated (zlib)", code="voxels", where="voxels") from None
    if len(plain) != size or not unpacking.eof or unpacking.unused_data:
        raise Refused(f"these are not {before.array.size} voxels of {kind.itemsize} bytes", code="voxels", where="voxels")
    return np.frombuffer(plain, kind).reshape(before.grid.shape)


def marked(data: Path, study: str, series: str, kind: str, points: tuple[Vector, ...]) -> tuple[Row, ...]:
    """The numbers of a mark. Raises `NotFound` for a series that is not there, `Refused` where nothing can be measured."""
    from wardline.app.imaging.opening import images_in
    from wardline.app.imaging.stacks import StoredStack
    from wardline.science.imaging.marks import mark_values

    with images_in(data) as images:
        record = images.study(study)
        found = next((each for each in record.series if each.uid == series), None) if record is not None else None
        if found is None or not found.instances:
            raise NotFound("this study has no such series")
        volume, why_none = _meaningful(StoredStack(images, found))
        return tuple((each.id, each.name, each.value, each.unit, each.why) for each in mark_values(volume, kind, points, why_none=why_none))


def _meaningful(stack: "StoredStack") -> tuple[Any, str]:
    """The volume, PET as SUV by body weight; where there is none, its activity and the reason."""
    from wardline.capabilities.imaging.pet_values import values_of

    volume = stack.volume()
    if volume.modality != "PT":
        return volume, ""
    try:
        return values_of(volume).suv, ""
    except Refused as refused:
        return volume, refused.reason
