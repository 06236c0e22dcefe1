"""What runs beside the engine - clocks for screens, downtime pages, couriers - does not die without a word (TRAP-10)."""

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from api.house import OpenHouse
from wardline.app.serving import kept_running


def test_a_lane_that_fails_is_begun_again_and_its_failure_is_said() -> None:
    begun = 0

    async def lane() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise KeyError("Moss, Ada")

    with capture_logs() as lines:
        asyncio.run(kept_running("clock for screens", lane, again_after=0))

    assert begun == 3
    assert [(line["event"], line["lane"], line["error"]) for line in lines] == [("lane_failed", "clock for screens", "KeyError")] * 2
    assert "Moss" not in str(lines)
    assert "test_lanes.py" in lines[0]["at"], "where, but not what about"


def test_a_lane_that_is_cancelled_ends() -> None:
    async def story() -> None:
        task = asyncio.ensure_future(kept_running("x", lambda: asyncio.sleep(3600)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


def test_every_lane_runs_while_the_house_is_open_and_ends_with_it(open_house: Callable[..., OpenHouse]) -> None:
    """Over real sockets, as `serve` does it."""
    house = open_house()
    house.is_open = False  # it closes itself, in order, below

    async def story() -> set[str]:
        await house.running.open()
        names = {task.get_name() for task in house.running._tasks if not task.done()}
        await house.running.close()
        assert all(task.done() for task in house.running._tasks)
        return names

    assert house.do(story) == {
        "http", "loop watch", "clock for screens", "downtime pages", "courier", "certificates", "retention", "proof of the audit trail",
        "FHIR index", "subscriptions", "filing of studies", "analysis of studies", "networks on studies", "workitems", "completing of studies",
        "promises to scanners",
    }  # fmt: skip
