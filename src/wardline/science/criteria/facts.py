"""What is known about one patient when criteria are judged: as plain values, whoever gathered them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from wardline.core.capability import Reading
from wardline.core.course import Condition
from wardline.core.events import EventId


class Drug(NamedTuple):
    """A drug somebody takes, with the ATC codes that say what it is. `daily`: mg a day, None where the order does not say."""

    name: str
    codes: frozenset[str]
    daily: float | None = None
    since: datetime | None = None
    event: EventId = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """None where nothing is known: a list that is empty says that there is none, a list that is missing says nothing."""

    age: int | None = None
    sex: str | None = None
    conditions: tuple[Condition, ...] | None = None
    drugs: tuple[Drug, ...] | None = None
    vaccines: tuple[Drug, ...] | None = None
    """Doses of vaccines, `since` being the day they were given."""
    measured: Mapping[str, Reading] = field(default_factory=dict)
    """The newest value of each concept, fresh enough to count."""
    findings: Mapping[str, float | str] = field(default_factory=dict)
    """Answers of capabilities that count, by id."""
    at_least: Mapping[str, float] = field(default_factory=dict)
    """Answers that are known only to be this or more, because something is missing."""
    judged: Mapping[str, bool] = field(default_factory=dict)
    """What somebody said about questions no record answers, by the question's key."""
    moment: datetime | None = None
