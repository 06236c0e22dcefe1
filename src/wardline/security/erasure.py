"""Erasing people: who asked and why, who else agreed, what is on hold, and what has been done. Never whom it was about.

Requests are facts of the house and outlive the person; they name records by their keyed hash. A hold's reason goes with the record.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.events import Erased, ErasureClosed, ErasureRequested, Event, Held, HoldEnded
from wardline.core.reactions import Memory, Patients
from wardline.core.statements import Statement

ABOUT: Final = "privacy/erasures"
GROUNDS: Final = {
    "a": "no longer necessary for what it was collected for",
    "b": "consent was withdrawn, and nothing else allows it",
    "c": "they object, and nothing overrides that",
    "d": "it was processed unlawfully",
    "e": "a law asks for the erasure",
    "f": "it was collected from a child for an online service",
    "retention": "the time for which it had to be kept is over",
}
"""GDPR Art. 17(1)(a) to (f), in our words; the last is the house's own doing (Art. 5(1)(e))."""
WAITING, REFUSED, WITHDRAWN, DONE = "waiting", "refused", "withdrawn", "done"
_AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Request(NamedTuple):
    """A request to erase one or more persons, as it stands."""

    id: str
    persons: tuple[tuple[str, ...], ...]
    ground: str
    asked_at: datetime
    asked_by: str
    state: str = WAITING
    basis: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    keys: int = 0

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(record for person in self.persons for record in person)


class Hold(NamedTuple):
    """A reason why a record must not be erased."""

    id: str
    about: str
    reason: str
    since: datetime
    by: str


class Erasures(Memory):
    """A `Reaction` that remembers. What a person decides comes as statements from the methods below."""

    name = "erasures"

    def __init__(self, carried_out: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> None:
        """`carried_out`: every erasure and whose keys it destroyed, as the register said when the house was opened."""
        self.requests: dict[str, Request] = {}
        self.holds: dict[str, Hold] = {}
        self._carried_out = carried_out

    # --- what people decide ---

    def ask(self, id: str, persons: Iterable[tuple[str, ...]], ground: str, *, now: datetime) -> list[Statement]:
        """Ask for an erasure. Raises `Refused` for a ground nobody knows, `Conflict` while the same person waits already."""
        if ground not in GROUNDS:
            raise Refused(f"{ground!r} is not a ground; there are {', '.join(GROUNDS)}", where="ground")
        wanted = tuple(persons)
        waiting = {record for request in self.waiting() for record in request.records}
        if any(record in waiting for person in wanted for record in person):
            raise Conflict("an erasure of this record is waiting already")
        return [Statement(ErasureRequested(id, wanted, ground), ABOUT, now)]

    def withdraw(self, id: str, *, now: datetime) -> list[Statement]:
        """Take a request back."""
        self.waiting_one(id)
        return [Statement(ErasureClosed(id, WITHDRAWN), ABOUT, now)]

    @staticmethod
    def refusal(id: str, basis: str, *, now: datetime) -> Statement:
        """The house must keep the record: said together with the request."""
        return Statement(ErasureClosed(id, REFUSED, basis), ABOUT, now)

    def check_approver(self, id: str, person: str) -> Request:
        """The request that this person may agree to. Raises `Conflict` for whoever asked for it."""
        request = self.waiting_one(id)
        if request.asked_by == person:
            raise Conflict("you have asked for this yourself; somebody else must agree")
        return request

    def hold(self, id: str, about: str, reason: str, *, now: datetime) -> list[Statement]:
        """Put a legal hold on a record. Raises `Refused` without a reason."""
        if not reason.strip():
            raise Refused("say why: the case or the order it is for", where="reason")
        return [Statement(Held(id, reason.strip()), about, now)]

    def end_hold(self, id: str, *, now: datetime) -> list[Statement]:
        if id not in self.holds:
            raise NotFound("there is no such hold (any more)")
        return [Statement(HoldEnded(id), self.holds[id].about, now)]

    # --- looking ---

    def waiting(self) -> list[Request]:
        return [request for request in self.requests.values() if request.state == WAITING]

    def waiting_one(self, id: str) -> Request:
        request = self.requests.get(id)
        if request is None:
            raise NotFound("there is no such request")
        if request.state != WAITING:
            raise Conflict(f"this request is {request.state} already")
        return request

    def holds_on(self, records: Collection[str]) -> list[Hold]:
        return [hold for hold in self.holds.values() if hold.about in records]

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        at, by = event.recorded_at, event.actor
        match event.value:
            case Held(hold=id, reason=reason):
                self.holds[id] = Hold(id, event.about, reason, at, by)
            case HoldEnded(hold=id):
                self.holds.pop(id, None)
            case ErasureRequested(request=id, persons=persons, ground=ground):
                self.requests[id] = Request(id, persons, ground, at, by)
            case ErasureClosed(request=id, outcome=outcome, basis=basis) if id in self.requests:
                self.requests[id] = self.requests[id]._replace(state=outcome, basis=basis, closed_at=at, closed_by=by)
            case Erased(request=id, records=records, keys=keys):
                # After a restore the request may be younger than the data; that it was carried out is known all the same.
                asked = self.requests.get(id) or Request(id, (tuple(records),), "", at, "")
                self.requests[id] = asked._replace(state=DONE, closed_at=at, closed_by=by, keys=keys)
                self.holds = {hold: each for hold, each in self.holds.items() if each.about not in records}
            case _:
                pass

    def next_due(self) -> datetime | None:
        return _AT_ONCE if self._unheard() else None

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        """Say in the log what the register knows and the log does not: these data come from a backup, or a machine stopped halfway."""
        for erasure, owners in self._unheard():
            records = tuple(owner for owner in owners if "/" not in owner)
            yield Event(Erased(erasure, records), ABOUT, now, now, "wardline")

    def _unheard(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(id, owners) for id, owners in self._carried_out if id not in self.requests or self.requests[id].state != DONE]

    def dump(self) -> Any:
        return [sorted(map(tuple, self.requests.values())), sorted(map(tuple, self.holds.values()))]

    def load(self, state: Any) -> None:
        requests, holds = state or ((), ())
        self.requests = {id: Request(id, tuple(map(tuple, persons)), *rest) for id, persons, *rest in requests}
        self.holds = {hold[0]: Hold(*hold) for hold in holds}
