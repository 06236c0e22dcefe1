"""Everything folded from the log: who is one person, who is where, what is due, what the reactions know.

`take_in` is the only way state changes, live and in a rebuild, so that both end in the same place.
"""

import hashlib
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from wardline import __version__
from wardline.core.events import Admitted, Cancelled, Discharged, Erased, Event, Found, Merged, Moved, Registered, Transferred, Unmerged
from wardline.core.ports import EventLog, MessageRecord, Step
from wardline.core.reactions import Reaction
from wardline.core.timeline import Timeline
from wardline.engine.directory import Directory, entry_of
from wardline.engine.feeds import FeedWatch
from wardline.engine.identity import Links
from wardline.engine.patients import Timelines
from wardline.engine.schedule import Schedule

SNAPSHOT: Final = "house"
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LINKS: Final = frozenset({Merged, Unmerged, Moved})
_DIRECTORY_KINDS: Final = frozenset({Registered, Admitted, Transferred, Discharged, Cancelled})
_NOBODY: Final[frozenset[str]] = frozenset()
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder().decode


class House:
    """The folded state. Also how reactions look at patients (`Patients`)."""

    def __init__(self, log: EventLog, reactions: Sequence[Reaction], window: timedelta) -> None:
        self.log = log
        self.links = Links()
        self.directory = Directory()
        self.schedule = Schedule()
        self.feeds = FeedWatch()
        self.reactions: tuple[Reaction, ...] = (self.feeds, *reactions)
        self.unlogged: list[Event] = []
        """Events of the step being written: folded, but not in the log yet when a timeline has to be read anew."""
        self.timelines = Timelines(log, self.links, window, self.unlogged)
        self.now = BEGINNING
        self.seq = 0

    # --- looking ---

    def survivor(self, about: str) -> str:
        return self.links.survivor(about)

    def timeline(self, about: str) -> Timeline:
        return self.timelines.get(about, self.now)

    # --- folding ---

    def take_in(self, event: Event) -> Set[str]:
        """Fold one event. Returns the persons whose timeline changed hands and must be looked at as a whole."""
        changed: Set[str] = _NOBODY
        kind = type(event.value)
        self.unlogged.append(event)
        if kind in _LINKS:
            changed = self._rejoin(event)
        elif kind is Erased:
            self._erase(event.value.records)
        elif "/" not in event.about:
            timeline = self.timelines.apply(event, self.now)
            if kind is Found:
                self.schedule.apply(_read_as(event, timeline.about))
            elif kind in _DIRECTORY_KINDS:
                self._list(timeline)
        for reaction in self.reactions:
            reaction.apply(event)
        return changed

    def _rejoin(self, event: Event) -> set[str]:
        """Records join or part: fold the persons concerned anew from the log."""
        other = _other(event.value)
        visit = event.value.encounter if isinstance(event.value, Moved) else ""
        before = {self.links.survivor(event.about), self.links.reader_of(other, visit)}
        self.links.apply(event)
        after = {self.links.survivor(record) for record in before | {event.about, other}}
        for person in before | after | {event.about, other}:
            self.timelines.drop(person)
        for person in sorted(before | after | {event.about, other}):
            self.list_anew(person)
        return after

    def _erase(self, records: Iterable[str]) -> None:
        """Whoever they were, nobody here knows any more. What is said about the same numbers from now on is about somebody new."""
        for record in records:
            self.timelines.drop(record)
            self.directory.remove(record)
        self.links.erase(records)
        self.schedule.erase(records)

    def list_anew(self, person: str, *, keep: bool = True) -> None:
        """A record that was joined to another, or that nobody ever registered, is not listed."""
        timeline = self.timeline(person)
        if timeline.about == person and timeline.person is not None:
            self._list(timeline, keep=keep)
        elif person in self.directory:
            self.directory.remove(person)
            if keep:
                self.log.keep(person, b"")

    def _list(self, timeline: Timeline, *, keep: bool = True) -> None:
        packed = self.directory.put(entry_of(timeline))
        if packed is not None and keep:
            self.log.keep(timeline.about, packed)

    def heard(self, message: MessageRecord, at: datetime) -> None:
        self.feeds.heard(message, at)

    def replay(self, steps: Iterable[Step]) -> int:
        """Fold stored steps, as after a restart or in a rebuild; writes nothing. Returns how many there were.

        Timelines are not folded here: they are read from the log when somebody asks.
        """
        count = 0
        concerned: set[str] = set()
        for step in steps:
            self.now = max(self.now, step.recorded_at)
            self.schedule.pop(self.now, None)  # what was due by then was dealt with by then
            if step.message is not None:
                self.heard(step.message, step.recorded_at)
            for _about, events in step.rows:
                for event in sorted(events, key=_number):
                    self._take_in_stored(event, concerned)
            self.seq = step.seq
            count += 1
        self.timelines.clear()
        for person in sorted(concerned):
            self.list_anew(person, keep=False)
        return count

    def _take_in_stored(self, event: Event, concerned: set[str]) -> None:
        value = event.value
        if isinstance(value, Merged | Unmerged | Moved):
            self.links.apply(event)
            concerned |= {event.about, self.links.survivor(event.about), _other(value)}
        elif isinstance(value, Erased):
            self._erase(value.records)
        elif isinstance(value, Found):
            self.schedule.apply(_read_as(event, self.links.survivor(event.about)))
        elif type(value) in _DIRECTORY_KINDS:
            concerned.add(self.links.reader_of(event.about, event.encounter))
        for reaction in self.reactions:
            reaction.apply(event)

    # --- keeping ---

    def dump(self) -> bytes:
        """The state as bytes; equal states give equal bytes."""
        reactions = [[each.name, each.dump()] for each in self.reactions]
        return _ENCODE([__version__, self.seq, self.now, self.links.dump(), self.schedule.dump(), reactions])

    def load(self, snapshot: bytes) -> bool:
        """Take up the state where it was kept. False, and then to be forgotten, if another version kept it: it may fold otherwise."""
        try:
            kept_by, self.seq, self.now, links, schedule, reactions = _DECODE(snapshot)
            self.links.load(links)
            self.schedule.load(schedule)
            states: dict[str, Any] = dict(reactions)
            for reaction in self.reactions:
                if reaction.name in states:
                    reaction.load(states[reaction.name])
        except (ValueError, TypeError, KeyError):  # what reading a form nobody knows here ends in
            return False
        return bool(kept_by == __version__)

    def digest(self, as_of: datetime) -> str:
        """A fingerprint of everything folded, the directory included: what a rebuild must reproduce.

        Dues up to `as_of` do not count: whether they were looked at yet is the clock's business, not the log's.
        """
        dues = [due for due in self.schedule.dump() if due.at > as_of]
        whole = hashlib.sha256(_ENCODE([self.seq, self.links.dump(), dues, [[each.name, each.dump()] for each in self.reactions]]))
        for about, packed in self.directory.items():
            whole.update(about.encode() + packed)
        return whole.hexdigest()

    def forget(self) -> None:
        """Drop everything folded, to be folded again."""
        self.__init__(self.log, self.reactions[1:], self.timelines.window)  # type: ignore[misc]
        for reaction in self.reactions:
            reaction.load(None)


def _read_as(event: Event, person: str) -> Event:
    """The event under the record its person is known by now."""
    return event if event.about == person else event._replace(about=person)


def _other(value: Merged | Unmerged | Moved) -> str:
    """The second record a join or parting is about."""
    return value.retired if isinstance(value, Merged) else value.other if isinstance(value, Unmerged) else value.origin


def _number(event: Event) -> int:
    return event.id
