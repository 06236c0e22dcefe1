"""From the last byte in to the screen: latency under load, a thousand screens at once, and a hot route against bare ASGI."""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

from bench import messages
from bench.results import Bar, percentile
from bench.servers import Served, load, wardline
from wardline.formats.hl7v2.builder import timestamp
from wardline.formats.hl7v2.framing import END, frame

RATE = 2_000
HALF_RATE = 1_000
SECONDS = 10
Ward = tuple[asyncio.StreamReader, asyncio.StreamWriter, str]
"""A connection to send on, and who looks."""


async def _signed_in(http: int, setup: str) -> str:
    body = msgspec.json.encode({"token": setup, "login": "bench", "name": "Bench", "password": "three unrelated words"})
    answer = await _request(http, "POST", "/api/v1/auth/setup", body=body)
    return str(json.loads(answer)["access_token"])


async def _request(http: int, method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", http)
    headers = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}", "Content-Type: application/json"]
    if token:
        headers.append(f"Authorization: Bearer {token}")
    writer.write("\r\n".join(headers).encode() + b"\r\n\r\n" + body)
    answer = await reader.read(-1)
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


def run() -> list[Bar]:
    detail, half = asyncio.run(_latency(RATE)), asyncio.run(_latency(HALF_RATE))
    ratio = detail["screen_p99_ms"] / detail["acknowledged_p99_ms"]
    return [
        Bar("vital signs to screen p99, against acknowledgement p99, at 2,000 messages/s", ratio, 1.25, False, detail),
        Bar("vital signs to screen p99 at 2,000 messages/s, ms", detail["screen_p99_ms"], 50, False, detail, "ms"),
        Bar("vital signs to screen p99 at 1,000 messages/s, ms", half["screen_p99_ms"], detail=half, unit="ms"),
    ]


async def _latency(rate: int) -> dict[str, float]:
    with wardline() as server:
        ward = await on_screen(server, await _signed_in(server.http, server.setup))
        return await latency(server, ward, rate)


async def on_screen(server: Served, token: str) -> Ward:
    """A warm house with one marked patient."""
    await asyncio.to_thread(load, server.mllp, connections=20, seconds=2, kind="vitals")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.mllp)
    await _admit(reader, writer)
    return reader, writer, token


async def latency(server: Served, ward: Ward, rate: int, *, turn: int = 0) -> dict[str, float]:
    """So many vital-sign messages a second are offered; the marked patient's board row is timed from sending to the screen."""
    reader, writer, token = ward
    stream, _ = await _stream(server.http, token, "board/PROBE")
    first = 50_000_000 + turn * 5_000_000
    busy = asyncio.create_task(asyncio.to_thread(load, server.mllp, connections=40, rate=rate, seconds=SECONDS, kind="vitals", first=first))
    await asyncio.sleep(1)
    to_screen, to_acknowledgement = await _probe(reader, writer, stream, 90_000_000 + turn * 1_000_000)
    loaded: dict[str, Any] = await busy
    return {
        "screen_p50_ms": percentile(to_screen, 0.5), "screen_p99_ms": percentile(to_screen, 0.99),
        "acknowledged_p50_ms": percentile(to_acknowledgement, 0.5), "acknowledged_p99_ms": percentile(to_acknowledgement, 0.99),
        "offered_per_second": rate, "achieved_per_second": loaded["count"] / loaded["seconds"], "probes": len(to_screen),
    }  # fmt: skip


async def _admit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    now = timestamp(datetime.now(UTC).replace(microsecond=0))
    text = (
        f"MSH|^~\\&|ADT|BENCH|||{now}||ADT^A01|PROBE0|P|2.5.1\rEVN|A01|{now}\r"
        "PID|1||PROBE^^^BENCH^MR||Probe^Patient||19500101|F\rPV1|1|I|PROBE^1^1|||||||||||||||VPROBE\r"
    )
    writer.write(frame(text.encode()))
    await reader.readuntil(END)


async def _stream(http: int, token: str, topic: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", http)
    writer.write(f"GET /api/v1/stream/{topic} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    await reader.readuntil(b"event: present")
    return reader, writer


async def _probe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stream: asyncio.StreamReader, first: int
) -> tuple[list[float], list[float]]:
    to_screen, to_acknowledgement = [], []
    ends = time.perf_counter() + SECONDS - 3
    number = 0
    while time.perf_counter() < ends:
        number += 1
        raw = messages.vitals(first + number, at=datetime.now(UTC)).replace(b"PID|1||", b"PID|1||PROBE^^^BENCH^MR~", 1)
        begun = time.perf_counter()
        writer.write(frame(raw))
        seen = asyncio.ensure_future(stream.readuntil(b"event: rows"))
        await reader.readuntil(END)
        to_acknowledgement.append(1000 * (time.perf_counter() - begun))
        await seen
        to_screen.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(0.005)
    return to_screen, to_acknowledgement
