"""Whether a dose of a series is not needed: the person is too old for it, has had enough others, or has completed another series.

CDSi logic specification, "evaluate conditional skip".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wardline.science.immunisation.dates import FIRST, LAST
from wardline.science.immunisation.person import DoseGiven, Evaluated, Person
from wardline.science.immunisation.schedule import SkipCondition, SkipSet, TargetDose


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known when the question is asked: doses of this series, all doses, and the groups of series that are complete.

    Of two doses of one day the one that is being evaluated does not count itself; a forecast counts those of the day, too.
    """

    person: Person
    evaluated: tuple[Evaluated, ...]
    complete_groups: frozenset[str]
    counts_the_day: bool = False

    def is_past(self, dose: DoseGiven, day: date) -> bool:
        return dose.day < day or (self.counts_the_day and dose.day == day)


def is_skipped(dose: TargetDose, so_far: SoFar, day: date, context: Literal["evaluation", "forecast"]) -> bool:
    for skip in dose.skips:
        if skip.context in (context, "both") and skip.sets:
            met = [_set_met(each, so_far, day) for each in skip.sets]
            if all(met) if skip.all_of else any(met):
                return True
    return False


def _set_met(each: SkipSet, so_far: SoFar, day: date) -> bool:
    if not each.conditions or not each.in_force.on(day):
        return False
    met = [_met(condition, so_far, day) for condition in each.conditions]
    return all(met) if each.all_of or len(met) == 1 else any(met)


def _met(condition: SkipCondition, so_far: SoFar, day: date) -> bool:
    match condition.kind:
        case "age":
            return condition.ages.has(so_far.person.born, day)
        case "interval":
            last = _last_before(so_far, day)
            return last is not None and condition.interval is not None and day >= condition.interval.after(last.given.day)
        case "completed series":
            return bool(condition.series_groups & so_far.complete_groups)
        case _:
            return _compared(condition, sum(1 for _ in _counted(condition, so_far, day)))


def _last_before(so_far: SoFar, day: date) -> Evaluated | None:
    earlier = (each for each in so_far.evaluated if each.counts_for_intervals and so_far.is_past(each.given, day))
    return max(earlier, key=lambda each: each.given.day, default=None)


def _counted(condition: SkipCondition, so_far: SoFar, day: date) -> Iterable[DoseGiven]:
    """The doses that count: of the vaccines, at the ages and in the dates that are said, before the day that is asked about."""
    doses = [each.given for each in so_far.evaluated if each.status == "valid"] if condition.only_valid else so_far.person.doses
    since, until = condition.dates.since or FIRST, condition.dates.until or LAST
    return (
        dose
        for dose in doses
        if (not condition.vaccines or dose.cvx in condition.vaccines)
        and condition.ages.has(so_far.person.born, dose.day)
        and since <= dose.day <= until
        and so_far.is_past(dose, day)
    )


def _compared(condition: SkipCondition, count: int) -> bool:
    if condition.comparison.startswith("greater"):
        return count > condition.number
    return count < condition.number if condition.comparison.startswith("less") else count == condition.number
