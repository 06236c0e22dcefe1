"""Servers to measure, each in a process of its own: the real one, one that only stores, and one that does not even do that."""

import asyncio
import contextlib
import gc
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from wardline.adapters.embedded.clocks import WallClock
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.ports import Inbox
from wardline.core.statements import Fate
from wardline.engine.loop import Engine
from wardline.intake.hl7v2.listener import MllpListener
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources


class Announced(uvicorn.Server):
    """A server that prints the port it was given, once it listens on it."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)


class NoStore:
    """An inbox that reads every message as the real one does, and acknowledges it without storing anything."""

    is_full = False

    def __init__(self) -> None:
        self.reader = Hl7v2Reader(Sources("UTC"), lambda identifier: f"{identifier.assigner}{identifier.number}")

    def receive(self, raw: bytes, reply: Callable[[list[bytes]], None]) -> None:
        now = datetime.now(UTC)
        received = self.reader.read(raw, lambda stated_at: now)
        reply(received.replies(Fate("stored", 1, now)))


async def _no_store() -> None:
    await _listen(NoStore())


async def _store_only() -> None:
    """The real engine on the real log, with no capability and no policy to ask: reading, folding, and the group commit."""
    with tempfile.TemporaryDirectory(prefix="wardline-bench-") as path:
        folder = DataFolder(Path(path))
        log = SqliteLog(folder.path / "log", SqliteSeal(folder.path / "keys.db", folder.master_key))
        engine = Engine(event_log=log, clock=WallClock(), reader=Hl7v2Reader(Sources("UTC"), folder.key_of), capabilities=())
        engine.recover()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        engine.start()
        await _listen(engine)


async def _listen(inbox: Inbox) -> None:
    listener = MllpListener(inbox)
    print(json.dumps({"port": await listener.listen("127.0.0.1", 0)}), flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()


@contextlib.contextmanager
def peer(kind: str) -> Iterator[int]:
    """ "no_store" or "store_only"; gives the port."""
    with subprocess.Popen([sys.executable, "-m", "bench.servers", kind], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(json.loads(process.stdout.readline())["port"])
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


class Served:
    """A real Wardline in its own process."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path, http: int, mllp: int, setup: str) -> None:
        self.process, self.folder, self.http, self.mllp, self.setup = process, folder, http, mllp, setup


@contextlib.contextmanager
def wardline(**environment: str) -> Iterator[Served]:
    """On the wall clock, and the senders' messages are of now: a leap in time would make thousands of answers lapse at once."""
    folder = Path(tempfile.mkdtemp(prefix="wardline-bench-"))
    command = [sys.executable, "-m", "wardline", "serve", "--data", str(folder / "data"), "--http", "0", "--mllp", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={"WARDLINE_CLOCK": "wall", "PATH": "/usr/bin:/bin", **environment}
    ) as process:
        try:
            yield _ready(process, folder)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _ready(process: "subprocess.Popen[str]", folder: Path) -> Served:
    assert process.stdout is not None
    mllp, setup = 0, ""
    for line in process.stdout:
        if found := re.match(r"HL7 v2\s+\S+:(\d+)", line):
            mllp = int(found[1])
        elif found := re.search(r"/setup#(\S+)", line):
            setup = found[1]
        elif found := re.match(r"Ready: \S+:(\d+)", line):
            return Served(process, folder, int(found[1]), mllp, setup)
    raise RuntimeError("Wardline did not start")


def load(port: int, **options: Any) -> dict[str, Any]:
    """Run senders in another process; returns count, seconds, latencies."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    done = subprocess.run([sys.executable, "-m", "bench.load", "--port", str(port), *words], capture_output=True, text=True, check=True, timeout=300)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    asyncio.run({"no_store": _no_store, "store_only": _store_only}[sys.argv[1]]())
