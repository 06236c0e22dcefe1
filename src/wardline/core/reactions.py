"""A reaction: a fold over events, plus what follows from each of them. Alert policy, feed watch and consent are reactions.

Reactions run inside the engine's one transaction: what they decide commits with the data that caused it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from wardline.core.events import Event
from wardline.core.ports import Outgoing
from wardline.core.timeline import Timeline


class Patients(Protocol):
    """How a reaction looks at a patient while it decides."""

    def timeline(self, about: str) -> Timeline: ...

    def survivor(self, about: str) -> str:
        """The record under which `about` is read now, after merges."""
        ...


class Reaction(Protocol):
    """Holds state, changes it only in `apply`, and answers events with events.

    `apply` is called for every event in log order, live and in a rebuild; it must depend on nothing but the event and the
    state. `react` and `tick` are called live only; the events they return come back through `apply`.
    A reaction that remembers anything about patients forgets it when it hears `Erased`.
    """

    name: str

    def apply(self, event: Event) -> None: ...

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]: ...

    def next_due(self) -> datetime | None:
        """When `tick` must be called next, if nothing else happens."""
        ...

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]: ...

    def outgoing(self) -> Iterable[Outgoing]:
        """What must leave the house because of the step that is being written; asked once at its end."""
        ...

    def dump(self) -> Any:
        """The state in plain containers, equal for equal states: written into snapshots and compared by rebuilds."""
        ...

    def load(self, state: Any) -> None:
        """The opposite of `dump`; None for the state before the first event."""
        ...


class Memory(Reaction, Protocol):
    """A reaction that only remembers: it answers no event, waits for no time and sends nothing."""

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return ()

    def next_due(self) -> datetime | None:
        return None

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        return ()

    def outgoing(self) -> Iterable[Outgoing]:
        return ()


class Forwarding(Reaction, Protocol):
    """A reaction that remembers nothing and says nothing: it only wants things sent. What waits is in the outbox."""

    going: list[Outgoing]
    """What this step wants sent, in order."""

    def apply(self, event: Event) -> None:
        return None

    def next_due(self) -> datetime | None:
        return None

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        return ()

    def outgoing(self) -> Iterable[Outgoing]:
        going, self.going = self.going, []
        return going

    def dump(self) -> Any:
        return None

    def load(self, state: Any) -> None:
        self.going = []
