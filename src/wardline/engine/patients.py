"""Timelines in memory: those in use are kept folded, the others are read from the log when somebody asks."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain

from wardline.core.events import Event
from wardline.core.ports import EventLog
from wardline.core.timeline import Timeline
from wardline.engine.identity import Links, Scope

LARGEST = 4000
"""Timelines kept in memory. Beyond it the one unused for longest is dropped and read again when needed."""


class Timelines:
    """The current timeline of every person, made from the log and kept up to date event by event."""

    def __init__(self, log: EventLog, links: Links, window: timedelta, unlogged: list[Event], largest: int = LARGEST) -> None:
        self._log = log
        self._unlogged = unlogged
        self._links = links
        self.window = window
        self._largest = largest
        self._hot: OrderedDict[str, Timeline] = OrderedDict()

    def __len__(self) -> int:
        return len(self._hot)

    def survivor(self, about: str) -> str:
        return self._links.survivor(about)

    def get(self, about: str, now: datetime) -> Timeline:
        """The timeline of the person `about` is read as now."""
        person = self._links.survivor(about)
        timeline = self._hot.get(person)
        if timeline is None:
            timeline = self._hot[person] = self._read(person, now)
            if len(self._hot) > self._largest:
                self._hot.popitem(last=False)
        else:
            self._hot.move_to_end(person)
        return timeline

    def look(self, about: str, now: datetime) -> Timeline:
        """The same for a passing look: one that was not in use is not kept, so that nobody else's is dropped for it."""
        person = self._links.survivor(about)
        return self._hot.get(person) or self._read(person, now)

    def apply(self, event: Event, now: datetime) -> Timeline:
        """Fold an event of the step being written into its person's timeline."""
        person = self._links.reader_of(event.about, event.encounter)
        timeline = self._hot.get(person)
        if timeline is None:
            return self.get(person, now)  # read just now, this event included
        self._hot.move_to_end(person)
        timeline.apply(event)
        return timeline

    def drop(self, about: str) -> None:
        """Forget a person's folded timeline; the next look reads it again, following the links as they are then."""
        self._hot.pop(about, None)

    def clear(self) -> None:
        self._hot.clear()

    def _read(self, person: str, now: datetime) -> Timeline:
        scopes = {scope.record: scope for scope in self._links.scopes(person)}
        unlogged = (event for event in self._unlogged if event.about in scopes)
        return folded(person, scopes, chain(self._log.events_of(scopes, since=now - self.window), unlogged))


def folded(person: str, scopes: Mapping[str, Scope], events: Iterable[Event], kind: type[Timeline] = Timeline) -> Timeline:
    """The timeline of a person from the events of every record that is read as theirs."""
    timeline = kind(person)
    for event in events:
        if scopes[event.about].includes(event):
            timeline.apply(event)
    # What contradicted a record that has been parted since is no longer this person's concern.
    timeline.disputes = [event for event in timeline.disputes if event.value.other in scopes]
    return timeline
