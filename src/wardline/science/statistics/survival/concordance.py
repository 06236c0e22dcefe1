"""Concordance: of two people, how often was the one with the higher predicted risk affected first? (0.5 is chance, 1 always)

Harrell's C counts every pair whose order is known (F. E. Harrell, JAMA 1982;247:2543). It depends on how long people happened to be watched;
Uno's C weighs each pair by the chance of not having been censored before (H. Uno, Stat Med 2011;30:1105), up to a time. The papers were not
read again; both are held against counting pair by pair.
"""

from typing import Final

import numpy as np

from wardline.science.statistics.survival.kaplan_meier import kaplan_meier
from wardline.science.statistics.survival.observed import Floats, Observed, censoring

ROWS: Final = 512
"""So many people are compared with all others at a time."""


def harrell(risk: Floats, seen: Observed, counts: Floats | None = None) -> Floats:
    """`risk`: the higher, the sooner. `counts`, shape (resamples, people): how often each person counts; without them everybody once."""
    return _concordance(risk, seen, np.ones(len(seen)), counts)


def uno(risk: Floats, seen: Observed, *, until: float, counts: Floats | None = None) -> Floats:
    """Only events before `until`. The chance of not being censored is that of all people, also in resamples."""
    free = kaplan_meier(censoring(seen)).at(seen.time, just_before=True)
    with np.errstate(divide="ignore"):
        weights = np.where((seen.time < until) & (free > 0), free**-2.0, 0.0)
    return _concordance(risk, seen, weights, counts)


def _concordance(risk: Floats, seen: Observed, weights: Floats, counts: Floats | None) -> Floats:
    often = np.ones((1, len(seen))) if counts is None else counts
    agreed, pairs = np.zeros(len(often)), np.zeros(len(often))
    affected = np.flatnonzero(seen.happened & (weights > 0))
    for start in range(0, len(affected), ROWS):
        rows = affected[start : start + ROWS]
        time = seen.time[rows][:, None]
        # Who was censored at the very time of another's event was still free of it.
        later = (seen.time > time) | ((seen.time == time) & ~seen.happened)
        ahead = later * (np.sign(risk[rows][:, None] - risk) / 2 + 0.5)
        weighed = often[:, rows] * weights[rows]
        agreed += ((often @ ahead.T) * weighed).sum(axis=1)
        pairs += ((often @ later.T.astype(np.float64)) * weighed).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return agreed / pairs
