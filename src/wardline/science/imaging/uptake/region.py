"""The voxels of one lesion by a border rule: what is hot enough, hangs together with the hottest voxel, and lies where the lesion may be."""

from itertools import combinations_with_replacement
from typing import Any, Final

import cc3d
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.imaging import Grid
from wardline.science.imaging.uptake.thresholds import Gradient, OfMaximum, Threshold

CONNECTIVITY: Final = 26
"""Voxels that touch at a corner hang together."""
SMOOTHING_MM: Final = 3.0
"""How far the derivatives look: about half of a PET's blur. Our own choice."""
SURELY_OUTSIDE: Final = 0.2
"""Below this part of the lesion's highest value a voxel is surroundings, whatever its derivatives say. Our own choice."""


def region(suv: NDArray[Any], grid: Grid, within: NDArray[np.bool_], threshold: Threshold) -> NDArray[np.bool_]:
    """The lesion's voxels among `within`; all False when nothing is hot enough. `within` is where to look: a candidate's voxels, or a sphere."""
    if not within.any():
        return np.zeros(suv.shape, np.bool_)
    box = _box(within, grid)
    values, inside = suv[box], within[box]
    hottest = np.unravel_index(int(np.argmax(np.where(inside, values, -np.inf))), values.shape)
    found = np.zeros(suv.shape, np.bool_)
    if isinstance(threshold, Gradient):
        found[box] = _within_steepest(values, grid, inside, hottest)
        return found
    level = threshold.part * float(values[hottest]) if isinstance(threshold, OfMaximum) else threshold.value
    found[box] = _connected(inside & (values >= level), hottest)
    return found


def _connected(hot: NDArray[np.bool_], seed: tuple[Any, ...]) -> NDArray[np.bool_]:
    """The piece that holds the seed."""
    pieces = cc3d.connected_components(hot, connectivity=CONNECTIVITY)
    return np.asarray(pieces == pieces[seed]) & hot


def _within_steepest(values: NDArray[Any], grid: Grid, inside: NDArray[np.bool_], seed: tuple[Any, ...]) -> NDArray[np.bool_]:
    """Where the fall towards the outside still gets steeper: the second derivative along the gradient is negative up to the steepest place."""
    smoothing = [SMOOTHING_MM / step for step in grid.spacing]

    def derivative(*axes: int) -> NDArray[np.float64]:
        order = [axes.count(axis) for axis in range(3)]
        scale = np.prod([grid.spacing[axis] for axis in axes])
        return np.asarray(ndimage.gaussian_filter(values.astype(np.float64), smoothing, order=order) / scale)

    slopes = [derivative(axis) for axis in range(3)]
    bent = np.zeros(values.shape)
    for one, other in combinations_with_replacement(range(3), 2):
        bent += (1.0 if one == other else 2.0) * slopes[one] * slopes[other] * derivative(one, other)
    hot = inside & (bent < 0) & (values > SURELY_OUTSIDE * float(values[seed]))
    hot[seed] = True
    # Faces only: across corners the lesion would leak along ridges of the noise.
    pieces = cc3d.connected_components(hot, connectivity=6)
    return np.asarray(ndimage.binary_fill_holes(pieces == pieces[seed])) & inside


def _box(mask: NDArray[np.bool_], grid: Grid) -> tuple[slice, ...]:
    """The mask's bounding box and as much around it as the derivatives look at."""
    found = ndimage.find_objects(mask.astype(np.uint8))[0]
    margins = [int(4.0 * SMOOTHING_MM / step) + 2 for step in grid.spacing]
    return tuple(slice(max(0, each.start - margin), each.stop + margin) for each, margin in zip(found, margins, strict=True))
