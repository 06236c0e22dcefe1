"""A clock for promises that must end: it follows the wall clock, but never goes back and never stands still.

Somebody who sets the machine's clock back must not lengthen what was granted for two hours.
"""

from collections.abc import Callable
from datetime import datetime, timedelta


class SteadyClock:
    """`wall` may jump; `monotonic` counts seconds and never does."""

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._last = wall()
        self._at = monotonic()

    def now(self) -> datetime:
        ticked = self._monotonic()
        self._last = max(self._wall(), self._last + timedelta(seconds=ticked - self._at))
        self._at = ticked
        return self._last

    def heard(self, at: datetime) -> None:
        """It was this late already, before a restart: from there it goes on."""
        self._last = max(self._last, at)
