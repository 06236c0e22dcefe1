"""Growing, shrinking and counting marked regions, in millimetres instead of voxels."""

import math
from typing import Any, Literal, NamedTuple

import cc3d
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.imaging import Vector

Mask = NDArray[np.bool_]


class Region(NamedTuple):
    """One connected piece of a mask."""

    number: int
    voxels: int
    centre: Vector
    """Index of its centre of mass."""
    box: tuple[slice, slice, slice]


def grown(mask: Mask, mm: float, spacing: Vector) -> Mask:
    """Everything within `mm` of the mask."""
    box = box_of(mask, mm, spacing)
    near = np.zeros_like(mask)
    if box is not None:
        near[box] = ndimage.distance_transform_edt(~mask[box], spacing) <= mm
    return near


def shrunk(mask: Mask, mm: float, spacing: Vector) -> Mask:
    """What lies further than `mm` inside; the border of the images is not a border of the mask."""
    box = box_of(mask, max(spacing), spacing)
    deep = np.zeros_like(mask)
    if box is not None:
        deep[box] = True if mask[box].all() else ndimage.distance_transform_edt(mask[box], spacing) > mm
    return deep


def box_of(mask: Mask, margin_mm: float, spacing: Vector) -> tuple[slice, slice, slice] | None:
    """The box around a mask with a margin, as far as the images go; None for an empty mask."""
    cuts = []
    for axis in range(3):
        used = np.flatnonzero(mask.any(axis=tuple(each for each in range(3) if each != axis)))
        if not len(used):
            return None
        margin = math.ceil(margin_mm / spacing[axis]) + 1
        cuts.append(slice(max(0, int(used[0]) - margin), min(mask.shape[axis], int(used[-1]) + 1 + margin)))
    return cuts[0], cuts[1], cuts[2]


def opened(mask: Mask, mm: float, spacing: Vector) -> Mask:
    """Without what is thinner than twice `mm`."""
    return grown(shrunk(mask, mm, spacing), mm, spacing) & mask


def closed(mask: Mask, mm: float, spacing: Vector) -> Mask:
    """With gaps narrower than twice `mm` filled."""
    return shrunk(grown(mask, mm, spacing), mm, spacing) | mask


def regions(mask: NDArray[Any], connectivity: Literal[6, 26] = 6) -> tuple[NDArray[Any], list[Region]]:
    """The pieces of a mask, the largest first, and the array of their numbers."""
    numbered = cc3d.connected_components(np.ascontiguousarray(mask), connectivity=connectivity)
    known = cc3d.statistics(numbered)
    counts, centres, boxes = known["voxel_counts"], known["centroids"], known["bounding_boxes"]
    found = [_region(n, counts, centres, boxes) for n in range(1, len(counts)) if counts[n]]
    return numbered, sorted(found, key=lambda region: -region.voxels)


def largest(mask: Mask) -> Mask:
    """Its largest piece; empty where there is none."""
    numbered, found = regions(mask)
    piece: Mask = numbered == found[0].number if found else np.zeros_like(mask)
    return piece


def filled_slices(mask: Mask) -> Mask:
    """Holes filled in each slice by itself: the lungs count as inside the body although they open at the top."""
    return np.stack([ndimage.binary_fill_holes(each) for each in mask]) if len(mask) else mask


def _region(number: int, counts: Any, centres: Any, boxes: Any) -> Region:
    z, y, x = (float(each) for each in centres[number])
    a, b, c = boxes[number]
    return Region(number, int(counts[number]), (z, y, x), (a, b, c))
