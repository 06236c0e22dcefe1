"""What goes wrong at the bedside: a loose probe, an impossible number, an input that was not taken, another thermometer."""

from random import Random
from typing import Final

from wardline.core import concepts as c
from wardline.simulator.chance import happens
from wardline.simulator.observations import Observed, loinc
from wardline.simulator.settings import Artefacts

_SATURATION: Final = loinc(c.OXYGEN_SATURATION).field
_TEMPERATURE: Final = loinc(c.TEMPERATURE).field
_PULSE: Final = loinc(c.PULSE).field
_SYSTOLIC: Final = loinc(c.SYSTOLIC_PRESSURE).field
_MISSABLE: Final = (_TEMPERATURE, loinc(c.RESPIRATORY_RATE).field, _SATURATION)
_IMPOSSIBLE: Final = {_PULSE: "721", _SYSTOLIC: "12", _TEMPERATURE: "3.71"}
"""Digits doubled, left out, a decimal point in the wrong place: outside every plausible range."""


def with_artefacts(observed: list[Observed], rates: Artefacts, dice: Random) -> list[Observed]:
    """The round as it is written down."""
    if happens(dice, rates.missing_input):
        left_out = dice.choice(_MISSABLE)
        observed = [each for each in observed if each.code != left_out]
    if happens(dice, rates.loose_probe):
        observed = _changed(observed, _SATURATION, value=str(dice.randrange(58, 80)))
    if happens(dice, rates.implausible):
        code = dice.choice(list(_IMPOSSIBLE))
        observed = _changed(observed, code, value=_IMPOSSIBLE[code])
    if happens(dice, rates.fahrenheit):
        observed = [_in_fahrenheit(each) if each.code == _TEMPERATURE else each for each in observed]
    return observed


def has_loose_probe(observed: list[Observed]) -> bool:
    """A saturation that no nurse believes: she puts the probe back and measures again."""
    return any(each.code == _SATURATION and int(each.value) < 80 for each in observed)


def mistyped(observed: list[Observed], dice: Random) -> tuple[list[Observed], list[Observed]] | None:
    """A round with a typing mistake in the pulse, and its correction; None when no pulse was taken."""
    true = next((each for each in observed if each.code == _PULSE), None)
    if true is None or not 20 <= int(true.value) < 100:
        return None
    wrong = true._replace(value=f"1{dice.randrange(3, 8)}{true.value[-1]}")
    return [wrong if each is true else each for each in observed], [true._replace(status="C")]


def _changed(observed: list[Observed], code: str, *, value: str) -> list[Observed]:
    return [each._replace(value=value) if each.code == code else each for each in observed]


def _in_fahrenheit(each: Observed) -> Observed:
    return each._replace(value=f"{float(each.value) * 9 / 5 + 32:.1f}", unit="[degF]")
