"""A data set's messages, each with the moment at which a replay sends it."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple


class Timed(NamedTuple):
    """`at` is feed time: replays that are slowed down wait for it. None for sets that are only a pile of messages."""

    at: datetime | None
    name: str
    """What a person calls it: a file, or a record and the message's number in it."""
    raw: bytes


class Feed(NamedTuple):
    """`messages` come in the order in which they are sent: (how many stays or files have begun by then, message)."""

    parts: int
    messages: Iterator[tuple[int, Timed]]
