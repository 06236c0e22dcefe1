"""Which capabilities a change touches, in what order they run, and what is worth recording of their answers."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import NoneType
from typing import Final, NamedTuple

import msgspec

from wardline.core.assessment import Assessor, found
from wardline.core.capability import Capability
from wardline.core.errors import Fault
from wardline.core.events import Event, Found
from wardline.core.gathering import Site
from wardline.core.timeline import Timeline

GONE: Final = "No longer found"
FAILED: Final = "the calculation failed"
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(Found).decode
_VALUES: Final = frozenset({float, int, str, NoneType})
_PLAIN: Final = _VALUES | {bool}
REVISABLE: Final = timedelta(days=31)
"""How far back answers are revised. Timelines are read that much further back than any capability looks."""
MOMENTS_REVISED: Final = 200
"""How many past answers of one capability a late or corrected result may change, newest first."""


class Failure(NamedTuple):
    """A capability that raised: its tile says since when it is not running; everything else goes on."""

    since: datetime
    reason: str


class Revision(NamedTuple):
    """A different answer about a past moment."""

    moment: datetime
    found: Found


class Assessments:
    """Every capability of the house, ready to run."""

    def __init__(self, capabilities: Iterable[Capability], site: Site) -> None:
        self.site = site
        self.askable: dict[str, Assessor] = {capability.id: Assessor.of(capability) for capability in capabilities}
        """Every capability, also those that answer only when somebody asks."""
        ordered = _in_order([each.capability for each in self.askable.values() if each.capability.live])
        self.assessors: dict[str, Assessor] = {capability.id: self.askable[capability.id] for capability in ordered}
        self.failures: dict[str, Failure] = {}
        self._by_concept: dict[str, list[str]] = {}
        self._users: dict[str, list[str]] = {}
        for capability in ordered:
            for concept in capability.concepts:
                self._by_concept.setdefault(concept, []).append(capability.id)
            for _, need in capability.needs:
                if need.kind == "finding":
                    self._users.setdefault(need.name, []).append(capability.id)
        self._rank = {capability.id: place for place, capability in enumerate(ordered)}
        self._runs: dict[frozenset[str], tuple[Assessor, ...]] = {}

    def touched(self, concepts: frozenset[str]) -> tuple[Assessor, ...]:
        """The capabilities that new values of these concepts concern, those they feed included, in running order."""
        run = self._runs.get(concepts)
        if run is None:
            run = self._with_users({id for concept in concepts for id in self._by_concept.get(concept, ())})
            if len(self._runs) < 5000:
                self._runs[concepts] = run
        return run

    def fed_by(self, id: str) -> tuple[Assessor, ...]:
        """The capability itself and those that use its answer, in running order."""
        return self._with_users({id})

    def _with_users(self, wanted: set[str]) -> tuple[Assessor, ...]:
        queue = list(wanted)
        while queue:
            for user in self._users.get(queue.pop(), ()):
                if user not in wanted:
                    wanted.add(user)
                    queue.append(user)
        return tuple(self.assessors[id] for id in sorted(wanted, key=self._rank.__getitem__))

    def all(self) -> tuple[Assessor, ...]:
        return tuple(self.assessors.values())

    def answers(self, assessor: Assessor, timeline: Timeline, as_of: datetime) -> list[Found]:
        """What the capability says now, as far as it says something new."""
        capability = assessor.capability
        if capability.about == "encounter" and not timeline.place.is_in and timeline.movements:
            return []
        try:
            news = self._news(assessor, timeline, as_of)
        except Exception as error:  # a capability that raises must not stop the ward: its tile says so, the rest goes on
            self.failures.setdefault(capability.id, Failure(as_of, type(error).__name__))
            return list(_failed(capability, timeline))
        self.failures.pop(capability.id, None)
        return news

    def _news(self, assessor: Assessor, timeline: Timeline, as_of: datetime) -> list[Found]:
        capability = assessor.capability
        answered = [found(capability, each) for each in assessor.assess(timeline, as_of, self.site)]
        before = timeline.answers_by_key(capability.id)
        answered += _gone(capability, answered, before)
        return [_kept(value) for value in answered if value.key not in before or _says_more(value, before[value.key].value)]

    def revisions(self, assessors: Iterable[Assessor], timeline: Timeline, since: datetime, now: datetime) -> Iterator[Revision]:
        """What past answers should have been, now that something about the past is known differently.

        To be taken in one by one: the revised answer of one capability is an input of the next.
        """
        if timeline.last_answered_at is None or timeline.last_answered_at < since:
            return
        since = max(since, now - REVISABLE)
        for assessor in assessors:
            past = _answers_between(timeline, assessor.capability.id, since, now)
            for moment in sorted(past, reverse=True)[:MOMENTS_REVISED]:
                yield from self._revised(assessor, timeline, moment, past[moment])

    def _revised(self, assessor: Assessor, timeline: Timeline, moment: datetime, then: dict[str, Found]) -> Iterator[Revision]:
        capability = assessor.capability
        try:
            answered = [_kept(found(capability, each, revised=True)) for each in assessor.assess(timeline, moment, self.site)]
        except Exception as error:  # as above: isolated
            self.failures.setdefault(capability.id, Failure(moment, type(error).__name__))
            return
        answered += [gone._replace(revised=True) for gone in _gone(capability, answered, then)]
        for value in answered:
            before = then.get(value.key)
            if _core(before) != _core(value) if before is not None else value.outcome in ("finding", "at_least"):
                yield Revision(moment, value)


def _answers_between(timeline: Timeline, capability: str, since: datetime, until: datetime) -> dict[datetime, dict[str, Found]]:
    """Answers by moment and key, `since` included and `until` not; the last where one question has several."""
    found: dict[datetime, dict[str, Found]] = {}
    for (asked, key), past in timeline.answers_over_time.items():
        if asked == capability and past[-1].occurred_at >= since:
            for event in past[bisect_left(past, since, key=_occurred) :]:
                if event.occurred_at < until:
                    found.setdefault(event.occurred_at, {})[key] = event.value
    return found


def _occurred(event: Event) -> datetime:
    return event.occurred_at


def _kept(value: Found) -> Found:
    """The answer as it will be read back. Raises when it cannot be: a number that is none, a value of a foreign type."""
    if isinstance(value.value, float) and not math.isfinite(value.value):
        raise ValueError(f"{value.capability} answered {value.value}")
    packed = _ENCODE(value)
    # Plain values read back as they are. Kept so, it shares its words with every other answer; a copy would be four times the size.
    is_plain = type(value.value) in _VALUES and _PLAIN.issuperset([type(line[1]) for line in value.because])
    return value if is_plain else _DECODE(packed)


def _failed(capability: Capability, timeline: Timeline) -> Iterator[Found]:
    """The last answer must not go on being shown as if it were today's: what is known now is that nothing is."""
    before = {event.value.key: event.value for event in timeline.answers_of(capability.id)}
    for key in before or [""]:
        unknown = Found(capability.id, capability.version, capability.digest, "unknown", key, reason=FAILED, standing=capability.standing)
        if key not in before or (before[key].summary != GONE and _says_more(unknown, before[key])):
            yield unknown


