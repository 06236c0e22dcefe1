"""What the audit trail costs a read, and how long it takes to prove ten million entries whole."""

import argparse
import asyncio
import json
import os
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bench.results import Bar
from wardline.adapters.embedded.audit import SqliteAudit
from wardline.app.bootstrap import open_wardline
from wardline.app.edge_settings import EdgeSettings
from wardline.app.serving import Running
from wardline.app.settings import load as settings_of
from wardline.core.people import User
from wardline.formats.audit.entries import FIELDS, FIRST_LINK, canonical, leaf, link
from wardline.formats.audit.heads import Signer
from wardline.formats.hl7v2.builder import timestamp
from wardline.security.audit.verifying import verify

BEDS = 24
CONNECTIONS = 32
SECONDS = 3.0
PAIRS = 7
ENTRIES = 1_000_000
TEN_MILLION = 10_000_000
UNLIMITED = EdgeSettings(requests_per_minute=10_000_000, strangers_per_minute=10_000_000, patients_per_hour=10_000_000)
PATH = "/api/v1/boards/BENCH"


class NoTrail:
    """An audit trail that writes nothing, to measure what writing costs."""

    def __init__(self, real: SqliteAudit) -> None:
        self._real = real

    async def record(self, *said: Any, **more: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def run() -> list[Bar]:
    return [*asyncio.run(_reading()), _proving()]


# --- what a read costs ------------------------------------------------------------------------------------------------------


async def _reading() -> list[Bar]:
    """One server each, asked in turns: a machine that gets slower hits both alike.

    The cost is processor time, which the clinical loop would otherwise have. How many boards a second come back to so many
    connections that do nothing but wait for them also depends on the disk; it is measured too, for information.
    """
    with _served("with") as audited, _served("without") as bare:
        turns = [(await _turn(audited), await _turn(bare)) for _ in range(PAIRS)]
    cost = statistics.median(one.milliseconds / other.milliseconds - 1 for one, other in turns)
    slower = statistics.median(other.boards / one.boards - 1 for one, other in turns)
    detail = {
        "audited_ms": statistics.median(one.milliseconds for one, _ in turns),
        "unaudited_ms": statistics.median(other.milliseconds for _, other in turns),
        "audited_per_second": statistics.median(one.boards for one, _ in turns),
        "unaudited_per_second": statistics.median(other.boards for _, other in turns), "connections": CONNECTIONS, "beds": BEDS,
    }  # fmt: skip
    return [
        Bar("cost of the audit trail on a board of 24 beds, processor time, 32 connections", cost, 0.05, False, detail),
        Bar("the same in boards a second, when nobody does anything but wait", slower, detail=detail),
    ]


class _Server(NamedTuple):
    process: int
    port: int
    token: str

    @property
    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # proc(5): utime, stime


class _Turn(NamedTuple):
    boards: float
    """A second."""
    milliseconds: float
    """Of processor time for each."""


@contextmanager
def _served(kind: str) -> Iterator[_Server]:
    with subprocess.Popen([sys.executable, "-m", "bench.audit", kind], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            yield _Server(process.pid, said["port"], said["token"])
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


async def _turn(server: _Server) -> _Turn:
    """Boards over kept connections for a while."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode()
    before, begun = server.processor_seconds, time.perf_counter()
    until = begun + SECONDS
    done = 0

    async def connection() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:15]:
                raise SystemExit(f"refused: {head[:200]!r}")
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            done += 1
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return _Turn(done / (time.perf_counter() - begun), 1000 * (server.processor_seconds - before) / done)


async def _serve(kind: str) -> None:
    with tempfile.TemporaryDirectory(prefix="wardline-bench-") as path:
        wardline = open_wardline(settings_of(data=Path(path) / "data", http=0, mllp=0, clock="wall", edge=UNLIMITED))
        running = Running(wardline)
        if kind == "without":
            running.services.audit = NoTrail(wardline.audit)
        await running.open()
        await _fill(wardline)
        user = User(secrets.token_hex(8), "bench", "Bench", "", frozenset({"nurse", "doctor", "manager"}))
        wardline.identities.put_user(user)
        token = wardline.sessions.begin(user, "bench", factors=2).access_token
        print(json.dumps({"port": running.http_port, "token": token}), flush=True)
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()
        await running.close()


async def _fill(wardline: Any) -> None:
    now = timestamp(datetime.now(UTC).replace(microsecond=0))
    for bed in range(BEDS):
        done: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()
        text = (
            f"MSH|^~\\&|ADT|BENCH|||{now}||ADT^A01|B{bed}|P|2.5.1\rEVN|A01|{now}\r"
            f"PID|1||B{bed}^^^BENCH^MR||Bench^Patient{bed}||19500101|F\rPV1|1|I|BENCH^1^{bed}|||||||||||||||VB{bed}\r"
        )
        wardline.engine.receive(text.encode(), done.set_result)
        await done


# --- what a proof costs -----------------------------------------------------------------------------------------------------


def _proving(entries: int = ENTRIES) -> Bar:
    with tempfile.TemporaryDirectory(prefix="wardline-bench-") as folder:
        path, signer = Path(folder) / "audit.db", Signer(secrets.token_bytes(32))
        SqliteAudit(path, signer, reserve=0).close()
        made = _make(path, entries)
        SqliteAudit(path, signer, reserve=0).close()  # signs what is there
        begun = time.perf_counter()
        verdict = verify(path, signer.public)
        seconds = time.perf_counter() - begun
        size = path.stat().st_size
    assert verdict.is_whole
    assert verdict.records == verdict.signed == entries
    detail = {"entries": entries, "seconds": seconds, "made_in_seconds": made, "bytes_per_entry": size / entries, "processors": os.cpu_count()}
    return Bar("ten million entries of the audit trail verified, s", seconds * TEN_MILLION / entries, 60, False, detail, "s")


def _make(path: Path, entries: int) -> float:
    """As the house would have written them, straight into the file."""
    begun = time.perf_counter()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    query = f"INSERT INTO entries ({', '.join(FIELDS)}, link) VALUES ({', '.join('?' * (len(FIELDS) + 1))})"
    before, at = FIRST_LINK, 1_700_000_000_000_000
    for first in range(1, entries + 1, 10_000):
        rows = []
        for number in range(first, min(first + 10_000, entries + 1)):
            row = (
                number, at + 1000 * number, f"person{number % 200:04}", "nurse", "", f"{number % 5000:024x}", "10.20.30.40", "TREAT",
                "patient opened", "success", f"patient{number % 9973:09}", "", "GET /api/v1/patients/{id}", "", "", "",
            )  # fmt: skip
            before = link(before, leaf(canonical(row)))
            rows.append((*row, before))
        connection.executemany(query, rows)
    connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["with", "without", "prove"])
    parser.add_argument("--entries", type=int, default=ENTRIES)
    given = parser.parse_args()
    if given.kind == "prove":
        print(_proving(given.entries))
    else:
        asyncio.run(_serve(given.kind))
