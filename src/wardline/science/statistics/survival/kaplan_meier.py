"""Kaplan-Meier: of those who were watched, what share was still free of the event at each time?

E. L. Kaplan and P. Meier, J Am Stat Assoc 1958;53:457; variance of Greenwood (1926). The interval is that of log(-log S), which stays between
0 and 1 (J. D. Kalbfleisch and R. L. Prentice, 1980). None of them was read again; the numbers are held against an independent implementation.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from wardline.science.statistics.survival.observed import Floats, Observed


@dataclass(frozen=True, slots=True)
class Curve:
    """One place per time at which it happened to somebody. `low` and `high` are not a number where nothing can be said (survival 0 or 1)."""

    time: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    events: Floats
    watched_until: float
    """After that nobody was under observation: the curve says nothing."""

    def at(self, time: Floats | float, *, just_before: bool = False) -> Floats:
        """The share still free of it; 1 before the first event. `just_before`: without what happened at that very time."""
        found: Floats = np.concatenate(([1.0], self.survival))[self._steps(time, just_before)]
        return found

    def interval_at(self, time: float) -> tuple[float, float]:
        """Not a number where there is none."""
        step = int(self._steps(time, False)) - 1
        return (float("nan"), float("nan")) if step < 0 else (float(self.low[step]), float(self.high[step]))

    def _steps(self, time: Floats | float, just_before: bool) -> Any:
        return np.searchsorted(self.time, np.asarray(time, np.float64), side="left" if just_before else "right")


def kaplan_meier(seen: Observed, confidence: float = 0.95) -> Curve:
    """The curve with an interval at each time."""
    time, happened = np.unique(seen.time, return_inverse=True)
    events: Floats = np.bincount(happened, seen.happened, len(time)).astype(np.float64)
    at_risk = len(seen) - np.concatenate(([0.0], np.cumsum(np.bincount(happened, minlength=len(time)))[:-1]))
    there = events > 0
    time, events, at_risk = time[there], events[there], at_risk[there]
    survival = np.cumprod(1 - events / at_risk)
    low, high = _interval(survival, events, at_risk, confidence)
    return Curve(time, survival, low, high, at_risk, events, float(seen.time.max()))


def _interval(survival: Floats, events: Floats, at_risk: Floats, confidence: float) -> tuple[Floats, Floats]:
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = z * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(spread), survival ** np.exp(-spread)
    known = (survival > 0) & (survival < 1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
