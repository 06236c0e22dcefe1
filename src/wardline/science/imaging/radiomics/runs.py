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
    _count_runs(levels.flat, offsets, levels.plane if by_slice else 0, found)
    return found


def features(counts: Any, voxels: Any) -> dict[str, Any]:
    """16 features of each matrix of a stack [n, level, length - 1]."""
    return emphases(RUNS, counts, np.arange(1, counts.shape[2] + 1), voxels)


@njit(cache=True, nogil=True)
def _count_runs(flat, offsets, plane, found):  # type: ignore[no-untyped-def]
    """A run is counted at its first voxel: the one whose predecessor has another level."""
    margin = np.abs(offsets).max()
    for way in range(len(offsets)):
        offset = offsets[way]
        for at in range(margin, len(flat) - margin):
            level = flat[at]
            if level and flat[at - offset] != level:
                length, there = 1, at + offset
                while flat[there] == level:
                    length += 1
                    there += offset
                found[at // plane - 1 if plane else 0, way, level - 1, length - 1] += 1
