"""The current version of every observation of one patient, whatever order originals and corrections arrive in.

HL7 table 0085 decides what a status means: C and A replace, D, W and X remove, U confirms an earlier preliminary value, I, O
and N carry no value. Of two versions of the same observation the one that was issued later stands.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from wardline.core.events import Event, Measured

Identity: TypeAlias = tuple[str, str, str, datetime]
"""(order number, concept id or code as received, sub-id, occurred at)"""

REMOVED: Final = frozenset("DWX")
CORRECTED: Final = frozenset("CADWX")
WITHOUT_VALUE: Final = frozenset("ION")
PRELIMINARY: Final = frozenset("PRS")
_RANK: Final = {"O": 0, "N": 0, "I": 0, "P": 1, "R": 1, "S": 1, "B": 2, "F": 2, "V": 2, "U": 2, "A": 3, "C": 3, "X": 4, "D": 4, "W": 5}


def name_of(measured: Measured) -> str:
    """The list an observation belongs to: its concept, or its code as received while it is not mapped."""
    return measured.concept or measured.code


def _precedence(event: Event) -> tuple[datetime, int, datetime, int]:
    measured: Measured = event.value  # type: ignore[assignment]
    return measured.issued_at or event.recorded_at, _RANK.get(measured.status, 2), event.recorded_at, event.id


def _occurred(event: Event) -> datetime:
    return event.occurred_at


class Observations:
    """Values by concept, each list in clinical order, superseded and removed versions set aside."""

    __slots__ = ("_by_name", "_by_order", "_standing", "superseded")

    def __init__(self) -> None:
        self._by_name: dict[str, list[Event]] = {}
        self._standing: dict[Identity, Event] = {}
        self._by_order: dict[tuple[str, str, str], list[Identity]] = {}
        self.superseded: dict[Identity, list[Event]] = {}

    def apply(self, event: Event) -> Event | None:
        """Take in one Measured event. Returns the version it replaced or removed, if that one was in use."""
        measured: Measured = event.value  # type: ignore[assignment]
        name = measured.concept or measured.code
        identity = self._identity(event, measured, name)
        before = self._standing.get(identity)
        if before is None:
            self._standing[identity] = event
            if measured.order:
                self._by_order.setdefault((measured.order, name, measured.part), []).append(identity)
            self._insert(name, event)
            return None
        return self._weigh(identity, name, before, event)

    def _weigh(self, identity: Identity, name: str, before: Event, event: Event) -> Event | None:
        winner, loser = (event, before) if _precedence(event) >= _precedence(before) else (before, event)
        self.superseded.setdefault(identity, []).append(loser)
        winner = _with_value_of(winner, loser)
        if winner is before:
            return None
        self._remove(name, before)
        self._standing[identity] = winner
        self._insert(name, winner)
        return before

    def _identity(self, event: Event, measured: Measured, name: str) -> Identity:
        identity = (measured.order, name, measured.part, event.occurred_at)
        if identity in self._standing or not measured.order:
            return identity
        # A correction may also correct the time. It then belongs to the one result of this order and code, if there is one.
        others = self._by_order.get((measured.order, name, measured.part))
        if others is None or len(others) != 1:
            return identity
        other: Measured = self._standing[others[0]].value  # type: ignore[assignment]
        return others[0] if measured.status in CORRECTED or other.status in CORRECTED else identity

    def _insert(self, name: str, event: Event) -> None:
        if event.value.status in REMOVED or event.value.status in WITHOUT_VALUE:  # type: ignore[union-attr]
            return
        events = self._by_name.setdefault(name, [])
        if not events or events[-1].occurred_at <= event.occurred_at:
            events.append(event)
        else:
            insort(events, event, key=_occurred)

    def _remove(self, name: str, event: Event) -> None:
        events = self._by_name.get(name)
        if events is not None and event in events:
            events.remove(event)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def of(self, name: str) -> list[Event]:
        """Every standing value of a concept (or unmapped code), in clinical order. Not to be changed by the caller."""
        return self._by_name.get(name, [])

    def pending(self) -> Iterator[Event]:
        """Observations that are awaited: status I or O, with no value yet."""
        return (event for event in self._standing.values() if event.value.status in WITHOUT_VALUE)  # type: ignore[union-attr]

    def versions(self, event: Event) -> list[Event]:
        """What was said about the same observation before, oldest first."""
        measured: Measured = event.value  # type: ignore[assignment]
        for identity, older in self.superseded.items():
            if identity[1] == name_of(measured) and event is self._standing[identity]:
                return sorted(older, key=_precedence)
        return []

    def removed(self) -> list[Event]:
        """Every version that no longer counts, for history: struck through, never shown as current."""
        gone = [event for versions in self.superseded.values() for event in versions]
        gone += [event for event in self._standing.values() if event.value.status in REMOVED]  # type: ignore[union-attr]
        return sorted(gone, key=_occurred)

    def between(self, name: str, since: datetime, until: datetime) -> list[Event]:
        """Standing values with since <= occurred_at <= until, oldest first."""
        events = self._by_name.get(name)
        if not events or events[-1].occurred_at < since:
            return []
        last = bisect_right(events, until, key=_occurred)
        first = last
        while first > 0 and events[first - 1].occurred_at >= since:
            first -= 1
        return events[first:last]

    def newest(self, name: str, until: datetime, within: timedelta) -> Iterable[Event]:
        """Standing values not older than `within` at `until`, newest first."""
        events = self._by_name.get(name)
        if not events:
            return
        for event in reversed(events):
            if event.occurred_at > until:
                continue
            if until - event.occurred_at > within:
                return
            yield event

    def forget_before(self, moment: datetime) -> None:
        """Drop what is too old for any question, to bound memory; the log keeps it."""
        for name, events in list(self._by_name.items()):
            first = bisect_right(events, moment, key=_occurred)
            if first:
                del events[:first]
            if not events:
                del self._by_name[name]
        gone = [identity for identity in self._standing if identity[3] < moment]
        for identity in gone:
            del self._standing[identity]
            self.superseded.pop(identity, None)
            related = self._by_order.get(identity[:3])
            if related is not None:
                related.remove(identity)
                if not related:
                    del self._by_order[identity[:3]]


def _with_value_of(winner: Event, loser: Event) -> Event:
    """U says that the preliminary value is final without sending it again: the value is the older version's."""
    measured: Measured = winner.value  # type: ignore[assignment]
    if measured.status != "U" or measured.value is not None:
        return winner
    older: Measured = loser.value  # type: ignore[assignment]
    return winner._replace(value=older._replace(status="U", issued_at=measured.issued_at))
