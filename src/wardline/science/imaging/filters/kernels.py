"""Filters of one size: the mean of a neighbourhood, edges and blobs (Laplacian of Gaussian), and Laws' textures.

IBSI 2 reference manual, arXiv 2006.05470, 3.2 to 3.4. All are convolutions with rows of weights.
"""

from math import floor, pi, sqrt
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Vector
from wardline.science.imaging.filters.boundaries import Boundary, equal_spacing
from wardline.science.imaging.filters.separable import Pooling, Row, Rows, convolved, pooled, turned

_LAWS: Final[dict[str, tuple[Row, float]]] = {
    "L5": ((1, 4, 6, 4, 1), 70),
    "E5": ((-1, -2, 0, 2, 1), 10),
    "S5": ((-1, 0, 2, 0, -1), 6),
    "W5": ((-1, 2, 0, -2, 1), 10),
    "R5": ((1, -4, 6, -4, 1), 70),
    "L3": ((1, 2, 1), 6),
    "E3": ((-1, 0, 1), 2),
    "S3": ((-1, 2, -1), 6),
}
"""Level, edge, spot, wave, ripple, and what their squares add up to, by whose root they are divided (IBSI 2, table 3.1)."""


def mean(image: Any, *, size: int, in_slices: bool = False, boundary: Boundary = "mirror") -> Any:
    """Of the cube (in slices: the square) of `size` voxels around each; odd."""
    if size < 1 or size % 2 == 0:
        raise Refused(f"the mean filter's size is an odd number of voxels, not {size}", code="filter")
    row = (1.0 / size,) * size
    return convolved(image, (None if in_slices else row, row, row), boundary)


def laplacian_of_gaussian(
    image: Any, spacing: Vector, *, sigma_mm: float, cutoff: float = 4.0, in_slices: bool = False, boundary: Boundary = "mirror"
) -> Any:
    """Negative at bright blobs of about the size; `cutoff` in standard deviations. Not multiplied by sigma squared."""
    sigma = sigma_mm / equal_spacing(spacing, in_slices=in_slices)
    if not sigma > 0:
        raise Refused(f"the width of the Gaussian must be above 0 mm, not {sigma_mm}", code="filter")
    k = np.arange(-floor(cutoff * sigma + 0.5), floor(cutoff * sigma + 0.5) + 1, dtype=np.float64)
    smooth = np.exp(-(k**2) / (2 * sigma**2)) / (sqrt(2 * pi) * sigma)
    curved = smooth * (k**2 - sigma**2) / sigma**4
    axes = (1, 2) if in_slices else (0, 1, 2)
    response = np.zeros(image.shape)
    for bent in axes:  # the Laplacian is the sum of the second derivatives along each axis
        response += convolved(image, _rows({axis: curved if axis == bent else smooth for axis in axes}), boundary)
    return response


def laws(
    image: Any, kernels: str, *, rotation_invariant: bool = False, pooling: Pooling = "max", energy: int | None = None, boundary: Boundary = "mirror"
) -> Any:
    """`kernels` as "E5L5S5" (in space) or "L5S5" (in slices); `energy` is how many voxels away the mean of the response's size is taken."""
    names = [kernels[n : n + 2].upper() for n in range(0, len(kernels), 2)]
    if unknown := [name for name in names if name not in _LAWS]:
        raise Refused(f"there is no Laws kernel {unknown[0]!r}; there are {', '.join(_LAWS)}", code="filter")
    if len(names) not in (2, 3):
        raise Refused(f"Laws' filter takes two kernels (in slices) or three (in space), not {kernels!r}", code="filter")
    rows = _rows({2 - n: np.array(_LAWS[name][0]) / sqrt(_LAWS[name][1]) for n, name in enumerate(names)})
    response = _turned_and_pooled(image, rows, pooling, boundary) if rotation_invariant else convolved(image, rows, boundary)
    if energy is None:
        return response
    return mean(np.abs(response), size=2 * energy + 1, in_slices=len(names) == 2, boundary=boundary)


def _turned_and_pooled(image: Any, rows: Rows, pooling: Pooling, boundary: Boundary) -> Any:
    return pooled((convolved(image, each, boundary) for each in turned(rows)), pooling)


def _rows(of_axis: dict[int, Any]) -> Rows:
    first, second, third = (tuple(float(each) for each in of_axis[axis]) if axis in of_axis else None for axis in range(3))
    return first, second, third
