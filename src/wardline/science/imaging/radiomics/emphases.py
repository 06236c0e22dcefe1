"""What a table of grey levels against sizes says about texture: long or short, bright or dark, even or uneven.

The run length, size zone, distance zone and dependence matrices share these formulas: IBSI reference manual, arXiv 1612.07003, 3.7 to 3.9 and 3.11.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np


def emphases(names: Iterable[str], counts: Any, sizes: Any, voxels: Any) -> dict[str, Any]:
    """Each feature of a stack of matrices [n, level, size]; `sizes` says how large the columns are, `voxels` how many each matrix was made of."""
    j, i = np.asarray(sizes, np.float64), np.arange(1.0, counts.shape[1] + 1)
    total = counts.sum(axis=(1, 2), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = counts / total[:, None, None]
        by_level, by_size = p.sum(axis=2), p.sum(axis=1)
        uneven_levels, uneven_sizes = (by_level**2).sum(axis=1), (by_size**2).sum(axis=1)
        found = (
            by_size @ j**-2, by_size @ j**2, by_level @ i**-2, by_level @ i**2,
            i**-2 @ (p @ j**-2).T, i**2 @ (p @ j**-2).T, i**-2 @ (p @ j**2).T, i**2 @ (p @ j**2).T,
            uneven_levels * total, uneven_levels, uneven_sizes * total, uneven_sizes, total / voxels,
            _variance(by_level, i), _variance(by_size, j), -(p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=(1, 2)), (p**2).sum(axis=(1, 2)),
        )  # fmt: skip
    return dict(zip(names, found, strict=False))  # the energy, last, is a feature of dependences only


def _variance(share: Any, x: Any) -> Any:
    mean = share @ x
    return (share * (x - mean[:, None]) ** 2).sum(axis=1)