def _gone(capability: Capability, answered: list[Found], before: Mapping[str, object]) -> list[Found]:
    """A key that a complete run no longer answers is resolved. A run that could not answer resolves nothing."""
    gone = before.keys() - {value.key for value in answered}
    if not gone or any(value.outcome == "unknown" for value in answered):
        return []
    common = capability.id, capability.version, capability.digest, "finding"
    return [Found(*common, key, summary=GONE, standing=capability.standing) for key in before if key in gone]


def _says_more(value: Found, before: Found) -> bool:
    """Renewed inputs are news (they extend validity); the same refusal or the same gap said again is not.

    A revised answer is about the past: whoever waits for the present one must still hear it.
    """
    if before.revised:
        return True
    if value.outcome in ("unknown", "not_valid"):
        return before.outcome != value.outcome or before.missing != value.missing or before.reason != value.reason
    return value != before


def _core(value: Found) -> tuple[object, ...]:
    return value.outcome, value.value, value.severity, value.missing, tuple(line[:3] for line in value.because)


def _in_order(capabilities: list[Capability]) -> list[Capability]:
    """Those that others need come first. Raises `Fault` for a circle or an unknown id."""
    by_id = {capability.id: capability for capability in capabilities}
    ordered: list[Capability] = []
    state: dict[str, int] = {}

    def visit(id: str, path: tuple[str, ...]) -> None:
        if state.get(id) == 2:
            return
        if state.get(id) == 1:
            raise Fault(f"capabilities need each other in a circle: {' -> '.join((*path, id))}")
        state[id] = 1
        for _, need in by_id[id].needs:
            if need.kind == "finding":
                if need.name not in by_id:
                    raise Fault(f"{id} needs the finding {need.name!r}, and there is no such capability")
                visit(need.name, (*path, id))
        state[id] = 2
        ordered.append(by_id[id])

    for id in sorted(by_id):
        visit(id, ())
    return ordered
