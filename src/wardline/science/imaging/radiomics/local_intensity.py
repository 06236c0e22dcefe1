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


def local_intensity(image: Any, counted: Any, spacing: Vector) -> Values:
    """Local peak (around the highest voxel; of several, the highest mean) and global peak (the highest mean around any voxel)."""
    inside = np.argwhere(counted)
    means = sphere_means(image, inside, spacing, RADIUS_MM)
    values = image[counted]
    return {"loc_peak_loc": float(means[values == values.max()].max()), "loc_peak_glob": float(means.max())}


def sphere_means(image: Any, centres: Any, spacing: Vector, radius_mm: float) -> Any:
    """Mean of the voxels within a radius of each centre, of those there are."""
    sums = np.zeros((*image.shape[:2], image.shape[2] + 1))
    np.cumsum(image, axis=2, out=sums[:, :, 1:])
    return _means(sums, centres, sphere_rows(spacing, radius_mm))


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
def _means(sums, centres, rows):  # type: ignore[no-untyped-def]
    """By running sums along the columns: a row of the sphere costs two look-ups, however long it is."""
    slices, height, width = sums.shape[0], sums.shape[1], sums.shape[2] - 1
    means = np.empty(len(centres))
    for number in range(len(centres)):
        s, r, c = centres[number]
        total, voxels = 0.0, 0
        for row in range(len(rows)):
            z, y = s + rows[row, 0], r + rows[row, 1]
            if 0 <= z < slices and 0 <= y < height:
                begin, end = max(0, c - rows[row, 2]), min(width, c + rows[row, 2] + 1)
                total += sums[z, y, end] - sums[z, y, begin]
                voxels += end - begin
        means[number] = total / voxels
    return means
