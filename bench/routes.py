"""A hot route under the full sign-in, against an ASGI application that only writes the same bytes."""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from typing import Any

import uvicorn

from bench.results import Bar
from bench.screens import _admit, _request, _signed_in
from bench.servers import Announced, wardline

SECONDS = 4
CONNECTIONS = 32


def _peer(length: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-m", "bench.routes", str(length)], stdout=subprocess.PIPE, text=True)


def run() -> list[Bar]:
    return asyncio.run(_run())


async def _run() -> list[Bar]:
    with wardline() as server:
        token = await _signed_in(server.http, server.setup)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.mllp)
        await _admit(reader, writer)
        path = "/api/v1/boards/PROBE"
        body = await _request(server.http, "GET", path, token)
        with _peer(len(body)) as peer:
            assert peer.stdout is not None
            port = int(peer.stdout.readline())
            pairs = [(await _rate(server.http, path, token), await _rate(port, "/", token)) for _ in range(3)]
            peer.kill()
    ours, bare = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    detail = {"ours_per_second": ours, "bare_per_second": bare, "bytes": len(body)}
    return [Bar("board route with sign-in, against bare ASGI writing the same bytes", ratio, 0.5, True, detail)]


async def _rate(port: int, path: str, token: str) -> float:
    """Requests a second over kept connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    until = time.perf_counter() + SECONDS
    done = 0

    async def connection() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            done += 1
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return done / (time.perf_counter() - begun)


async def _bare(size: int) -> None:
    body = b"x" * size
    headers = [(b"content-type", b"application/json"), (b"content-length", str(size).encode())]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    server = Announced(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off", access_log=False))
    running = asyncio.create_task(server.serve())
    await running


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int)
    asyncio.run(_bare(parser.parse_args().size))
