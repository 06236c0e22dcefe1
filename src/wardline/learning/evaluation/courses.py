"""What a score said about each stay over time, read from the events of the log."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from wardline.core.events import Admitted, Discharged, Event, Found, Movement
from wardline.core.stay import valid_movements
from wardline.learning.evaluation.discrimination import Flags, Floats

DIED = ("20", "40", "41", "42")
"""HL7 table 0112: expired, in hospital or elsewhere."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One score over one stay, in the order in which it was answered; all of shape (answers,).

    `hours` since admission. `values` are not a number where the answer was "unknown". `complete` is false where inputs were
    missing and the truth is the value or more.
    """

    hours: Floats
    values: Floats
    complete: Flags

    def known(self, *, complete: bool, until_hours: float) -> Floats:
        """The values said up to then; with `complete`, only those that rest on every input."""
        wanted = (self.hours <= until_hours) & ~np.isnan(self.values) & (self.complete | (not complete))
        return self.values[wanted]

    def standing(self, at_hours: float, *, complete: bool) -> float:
        """The value that stood at that time, not a number where there was none (or, with `complete`, where it was incomplete)."""
        place = int(np.searchsorted(self.hours, at_hours, side="right")) - 1
        return float(self.values[place]) if place >= 0 and (self.complete[place] or not complete) else np.nan


@dataclass(frozen=True, slots=True)
class Course:
    """One stay: how long it lasted, whether and after how many hours the patient died, and what each score said."""

    died: bool
    hours: float
    """From admission to the end of the stay; infinite while it lasts."""
    answers: dict[str, Answers]


@dataclass(slots=True)
class _Visit:
    movements: list[Event] = field(default_factory=list)
    found: list[tuple[str, datetime, float, bool]] = field(default_factory=list)


class Courses:
    """Collects the courses of all stays in one pass over the log. `capabilities`: the scores to follow."""

    def __init__(self, capabilities: Collection[str]) -> None:
        self.capabilities = capabilities
        self.versions: dict[str, Counter[tuple[str, str]]] = {each: Counter() for each in capabilities}
        """Capability -> (version, digest) -> answers given by it."""
        self.missing: dict[str, Counter[str]] = {each: Counter() for each in capabilities}
        """Capability -> input -> incomplete answers that lacked it."""
        self.outcomes: dict[str, Counter[str]] = {each: Counter() for each in capabilities}
        """Capability -> "finding", "at_least", "unknown" or "not_valid" -> answers."""
        self._visits: dict[tuple[str, str], _Visit] = {}

    def take_in(self, events: Iterable[Event]) -> None:
        """Events in the order of the log. What was revised afterwards is left as it was said at the time."""
        for event in events:
            value = event.value
            if isinstance(value, Movement):
                self._visit(event, value.encounter).movements.append(event)
            elif isinstance(value, Found) and value.capability in self.versions and not value.key and not value.revised:
                self._answered(event, value)

    def _answered(self, event: Event, found: Found) -> None:
        self.versions[found.capability][found.version, found.digest] += 1
        self.outcomes[found.capability][found.outcome] += 1
        if found.outcome == "at_least":
            self.missing[found.capability].update(found.missing)
        value = float(found.value) if found.outcome in ("finding", "at_least") and isinstance(found.value, int | float) else np.nan
        self._visit(event, event.encounter).found.append((found.capability, event.occurred_at, value, found.outcome == "finding"))

    def _visit(self, event: Event, encounter: str) -> _Visit:
        return self._visits.setdefault((event.about, encounter), _Visit())

    def all(self, person_of: Callable[[str], str] = str) -> list[Course]:
        """Every stay that began, by visit number: record keys are each folder's own, and resamples must not depend on them.

        `person_of`: the record under which a record is read now, after merges.
        """
        visits: dict[tuple[str, str], _Visit] = {}
        for (about, encounter), visit in self._visits.items():
            whole = visits.setdefault((person_of(about), encounter), _Visit())
            whole.movements += visit.movements
            whole.found += visit.found
        courses = (_course(visit, self.capabilities) for _, visit in sorted(visits.items(), key=lambda each: each[0][::-1]))
        return [course for course in courses if course is not None]


def _course(visit: _Visit, capabilities: Collection[str]) -> Course | None:
    movements = valid_movements(visit.movements)
    admitted_at = next((event.occurred_at for event in movements if isinstance(event.value, Admitted)), None)
    if admitted_at is None:
        return None
    left = next((event for event in reversed(movements) if isinstance(event.value, Discharged)), None)
    hours = _hours(left.occurred_at - admitted_at) if left is not None else np.inf
    said = sorted(visit.found, key=lambda each: each[:2])
    answers = {capability: _answers(list(group), admitted_at) for capability, group in groupby(said, key=lambda each: each[0])}
    died = left is not None and left.value.disposition in DIED
    return Course(died, hours, {each: answers.get(each, _NOTHING) for each in capabilities})


def _answers(said: list[tuple[str, datetime, float, bool]], admitted_at: datetime) -> Answers:
    hours = np.array([_hours(at - admitted_at) for _, at, _, _ in said])
    return Answers(hours, np.array([value for _, _, value, _ in said]), np.array([complete for _, _, _, complete in said]))


def _hours(passed: timedelta) -> float:
    return passed / timedelta(hours=1)


_NOTHING = Answers(np.empty(0), np.empty(0), np.empty(0, bool))
