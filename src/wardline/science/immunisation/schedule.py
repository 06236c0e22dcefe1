"""The immunisation schedule as CDC publishes it for programs: antigens, their series, and what each dose of a series asks.

Read from the supporting data of CDC's Clinical Decision Support for Immunization (CDSi), which a site puts into its folder.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from wardline.science.immunisation.dates import FIRST, LAST, Span


class Years(NamedTuple):
    """From an age up to, and not with, another."""

    begin: Span | None
    end: Span | None

    def has(self, born: date, day: date) -> bool:
        return (self.begin is None or self.begin.after(born) <= day) and (self.end is None or day < self.end.after(born))


class InForce(NamedTuple):
    """The days on which a rule holds."""

    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        return (self.since or FIRST) <= day <= (self.until or LAST)


class AgeRule(NamedTuple):
    """At which age a dose may be given, should be, and is late."""

    absolute: Span | None
    minimum: Span | None
    earliest: Span | None
    latest: Span | None
    maximum: Span | None
    in_force: InForce


class IntervalRule(NamedTuple):
    """How long after something a dose may be given: the previous dose, a certain one, the last of some vaccines, or an observation."""

    from_previous: bool
    from_target: int | None
    from_vaccines: frozenset[str]
    from_observation: str
    absolute: Span | None
    minimum: Span | None
    earliest: Span | None
    latest: Span | None
    overrides: bool
    in_force: InForce


class VaccineRule(NamedTuple):
    """A vaccine that may be used, and at which ages."""

    cvx: str
    name: str
    ages: Years


class SkipCondition(NamedTuple):
    """One condition under which a dose is not needed."""

    kind: str
    ages: Years
    interval: Span | None
    dates: InForce
    number: int
    comparison: str
    only_valid: bool
    vaccines: frozenset[str]
    series_groups: frozenset[str]


class SkipSet(NamedTuple):
    all_of: bool
    conditions: tuple[SkipCondition, ...]
    in_force: InForce


class Skip(NamedTuple):
    """When a dose is skipped: while doses are evaluated, while the next is forecast, or both."""

    context: Literal["evaluation", "forecast", "both"]
    all_of: bool
    sets: tuple[SkipSet, ...]


@dataclass(frozen=True, slots=True)
class TargetDose:
    """What one dose of a series asks."""

    ages: tuple[AgeRule, ...]
    intervals: tuple[IntervalRule, ...]
    allowable_interval: IntervalRule | None
    preferable: tuple[VaccineRule, ...]
    allowable: tuple[VaccineRule, ...]
    inadvertent: frozenset[str]
    skips: tuple[Skip, ...]
    recurs: bool
    season: InForce


class Indication(NamedTuple):
    """What makes a risk series one for this person."""

    observation: str
    ages: Years


@dataclass(frozen=True, slots=True)
class Series:
    """One way to become immune."""

    name: str
    antigen: str
    type: Literal["Standard", "Risk", "Evaluation Only"]
    genders: frozenset[str]
    indications: tuple[Indication, ...]
    group: str
    equivalents: frozenset[str]
    priority: str
    preference: int
    is_default: bool
    is_product: bool
    minimum_start: Span | None
    maximum_start: Span | None
    doses: tuple[TargetDose, ...]


class Contraindication(NamedTuple):
    """An observation with which the antigen, or only some of its vaccines, must not be given."""

    observation: str
    text: str
    ages: Years
    vaccines: frozenset[str]


@dataclass(frozen=True, slots=True)
class Antigen:
    """A disease to be immune against."""

    name: str
    group: str
    series: tuple[Series, ...]
    immune_with: frozenset[str]
    immune_born_before: date | None
    not_immune_with: frozenset[str]
    contraindications: tuple[Contraindication, ...]


class Conflict(NamedTuple):
    """Two live vaccines that weaken each other when given too close together, though not on the same day."""

    begin: Span
    end_if_valid: Span
    end: Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole schedule."""

    antigens: dict[str, Antigen]
    conflicts: dict[tuple[str, str], Conflict]
    """By CVX code of the earlier and the later vaccine."""
    groups: dict[str, tuple[str, ...]]
    full_groups: frozenset[str]
    """Groups always given whole, as measles with mumps and rubella."""
    protects: dict[str, tuple[tuple[str, Years], ...]]
    """CVX code -> the antigens in it, and the ages at which it counts for each."""
    vaccines: dict[str, str]
    """CVX code -> name."""
    observations: dict[str, str]
    """Observation code -> title."""
    coded: dict[tuple[str, str], frozenset[str]]
    """System and code of a record -> the observations it states."""
