"""The other end for tests of the simulator: the real reader, and a real MLLP listener over a small inbox that keeps what it gets."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import yaml

from wardline.core.events import Event, Measured
from wardline.core.statements import Fate, Problem, Received, Statement
from wardline.intake.hl7v2.listener import MllpListener
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources, source_from
from wardline.simulator.agreements import AGREEMENTS
from wardline.simulator.post import Sent

LIVE_AT = datetime(2026, 11, 14, 4, 0, tzinfo=UTC)
"""A Saturday, four in the morning: when the visitors of the simulated hospital come."""
MONTH = timedelta(days=31)


class ReadBack(NamedTuple):
    sent: Sent
    received: Received

    @property
    def measured(self) -> list[Statement]:
        return [each for each in self.received.statements if isinstance(each.value, Measured)]


def real_reader(*, agreed: bool = True) -> Hl7v2Reader:
    """The reader of the real door, with or without the hospital's interface agreements."""
    profiles = [source_from(yaml.safe_load(text), name, "UTC") for name, text in AGREEMENTS.items()] if agreed else []
    return Hl7v2Reader(Sources("UTC", profiles), lambda identifier: f"{identifier.assigner}/{identifier.number}")


def read_back(messages: Iterable[Sent], *, agreed: bool = True) -> list[ReadBack]:
    """What the real reader makes of the messages, on a clock that follows MSH-7 as a feed clock does."""
    reader = real_reader(agreed=agreed)
    now = [LIVE_AT - MONTH]

    def hear(stated_at: datetime | None) -> datetime:
        now[0] = max(now[0], stated_at or now[0])
        return now[0]

    return [ReadBack(sent, reader.read(sent.raw, hear)) for sent in messages]


def events_of(read: Iterable[ReadBack], about: str) -> list[Event]:
    """The statements about one record as events, recorded when they were sent."""
    return [
        Event(
            statement.value, statement.about, statement.occurred_at, each.sent.send_at, each.received.feed, encounter=statement.encounter, id=number
        )
        for number, each in enumerate(read, 1)
        for statement in each.received.statements
        if statement.about == about
    ]


def pv1(raw: bytes, field: int) -> str:
    """A field of the PV1 segment as it stands in the message."""
    line = next((line for line in raw.decode("utf-8", "replace").split("\r") if line.startswith("PV1|")), "")
    fields = line.split("|")
    return fields[field] if field < len(fields) else ""


def trigger(raw: bytes) -> str:
    """MSH-9: "ADT^A01" ..."""
    fields = raw.decode("utf-8", "replace").split("\r", 1)[0].split("|")
    return "^".join(fields[8].split("^")[:2]) if fields[0] == "MSH" else ""


class Shelf:
    """An `Inbox` that keeps every message and answers by the fate that `judge` gives it; None means that it says nothing."""

    is_full = False

    def __init__(self, judge: Callable[[Received, int], Fate | None] | None = None) -> None:
        self.reader = real_reader()
        self.kept: list[bytes] = []
        self.judge = judge or (lambda received, number: Fate("stored", number, LIVE_AT))

    def receive(self, raw: bytes, reply: Callable[[list[bytes]], None]) -> None:
        self.kept.append(raw)
        received = self.reader.read(raw, lambda stated_at: stated_at or LIVE_AT)
        fate = self.judge(received, len(self.kept))
        if fate is not None:
            reply(received.replies(fate))


@asynccontextmanager
async def listening(shelf: Shelf, port: int = 0) -> AsyncIterator[tuple[MllpListener, int]]:
    """A real listener on the loopback interface for as long as the test needs it."""
    listener = MllpListener(shelf)
    try:
        yield listener, await listener.listen("127.0.0.1", port)
    finally:
        await listener.close(patience_seconds=0.1)


def quarantined(received: Received, number: int) -> Fate:
    return Fate("quarantined", number, LIVE_AT, received.problem or Problem("segment-missing", "there is no PID segment", "PID"))
