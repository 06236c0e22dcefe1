"""The two kinds of clock a data folder can run on."""

from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from wardline.core.errors import Refused

LARGEST_LEAP: Final = timedelta(days=31)
"""A message that would move a feed clock further than this is put aside: one wrong year must not end the day for everybody."""


class WallClock:
    """The machine's own time."""

    kind: Literal["wall", "feed"] = "wall"

    def now(self) -> datetime:
        return datetime.now(UTC)

    def heard(self, stated_at: datetime) -> None:
        """A wall clock does not care what senders say."""


class FeedClock:
    """The highest message time seen: for demonstrations and for replaying data sets. Never goes back."""

    kind: Literal["wall", "feed"] = "feed"

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now or datetime(1970, 1, 1, tzinfo=UTC)

    def heard(self, stated_at: datetime) -> None:
        if self._now is not None and stated_at - self._now > LARGEST_LEAP:
            days = (stated_at - self._now).days
            raise Refused(f"the message time (MSH-7) is {days} days ahead of the feeds' clock", code="clock-leap", where="MSH-7")
        if self._now is None or stated_at > self._now:
            self._now = stated_at
