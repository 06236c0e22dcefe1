"""How well a score tells those who died from those who lived: AUROC and AUPRC with bootstrap intervals by patient.

Both follow from how many of each lie at each value of the score, so a thousand resamples are one matrix of such counts. Ties count
half in the AUROC (Mann-Whitney); AUPRC is average precision, where patients with the same value are one step.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Weights: TypeAlias = NDArray[np.int64]

RESAMPLES: Final = 1000
SEED: Final = 20120102
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the 2.5th and 97.5th percentile of its bootstrap resamples. Not a number where it cannot be computed."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Discrimination:
    """`patients` had a value, `deaths` of them died."""

    patients: int
    deaths: int
    auroc: Interval
    auprc: Interval


@dataclass(frozen=True, slots=True)
class Curve:
    """One point per value of the score, from the highest down, after a first point at which nobody is called; shape (values + 1,)."""

    threshold: Floats
    false_positive_rate: Floats
    sensitivity: Floats


def resamples(patients: int, count: int = RESAMPLES, seed: int = SEED) -> Weights:
    """How often each patient is drawn in each bootstrap resample: shape (count, patients), each row adding up to `patients`."""
    return np.random.default_rng(seed).multinomial(patients, np.full(patients, 1 / patients), size=count)


def discrimination(scores: Floats, died: Flags, *, count: int = RESAMPLES, seed: int = SEED) -> Discrimination:
    """`scores` and `died` have shape (patients,); patients whose score is not a number are left out."""
    known = ~np.isnan(scores)
    scores, died = scores[known], died[known]
    deaths = int(died.sum())
    if deaths in (0, len(died)):
        undefined = Interval(np.nan, np.nan, np.nan)
        return Discrimination(len(died), deaths, undefined, undefined)
    once = np.ones((1, len(died)), np.int64)
    drawn = resamples(len(died), count, seed)
    (auroc,), (auprc,) = areas(scores, died, once)
    return Discrimination(len(died), deaths, *(_interval(*pair) for pair in zip((auroc, auprc), areas(scores, died, drawn), strict=True)))


def areas(scores: Floats, died: Flags, weights: Weights) -> tuple[Floats, Floats]:
    """AUROC and AUPRC for each row of `weights`, shape (rows, patients): how often each patient counts."""
    dead, alive = _by_value(scores, died, weights)
    total_dead, total_alive = dead.sum(axis=1), alive.sum(axis=1)
    lower = np.cumsum(alive, axis=1) - alive
    called_dead, called_alive = (np.cumsum(counts[:, ::-1], axis=1)[:, ::-1] for counts in (dead, alive))
    with np.errstate(invalid="ignore", divide="ignore"):
        auroc = (dead * (lower + alive / 2)).sum(axis=1) / (total_dead * total_alive)
        precision = np.nan_to_num(called_dead / (called_dead + called_alive))
        auprc = (dead * precision).sum(axis=1) / total_dead
    return auroc, auprc


def ratio(above: Floats, below: Floats, weights: Weights) -> Interval:
    """Sum of `above` over sum of `below`, each of shape (patients,), with its interval."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return _interval(np.divide(above.sum(), below.sum()), (weights @ above) / (weights @ below))


def curve(scores: Floats, died: Flags) -> Curve:
    """The ROC curve of patients whose score is a number."""
    known = ~np.isnan(scores)
    scores, died = scores[known], died[known]
    (dead,), (alive,) = _by_value(scores, died, np.ones((1, len(died)), np.int64))
    called_dead, called_alive = (np.concatenate(([0.0], np.cumsum(counts[::-1]))) for counts in (dead, alive))
    thresholds = np.concatenate(([np.inf], np.unique(scores)[::-1]))
    return Curve(thresholds, called_alive / called_alive[-1], called_dead / called_dead[-1])


def _by_value(scores: Floats, died: Flags, weights: Weights) -> tuple[Floats, Floats]:
    """Weighted numbers of dead and living patients at each value, lowest value first; shapes (rows, values)."""
    order = np.argsort(scores, kind="stable")
    starts = np.unique(scores[order], return_index=True)[1]
    dead = np.add.reduceat(weights[:, order] * died[order], starts, axis=1)
    every = np.add.reduceat(weights[:, order], starts, axis=1)
    return dead.astype(np.float64), (every - dead).astype(np.float64)


def _interval(estimate: float, drawn: Floats) -> Interval:
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return Interval(float(estimate), np.nan, np.nan)
    low, high = np.quantile(drawn, (_LOW, _HIGH))
    return Interval(float(estimate), float(low), float(high))
