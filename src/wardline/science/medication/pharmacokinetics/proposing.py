"""Which of the practical regimens comes closest to the target for this patient."""

from collections.abc import Iterable
from math import erf, sqrt
from typing import NamedTuple

import numpy as np

from wardline.science.medication.pharmacokinetics.compartments import concentrations, steady
from wardline.science.medication.pharmacokinetics.updating import Individual


class Regimen(NamedTuple):
    """mg every so many hours, each run in over some hours, and what that gives once steady."""

    amount: float
    every: float
    hours: float
    area: float
    """Over 24 hours, mg*h/L."""
    spread: float
    """Standard deviation of the area's logarithm."""
    peak: float
    trough: float

    @property
    def daily(self) -> float:
        return self.amount * 24 / self.every

    def within(self, low: float, high: float) -> float:
        """How probable it is that the area lies between the two."""
        return _below((np.log(high) - np.log(self.area)) / self.spread) - _below((np.log(low) - np.log(self.area)) / self.spread)


def regimen(person: Individual, amount: float, every: float, hours: float) -> Regimen:
    """What a regimen gives once steady. The peak is the end of the infusion, the trough the moment before the next.

    Once steady, what goes in over an interval comes out of it: the area is dose by clearance, and only the clearance makes it unsure.
    """
    rates = person.rates
    levels = concentrations(rates, steady(amount, every, hours, rates), [hours, every])
    spread = sqrt(float(person.covariance[0, 0]))
    return Regimen(amount, every, hours, amount / rates.clearance * 24 / every, spread, float(levels[0]), float(levels[1]))


def closest(regimens: Iterable[Regimen], *, target: float) -> Regimen | None:
    """The regimen whose area is nearest to the target (as a ratio); of equally near ones the one given least often."""
    return min(regimens, key=lambda each: (round(abs(float(np.log(each.area / target))), 2), -each.every), default=None)


def _below(z: float) -> float:
    """The normal distribution function."""
    return (1 + erf(z / sqrt(2))) / 2
