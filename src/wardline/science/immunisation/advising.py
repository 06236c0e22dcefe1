"""The whole advice for a person: for each vaccine group where she stands and when the next dose is due.

CDSi logic specification, "identify and evaluate vaccine group": one antigen or several, as measles, mumps and rubella.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from wardline.science.immunisation.choosing import counting, preferred
from wardline.science.immunisation.dates import FIRST, LAST
from wardline.science.immunisation.evaluating import evaluated
from wardline.science.immunisation.forecasting import SeriesForecast, SeriesStatus, forecast
from wardline.science.immunisation.person import DoseGiven, Evaluated, Person
from wardline.science.immunisation.schedule import Antigen, Schedule, Series


@dataclass(frozen=True, slots=True)
class GroupAdvice:
    """What is due in one vaccine group."""

    group: str
    status: SeriesStatus
    why: str
    number: int
    earliest: date | None
    recommended: date | None
    past_due: date | None
    vaccines: tuple[str, ...]
    series: tuple[str, ...]
    doses: tuple[Evaluated, ...]


def advice(person: Person, schedule: Schedule) -> tuple[GroupAdvice, ...]:
    """Advice for every vaccine group that has a series for this person."""
    found = []
    for group, antigens in schedule.groups.items():
        standings = [_of_antigen(person, schedule, schedule.antigens[name]) for name in antigens if name in schedule.antigens]
        known = [each for each in standings if each.counting]
        if known:
            found.append(_of_group(group, known, is_full=group in schedule.full_groups))
    return tuple(found)


class Standing(NamedTuple):
    """Where a person stands with one antigen: the preferred series of each group, and those of them that count."""

    preferred: list[SeriesForecast]
    counting: list[SeriesForecast]

    @property
    def due(self) -> SeriesForecast | None:
        """The series whose next dose is due first."""
        return min((each for each in self.counting if each.status == "not complete"), key=lambda each: each.recommended or LAST, default=None)


def _of_antigen(person: Person, schedule: Schedule, antigen: Antigen) -> Standing:
    by_group: dict[str, list[SeriesForecast]] = {}
    complete: set[str] = set()
    for series in sorted(antigen.series, key=lambda each: each.group):
        if is_relevant(series, person):
            found = forecast(evaluated(series, person, schedule, frozenset(complete)), antigen)
            by_group.setdefault(series.group, []).append(found)
            if found.status == "complete":
                complete.add(series.group)
    chosen = {group: best for group, listed in by_group.items() if (best := preferred(listed)) is not None}
    return Standing(list(chosen.values()), counting(chosen))


def is_relevant(series: Series, person: Person) -> bool:
    """Whether a series is for this person: her sex, and for a risk series a reason at her age."""
    if series.genders and person.gender not in series.genders:
        return False
    if series.type == "Standard" or not series.indications:
        return True
    return any(each.observation in person.observations and each.ages.has(person.born, person.as_of) for each in series.indications)


def _of_group(group: str, standings: list[Standing], *, is_full: bool) -> GroupAdvice:
    forecasts = [each for standing in standings for each in standing.counting]
    due = [standing.due for standing in standings if standing.due is not None]
    names, doses = tuple(each.course.series.name for each in forecasts), tuple(_doses(standings))
    blocked = next((each for each in forecasts if each.status == "contraindicated"), None)
    if blocked is not None and (is_full or not due):
        due = []
    if not due:
        lead = blocked or _done(forecasts)
        return GroupAdvice(group, lead.status, lead.why, 0, None, None, None, (), names, doses)
    lead = min(due, key=lambda each: each.recommended or LAST)
    last = max((dose.given.day for each in forecasts for dose in each.course.doses), default=FIRST)
    earliest = max([lead.earliest or FIRST, last, *(each.earliest or FIRST for each in due if is_full)])
    past = [max(each.past_due, earliest) for each in due if each.past_due]
    return GroupAdvice(
        group=group,
        status=lead.status,
        why=lead.why,
        number=lead.number,
        earliest=earliest,
        recommended=max(earliest, lead.recommended or FIRST),
        past_due=min(past) if past else None,
        vaccines=_in_all(due),
        series=names,
        doses=doses,
    )


def _done(forecasts: list[SeriesForecast]) -> SeriesForecast:
    """Nothing is due: the antigen that says most about why."""
    order = ("immune", "complete", "aged out", "not recommended")
    return min(forecasts, key=lambda each: order.index(each.status) if each.status in order else len(order))


def _in_all(due: list[SeriesForecast]) -> tuple[str, ...]:
    """Vaccines that serve every antigen that is due, in the order of the first."""
    return tuple(code for code in due[0].vaccines if all(code in each.vaccines for each in due)) if due else ()


def _doses(standings: list[Standing]) -> Iterator[Evaluated]:
    """Each dose once: as the series of an antigen that takes it sees it, and of several antigens the one that takes it least."""
    by_antigen: list[dict[DoseGiven, Evaluated]] = []
    for standing in standings:
        seen: dict[DoseGiven, Evaluated] = {}
        for dose in (dose for each in standing.preferred for dose in each.course.doses):
            seen[dose.given] = min((dose, seen.get(dose.given, dose)), key=_regard)
        by_antigen.append(seen)
    every = {given for seen in by_antigen for given in seen}
    worst = (max((seen[given] for seen in by_antigen if given in seen), key=_regard) for given in every)
    return iter(sorted(worst, key=lambda each: (each.given.day, each.given.id)))


def _regard(dose: Evaluated) -> int:
    return ("valid", "inadvertent", "not valid", "extraneous", None).index(dose.status)
