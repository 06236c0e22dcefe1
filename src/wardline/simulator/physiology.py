"""A patient's body as the simulation sees it: own usual values, conditions carried for years, illnesses, the time of day, chance.

A simulation, not a clinical source. Every quantity wanders about its usual value with a memory of its own (an
Ornstein-Uhlenbeck process); a shared unrest moves pulse, breathing and pressure together, as pain, visitors and sleep do.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Final, NamedTuple

from wardline.simulator.illnesses import Illness, Pattern


class Usual(NamedTuple):
    """Of healthy adults: mean, spread between people, spread within one person, hours of memory, daily swing and its peak hour."""

    mean: float
    between: float
    within: float
    memory_hours: float = 24.0
    swing: float = 0.0
    peak_hour: int = 16
    low: float = 0.0
    high: float = math.inf


# Units: those of the messages, see laboratory.py and charting.py. Urine is mL/kg/h, drowsiness 0 (alert) to 2 (unresponsive).
USUAL: Final[dict[str, Usual]] = {
    "respiratory_rate": Usual(16.4, 1.3, 1.3, 1.5, 0.5, 15, 6, 55),
    "air_saturation": Usual(96.8, 0.8, 0.7, 1.0, 0, 0, 55, 100),
    "systolic_pressure": Usual(123, 9, 6, 2.0, 4, 15, 52, 235),
    "diastolic_pressure": Usual(73, 4, 3.5, 2.0, 3, 15, 28, 130),
    "pulse": Usual(77, 7, 4.5, 1.0, 3, 15, 36, 190),
    "temperature": Usual(36.8, 0.12, 0.12, 6.0, 0.22, 18, 33.5, 41.5),
    "drowsiness": Usual(0.0, 0.0, 0.06, 4.0),
    "urine": Usual(1.0, 0.15, 0.2, 3.0, 0.1, 15, 0.02),
    "sodium": Usual(140, 1.5, 1.0), "potassium": Usual(4.1, 0.18, 0.16, low=2.4, high=7.6), "chloride": Usual(102, 1.5, 1.2),
    "bicarbonate": Usual(24.5, 0.9, 0.9, low=6), "urea": Usual(5.2, 0.8, 0.5, low=1), "creatinine": Usual(83, 8, 4, low=20),
    "glucose": Usual(5.8, 0.5, 0.7, 6.0, 0.6, 14, 2.4), "calcium": Usual(2.35, 0.05, 0.04), "magnesium": Usual(0.84, 0.05, 0.04),
    "phosphate": Usual(1.1, 0.1, 0.08, low=0.3), "haemoglobin": Usual(146, 8, 3, low=42), "leukocytes": Usual(7.0, 1.0, 0.7, low=0.4),
    "platelets": Usual(250, 35, 14, low=8), "mean_cell_volume": Usual(90, 3, 0.8), "c_reactive_protein": Usual(2.5, 0.8, 0.8, low=0.2),
    "lactate": Usual(1.1, 0.15, 0.2, 4.0, low=0.4), "carbon_dioxide": Usual(5.3, 0.2, 0.2, 3.0, low=2.6), "inr": Usual(1.0, 0.04, 0.04, low=0.8),
    "aptt": Usual(30, 1.6, 1.4), "fibrinogen": Usual(310, 30, 18), "albumin": Usual(41, 1.8, 0.9, low=14), "bilirubin": Usual(11, 2.5, 1.5, low=3),
    "alt": Usual(24, 6, 3, low=6), "troponin": Usual(6, 1.5, 1.2, low=2),
}  # fmt: skip

_UNREST: Final = {"pulse": 2.6, "respiratory_rate": 0.5, "systolic_pressure": 2.4, "diastolic_pressure": 1.2}
_UNREST_HOURS: Final = 2.0

FEMALE: Final = Pattern("female", shifts={"haemoglobin": -13, "creatinine": -16, "pulse": 2})
AGE: Final = Pattern("age", shifts={"systolic_pressure": 9, "creatinine": 10, "air_saturation": -0.7, "temperature": -0.1, "albumin": -3})
"""Per thirty years beyond fifty."""


class Wandering:
    """A value about zero that forgets itself over some hours."""

    __slots__ = ("_at", "_value", "memory_hours", "spread")

    def __init__(self, spread: float, memory_hours: float) -> None:
        self.spread = spread
        self.memory_hours = memory_hours
        self._value = 0.0
        self._at: datetime | None = None

    def at(self, moment: datetime, dice: Random) -> float:
        """Asked for moments in order; asked again for an earlier one it stays where it is."""
        passed = (moment - self._at).total_seconds() / 3600 if self._at is not None else math.inf
        if passed > 0:
            kept = math.exp(-passed / self.memory_hours)
            self._value = self._value * kept + dice.gauss(0, self.spread) * math.sqrt(1 - kept * kept)
            self._at = moment
        return self._value


class Body:
    """One patient's body. `level` is the truth; what a device or a nurse writes down is another matter."""

    def __init__(self, dice: Random, *, sex: str, age_years: float, conditions: Sequence[Pattern] = (), calm: bool = False) -> None:
        """A `calm` body keeps to the usual values of its age: for the stories that must be told the same way every time."""
        self._dice = dice
        share = 0.25 if calm else 1.0
        self._own = {name: usual.mean + dice.gauss(0, usual.between) * share for name, usual in USUAL.items()}
        self._wandering = {name: Wandering(usual.within * share, usual.memory_hours) for name, usual in USUAL.items()}
        self._unrest = Wandering(share, _UNREST_HOURS)
        self.illnesses: list[Illness] = []
        self._factors: dict[str, float] = {}
        for pattern, degree in ((FEMALE, float(sex == "F")), (AGE, (age_years - 50) / 30), *((each, 1.0) for each in conditions)):
            self._carry(pattern, degree)

    def _carry(self, pattern: Pattern, degree: float) -> None:
        for name, shift in pattern.shifts.items():
            self._own[name] += shift * degree
        for name, factor in pattern.factors.items():
            self._factors[name] = self._factors.get(name, 1.0) * factor**degree

    def level(self, name: str, at: datetime) -> float:
        """The true value of a quantity."""
        usual = USUAL[name]
        value = self._own[name] + self._wandering[name].at(at, self._dice)
        if usual.swing:
            value += usual.swing * math.cos((at.hour + at.minute / 60 - usual.peak_hour) * math.pi / 12)
        if name in _UNREST:
            value += _UNREST[name] * self._unrest.at(at, self._dice)
        factor = self._factors.get(name, 1.0)
        for illness in self.illnesses:
            shift, times = illness.effect(name, at)
            value, factor = value + shift, factor * times
        return min(max(value * factor, usual.low), usual.high)

    def fall_ill(self, illness: Illness) -> None:
        self.illnesses.append(illness)

    def treat(self, at: datetime) -> None:
        """Everything that is known is treated now; what is over is forgotten."""
        self.illnesses = [each for each in self.illnesses if not each.is_over(at)]
        for illness in self.illnesses:
            illness.treat(at)

    def worst(self, at: datetime) -> float:
        """Severity of the worst illness, 0 in health."""
        return max((each.severity(at) for each in self.illnesses), default=0.0)
