"""How the concentration of an infused drug rises and falls: two compartments with first-order elimination, in closed form.

The blood (central) exchanges with the tissues (peripheral) and is cleared. Infusions add up, so a course of doses is the sum of its
parts. Time in hours, amounts in mg, volumes in litres, so concentrations in mg/L. Gibaldi and Perrier, Pharmacokinetics, 2nd ed. 1982,
chapter 2 (not read here; the tests hold the formulas against a numeric integration of the differential equations instead).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


class Infusion(NamedTuple):
    """One dose: mg from an hour on, over some hours."""

    start: float
    amount: float
    hours: float


class Rates(NamedTuple):
    """A patient's own pharmacokinetics: clearances in L/h, volumes in L."""

    clearance: float
    central: float
    between: float
    """Clearance between blood and tissues."""
    peripheral: float

    @property
    def half_life(self) -> float:
        """Hours in which the concentration halves at the end, when blood and tissues fall together."""
        return float(np.log(2) / _exponents(self)[1])


def concentrations(rates: Rates, infusions: Sequence[Infusion], times: Any) -> Array:
    """mg/L in the blood at these hours."""
    return _amounts(rates, infusions, np.asarray(times, dtype=float))[0] / rates.central


def area(rates: Rates, infusions: Sequence[Infusion], start: float, end: float) -> float:
    """Area under the concentration from one hour to another, mg*h/L: what went in and is no longer there, divided by the clearance."""
    moments = np.array([start, end], dtype=float)
    central, peripheral = _amounts(rates, infusions, moments)
    held = central + peripheral
    given = sum(each.amount * (_share(each, end) - _share(each, start)) for each in infusions)
    return float((given - (held[1] - held[0])) / rates.clearance)


def steady(amount: float, every: float, hours: float, rates: Rates) -> list[Infusion]:
    """The same dose long enough that nothing changes any more from dose to dose: ten half-lives; the last one begins at hour 0."""
    count = int(np.ceil(10 * rates.half_life / every)) + 1
    return [Infusion(-every * place, amount, hours) for place in range(count, -1, -1)]


def _share(infusion: Infusion, at: float) -> float:
    """How much of it has run in by then, 0 to 1."""
    return float(np.clip((at - infusion.start) / infusion.hours, 0, 1))


def _exponents(rates: Rates) -> tuple[float, float]:
    """The fast and the slow rate of decline, 1/h."""
    out, to, back = rates.clearance / rates.central, rates.between / rates.central, rates.between / rates.peripheral
    total = out + to + back
    root = np.sqrt(total**2 - 4 * out * back)
    fast = (total + root) / 2
    return float(fast), float(out * back / fast)  # the slow one by their product, which loses no digits


def _amounts(rates: Rates, infusions: Sequence[Infusion], times: Array) -> tuple[Array, Array]:
    """mg in the blood and in the tissues."""
    fast, slow = _exponents(rates)
    to, back = rates.between / rates.central, rates.between / rates.peripheral
    span = fast - slow
    starts, amounts, lasts = np.array(infusions, dtype=float).reshape(-1, 3, 1).transpose(1, 0, 2)
    since = times - starts
    running, after = np.clip(since, 0, lasts), np.clip(since - lasts, 0, None)
    fast_part = -np.expm1(-fast * running) / fast * np.exp(-fast * after)
    slow_part = -np.expm1(-slow * running) / slow * np.exp(-slow * after)
    rates_in = amounts / lasts
    central = (rates_in * ((fast - back) * fast_part + (back - slow) * slow_part)).sum(axis=0) / span
    peripheral = (rates_in * to * (slow_part - fast_part)).sum(axis=0) / span
    return central, peripheral
