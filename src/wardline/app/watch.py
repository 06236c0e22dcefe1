"""Watching the clinical process: how late its loop runs, and, from another process, whether it lives at all.

The watcher is a process of its own because a stalled or killed process cannot say so itself. It is told "still here" through a
pipe every second. When that stops it says so in its log and on the downtime pages, which people are reading by then; when the
pipe closes it ends. It holds no port and no file of the data folder open.
"""

import asyncio
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

log = structlog.get_logger()

LOOK_EVERY: Final = 0.1
SILENCE_SECONDS: Final = 10.0
STALLED: Final = "Wardline has not answered since"
STOPPED: Final = "Wardline stopped at"
MARK: Final = "<!-- state -->"
END_OF_MARK: Final = "<!-- end of state -->"


class LoopWatch:
    """How late the event loop ran: the measure of everybody's wait."""

    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque(maxlen=int(60 / LOOK_EVERY))

    async def run(self, still_here: Callable[[], None]) -> None:
        told = 0.0
        while True:
            before = time.monotonic()
            await asyncio.sleep(LOOK_EVERY)
            now = time.monotonic()
            self._late.append((now, max(0.0, now - before - LOOK_EVERY)))
            if now - told >= 1.0:
                told = now
                still_here()

    def worst_ms(self) -> float:
        """The worst delay of the last minute, in milliseconds."""
        since = time.monotonic() - 60
        return round(1000 * max((late for at, late in self._late if at >= since), default=0.0), 1)


class Watcher:
    """The other process, seen from this one."""

    def __init__(self, downtime: Path, zone: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module with our own arguments
            [sys.executable, "-m", "wardline.app.watch", str(downtime), zone], stdin=subprocess.PIPE, close_fds=True, start_new_session=True
        )

    def still_here(self) -> None:
        self._say(b".")

    def goodbye(self) -> None:
        """An orderly end: the pages are marked as of now, and nobody is alarmed."""
        self._say(b"!")
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=5)

    def _say(self, word: bytes) -> None:
        if self._process.stdin is not None and not self._process.stdin.closed:
            try:
                self._process.stdin.write(word)
                self._process.stdin.flush()
            except OSError:
                log.error("watcher_gone")
                self._process.stdin.close()


def watch(heartbeat: int, downtime: Path, zone: tzinfo, silence_seconds: float = SILENCE_SECONDS) -> None:
    """Runs in the watcher's process until the pipe closes. `zone` is that of all times on the pages."""
    orderly = stalled = False
    while True:
        ready, _, _ = select.select([heartbeat], [], [], silence_seconds)
        if not ready:
            if not stalled:
                stalled = True
                _mark(downtime, STALLED, zone)
                log.critical("clinical_process_stalled", seconds=silence_seconds)
            continue
        said = os.read(heartbeat, 4096)
        if not said:
            break
        if stalled:
            stalled = False
            _unmark(downtime)
            log.warning("clinical_process_back")
        orderly = b"!" in said
    _mark(downtime, STOPPED, zone)
    if not orderly:
        log.critical("clinical_process_gone")


def _mark(downtime: Path, what: str, zone: tzinfo) -> None:
    """Say on every page, in the place kept for it, that it is not being renewed."""
    _state(downtime, f'<p class="state">{what} {datetime.now(zone):%H:%M} ({zone}). Nothing on this page is newer than it says.</p>')


def _unmark(downtime: Path) -> None:
    _state(downtime, "")


def _state(downtime: Path, words: str) -> None:
    for page in downtime.glob("*.html"):
        try:
            head, mark, rest = page.read_text(encoding="utf-8").partition(MARK)
            if mark:
                _replace(page, head + MARK + words + rest[rest.find(END_OF_MARK) :])
        except OSError as error:  # one page that is gone or cannot be written must not leave the others unmarked
            log.error("downtime_page_not_marked", reason=error.strerror)


def _replace(page: Path, text: str) -> None:
    draft = page.with_suffix(".new")
    draft.touch(mode=0o600)  # patient data: never readable by others, not even for a moment
    draft.write_text(text, encoding="utf-8")
    draft.replace(page)


if __name__ == "__main__":
    watch(sys.stdin.fileno(), Path(sys.argv[1]), ZoneInfo(sys.argv[2]))
