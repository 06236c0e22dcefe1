"""One measured bar: what was measured against what, and the aim. And how two things are compared fairly."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` must be at least (or at most) `aim`; without one it is for information. `detail` holds the absolute figures it was made of.

    Without a value nothing was measured, and the name says why.
    """

    name: str
    value: float | None
    aim: float | None = None
    at_least: bool = True
    detail: dict[str, Any] = field(default_factory=dict)
    unit: str = "x"
    failed: bool = False

    @property
    def met(self) -> bool | None:
        if self.aim is None or self.value is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    @property
    def words(self) -> tuple[str, str, str]:
        """Aim, value, and whether it was met, as the table prints them."""
        aim = "" if self.aim is None else f"{'≥' if self.at_least else '≤'} {self.aim:g}"
        return aim, "" if self.value is None else f"{self.value:.3g}", {True: "met", False: "missed", None: ""}[self.met]

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def seconds_per_call(call: Callable[[], Any], calls: int) -> float:
    """Of this thread's processor time, so that a busy machine counts as little as it can."""
    begun = time.thread_time()
    for _ in range(calls):
        call()
    return (time.thread_time() - begun) / calls


def paired_ratio(one: Callable[[], Any], other: Callable[[], Any], calls: tuple[int, int], repeats: int = 21) -> tuple[float, float, float]:
    """(ratio one/other, seconds of one, seconds of other): medians of short turns, so that a drifting machine hits both alike.

    `calls`: how many of each make a turn; choose them so that both turns last about as long.
    """
    pairs = [(seconds_per_call(one, calls[0]), seconds_per_call(other, calls[1])) for _ in range(repeats)]
    ratio = statistics.median(a / b for a, b in pairs)
    return ratio, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
