"""How far creatinine has risen, from what baseline, and which stage of acute kidney injury that is.

KDIGO 2012 leaves open what the baseline is. Here: the lowest creatinine of the last 7 days; without one, the median of the 8th to
the 365th day before, as in the NHS England algorithm (two implementations read). Never one worked back from a formula.
"""

from datetime import timedelta
from statistics import median
from typing import NamedTuple

from wardline.core.capability import Reading
from wardline.core.events import EventId
from wardline.core.quantities import plain, rounded, steps

# KDIGO 2012, table 2; mg/dL.
RISE = 0.3  # within 48 hours; 26.5 umol/L
TIMES_BASELINE = ((3.0, 3), (2.0, 2), (1.5, 1))
HIGHEST = 4.0  # 353.6 umol/L: stage 3, but only together with an acute rise


class Baseline(NamedTuple):
    """What the newest creatinine is compared with, and where it comes from."""

    value: float
    name: str
    event: EventId = 0


class Change(NamedTuple):
    """The newest creatinine, its baseline, and the stage it shows; without a baseline there is no stage."""

    newest: Reading
    baseline: Baseline | None = None
    stage: int | None = None
    why: str = "nothing to compare with"


def change_of(readings: tuple[Reading, ...]) -> Change:
    """What the newest of these readings, oldest first, says. Two samples of one moment: the higher one counts."""
    newest = max((reading for reading in readings if reading.at == readings[-1].at), key=_value)
    earlier = tuple(reading for reading in readings if reading.at < newest.at)
    baseline = baseline_of(earlier, newest)
    if baseline is None:
        return Change(newest)
    return Change(newest, baseline, *stage_of(newest.value, baseline.value, _rise(earlier, newest)))


def baseline_of(earlier: tuple[Reading, ...], newest: Reading) -> Baseline | None:
    """What is older than 7 times 24 hours counts as day 8."""
    week = [reading for reading in earlier if newest.at - reading.at <= timedelta(days=7)]
    if week:
        lowest = min(week, key=_value)
        return Baseline(lowest.value, "lowest of the last 7 days", lowest.event)
    year = [reading.value for reading in earlier if newest.at - reading.at <= timedelta(days=365)]
    return Baseline(median(year), f"median of 8 to 365 days before (values: {len(year)})") if year else None


def stage_of(value: float, baseline: float, rise: float) -> tuple[int, str]:
    """Stage 0 to 3 and the criterion that decides it. `rise` is the rise within 48 hours."""
    ratio = value / baseline
    has_risen = reaches(rise, RISE, 0.001)
    by_ratio = next((stage for times, stage in TIMES_BASELINE if reaches(ratio, times, 0.0001)), 0)
    if by_ratio < 3 and (has_risen or by_ratio) and reaches(value, HIGHEST, 0.001):
        return 3, "4.0 mg/dL or more after an acute rise"
    if by_ratio == 0 and has_risen:
        return 1, f"up {plain(rounded(rise, 2))} mg/dL within 48 hours"
    return by_ratio, f"{ratio:.1f} times the baseline"


def reaches(value: float, limit: float, step: float) -> bool:
    """Compared in whole steps, so that 1.2 - 0.9 is 0.3 and 26.5 umol/L is 0.3 mg/dL, while 26 umol/L is less."""
    return steps(value, step) >= steps(limit, step)


def _rise(earlier: tuple[Reading, ...], newest: Reading) -> float:
    """How far the newest value lies above the lowest of the 48 hours before it."""
    recent = [reading.value for reading in earlier if newest.at - reading.at <= timedelta(hours=48)]
    return newest.value - min(recent) if recent else 0.0


def _value(reading: Reading) -> float:
    return reading.value
