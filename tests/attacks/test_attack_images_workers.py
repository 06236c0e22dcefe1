"""Workers that die, hang or are waited for too long: one request must not take the others' work, or the house's memory, with it."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from wardline.adapters.embedded.workers import ProcessWorkers
from wardline.core.errors import Fault


def with_workers(most: int, act: Callable[[ProcessWorkers], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        workers = ProcessWorkers(most=most)
        try:
            return await act(workers)
        finally:
            workers.close()

    return asyncio.run(told())


def test_a_worker_that_dies_while_nobody_needs_it_is_replaced_when_somebody_does() -> None:
    """The system takes the memory of whoever has most of it; without this every later picture, analysis and report failed until a restart."""

    async def act(workers: ProcessWorkers) -> bool:
        first = await workers.run("os:getpid")
        os.kill(first, signal.SIGKILL)
        await asyncio.sleep(0.5)
        for _ in range(3):
            try:
                return await workers.run("os:getpid") != first
            except Fault:
                continue
        return False

    assert with_workers(1, act)


def test_what_only_waited_too_long_takes_no_running_work_with_it() -> None:
    async def act(workers: ProcessWorkers) -> tuple[list[str], str]:
        await workers.run("os:getpid")
        running = asyncio.create_task(workers.run("time:sleep", 1.5))
        await asyncio.sleep(0.1)
        said = []
        for _ in range(3):
            with pytest.raises(Fault) as refused:
                await workers.run("os:getpid", seconds=0.2)
            said.append(str(refused.value))
        return said, str(await running)

    said, running = with_workers(1, act)
    assert running == "None", "it came to its end"
    assert all("free" in each for each in said)


def test_two_who_hear_of_the_same_death_replace_the_workers_once() -> None:
    """Who heard of it second ended the new ones, with the work that had begun there."""

    async def act(workers: ProcessWorkers) -> list[object]:
        first = await workers.run("os:getpid")
        lost = [asyncio.create_task(workers.run("time:sleep", 20)) for _ in range(2)]
        await asyncio.sleep(0.3)
        os.kill(first, signal.SIGKILL)
        (done, waiting) = await asyncio.wait(lost, return_when=asyncio.FIRST_COMPLETED)
        again = asyncio.create_task(workers.run("os:getpid"))
        await asyncio.wait([*waiting, again], timeout=15)
        for each in waiting:
            each.cancel()
        return [again.exception(), *(type(each.exception()) for each in done)]

    said = with_workers(2, act)
    assert said[0] is None
    assert set(said[1:]) == {Fault}


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="this system does not say whom it ends first")
def test_when_memory_ends_a_worker_is_ended_before_the_wards_process() -> None:
    async def act(workers: ProcessWorkers) -> str:
        where = Path(f"/proc/{await workers.run('os:getpid')}/oom_score_adj")
        return await asyncio.to_thread(where.read_text, encoding="ascii")

    assert int(with_workers(1, act)) > int(Path("/proc/self/oom_score_adj").read_text(encoding="ascii"))
