"""Every feed watched: how much it sends, when it last spoke, what it sends that nobody understands, and when it is too quiet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from wardline.core.events import UNMAPPED, Event, Heard, Mapped, Measured, Silent
from wardline.core.ports import MessageRecord, Outgoing
from wardline.core.reactions import Patients

SHORTEST_SILENCE: Final = timedelta(minutes=5)
LONGEST_SILENCE: Final = timedelta(days=2)
MISSED: Final = 8.0
"""A feed is silent when this many messages should have come and none did; by chance that happens once in e^8 = 3,000 times."""
LEARNING: Final = 20
"""Messages after which a feed's own pace is known well enough to miss it."""
_HOURS_IN_WEEK: Final = 168


@dataclass(slots=True)
class Feed:
    """What is known of one feed. `by_hour[h]` counts messages by hour of the week, `weeks[h]` the weeks that hour was seen."""

    name: str
    last_at: datetime
    first_at: datetime
    received: int = 0
    quarantined: int = 0
    gap_seconds: float = 0.0
    by_hour: list[float] = field(default_factory=lambda: [0.0] * _HOURS_IN_WEEK)
    weeks: list[int] = field(default_factory=lambda: [0] * _HOURS_IN_WEEK)
    last_hour: int = -1
    silent_since: datetime | None = None
    unmapped: dict[str, list[Any]] = field(default_factory=dict)
    """Code -> [times seen, unit, example, last seen]."""
    recent: list[int] = field(default_factory=lambda: [0] * 60)
    """Messages in each of the last 60 minutes, newest last."""
    recent_minute: int = 0

    def expected_per_hour(self, at: datetime) -> float:
        """What this hour of the week usually brings; before a whole week is known, what the last hours brought."""
        hour = _hour_of_week(at)
        if self.weeks[hour] >= 2:
            return self.by_hour[hour] / self.weeks[hour]
        return 3600 / self.gap_seconds if self.gap_seconds and self.received >= LEARNING else 0.0

    def patience(self) -> timedelta:
        """How long it may say nothing before that is news."""
        rate = self.expected_per_hour(self.last_at)
        if rate <= 0:
            return LONGEST_SILENCE
        return min(max(timedelta(hours=MISSED / rate), SHORTEST_SILENCE), LONGEST_SILENCE)


class FeedWatch:
    """A reaction over messages and events: the dead-man's switch of every feed."""

    name = "feeds"

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}

    def heard(self, message: MessageRecord, at: datetime) -> None:
        """A message has come in. Part of the fold: called live and in a rebuild for every stored message."""
        feed = self.feeds.get(message.feed)
        if feed is None:
            feed = self.feeds[message.feed] = Feed(message.feed, at, at)
        elif at > feed.last_at:
            gap = (at - feed.last_at).total_seconds()
            feed.gap_seconds = gap if not feed.gap_seconds else feed.gap_seconds * 0.98 + gap * 0.02
        feed.received += 1
        if message.fate.state == "quarantined":
            feed.quarantined += 1
        feed.last_at = max(at, feed.last_at)
        self._count(feed, at)

    @staticmethod
    def _count(feed: Feed, at: datetime) -> None:
        hour = _hour_of_week(at)
        if hour != feed.last_hour:
            feed.last_hour = hour
            feed.weeks[hour] += 1
        feed.by_hour[hour] += 1
        minute = int(at.timestamp() // 60)
        passed = minute - feed.recent_minute
        if passed > 0:
            feed.recent = ([*feed.recent, *[0] * passed])[-60:] if passed < 60 else [0] * 60
            feed.recent_minute = minute
        feed.recent[-1] += 1

    def apply(self, event: Event) -> None:
        match event.value:
            case Measured() as measured if UNMAPPED in measured.flags:
                feed = self.feeds.get(event.source)
                if feed is not None and (measured.code in feed.unmapped or len(feed.unmapped) < 2000):
                    known = feed.unmapped.setdefault(measured.code, [0, measured.unit, "", None])
                    known[0] += 1
                    known[2], known[3] = str(measured.value)[:40], event.recorded_at
            case Silent(feed=name, since=since):
                if name in self.feeds:
                    self.feeds[name].silent_since = since
            case Heard(feed=name):
                if name in self.feeds:
                    self.feeds[name].silent_since = None
            case Mapped(feed=name, code=code):
                if name in self.feeds:
                    self.feeds[name].unmapped.pop(code, None)
            case _:
                pass

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return ()

    def back(self, name: str, now: datetime) -> Event | None:
        """A silent feed has spoken."""
        feed = self.feeds.get(name)
        if feed is None or feed.silent_since is None:
            return None
        return Event(Heard(name, (now - feed.silent_since).total_seconds()), f"feed/{name}", now, now, "wardline")

    def next_due(self) -> datetime | None:
        return min((feed.last_at + feed.patience() for feed in self.feeds.values() if feed.silent_since is None), default=None)

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        for feed in self.feeds.values():
            if feed.silent_since is None and now - feed.last_at >= feed.patience():
                yield Event(Silent(feed.name, feed.last_at, feed.expected_per_hour(now)), f"feed/{feed.name}", now, now, "wardline")

    def outgoing(self) -> Iterable[Outgoing]:
        return ()

    def dump(self) -> Any:
        return [
            [
                feed.name, feed.last_at, feed.first_at, feed.received, feed.quarantined, feed.gap_seconds, feed.by_hour, feed.weeks, feed.last_hour,
                feed.silent_since, sorted((code, *known) for code, known in feed.unmapped.items()), feed.recent, feed.recent_minute,
            ]
            for _, feed in sorted(self.feeds.items())
        ]  # fmt: skip

    def load(self, state: Any) -> None:
        self.feeds = {}
        for name, last_at, first_at, received, quarantined, gap, by_hour, weeks, last_hour, silent, unmapped, recent, minute in state or ():
            codes = {code: list(known) for code, *known in unmapped}
            self.feeds[name] = Feed(name, last_at, first_at, received, quarantined, gap, by_hour, weeks, last_hour, silent, codes, recent, minute)


def _hour_of_week(at: datetime) -> int:
    return at.weekday() * 24 + at.hour
