"""Grey levels: intensities put into bins, which textures and histograms count. IBSI reference manual, arXiv 1612.07003, 2.7."""

from typing import Any

import numpy as np

from wardline.core.errors import Refused
from wardline.science.imaging.radiomics.settings import MOST_LEVELS, AsIs, Bins, FixedNumber, FixedSize


def levels(intensities: Any, bins: Bins, *, lowest: float | None) -> tuple[Any, int]:
    """(level of each intensity from 1, number of levels)."""
    match bins:
        case FixedNumber(count):
            return _fixed_number(intensities, count), count
        case FixedSize(width):
            start = float(intensities.min()) if lowest is None else lowest
            found = np.floor((intensities - start) / width).astype(np.int64) + 1
        case AsIs():
            found = np.rint(intensities).astype(np.int64)
            if not np.array_equal(found, intensities) or found.min() < 1:
                raise Refused("values can be their own grey levels only as whole numbers from 1: choose bins", code="levels")
    count = int(found.max())
    if count > MOST_LEVELS:
        raise Refused(f"the region has {count} grey levels, more than {MOST_LEVELS}: choose wider bins or a fixed number of them", code="levels")
    return found, count


def _fixed_number(intensities: Any, count: int) -> Any:
    low, high = float(intensities.min()), float(intensities.max())
    if low == high:  # a region without contrast is one level; which one, no texture depends on but by its number
        return np.ones(intensities.shape, np.int64)
    return np.minimum(np.floor(count * (intensities - low) / (high - low)).astype(np.int64) + 1, count)
