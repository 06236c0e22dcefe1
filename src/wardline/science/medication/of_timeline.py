"""A patient's record as the medication checks see it: one gathering for the screen, the API and the hooks."""

from datetime import datetime, timedelta
from typing import Final

from wardline.core import course
from wardline.core.capability import Reading
from wardline.core.concepts import Concept
from wardline.core.concepts.ecg import QT_INTERVAL
from wardline.core.concepts.vitals import PULSE, WEIGHT
from wardline.core.course import Medication
from wardline.core.diseases import BREASTFEEDING, PREGNANCY, Disease
from wardline.core.timeline import Timeline
from wardline.science.medication.needed import ALL_RESULTS
from wardline.science.medication.patient import Patient

LOOK_BACK: Final = timedelta(days=180)


def patient_of(timeline: Timeline, as_of: datetime) -> Patient:
    """What the record says. What it does not say stays None: no allergy list is not "no allergies"."""
    conditions = course.conditions_of(timeline.diagnoses, as_of) if timeline.diagnoses else None
    weight = timeline.latest((WEIGHT,), as_of, LOOK_BACK)
    return Patient(
        as_of=as_of, age_years=timeline.age_years(as_of), sex=timeline.sex, weight_kg=weight[0] if weight is not None else None,
        is_pregnant=_stated(timeline, as_of, PREGNANCY), is_breastfeeding=_stated(timeline, as_of, BREASTFEEDING),
        results={concept.id: found for concept in ALL_RESULTS if (found := _newest(timeline, concept, as_of))}, conditions=conditions,
        allergies=course.allergies_of(timeline.allergies, as_of) if timeline.allergies else None,
    )  # fmt: skip


def medications_of(timeline: Timeline, as_of: datetime) -> tuple[Medication, ...]:
    """The running orders, drafts included."""
    return course.running_medications(timeline.orders.values(), as_of)


def qtc_of(timeline: Timeline, as_of: datetime) -> float | None:
    """QTc by Fridericia (QT / RR^(1/3), RR in seconds), in ms, from the newest QT of the last three days and the pulse of that hour."""
    interval = timeline.latest((QT_INTERVAL,), as_of, timedelta(days=3))
    if interval is None:
        return None
    pulse = timeline.latest((PULSE,), interval[1].occurred_at, timedelta(hours=1), preliminary=True)
    return float(interval[0]) / (60 / float(pulse[0])) ** (1 / 3) if pulse is not None else None


def _stated(timeline: Timeline, as_of: datetime, disease: Disease) -> bool | None:
    return True if course.condition_naming(course.conditions_of(timeline.diagnoses, as_of), (disease,), as_of) is not None else None


def _newest(timeline: Timeline, concept: Concept, as_of: datetime) -> tuple[Reading, ...]:
    events = timeline.values(concept, as_of, LOOK_BACK)
    return tuple(Reading(event.occurred_at, event.value.value, "", event.id) for event in events[-1:])
