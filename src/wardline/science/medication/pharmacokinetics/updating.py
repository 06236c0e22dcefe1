"""What measured levels say about this patient: the most probable rates given the population and the levels (maximum a posteriori).

Each rate is the typical one times exp(eta); eta is normal with the population's variance. Levels scatter around the truth with the
model's residual error. The best etas minimise the sum of both penalties (Sheiner and Beal, J Pharm Sci 1982;71:1344, not read); how
sure they are is the curvature there (Laplace).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.science.medication.pharmacokinetics.compartments import Array, Infusion, Rates, area, concentrations
from wardline.science.medication.pharmacokinetics.population import Model, Patient

_STEP: Final = 1e-5
_ROUNDS: Final = 60


class Level(NamedTuple):
    """A measured concentration: mg/L at an hour."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Individual:
    """A patient's own rates: typical ones where nothing was measured, moved towards the levels where something was."""

    model: Model
    patient: Patient
    etas: Array
    covariance: Array
    levels: tuple[Level, ...] = ()

    @property
    def rates(self) -> Rates:
        return rates_of(self.model, self.patient, self.etas)

    def curve(self, infusions: Sequence[Infusion], times: Sequence[float]) -> tuple[Array, Array]:
        """mg/L at these hours, and the standard deviation of its logarithm: how sure that is."""
        return self._with_spread(lambda rates: np.log(np.maximum(concentrations(rates, infusions, times), 1e-9)))

    def area(self, infusions: Sequence[Infusion], start: float, end: float) -> tuple[float, float]:
        """mg*h/L between two hours, and the standard deviation of its logarithm."""
        value, spread = self._with_spread(lambda rates: np.log(np.array([area(rates, infusions, start, end)])))
        return float(value[0]), float(spread[0])

    def _with_spread(self, of: Callable[[Rates], Array]) -> tuple[Array, Array]:
        middle = of(self.rates)
        slopes = np.array([(of(rates_of(self.model, self.patient, self.etas + step)) - middle) / _STEP for step in np.eye(4) * _STEP])
        variance = np.einsum("it,ij,jt->t", slopes, self.covariance, slopes)
        return np.exp(middle), np.sqrt(np.maximum(variance, 0))


def rates_of(model: Model, patient: Patient, etas: Array) -> Rates:
    """The rates of a patient who differs from the typical one by these etas."""
    typical = model.typical(patient)
    first, second, third, fourth = (float(each) for each in np.exp(etas))
    if not model.constants_vary:
        return Rates(typical.clearance * first, typical.central * second, typical.between * third, typical.peripheral * fourth)
    # k12 = Q/V1 and k21 = Q/V2 vary instead of Q and V2.
    central = typical.central * second
    between = typical.between / typical.central * third * central
    return Rates(typical.clearance * first, central, between, between / (typical.between / typical.peripheral * fourth))


def individual(model: Model, patient: Patient, infusions: Sequence[Infusion], levels: Sequence[Level]) -> Individual:
    """The most probable patient; without levels the typical one."""
    variances = np.array(model.variances)
    free = variances > 0
    precision = np.diag(np.where(free, 1 / np.where(free, variances, 1), 0))
    etas = np.zeros(4)
    hessian = precision
    if levels:
        etas, hessian = _descended(model, patient, infusions, levels, precision, free)
    covariance = np.zeros((4, 4))
    covariance[np.ix_(free, free)] = np.linalg.inv(hessian[np.ix_(free, free)])
    return Individual(model, patient, etas, covariance, tuple(levels))


def _descended(
    model: Model, patient: Patient, infusions: Sequence[Infusion], levels: Sequence[Level], precision: Array, free: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Levenberg's way down: Gauss-Newton steps, shortened until they lead down."""
    times, measured = np.array([each.at for each in levels]), np.array([each.value for each in levels])

    def predicted(etas: Array) -> Array:
        return concentrations(rates_of(model, patient, etas), infusions, times)

    def weights(level: Array) -> Array:
        return 1 / (model.additive**2 + (model.proportional * level) ** 2)

    def penalty(etas: Array) -> float:
        level = predicted(etas)
        weight = weights(level)
        return float(etas @ precision @ etas + ((measured - level) ** 2 * weight - np.log(weight)).sum())

    etas, damping, best = np.zeros(4), 1e-3, penalty(np.zeros(4))
    for _ in range(_ROUNDS):
        gradient, hessian = _slopes(penalty, etas, free), _curvature(predicted, weights, etas, precision, free)
        step = np.zeros(4)
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)] * (1 + damping * np.eye(int(free.sum()))), -gradient[free] / 2)
        tried = penalty(etas + step)
        if tried < best:
            done = best - tried < 1e-10
            etas, best, damping = etas + step, tried, damping / 5
            if done:
                break
        else:
            damping *= 5
            if damping > 1e12:
                break
    return etas, _curvature(predicted, weights, etas, precision, free)


def _slopes(penalty: Callable[[Array], float], etas: Array, free: NDArray[np.bool_]) -> Array:
    found = np.zeros(4)
    for place in np.flatnonzero(free):
        step = np.zeros(4)
        step[place] = _STEP
        found[place] = (penalty(etas + step) - penalty(etas - step)) / (2 * _STEP)
    return found


def _curvature(
    predicted: Callable[[Array], Array], weights: Callable[[Array], Array], etas: Array, precision: Array, free: NDArray[np.bool_]
) -> Array:
    """The Gauss-Newton curvature of half the penalty."""
    level = predicted(etas)
    slopes = np.zeros((4, level.size))
    for place in np.flatnonzero(free):
        step = np.zeros(4)
        step[place] = _STEP
        slopes[place] = (predicted(etas + step) - predicted(etas - step)) / (2 * _STEP)
    curvature: Array = precision + (slopes * weights(level)) @ slopes.T
    return curvature
