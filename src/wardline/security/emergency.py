"""Emergency access ("breaking the glass"): one person, one patient, a reason, a short time, and somebody who looks at it afterwards.

What was opened is in the log, so that it survives a restart and a rebuild gives the same; whether it is still open is a question to
the clock, never a stored state, so that it ends exactly.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from wardline.core.errors import Conflict, NotAllowed, NotFound, Refused
from wardline.core.events import EmergencyEnded, EmergencyOpened, EmergencyReviewed, Erased, Event
from wardline.core.reactions import Memory
from wardline.core.statements import Statement

LONGEST: Final = timedelta(hours=4)
"""SEC-2: time-boxed, four hours at most."""
REASONS: Final[dict[str, str]] = {
    "danger": "The patient is in danger now",
    "called": "I was called to this patient",
    "coming": "The patient is coming to my unit",
    "cover": "I stand in for a colleague",
    "other": "Something else",
}
"""Why somebody opens a record that is not theirs, in the words of the screen. "other" asks for a sentence."""
OTHER: Final = "other"
VERDICTS: Final = ("justified", "not justified", "asked")
"""What a review may say. "asked": the reviewer has put a question to the person, and comes back to it."""
ASKED: Final = "asked"


class Review(NamedTuple):
    verdict: str
    note: str
    by: str
    at: datetime


class Grant(NamedTuple):
    """One record opened by one person. Also the item of the review queue: there is exactly one for each."""

    id: str
    about: str
    person: str
    reason: str
    note: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None = None
    reviews: tuple[Review, ...] = ()

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and self.opened_at <= now < self.until

    @property
    def over_at(self) -> datetime:
        return self.until if self.ended_at is None else min(self.ended_at, self.until)

    @property
    def verdict(self) -> str:
        """What the last review said; empty while nobody has looked."""
        return self.reviews[-1].verdict if self.reviews else ""

    @property
    def waits(self) -> bool:
        """Whether somebody still has to judge it."""
        return self.verdict in ("", ASKED)


class Emergencies(Memory):
    """A `Reaction` that only remembers, and the acts of people."""

    name = "emergencies"

    def __init__(self) -> None:
        self.grants: dict[str, Grant] = {}
        self._of: dict[str, tuple[str, ...]] = {}
        """Person -> what they ever opened."""

    # --- looking ---

    def open_of(self, person: str, now: datetime) -> Iterator[Grant]:
        """What the person has open at this moment."""
        return (grant for id in self._of.get(person, ()) if (grant := self.grants[id]).is_open(now))

    def latest(self) -> datetime | None:
        """The latest time that any of them names as past."""
        return max((max(grant.opened_at, grant.ended_at or grant.opened_at) for grant in self.grants.values()), default=None)

    # --- acts ---

    def open(
        self, id: str, about: str, *, person: str, reason: str, note: str, now: datetime, length: timedelta, moment: datetime
    ) -> list[Statement]:
        """Open a record. `now` is the clock it runs by, `moment` the house's. Raises `Refused` without a reason."""
        if reason not in REASONS:
            raise Refused(f"the reason is one of {', '.join(REASONS)}", where="reason")
        if reason == OTHER and not note.strip():
            raise Refused("say in a few words why you need this record", where="note")
        if any(grant.about == about for grant in self.open_of(person, now)):
            raise Conflict("you have this record open already")
        until = now + min(length, LONGEST)
        return [Statement(EmergencyOpened(id, person, reason, note.strip(), now, until), about, moment)]

    def end(self, survivor: Callable[[str], str], about: str, *, person: str, now: datetime, moment: datetime) -> list[Statement]:
        """Close what the person has open of this patient, under whichever record it was opened."""
        found = [grant for grant in self.open_of(person, now) if survivor(grant.about) == about]
        if not found:
            raise NotFound("you do not have this record open (any more)")
        return [Statement(EmergencyEnded(grant.id, now), grant.about, moment) for grant in found]

    def review(self, id: str, *, verdict: str, note: str, by: str, now: datetime, moment: datetime) -> list[Statement]:
        """Say whether it was justified. Raises `NotAllowed` for whoever used it."""
        grant = self.grants.get(id)
        if grant is None:
            raise NotFound("there is no such emergency access")
        if grant.person == by:
            raise NotAllowed("you used this yourself; somebody else must review it")
        if verdict not in VERDICTS:
            raise Refused(f"the verdict is one of {', '.join(VERDICTS)}", where="verdict")
        if verdict != "justified" and not note.strip():
            raise Refused("say why, or what you ask, in a few words", where="note")
        if not grant.waits:
            raise Conflict("this has been judged already")
        return [Statement(EmergencyReviewed(id, verdict, note.strip(), now), grant.about, moment)]

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case EmergencyOpened(grant=id, person=person, reason=reason, note=note, opened_at=opened_at, until=until):
                self.grants[id] = Grant(id, event.about, person, reason, note, opened_at, until)
                self._of[person] = (*self._of.get(person, ()), id)
            case EmergencyEnded(grant=id, at=at) if id in self.grants:
                self.grants[id] = self.grants[id]._replace(ended_at=at)
            case EmergencyReviewed(grant=id, verdict=verdict, note=note, at=at) if id in self.grants:
                grant = self.grants[id]
                self.grants[id] = grant._replace(reviews=(*grant.reviews, Review(verdict, note, event.actor, at)))
            case Erased(records=records):
                self._keep(grant for grant in self.grants.values() if grant.about not in records)
            case _:
                pass

    def dump(self) -> Any:
        return [[*grant[:-1], [list(review) for review in grant.reviews]] for _, grant in sorted(self.grants.items())]

    def load(self, state: Any) -> None:
        self._keep(Grant(*said)._replace(reviews=tuple(Review(*review) for review in reviews)) for *said, reviews in state or ())

    def _keep(self, grants: Iterable[Grant]) -> None:
        self.grants = {grant.id: grant for grant in grants}
        self._of = {}
        for grant in sorted(self.grants.values(), key=lambda each: each.opened_at):
            self._of[grant.person] = (*self._of.get(grant.person, ()), grant.id)
