"""Which corners of a region's surface can be the outermost: few of many, so that the convex hull and the longest diameter cost little.

All in whole numbers, half voxels. What lies between others of its row, or within the outline of its plane, is no corner of the hull.
"""

from typing import Any, Final

import numpy as np
from numba import njit

NOWHERE: Final = np.iinfo(np.int32).max


def outermost(mask: Any) -> Any:
    """[n, 3] in half voxels from the first voxel: crossings between inside and outside that are corners of the outline of each plane they lie in."""
    points = _ends(np.pad(mask, 1))
    for plane, line, height in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        points = points[_on_outline(points[:, plane], points[:, line], points[:, height])]
    return points - 2  # the first voxel is the second of the padded ones


def _ends(padded: Any) -> Any:
    """[n, 3] in half voxels: the first and the last crossing of each line along the columns."""
    found = []
    for axis in range(3):
        before = (slice(None),) * axis
        crossed = padded[(*before, slice(None, -1))] ^ padded[(*before, slice(1, None))]
        lines = np.nonzero(crossed.any(axis=2))
        there = crossed[lines]
        for column in (there.argmax(axis=1), crossed.shape[2] - 1 - there[:, ::-1].argmax(axis=1)):
            points = 2 * np.column_stack((*lines, column))
            points[:, axis] += 1
            found.append(points)
    return np.concatenate(found)


def _on_outline(plane: Any, line: Any, height: Any) -> Any:
    """Which points are corners of the outline of their plane, below or above."""
    found = np.zeros(plane.size, bool)
    for turned in (height, -height):
        lowest = np.full((plane.max() + 1, line.max() + 1), NOWHERE)
        np.minimum.at(lowest, (plane, line), turned)
        found |= _corners(lowest)[plane, line] & (lowest[plane, line] == turned)
    return found


@njit(cache=True, nogil=True)
def _corners(heights):  # type: ignore[no-untyped-def]
    """Of each plane the points (line, height) that are corners of the lower half of its hull (A. Andrew, 1979: the monotone chain)."""
    planes, lines = heights.shape
    found = np.zeros(heights.shape, np.bool_)
    chain = np.empty(lines, np.int64)
    for plane in range(planes):
        height, length = heights[plane], 0
        for line in range(lines):
            if height[line] == NOWHERE:
                continue
            while length > 1:
                a, b = chain[length - 2], chain[length - 1]
                if (b - a) * (height[line] - height[a]) > (height[b] - height[a]) * (line - a):
                    break
                length -= 1
            chain[length] = line
            length += 1
        for n in range(length):
            found[plane, chain[n]] = True
    return found
