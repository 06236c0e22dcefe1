"""When is the next dose due? For one series: not needed any more, not allowed, or from when, best when, and late when.

CDSi logic specification, "forecast dates and reasons".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from wardline.science.immunisation.dates import FIRST, LAST, Span, from_day
from wardline.science.immunisation.evaluating import Course, age_rule
from wardline.science.immunisation.schedule import Antigen, Contraindication, IntervalRule, TargetDose
from wardline.science.immunisation.skipping import is_skipped

SeriesStatus = Literal["complete", "not complete", "aged out", "contraindicated", "immune", "not recommended"]
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class SeriesForecast:
    """What a series says: where it stands, the dose that is next and its dates."""

    course: Course
    status: SeriesStatus
    why: str = ""
    number: int = 0
    earliest: date | None = None
    recommended: date | None = None
    past_due: date | None = None
    latest: date | None = None
    vaccines: tuple[str, ...] = field(default_factory=tuple)
    """CVX codes a program would put forward."""

    @property
    def finish(self) -> date | None:
        """When the last dose could be given at the earliest, all intervals kept."""
        if self.earliest is None:
            return None
        day = self.earliest
        for dose in self.course.series.doses[self.course.place + 1 :]:
            spans = [rule.minimum for rule in dose.intervals if rule.from_previous and rule.minimum]
            day = max((each.after(day) for each in spans), default=day)
        return day

    @property
    def is_completable(self) -> bool:
        last = age_rule(self.course.series.doses[-1], self.course.person.as_of)
        finish = self.finish
        return finish is not None and finish < from_day(self.course.person.born, last.maximum if last else None, LAST)


def forecast(course: Course, antigen: Antigen) -> SeriesForecast:
    """What comes next in a course whose given doses were evaluated."""
    as_of = course.person.as_of
    _skip(course, as_of)
    immune, forbidden = is_immune(course, antigen), contraindicated(course, antigen)
    if course.target is None:
        done = bool(course.satisfied)
        return SeriesForecast(course, "complete" if done else "not recommended", "" if done else "no dose of this series is needed")
    if immune:
        return SeriesForecast(course, "immune", immune)
    if forbidden:
        return SeriesForecast(course, "contraindicated", forbidden)
    if course.target.season.until is not None and as_of > course.target.season.until:
        return SeriesForecast(course, "not recommended", "the season is over")
    return _dated(course, antigen)


def _dated(course: Course, antigen: Antigen) -> SeriesForecast:
    """Dates of the next dose; one that would not be needed any more when it could be given is passed over."""
    while True:
        target = course.target
        if target is None:
            return SeriesForecast(course, "complete" if course.satisfied else "not recommended")
        found = _dates(course, target, antigen)
        reached = max(found.earliest or FIRST, course.person.as_of)
        if not is_skipped(target, course.so_far(), reached, "forecast"):
            break
        course.place += 1
        _skip(course, course.person.as_of)
    if found.latest is not None and (course.person.as_of > found.latest or (found.earliest or FIRST) > found.latest):
        return SeriesForecast(course, "aged out", "too old for the next dose")
    return found


def _skip(course: Course, day: date) -> None:
    while (target := course.target) is not None and is_skipped(target, course.so_far(), day, "forecast"):
        course.place += 1


def _dates(course: Course, target: TargetDose, antigen: Antigen) -> SeriesForecast:
    born, as_of = course.person.born, course.person.as_of
    age = age_rule(target, as_of)
    rules = [(rule, since) for rule in target.intervals if rule.in_force.on(as_of) and (since := course.day_of(rule, len(course.doses)))]
    earliest = max([
        from_day(born, age.minimum if age else None, born),
        *_after(rules, "minimum"),
        *(each.given.day for each in course.doses if each.status == "inadvertent"),
        *_conflict_ends(course, target),
        *([target.season.since] if target.season.since else []),
    ])  # fmt: skip
    wished = age.earliest.after(born) if age and age.earliest else max(_after(rules, "earliest"), default=earliest)
    late = age.latest.after(born) if age and age.latest else max(_after(rules, "latest"), default=None)
    last = age.maximum.after(born) - ONE_DAY if age and age.maximum else None
    forbidden = {code for each in _contraindications(course, antigen) for code in each.vaccines}
    vaccines = tuple(
        dict.fromkeys(each.cvx for each in target.preferable if each.ages.has(born, max(wished, earliest)) and each.cvx not in forbidden)
    )
    return SeriesForecast(
        course, "not complete", number=len(course.satisfied) + 1, earliest=earliest, recommended=max(earliest, wished),
        past_due=max(earliest, late - ONE_DAY) if late else None, latest=last, vaccines=vaccines,
    )  # fmt: skip


def _after(rules: list[tuple[IntervalRule, date]], limit: Literal["minimum", "earliest", "latest"]) -> Iterator[date]:
    for rule, since in rules:
        span: Span | None = getattr(rule, limit)
        if span is not None:
            yield span.after(since)


def _conflict_ends(course: Course, target: TargetDose) -> Iterator[date]:
    """Until when a live vaccine given before keeps the next one away."""
    for earlier in course.person.doses:
        for vaccine in target.preferable:
            rule = course.schedule.conflicts.get((earlier.cvx, vaccine.cvx))
            if rule is not None:
                yield rule.end.after(earlier.day)


def is_immune(course: Course, antigen: Antigen) -> str:
    """Why no dose is needed: proof of immunity, or birth before the vaccine; "" where neither holds."""
    known = course.person.observations
    proof = next((code for code in sorted(antigen.immune_with) if code in known), "")
    if proof:
        return course.schedule.observations.get(proof, proof)
    born = antigen.immune_born_before
    if born is not None and course.person.born < born and not antigen.not_immune_with & set(known):
        return f"born before {born.year}"
    return ""


def contraindicated(course: Course, antigen: Antigen) -> str:
    """Why no vaccine of this antigen may be given; "" where one may."""
    against = _contraindications(course, antigen)
    whole = next((each.text for each in against if not each.vaccines), "")
    if whole or course.target is None:
        return whole
    forbidden = {code for each in against for code in each.vaccines}
    usable = {rule.cvx for rule in course.target.preferable}
    return next((each.text for each in against), "") if usable and usable <= forbidden else ""


def _contraindications(course: Course, antigen: Antigen) -> list[Contraindication]:
    person = course.person
    return [each for each in antigen.contraindications if each.observation in person.observations and each.ages.has(person.born, person.as_of)]
