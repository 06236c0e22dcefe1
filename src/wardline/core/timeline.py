"""Everything known about one patient, asked "as of" a moment.

A timeline is a fold of events. Folded from all events it is what we know now; folded from those recorded up to a moment it is
what we knew then, which is how the past is shown exactly as the night team saw it.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final, TypeVar

from wardline.core.ages import before_birthday, born_on, years_old
from wardline.core.concepts.concept import Concept
from wardline.core.concepts.vitals import VITAL_SIGNS
from wardline.core.events import (
    ELSEWHERE,
    SILENT,
    TAKEN_BACK,
    Administered,
    Admitted,
    Allergic,
    Assigned,
    Cancelled,
    Diagnosed,
    Discharged,
    Disputed,
    Documented,
    Event,
    Found,
    GapAhead,
    GapClosed,
    Imaged,
    Immunised,
    Kept,
    Measured,
    Ordered,
    Overdue,
    Performed,
    Registered,
    ReportSigned,
    ReportWithdrawn,
    Scheduled,
    Transferred,
)
from wardline.core.newest import authority, issued, keep_newest, occurred
from wardline.core.observations import NUMBERS, PRELIMINARY, Observations, usable
from wardline.core.person import Details
from wardline.core.stay import NOWHERE, Place, place_after

T = TypeVar("T")
VITAL_SIGNS_DUE: Final = "vital signs"
_VITAL_SIGN_IDS: Final = frozenset(concept.id for concept in VITAL_SIGNS)
_NO_ANSWERS: Final[Mapping[str, Event]] = {}
ANSWERS_KEPT: Final = 400
"""Past answers held in memory per question; older ones are read from the log."""


class Timeline:
    """One patient: who, where, what was measured, ordered, given, written, and what Wardline answered.

    `about` is the key of the record that survives merges; `apply` takes events of any record joined to it.
    """

    __slots__ = (
        "_allergies", "_details", "_diagnoses", "_keys", "_orders", "about", "administered", "answers", "answers_over_time", "assigned",
        "assigned_accounts", "disputes", "documents", "gaps", "imaged", "immunised", "kept", "last_answered_at", "last_recorded_at", "movements",
        "observations", "orders", "overdue", "performed", "person", "place", "registered", "reports", "scheduled",
    )  # fmt: skip

    answers_kept: ClassVar[int | None] = ANSWERS_KEPT
    keeps_resources: ClassVar[bool] = False
    """Whether FHIR resources are folded as they were received. In memory that would be the record twice."""

    def __init__(self, about: str) -> None:
        self.about = about
        self.person: Registered | None = None
        self._details: dict[tuple[str, int], Details] = {}
        self.registered: list[Event] = []
        self.movements: list[Event] = []
        self.place: Place = NOWHERE
        self.observations = Observations()
        self.orders: dict[str, Event] = {}
        self._orders: dict[str, dict[bool, Event]] = {}
        self.administered: list[Event] = []
        self._diagnoses: list[Event] = []
        self._allergies: list[Event] = []
        self.documents: dict[str, Event] = {}
        self.scheduled: dict[str, Event] = {}
        self.performed: dict[str, Event] = {}
        self.immunised: dict[str, Event] = {}
        self.imaged: dict[str, Event] = {}
        """Studies from scanners and archives, by Study Instance UID; those that turned out to be somebody else's are not among them."""
        self.reports: dict[str, Event] = {}
        """Signed reports on studies, the newest version of each; of one that was taken back, its withdrawal."""
        self.kept: dict[tuple[str, str], Event] = {}
        """FHIR resources as received, the newest version of each, by type and id. See `keeps_resources`."""
        self.answers: dict[tuple[str, str], Event] = {}
        self._keys: dict[str, list[str]] = {}
        """The keys of capabilities that answer for more than the empty one."""
        self.answers_over_time: dict[tuple[str, str], list[Event]] = {}
        self.last_answered_at: datetime | None = None
        """The latest moment that any answer was ever about."""
        self.overdue: dict[str, Event] = {}
        self.disputes: list[Event] = []
        self.gaps: dict[int, Event] = {}
        self.assigned: dict[str, str] = {}
        """Names by role."""
        self.assigned_accounts: dict[str, str] = {}
        """Accounts by role, empty where only a name was given."""
        self.last_recorded_at: datetime | None = None

    # --- folding ---

    def apply(self, event: Event) -> None:
        """Take in one event. Events of kinds that are not about a patient's course are ignored."""
        self.last_recorded_at = event.recorded_at
        fold = _FOLDS.get(type(event.value))
        if fold is not None:
            fold(self, event)

    def apply_all(self, events: Iterable[Event]) -> "Timeline":
        for event in events:
            self.apply(event)
        return self

    def _registered(self, event: Event) -> None:
        """Of each record and each kind of source the newest statement counts; the surviving record's own goes before a joined one's."""
        source = (event.about, event.value.authority)
        known = self._details.setdefault(source, Details()).apply(event)
        self.registered = [*(other for other in self.registered if (other.about, other.value.authority) != source), known]
        self.person = max(self.registered, key=lambda stated: (stated.about == self.about, *authority(stated))).value

    def _moved(self, event: Event) -> None:
        self.movements.append(event)
        self.place = place_after(self.movements)

    def _measured(self, event: Event) -> None:
        self.observations.apply(event)
        if self.overdue and event.value.concept in _VITAL_SIGN_IDS:
            self._measured_after_all(event)

    def _measured_after_all(self, event: Event) -> None:
        """A vital sign ends "overdue" unless it is one from before it was asked for."""
        overdue = self.overdue.get(VITAL_SIGNS_DUE)
        if overdue is not None and (overdue.value.asked_at is None or event.occurred_at > overdue.value.asked_at):
            del self.overdue[VITAL_SIGNS_DUE]

    def _found(self, event: Event) -> None:
        found: Found = event.value
        if found.standing == SILENT:
            return
        question = (found.capability, found.key)
        current = self.answers.get(question)
        if current is None and (found.key or found.capability in self._keys):
            self._keys.setdefault(found.capability, [""] if (found.capability, "") in self.answers else []).append(found.key)
        if current is None or event.occurred_at >= current.occurred_at:
            self.answers[question] = event
        if self.last_answered_at is None or event.occurred_at > self.last_answered_at:
            self.last_answered_at = event.occurred_at
        past = self.answers_over_time.setdefault(question, [])
        if found.revised:
            past[:] = [other for other in past if other.occurred_at != event.occurred_at]
        past.append(event)
        if len(past) > 1 and past[-2].occurred_at > event.occurred_at:
            past.sort(key=occurred)
        if self.answers_kept is not None and len(past) > self.answers_kept:
            del past[: self.answers_kept // 4]

    def _ordered(self, event: Event) -> None:
        """An order is often stopped with nothing but its number; what it was is known from the newest statement that says it."""
        ordered: Ordered = event.value
        versions = self._orders.setdefault(ordered.order, {})
        is_named = bool(ordered.what)
        before = versions.get(is_named)
        if before is None or issued(event) >= issued(before):
            versions[is_named] = event
        named, stop = versions.get(True), versions.get(False)
        if named is None or stop is None or issued(named) > issued(stop):
            self.orders[ordered.order] = named or stop or event
        else:
            self.orders[ordered.order] = stop._replace(value=named.value._replace(status=stop.value.status, issued_at=stop.value.issued_at))

    def _imaged(self, event: Event) -> None:
        imaged: Imaged = event.value
        before = self.imaged.get(imaged.study)
        if imaged.state == ELSEWHERE:
            self.imaged.pop(imaged.study, None)
        elif before is None or imaged.journal >= before.value.journal:
            self.imaged[imaged.study] = event

    def _reported(self, event: Event) -> None:
        signed: ReportSigned | ReportWithdrawn = event.value
        before = self.reports.get(signed.report)
        if before is None or signed.version >= before.value.version:
            self.reports[signed.report] = event

    def _kept(self, event: Event) -> None:
        if self.keeps_resources:
            self.kept[event.value.resource, event.value.id] = event

    def _diagnosed(self, event: Event) -> None:
        keep_newest(self._diagnoses, event)

    def _allergic(self, event: Event) -> None:
        keep_newest(self._allergies, event)

    def _administered(self, event: Event) -> None:
        """One entry per number, where doses have one; of two statements the later issued stands."""
        number = event.value.administration
        before = next((other for other in self.administered if other.value.administration == number), None) if number else None
        if before is not None:
            if issued(event) < issued(before):
                return
            self.administered.remove(before)
        insort(self.administered, event, key=occurred)

    def _overdue(self, event: Event) -> None:
        overdue: Overdue = event.value
        self.overdue[overdue.what] = event

    def _disputed(self, event: Event) -> None:
        self.disputes.append(event)

    def _gap(self, event: Event) -> None:
        gap: GapAhead = event.value
        self.gaps[gap.message] = event

    def _gap_closed(self, event: Event) -> None:
        closed: GapClosed = event.value
        self.gaps.pop(closed.message, None)

    def _assigned(self, event: Event) -> None:
        assigned: Assigned = event.value
        self.assigned[assigned.role] = assigned.name
        self.assigned_accounts[assigned.role] = assigned.person

    # --- showing ---

    def stated(self) -> Iterator[Event]:
        """What others have stated about the course: all of it, except that of each kind of observation there is one."""
        by_key = (self.orders, self.documents, self.scheduled, self.performed, self.immunised, self.imaged, self.reports, self.kept)
        yield from self.observations.samples()
        for events in (*(each.values() for each in by_key), self.administered, self._diagnoses, self._allergies, self.movements):
            yield from events

    def through(self, show: Callable[[Event], Event | None], observations: Observations) -> "Timeline":
        """The same patient with these observations and each other event as `show` gives it, or without it where that is None.

        To be shown, not to be folded on.
        """

        def each(events: Iterable[Event]) -> list[Event]:
            return [shown for event in events if (shown := show(event)) is not None]

        def by_key(events: Mapping[T, Event]) -> dict[T, Event]:
            return {key: shown for key, event in events.items() if (shown := show(event)) is not None}

        seen = copy(self)
        seen.observations = observations
        seen.movements = each(self.movements)
        seen.place = place_after(seen.movements)
        seen.orders, seen.documents, seen.scheduled = by_key(self.orders), by_key(self.documents), by_key(self.scheduled)
        seen.performed, seen.immunised, seen.kept = by_key(self.performed), by_key(self.immunised), by_key(self.kept)
        seen.imaged, seen.reports = by_key(self.imaged), by_key(self.reports)
        seen.administered, seen._diagnoses, seen._allergies = each(self.administered), each(self._diagnoses), each(self._allergies)
        seen.answers, seen.overdue = by_key(self.answers), by_key(self.overdue)
        seen.answers_over_time = {question: shown for question, past in self.answers_over_time.items() if (shown := each(past))}
        seen._keys = {capability: [key for key in keys if (capability, key) in seen.answers] for capability, keys in self._keys.items()}
        return seen

    # --- asking ---

    @property
    def diagnoses(self) -> list[Event]:
        """Diagnoses and problems that stand, resolved ones too."""
        return [event for event in self._diagnoses if event.value.status != TAKEN_BACK]

    @property
    def allergies(self) -> list[Event]:
        return [event for event in self._allergies if event.value.status != TAKEN_BACK]

    def latest(
        self,
        concepts: tuple[Concept, ...],
        as_of: datetime,
        within: timedelta,
        *,
        preliminary: bool = True,
        convert: Callable[[Any, Concept], Any] | None = None,
    ) -> tuple[Any, Event] | None:
        """The freshest usable value of any of the concepts and the event it came from, or None."""
        best: tuple[Any, Event] | None = None
        standing = self.observations.of
        for concept in concepts:
            for event in reversed(standing(concept.id)):  # nearly always the first one ends it; a generator would cost more than the look
                at = event.occurred_at
                if at > as_of:
                    continue
                if as_of - at > within or (best is not None and at <= best[1].occurred_at):
                    break
                value = usable(concept, event.value, preliminary)
                if value is not None and convert is not None:
                    value = convert(value, concept)
                if value is not None:
                    best = value, event
                    break
        return best

    def values(self, concept: Concept, as_of: datetime, within: timedelta, *, preliminary: bool = True, bounded: bool = False) -> list[Event]:
        """Usable numeric values of the last `within`, oldest first; bounded ones ("<0.02") only if asked for."""
        return [
            event
            for event in self.observations.between(concept.id, as_of - within, as_of)
            if type(event.value.value) in NUMBERS
            and (bounded or not event.value.comparator)
            and (preliminary or event.value.status not in PRELIMINARY)
        ]

    def answer(self, capability: str, key: str = "", as_of: datetime | None = None) -> Event | None:
        """The answer that stands now, or the one that stood at a past moment as it is known now."""
        current = self.answers.get((capability, key))
        if as_of is None or current is None or current.occurred_at <= as_of:
            return current
        past = self.answers_over_time[capability, key]
        place = bisect_right(past, as_of, key=occurred)
        return past[place - 1] if place else None

    def answers_of(self, capability: str) -> Collection[Event]:
        """The answers that stand now, one for each key."""
        return self.answers_by_key(capability).values()

    def answers_by_key(self, capability: str) -> Mapping[str, Event]:
        keys = self._keys.get(capability)
        if keys is not None:
            return {key: self.answers[capability, key] for key in keys}
        only = self.answers.get((capability, ""))
        return {"": only} if only is not None else _NO_ANSWERS

    def age_years(self, as_of: datetime) -> int | None:
        """Completed years, or None unless the full birth date is known and can be true: a year alone would be a guess."""
        return years_old(born, as_of) if (born := self.born) is not None else None

    @property
    def born(self) -> date | None:
        """The day of birth, where it is known to the day."""
        return born_on(self.person.born) if self.person is not None else None

    def age_until(self, as_of: datetime) -> datetime | None:
        """The last moment at which they are as old as now; None where the age is not known. Born on 29 February, they age on 1 March."""
        return before_birthday(born, as_of) if (born := self.born) is not None else None

    @property
    def sex(self) -> str | None:
        return self.person.sex if self.person is not None and self.person.sex in ("F", "M") else None


class WholeTimeline(Timeline):
    """As `Timeline`, forgetting no answer: for a look back over the whole stay, not to be kept in memory."""

    __slots__ = ()
    answers_kept = None
    keeps_resources = True


def _newest_by(kept: str, key: str) -> Callable[[Timeline, Event], None]:
    """A fold that keeps one statement of each thing; of two the later issued stands."""

    def fold(timeline: Timeline, event: Event) -> None:
        events: dict[str, Event] = getattr(timeline, kept)
        name = getattr(event.value, key)
        before = events.get(name)
        if before is None or issued(event) >= issued(before):
            events[name] = event

    return fold


_FOLDS: Final[dict[type, Callable[[Timeline, Event], None]]] = {
    Registered: Timeline._registered, Admitted: Timeline._moved, Transferred: Timeline._moved, Discharged: Timeline._moved,
    Cancelled: Timeline._moved, Measured: Timeline._measured, Found: Timeline._found, Ordered: Timeline._ordered,
    Documented: _newest_by("documents", "document"), Scheduled: _newest_by("scheduled", "appointment"),
    Performed: _newest_by("performed", "procedure"), Immunised: _newest_by("immunised", "vaccination"), Kept: Timeline._kept,
    Imaged: Timeline._imaged, ReportSigned: Timeline._reported, ReportWithdrawn: Timeline._reported,
    Diagnosed: Timeline._diagnosed, Allergic: Timeline._allergic,
    Administered: Timeline._administered, Overdue: Timeline._overdue, Disputed: Timeline._disputed, GapAhead: Timeline._gap,
    GapClosed: Timeline._gap_closed, Assigned: Timeline._assigned,
}  # fmt: skip
