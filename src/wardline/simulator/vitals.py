"""One set of vital signs as a nurse takes it, and her own rough idea of how worried to be.

The rough severity only decides how soon somebody looks again. It is the simulation's own and deliberately not a published
score: points for every step beyond a comfortable range, three at most for each sign.
"""

import math
from datetime import datetime
from typing import Final, NamedTuple

from wardline.simulator.oxygen import OxygenTherapy
from wardline.simulator.physiology import Body


class Vitals(NamedTuple):
    respiratory_rate: float
    oxygen_saturation: float
    oxygen_flow: float
    systolic: float
    diastolic: float
    pulse: float
    temperature: float
    alertness: str
    """A, C, V, P or U."""


class _Comfort(NamedTuple):
    low: float
    step_down: float
    high: float
    step_up: float


_COMFORT: Final = {
    "respiratory_rate": _Comfort(12, 2, 20, 2.2), "systolic": _Comfort(111, 10, 220, 10), "pulse": _Comfort(51, 8, 90, 20),
    "temperature": _Comfort(36.1, 0.5, 38.0, 0.7),
}  # fmt: skip
_DROWSINESS: Final = ((0.45, "A"), (0.95, "C"), (1.35, "V"), (1.75, "P"), (math.inf, "U"))


def vitals_of(body: Body, oxygen: OxygenTherapy, at: datetime) -> Vitals:
    drowsiness = body.level("drowsiness", at)
    return Vitals(
        round(body.level("respiratory_rate", at)), round(oxygen.saturation(body.level("air_saturation", at))), oxygen.flow,
        round(body.level("systolic_pressure", at)), round(body.level("diastolic_pressure", at)), round(body.level("pulse", at)),
        round(body.level("temperature", at), 1), next(letter for below, letter in _DROWSINESS if drowsiness < below),
    )  # fmt: skip


def worry(vitals: Vitals, oxygen: OxygenTherapy) -> int:
    """The rough severity: 0 is comfortable, from 7 on somebody must come at once."""
    points = sum(_points(getattr(vitals, name), comfort) for name, comfort in _COMFORT.items())
    points += min(3, max(0, math.ceil((oxygen.low + 2 - vitals.oxygen_saturation) / 2)))
    return points + 2 * (vitals.oxygen_flow > 0) + 3 * (vitals.alertness != "A")


def _points(value: float, comfort: _Comfort) -> int:
    beyond = max((comfort.low - value) / comfort.step_down, (value - comfort.high) / comfort.step_up, 0.0)
    return min(3, math.ceil(beyond))


# Minutes to the next round by the worst of it, after the response table every ward knows: twice a day, every four to six
# hours, hourly, all the time.
_NEXT_ROUND: Final = ((0, 660), (4, 290), (6, 60))
_AT_ONCE: Final = 30


def minutes_to_next_round(points: int) -> int:
    return next((minutes for most, minutes in _NEXT_ROUND if points <= most), _AT_ONCE)
