"""A patient's course reduced to what likeness is judged by: problems, age, sex, results out of range, drugs, and how it ended."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core import course
from wardline.core.codings import system_of
from wardline.core.concepts import ALL
from wardline.core.timeline import Timeline
from wardline.science.medication.recognising import substances_of

DIED: Final = frozenset({"20", "40", "41", "42"})
"""HL7 table 0112: the patient died."""
LOOK_BACK: Final = timedelta(days=30)
_JUDGED: Final = tuple(concept for concept in ALL if concept.usual is not None and concept.group != "vital signs")


class Record(NamedTuple):
    """One course. `ended_well`: left alive; None while in, or not known."""

    about: str
    features: frozenset[str]
    drugs: frozenset[str]
    ended_well: bool | None = None


def record_of(timeline: Timeline, moment: datetime) -> Record:
    """What the timeline says about the patient as of the moment; every drug that was ordered or given counts, stopped ones as well."""
    return Record(timeline.about, frozenset(_features(timeline, moment)), drugs_in(timeline), _ended_well(timeline))


def drugs_in(timeline: Timeline) -> frozenset[str]:
    """Substances by name."""
    orders = (event.value for event in timeline.orders.values() if event.value.category == course.MEDICATION)
    given = (event.value for event in timeline.administered)
    found = {substance.name for each in (*orders, *given) for substance in substances_of(each.what, course.Medication(each.what, each.code).codings)}
    return frozenset(found)


def _features(timeline: Timeline, moment: datetime) -> set[str]:
    found = {f"sex {timeline.sex}"} if timeline.sex else set()
    age = timeline.age_years(moment)
    if age is not None:
        found.add(f"age {age // 10 * 10} to {age // 10 * 10 + 9}")
    for condition in course.conditions_of(timeline.diagnoses, moment):
        is_icd = system_of(condition.system) in ("icd10", "")
        if condition.code and not condition.is_resolved:
            found.add(f"problem {condition.code.replace('.', '').upper()[:3] if is_icd else condition.code}")
    for concept in _JUDGED:
        event = next(iter(timeline.values(concept, moment, LOOK_BACK)[-1:]), None)
        if event is not None and concept.usual is not None:
            low, high = concept.usual
            value = event.value.value
            found |= {f"{concept.name} low"} if value < low else {f"{concept.name} high"} if value > high else set()
    return found


def _ended_well(timeline: Timeline) -> bool | None:
    if (timeline.person is not None and timeline.person.died) or timeline.place.disposition in DIED:
        return False
    return True if not timeline.place.is_in and timeline.place.disposition else None
