"""Dice that fall the same way every time: everything random in the simulated hospital comes from a seed and a purpose."""

import math
from random import Random


def dice_for(seed: int, *purpose: object) -> Random:
    """Dice of their own for each purpose, so that one part of the hospital does not change what another throws."""
    return Random("/".join(map(str, (seed, *purpose))))  # noqa: S311 - a simulation, no secrets


def happens(dice: Random, share: float) -> bool:
    """True in this share of cases."""
    return dice.random() < share


def minutes_until_next(dice: Random, per_day: float) -> float:
    """The wait for something that happens so often a day, at any moment alike."""
    return dice.expovariate(per_day / 1440) if per_day > 0 else math.inf
