"""Emptying the outbox: one message after the other to each destination, never out of order, until it is acknowledged.

An error and silence mean "later": the same message is tried again, and what comes after it waits. A refusal means "never": after
three of them the message is put aside with an incident, because a receiver that will never take it must not stop all that follow.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple, Protocol

import structlog

from wardline.core.errors import Fault, Refused
from wardline.core.events import Incident
from wardline.core.findings import Severity
from wardline.core.outside import Pool
from wardline.core.ports import Outbox, Outgoing
from wardline.core.statements import Statement
from wardline.delivery.outbound.destinations import Receiver

log = structlog.get_logger()

LOOK_SECONDS: Final = 0.5
FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0
REJECTIONS: Final = 3


class Settled(Protocol):
    """Records, durably, that outbox entries are done, and what there is to say about it."""

    def __call__(self, done: Iterable[int], statements: Iterable[Statement]) -> Awaitable[object]: ...


class Verdict(NamedTuple):
    """What a receiver made of one message."""

    taken: bool
    refused: bool
    """Sending the same again will not help."""
    code: str
    """The word its protocol has for it, for the log and the system page; receivers write patients into their own words."""
    words: str = ""


class Wire(Protocol):
    """How messages reach a destination: MLLP, FHIR."""

    async def send(self, payload: bytes) -> Verdict:
        """Raises `Fault` or `Refused` where there is no answer that could be understood."""
        ...

    async def close(self) -> None: ...


class Sender:
    """One destination's lane."""

    def __init__(self, destination: Receiver, outbox: Outbox, settled: Settled, now: Callable[[], datetime], *, pool: Pool, wire: Wire) -> None:
        self.destination = destination
        self.outbox = outbox
        self.settled = settled
        self.now = now
        self.sent = 0
        self.trouble: str | None = None
        self.trouble_since: datetime | None = None
        self._wire = wire
        self._pool = pool
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something may have been put into the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                waiting = self.outbox.waiting(self.destination.topic)
                for id, item in waiting:
                    await self._deliver(id, item)
                if not waiting:
                    self._wake.clear()
                    try:
                        async with asyncio.timeout(LOOK_SECONDS):
                            await self._wake.wait()
                    except TimeoutError:
                        continue
        finally:
            await self._wire.close()

    async def _deliver(self, id: int, item: Outgoing) -> None:
        wait, rejections = FIRST_WAIT, 0
        while True:
            answer, trouble = await self._try(item.payload)
            if answer is not None and answer.taken:
                await self.settled([id], ())
                self.sent += 1
                self.trouble = self.trouble_since = None
                return
            rejections += answer is not None and answer.refused
            self._in_trouble(answer.code if answer is not None else trouble)
            if rejections >= REJECTIONS:
                incident = Incident("message refused by its receiver", f"{self.destination.name}: {trouble}")
                await self.settled([id], [Statement(incident, item.owner, self.now())])
                self.trouble = self.trouble_since = None  # what follows is not held up by it any more
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _try(self, payload: bytes) -> tuple[Verdict | None, str]:
        """One attempt: the verdict, or None with the reason for which there is none."""
        try:
            # What waits here is in order, and waits between tries by itself: the pool counts, and turns none of it away.
            answer = await self._pool.run(lambda: self._wire.send(payload), severity=Severity.HIGH)
        except (Fault, Refused) as error:
            await self._wire.close()
            return None, str(error)
        return answer, f"{answer.code} {answer.words}".strip()

    def _in_trouble(self, trouble: str) -> None:
        """For the log and the system page: the code of an answer, not its words. Receivers write patients into them."""
        if self.trouble is None:
            self.trouble_since = self.now()
            log.warning("outbound_waits", destination=self.destination.name, reason=trouble)
        self.trouble = trouble
