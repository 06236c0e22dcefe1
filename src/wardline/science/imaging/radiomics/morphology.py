"""What a region looks like: volume, surface, roundness, length.

IBSI reference manual, arXiv 1612.07003, 3.1. Left out, because they are not standardised (no reference value): the densities by the oriented minimum
bounding box and by the minimum volume enclosing ellipsoid.
"""

from math import pi
from typing import Any, Final

import numpy as np
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist

from wardline.core.imaging import Vector
from wardline.science.imaging.radiomics.mesh import Surface, surface
from wardline.science.imaging.radiomics.region import Region
from wardline.science.imaging.radiomics.statistics import UNDEFINED, Values, ratio

LEGENDRE_TERMS: Final = 20


def morphology(region: Region) -> Values:
    """23 features; lengths in mm. The other two of the family, which look at all pairs of voxels, are in spatial.py."""
    shape, counted = region.shape[region.box], region.counted[region.box]
    mesh = surface(shape, region.spacing)
    number, middle, spread = _moments(shape, region.spacing)
    found = {
        "volume": mesh.volume_mm3,
        "vol_approx": number * float(np.prod(region.spacing)),
        "area_mesh": mesh.area_mm2,
        **_roundness(mesh.volume_mm3, mesh.area_mm2),
        "com": _shift(np.where(counted, region.image[region.box], 0.0), middle, region.spacing),
        **_axes(spread, mesh),
        **_boxes(mesh),
        "integ_int": float(region.intensities.mean()) * mesh.volume_mm3,
    }
    return {f"morph_{name}": value for name, value in found.items()}


def _moments(shape: Any, spacing: Vector) -> tuple[int, Any, Any]:
    """(voxels, their middle, how they spread about it), from how many of them lie over each other along one axis."""
    at = [np.arange(side) * step for side, step in zip(shape.shape, spacing, strict=True)]
    flat = {axis: np.count_nonzero(shape, axis=axis) for axis in range(3)}
    along = [flat[2].sum(axis=1), flat[2].sum(axis=0), flat[1].sum(axis=0)]
    number = int(along[0].sum())
    middle = np.array([count @ x / number for count, x in zip(along, at, strict=True)])
    away = [x - mean for x, mean in zip(at, middle, strict=True)]
    spread = np.diag([count @ x**2 for count, x in zip(along, away, strict=True)])
    for one, other in ((0, 1), (0, 2), (1, 2)):
        spread[other, one] = spread[one, other] = away[one] @ flat[3 - one - other] @ away[other]
    return number, middle, spread / max(1, number - 1)


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


def _shift(weights: Any, middle: Any, spacing: Vector) -> float:
    """Between the middle of the shape and the middle of its brightness."""
    total = float(weights.sum())
    if not total:
        return UNDEFINED
    flat = weights.sum(axis=2)
    along = (flat.sum(axis=1), flat.sum(axis=0), weights.sum(axis=0).sum(axis=0))
    bright = np.array([each @ (np.arange(each.size) * step) for each, step in zip(along, spacing, strict=True)]) / total
    return float(np.linalg.norm(middle - bright))


def _axes(spread: Any, mesh: Surface) -> Values:
    """Of the ellipsoid with the same spread (principal components of the voxel centres), and how the region fills it."""
    least, minor, major = (max(0.0, float(each)) ** 0.5 for each in np.linalg.eigvalsh(spread))
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
    a, b, c = np.ptp(mesh.corners, axis=0)
    hull = ConvexHull(mesh.corners)
    corners = hull.points[hull.vertices]
    return {
        "diam": max(float(cdist(corners[n : n + 100], corners[n:], "sqeuclidean").max()) for n in range(0, len(corners), 100)) ** 0.5,
        "vol_dens_aabb": ratio(mesh.volume_mm3, float(a * b * c)),
        "area_dens_aabb": ratio(mesh.area_mm2, float(2 * (a * b + b * c + a * c))),
        "vol_dens_conv_hull": mesh.volume_mm3 / float(hull.volume),
        "area_dens_conv_hull": mesh.area_mm2 / float(hull.area),
    }
