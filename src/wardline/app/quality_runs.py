"""Counting the quality measures while the house runs: in a process of its own, which says how far it is."""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog

from wardline.core.errors import Conflict

log = structlog.get_logger()
LINE_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of the last line, which holds the members of every measure."""
KEPT: Final = 12
"""Periods whose result is kept."""


@dataclass(slots=True)
class Run:
    """One count: how far it is, and what came out."""

    period: str
    done: int = 0
    of: int = 0
    result: dict[str, Any] | None = None
    failed: str = ""

    @property
    def is_running(self) -> bool:
        return self.result is None and not self.failed


@dataclass(slots=True)
class QualityRuns:
    """One count at a time; the newest result of each period stays until it is counted again."""

    data: Path
    runs: dict[str, Run] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def run(self, period: str, *, again: bool) -> Run:
        """The count for a period, begun if there is none or it is wanted again. Raises `Conflict` while another one runs."""
        known = self.runs.get(period)
        if known is not None and (known.is_running or not (again or known.failed)):
            return known
        if any(each.is_running for each in self.runs.values()):
            raise Conflict("another period is being counted; try again in a moment")
        while len(self.runs) >= KEPT:
            self.runs.pop(next(iter(self.runs)))
        begun = self.runs[period] = Run(period)
        task = asyncio.create_task(self._count(begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return begun

    async def close(self) -> None:
        """End what runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _count(self, run: Run) -> None:
        words = ("quality", "--period", run.period, "--json", "--data", str(self.data))
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "wardline", *words, stdout=pipe, stderr=pipe, limit=LINE_LIMIT)
        try:
            if process.stdout is not None:
                async for line in process.stdout:
                    _take(run, json.loads(line))
            said = await process.stderr.read() if process.stderr is not None else b""
            if await process.wait() or run.result is None:
                run.failed = "the measures could not be counted; the server's log says why"
                log.error("quality_count_failed", period=run.period, said=said.decode(errors="replace").strip().splitlines()[-1:])
        except (ValueError, OSError) as error:
            run.failed = "the measures could not be counted; the server's log says why"
            log.error("quality_count_failed", period=run.period, error=type(error).__name__)
        finally:
            if process.returncode is None:  # the house is closing, or the answer could not be read
                process.kill()
                await process.wait()


def _take(run: Run, said: dict[str, Any]) -> None:
    if "measures" in said:
        run.result = said
    else:
        run.done, run.of = int(said["done"]), int(said["of"])
