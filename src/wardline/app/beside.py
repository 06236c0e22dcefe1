"""Questions that take the whole log to answer, asked by the running server: each in a process of its own, which reads the log beside it."""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import Conflict, Fault

PATIENCE_SECONDS: Final = 300


class Beside:
    """Runs our own commands, one at a time: the machine belongs to the ward."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._busy = asyncio.Lock()

    async def simulate(self, today: str, proposed: str, since: datetime | None, until: datetime | None) -> dict[str, Any]:
        """The past under two policies, given as text."""
        return await self._ask(("simulate", "-"), since, until, json.dumps({"today": today, "proposed": proposed}).encode())

    async def burden(self, since: datetime | None, until: datetime | None, unit: str) -> dict[str, Any]:
        """What alerts have been to people."""
        return await self._ask(("burden", "--unit", unit) if unit else ("burden",), since, until)

    async def _ask(self, question: tuple[str, ...], since: datetime | None, until: datetime | None, said: bytes = b"") -> dict[str, Any]:
        """Raises `Conflict` while another question is being answered, or when the answer takes too long."""
        if self._busy.locked():
            raise Conflict("a simulation or a count over the log is already running; try again in a moment")
        words = [*question, "--json", "--data", str(self.data)]
        words += ["--since", since.isoformat()] if since is not None else []
        words += ["--until", until.isoformat()] if until is not None else []
        async with self._busy:
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "wardline", "alerts", *words, stdin=pipe, stdout=pipe, stderr=pipe)
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    out, err = await process.communicate(said)
            except TimeoutError:
                raise Conflict("reading all of it takes too long here; choose a shorter time") from None
            finally:
                if process.returncode is None:  # too long, or whoever asked has left
                    process.kill()
                    await process.wait()
        if process.returncode:
            raise Fault(f"the log could not be read: {err.decode(errors='replace').strip().splitlines()[-1:]}")
        answer: dict[str, Any] = json.loads(out)
        return answer
