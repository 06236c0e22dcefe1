"""Whose images somebody may see: every study that leaves the house, as a row of a list or as pixels, is asked about here.

A study is seen by those who may see its patient's images, unless a label or a consent hides it. One that is not certain to be
anybody's is seen only by those who say whose it is.
"""

from datetime import timedelta
from typing import Final

from wardline.api import sight
from wardline.api.services import Services
from wardline.core.errors import NotAllowed, NotFound
from wardline.core.events import Event
from wardline.core.people import Decision, Person

READ, WRITE, RECONCILE = "imaging.read", "imaging.write", "imaging.reconcile"
UNPLACED: Final = "it is not certain whose study this is; ask radiology, who can say"
UNKNOWN: Final = "there is no such study"
SAME_LOOK: Final = timedelta(minutes=5)
"""One look at a study: a viewer asks for hundreds of frames, and the trail says once that somebody looked."""
LOOKS: Final = 5_000


class StudySight:
    """One person's view of all studies, for the length of one request."""

    def __init__(self, person: Person, house: Services) -> None:
        self.person = person
        self.house = house
        self._readers: dict[str, Person | None] = {}
        self._decided: dict[str, bool] = {}

    def sees(self, study: str) -> bool:
        """Whether this study exists for them."""
        if study not in self._decided:
            self._decided[study] = self._sees(study)
        return self._decided[study]

    def need(self, study: str) -> str:
        """The record the study is filed under, "" for one that is not certain to be anybody's.

        Raises `NotAllowed`, with what would help, or `NotFound` for what does not exist for them.
        """
        record = self.record_of(study)
        if not record:
            if not self._reconciles():
                raise NotAllowed(UNPLACED)
            return ""
        if self.reader(record) is None:
            decision = self._decision(record)
            if not decision.allowed:
                raise NotAllowed(decision.reason, remedy=decision.remedy)
            sight.need_open(self.person, record, self.house)
        if not self.sees(study):
            raise NotFound(UNKNOWN)
        self.house.edge.limits.patient(self.person, record)
        return record

    def need_write(self, study: str) -> None:
        """Raise `NotAllowed` where they may not add to this study. One that is not placed yet is nobody's."""
        decision = self.house.access.decide(self.person, WRITE, self.record_of(study))
        if not decision.allowed:
            raise NotAllowed(decision.reason, remedy=decision.remedy)

    def record_of(self, study: str) -> str:
        record = self.house.studies.record_of(study)
        return self.house.engine.house.survivor(record) if record else ""

    def reader(self, record: str) -> Person | None:
        """The person with the purpose for which they may look; None where they may not."""
        if record not in self._readers:
            decision = self._decision(record)
            reader = self.person._replace(purpose=decision.purpose) if decision.purpose else self.person
            is_open = decision.allowed and sight.closed(reader, record, self.house) is None
            self._readers[record] = reader if is_open else None
        return self._readers[record]

    def _decision(self, record: str) -> Decision:
        return self.house.access.decide(self.person, READ, record)

    def _reconciles(self) -> bool:
        return self.house.access.may(self.person, RECONCILE)

    def _sees(self, study: str) -> bool:
        record = self.record_of(study)
        if not record:
            return self._reconciles()
        reader = self.reader(record)
        return reader is not None and not self._hides(study, record, reader)

    def _hides(self, study: str, record: str, reader: Person) -> bool:
        """Whether a label or a consent keeps this study from them."""
        placed, restrictions = self.house.studies.placed[study], self.house.restrictions
        event = Event(placed.imaged, placed.about, placed.begun_at, placed.stated_at)
        records = sight.records_of(record, self.house)
        if not restrictions.labels.of(event) and not restrictions.concerns(records):
            return False
        return any(not self.house.access.may(reader, sight.READ, record, label=str(mark)) for mark in restrictions.marks_of(event, records))

    # --- the trail ---

    async def looked(self, study: str, what: str) -> None:
        """Somebody has seen something of a study: in the trail before they have it, once for all of one look."""
        record, house = self.record_of(study), self.house
        looks, now = house.looks, house.sessions.now()
        known = (self.person.id, self.person.session, self.person.client, study, what)
        if now - looks.get(known, now - 2 * SAME_LOOK) < SAME_LOOK:
            return
        reader = self.reader(record) if record else self.person
        await house.audit.record(reader or self.person, READ, record, study=study, what=what)
        if len(looks) >= LOOKS:
            looks.clear()
        looks[known] = now
