"""What the intensities of a region are like, wherever they lie: mean, spread, percentiles.

Intensity-based statistics and those of the histogram: IBSI reference manual, arXiv 1612.07003, 3.3 and 3.4. The two differ in what they
are given: intensities or grey levels.
"""

from typing import Any, Final

import numpy as np

Values = dict[str, float]
UNDEFINED: Final = float("nan")
"""Divided by nothing: the caller leaves the feature out and says so."""


def ratio(above: float, below: float) -> float:
    return above / below if below else UNDEFINED


def intensity_statistics(x: Any) -> Values:
    """18 features of the intensities."""
    return {f"stat_{name}": value for name, value in {**_spread(x), **_energy(x)}.items()}


def histogram_features(levels: Any, count: int) -> Values:
    """23 features of the grey levels, `count` of which there are."""
    heights = np.bincount(levels, minlength=count + 1)[1:]
    shares = heights[heights > 0] / levels.size
    found = _spread(np.repeat(np.arange(1.0, heights.size + 1), heights)) | {
        "mode": _mode(heights, float(levels.mean())),
        "entropy": float(-(shares * np.log2(shares)).sum()),
        "uniformity": float((shares**2).sum()),
        **_gradients(heights),
    }
    return {f"ih_{name}": value for name, value in found.items()}


def _spread(x: Any) -> Values:
    low, high = float(x.min()), float(x.max())
    mean = float(x.mean()) if low < high else low  # the mean of equal numbers is only nearly that number, and its deviations would look like a shape
    deviation = x - mean
    square = deviation * deviation
    variance = float(square.mean())
    p10, p25, median, p75, p90 = _percentiles(x, (10, 25, 50, 75, 90))
    middle = x[(x >= p10) & (x <= p90)]
    return {
        "mean": mean,
        "var": variance,
        # IBSI 3.3.3: a region of one intensity is neither skewed nor peaked: 0 by definition
        "skew": float((square * deviation).mean()) / variance**1.5 if variance else 0.0,
        "kurt": float((square * square).mean()) / variance**2 - 3.0 if variance else 0.0,
        "median": median,
        "min": low,
        "p10": p10,
        "p90": p90,
        "max": high,
        "iqr": p75 - p25,
        "range": high - low,
        "mad": float(np.abs(deviation).mean()),
        # of two intensities none lies between the interpolated percentiles
        "rmad": float(np.abs(middle - middle.mean()).mean()) if middle.size else UNDEFINED,
        "medad": float(np.abs(x - median).mean()),
        "cov": ratio(variance**0.5, mean),
        "qcod": ratio(p75 - p25, p75 + p25),
    }


def _energy(x: Any) -> Values:
    energy = float((x * x).sum())
    return {"energy": energy, "rms": (energy / x.size) ** 0.5}


def _percentiles(x: Any, wanted: tuple[int, ...]) -> list[float]:
    return [float(each) for each in np.percentile(x, wanted)]


def _mode(heights: Any, mean: float) -> float:
    """Of several highest the one closest to the mean (IBSI 3.4.10)."""
    highest = np.flatnonzero(heights == heights.max()) + 1
    return float(highest[np.abs(highest - mean).argmin()])


def _gradients(heights: Any) -> Values:
    if heights.size < 2:
        return dict.fromkeys(("max_grad", "max_grad_g", "min_grad", "min_grad_g"), UNDEFINED)
    slope = np.gradient(heights.astype(np.float64))
    return {
        "max_grad": float(slope.max()), "max_grad_g": float(slope.argmax() + 1),
        "min_grad": float(slope.min()), "min_grad_g": float(slope.argmin() + 1),
    }  # fmt: skip
