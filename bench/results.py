"""One measured bar: what was measured against what, and the aim."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` must be at least (or at most) `aim`. `detail` holds the absolute figures it was made of."""

    name: str
    value: float
    aim: float
    at_least: bool
    detail: dict[str, Any] = field(default_factory=dict)
    unit: str = "x"

    @property
    def met(self) -> bool:
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def seconds_per_call(call: Callable[[], Any], calls: int, repeats: int = 5) -> float:
    """Median over the repeats of the mean time of a call."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        for _ in range(calls):
            call()
        taken.append((time.perf_counter() - begun) / calls)
    return statistics.median(taken)


def paired_ratio(one: Callable[[], Any], other: Callable[[], Any], calls: int, repeats: int = 7) -> tuple[float, float, float]:
    """(ratio one/other, seconds of one, seconds of other): measured in turn, so that a drifting machine hits both alike."""
    pairs = [(seconds_per_call(one, calls, 1), seconds_per_call(other, calls, 1)) for _ in range(repeats)]
    ratio = statistics.median(a / b for a, b in pairs)
    return ratio, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
