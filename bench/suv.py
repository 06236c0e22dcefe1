"""A whole PET as SUV: 256 x 256 x 300 stored integers with a slope per slice, in one pass of single precision, against a loop in double."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.results import Bar, paired_ratio
from wardline.science.imaging.suv import scaled

SHAPE: Final = (300, 256, 256)


def run() -> list[Bar]:
    dice = np.random.default_rng(1)
    stored = dice.integers(1, 32_000, SHAPE, dtype=np.int16)
    slopes = dice.uniform(0.1, 2.0, SHAPE[0])
    ratio, theirs, ours = paired_ratio(lambda: _slice_by_slice(stored, slopes), lambda: scaled(stored, slopes), (1, 4), repeats=9)
    apart = float(np.abs(scaled(stored, slopes) / _slice_by_slice(stored, slopes) - 1).max())
    detail = {"ours_ms": ours * 1000, "slice_by_slice_ms": theirs * 1000, "furthest_relative": apart}
    return [Bar("SUV of 256x256x300, against a loop in double precision", ratio, detail=detail)]


def _slice_by_slice(stored: NDArray[np.int16], slopes: NDArray[np.float64]) -> NDArray[np.float64]:
    """How it is usually written."""
    return np.stack([stored[place].astype(np.float64) * slopes[place] for place in range(len(slopes))])
