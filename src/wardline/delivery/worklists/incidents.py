"""What people must look into: a result that was on the wrong chart, records that contradict each other, a message nobody would take."""

from datetime import datetime
from typing import Any, NamedTuple

from wardline.core.errors import NotFound, Refused
from wardline.core.events import Concluded, Disputed, Erased, Event, EventId, Incident
from wardline.core.reactions import Memory
from wardline.core.statements import Statement


class OpenIncident(NamedTuple):
    """One that nobody has concluded yet."""

    id: EventId
    about: str
    at: datetime
    what: str
    detail: str
    seen_by: tuple[str, ...] = ()
    """Accounts that had looked at the patient while the wrong result stood there."""
    other: str = ""
    """The second record of a contradiction."""


class Incidents(Memory):
    """A `Reaction` that only remembers. What is in it stays until a person says what came of it."""

    name = "incidents"

    def __init__(self) -> None:
        self.open: dict[EventId, OpenIncident] = {}

    def conclude(self, id: EventId, note: str, *, now: datetime) -> list[Statement]:
        """A person has looked into it. Raises `NotFound` when it is not open (any more), `Refused` without a note."""
        incident = self.open.get(id)
        if incident is None:
            raise NotFound("this incident is not open (any more)")
        if not note.strip():
            raise Refused("say in a few words what came of it", where="note")
        return [Statement(Concluded(id, note.strip()), incident.about, now)]

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Incident(what=what, detail=detail, seen_by=seen_by):
                self.open[event.id] = OpenIncident(event.id, event.about, event.recorded_at, what, detail, seen_by)
            case Disputed(what=what, values=values, other=other):
                said = " or ".join(values)
                self.open[event.id] = OpenIncident(event.id, event.about, event.recorded_at, f"{what} contradicts itself", said, (), other)
            case Concluded(incident=id):
                self.open.pop(id, None)
            case Erased(records=records):
                self.open = {id: each for id, each in self.open.items() if each.about not in records and each.other not in records}
            case _:
                pass

    def dump(self) -> Any:
        return [tuple(each) for _, each in sorted(self.open.items())]

    def load(self, state: Any) -> None:
        self.open = {}
        for id, about, at, what, detail, seen_by, other in state or ():
            self.open[id] = OpenIncident(id, about, at, what, detail, tuple(seen_by), other)
