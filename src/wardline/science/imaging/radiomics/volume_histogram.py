"""How much of a region is at least so bright: the intensity-volume histogram, as dose-volume histograms of radiotherapy.

IBSI reference manual, arXiv 1612.07003, 3.5. Intensities run from the lower to the upper end of the range asked for, where there is one.
"""

from typing import Any, NamedTuple

import numpy as np

from wardline.core.errors import Refused
from wardline.science.imaging.radiomics.settings import AsIs, Bins, FixedNumber, FixedSize
from wardline.science.imaging.radiomics.statistics import UNDEFINED, Values

MOST_STEPS = 1_000_000


class Steps(NamedTuple):
    """The intensities looked at, going up evenly, and how many voxels have each."""

    intensities: Any
    heights: Any
    beyond: float
    """The step after the last."""


def volume_histogram(x: Any, bins: Bins, *, lowest: float | None, highest: float | None) -> Values:
    """7 features; the area under the curve is not standardised."""
    steps = _steps(x, bins, float(x.min()) if lowest is None else lowest, float(x.max()) if highest is None else highest)
    at_least = 1.0 - np.concatenate(([0], np.cumsum(steps.heights)[:-1])) / x.size
    if steps.intensities.size < 2:
        return {f"ivh_{name}": UNDEFINED for name in ("v10", "v90", "i10", "i90", "diff_v10_v90", "diff_i10_i90", "auc")}
    span = (steps.intensities - steps.intensities[0]) / (steps.intensities[-1] - steps.intensities[0])
    v10, v90 = (float(at_least[span >= share - 1e-12][0]) for share in (0.1, 0.9))
    i10, i90 = (_intensity_at(steps, at_least, share) for share in (0.1, 0.9))
    return {
        "ivh_v10": v10, "ivh_v90": v90, "ivh_diff_v10_v90": v10 - v90, "ivh_i10": i10, "ivh_i90": i90, "ivh_diff_i10_i90": i10 - i90,
        "ivh_auc": float(np.trapezoid(at_least, span)),
    }  # fmt: skip


def _intensity_at(steps: Steps, at_least: Any, share: float) -> float:
    """The lowest intensity that at most this share of the region reaches."""
    few = steps.intensities[at_least <= share + 1e-12]
    return float(few[0]) if few.size else steps.beyond


def _steps(x: Any, bins: Bins, low: float, high: float) -> Steps:
    match bins:
        case AsIs():
            if not np.array_equal(x, np.rint(x)):
                raise Refused("the intensities are not whole numbers: choose bins for the volume histogram", code="levels")
            low, high = float(np.ceil(low)), float(np.floor(high))
            index, count = (x - low).astype(np.int64), _counted(high - low + 1)
            return Steps(low + np.arange(count), np.bincount(index, minlength=count), high + 1)
        case FixedSize(width):
            index, count = np.floor((x - low) / width).astype(np.int64), _counted(np.ceil((high - low) / width) + 1)
            centres = low + (np.arange(count) + 0.5) * width
            return Steps(centres, np.bincount(index, minlength=count), float(centres[-1] + width))
        case FixedNumber(count):
            low, high = float(x.min()), float(x.max())
            index = np.floor(count * (x - low) / ((high - low) or 1.0)).astype(np.int64).clip(0, count - 1)
            return Steps(np.arange(1, count + 1, dtype=np.float64), np.bincount(index, minlength=count), count + 1.0)


def _counted(steps: float) -> int:
    if steps > MOST_STEPS:
        raise Refused(f"the volume histogram would have {steps:.0f} steps: choose wider bins or a fixed number of them", code="levels")
    return int(steps)
