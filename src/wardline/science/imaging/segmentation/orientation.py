"""Turning a stack of images upright, so that an algorithm can speak of head, back and left however the scanner stored it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.core.imaging import AXIAL, Grid, Vector, Volume

_STEEPEST: Final = 0.87
"""Cosine of about 30 degrees: a stack tilted further against the body is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A volume whose indices count towards head, back and left, and the way back to how it was stored."""

    array: NDArray[Any]
    grid: Grid
    order: tuple[int, int, int]
    """Which stored axis became slices, rows, columns."""
    flips: tuple[int, ...]
    """Axes (after reordering) that were turned round."""

    def as_stored(self, array: NDArray[Any]) -> NDArray[Any]:
        """An array on the upright grid as the volume was stored."""
        turned = np.flip(array, self.flips) if self.flips else array
        stored: NDArray[Any] = np.ascontiguousarray(np.transpose(turned, np.argsort(self.order)))
        return stored


def upright(volume: Volume) -> Upright:
    """Raises `Refused` where the images are so oblique that none of their axes is head, back or left."""
    grid = volume.grid
    along = np.array([[np.dot(way, axis) for way in grid.directions] for axis in AXIAL])  # [head/back/left, stored axis]
    order = tuple(int(each) for each in np.abs(along).argmax(axis=1))
    if sorted(order) != [0, 1, 2] or min(abs(along[each, order[each]]) for each in range(3)) < _STEEPEST:
        raise Refused("These images lie oblique to the body; this needs slices across, along or from the side of it.", code="oblique")
    flips = tuple(each for each in range(3) if along[each, order[each]] < 0)
    array = np.flip(np.transpose(volume.array, order), flips) if flips else np.transpose(volume.array, order)
    return Upright(array, _turned(grid, order, flips), order, flips)  # type: ignore[arg-type]


def _turned(grid: Grid, order: tuple[int, ...], flips: tuple[int, ...]) -> Grid:
    first = [0.0, 0.0, 0.0]
    for each in flips:
        first[order[each]] = float(grid.shape[order[each]] - 1)
    ways: list[Vector] = []
    for each in range(3):
        x, y, z = grid.directions[order[each]]
        ways.append((-x, -y, -z) if each in flips else (x, y, z))
    a, b, c = order
    shape, spacing = (grid.shape[a], grid.shape[b], grid.shape[c]), (grid.spacing[a], grid.spacing[b], grid.spacing[c])
    return Grid(shape, spacing, grid.position((first[0], first[1], first[2])), (ways[0], ways[1], ways[2]))
