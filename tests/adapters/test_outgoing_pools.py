"""A place outside: so many at once, the most urgent first, left alone while it is down, tried again with longer and longer rests."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.adapters.outgoing.pools import FAILURES, LONGEST_REST, BoundedPool, PlaceIsDown, PoolBook
from wardline.core.errors import Fault
from wardline.core.findings import Severity


class Wall:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def good() -> str:
    return "taken"


async def bad() -> str:
    raise Fault("not taken")


def tried(pool: BoundedPool, work: Callable[[], Awaitable[str]], severity: int = 0) -> str:
    """What came of one call, in a word."""
    try:
        return asyncio.run(pool.run(work, severity=severity))  # type: ignore[arg-type]
    except PlaceIsDown:
        return "left alone"
    except Fault:
        return "failed"


def test_the_most_urgent_goes_first_and_the_longest_waiting_among_equals() -> None:
    async def told() -> list[str]:
        pool, order, first = BoundedPool("pager", "notifications", 1, Wall()), [], asyncio.Event()

        async def call(name: str, severity: int) -> None:
            async def work() -> None:
                order.append(name)
                if name == "first":
                    await first.wait()

            await pool.run(work, severity=severity)

        calls = [asyncio.create_task(call("first", 0))]
        await asyncio.sleep(0)
        for name, severity in (("low", 1), ("none", 0), ("high", 3), ("medium", 2), ("high again", 3)):
            calls.append(asyncio.create_task(call(name, severity)))
        await asyncio.sleep(0)
        assert pool.state().waiting == (1, 1, 1, 2)
        first.set()
        await asyncio.gather(*calls)
        return order

    assert asyncio.run(told()) == ["first", "high", "high again", "medium", "low", "none"]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 3)), max_size=40), st.integers(1, 4))
def test_never_more_at_once_than_its_size_and_every_place_is_given_back(calls: list[tuple[int, bool, int]], size: int) -> None:
    """Also when callers go away while they wait, or in the moment their turn comes."""

    async def told() -> None:
        pool, under_way, most = BoundedPool("p", "http", size, Wall()), 0, 0

        async def call(severity: int, turns: int) -> None:
            async def work() -> None:
                nonlocal under_way, most
                under_way += 1
                most = max(most, under_way)
                try:
                    for _ in range(turns):
                        await asyncio.sleep(0)
                finally:
                    under_way -= 1

            await pool.run(work, severity=severity)

        tasks = [(asyncio.create_task(call(severity, turns)), goes) for severity, goes, turns in calls]
        for task, goes in tasks:
            await asyncio.sleep(0)
            if goes:
                task.cancel()
        await asyncio.gather(*(task for task, _ in tasks), return_exceptions=True)
        assert most <= size
        assert (pool.busy, pool.state().waiting) == (0, (0, 0, 0, 0))

    asyncio.run(told())


def test_a_place_that_is_down_is_left_alone_and_tried_by_one_after_a_rest() -> None:
    wall = Wall()
    pool = BoundedPool("pager", "notifications", 4, wall)

    assert [tried(pool, bad) for _ in range(FAILURES)] == ["failed"] * FAILURES
    assert (pool.state().breaker, tried(pool, good)) == ("open", "left alone")
    assert pool.rests_for() == 1
    wall.wait(1)
    assert pool.state().breaker == "half-open"
    assert tried(pool, bad) == "failed"
    assert (pool.state().breaker, pool.rests_for()) == ("open", 2)
    wall.wait(2)
    assert tried(pool, good) == "taken"
    assert (pool.state().breaker, pool.state().failures) == ("closed", 0)


def test_rests_double_and_end_at_a_minute() -> None:
    wall, rests = Wall(), []
    pool = BoundedPool("pager", "notifications", 4, wall)
    for _ in range(FAILURES + 9):
        tried(pool, bad)
        rests.append(pool.rests_for())
        wall.wait(pool.rests_for())

    assert rests[FAILURES - 1 :] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert max(rests) == LONGEST_REST


def test_the_most_urgent_is_never_turned_away() -> None:
    """A page about a dying patient is the try."""
    pool = BoundedPool("pager", "notifications", 4, Wall())
    for _ in range(FAILURES):
        tried(pool, bad)

    assert tried(pool, good, Severity.MEDIUM) == "left alone"
    assert tried(pool, good, Severity.HIGH) == "taken"
    assert tried(pool, good) == "taken"


def test_a_try_that_is_called_off_tells_nothing() -> None:
    wall = Wall()
    pool = BoundedPool("pager", "notifications", 4, wall)
    for _ in range(FAILURES):
        tried(pool, bad)
    wall.wait(1)

    async def called_off() -> None:
        trying = asyncio.create_task(pool.run(lambda: asyncio.sleep(60)))
        await asyncio.sleep(0)
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)

    asyncio.run(called_off())
    assert (pool.state().breaker, tried(pool, good)) == ("half-open", "taken")


def test_what_is_no_fault_of_the_place_opens_no_breaker() -> None:
    async def ours() -> str:
        raise ValueError("a bug")

    pool = BoundedPool("pager", "notifications", 4, Wall())
    for _ in range(FAILURES * 2):
        with pytest.raises(ValueError, match="a bug"):
            asyncio.run(pool.run(ours))

    assert pool.state().breaker == "closed"


def test_a_place_has_one_pool_by_its_name() -> None:
    book = PoolBook(Wall())

    assert book.of("pager", "notifications", 4) is book.of("pager", "notifications", 4)
    assert [state.name for state in book.states()] == ["pager"]
