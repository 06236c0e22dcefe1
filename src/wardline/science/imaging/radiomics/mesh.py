"""The surface of a region as triangles: marching cubes through a mask, halfway between the voxels inside and outside.

W. Lorensen, H. Cline, Marching cubes, Computer Graphics 21 (1987) 163-169 (not read). The triangles of the 256 ways eight corners can lie inside or
outside are worked out here, not copied from a table: on each face of the cube the crossed edges are joined so that the inside stays on one hand and
two corners inside that touch only across the face stay apart; the loops that arise are cut into triangles. Two cubes that share a face join its
edges alike, so the surface has no hole.
"""

from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from wardline.core.imaging import Vector
from wardline.science.imaging.radiomics.hull import outermost

CORNERS: Final = tuple((s, r, c) for s in (0, 1) for r in (0, 1) for c in (0, 1))
"""Corner number is its bit in the number of the case."""
FACES: Final = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
"""Corners of each face in the order that turns the same way seen from outside."""
Edge = frozenset[int]


class Surface(NamedTuple):
    area_mm2: float
    volume_mm3: float
    corners: Any
    """[n, 3] in mm from the first voxel: those of the triangles' corners, halfway along the crossed edges, that may be outermost."""


def surface(mask: Any, spacing: Vector) -> Surface:
    """Area and volume without building the triangles: every cube of a case has the same ones, only elsewhere."""
    case = np.pad(mask, 1).astype(np.uint8)
    for axis, bit in ((2, 1), (1, 2), (0, 4)):  # two voxels, four, then all eight corners of a cube
        near, far = _pairs(case, axis)
        case = near | far << bit
    mixed = np.flatnonzero(case.ravel() + np.uint8(1) > 1)  # neither 0 nor 255
    slices, kinds = mixed // case[0].size, case.ravel()[mixed]
    area, forward, inner = (column[kinds] for column in _measures(spacing))
    # Gauss: the volume is the surface integral of the slice coordinate times the normal's part along it
    volume = float((slices * spacing[0] * forward + inner).sum())
    return Surface(float(area.sum()), volume, outermost(mask) / 2 * np.array(spacing))


def _pairs(array: Any, axis: int) -> tuple[Any, Any]:
    """Each voxel but the last along an axis, and the one after it."""
    before = (slice(None),) * axis
    return array[(*before, slice(None, -1))], array[(*before, slice(1, None))]


@lru_cache(maxsize=8)
def _measures(spacing: Vector) -> tuple[Any, Any, Any]:
    """For each case: area, the normal's part along the slices, and that times the slice coordinate within the cube."""
    scale = np.array(spacing)
    area, forward, inner = np.zeros(256), np.zeros(256), np.zeros(256)
    for case, corners in enumerate(triangles()):
        if len(corners):
            points = corners * scale
            normals = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]) / 2
            area[case] = np.linalg.norm(normals, axis=1).sum()
            forward[case] = normals[:, 0].sum()
            inner[case] = (normals[:, 0] * points[:, :, 0].mean(axis=1)).sum()
    return area, forward, inner


@cache
def triangles() -> tuple[Any, ...]:
    """For each of the 256 cases [n, 3, 3]: triangles, their corners, (slice, row, column) within the cube of side 1. Normals point out."""
    return tuple(_triangles_of(case) for case in range(256))


def _triangles_of(case: int) -> Any:
    found: list[Any] = []
    after = _joined(case)
    while after:
        start = next(iter(after))
        loop, at = [start], after.pop(start)
        while at != start:
            loop.append(at)
            at = after.pop(at)
        points = np.array([_middle(edge) for edge in loop])
        chosen = max if case.bit_count() <= 4 else min
        found += chosen((points[cut] for cut in _cuts(tuple(range(len(loop))))), key=_enclosed).tolist()
    return np.array(found)


def _cuts(loop: tuple[int, ...]) -> list[list[tuple[int, int, int]]]:
    """Every way to cut a loop of corners into triangles."""
    if len(loop) < 3:
        return [[]]
    first, last = loop[0], loop[-1]
    ways = []
    for n in range(1, len(loop) - 1):
        triangle = (first, loop[n], last)
        ways += [[*one, triangle, *other] for one in _cuts(loop[: n + 1]) for other in _cuts(loop[n:])]
    return ways


def _enclosed(corners: Any) -> float:
    """Loops of more than three corners are not flat: the side with fewer corners gets the most room, which reproduces the IBSI phantom."""
    return round(float(np.linalg.det(corners).sum()), 9)


def _joined(case: int) -> dict[Edge, Edge]:
    """Which crossed edge follows which: on each face every stretch of inside corners is cut off from the outside."""
    after: dict[Edge, Edge] = {}
    for face in FACES:
        inside = [bool(case >> corner & 1) for corner in face]
        for n in range(4):
            if inside[n] and not inside[(n + 1) % 4]:
                begin = n
                while inside[begin - 1]:
                    begin -= 1
                after[frozenset((face[begin - 1], face[begin]))] = frozenset((face[n], face[(n + 1) % 4]))
    return after


def _middle(edge: Edge) -> tuple[float, ...]:
    one, other = (CORNERS[corner] for corner in edge)
    return tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
