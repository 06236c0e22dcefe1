"""How long a grey level goes on along a line: the run length matrix (GLRLM). IBSI reference manual, arXiv 1612.07003, 3.7."""

from typing import Any

import numpy as np
from numba import njit

from wardline.science.imaging.radiomics.emphases import emphases
from wardline.science.imaging.radiomics.names import RUNS
from wardline.science.imaging.radiomics.neighbours import Levels


def matrices(levels: Levels, offsets: Any, *, by_slice: bool) -> Any:
    """[slice or all, direction, level, length - 1]"""
    slices, rows, columns = (side - 2 for side in levels.shape)
    groups, longest = (slices, max(rows, columns)) if by_slice else (1, max(slices, rows, columns))
    found = np.zeros((groups, len(offsets), levels.number, longest), np.uint32)
    _count_reaches(levels.flat, levels.inside, offsets, levels.plane if by_slice else 0, np.zeros(levels.flat.size, np.uint16), found)
    group = levels.inside // levels.plane - 1 if by_slice else np.zeros_like(levels.inside)
    level = group * levels.number + levels.flat[levels.inside] - 1
    voxels = np.bincount(level, minlength=groups * levels.number).reshape(groups, 1, levels.number)
    found[..., 0] = voxels - found.sum(axis=3)  # the others begin a run
    found[..., :-1] -= found[..., 1:]
    return found


def features(counts: Any, voxels: Any) -> dict[str, Any]:
    """16 features of each matrix of a stack [n, level, length - 1]."""
    return emphases(RUNS, counts, np.arange(1, counts.shape[2] + 1), voxels)


@njit(cache=True, nogil=True)
def _count_reaches(flat, inside, offsets, plane, reached, found):  # type: ignore[no-untyped-def]
    """How many runs get at least so long, from two voxels on: every voxel is the end of what has been reached by then."""
    for way in range(len(offsets)):
        offset = offsets[way]
        for at in inside:
            level = flat[at]
            same = flat[at - offset] == level
            length = (reached[at - offset] + 1) * same
            reached[at] = length
            if same:
                found[at // plane - 1 if plane else 0, way, level - 1, length] += 1
