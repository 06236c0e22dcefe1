"""Of the series against one disease, which one counts for this person? The one that is complete, or that she is best placed to finish.

CDSi logic specification, "select patient series": per group of series one is preferred by points, and of groups that can stand in for
one another the one that is further counts.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from wardline.science.immunisation.dates import FIRST, LAST, from_day
from wardline.science.immunisation.forecasting import SeriesForecast

_RANK: Final = {"complete": 0, "immune": 0, "not complete": 1, "contraindicated": 2, "aged out": 3, "not recommended": 4}


def preferred(group: list[SeriesForecast]) -> SeriesForecast | None:
    """The series of one group that counts; one for older people that was not begun does not."""
    group = [each for each in group if each.course.valid or _is_old_enough(each)]
    scorable = _scorable(group)
    if not scorable:
        return next((each for each in group if each.course.series.is_default), None)
    complete = [each for each in scorable if each.status == "complete"]
    if complete:
        return _best(complete, [(1, lambda each: len(each.course.valid), max)])
    started = [each for each in scorable if each.course.valid and each.status == "not complete"]
    if started:
        return _best_started(started)
    default = next((each for each in scorable if each.course.series.is_default), None)
    return default or _best(scorable, [(1, lambda each: each.earliest or LAST, min), (1, lambda each: each.is_completable, max)])


def _is_old_enough(each: SeriesForecast) -> bool:
    return each.course.person.as_of >= from_day(each.course.person.born, each.course.series.minimum_start, FIRST)


def _scorable(group: list[SeriesForecast]) -> list[SeriesForecast]:
    allowed = [each for each in group if each.status != "contraindicated"] or group
    risks = [each for each in allowed if each.course.series.type == "Risk"]
    first = min((each.course.series.priority for each in risks), default="")
    has_default = any(each.course.series.is_default for each in group)
    nobody_started = not any(each.course.valid for each in group)
    return [each for each in allowed if _is_scorable(each, first, is_open=nobody_started and not has_default)]


def _is_scorable(each: SeriesForecast, first_priority: str, *, is_open: bool) -> bool:
    course = each.course
    match course.series.type:
        case "Risk":
            return course.series.priority == first_priority
        case "Evaluation Only":
            return each.status == "complete"
        case _ if course.valid:
            return course.valid[0].given.day < from_day(course.person.born, course.series.maximum_start, LAST)
        case _:
            return is_open


def _best_started(started: list[SeriesForecast]) -> SeriesForecast:
    """Points for series that have begun: product kept to, can be completed, most valid doses, fewest to go, earliest end."""
    return _best(started, [
        (2, lambda each: each.course.series.is_product and len(each.course.valid) == len(each.course.doses), max),
        (3, lambda each: each.is_completable, max),
        (2, lambda each: len(each.course.valid), max),
        (2, lambda each: len(each.course.series.doses) - each.course.place, min),
        (1, lambda each: each.finish or LAST, min),
    ])  # fmt: skip


Criterion = tuple[int, Callable[[SeriesForecast], Any], Callable[[Iterable[Any]], Any]]


def _best(candidates: list[SeriesForecast], criteria: list[Criterion]) -> SeriesForecast:
    """The one with most points; of equals, the one the schedule prefers.

    Who alone is best by a criterion gets its points, who is not best loses them; several bests get none. A yes-or-no criterion that nobody
    meets is lost by all.
    """
    points = [0] * len(candidates)
    for weight, value, best_of in criteria:
        values = [value(each) for each in candidates]
        best = best_of(values)
        for place, each in enumerate(values):
            if each != best or each is False:
                points[place] -= weight
            elif values.count(best) == 1:
                points[place] += weight
    return candidates[min(range(len(candidates)), key=lambda place: (-points[place], candidates[place].course.series.preference))]


def counting(by_group: dict[str, SeriesForecast]) -> list[SeriesForecast]:
    """Of the groups' preferred series those that count: not the ones that another group stands in for."""
    best = [each for each in by_group.values() if not any(_stands_in(other, each) for other in by_group.values() if other is not each)]
    telling = [each for each in best if _RANK[each.status] <= _RANK["contraindicated"]]
    return telling or best


def _stands_in(other: SeriesForecast, each: SeriesForecast) -> bool:
    if other.course.series.group not in each.course.series.equivalents:
        return False
    mine, theirs = _place(each), _place(other)
    return theirs < mine


def _place(each: SeriesForecast) -> tuple[int, bool]:
    return _RANK[each.status], each.course.series.type != "Risk"
