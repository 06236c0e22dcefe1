"""Writing one step: state what happened, fold it, run the capabilities it touches, let reactions answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from wardline.core.assessment import Assessor
from wardline.core.course import MEDICATION
from wardline.core.events import (
    Administered,
    Allergic,
    Diagnosed,
    Erased,
    Event,
    EventId,
    Immunised,
    Measured,
    Merged,
    Ordered,
    Overdue,
    Performed,
    Registered,
    Value,
)
from wardline.core.ports import MessageRecord, Step
from wardline.core.statements import Statement
from wardline.core.timeline import Timeline
from wardline.engine.assessing import Assessments
from wardline.engine.house import House
from wardline.engine.incidents import Viewers, disputes, wrong_patient
from wardline.engine.schedule import Due, missed
from wardline.engine.steps import Draft

REPLACING: Final = frozenset("CADWX")
"""Statuses with which an observation changes or removes an earlier one (HL7 table 0085)."""
ENDLESS: Final = 50_000
STATING: Final[dict[type, str]] = {kind: f"@{kind.__name__}" for kind in (Ordered, Administered, Diagnosed, Allergic, Performed, Immunised)}
"""Kinds that change what a need for drugs, diagnoses or procedures finds, by the name under which capabilities read them."""
_MAY_BE_DRUGS: Final = frozenset({MEDICATION, ""})
"""Categories of orders that capabilities ask about; one stopped with nothing but its number says none."""
_NAMING: Final = frozenset({Merged, Registered})
"""Kinds after which two records may contradict each other about one person."""


@dataclass(slots=True)
class _Touched:
    """What the statements of a step mean for one person."""

    concepts: set[str] = field(default_factory=set)
    oldest: datetime | None = None
    caused_by: tuple[EventId, ...] = ()
    whole: bool = False
    """True when the person as such changed (registered, merged): everything about them is asked again."""
    rejoined: bool = False
    """True when records were joined or parted: answers may rest on what is not this person's any more."""

    def see(self, occurred_at: datetime) -> None:
        if self.oldest is None or occurred_at < self.oldest:
            self.oldest = occurred_at


