"""What a feed says: a statement is an event before it is recorded. And what intake made of one message as a whole."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from wardline.core.events import Value


class Statement(NamedTuple):
    """`about` is the record's key, `occurred_at` clinical time in UTC."""

    value: Value
    about: str
    occurred_at: datetime
    encounter: str = ""


class Problem(NamedTuple):
    """Why a message was not taken: a word for programs, one sentence without patient content, a location such as "PID-3".

    `rejected` is true when sending the same thing again can never help.
    """

    code: str
    reason: str
    where: str = ""
    rejected: bool = False


class Fate(NamedTuple):
    """What became of a message: taken onto the timeline, kept in quarantine, or refused because it could not be stored."""

    state: str
    """"stored", "quarantined" or "refused"."""
    seq: int = 0
    recorded_at: datetime | None = None
    problem: Problem | None = None


class Received(NamedTuple):
    """One message as intake read it; either it states something or it has a problem, never both."""

    feed: str
    """Name of the source."""
    sender: str
    """MSH-3 and MSH-4: with the control id the identity of the message."""
    control_id: str
    raw: bytes
    statements: tuple[Statement, ...] = ()
    problem: Problem | None = None
    patient: str = ""
    """The record it is about, if that much could be read."""
    replies: Callable[[Fate], list[bytes]] = lambda fate: []
    """The acknowledgements due once its fate is durable: a pure function of message and fate."""
    same_as: Callable[[bytes], bool] = lambda other: False
    """Whether another message says the same, apart from the time at which it was sent."""
