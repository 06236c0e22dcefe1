"""The Brier score: how far were the predicted chances from what happened? (0 is perfect; what the average alone gives is the measure)

Weighed for people who were not watched long enough, by the chance of not having been censored (E. Graf, Stat Med 1999;18:2529; not read again).
"""

import numpy as np

from wardline.science.statistics.survival.kaplan_meier import kaplan_meier
from wardline.science.statistics.survival.observed import Floats, Observed, censoring


def brier(survival: Floats, seen: Observed, times: Floats) -> Floats:
    """`survival`, shape (people, times): the predicted chance of still being free at each time. One score per time."""
    free = kaplan_meier(censoring(seen))
    at_end, at_time = free.at(seen.time, just_before=True), free.at(times)
    over = seen.happened[:, None] & (seen.time[:, None] <= times)
    still = seen.time[:, None] > times
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(over, survival**2 / at_end[:, None], 0.0) + np.where(still, (1 - survival) ** 2 / at_time, 0.0)
    found: Floats = lost.mean(axis=0)
    return found


def integrated(scores: Floats, times: Floats) -> float:
    """The mean over the time between the first and the last of `times`."""
    return float(np.trapezoid(scores, times) / (times[-1] - times[0]))