class Writing:
    """One step in the making. Every event is folded the moment it is noted, so that what follows sees it."""

    def __init__(self, house: House, assessments: Assessments, draft: Draft, viewers: Viewers | None = None) -> None:
        self.house = house
        self.assessments = assessments
        self.draft = draft
        self.viewers = viewers
        self.persons: set[str] = set()
        self._rejoined: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        """Records and visits of which the person was noted already."""

    def note(
        self, value: Value, about: str, occurred_at: datetime, *, encounter: str = "", actor: str = "", source: str | None = None,
        caused_by: tuple[EventId, ...] = (),
    ) -> Event:  # fmt: skip
        """Write down and fold one event."""
        event = self.draft.add(value, about, occurred_at, encounter=encounter, actor=actor, source=source, caused_by=caused_by)
        changed = self.house.take_in(event)
        if changed:
            self._rejoined |= changed
            self._seen.clear()  # who reads a record may be another person now
        if (about, encounter) not in self._seen:
            self._seen.add((about, encounter))
            if "/" not in about:
                self.persons.add(self.house.links.reader_of(about, encounter))
            elif type(value) is Erased:
                self.persons.update(value.records)  # whoever has them on screen looks again, and finds nobody
        return event

    def conclude(self, value: Value, about: str, occurred_at: datetime, caused_by: tuple[EventId, ...], encounter: str = "") -> Event:
        """Note something that Wardline itself concluded."""
        return self.note(value, about, occurred_at, source="wardline", caused_by=caused_by, encounter=encounter)

    def state(self, statements: Iterable[Statement], actor: str = "") -> None:
        """Note what was stated, then run every capability it touches once per person."""
        touched: dict[str, _Touched] = {}
        for statement in statements:
            value, about, occurred_at, encounter = statement
            kind = type(value)
            if kind is Registered and self._says_nothing(statement):
                continue
            event = self.note(value, about, occurred_at, encounter=encounter, actor=actor)
            if kind is Measured:
                self._touch(touched, event, event.value)
            elif kind in STATING and not (kind is Ordered and event.value.category not in _MAY_BE_DRUGS):
                mark = touched.setdefault(self.house.links.reader_of(about, encounter), _Touched())
                mark.concepts.add(STATING[kind])
                mark.see(occurred_at)
            elif kind is Registered:
                touched.setdefault(self.house.survivor(about), _Touched()).whole = True
        for person in self._rejoined:
            mark = touched.setdefault(person, _Touched())
            mark.whole = mark.rejoined = True
        self._rejoined = set()
        for person in sorted(touched):
            self._assess(person, touched[person])

    def _touch(self, touched: dict[str, _Touched], event: Event, measured: Measured) -> None:
        person = self.house.links.reader_of(event.about, event.encounter)
        mark = touched.get(person)
        if mark is None:
            mark = touched[person] = _Touched()
        if measured.concept:
            mark.concepts.add(measured.concept)
            mark.see(event.occurred_at)
        if measured.status in REPLACING:
            mark.caused_by += (event.id,)
            for version in self.house.timeline(person).observations.versions(event):
                mark.see(version.occurred_at)  # it may have corrected the time as well
            if measured.status == "W":
                seen_by = self.viewers.viewers(person) if self.viewers is not None else ()
                self.conclude(wrong_patient(event, seen_by), person, self.house.now, (event.id,), event.encounter)

    def _says_nothing(self, statement: Statement) -> bool:
        """Results and orders carry the patient's details along; that is news only about somebody not known better."""
        value = statement.value
        if type(value) is not Registered or value.authority:
            return False
        known = self.house.timeline(statement.about).person
        return known is not None and (known.authority > 0 or known._replace(issued_at=None) == value._replace(issued_at=None))

    def _assess(self, person: str, mark: _Touched) -> None:
        timeline, now = self.house.timeline(person), self.house.now
        encounter, touched = timeline.place.encounter, self.assessments.touched(frozenset(mark.concepts))
        if timeline.answers_over_time:
            if mark.rejoined:
                self._revise(self.assessments.all(), timeline, _foreign_since(timeline), mark)
            self._revise(touched, timeline, mark.oldest, mark)
        # Somebody about whom nothing was ever measured has nothing to ask about yet.
        everything = mark.whole and (bool(timeline.answers) or any(True for _ in timeline.observations))
        for assessor in self.assessments.all() if everything else touched:
            for found in self.assessments.answers(assessor, timeline, now):
                self.conclude(found, person, now, mark.caused_by, encounter)
        if everything and timeline.place.is_in:
            for due in list(missed(timeline, now)):
                self.note_overdue(timeline, due)

    def _revise(self, assessors: Iterable[Assessor], timeline: Timeline, since: datetime | None, mark: _Touched) -> None:
        """Say what answers about the past should have been."""
        if since is None or since >= self.house.now:
            return
        for revision in self.assessments.revisions(assessors, timeline, since, self.house.now):
            self.conclude(revision.found, timeline.about, revision.moment, mark.caused_by, timeline.place.encounter)

    def note_overdue(self, timeline: Timeline, due: Due) -> None:
        if due.what not in timeline.overdue:
            self.conclude(Overdue(due.what, due.at, due.key, due.asked_at), timeline.about, self.house.now, (), timeline.place.encounter)

    def react(self) -> None:
        """Let every reaction answer every event of the step, those that follow included, until nothing new follows."""
        events, house = self.draft.events, self.house
        for event in events:  # grows while it is walked
            if type(event.value) in _NAMING:
                timeline = house.timeline(event.about)
                for dispute in disputes(timeline):
                    self.conclude(dispute, timeline.about, house.now, (event.id,))
            for reaction in house.reactions:
                answered = reaction.react(event, house, house.now)
                for follows in tuple(answered) if answered else ():
                    self.follow(follows, event)
            if len(events) > ENDLESS:
                raise RuntimeError("reactions answer each other without end")

    def follow(self, follows: Event, cause: Event | None = None) -> None:
        """Note what a reaction answered."""
        self.note(
            follows.value, follows.about, follows.occurred_at, source="wardline", actor=follows.actor,
            encounter=follows.encounter or (cause.encounter if cause is not None and cause.about == follows.about else ""),
            caused_by=follows.caused_by or ((cause.id,) if cause is not None else ()),
        )  # fmt: skip

    def finish(self, record: MessageRecord | None = None) -> Step:
        """The step as it goes to the log, with what the reactions want sent out."""
        for reaction in self.house.reactions:
            self.draft.outgoing.extend(reaction.outgoing())
        self.house.seq = self.draft.seq
        self.house.unlogged.clear()
        return self.draft.step(record)


def _foreign_since(timeline: Timeline) -> datetime | None:
    """The oldest answer that rests on an observation that is not this person's any more."""
    theirs = timeline.observations.ids()
    return min(
        (
            event.occurred_at
            for past in timeline.answers_over_time.values()
            for event in past
            if any(line[4] and line[4] not in theirs for line in event.value.because)
        ),
        default=None,
    )
