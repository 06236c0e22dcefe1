"""Sending what the hospital says to a real receiver: one MLLP connection per feed, one message at a time, nothing lost.

The past is sent as fast as the receiver acknowledges; from then on simulated time runs at `speed` times real time.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.formats.hl7v2.acknowledgement import read_acknowledgement
from wardline.formats.hl7v2.client import MllpClient, NoAnswer
from wardline.formats.hl7v2.message import parse
from wardline.simulator.hospital import Hospital
from wardline.simulator.post import Sent

APART: Final = timedelta(minutes=1)
"""How far one feed may run ahead of another, in simulated time: results must not overtake the day by hours."""
FIRST_WAIT_SECONDS: Final = 0.05
LONGEST_WAIT_SECONDS: Final = 5.0
TRIES: Final = 3
"""How often a message is sent that the receiver says it cannot understand, before it is set aside."""
TRIES_WHEN_IN_TROUBLE: Final = 20
"""The same for a receiver that says the trouble is its own (HL7 table 0357, 207)."""
_RECEIVERS_TROUBLE: Final = "207"


class Progress(NamedTuple):
    """How far the sending has come. `refused` messages were answered negatively and set aside."""

    sent: int
    acknowledged: int
    refused: int
    resent: int
    simulated_at: datetime
    share: float
    """Of the past that has been sent: 1.0 once the hospital is live."""

    @property
    def is_live(self) -> bool:
        return self.share >= 1.0


class Lane:
    """One feed's connection: sends in order and waits for each acknowledgement; connects anew when the line breaks."""

    def __init__(self, host: str, port: int, *, timeout_seconds: float = 30.0) -> None:
        self._client = MllpClient(host, port, timeout_seconds=timeout_seconds)
        self.resent = 0

    async def deliver(self, raw: bytes) -> bool:
        """Send one message until it is answered. True when it was taken, False when the receiver will not have it."""
        wait, tries = FIRST_WAIT_SECONDS, 0
        while True:
            try:
                if not self._client.is_connected:
                    await self._client.connect()
                answer = await self._client.exchange(raw)
                acknowledgement = read_acknowledgement(answer)
            except (NoAnswer, Refused):  # no answer, or none that can be read: whether the message was taken is not known
                await self._client.close()
            else:
                tries += 1
                if acknowledgement.positive:
                    return True
                if acknowledgement.code == "AR" or tries >= _patience(answer):
                    return False
            self.resent += 1
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    async def close(self) -> None:
        await self._client.close()


def _patience(answer: bytes) -> int:
    """How often to try: a receiver in trouble asks to send again later, one that cannot read the message will not learn to."""
    error = parse(answer).first("ERR")
    return TRIES_WHEN_IN_TROUBLE if error is not None and error.text(3, 1) == _RECEIVERS_TROUBLE else TRIES


class _Underway(NamedTuple):
    send_at: datetime
    delivery: "asyncio.Task[bool]"


class Sender:
    """Keeps every feed in its own order and the feeds together in simulated time."""

    def __init__(self, host: str, port: int, start: datetime, live_at: datetime, progress: Callable[[Progress], None] | None) -> None:
        self._host, self._port = host, port
        self._start, self._live_at = start, live_at
        self._progress = progress
        self._lanes: dict[str, Lane] = {}
        self._last: dict[str, asyncio.Task[bool]] = {}
        self._underway: deque[_Underway] = deque()
        self._sent = self._acknowledged = self._refused = 0

    async def send(self, sent: Sent) -> None:
        """Let a message go as soon as its feed's last one is answered and no other feed is far behind."""
        while self._underway and (self._underway[0].delivery.done() or sent.send_at - self._underway[0].send_at > APART):
            await self._finish_first()
        lane = self._lanes.setdefault(sent.feed, Lane(self._host, self._port))
        delivery = asyncio.create_task(_after(self._last.get(sent.feed), lane, sent.raw))
        delivery.add_done_callback(lambda done: self._count(done, sent.send_at))
        self._last[sent.feed] = delivery
        self._underway.append(_Underway(sent.send_at, delivery))
        self._sent += 1

    async def settle(self) -> None:
        """Wait until everything that was sent is answered."""
        while self._underway:
            await self._finish_first()

    async def _finish_first(self) -> None:
        # Not awaited itself: being cancelled here must not end in the middle of the delivery, where it can get lost.
        await asyncio.wait([self._underway[0].delivery])
        self._underway.popleft().delivery.result()

    def _count(self, delivery: "asyncio.Task[bool]", send_at: datetime) -> None:
        if delivery.cancelled() or delivery.exception() is not None:
            return  # whoever waits for the delivery hears of it
        self._acknowledged += delivery.result()
        self._refused += not delivery.result()
        if self._progress is not None:
            self._progress(self.progress(send_at))

    def progress(self, simulated_at: datetime) -> Progress:
        past = (self._live_at - self._start).total_seconds()
        share = min(1.0, (simulated_at - self._start).total_seconds() / past) if past > 0 else 1.0
        resent = sum(lane.resent for lane in self._lanes.values())
        return Progress(self._sent, self._acknowledged, self._refused, resent, simulated_at, share)

    async def close(self) -> None:
        open_ones = {each.delivery for each in self._underway if not each.delivery.done()}
        while open_ones:
            for delivery in open_ones:
                delivery.cancel()
            # A cancellation that meets the answer it waits for is lost (asyncio.wait_for before Python 3.12): ask again.
            _, open_ones = await asyncio.wait(open_ones, timeout=0.5)
        for lane in self._lanes.values():
            await lane.close()


async def _after(before: "asyncio.Task[bool] | None", lane: Lane, raw: bytes) -> bool:
    if before is not None:
        await asyncio.wait([before])
    return await lane.deliver(raw)


async def run(
    hospital: Hospital,
    host: str,
    port: int,
    *,
    speed: float = 60.0,
    history_hours: float = 24.0,
    progress: Callable[[Progress], None] | None = None,
    until: datetime | None = None,
) -> Progress:
    """Let the hospital talk to the receiver: its past at once, then live; for ever, or `until` a simulated moment.

    Cancelling ends it; messages under way may then have been taken or not, as when a sender loses power.
    """
    if speed <= 0:
        raise Refused("the speed of simulated time must be above 0", code="speed", where="speed")
    start = hospital.live_at - timedelta(hours=history_hours)
    sender = Sender(host, port, start, hospital.live_at, progress)
    try:
        await _send_all(sender, hospital.messages(start, until), hospital.live_at, speed)
        await sender.settle()
        return sender.progress(until or hospital.live_at)
    finally:
        await sender.close()


async def _send_all(sender: Sender, messages: Iterator[Sent], live_at: datetime, speed: float) -> None:
    clock = asyncio.get_running_loop().time
    began: float | None = None
    for sent in messages:
        if sent.send_at > live_at:
            if began is None:
                await sender.settle()
                began = clock()
            wait = (sent.send_at - live_at).total_seconds() / speed - (clock() - began)
            if wait > 0:
                await asyncio.sleep(wait)
        await sender.send(sent)
