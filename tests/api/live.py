"""Screens at live views: clients of the raw streaming routes, in the house's own loop."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from api.house import OpenHouse, scope_of
from wardline.api import streams

SOON: Final = 5.0


class Screen:
    """One client of a stream, as the server sees it: what it was sent, and whether it takes more."""

    def __init__(self, house: OpenHouse, topic: str, token: str) -> None:
        self.house = house
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.received = bytearray()
        self.is_over = False
        self.takes = asyncio.Event()
        self.takes.set()
        self.news = asyncio.Event()
        self._leave = asyncio.Event()
        headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
        self._scope = scope_of("GET", streams.PREFIX + topic, *headers)
        self._task = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        await self.house.asgi(self._scope, self._receive, self._send)  # type: ignore[arg-type]
        self.is_over = True
        self.news.set()

    async def _receive(self) -> dict[str, Any]:
        await self._leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            self.news.set()
            return
        await self.takes.wait()
        self.received += message.get("body", b"")
        self.news.set()

    def events(self) -> list[tuple[str, Any]]:
        said = [part.split(b"\n", 1) for part in bytes(self.received).split(b"\n\n") if part.startswith(b"event: ")]
        return [(event.removeprefix(b"event: ").decode(), json.loads(data.removeprefix(b"data: "))) for event, data in said]

    def problem(self) -> Any:
        return json.loads(bytes(self.received))

    async def until(self, wanted: Callable[["Screen"], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not wanted(self):
                self.news.clear()
                await self.news.wait()

    async def until_event(self, name: str, count: int = 1) -> Any:
        """The content of the event of this name that came last."""
        await self.until(lambda screen: sum(event == name for event, _ in screen.events()) >= count)
        return [content for event, content in self.events() if event == name][-1]

    async def leave(self) -> None:
        self._leave.set()
        await asyncio.wait_for(self._task, SOON)


def watch(house: OpenHouse, story: Callable[..., Awaitable[None]], role: str = "nurse") -> None:
    """Play the story in the house's own loop; `look` opens a screen in it."""
    token = house.as_(role).token

    async def played() -> None:
        screens: list[Screen] = []

        def look(topic: str, token: str = token) -> Screen:
            screens.append(Screen(house, topic, token))
            return screens[-1]

        try:
            await story(look)
        finally:
            for screen in screens:
                screen.takes.set()
                await screen.leave()
        assert len(house.running.live) == 0, "a screen that has gone is forgotten"

    house.do(played)
