"""A small reaction: rings when an answer is worrying, stops when it is not, and rings again after a quarter of an hour."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from wardline.core.events import Alerted, Escalated, Event, Found, Resolved
from wardline.core.ports import Outgoing
from wardline.core.reactions import Patients

WORRYING: Final = 2
PATIENCE: Final = timedelta(minutes=15)
TOPIC: Final = "bell"


class Bell:
    """One open alert per question and person, one message out per ring."""

    name = "bell"

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], tuple[str, datetime, bool]] = {}
        """(person, capability, key) -> (alert, raised at, whether it rang again)"""
        self._messages: list[Outgoing] = []

    def questions(self) -> set[tuple[str, str, str]]:
        """Person, capability and key of every alert that is open."""
        return set(self._open)

    def apply(self, event: Event) -> None:
        match event.value:
            case Alerted(alert=alert, capability=capability, key=key):
                self._open[event.about, capability, key] = (alert, event.occurred_at, False)
            case Escalated(alert=alert):
                self._open = {question: (id, at, rang or id == alert) for question, (id, at, rang) in self._open.items()}
            case Resolved(alert=alert):
                self._open = {question: known for question, known in self._open.items() if known[0] != alert}
            case _:
                pass

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        found = event.value
        if not isinstance(found, Found) or found.revised:
            return
        about = patients.survivor(event.about)
        known = self._open.get((about, found.capability, found.key))
        if known is None and found.severity >= WORRYING:
            alert = f"{found.capability}/{found.key}/{about}/{event.id}"
            self._messages.append(Outgoing(alert, TOPIC, found.summary.encode(), about))
            yield Event(Alerted(alert, found.capability, found.key, finding=event.id), about, now, now, "wardline")
        elif known is not None and found.severity < WORRYING and found.outcome == "finding":
            yield Event(Resolved(known[0]), about, now, now, "wardline")

    def next_due(self) -> datetime | None:
        return min((at + PATIENCE for _, at, rang in self._open.values() if not rang), default=None)

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        for (about, _, _), (alert, at, rang) in sorted(self._open.items()):
            if not rang and at + PATIENCE <= now:
                self._messages.append(Outgoing(f"{alert}/again", TOPIC, b"again", about))
                yield Event(Escalated(alert, 1), about, now, now, "wardline")

    def outgoing(self) -> Iterable[Outgoing]:
        messages, self._messages = self._messages, []
        return messages

    def dump(self) -> Any:
        return sorted([*question, *known] for question, known in self._open.items())

    def load(self, state: Any) -> None:
        self._messages = []
        self._open = {(about, capability, key): (alert, at, rang) for about, capability, key, alert, at, rang in state or ()}
