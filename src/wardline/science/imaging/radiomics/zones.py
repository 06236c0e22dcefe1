"""How large patches of one grey level are, and how deep they lie: size zones (GLSZM) and distance zones (GLDZM).

IBSI reference manual, arXiv 1612.07003, 3.8 and 3.9. Zones touch by edges and corners (8 neighbours in a slice, 26 in space); the depth of a zone
is the city-block distance of its outermost voxel to the border of the region as drawn, where the edge of the images is a border too.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from scipy import ndimage

from wardline.science.imaging.radiomics.emphases import emphases
from wardline.science.imaging.radiomics.names import DISTANCES, ZONES
from wardline.science.imaging.radiomics.neighbours import IN_SLICE, IN_SPACE, Levels


class Zones(NamedTuple):
    """One entry for each zone."""

    level: Any
    size: Any
    depth: Any
    """1 at the border."""
    slice: Any
    """From 1; 0 for zones in space."""


def zones(levels: Levels, drawn: Any, *, by_slice: bool) -> Zones:
    """All zones of a region, slice by slice or in space."""
    offsets = levels.offsets(IN_SLICE if by_slice else IN_SPACE)
    first, size, depth = (np.zeros(levels.inside.size, np.int64) for _ in range(3))
    numbers = np.empty(levels.flat.size, np.int32)
    count = _number(levels.flat, levels.inside, offsets, _depths(drawn, levels.shape, by_slice=by_slice), numbers, first, size, depth)
    first = first[:count]
    return Zones(levels.flat[first].astype(np.int64), size[:count], depth[:count], first // levels.plane if by_slice else np.zeros_like(first))


def matrices(found: Zones, sizes: Any, levels: int) -> tuple[Any, Any]:
    """([slice or all, level, column], what the columns stand for): of `sizes`, which are the zones' sizes or depths."""
    groups, group = _numbered(found.slice)
    columns, column = _numbered(sizes)
    shape = (groups.size, levels, columns.size)
    at = np.ravel_multi_index((group, found.level - 1, column), shape)
    return np.bincount(at, minlength=groups.size * levels * columns.size).reshape(shape), columns


def _numbered(values: Any) -> tuple[Any, Any]:
    """(the whole numbers there are, which of them each is)"""
    there = np.bincount(values) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[values]


def size_features(counts: Any, sizes: Any, voxels: Any) -> dict[str, Any]:
    """16 features of each matrix of a stack."""
    return emphases(ZONES, counts, sizes, voxels)


def distance_features(counts: Any, depths: Any, voxels: Any) -> dict[str, Any]:
    """16 features of each matrix of a stack."""
    return emphases(DISTANCES, counts, depths, voxels)


def _depths(drawn: Any, shape: tuple[int, int, int], *, by_slice: bool) -> Any:
    """City-block steps out of the region, flat, with the border."""
    inside = np.zeros(shape, bool)
    inside[1:-1, 1:-1, 1:-1] = drawn
    cross = ndimage.generate_binary_structure(3, 1)
    if by_slice:
        cross[[0, 2]] = False
    return ndimage.distance_transform_cdt(inside, metric=cross).ravel()


@njit(cache=True, nogil=True)
def _number(flat, inside, offsets, depths, numbers, first, size, depth):  # type: ignore[no-untyped-def]
    """Union-find: `numbers` first says for each voxel an earlier one of its zone, then the zone; `first` is each zone's first voxel."""
    for at in inside:
        numbers[at] = at
        for way in range(len(offsets)):
            other = at - offsets[way]
            if flat[other] == flat[at]:
                one, two = numbers[at], other
                while numbers[two] != two:
                    numbers[two] = numbers[numbers[two]]
                    two = numbers[two]
                while numbers[one] != one:
                    one = numbers[one]
                if one < two:
                    numbers[two] = one
                else:
                    numbers[one] = two
                    numbers[at] = two
    count = 0
    for at in inside:
        if numbers[at] == at:  # no voxel of its zone lies before it
            zone = count
            first[zone], depth[zone] = at, depths[at]
            count += 1
        else:  # what it points to lies before it and already has the zone's number
            zone = numbers[numbers[at]]
        numbers[at] = zone
        size[zone] += 1
        depth[zone] = min(depth[zone], depths[at])
    return count
