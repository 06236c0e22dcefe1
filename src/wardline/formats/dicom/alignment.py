"""Which image lies where each slice of a grid does: what is drawn or computed on images is written on them, or not at all."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from pydicom import Dataset

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Vector
from wardline.formats.dicom.derived import complete
from wardline.formats.dicom.geometry import SLACK, Plane, geometry_of

ALIGNED_MM: Final = 0.05
"""How far aside of its images a grid may lie; positions in headers are rounded."""


class Aligned(NamedTuple):
    """The images as a writer needs them: single ones in the order of the slices, or one of many frames."""

    images: list[Dataset]
    frames: tuple[int, ...] = ()
    """The frame of each slice, where there is one image of many frames."""

    def pixels(self, array: Any) -> Any:
        """The slices of an array in the order of the images; frames that no slice lies on are empty."""
        if not self.frames:
            return array
        whole = np.zeros((int(self.images[0].NumberOfFrames), *array.shape[1:]), array.dtype)
        whole[list(self.frames)] = array
        return whole


def aligned(grid: Grid, sources: Sequence[Dataset]) -> Aligned:
    """Raises `Refused` where the grid is not that of the images, or an image is missing."""
    geometry = geometry_of(sources)
    unplaced = next((each for each in geometry.problems if each.code in ("no-position", "bad-orientation", "no-spacing", "not-an-image")), None)
    if unplaced is not None:
        raise Refused(f"an image it would be made from does not say where it lies: {unplaced.reason}", code="no-geometry", where=unplaced.tag)
    found = _by_slice(grid, geometry.planes)
    missing = next((place for place in range(grid.shape[0]) if place not in found), None)
    if missing is not None:
        raise Refused(f"no image lies where slice {missing + 1} of it does; it does not belong to these images", code="not-aligned")
    planes = [found[place] for place in range(grid.shape[0])]
    frames = tuple(each.frame for each in planes if each.frame is not None)
    if not frames:
        return Aligned(complete([sources[each.file] for each in planes]))
    if len({each.file for each in planes}) > 1 or len(frames) != len(planes):
        raise Refused("the slices lie in several images of many frames; results are written for one of them at a time", code="multi-frame")
    return Aligned(complete([sources[planes[0].file]]), frames)


def _by_slice(grid: Grid, planes: Sequence[Plane]) -> dict[int, Plane]:
    found: dict[int, Plane] = {}
    nearest = float("inf")
    for plane in planes:
        place, away = _place(grid, plane)
        if not 0 <= place < grid.shape[0]:
            continue
        if place in found:
            raise Refused(f"two images lie in slice {place + 1}; give those of one moment and one kind", code="two-images")
        found[place] = plane
        nearest = min(nearest, away)
    if found and nearest > ALIGNED_MM:
        raise _beside()
    return found


def _place(grid: Grid, plane: Plane) -> tuple[int, float]:
    """In which slice an image lies, and how far aside of it in mm. What may differ is what a volume may be made of (`geometry`)."""
    same_way = np.allclose(plane.row, grid.directions[2], atol=1e-3) and np.allclose(plane.column, grid.directions[1], atol=1e-3)
    if plane.size != grid.shape[1:] or not same_way or not np.allclose(plane.spacing, grid.spacing[1:], rtol=1e-3):
        raise Refused("it lies on another grid than its images; bring it onto theirs first", code="not-aligned")
    corner: Vector = (float(plane.position[0]), float(plane.position[1]), float(plane.position[2]))
    slices, rows, columns = grid.index(corner)
    place = round(slices)
    if abs(slices - place) > SLACK or max(abs(rows), abs(columns)) > 0.5:
        raise _beside()
    return place, max(abs(rows) * grid.spacing[1], abs(columns) * grid.spacing[2])


def _beside() -> Refused:
    return Refused("it lies beside its images, not on them; bring it onto their grid first", code="not-aligned")
