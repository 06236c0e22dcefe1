"""How well a survival model does with people it has not seen: cross-validated by person, with intervals, beside what Kaplan-Meier alone tells."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from wardline.learning.survival.fitting import FOLDS, Kind, fitted, member_of, scale_of, strength
from wardline.learning.survival.table import Table
from wardline.science.statistics.survival import calibration
from wardline.science.statistics.survival.brier import brier, integrated
from wardline.science.statistics.survival.concordance import harrell, uno
from wardline.science.statistics.survival.kaplan_meier import kaplan_meier
from wardline.science.statistics.survival.observed import Floats

RESAMPLES: Final = 200
SMALLEST_GROUP: Final = 40
"""People in a group of the calibration, at least; ten groups at most."""
TIMES: Final = 31


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the 2.5th and 97.5th percentile of bootstrap resamples of the people, the model's predictions as they are."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Of predictions for people who were not in the training of whoever predicted."""

    kind: Kind
    survival: Floats
    """Shape (rows, times)."""
    harrell: Interval
    uno: Interval
    drawn: Floats
    """Harrell's C of each resample: two models of the same table can be compared resample by resample."""
    brier: float
    """Integrated to the horizon; of Kaplan-Meier alone: `brier_of_all`."""
    brier_of_all: float
    groups: tuple[calibration.Group, ...]
    slope: calibration.Slope

    @property
    def gain(self) -> float:
        """The share by which the Brier score is smaller than that of Kaplan-Meier alone; below 0: the model harms."""
        return 1 - self.brier / self.brier_of_all


def times_until(horizon: float) -> Floats:
    return np.linspace(0.0, horizon, TIMES)


def measured(kind: Kind, table: Table, horizon: float, *, seed: int, resamples: int = RESAMPLES) -> Measured:
    """Five parts, each predicted by a model of the other four; what is chosen is chosen anew within the four."""
    months = times_until(horizon)
    survival, of_all = _predicted(kind, table, months, seed)
    at_horizon = survival[:, -1]
    risk = np.log(-np.log(np.clip(at_horizon, 1e-12, 1 - 1e-12)))
    counts = _counts(table, resamples, seed)
    drawn = harrell(risk, table.seen, counts)
    return Measured(
        kind, survival, _interval(float(harrell(risk, table.seen)[0]), drawn),
        _interval(float(uno(risk, table.seen, until=horizon)[0]), uno(risk, table.seen, until=horizon, counts=counts)), drawn,
        integrated(brier(survival, table.seen, months), months), integrated(brier(of_all, table.seen, months), months),
        tuple(calibration.groups(at_horizon, table.seen, horizon, max(2, min(10, len(table) // SMALLEST_GROUP)))),
        calibration.slope(risk, table.seen),
    )  # fmt: skip


def difference(one: Measured, other: Measured) -> Interval:
    """How much higher the first one's C is, resample by resample of the same people."""
    return _interval(one.harrell.estimate - other.harrell.estimate, one.drawn - other.drawn)


def _predicted(kind: Kind, table: Table, months: Floats, seed: int) -> tuple[Floats, Floats]:
    """The chance to be free at each time, of the model and of Kaplan-Meier, each without the person's own part of the table."""
    survival, of_all = np.empty((len(table), len(months))), np.empty((len(table), len(months)))
    part = table.folds(FOLDS, seed)
    for number in range(FOLDS):
        rest, here = table.of(part != number), part == number
        scale = scale_of(rest.features)
        features = scale.of(rest.features)
        made = fitted(kind, features, rest.seen, strength(kind, features, rest, seed), months, seed)
        survival[here] = member_of(made, len(table.names)).survival(scale.of(table.features[here]))
        of_all[here] = kaplan_meier(rest.seen).at(months)
    return survival, of_all


def _counts(table: Table, resamples: int, seed: int) -> Floats:
    """How often each row counts in each resample of persons."""
    persons, whose = np.unique(table.patient, return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(len(persons), np.full(len(persons), 1 / len(persons)), size=resamples)
    found: Floats = drawn[:, whose].astype(np.float64)
    return found


def _interval(estimate: float, drawn: Floats) -> Interval:
    known = drawn[np.isfinite(drawn)]
    low, high = np.quantile(known, (0.025, 0.975)) if len(known) else (np.nan, np.nan)
    return Interval(estimate, float(low), float(high))
