"""Heavy work in other processes: it answers, raises what the work raises, survives a worker that dies, and ends with the house."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wardline.adapters.embedded.workers import ProcessWorkers
from wardline.core.errors import Fault, Refused

LATE = 30.0


@pytest.fixture(scope="module")
def one_worker_death() -> tuple[list[int], int, str, int]:
    """What one worker says of itself, then dies of, then what the next one says: processes are slow to start, so it is told once."""

    async def told() -> tuple[list[int], int, str, int]:
        workers = ProcessWorkers(most=1)
        try:
            niceness = await workers.run("os:getpriority", os.PRIO_PROCESS, 0)
            ids = [await workers.run("os:getpid") for _ in range(2)]
            try:
                await workers.run("os:kill", ids[0], signal.SIGKILL)
                death = ""
            except Fault as fault:
                death = str(fault)
            return ids, niceness, death, await workers.run("os:getpid")
        finally:
            workers.close()

    return asyncio.run(told())


def test_work_is_done_in_one_other_process_that_stands_back(one_worker_death: tuple[list[int], int, str, int]) -> None:
    ids, niceness, _, _ = one_worker_death

    assert ids[0] == ids[1] != os.getpid()
    assert niceness > os.getpriority(os.PRIO_PROCESS, 0)


def test_a_worker_that_dies_is_said_to_have_and_is_replaced(one_worker_death: tuple[list[int], int, str, int]) -> None:
    ids, _, death, after = one_worker_death

    assert "a worker died at os:kill" in death
    assert after not in (ids[0], os.getpid())


def test_what_the_work_raises_arrives_with_its_words_and_too_long_is_a_fault() -> None:
    async def told() -> tuple[str, str]:
        workers = ProcessWorkers(most=1)
        try:
            with pytest.raises(Refused) as refused:
                await workers.run("wardline.formats.volumes:volume", "pet", 7)
            with pytest.raises(Fault) as late:
                await workers.run("time:sleep", 60, seconds=0.2)
            return str(refused.value), str(late.value)
        finally:
            workers.close()

    words, late = asyncio.run(told())
    assert words.startswith("pet is an object")
    assert "longer than 0.2 seconds" in late


def test_no_worker_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio, os, time\n"
        "from wardline.adapters.embedded.workers import ProcessWorkers\n"
        "async def main():\n"
        "    workers = ProcessWorkers(most=1)\n"
        "    print(await workers.run('os:getpid'), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()

    until = time.monotonic() + LATE
    while time.monotonic() < until and _lives(worker):
        time.sleep(0.05)
    assert not _lives(worker)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
