"""Answers that take a while are worked on only as long as somebody waits for them."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.types import Message

from wardline.api.waiting import while_waited_for


def asked_by(said: str) -> Request:
    """A request whose sender says this next: nothing more, or that it has left."""

    async def receive() -> Message:
        if said == "":
            await asyncio.Event().wait()
        return {"type": said}

    return Request({"type": "http", "method": "GET", "path": "/", "headers": []}, receive)


async def forever(ended: asyncio.Event) -> dict[str, Any]:
    try:
        await asyncio.Event().wait()
    finally:
        ended.set()
    raise AssertionError


async def soon() -> dict[str, Any]:
    return {"pages": 3}


def test_somebody_who_waits_gets_the_answer() -> None:
    answered = asyncio.run(while_waited_for(asked_by(""), soon()))

    assert (answered.status_code, answered.body) == (200, b'{"pages":3}')


def test_the_work_ends_once_whoever_asked_has_left() -> None:
    async def leave() -> tuple[int, bool]:
        ended = asyncio.Event()
        answered = await asyncio.wait_for(while_waited_for(asked_by("http.disconnect"), forever(ended)), 5)
        await asyncio.sleep(0)
        return answered.status_code, ended.is_set()

    assert asyncio.run(leave()) == (204, True)
