"""Feeds, codes nobody has mapped, and quarantine."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, Seconds


@with_config(CLOSED)
class Feed(TypedDict):
    name: str
    label: str
    confirmed: bool
    last_at: datetime
    age_seconds: Seconds
    lag_seconds: Annotated[float | None, Field(description="How long before its arrival the last message says it was sent; null: it does not say.")]
    silent_since: datetime | None
    received: int
    quarantined: int
    waiting: int
    per_minute: Annotated[list[int], Field(description="Messages in each of the last 60 minutes, newest last.")]
    per_hour: int
    expected_per_hour: tuple[int, int] | None
    patience_seconds: Seconds
    unmapped: int


@with_config(CLOSED)
class Feeds(TypedDict):
    as_of: AsOf
    feeds: list[Feed]


@with_config(CLOSED)
class UnmappedCode(TypedDict):
    code: str
    text: str
    unit: str
    example: str
    count: int
    last_at: datetime | None
    suggestion: str | None


@with_config(CLOSED)
class ConceptName(TypedDict):
    id: str
    name: str
    unit: str


@with_config(CLOSED)
class Unmapped(TypedDict):
    feed: str
    codes: list[UnmappedCode]
    concepts: list[ConceptName]


@with_config(CLOSED)
class MappedCode(TypedDict):
    mapped: str
    concept: str
    values_read_again: int
    messages_read_again: int
    unreadable: Annotated[int, Field(description="Past messages that do not open any more.")]


@with_config(CLOSED)
class QuarantinedLine(TypedDict):
    id: int
    recorded_at: datetime
    feed: str
    control_id: str | None
    code: str
    reason: str
    where: str


@with_config(CLOSED)
class Quarantine(TypedDict):
    as_of: AsOf
    messages: list[QuarantinedLine]


@with_config(CLOSED)
class QuarantinedMessage(TypedDict):
    id: int
    text: str


@with_config(CLOSED)
class Replayed(TypedDict):
    id: int
    replayed_as: int
