"""A clock that only moves when a test moves it."""

from datetime import UTC, datetime, timedelta
from typing import Literal

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday. Tests that need no other day begin here."""


class ManualClock:
    """`Clock` of kind "wall": the machine's time as the test sets it, forward, backward, or not at all."""

    kind: Literal["wall", "feed"] = "wall"

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def heard(self, stated_at: datetime) -> None:
        """A wall clock does not care what senders say."""

    def step(self, by: timedelta) -> None:
        self.at += by
