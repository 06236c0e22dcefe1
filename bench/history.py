"""Flat cost as history grows, disk used, and memory for a hundred thousand patients, all in one process on a real log."""

import gc
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench import messages
from bench.results import Bar, percentile
from wardline.adapters.embedded.clocks import FeedClock
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.app.discovery import discover
from wardline.engine.loop import Delivery, Engine
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources

MESSAGES = 60_000
PATIENTS = 2_000
SETTLED = 20_000
"""Patients after which the timelines and most caches that are kept in memory have their full size."""
MANY = 60_000
BATCH = 50
LARGE_BATCH = 400


def run() -> list[Bar]:
    return [*_growth(), *_memory()]


class _House:
    """An engine on a fresh folder, fed in batches as its loop would."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="wardline-bench-"))
        self.folder = DataFolder(self.path, clock="feed")
        self.log = SqliteLog(self.path / "log", SqliteSeal(self.path / "keys.db", self.folder.master_key))
        self.engine = Engine(
            event_log=self.log, clock=FeedClock(), reader=Hl7v2Reader(Sources("UTC"), self.folder.key_of), capabilities=discover().capabilities
        )
        self.engine.recover()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)

    def feed(self, batch: list[bytes]) -> None:
        self.engine._work([Delivery(raw, lambda received, fate: None) for raw in batch], [])

    def close(self) -> None:
        self.engine.stop()
        self.folder.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _growth() -> list[Bar]:
    """The same active patients for ten days of messages, twelve seconds apart."""
    house = _House()
    sent = 0
    fifths: list[list[float]] = [[], [], [], [], []]
    for first in range(0, MESSAGES, BATCH):
        batch = [messages.vitals(number, PATIENTS, messages.START + timedelta(seconds=number * 12)) for number in range(first, first + BATCH)]
        sent += sum(map(len, batch))
        begun = time.perf_counter()
        house.feed(batch)
        fifths[first * 5 // MESSAGES].append((time.perf_counter() - begun) / BATCH * 1e6)
    medians = [percentile(fifth, 0.5) for fifth in fifths]
    assert house.engine.stats.quarantined == 0
    house.engine.stop()
    used = sum(file.stat().st_size for file in (house.path / "log").iterdir()) + (house.path / "keys.db").stat().st_size
    house.folder.release()
    shutil.rmtree(house.path, ignore_errors=True)
    return [
        Bar("cost of a message, last fifth of the history against the first", medians[4] / medians[0], 1.15, False, {"us_by_fifth": medians}),
        Bar("disk used, against the bytes received", used / sent, 1.0, False, {"bytes_received": sent, "bytes_used": used, "messages": MESSAGES}),
    ]


def _memory() -> list[Bar]:
    """What patients cost in memory once they are not being looked at, twenty results each; apart from what is kept for those who are."""
    house = _House()
    before = _resident()
    _results_for(house, 0, SETTLED)
    settled = _resident()
    _results_for(house, SETTLED, MANY)
    more = (_resident() - settled) / 1e6 * 100_000 / (MANY - SETTLED)
    detail = {"patients": len(house.engine.house.directory), "timelines": len(house.engine.house.timelines), "dues": len(house.engine.house.schedule)}
    house.close()
    return [
        Bar("memory for 100,000 more patients, MB", more, 100, False, detail, "MB"),
        Bar(f"memory after the first {SETTLED:,}, timelines and caches included, MB", (settled - before) / 1e6, detail=detail, unit="MB"),
    ]


def _results_for(house: _House, first: int, last: int) -> None:
    for start in range(first, last, LARGE_BATCH):
        batch = range(start, min(start + LARGE_BATCH, last))
        house.feed([messages.panel(number, MANY, messages.START + timedelta(seconds=number)) for number in batch])
    gc.collect()


def _resident() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0
