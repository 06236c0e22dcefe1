"""The two kinds of clock a data folder can run on."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from wardline.core.errors import Refused

LARGEST_LEAP: Final = timedelta(days=31)
"""A message that would move a feed clock further than this is put aside: one wrong year must not end the day for everybody."""


def _machine_time() -> datetime:
    return datetime.now(UTC)


class WallClock:
    """The machine's own time, except that it never goes back.

    When the machine's time is set back, this clock goes on at half its pace until that has caught up: the order of what is
    recorded holds, nothing becomes due early, and nothing waits for long.
    """

    kind: Literal["wall", "feed"] = "wall"

    def __init__(self, machine: Callable[[], datetime] = _machine_time, running: Callable[[], float] = time.monotonic) -> None:
        """`running` counts seconds whatever the machine's time is set to."""
        self._machine = machine
        self._running = running
        self._now, self._looked = machine(), running()

    def now(self) -> datetime:
        looked = self._running()
        at_half_pace = self._now + timedelta(seconds=(looked - self._looked) / 2)
        self._now, self._looked = max(self._machine(), at_half_pace), looked
        return self._now

    def heard(self, stated_at: datetime) -> None:
        """A wall clock does not care what senders say."""


LATEST: Final = datetime(2400, 1, 1, tzinfo=UTC)
"""No feed begins after this: data sets move dates by up to two centuries to hide whose they are; 9999 is somebody's "never"."""


class FeedClock:
    """The highest message time seen: for demonstrations and for replaying data sets. Never goes back."""

    kind: Literal["wall", "feed"] = "feed"

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now or datetime(1970, 1, 1, tzinfo=UTC)

    def heard(self, stated_at: datetime) -> None:
        if self._now is None and stated_at > LATEST:
            raise Refused("the message time (MSH-7) is centuries ahead", code="clock-leap", where="MSH-7")
        if self._now is not None and stated_at - self._now > LARGEST_LEAP:
            days = (stated_at - self._now).days
            raise Refused(f"the message time (MSH-7) is {days} days ahead of the feeds' clock", code="clock-leap", where="MSH-7")
        if self._now is None or stated_at > self._now:
            self._now = stated_at
