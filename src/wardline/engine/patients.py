"""Timelines in memory: those in use are kept folded, the others are read from the log when somebody asks."""

from collections import OrderedDict
from datetime import datetime, timedelta

from wardline.core.events import Event
from wardline.core.ports import EventLog
from wardline.core.timeline import Timeline
from wardline.engine.identity import Links

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

    def apply(self, event: Event, now: datetime) -> Timeline:
        """Fold an event of the step being written into its person's timeline."""
        person = self._links.reader_of(event.about, event.encounter)
        if person not in self._hot:
            return self.get(person, now)  # read just now, this event included
        timeline = self.get(person, now)
        timeline.apply(event)
        return timeline

    def drop(self, about: str) -> None:
        """Forget a person's folded timeline; the next look reads it again, following the links as they are then."""
        self._hot.pop(about, None)

    def clear(self) -> None:
        self._hot.clear()

    def _read(self, person: str, now: datetime) -> Timeline:
        timeline = Timeline(person)
        scopes = self._links.scopes(person)
        whole = all(scope.only is None and not scope.without for scope in scopes)
        by_record = {scope.record: scope for scope in scopes}
        for event in self._log.events_of(by_record, since=now - self.window):
            if whole or by_record[event.about].includes(event):
                timeline.apply(event)
        for event in self._unlogged:
            if event.about in by_record and by_record[event.about].includes(event):
                timeline.apply(event)
        return timeline
