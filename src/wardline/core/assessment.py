"""Running one capability on one timeline as of one moment: gather what it needs, ask it, and keep the reasons.

This is the only way a capability is ever run: live, over HTTP, in a what-if, in a backtest. Same timeline, same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.capability import Capability, Need, Reading
from wardline.core.concepts import Concept
from wardline.core.concepts.vitals import VITAL_SIGNS
from wardline.core.events import Event, EventId, Found
from wardline.core.findings import AtLeast, Draft, Finding, NotValid, Outcome, Unknown, outcomes, with_events
from wardline.core.observations import PRELIMINARY
from wardline.core.timeline import Timeline

Site: TypeAlias = Mapping[str, Any]
"""Tables the site owns, by name."""

NOT_CHECKED: Final = "not checked"
VITAL_SIGN_IDS: Final = frozenset(concept.id for concept in VITAL_SIGNS)


class Gathered(NamedTuple):
    """Inputs by field name (None where missing), the event behind each, what is missing, and when the first input expires."""

    values: dict[str, Any]
    events: dict[str, EventId]
    missing: tuple[str, ...]
    valid_until: datetime | None


class Assessed(NamedTuple):
    """One outcome with what the engine records about it."""

    outcome: Outcome
    population: str = ""
    valid_until: datetime | None = None
    inputs: tuple[EventId, ...] = ()


_Gatherer: TypeAlias = Callable[[Timeline, datetime, Site], tuple[Any, tuple[EventId, ...], datetime | None]]


@dataclass(frozen=True, slots=True)
class Assessor:
    """A capability made ready to run: one gathering step per need, bound once at start-up."""

    capability: Capability
    gatherers: tuple[tuple[str, _Gatherer, Need], ...]

    @classmethod
    def of(cls, capability: Capability) -> "Assessor":
        return cls(capability, tuple((name, _gatherer(need), need) for name, need in capability.needs))

    def gather(self, timeline: Timeline, as_of: datetime, site: Site) -> Gathered:
        values: dict[str, Any] = {}
        events: dict[str, EventId] = {}
        missing: list[str] = []
        taken: dict[str, datetime] = {}
        valid_until: datetime | None = None
        for name, gatherer, need in self.gatherers:
            value, sources, expires = gatherer(timeline, as_of, site)
            if value is None:
                value = need.default
                if value is None and need.required:
                    missing.append(name)
            values[name] = value
            if sources:
                events[name] = sources[-1]
            if expires is not None:
                if valid_until is None or expires < valid_until:
                    valid_until = expires
                if need.together is not None:
                    taken[name] = expires - (need.within or timedelta.max)
        for name, need in _apart(self.capability, taken):
            values[name] = need.default
            del events[name]
            if need.default is None and need.required:
                missing.append(name)
        return Gathered(values, events, tuple(missing), valid_until)

    def assess(self, timeline: Timeline, as_of: datetime, site: Site) -> tuple[Assessed, ...]:
        """Every outcome as of the moment. A tuple, because one question may have several keys (one per analyte, say)."""
        capability = self.capability
        refusal, population = population_of(capability, timeline.age_years(as_of), None)
        if refusal is not None:
            return (Assessed(refusal, population),)
        gathered = self.gather(timeline, as_of, site)
        inputs = tuple(gathered.events.values())
        return tuple(
            Assessed(_explained(outcome, gathered.events), population, gathered.valid_until, inputs) for outcome in answer(capability, gathered)
        )


def _apart(capability: Capability, taken: dict[str, datetime]) -> list[tuple[str, Need]]:
    """Of the inputs that belong together, those taken too long before the newest."""
    if len(taken) < 2:
        return []
    newest = max(taken.values())
    needs = ((name, capability.need(name), at) for name, at in taken.items())
    return [(name, need) for name, need, at in needs if need.together is not None and newest - at > need.together]


def answer(capability: Capability, gathered: Gathered) -> tuple[Outcome, ...]:
    """Ask the capability, or say what is missing. The additive ones answer `AtLeast` when something is."""
    missing = gathered.missing
    if missing and (not capability.additive or len(missing) == _countable(capability)):
        return (Unknown(missing),)
    answered = outcomes(capability.function(capability.inputs(**gathered.values)))
    if not missing:
        return answered
    return tuple(_at_least(capability, outcome, gathered) for outcome in answered)


def _countable(capability: Capability) -> int:
    """How many inputs can be missing at all; with all of them missing even an additive score knows nothing."""
    return sum(1 for _, need in capability.needs if need.required and need.default is None)


def _at_least(capability: Capability, outcome: Outcome, gathered: Gathered) -> Outcome:
    if not isinstance(outcome, Finding):
        return outcome
    at_most = capability.chart(_Namespace(gathered.values)).at_most if capability.chart is not None else None
    return AtLeast(outcome, gathered.missing, at_most)


class _Namespace:
    """Inputs by attribute, for charts that read them so."""

    __slots__ = ("__dict__",)

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def population_of(capability: Capability, age: int | None, pregnant: bool | None) -> tuple[NotValid | None, str]:
    """Whether the question is valid for this patient: a refusal, or "not checked" when that cannot be told."""
    youngest, oldest = capability.ages
    limited = youngest is not None or oldest is not None
    if age is not None and youngest is not None and age < youngest:
        return NotValid(f"{capability.title} is not valid under {youngest} years"), ""
    if age is not None and oldest is not None and age > oldest:
        return NotValid(f"{capability.title} is not valid over {oldest} years"), ""
    if pregnant and not capability.pregnancy:
        return NotValid(f"{capability.title} is not valid in pregnancy"), ""
    unchecked = (limited and age is None) or (not capability.pregnancy and pregnant is None)
    return None, NOT_CHECKED if unchecked else ""


def _explained(outcome: Outcome, events: dict[str, EventId]) -> Outcome:
    match outcome:
        case Finding():
            return with_events(outcome, events)
        case AtLeast(finding, missing, at_most):
            return AtLeast(with_events(finding, events), missing, at_most)
        case _:
            return outcome


def found(capability: Capability, assessed: Assessed, *, revised: bool = False) -> Found:
    """The event value that records an outcome."""
    outcome = assessed.outcome
    common = {
        "capability": capability.id, "version": capability.version, "digest": capability.digest, "key": outcome.key,
        "population": assessed.population, "valid_until": assessed.valid_until, "standing": capability.standing, "revised": revised,
    }  # fmt: skip
    match outcome:
        case Finding():
            return Found(outcome="finding", **_of_finding(outcome), **common)  # type: ignore[arg-type]
        case AtLeast(finding, missing, _):
            fields = _of_finding(finding) | {"summary": outcome.summary}
            return Found(outcome="at_least", missing=missing, **fields, **common)  # type: ignore[arg-type]
        case Unknown(missing, reason, _):
            return Found(outcome="unknown", missing=missing, reason=reason, **common)  # type: ignore[arg-type]
        case NotValid(reason, _):
            return Found(outcome="not_valid", reason=reason, **common)  # type: ignore[arg-type]
        case Draft(text, because, _):
            return Found(outcome="draft", summary=text, because=tuple(because), **common)  # type: ignore[arg-type]


def _of_finding(finding: Finding) -> dict[str, Any]:
    return {
        "value": finding.value, "unit": finding.unit, "severity": int(finding.severity), "summary": finding.summary,
        "because": finding.because,
        "suggestions": tuple((item.text, item.within.total_seconds() if item.within else 0.0, item.repeats) for item in finding.suggestions),
    }  # fmt: skip


# --- one gathering step per kind of need ----------------------------------------------------------------------------------------


def _gatherer(need: Need) -> _Gatherer:
    match need.kind:
        case "latest":
            return _latest(need)
        case "series":
            return _series(need)
        case "readings":
            return _readings(need)
        case "age":
            return lambda timeline, as_of, site: (timeline.age_years(as_of), (), None)
        case "sex":
            return lambda timeline, as_of, site: (timeline.sex, (), None)
        case "finding":
            return _finding(need)
        case "site":
            return _site(need)
        case "given":
            return lambda timeline, as_of, site: (None, (), None)


def _latest(need: Need) -> _Gatherer:
    concepts, within, convert, preliminary = need.concepts, need.within or timedelta.max, need.convert, need.preliminary

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> tuple[Any, tuple[EventId, ...], datetime | None]:
        got = timeline.latest(concepts, as_of, within, preliminary=preliminary, convert=convert)
        if got is None:
            return None, (), None
        value, event = got
        return value, (event.id,), event.occurred_at + within

    return gather


def _series(need: Need) -> _Gatherer:
    (concept,), within = need.concepts, need.within or timedelta.max

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> tuple[Any, tuple[EventId, ...], datetime | None]:
        events = timeline.values(concept, as_of, within, preliminary=need.preliminary)
        if len(events) < need.at_least or not events:
            return None, (), None
        expires = events[0].occurred_at + within
        if need.newest is not None:
            expires = min(expires, events[-1].occurred_at + need.newest)
            if expires < as_of:
                return None, (), None
        values = tuple(Reading(event.occurred_at, event.value.value, "", event.id) for event in events)
        return values, tuple(event.id for event in events), expires

    return gather


def _readings(need: Need) -> _Gatherer:
    within = need.within or timedelta.max
    look = _last(need, within) if need.last else _all(need, within)

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> tuple[Any, tuple[EventId, ...], datetime | None]:
        values: dict[str, tuple[Reading, ...]] = {}
        expires: datetime | None = None
        for concept in need.concepts:
            events = look(timeline, concept, as_of)
            if not events:
                continue
            values[concept.id] = tuple(
                Reading(event.occurred_at, event.value.value, event.value.comparator, event.id)
                for event in events
            )
            first = events[0].occurred_at + within
            expires = first if expires is None or first < expires else expires
        return values, (), expires

    return gather


def _all(need: Need, within: timedelta) -> Callable[[Timeline, Concept, datetime], list[Event]]:
    return lambda timeline, concept, as_of: timeline.values(concept, as_of, within, preliminary=need.preliminary, bounded=need.bounded)


def _last(need: Need, within: timedelta) -> Callable[[Timeline, Concept, datetime], list[Event]]:
    """The newest few, oldest of them first: a long list is not gone through for its end."""

    def look(timeline: Timeline, concept: Concept, as_of: datetime) -> list[Event]:
        found: list[Event] = []
        for event in timeline.observations.newest(concept.id, as_of, within):
            if type(event.value.value) is float and (need.preliminary or event.value.status not in PRELIMINARY):
                found.append(event)
                if len(found) == need.last:
                    break
        return found[::-1]

    return look


def _site(need: Need) -> _Gatherer:
    """The site's content is read once, not at every run: as long as it is the same object, so is what was read from it."""
    read = need.convert or _as_it_is
    known: list[Any] = [None, None]

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> tuple[Any, tuple[EventId, ...], datetime | None]:
        content = site.get(need.name)
        if content is None:
            return None, (), None
        if content is not known[0]:
            known[:] = content, read(content)
        return known[1], (), None

    return gather


def _as_it_is(content: Any) -> Any:
    return content


def _finding(need: Need) -> _Gatherer:
    def gather(timeline: Timeline, as_of: datetime, site: Site) -> tuple[Any, tuple[EventId, ...], datetime | None]:
        event = timeline.answer(need.name, as_of=as_of)
        if event is None:
            return None, (), None
        answered: Found = event.value
        expired = answered.valid_until is not None and answered.valid_until < as_of
        if answered.outcome not in ("finding", "at_least") or expired:
            return None, (), None
        return answered, (event.id,), answered.valid_until

    return gather
