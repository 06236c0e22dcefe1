"""Writing down one step: events get their numbers as they are made, so that later ones can point at earlier ones."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from wardline.core.events import EVENTS_PER_ROW, Event, EventId, Value
from wardline.core.ports import MessageRecord, Outgoing, Step

_new: Final = tuple.__new__


class Draft:
    """A step being written. Events about one record share a row; a row that touches two patients never exists."""

    def __init__(self, seq: int, recorded_at: datetime, source: str, next_row: Callable[[], int]) -> None:
        self.seq = seq
        self.recorded_at = recorded_at
        self.source = source
        self.outgoing: list[Outgoing] = []
        self.events: list[Event] = []
        self._next_row = next_row
        self._rows: dict[str, tuple[int, list[Event]]] = {}
        self._full: list[tuple[str, tuple[Event, ...]]] = []

    def add(
        self, value: Value, about: str, occurred_at: datetime, *, encounter: str = "", actor: str = "", source: str | None = None,
        caused_by: tuple[EventId, ...] = (),
    ) -> Event:  # fmt: skip
        row = self._rows.get(about)
        if row is None or len(row[1]) >= EVENTS_PER_ROW:
            if row is not None:
                self._full.append((about, tuple(row[1])))
            row = self._rows[about] = (self._next_row(), [])
        number, events = row
        said_by, id = self.source if source is None else source, number * EVENTS_PER_ROW + len(events)
        # In the order of its fields, past the constructor: every observation and every answer is written down here.
        event = _new(Event, (value, about, occurred_at, self.recorded_at, said_by, actor, caused_by, encounter, id))
        events.append(event)
        self.events.append(event)
        return event

    def step(self, message: MessageRecord | None = None) -> Step:
        rows = (*self._full, *((about, tuple(events)) for about, (_, events) in self._rows.items()))
        return Step(self.seq, self.recorded_at, message, rows, tuple(self.outgoing))
