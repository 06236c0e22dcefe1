"""Hospital stays: inpatient encounters, and the emergency visit, observation or day surgery that led into them.

From the CMS and Joint Commission shared library CQMCommon, version 2.2: what ended an hour or less before the next began belongs to
the same stay.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from wardline.science.quality.reading import HOUR, Interval, Resource, Resources, age_at, interval, ordered, referred
from wardline.science.quality.value_sets import ValueSet, ValueSets

INPATIENT: Final = ValueSet("2.16.840.1.113883.3.666.5.307", "Encounter Inpatient")
EMERGENCY: Final = ValueSet("2.16.840.1.113883.3.117.1.7.1.292", "Emergency Department Visit")
OBSERVATION: Final = ValueSet("2.16.840.1.113762.1.4.1111.143", "Observation Services")
DAY_SURGERY: Final = ValueSet("2.16.840.1.113762.1.4.1110.38", "Outpatient Surgery Service")
STAY_SETS: Final = (INPATIENT, EMERGENCY, OBSERVATION)


class Stay(NamedTuple):
    """An inpatient encounter, its own time, and the patient's age when it began."""

    encounter: Resource
    period: Interval
    age: int | None

    @property
    def label(self) -> str:
        return f"Encounter/{self.encounter.get('id', '?')}, {self.period.start.date()} to {self.period.end.date()}"


def finished_stays(resources: Resources, sets: ValueSets, period: Interval) -> Iterator[Stay]:
    """Inpatient encounters that are finished and ended within the measurement period."""
    for stay in stays(resources, sets):
        if stay.encounter.get("status") == "finished" and period.has_day(stay.period.end):
            yield stay


def stays(resources: Resources, sets: ValueSets) -> Iterator[Stay]:
    for encounter in _encounters(resources, sets, INPATIENT):
        lasted = interval(encounter.get("period"))
        if lasted is not None:
            yield Stay(encounter, lasted, age_at(resources, lasted.start))


def with_observation(stay: Stay, resources: Resources, sets: ValueSets, door: ValueSet = EMERGENCY) -> Interval:
    """The stay with the observation and the visit to the emergency department, or another door, that led into it."""
    observed = _before(stay.period, resources, sets, OBSERVATION)
    return _before(observed, resources, sets, door)


def with_day_surgery(stay: Stay, resources: Resources, sets: ValueSets) -> Interval:
    """The same, with the day surgery before it."""
    return _before(with_observation(stay, resources, sets), resources, sets, DAY_SURGERY, is_finished=False)


def diagnoses(stay: Stay, resources: Resources) -> Iterator[Any]:
    """What the encounter says was diagnosed, as coded concepts."""
    for diagnosis in stay.encounter.get("diagnosis", ()):
        condition = referred(diagnosis.get("condition"), resources)
        if condition is not None:
            yield condition.get("code")


def _before(stay: Interval, resources: Resources, sets: ValueSets, kind: ValueSet, *, is_finished: bool = True) -> Interval:
    """The stay from the beginning of the last such encounter that ended at most an hour before it."""
    led: Interval | None = None
    for encounter in _encounters(resources, sets, kind):
        lasted = interval(encounter.get("period"))
        if lasted is None or (is_finished and encounter.get("status") != "finished"):
            continue
        if lasted.end <= stay.start and stay.start - lasted.end <= HOUR and (led is None or lasted.end > led.end):
            led = lasted
    return Interval(led.start, stay.end) if led else stay


def _encounters(resources: Resources, sets: ValueSets, kind: ValueSet) -> Iterator[Resource]:
    return (each for each in ordered(resources, "Encounter") if any(sets.includes(kind, type) for type in each.get("type", ())))
