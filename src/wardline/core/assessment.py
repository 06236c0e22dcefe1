"""Running one capability on one timeline as of one moment: gather what it needs, ask it, and keep the reasons.

This is the only way a capability is ever run: live, over HTTP, in a what-if, in a backtest. Same timeline, same answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from wardline.core import course
from wardline.core.capability import Capability, Inputs, Need
from wardline.core.concepts.vitals import VITAL_SIGNS
from wardline.core.diseases import PREGNANCY
from wardline.core.events import EventId, Found
from wardline.core.findings import AtLeast, Draft, Finding, NotValid, Outcome, Unknown, outcomes
from wardline.core.gathering import Gatherer, Site, gatherer
from wardline.core.timeline import Timeline

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
    events: Mapping[str, EventId] = {}
    """The event behind each input."""
    models: tuple[tuple[str, str], ...] = ()
    """(id, SHA-256) of the trained models it rests on."""


_new: Final = tuple.__new__


@dataclass(frozen=True, slots=True)
class Assessor:
    """A capability made ready to run: one gathering step per need, bound once at start-up."""

    capability: Capability
    gatherers: tuple[tuple[str, Gatherer, Need], ...]

    @classmethod
    def of(cls, capability: Capability) -> "Assessor":
        return cls(capability, tuple((name, gatherer(need), need) for name, need in capability.needs))

    def gather(self, timeline: Timeline, as_of: datetime, site: Site) -> Gathered:
        values: dict[str, Any] = {}
        events: dict[str, EventId] = {}
        missing: list[str] = []
        taken: dict[str, datetime] = {}
        valid_until: datetime | None = None
        for name, gather, need in self.gatherers:
            value, source, expires = gather(timeline, as_of, site)
            if value is None:
                value = need.default
                if value is None and need.required:
                    missing.append(name)
            values[name] = value
            if source is not None:
                events[name] = source
            if expires is not None:
                if valid_until is None or expires < valid_until:
                    valid_until = expires
                if need.together is not None:
                    taken[name] = expires - (need.within or timedelta.max)
        if len(taken) > 1:
            for name, need in _apart(self.capability, taken):
                values[name] = need.default
                del events[name]
                if need.default is None and need.required:
                    missing.append(name)
        return Gathered(values, events, tuple(missing), valid_until)

    def assess(self, timeline: Timeline, as_of: datetime, site: Site) -> tuple[Assessed, ...]:
        """Every outcome as of the moment. A tuple, because one question may have several keys (one per analyte, say)."""
        capability = self.capability
        pregnant = None if capability.pregnancy else is_pregnant(timeline, as_of)
        refusal, population = population_of(capability, timeline.age_years(as_of), pregnant)
        if refusal is not None:
            return (Assessed(refusal, population, timeline.age_until(as_of)),)
        gathered = self.gather(timeline, as_of, site)
        return tuple([Assessed(outcome, population, gathered.valid_until, gathered.events) for outcome in answer(capability, gathered)])


def _apart(capability: Capability, taken: dict[str, datetime]) -> list[tuple[str, Need]]:
    """Of the inputs that belong together, those taken too long before the newest."""
    newest = max(taken.values())
    needs = ((name, capability.need(name), at) for name, at in taken.items())
    return [(name, need) for name, need, at in needs if need.together is not None and newest - at > need.together]


def answer(capability: Capability, gathered: Gathered) -> tuple[Outcome, ...]:
    """Ask the capability, or say what is missing. The additive ones answer `AtLeast` when something is."""
    missing = gathered.missing
    if missing and (not capability.additive or len(missing) == _countable(capability)):
        return (Unknown(missing),)
    answered = outcomes(capability.function(_filled(capability.inputs, gathered.values)))
    if not missing:
        return answered
    return tuple(_at_least(capability, outcome, gathered) for outcome in answered)


def _filled(kind: type[Inputs], values: dict[str, Any]) -> Inputs:
    """Inputs with these values. The constructor of a frozen dataclass sets its fields one by one, which takes five times as long."""
    inputs = object.__new__(kind)
    inputs.__dict__.update(values)
    return inputs


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


def is_pregnant(timeline: Timeline, as_of: datetime) -> bool | None:
    """True where the record says so, None where it says nothing: that nobody wrote it down does not make it a no."""
    return True if course.condition_naming(course.conditions_of(timeline.diagnoses, as_of), (PREGNANCY,), as_of) else None


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


def found(capability: Capability, assessed: Assessed, *, revised: bool = False) -> Found:
    """The event value that records an outcome; each of its reasons points at the event it rests on."""
    outcome, population, valid_until, events, models = assessed
    said: tuple[Any, ...]
    match outcome:
        case Finding():
            said, models = _of_finding("finding", outcome, outcome.summary, events, ()), outcome.models or models
        case AtLeast(finding, missing, _):
            said = _of_finding("at_least", finding, outcome.summary, events, missing)
        case Unknown(missing, reason, key):
            said, models = ("unknown", key, None, "", 0, "", (), missing, reason, ()), ()
        case NotValid(reason, key):
            said = "not_valid", key, None, "", 0, "", (), (), reason, ()
        case Draft(text, because, key):
            said = "draft", key, None, "", 0, text, tuple(because), (), "", ()
    # In the order of its fields, past the constructor: one of these is made for every question of every message.
    ends = population, said[-1], valid_until, capability.standing, revised, (), models
    return _new(Found, (capability.id, capability.version, capability.digest, *said[:-1], *ends))


def _of_finding(kind: str, finding: Finding, summary: str, events: Mapping[str, EventId], missing: tuple[str, ...]) -> tuple[Any, ...]:
    """Outcome, key, value, unit, severity, summary, because, missing, reason, suggestions."""
    because = tuple([line if line[4] else (*line[:4], events.get(line[0], 0)) for line in finding.because])
    suggestions = tuple([(item.text, item.within.total_seconds() if item.within else 0.0, item.repeats) for item in finding.suggestions])
    return kind, finding.key, finding.value, finding.unit, int(finding.severity), summary, because, missing, "", suggestions
