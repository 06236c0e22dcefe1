"""Detail of one size and direction: separable wavelets, without throwing away every second voxel.

IBSI 2 reference manual, arXiv 2006.05470, 3.6: stationary transform, the rows of level j spread with zeros between
their weights (a trous), 2^(j-1) - 1 of them.
The rows: I. Daubechies, Ten lectures on wavelets, SIAM 1992 (not read), computed here from what defines them; tests hold their orthogonality and
vanishing moments.
"""

from functools import cache
from math import comb, sqrt
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.science.imaging.filters.boundaries import Boundary
from wardline.science.imaging.filters.separable import Pooling, Row, Rows, convolved, pooled, turned

LARGEST_DAUBECHIES: Final = 10
"""Of more vanishing moments the roots of the polynomial lose their precision."""


def separable_wavelet(
    image: Any,
    *,
    family: str,
    bands: str,
    level: int = 1,
    rotation_invariant: bool = False,
    pooling: Pooling = "mean",
    boundary: Boundary = "mirror",
) -> Any:
    """`family` is "haar", "db2" to "db10" or "coif1"; `bands` low or high along columns, rows and slices, as "LHL", or "LH" within the slices."""
    if level < 1 or len(bands) not in (2, 3) or set(bands) - set("LH"):
        raise Refused(f"a wavelet has a level from 1 and two or three bands of L and H, not {level} and {bands!r}", code="filter")
    low, high = (_odd(row) for row in (scaling_row(family), wavelet_row(scaling_row(family))))
    in_slices = len(bands) == 2
    rows = [None if in_slices else low, low, low]
    for number, band in enumerate(bands):
        rows[2 - number] = low if band == "L" else high
    filters: Rows = (rows[0], rows[1], rows[2])
    smooth: Rows = (None if in_slices else low, low, low)
    if not rotation_invariant:
        return _cascade(image, smooth, filters, level, boundary)
    pairs = zip(turned(smooth), turned(filters), strict=True)
    return pooled((_cascade(image, before, last, level, boundary) for before, last in pairs), pooling)


def _cascade(image: Any, smooth: Rows, last: Rows, level: int, boundary: Boundary) -> Any:
    for step in range(level - 1):
        image = convolved(image, _spread(smooth, step), boundary)
    return convolved(image, _spread(last, level - 1), boundary)


def _spread(rows: Rows, step: int) -> Rows:
    first, second, third = (None if row is None else _with_holes(row, 2**step) for row in rows)
    return first, second, third


def _odd(row: Row) -> Row:
    """A row of even length has no middle: a zero at its end gives it one, the same whichever way the filter is turned."""
    return row if len(row) % 2 else (*row, 0.0)


def _with_holes(row: Row, apart: int) -> Row:
    spread = np.zeros((len(row) - 1) * apart + 1)
    spread[::apart] = row
    return tuple(spread.tolist())


def wavelet_row(low: Row) -> Row:
    """The high-pass partner of an orthogonal low-pass row: turned round, every second sign changed."""
    return tuple(-weight if number % 2 == 0 else weight for number, weight in enumerate(reversed(low)))


@cache
def scaling_row(family: str) -> Row:
    """The low-pass row of a family, as decomposition uses it."""
    if family == "haar":
        return _daubechies(1)
    if family == "coif1":  # closed form; the six equations of orthogonality and vanishing moments have this solution
        root, scale = sqrt(7), 16 * sqrt(2)
        weights = (-3 + root, 1 - root, 14 - 2 * root, 14 + 2 * root, 5 + root, 1 - root)
        return tuple(weight / scale for weight in weights)
    if family.startswith("db") and family[2:].isdecimal() and 1 <= int(family[2:]) <= LARGEST_DAUBECHIES:
        return _daubechies(int(family[2:]))
    raise Refused(f"there is no wavelet family {family!r}; there are haar, db1 to db{LARGEST_DAUBECHIES} and coif1", code="filter")


def _daubechies(moments: int) -> Row:
    """By spectral factorisation: of each pair of roots the one within the unit circle (minimum phase)."""
    polynomial = [comb(moments - 1 + k, k) for k in range(moments)]
    # y = (2 - z - 1/z) / 4: each root in y gives the two roots of z^2 - (2 - 4y) z + 1
    roots = []
    for y in np.roots(polynomial[::-1]):
        middle = 1 - 2 * y
        one = middle + np.sqrt(middle * middle - 1 + 0j)
        roots.append(one if abs(one) < 1 else 1 / one)
    weights = np.real(np.poly([-1.0] * moments + roots))
    weights *= sqrt(2) / weights.sum()
    return tuple(weights[::-1].tolist())
