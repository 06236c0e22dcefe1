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
WEEKS_REMEMBERED: Final = 8
"""A feed that changes its habits is known by the new ones after about as many weeks."""
WEEKS_KNOWN: Final = 2
"""From so many weeks on an hour of the week is known; before, what counts is the recent pace."""
_HOURS_IN_WEEK: Final = 168
_FIRST_HOUR: Final = 72
"""1970 began on a Thursday."""
_HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class Feed:
    """What is known of one feed. `by_hour[h]` is what an hour of the week usually brings, `weeks[h]` how many weeks that rests on."""

    name: str
    last_at: datetime
    first_at: datetime
    received: int = 0
    quarantined: int = 0
    gap_seconds: float = 0.0
    by_hour: list[float] = field(default_factory=lambda: [0.0] * _HOURS_IN_WEEK)
    weeks: list[int] = field(default_factory=lambda: [0] * _HOURS_IN_WEEK)
    in_hour: int = 0
    """Messages in the hour of the last one."""
    silent_since: datetime | None = None
    unmapped: dict[str, list[Any]] = field(default_factory=dict)
    """Code -> [times seen, unit, example, last seen]."""
    recent: list[int] = field(default_factory=lambda: [0] * 60)
    """Messages in each of the last 60 minutes, newest last."""
    recent_minute: int = 0
    due_at: datetime = field(init=False)
    """When it will have been silent for so long that this is news."""

    def __post_init__(self) -> None:
        self.due_at = self._due_at()

    def heard(self, at: datetime, quarantined: bool) -> None:
        gap = (at - self.last_at).total_seconds()
        if gap > 0:
            self.gap_seconds = gap if not self.gap_seconds else self.gap_seconds * 0.98 + gap * 0.02
        self._count(at)
        self.received += 1
        self.quarantined += quarantined
        self.last_at = max(at, self.last_at)
        self.due_at = self._due_at()

    def expected_per_hour(self, at: datetime) -> float:
        """What this hour of the week usually brings; as long as that is not known, what the last hours brought."""
        hour = _hour(at) % _HOURS_IN_WEEK
        if self.weeks[hour] >= WEEKS_KNOWN:
            return self.by_hour[hour]
        return 3600 / self.gap_seconds if self.gap_seconds and self.received >= LEARNING else 0.0

    def patience(self) -> timedelta:
        """How long it may say nothing before that is news."""
        return self.due_at - self.last_at

    def _due_at(self) -> datetime:
        """Count on, hour by hour, until as many messages are missing as cannot be chance; a quiet night takes its time."""
        missing, at, latest = MISSED, self.last_at, self.last_at + LONGEST_SILENCE
        while at < latest:
            rate, end = self.expected_per_hour(at), at.replace(minute=0, second=0, microsecond=0) + _HOUR
            in_this_hour = rate * ((end - at) / _HOUR)
            if in_this_hour >= missing:
                return min(max(at + missing / rate * _HOUR, self.last_at + SHORTEST_SILENCE), latest)
            missing, at = missing - in_this_hour, end
        return latest

    def _count(self, at: datetime) -> None:
        last, now = _hour(self.last_at), _hour(at)
        for hour in range(last, min(now, last + 4 * _HOURS_IN_WEEK)):
            self._close_hour(hour, self.in_hour if hour == last else 0)
        self.in_hour = self.in_hour + 1 if now == last else 1
        minute = int(at.timestamp() // 60)
        passed = minute - self.recent_minute
        if passed > 0:
            self.recent = ([*self.recent, *[0] * passed])[-60:] if passed < 60 else [0] * 60
            self.recent_minute = minute
        self.recent[-1] += 1

    def _close_hour(self, hour: int, count: int) -> None:
        """An hour is over. The first one was not a whole hour, and those of an outage say nothing about what is usual."""
        if hour == _hour(self.first_at) or (count == 0 and self.silent_since is not None):
            return
        place = hour % _HOURS_IN_WEEK
        weeks = self.weeks[place] = min(self.weeks[place] + 1, WEEKS_REMEMBERED)
        self.by_hour[place] += (count - self.by_hour[place]) / weeks


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
        feed.heard(at, message.fate.state == "quarantined")

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
        return min((feed.due_at for feed in self.feeds.values() if feed.silent_since is None), default=None)

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        for feed in self.feeds.values():
            if feed.silent_since is None and now >= feed.due_at:
                yield Event(Silent(feed.name, feed.last_at, feed.expected_per_hour(now)), f"feed/{feed.name}", now, now, "wardline")

    def outgoing(self) -> Iterable[Outgoing]:
        return ()

    def dump(self) -> Any:
        return [
            [
                feed.name, feed.last_at, feed.first_at, feed.received, feed.quarantined, feed.gap_seconds, feed.by_hour, feed.weeks, feed.in_hour,
                feed.silent_since, sorted((code, *known) for code, known in feed.unmapped.items()), feed.recent, feed.recent_minute,
            ]
            for _, feed in sorted(self.feeds.items())
        ]  # fmt: skip

    def load(self, state: Any) -> None:
        self.feeds = {}
        for name, last_at, first_at, received, quarantined, gap, by_hour, weeks, in_hour, silent, unmapped, recent, minute in state or ():
            codes = {code: list(known) for code, *known in unmapped}
            self.feeds[name] = Feed(name, last_at, first_at, received, quarantined, gap, by_hour, weeks, in_hour, silent, codes, recent, minute)


def _hour(at: datetime) -> int:
    """Hours since 1970, shifted so that every 168th is a Monday's first."""
    return int(at.timestamp() // 3600) + _FIRST_HOUR
