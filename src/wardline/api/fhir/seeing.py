"""What of the resources somebody may see and change: everything that leaves the FHIR door, counts and links included, is asked here."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wardline.api import sight
from wardline.api.services import Services
from wardline.core.errors import NotAllowed
from wardline.core.people import Decision, Person
from wardline.core.resources import ABOUT_NOBODY, Stored
from wardline.core.timeline import Timeline
from wardline.engine.past import timeline_as_of
from wardline.formats.fhir.outward.timeline import Shown, resources_of
from wardline.intake.fhir.register import FROM_A_FEED
from wardline.security.api_keys import CLIENT
from wardline.security.consent.resources import Sensitivity
from wardline.security.smart.scopes import opens

READ, WRITE, USE = "fhir.read", "fhir.write", "fhir.use"
SUBSCRIPTION = "Subscription"
LOOKS = "rs"
"""Letters of scopes that change nothing."""
OUT_OF_SCOPE = "this program was not given the scope for that"


class Hit(NamedTuple):
    """A resource that somebody may see. `made` holds it where it was made from a timeline."""

    stored: Stored
    made: Shown | None = None

    @property
    def type(self) -> str:
        return self.stored.type

    @property
    def id(self) -> str:
        return self.stored.id

    @property
    def reference(self) -> str:
        return f"{self.stored.type}/{self.stored.id}"


class Seeing:
    """One person's view of all resources, for the length of one request: what was decided once is not asked again."""

    def __init__(self, person: Person, house: Services) -> None:
        self.person = person
        self.house = house
        self._people: dict[str, Person | None] = {}
        self._writing: dict[str, Decision] = {}
        self._records: dict[str, tuple[str, ...]] = {}
        self._made: dict[str, dict[tuple[str, str], Hit]] = {}

    # --- may they ---

    def scope(self, type: str, letter: str, about: str) -> bool:
        """Whether an app's scopes cover it; people and systems with a key of their own have no such limit."""
        if self.person.scopes is None or self.person.client.startswith(CLIENT):
            return True
        survivor = self.house.engine.house.survivor
        is_shared = about.startswith(ABOUT_NOBODY) and letter in LOOKS  # an app for one patient changes nothing that is everybody's
        is_own = is_shared or (bool(self.person.patient) and survivor(self.person.patient) == survivor(about))
        return opens(frozenset(self.person.scopes), type, letter, is_own=is_own)

    def as_reader(self, about: str) -> Person | None:
        """The person with the purpose for which they may read this record; None where they may not."""
        if about.startswith(ABOUT_NOBODY):
            return self.person
        record = self.house.engine.house.survivor(about)
        if record not in self._people:
            decision = self.house.access.decide(self.person, READ, record)
            reader = self.person._replace(purpose=decision.purpose) if decision.purpose else self.person
            is_open = decision.allowed and sight.closed(reader, record, self.house) is None
            self._people[record] = reader if is_open else None
        return self._people[record]

    def need_reader(self, about: str) -> None:
        """Raise `NotAllowed`, with what would help, where they may not read this record."""
        if self.as_reader(about) is None:
            decision = self.house.access.decide(self.person, READ, self.house.engine.house.survivor(about))
            if not decision.allowed:
                raise NotAllowed(decision.reason, remedy=decision.remedy)
            sight.need_open(self.person, about, self.house)

    def need_scope(self, type: str, letter: str, about: str) -> None:
        if not self.scope(type, letter, about):
            raise NotAllowed(OUT_OF_SCOPE)

    def may_write(self, type: str, letter: str, about: str) -> None:
        """Raise `NotAllowed` unless they may. A patient who is not there yet belongs to nobody's units."""
        self.need_scope(type, letter, about)
        record = self.house.engine.house.survivor(about)
        is_new = about.startswith(ABOUT_NOBODY) or record not in self.house.engine.house.directory
        named = "" if is_new else record
        decision = self._writing.get(named)
        if decision is None:
            decision = self._writing[named] = self.house.access.decide(self.person, WRITE, named)
        if not decision.allowed:
            raise NotAllowed(decision.reason, remedy=decision.remedy)

    # --- what they see ---

    def sees(self, stored: Stored, letter: str = "s") -> bool:
        """Whether this resource exists for them: neither outside their patients nor hidden by a label, a consent or a scope."""
        reader = self.as_reader(stored.about)
        if reader is None or not self.scope(stored.type, letter, stored.about) or self._hides(stored, reader):
            return False
        if any(self.as_reader(other) is None for other in stored.others):  # a group's members are known to those who may know all of them
            return False
        return stored.type != SUBSCRIPTION or self._wrote(stored)

    def _wrote(self, stored: Stored) -> bool:
        """Whether this person wrote it: a subscription holds the words by which they prove themselves to another system."""
        event = self.house.engine.log.event(stored.event)
        return event is not None and event.actor == self.person.id

    def _hides(self, stored: Stored, reader: Person) -> bool:
        if stored.about.startswith(ABOUT_NOBODY):
            return False
        records = self.records(stored.about)
        restrictions = self.house.restrictions
        if not stored.labels and not restrictions.concerns(records):
            return False
        record = self.house.engine.house.survivor(stored.about)
        marks = restrictions.marks_of_resource(Sensitivity(stored.labels, stored.facts), records)
        return any(not self.house.access.may(reader, sight.READ, record, label=str(mark)) for mark in marks)

    def records(self, about: str) -> tuple[str, ...]:
        """Every record that is read as this patient."""
        if about not in self._records:
            self._records[about] = sight.records_of(about, self.house)
        return self._records[about]

    def _whole(self, record: str) -> Timeline:
        """The whole timeline, kept for a while: reading it from the log takes long, and nothing has been said since."""
        engine = self.house.engine
        said_at, known = engine.house.timeline(record).last_recorded_at, self.house.fhir.timelines.get(record)
        if known is None or known.said_at != said_at:
            whole = timeline_as_of(engine.log, record, None, engine.house.links)
            whole.kept = {}  # resources are asked one by one, by what the index knows of them
            known = self.house.fhir.remember(record, said_at, whole)
        return known.timeline

    # --- what feeds have told and Wardline has answered ---

    def made(self, about: str, letter: str = "s") -> dict[tuple[str, str], Hit]:
        """By type and id, everything that is made from this patient's timeline and that they may search (`s`) or read (`r`)."""
        record = self.house.engine.house.survivor(about)
        if record not in self._made:
            self._made[record] = {(hit.type, hit.id): hit for hit in self._make(record)}
        if self.person.scopes is None:
            return self._made[record]
        return {name: hit for name, hit in self._made[record].items() if self.scope(hit.type, letter, record)}

    def _make(self, record: str) -> Iterable[Hit]:
        reader = self.as_reader(record)
        if record not in self.house.engine.house.directory or reader is None:
            return ()
        whole = self._whole(record)
        seen = sight.seen_by(reader, whole, self.house)
        if seen.timeline is not whole:
            return self._all_of(record, seen.timeline)
        known = self.house.fhir.timelines[record]
        if known.made is None:
            known.made = tuple(self._all_of(record, whole))
        made: tuple[Hit, ...] = known.made
        return made

    def _all_of(self, record: str, timeline: Timeline) -> Iterator[Hit]:
        kept = self.house.fhir.register.search.get("Patient", record)
        titles = {id: capability.title for id, capability in self.house.capabilities.items()}
        for shown in resources_of(timeline, titles, has_patient=kept is not None and kept.event != FROM_A_FEED):
            resource, event = shown
            stored = Stored(0, resource["resourceType"], resource["id"], max(event.id, 1), FROM_A_FEED, record, event.recorded_at)
            yield Hit(stored, shown)
