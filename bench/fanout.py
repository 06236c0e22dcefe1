"""A thousand screens: our streams against writing the same bytes to bare sockets; and a hot route against bare ASGI.

Each server runs in its own process; the listening sockets are spread over two client processes.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import uvicorn

from bench.results import Bar
from bench.servers import Announced
from wardline.api.streams import Screen, Streams

SCREENS = 1_000
BROADCASTS = 150
CHUNK = (
    b"event: rows\ndata: " + json.dumps({"now": "2026-11-14T04:08:00Z", "rows": [{"key": "W7/12", "score": 7, "text": "x" * 200}]}).encode() + b"\n\n"
)


def run() -> list[Bar]:
    rates: dict[str, list[float]] = {"ours": [], "raw": []}
    for _ in range(3):
        for kind in rates:
            rates[kind].append(_deliveries_per_second(kind))
    ours, raw = statistics.median(rates["ours"]), statistics.median(rates["raw"])
    return [
        Bar("deliveries a second to 1,000 screens, against bare sockets", ours / raw, 0.7, True, {"ours_per_second": ours, "raw_per_second": raw})
    ]


def _deliveries_per_second(kind: str) -> float:
    with subprocess.Popen([sys.executable, "-m", "bench.fanout", kind], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        port = int(server.stdout.readline())
        clients = [
            subprocess.Popen([sys.executable, "-m", "bench.fanout", "client", "--port", str(port)], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for client in clients:
            assert client.stdout is not None
            client.stdout.readline()
        server.stdin.write("go\n")
        server.stdin.flush()
        begun = float(server.stdout.readline())
        ends = []
        for client in clients:
            assert client.stdout is not None
            ends.append(float(client.stdout.readline()))
            client.wait()
        server.kill()
    return SCREENS * BROADCASTS / (max(ends) - begun)


async def _client(port: int) -> None:
    """Half of the screens: read until every broadcast has arrived on each."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(SCREENS // 2)]
    for _, writer in opened:
        writer.write(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await asyncio.gather(*(reader.readuntil(b"hello") for reader, _ in opened))
    print("ready", flush=True)

    async def drain(reader: asyncio.StreamReader) -> None:
        seen, rest = 0, b""
        while seen < BROADCASTS:
            data = rest + await reader.read(262_144)
            seen += data.count(b"event: rows")
            rest = data[-10:] if data[-10:] != b"event: rows"[:10] else b""
            seen -= rest.count(b"event: rows")

    await asyncio.gather(*(drain(reader) for reader, _ in opened))
    print(time.time(), flush=True)


async def _when_told(broadcast: Callable[[], Any]) -> None:
    await asyncio.to_thread(sys.stdin.readline)
    print(time.time(), flush=True)
    for _ in range(BROADCASTS):
        broadcast()
        await asyncio.sleep(0)
    await asyncio.sleep(30)


async def _raw() -> None:
    writers: list[asyncio.StreamWriter] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nhello")
        writers.append(writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await _when_told(lambda: [writer.write(CHUNK) for writer in writers])


async def _ours() -> None:
    streams = Streams()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await send({"type": "http.response.body", "body": b"hello", "more_body": True})
        streams._screens.setdefault("topic", set()).add(Screen("topic", "nobody", send))
        while (await receive())["type"] != "http.disconnect":
            pass

    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off", backlog=2048)
    server = Announced(config)
    running = asyncio.create_task(server.serve())
    await _when_told(lambda: streams.publish("topic", CHUNK))
    running.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["ours", "raw", "client"])
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    asyncio.run({"ours": _ours, "raw": _raw, "client": lambda: _client(options.port)}[options.kind]())
