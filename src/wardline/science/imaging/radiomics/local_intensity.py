"""How bright a region is at its brightest spot: the mean in a sphere of one millilitre, which noise moves less than the highest voxel.

IBSI reference manual, arXiv 1612.07003, 3.2: the sphere has a radius of (3 / (4 pi)) ** (1/3) cm, about 6.2 mm, and holds every voxel whose
centre lies within it, those outside the region too.
"""

from math import pi
from typing import Any, Final

import numpy as np
from numba import njit

from wardline.core.imaging import Vector
from wardline.science.imaging.radiomics.statistics import Values

RADIUS_MM: Final = 10.0 * (3.0 / (4.0 * pi)) ** (1.0 / 3.0)


def local_intensity(image: Any, counted: Any, values: Any, spacing: Vector) -> Values:
    """Local peak (around the highest voxel; of several, the highest mean) and global peak (the highest mean around any voxel).

    `values` are those of the voxels that count, in their order.
    """
    means = _means(image, counted, spacing, RADIUS_MM)[counted]
    return {"loc_peak_loc": float(means[values == values.max()].max()), "loc_peak_glob": float(means.max())}


def sphere_means(image: Any, centres: Any, spacing: Vector, radius_mm: float) -> Any:
    """Mean of the voxels within a radius of each centre ([n, 3], indices), of those there are."""
    at = tuple(np.asarray(centres).T)
    inside = np.zeros(image.shape, bool)
    inside[at] = True
    return _means(image, inside, spacing, radius_mm)[at]


def _means(image: Any, inside: Any, spacing: Vector, radius_mm: float) -> Any:
    """Around each voxel that is inside; 0 elsewhere."""
    rows = sphere_rows(spacing, radius_mm)
    room = int(rows[:, 2].max()) + 1
    sums = np.zeros((*image.shape[:2], image.shape[2] + 1 + 2 * room))
    np.cumsum(image, axis=2, out=sums[:, :, room + 1 : room + 1 + image.shape[2]])
    sums[:, :, room + 1 + image.shape[2] :] = sums[:, :, room + image.shape[2], None]
    lines = np.argwhere(inside.any(axis=2))
    first = inside.argmax(axis=2)
    last = image.shape[2] - inside[:, :, ::-1].argmax(axis=2)
    means = np.zeros(image.shape)
    _fill_means(sums, room, lines, first, last, rows, means)
    return means


def sphere_rows(spacing: Vector, radius_mm: float) -> Any:
    """A sphere as rows of voxels: (slices away, rows away, half length in columns)."""
    reach = [int(radius_mm / each) for each in spacing]
    rows = []
    for s in range(-reach[0], reach[0] + 1):
        for r in range(-reach[1], reach[1] + 1):
            left = radius_mm**2 - (s * spacing[0]) ** 2 - (r * spacing[1]) ** 2
            if left >= 0:
                rows.append((s, r, int(left**0.5 / spacing[2] + 1e-9)))
    return np.array(rows, np.int64)


@njit(cache=True, nogil=True)
def _fill_means(sums, room, lines, first, last, rows, means):  # type: ignore[no-untyped-def]
    """By running sums along the columns: a row of the sphere costs two look-ups, however long it is; and a line of voxels is done at a stretch."""
    slices, height, width = means.shape
    for line in range(len(lines)):
        s, r = lines[line]
        begin, end = first[s, r], last[s, r]
        total = np.zeros(end - begin)
        voxels = np.zeros(end - begin)
        whole = 0
        for row in range(len(rows)):
            z, y, half = s + rows[row, 0], r + rows[row, 1], rows[row, 2]
            if 0 <= z < slices and 0 <= y < height:
                upto = sums[z, y, room + begin + half + 1 : room + end + half + 1]
                before = sums[z, y, room + begin - half : room + end - half]
                for c in range(end - begin):
                    total[c] += upto[c] - before[c]
                if begin >= half and end + half <= width:
                    whole += 2 * half + 1
                else:  # the row leaves the images
                    for c in range(end - begin):
                        voxels[c] += min(width, begin + c + half + 1) - max(0, begin + c - half)
        for c in range(end - begin):
            means[s, r, begin + c] = total[c] / (whole + voxels[c])
