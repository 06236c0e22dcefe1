"""What happens next in the simulated hospital, in the order of its own time.

Everything that goes on is a routine: a generator that does something and yields the minutes until it wants to go on.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

Routine: TypeAlias = Iterator[float]
NEVER: Final = timedelta(days=365)
"""The longest wait; a routine that yields more sleeps this long."""


class Agenda:
    """Routines by the moment at which they go on. `now` is the simulated present."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._next: list[tuple[datetime, int, Routine]] = []
        self._count = 0

    def begin(self, routine: Routine, at: datetime | None = None) -> None:
        """Let a routine start at a moment, or now. Of two at the same moment the one entered first goes first."""
        self._count += 1
        heapq.heappush(self._next, (at or self.now, self._count, routine))

    @property
    def next_at(self) -> datetime | None:
        return self._next[0][0] if self._next else None

    def step(self) -> None:
        """Let the next routine do one thing."""
        self.now, _, routine = heapq.heappop(self._next)
        wait = next(routine, None)
        if wait is not None:
            self.begin(routine, self.now + (timedelta(seconds=max(1, round(wait * 60))) if wait < NEVER.days * 1440 else NEVER))
