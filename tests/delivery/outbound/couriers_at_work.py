"""A Wardline whose couriers are at work, in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from delivery.outbound.receiving import eventually
from wardline.app.bootstrap import Wardline, open_wardline
from wardline.app.couriers import Couriers
from wardline.app.settings import load
from wardline.core.events import Incident


class Sending:
    """A Wardline whose couriers are at work."""

    def __init__(self, data: Path) -> None:
        self.wardline: Wardline = open_wardline(load(data=data))
        self.couriers = Couriers(self.wardline)
        self.wardline.engine.listen(lambda change: self.couriers.wake())
        self._lanes: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self.wardline.engine.start()
        self._lanes = [asyncio.create_task(lane()) for lane in self.couriers.lanes()]

    async def take_in(self, messages: Iterable[bytes]) -> None:
        """Each message through the engine, until its sender would be told that it is kept."""
        for message in messages:
            told = asyncio.get_running_loop().create_future()
            self.wardline.engine.receive(message, told.set_result)
            (answer,) = await asyncio.wait_for(told, 10)
            assert b"MSA|AA" in answer

    async def idle(self) -> None:
        """Wait until nothing is left to send."""
        topics = [sender.destination.topic for sender in self.couriers.senders]
        await eventually(lambda: not any(self.wardline.log.waiting(topic) for topic in topics))

    async def let_go(self) -> None:
        for lane in self._lanes:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)
        self._lanes = []

    async def close(self) -> None:
        await self.let_go()
        self.wardline.close()

    def incidents(self) -> list[Incident]:
        events = (event for step in self.wardline.log.steps() for _, row in step.rows for event in row)
        return [event.value for event in events if isinstance(event.value, Incident)]


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[Sending]:
    house = Sending(data)
    house.start()
    try:
        yield house
    finally:
        await house.close()
