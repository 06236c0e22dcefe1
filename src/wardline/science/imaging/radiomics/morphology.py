"""What a region looks like: volume, surface, roundness, length, and whether like values lie together.

IBSI reference manual, arXiv 1612.07003, 3.1. Left out, because they are not standardised (no reference value): the densities by the oriented minimum
bounding box and by the minimum volume enclosing ellipsoid.
"""

from math import pi
from typing import Any, Final

import numpy as np
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist

from wardline.science.imaging.radiomics.mesh import Surface, surface
from wardline.science.imaging.radiomics.region import Region
from wardline.science.imaging.radiomics.spatial import autocorrelation
from wardline.science.imaging.radiomics.statistics import UNDEFINED, Values, ratio

LEGENDRE_TERMS: Final = 20


def morphology(region: Region) -> Values:
    """25 features; lengths in mm."""
    mesh = surface(region.shape, region.spacing)
    voxels = np.argwhere(region.shape) * np.array(region.spacing)
    moran, geary = autocorrelation(region.image, region.counted, region.spacing)
    found = {
        "volume": mesh.volume_mm3,
        "vol_approx": len(voxels) * float(np.prod(region.spacing)),
        "area_mesh": mesh.area_mm2,
        **_roundness(mesh.volume_mm3, mesh.area_mm2),
        "com": _shift(region, voxels),
        **_axes(voxels, mesh),
        **_boxes(mesh),
        "integ_int": float(region.intensities.mean()) * mesh.volume_mm3,
        "moran_i": moran,
        "geary_c": geary,
    }
    return {f"morph_{name}": value for name, value in found.items()}


def _roundness(volume: float, area: float) -> Values:
    sphere = (36 * pi * volume**2) ** (1 / 3)
    """Area of the sphere of the same volume."""
    return {
        "av": area / volume,
        "comp_1": volume / (pi**0.5 * area**1.5),
        "comp_2": 36 * pi * volume**2 / area**3,
        "sph_dispr": area / sphere,
        "sphericity": sphere / area,
        "asphericity": (area**3 / (36 * pi * volume**2)) ** (1 / 3) - 1,
    }


def _shift(region: Region, voxels: Any) -> float:
    """Between the middle of the shape and the middle of its brightness."""
    counted = np.argwhere(region.counted) * np.array(region.spacing)
    weights = region.intensities
    if not weights.sum():
        return UNDEFINED
    return float(np.linalg.norm(voxels.mean(axis=0) - weights @ counted / weights.sum()))


def _axes(voxels: Any, mesh: Surface) -> Values:
    """Of the ellipsoid with the same spread (principal components of the voxel centres), and how the region fills it."""
    away = voxels - voxels.mean(axis=0)
    least, minor, major = (max(0.0, float(each)) ** 0.5 for each in np.linalg.eigvalsh(away.T @ away / max(1, len(voxels) - 1)))
    found = {"pca_maj_axis": 4 * major, "pca_min_axis": 4 * minor, "pca_least_axis": 4 * least}
    if least < 1e-6 * max(major, 1e-9):  # a region one voxel thin spans no ellipsoid
        return found | dict.fromkeys(("pca_elongation", "pca_flatness", "vol_dens_aee", "area_dens_aee"), UNDEFINED)
    return found | {
        "pca_elongation": minor / major,
        "pca_flatness": least / major,
        "vol_dens_aee": mesh.volume_mm3 / (4 * pi / 3 * 8 * major * minor * least),
        "area_dens_aee": mesh.area_mm2 / ellipsoid_area(2 * major, 2 * minor, 2 * least),
    }


def ellipsoid_area(a: float, b: float, c: float) -> float:
    """As IBSI 3.1.22 takes it, half axes a >= b >= c: 4 pi a b times a series of Legendre polynomials up to the 20th.

    With eccentricities of b and c, both against a, the series comes out some per cent below the true area of an ellipsoid. The reference values
    were made so, and a feature that is to be compared between hospitals must be made so too.
    """
    alpha, beta = 1 - (b / a) ** 2, 1 - (c / a) ** 2
    middle, product = (alpha + beta) / 2, alpha * beta
    # (alpha beta)^n P_n((alpha^2 + beta^2) / (2 alpha beta)), squares as above, by the polynomials' recurrence: no division by nothing for a sphere
    before, now, total = 1.0, middle, 1.0 + middle / (1 - 4)
    for n in range(1, LEGENDRE_TERMS):
        before, now = now, ((2 * n + 1) * middle * now - n * product * before) / (n + 1)
        total += now / (1 - 4 * (n + 1) ** 2)
    return 4 * pi * a * b * total


def _boxes(mesh: Surface) -> Values:
    """How much of the box along the axes, and of the convex hull, the region fills; and how far apart its farthest points are."""
    a, b, c = np.ptp(mesh.vertices, axis=0)
    hull = ConvexHull(_outermost(mesh.vertices))
    corners = hull.points[hull.vertices]
    return {
        "diam": max(float(cdist(corners[n : n + 1000], corners[n:]).max()) for n in range(0, len(corners), 1000)),
        "vol_dens_aabb": ratio(mesh.volume_mm3, float(a * b * c)),
        "area_dens_aabb": ratio(mesh.area_mm2, float(2 * (a * b + b * c + a * c))),
        "vol_dens_conv_hull": mesh.volume_mm3 / float(hull.volume),
        "area_dens_conv_hull": mesh.area_mm2 / float(hull.area),
    }


def _outermost(points: Any) -> Any:
    """Those that are first or last in their row of points, along each axis: only they can be corners of the hull."""
    for axis in range(3):
        others = [other for other in range(3) if other != axis]
        order = np.lexsort((points[:, axis], points[:, others[0]], points[:, others[1]]))
        points = points[order]
        new_row = np.any(np.diff(points[:, others], axis=0) != 0, axis=1)
        points = points[np.concatenate(([True], new_row)) | np.concatenate((new_row, [True]))]
    return points
