"""Cox regression: how much does each feature raise or lower the risk, whatever the risk itself does over time?

Newton-Raphson on the partial likelihood of Efron, optionally with a ridge: half of `ridge` times the sum of the squared coefficients is taken
off, so that many features of few people do not run away. Give standardised features when there is a ridge.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from wardline.core.errors import Refused
from wardline.science.statistics.survival.observed import Floats, Observed
from wardline.science.statistics.survival.partial_likelihood import Impossible, RiskSets, Terms, information, risk_sets, terms

MOST_STEPS: Final = 50
HALVINGS: Final = 20
CLOSE: Final = 1e-9
"""Relative change of the likelihood at which the search ends."""
LARGEST: Final = 25.0
"""A hazard ratio of 10^10 for one standard deviation of a feature is no estimate: the data separate, and the search would run for ever."""
RUN_AWAY: Final = (
    "the coefficients grow without limit: some feature tells perfectly who is affected, or there are too few events for so many features; "
    "look for a feature that was only known later, take features out, or give a stronger ridge"
)


@dataclass(frozen=True, slots=True)
class Cox:
    coefficients: Floats
    covariance: Floats
    """The inverse of the (penalised) information."""
    log_likelihood: float
    """Partial, without the ridge's part."""

    def log_risk(self, features: Floats) -> Floats:
        """`features` has shape (people, features). Only differences mean something."""
        found: Floats = features @ self.coefficients
        return found


@dataclass(frozen=True, slots=True)
class Baseline:
    """The cumulative hazard of a person of log risk 0, as steps."""

    time: Floats
    hazard: Floats

    def at(self, time: Floats) -> Floats:
        return np.concatenate(([0.0], self.hazard))[np.searchsorted(self.time, time, side="right")]


def cox(features: Floats, seen: Observed, *, ridge: float = 0.0) -> Cox:
    """`features` has shape (people, features). Raises `Refused` when there is no answer."""
    if not seen.events:
        raise Refused("it happened to nobody in this table, so nothing can be learnt about when", code="survival")
    sets, beta = risk_sets(seen), np.zeros(features.shape[1])
    spread = features.std(axis=0)
    if (spread == 0).any() and not ridge:
        raise Refused(f"feature {int(np.flatnonzero(spread == 0)[0]) + 1} has the same value for everybody; take it out", code="survival")
    now = terms(features @ beta, sets)
    for _ in range(MOST_STEPS):
        before = _penalised(now.log_likelihood, beta, ridge)
        step = _step(features.T @ (seen.happened - now.expected) - ridge * beta, _bend(features, beta, sets, ridge))
        beta, now = _far_enough(features, beta, step, sets, ridge, before)
        if not ridge and np.abs(beta * spread).max(initial=0.0) > LARGEST:
            break
        if abs(_penalised(now.log_likelihood, beta, ridge) - before) <= CLOSE * (abs(before) + CLOSE):
            return Cox(beta, np.linalg.inv(_bend(features, beta, sets, ridge)).astype(np.float64), now.log_likelihood)
    raise Refused(RUN_AWAY, code="survival")


def _bend(features: Floats, beta: Floats, sets: RiskSets, ridge: float) -> Floats:
    found: Floats = information(features, features @ beta, sets) + ridge * np.eye(len(beta))
    return found


def _step(slope: Floats, bend: Floats) -> Floats:
    try:
        return np.linalg.solve(bend, slope).astype(np.float64)
    except np.linalg.LinAlgError:
        raise Refused(RUN_AWAY, code="survival") from None


def _far_enough(features: Floats, beta: Floats, step: Floats, sets: RiskSets, ridge: float, before: float) -> tuple[Floats, Terms]:
    """The whole step, or so much of it that the likelihood does not fall."""
    for _ in range(HALVINGS):
        try:
            now = terms(features @ (beta + step), sets)
            if _penalised(now.log_likelihood, beta + step, ridge) >= before - CLOSE * abs(before):
                return beta + step, now
        except Impossible:  # so far out that the sums overflow: nearer is better
            pass
        step = step / 2
    raise Refused(RUN_AWAY, code="survival")


def _penalised(log_likelihood: float, beta: Floats, ridge: float) -> float:
    return log_likelihood - ridge / 2 * float(beta @ beta)


def breslow(log_risk: Floats, seen: Observed) -> Baseline:
    """The cumulative hazard over time that goes with these log risks (N. E. Breslow, discussion of Cox 1972; not read again)."""
    sets = risk_sets(seen)
    risk = np.exp(log_risk[sets.order])
    there = np.add.reduceat(risk, sets.starts)[::-1].cumsum()[::-1]
    events = np.add.reduceat(sets.happened.astype(np.float64), sets.starts)
    at = events > 0
    return Baseline(seen.time[sets.order][sets.starts][at], np.cumsum(events[at] / there[at]))
