"""The partial likelihood: given that it happened to somebody now, how likely was it that it was this person? (D. R. Cox, 1972)

People to whom it happened at the same time are treated as Efron does (B. Efron, J Am Stat Assoc 1977;72:557): of d of them the l-th leaves a
risk set from which the share l/d of all d is already gone. Regression and boosting both stand on these sums. Held against an independent
implementation; the papers were not read again.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from wardline.science.statistics.survival.observed import Flags, Floats, Observed, Places

LEAST: Final = 1e-100
"""Of the risks of those still there, beside the largest of all: below it the sums have no digits left."""


@dataclass(frozen=True, slots=True)
class RiskSets:
    """Who was still at risk when, worked out once. Everything is in the order of time."""

    order: Places
    """Places in the table as given, by time."""
    happened: Flags
    starts: Places
    """First row of each different time."""
    step: Places
    """Of each row: which of the different times."""
    event_step: Places
    """Of each event: which of the different times."""
    gone: Floats
    """Of each event: the share l/d of those to whom it happened at the same time that has already left."""


class Impossible(ArithmeticError):
    """The sums are no numbers: a risk has grown without limit."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The likelihood at some risks, and how it changes with each person's; in the order of the table as given."""

    log_likelihood: float
    expected: Floats
    """Events each person was expected to have had: what happened minus this is the slope."""
    curvature: Floats
    """The second derivative by each person's own log risk, with the opposite sign."""


def risk_sets(seen: Observed) -> RiskSets:
    order = np.argsort(seen.time, kind="stable")
    happened = seen.happened[order]
    _, starts, step = np.unique(seen.time[order], return_index=True, return_inverse=True)
    event_step = step[happened]
    first = np.searchsorted(event_step, event_step, side="left")
    count = np.searchsorted(event_step, event_step, side="right") - first
    return RiskSets(order, happened, starts, step, event_step, (np.arange(len(event_step)) - first) / count)


def terms(log_risk: Floats, sets: RiskSets) -> Terms:
    """Raises `Impossible`."""
    risk, lowered, left = _left(log_risk, sets)
    one, two = 1 / left, 1 / left**2
    expected = risk * (_until(one, sets) - _own(sets.gone * one, sets))
    curvature = expected - risk**2 * (_until(two, sets) - _own((2 * sets.gone - sets.gone**2) * two, sets))
    back = np.empty_like(sets.order)
    back[sets.order] = np.arange(len(back))
    return Terms(float(lowered[sets.happened].sum() - np.log(left).sum()), expected[back], curvature[back])


def information(features: Floats, log_risk: Floats, sets: RiskSets) -> Floats:
    """The second derivative by the coefficients of `features`, shape (people, features), with the opposite sign. Raises `Impossible`."""
    risk, _, left = _left(log_risk, sets)
    rows = features[sets.order]
    weighed = risk[:, None] * rows
    there = np.add.reduceat(weighed, sets.starts, axis=0)[::-1].cumsum(axis=0)[::-1]
    dying = np.add.reduceat(weighed * sets.happened[:, None], sets.starts, axis=0)
    mean = (there[sets.event_step] - sets.gone[:, None] * dying[sets.event_step]) / left[:, None]
    expected = risk * (_until(1 / left, sets) - _own(sets.gone / left, sets))
    found: Floats = rows.T @ (expected[:, None] * rows) - mean.T @ mean
    return found


def _left(log_risk: Floats, sets: RiskSets) -> tuple[Floats, Floats, Floats]:
    """Risks and their logarithms by time, and at each event the sum of the risks of those still there."""
    lowered = log_risk[sets.order] - log_risk.max()  # the likelihood knows no level, and large exponentials overflow
    risk = np.exp(lowered)
    there = np.add.reduceat(risk, sets.starts)[::-1].cumsum()[::-1]
    dying = np.add.reduceat(risk * sets.happened, sets.starts)
    left = there[sets.event_step] - sets.gone * dying[sets.event_step]
    if not (left > LEAST).all():
        raise Impossible
    return risk, lowered, left


def _until(each_event: Floats, sets: RiskSets) -> Floats:
    """Of each person: the sum over the events up to and at their time."""
    summed: Floats = np.bincount(sets.event_step, each_event, len(sets.starts)).astype(np.float64)
    return summed.cumsum()[sets.step]


def _own(each_event: Floats, sets: RiskSets) -> Floats:
    """Of each person to whom it happened: the sum over the events of that same time."""
    summed: Floats = np.bincount(sets.event_step, each_event, len(sets.starts)).astype(np.float64)
    return summed[sets.step] * sets.happened
