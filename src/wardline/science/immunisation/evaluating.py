"""Do the doses that were given count? Each dose against the next one a series asks for.

CDSi logic specification, "evaluate vaccine dose administered": inadvertent vaccine, age, intervals, live-virus conflict, vaccine. A dose a
few days early is valid where the schedule's absolute minimum allows it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from wardline.science.immunisation.dates import FIRST, LAST, Span, from_day
from wardline.science.immunisation.person import DoseGiven, Evaluated, Person
from wardline.science.immunisation.schedule import AgeRule, IntervalRule, Schedule, Series, TargetDose
from wardline.science.immunisation.skipping import SoFar, is_skipped

TOO_YOUNG: Final = "too young"
TOO_OLD: Final = "too old"
TOO_SOON: Final = "too soon after the dose before"
LIVE: Final = "too close to another live vaccine"
WRONG_VACCINE: Final = "not a vaccine of this series at this age"
INADVERTENT: Final = "a vaccine not meant for this"
DONE: Final = "the series was already complete"


@dataclass(slots=True)
class Course:
    """A series with the doses of one person: what was satisfied or skipped, and which dose comes next."""

    series: Series
    person: Person
    schedule: Schedule
    complete_groups: frozenset[str]
    doses: list[Evaluated]
    place: int = 0
    """The next target dose, counted from 0."""
    satisfied: list[int] = field(default_factory=list)
    """Places of satisfied target doses, a recurring one each time."""

    @property
    def target(self) -> TargetDose | None:
        return self.series.doses[self.place] if self.place < len(self.series.doses) else None

    @property
    def valid(self) -> list[Evaluated]:
        return [each for each in self.doses if each.status == "valid"]

    def so_far(self, *, before: int | None = None) -> SoFar:
        """What is known while the dose at this place of the list is evaluated; None: when all have been."""
        return SoFar(self.person, tuple(self.doses[:before]), self.complete_groups, counts_the_day=before is None)

    def day_of(self, rule: IntervalRule, before: int) -> date | None:
        """The day an interval is counted from, for the dose at this place of the list; None where there is none."""
        earlier = self.doses[:before]
        if rule.from_previous:
            return next((each.given.day for each in reversed(earlier) if each.counts_for_intervals), None)
        if rule.from_target is not None:
            return next((each.given.day for each in earlier if each.satisfied == rule.from_target), None)
        if rule.from_vaccines:
            listed = (each for each in reversed(earlier) if each.given.cvx in rule.from_vaccines and each.status != "inadvertent")
            return next((each.given.day for each in listed), None)
        return self.person.observations.get(rule.from_observation) if rule.from_observation else None


def evaluated(series: Series, person: Person, schedule: Schedule, complete_groups: frozenset[str]) -> Course:
    """The course of a person through a series."""
    given = [Evaluated(dose) for dose in person.doses if _protects(schedule, series.antigen, dose, person.born)]
    course = Course(series, person, schedule, complete_groups, given)
    for at, dose in enumerate(given):
        _skip(course, dose.given.day, at)
        target = course.target
        if target is None:
            dose.status, dose.reason = "extraneous", DONE
            continue
        _judge(course, dose, at, target)
        if dose.status == "valid":
            course.satisfied.append(course.place)
            dose.satisfied = course.place + 1
            course.place += not target.recurs
    return course


def _protects(schedule: Schedule, antigen: str, dose: DoseGiven, born: date) -> bool:
    return any(name == antigen and ages.has(born, dose.day) for name, ages in schedule.protects.get(dose.cvx, ()))


def _skip(course: Course, day: date, at: int) -> None:
    while (target := course.target) is not None and is_skipped(target, course.so_far(before=at), day, "evaluation"):
        course.place += 1


def _judge(course: Course, dose: Evaluated, at: int, target: TargetDose) -> None:
    """Set the dose's status and the reason for it."""
    born, day = course.person.born, dose.given.day
    if dose.given.cvx in target.inadvertent:
        dose.status, dose.reason = "inadvertent", INADVERTENT
        return
    age = age_rule(target, day)
    if age is not None and day < from_day(born, age.absolute, FIRST):
        dose.status, dose.reason = "not valid", TOO_YOUNG
    elif age is not None and day >= from_day(born, age.maximum, LAST):
        dose.status, dose.reason = "extraneous", TOO_OLD
    elif not _intervals_kept(course, target, day, at):
        dose.status, dose.reason = "not valid", TOO_SOON
    elif _conflicts(course, dose):
        dose.status, dose.reason = "not valid", LIVE
    elif not any(rule.cvx == dose.given.cvx and rule.ages.has(born, day) for rule in (*target.preferable, *target.allowable)):
        dose.status, dose.reason = "not valid", WRONG_VACCINE
    else:
        dose.status = "valid"


def age_rule(target: TargetDose, day: date) -> AgeRule | None:
    """The rule on ages that holds on a day."""
    return next((rule for rule in target.ages if rule.in_force.on(day)), None)


def _intervals_kept(course: Course, target: TargetDose, day: date, at: int) -> bool:
    rules = [rule for rule in target.intervals if rule.in_force.on(day)]
    if all(_kept(rule.absolute, course.day_of(rule, at), day) for rule in rules):
        return True
    other = target.allowable_interval
    since = course.day_of(other, at) if other else None
    return other is not None and since is not None and _kept(other.absolute, since, day)


def _kept(least: Span | None, since: date | None, day: date) -> bool:
    return least is None or since is None or day >= least.after(since)


def _conflicts(course: Course, dose: Evaluated) -> bool:
    """Whether an earlier live vaccine, of this series or not, was too close before."""
    statuses = {each.given: each.status for each in course.doses}
    for earlier in course.person.doses:
        rule = course.schedule.conflicts.get((earlier.cvx, dose.given.cvx))
        if rule is None or earlier.day >= dose.given.day:
            continue
        end = rule.end if statuses.get(earlier) not in ("valid", None) else rule.end_if_valid
        if rule.begin.after(earlier.day) <= dose.given.day < end.after(earlier.day):
            return True
    return False
