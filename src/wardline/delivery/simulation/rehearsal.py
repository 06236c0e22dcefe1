"""A house without a log: patients folded in memory, an alert policy that hears everything, time that only moves when told to.

It does for one policy what the engine does for all of Wardline, and records nothing anywhere.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from wardline.core.events import Discharged, Event, EventId, Measured, Merged, Moved, Unmerged
from wardline.core.ports import Outgoing
from wardline.core.statements import Statement
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.reaction import AlertPolicy

FIRST_ID: Final[EventId] = 1 << 60
"""Events made here are numbered from here: far above any row of a log."""
ENDLESS: Final = 50_000


class Rehearsal:
    """`Patients` for one alert policy, and the loop round it."""

    def __init__(self, alerts: AlertPolicy, start: datetime, witness: Callable[[list[Event], list[Outgoing]], None]) -> None:
        """`witness` sees the events of every step, and what would have left the house."""
        self.alerts = alerts
        self.witness = witness
        self.now = start
        self._next_id = FIRST_ID
        self._events: dict[str, list[Event]] = {}
        self._survivor: dict[str, str] = {}
        self._filed: dict[tuple[str, str], str] = {}
        """(record, visit) -> the record it was filed under instead."""
        self._timelines: dict[str, Timeline] = {}

    # --- patients ---

    def survivor(self, about: str) -> str:
        while about in self._survivor:
            about = self._survivor[about]
        return about

    def timeline(self, about: str) -> Timeline:
        person = self.survivor(about)
        timeline = self._timelines.get(person)
        if timeline is None:
            events = [event for record in self._records(person) for event in self._events.get(record, ()) if self._reader(event) == person]
            timeline = self._timelines[person] = Timeline(person).apply_all(sorted(events, key=_order))
        return timeline

    def _records(self, person: str) -> set[str]:
        """Every record that may hold something about this person."""
        joined = {record for record in self._survivor if self.survivor(record) == person}
        return {person, *joined, *(origin for (origin, _), target in self._filed.items() if self.survivor(target) == person)}

    def _reader(self, event: Event) -> str:
        """The person an event is read as now."""
        return self.survivor(self._filed.get((event.about, event.encounter), event.about))

    # --- events ---

    def hear(self, events: Iterable[Event], now: datetime) -> list[Event]:
        """One step of the log: everything is folded, then the policy answers. Returns the events with what followed from them."""
        self.advance(now)
        return self._step(list(events))

    def state(self, statements: Iterable[Statement], actor: str = "", caused_by: tuple[EventId, ...] = ()) -> list[Event]:
        """One step made of statements about the present."""
        return self._step([
            self._made(Event(each.value, each.about, each.occurred_at, self.now, "wardline", actor, caused_by, each.encounter)) for each in statements
        ])  # fmt: skip

    def advance(self, now: datetime) -> None:
        """Move to a later moment; whatever is due on the way happens first, at its own time."""
        while (due := self.alerts.next_due()) is not None and due <= now:
            self.now = max(due, self.now)
            self._step([self._made(event) for event in list(self.alerts.tick(self.now, self))])
        self.now = max(now, self.now)

    def _step(self, events: list[Event]) -> list[Event]:
        for event in events:
            self._take_in(event)
        place = 0
        while place < len(events):
            event = events[place]
            place += 1
            for follows in list(self.alerts.react(event, self, self.now)):
                made = self._made(follows)
                self._take_in(made)
                events.append(made)
            if len(events) > ENDLESS:
                raise RuntimeError("the alert policy answers itself without end")
        self.witness(events, list(self.alerts.outgoing()))
        return events

    def _made(self, event: Event) -> Event:
        self._next_id += 1
        return event._replace(id=self._next_id, recorded_at=self.now)

    def _take_in(self, event: Event) -> None:
        value = event.value
        if isinstance(value, Merged | Unmerged | Moved):
            self._relink(event)
        elif "/" not in event.about:
            self._events.setdefault(event.about, []).append(event)
            timeline = self._timelines.get(self._reader(event))
            if timeline is not None:
                timeline.apply(event)
            if isinstance(value, Discharged):
                self._let_go(event.about)
        self.alerts.apply(event)

    def _relink(self, event: Event) -> None:
        other = _other(event.value)
        concerned = {event.about, other, self.survivor(event.about), self.survivor(other)}
        match event.value:
            case Merged(retired=retired) if self.survivor(event.about) != retired:
                self._survivor[retired] = event.about
            case Unmerged(other=other):
                for retired, survivor in ((other, event.about), (event.about, other)):
                    if self._survivor.get(retired) == survivor:
                        del self._survivor[retired]
            case Moved(encounter=encounter, origin=origin):
                self._filed[origin, encounter] = event.about
            case _:
                pass
        for person in concerned | {self.survivor(record) for record in concerned}:
            self._timelines.pop(person, None)

    def _let_go(self, about: str) -> None:
        """Measurements of a finished stay are not needed for what comes next; they would fill the memory."""
        self._events[about] = [event for event in self._events[about] if not isinstance(event.value, Measured)]


def _other(value: Merged | Unmerged | Moved) -> str:
    """The second record a joining or parting is about."""
    return value.retired if isinstance(value, Merged) else value.other if isinstance(value, Unmerged) else value.origin


def _order(event: Event) -> tuple[datetime, EventId]:
    return event.recorded_at, event.id
