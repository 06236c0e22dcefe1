"""Filters made of one short row of weights for each axis: applied axis by axis, and turned by right angles for rotation invariance.

IBSI 2 reference manual, arXiv 2006.05470, 2.2 and 3: weights are convolved (the row is turned round). The first row of a filter runs along the
columns of the image (x), the second along its rows (y), the third along its slices (z).
"""

from collections.abc import Iterable, Iterator
from itertools import permutations, product
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from scipy import ndimage

from wardline.science.imaging.filters.boundaries import SCIPY, Boundary

Row: TypeAlias = tuple[float, ...]
Rows: TypeAlias = tuple[Row | None, Row | None, Row | None]
"""Along slices, rows and columns of the array; None leaves an axis alone."""
Pooling: TypeAlias = Literal["max", "mean", "min"]
_POOLED: Final = {"max": np.maximum, "min": np.minimum, "mean": np.add}


def convolved(image: Any, rows: Rows, boundary: Boundary) -> Any:
    """Rows have odd lengths; their middle lies on the voxel."""
    for axis, row in enumerate(rows):
        if row is not None:
            image = ndimage.convolve1d(image, np.array(row), axis=axis, mode=SCIPY[boundary], output=np.float64)
    return image


def turned(rows: Rows) -> Iterator[Rows]:
    """A filter in each of its right-angled positions: 24 in space, 4 within the slices. Those that look alike come as often as they occur."""
    in_slices = rows[0] is None
    for order in permutations(range(3)):
        if in_slices and order[0] != 0:
            continue
        even = sum(order[a] > order[b] for a in range(3) for b in range(a + 1, 3)) % 2 == 0
        for signs in product((1, -1), repeat=3):
            mirrored = (signs[0] * signs[1] * signs[2]) < 0
            if mirrored == even or (in_slices and signs[0] < 0):
                continue
            moved = [rows[axis] for axis in order]
            first, second, third = (row if row is None or sign > 0 else row[::-1] for row, sign in zip(moved, signs, strict=True))
            yield first, second, third


def pooled(responses: Iterable[Any], pooling: Pooling) -> Any:
    """One response of many, voxel by voxel."""
    total, number = None, 0
    for response in responses:
        total = response.copy() if total is None else _POOLED[pooling](total, response, out=total)
        number += 1
    if total is None:
        raise ValueError("nothing to pool")
    return total / number if pooling == "mean" else total
