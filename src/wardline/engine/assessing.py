"""Which capabilities a change touches, in what order they run, and what is worth recording of their answers."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from wardline.core.assessment import Assessor, Site, found
from wardline.core.capability import Capability
from wardline.core.errors import Fault
from wardline.core.events import Found
from wardline.core.timeline import Timeline

MOMENTS_REVISED = 200
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
        ordered = _in_order(list(capabilities))
        self.site = site
        self.assessors: dict[str, Assessor] = {capability.id: Assessor.of(capability) for capability in ordered}
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
            wanted = {id for concept in concepts for id in self._by_concept.get(concept, ())}
            queue = list(wanted)
            while queue:
                for user in self._users.get(queue.pop(), ()):
                    if user not in wanted:
                        wanted.add(user)
                        queue.append(user)
            run = tuple(self.assessors[id] for id in sorted(wanted, key=self._rank.__getitem__))
            if len(self._runs) < 5000:
                self._runs[concepts] = run
        return run

    def all(self) -> tuple[Assessor, ...]:
        return tuple(self.assessors.values())

    def answers(self, assessor: Assessor, timeline: Timeline, as_of: datetime) -> Iterator[Found]:
        """What the capability says now, as far as it says something new."""
        capability = assessor.capability
        if capability.about == "encounter" and not timeline.place.is_in and timeline.movements:
            return
        try:
            assessed = assessor.assess(timeline, as_of, self.site)
        except Exception as error:  # a capability that raises must not stop the ward: its tile says so, the rest goes on
            self.failures.setdefault(capability.id, Failure(as_of, type(error).__name__))
            return
        self.failures.pop(capability.id, None)
        keys = set()
        complete = True
        for each in assessed:
            value = found(capability, each)
            keys.add(value.key)
            complete = complete and value.outcome != "unknown"
            before = timeline.answers.get((capability.id, value.key))
            if before is None or _says_more(value, before.value):  # type: ignore[arg-type]
                yield value
        if complete:
            yield from _gone(capability, keys, timeline)

    def revisions(self, timeline: Timeline, concepts: frozenset[str], since: datetime, now: datetime) -> Iterator[Revision]:
        """What past answers should have been, now that something about the past is known differently."""
        for assessor in self.touched(concepts):
            capability = assessor.capability
            moments = {
                event.occurred_at
                for (asked, _), past in timeline.answers_over_time.items()
                if asked == capability.id
                for event in past
                if since <= event.occurred_at < now
            }
            for moment in sorted(moments, reverse=True)[:MOMENTS_REVISED]:
                yield from self._revised(assessor, timeline, moment)

    def _revised(self, assessor: Assessor, timeline: Timeline, moment: datetime) -> Iterator[Revision]:
        capability = assessor.capability
        then = {
            key: event.value
            for (asked, key), past in timeline.answers_over_time.items()
            if asked == capability.id
            for event in past
            if event.occurred_at == moment
        }
        try:
            assessed = assessor.assess(timeline, moment, self.site)
        except Exception as error:  # as above: isolated
            self.failures.setdefault(capability.id, Failure(moment, type(error).__name__))
            return
        for each in assessed:
            value = found(capability, each, revised=True)
            before = then.get(value.key)
            if before is not None and _core(before) != _core(value):  # type: ignore[arg-type]
                yield Revision(moment, value)


def _gone(capability: Capability, keys: set[str], timeline: Timeline) -> Iterator[Found]:
    """A key the last complete run no longer answers is resolved: said once."""
    for event in timeline.answers_of(capability.id):
        before: Found = event.value  # type: ignore[assignment]
        if before.key not in keys and before.severity > 0 and before.outcome in ("finding", "at_least"):
            yield Found(
                capability.id,
                capability.version,
                capability.digest,
                "finding",
                before.key,
                None,
                "",
                0,
                "No longer found",
                standing=capability.standing,
            )


def _says_more(value: Found, before: Found) -> bool:
    """Renewed inputs are news (they extend validity); the same refusal or the same gap said again is not."""
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
