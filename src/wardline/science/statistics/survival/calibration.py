"""Calibration: of those who were told 70 %, did about 70 % stay free of it?

What really happened is read off a Kaplan-Meier curve of each group, because not everybody was watched until the horizon.
"""

from typing import NamedTuple

import numpy as np

from wardline.science.statistics.survival.cox import cox
from wardline.science.statistics.survival.kaplan_meier import kaplan_meier
from wardline.science.statistics.survival.observed import Floats, Observed


class Group(NamedTuple):
    """People who were told about the same."""

    people: int
    told: float
    """Mean predicted chance of being free at the horizon."""
    found: float
    low: float
    high: float


class Slope(NamedTuple):
    """1: differences between people are as large as was told; below 1: told too large (the model has learnt its table by heart)."""

    estimate: float
    low: float
    high: float


def groups(survival: Floats, seen: Observed, horizon: float, count: int) -> list[Group]:
    """Equally large groups by the predicted chance at the horizon; groups nobody of whom was watched that long are not a number."""
    found = []
    for places in np.array_split(np.argsort(survival, kind="stable"), count):
        if not len(places):
            continue
        curve = kaplan_meier(seen.of(places))
        reached = curve.watched_until >= horizon
        low, high = curve.interval_at(horizon) if reached else (np.nan, np.nan)
        found.append(Group(len(places), float(survival[places].mean()), float(curve.at(horizon)) if reached else np.nan, low, high))
    return found


def slope(log_risk: Floats, seen: Observed) -> Slope:
    """The coefficient of the predicted log risk in a Cox regression of its own (P. Royston and D. G. Altman, BMC Med Res Methodol 2013;13:33)."""
    found = cox(log_risk[:, None], seen)
    beta, spread = float(found.coefficients[0]), float(np.sqrt(found.covariance[0, 0]))
    return Slope(beta, beta - 1.96 * spread, beta + 1.96 * spread)
