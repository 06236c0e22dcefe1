"""Every feed watched: how much it sends, when it last spoke, what it sends that nobody understands, and when it is too quiet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from wardline.core.concepts import local_code
from wardline.core.events import UNMAPPED, Erased, Event, Heard, Mapped, Measured, Silent
from wardline.core.ports import MessageRecord, Outgoing
from wardline.core.reactions import Patients
from wardline.core.statements import Fate
from wardline.engine.habits import Habit

CODES_REMEMBERED: Final = 2_000
"""Unmapped codes counted per feed: a sender that makes up codes cannot fill the memory."""
MINUTES_SHOWN: Final = 60


@dataclass(slots=True)
class Feed:
    """What is known of one feed."""

    name: str
    last_at: datetime
    habit: Habit
    last_seq: int = 0
    """Number of its last message."""
    received: int = 0
    quarantined: int = 0
    silent_since: datetime | None = None
    unmapped: dict[str, list[Any]] = field(default_factory=dict)
    """Code -> [times seen, unit, example, last seen]."""
    recent: list[int] = field(default_factory=lambda: [0] * MINUTES_SHOWN)
    """Messages in each of the 60 minutes up to the last one."""
    recent_minute: int = 0
    _due_at: datetime | None = None

    def heard(self, at: datetime, fate: Fate) -> None:
        """It has spoken."""
        if self.received:
            self.habit.spoke(self.last_at, max(at, self.last_at), was_silent=self.silent_since is not None)
        self.recent = self.minutes(at)
        self.recent[-1] += 1
        self.recent_minute = _minute(at)
        self.received += 1
        self.quarantined += fate.state == "quarantined"
        self.last_seq = fate.seq
        self.last_at = max(at, self.last_at)
        self._due_at = None

    def understands(self, code: str) -> None:
        """The code has been mapped, and with it those that differ from it only in their words."""
        self.unmapped = {each: known for each, known in self.unmapped.items() if local_code(each) != local_code(code)}

    @property
    def due_at(self) -> datetime:
        """When it will have been silent for so long that this is news."""
        if self._due_at is None:
            self._due_at = self.habit.due_at(self.last_at)
        return self._due_at

    def patience(self) -> timedelta:
        """How long it may say nothing before that is news."""
        return self.due_at - self.last_at

    def minutes(self, at: datetime) -> list[int]:
        """Messages in each of the last 60 minutes, newest last."""
        passed = min(max(0, _minute(at) - self.recent_minute), MINUTES_SHOWN)
        return [*self.recent[passed:], *[0] * passed]

    def expected_per_hour(self, at: datetime) -> float:
        """What this hour usually brings; as long as that is not known, what the last hour brought. 0: nothing is known yet."""
        if not self.habit.is_learnt:
            return 0.0
        usual = self.habit.usual_at(at)
        return float(sum(self.recent)) if usual is None else usual


class FeedWatch:
    """A reaction over messages and events: the dead-man's switch of every feed."""

    name = "feeds"

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}

    def heard(self, message: MessageRecord, at: datetime) -> None:
        """A message has come in. Part of the fold: called live and in a rebuild for every stored message."""
        feed = self.feeds.get(message.feed)
        if feed is None:
            feed = self.feeds[message.feed] = Feed(message.feed, at, Habit(at))
        feed.heard(at, message.fate)

    def apply(self, event: Event) -> None:
        match event.value:
            case Measured() as measured if UNMAPPED in measured.flags:
                feed = self.feeds.get(event.source)
                if feed is not None and (measured.code in feed.unmapped or len(feed.unmapped) < CODES_REMEMBERED):
                    known = feed.unmapped.setdefault(measured.code, [0, measured.unit, "", None])
                    known[0] += 1
                    known[2], known[3] = str(measured.value)[:40], event.recorded_at
            case Silent(feed=name, since=since):
                if name in self.feeds:
                    self.feeds[name].silent_since = since
            case Heard(feed=name):
                if name in self.feeds:
                    self.feeds[name].silent_since = None
            case Erased():
                # Examples and counts say of nobody whom they came from: what is not understood is counted anew.
                for feed in self.feeds.values():
                    feed.unmapped = {}
            case Mapped(feed=name, code=code):
                if name in self.feeds:
                    self.feeds[name].understands(code)
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
                feed.name, feed.last_at, feed.habit.dump(), feed.last_seq, feed.received, feed.quarantined, feed.silent_since,
                sorted((code, *known) for code, known in feed.unmapped.items()), feed.recent, feed.recent_minute,
            ]
            for _, feed in sorted(self.feeds.items())
        ]  # fmt: skip

    def load(self, state: Any) -> None:
        self.feeds = {}
        for name, last_at, habit, last_seq, received, quarantined, silent, unmapped, recent, minute in state or ():
            codes = {code: list(known) for code, *known in unmapped}
            self.feeds[name] = Feed(name, last_at, Habit.load(habit), last_seq, received, quarantined, silent, codes, recent, minute)


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)
