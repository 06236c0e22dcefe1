"""The same doors over real sockets: HL7 over MLLP in, JSON and live views over HTTP out, and a reader that does not read (FT-22)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2

from api.house import OpenHouse
from security.virtual import PASSWORD
from support.clocks import MORNING
from support.messages import ADA, ILL, adt, vitals
from wardline.api.streams import RESYNC, sse
from wardline.formats.hl7v2.client import MllpClient

CHUNK = 64 * 1024
CHUNKS = 800
"""50 MiB in all: many times what sockets and the server keep for one client."""
KEPT_AT_MOST = 16 * 1024 * 1024


@asynccontextmanager
async def _doors(house: OpenHouse) -> AsyncIterator[httpx2.AsyncClient]:
    await house.running.open()
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{house.running.http_port}") as client:
            yield client
    finally:
        house.is_open = False
        await house.running.close()


def _played(house: OpenHouse, story: Callable[[httpx2.AsyncClient], Awaitable[None]]) -> None:
    async def played() -> None:
        async with asyncio.timeout(60), _doors(house) as client:
            await story(client)

    house.do(played)


async def _signed_in(client: httpx2.AsyncClient) -> dict[str, str]:
    answered = await client.post("/api/v1/auth/login", json={"login": "nurse", "password": PASSWORD})
    return {"authorization": f"Bearer {answered.json()['access_token']}"}


def test_a_message_at_one_door_is_a_row_at_the_other(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.user("nurse", "nurse")

    async def story(client: httpx2.AsyncClient) -> None:
        headers = await _signed_in(client)
        sender = MllpClient("127.0.0.1", house.running.mllp_port, timeout_seconds=10)
        await sender.connect()
        assert (await sender.send(adt("A01", ADA, at=MORNING))).positive

        async with client.stream("GET", "/api/v1/stream/board/7A", headers=headers) as live:
            lines = live.aiter_lines()
            assert await anext(lines) == "event: present"
            assert (await sender.send(vitals(ADA, ILL, at=MORNING + timedelta(minutes=1)))).positive
            async for line in lines:
                if line == "event: rows":
                    break
            (row,) = json.loads((await anext(lines)).removeprefix("data: "))["rows"]
        board = (await client.get("/api/v1/boards/7A", headers=headers)).json()

        # RCP 2017, chart 1: 3 + 3 + 3 + 3 + 2 = 14, on air and alert.
        assert row["score"]["value"] == board["rows"][0]["score"]["value"] == 14
        await sender.close()

    _played(house, story)


def test_ft22_a_reader_that_stops_reading_costs_a_bounded_amount(open_house: Callable[..., OpenHouse]) -> None:
    """What the server keeps for a client that does not read is what a socket keeps; the rest is dropped, and it is told to ask again."""
    house = open_house()
    house.user("nurse", "nurse")
    house.send(adt("A01", ADA, at=MORNING))
    change = sse("rows", {"words": "x" * CHUNK})

    async def story(client: httpx2.AsyncClient) -> None:
        headers = await _signed_in(client)
        reader, writer = await asyncio.open_connection("127.0.0.1", house.running.http_port, limit=CHUNK)
        writer.write(f"GET /api/v1/stream/board/7A HTTP/1.1\r\nHost: x\r\nAuthorization: {headers['authorization']}\r\n\r\n".encode())
        await reader.readuntil(b"event: present")

        for _ in range(CHUNKS):
            house.running.live.publish("board/7A", change)
            await asyncio.sleep(0)
        assert (await client.get("/health")).json() == {"status": "ok"}, "everybody else is served"

        received = await _until_resync(reader)
        assert received < KEPT_AT_MOST < CHUNK * CHUNKS
        writer.close()

    _played(house, story)


async def _until_resync(reader: asyncio.StreamReader) -> int:
    """Bytes that were kept for the reader until it is told that it has missed something."""
    received, tail = 0, b""
    while RESYNC not in tail:
        some = await reader.read(CHUNK)
        assert some, "the stream ended"
        received += len(some)
        tail = (tail + some)[-CHUNK - 200 :]
    return received
