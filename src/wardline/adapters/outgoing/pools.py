"""A few connections at once to each place outside, the most urgent first, and none for a while to a place that is down.

The breaker is closed while calls succeed. After a few failures in a row it opens: calls are turned away at once, so that the next
channel is tried without waiting. After a rest that doubles with each failure it is half open: one call may try. A call of the
highest severity is never turned away: it is the try.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Final, Literal

from wardline.core.errors import Fault
from wardline.core.findings import Severity
from wardline.core.outside import PoolState, Result

FAILURES: Final = 3
"""In a row, until a place counts as down."""
FIRST_REST: Final = 1.0
LONGEST_REST: Final = 60.0
WAITING_AT_MOST: Final = 1000


class PlaceIsDown(Fault):
    """The place has failed several times; it is asked again later."""


class Breaker:
    """Remembers failures of one place."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.failures = 0
        self.tries_again_at: datetime | None = None
        self._is_trying = False

    @property
    def state(self) -> Literal["closed", "open", "half-open"]:
        if self.failures < FAILURES or self.tries_again_at is None:
            return "closed"
        return "half-open" if self._is_trying or self._now() >= self.tries_again_at else "open"

    def rests_for(self) -> float:
        if self.state != "open" or self.tries_again_at is None:
            return 0.0
        return (self.tries_again_at - self._now()).total_seconds()

    def lets_in(self, severity: int) -> bool:
        """Whether a call may go; in a half-open state one at a time, and the most urgent always."""
        if self.state == "closed":
            return True
        if severity >= Severity.HIGH or (self.state == "half-open" and not self._is_trying):
            self._is_trying = True
            return True
        return False

    def succeeded(self) -> None:
        self.failures, self.tries_again_at, self._is_trying = 0, None, False

    def failed(self) -> None:
        self.failures += 1
        self._is_trying = False
        rest = min(FIRST_REST * 2.0 ** max(0, self.failures - FAILURES), LONGEST_REST)
        self.tries_again_at = self._now() + timedelta(seconds=rest)

    def left(self) -> None:
        """A try ended without telling anything: it was called off."""
        self._is_trying = False


class BoundedPool:
    """One place."""

    def __init__(self, name: str, kind: str, size: int, now: Callable[[], datetime]) -> None:
        self.name, self.kind, self.size = name, kind, size
        self.breaker = Breaker(now)
        self.busy = self.calls = self.refused = 0
        self._order = count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    async def run(self, work: Callable[[], Awaitable[Result]], *, severity: int = 0) -> Result:
        if not self.breaker.lets_in(severity):
            self.refused += 1
            raise PlaceIsDown(f"{self.name} has failed {self.breaker.failures} times and is left alone for a moment")
        try:
            await self._place(severity)
        except BaseException:  # whatever ends the waiting: it told nothing about the place
            self.breaker.left()
            raise
        try:
            return await self._watched(work)
        finally:
            self._leave()

    def rests_for(self) -> float:
        return self.breaker.rests_for()

    async def _watched(self, work: Callable[[], Awaitable[Result]]) -> Result:
        self.calls += 1
        try:
            result = await work()
        except Fault:
            self.breaker.failed()
            raise
        except BaseException:  # called off, or a bug of ours: it told nothing about the place
            self.breaker.left()
            raise
        self.breaker.succeeded()
        return result

    async def _place(self, severity: int) -> None:
        if self.busy < self.size:
            self.busy += 1
            return
        if len(self._waiting) >= WAITING_AT_MOST:
            self.refused += 1
            raise Fault(f"too many wait for {self.name} already")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-severity, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # the turn came in the same moment: it goes to the next
            raise

    def _leave(self) -> None:
        """The place of whoever goes is handed to the most urgent, the longest waiting first."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self.busy -= 1

    def state(self) -> PoolState:
        waiting = [0, 0, 0, 0]
        for urgency, _, turn in self._waiting:
            if not turn.done():
                waiting[min(max(-urgency, 0), 3)] += 1
        none, low, medium, high = waiting
        return PoolState(
            self.name, self.kind, self.size, self.busy, (none, low, medium, high), self.breaker.state, self.breaker.failures, self.calls,
            self.refused, self.breaker.tries_again_at if self.breaker.state != "closed" else None,
        )  # fmt: skip


class PoolBook:
    """`Pools`: one for each place, made when it is first asked for. Places come from the site's files, so there are few."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._pools: dict[str, BoundedPool] = {}

    def of(self, name: str, kind: str, size: int) -> BoundedPool:
        pool = self._pools.get(name)
        if pool is None:
            pool = self._pools[name] = BoundedPool(name, kind, size, self._now)
        return pool

    def states(self) -> list[PoolState]:
        return [pool.state() for _, pool in sorted(self._pools.items())]
