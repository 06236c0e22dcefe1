"""The facts criteria are judged on, straight from a patient's timeline as of a moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from wardline.core import course
from wardline.core.capability import Reading
from wardline.core.concepts import BY_ID, Concept
from wardline.core.timeline import Timeline
from wardline.science.criteria.facts import Facts
from wardline.science.criteria.known import conditions_of, drugs_of, vaccines_of
from wardline.science.criteria.logic import All, AnyOf, Not, Term
from wardline.science.criteria.terms import Asked, Found, Measured

LONGEST: Final = timedelta(days=400)
"""How far back a value is looked for; the criterion says how old it may be."""


def facts_of(
    timeline: Timeline,
    moment: datetime,
    concepts: Iterable[str],
    findings: Mapping[str, float | str] | None = None,
    at_least: Mapping[str, float] | None = None,
    judged: Mapping[str, bool] | None = None,
) -> Facts:
    """What the timeline knows; a list of which nothing was ever stated is missing, not empty."""
    orders = timeline.orders.values()
    has_orders = any(each.value.category == course.MEDICATION for each in orders)
    measured = {id: found for id in concepts if (found := _newest(timeline, BY_ID[id], moment)) is not None}
    return Facts(
        age=timeline.age_years(moment),
        sex=timeline.sex,
        conditions=conditions_of(course.conditions_of(timeline.diagnoses, moment)) if timeline.diagnoses else None,
        drugs=drugs_of(course.running_medications(orders, moment)) if has_orders else None,
        vaccines=vaccines_of(course.vaccinations_given(timeline.immunised.values(), moment)) if timeline.immunised else None,
        measured=measured,
        findings=findings or {},
        at_least=at_least or {},
        judged=judged or {},
        moment=moment,
    )


def _newest(timeline: Timeline, concept: Concept, moment: datetime) -> Reading | None:
    event = next(iter(timeline.values(concept, moment, LONGEST)[-1:]), None)
    return Reading(event.occurred_at, event.value.value, "", event.id) if event is not None else None


def measured_in(terms: Iterable[Term]) -> frozenset[str]:
    """Ids of the concepts that the terms ask for."""
    return frozenset(part.concept.id for part in _parts(terms) if isinstance(part, Measured))


def found_in(terms: Iterable[Term]) -> frozenset[str]:
    """Ids of the capabilities whose answers the terms ask for."""
    return frozenset(part.capability for part in _parts(terms) if isinstance(part, Found))


def _parts(terms: Iterable[Term]) -> Iterable[Term]:
    for term in terms:
        match term:
            case All(parts) | AnyOf(parts):
                yield from _parts(parts)
            case Not(part):
                yield from _parts((part,))
            case _:
                yield term


def asked_in(terms: Iterable[Term]) -> dict[str, str]:
    """What a person is asked: key -> question, each once, in the order of the terms."""
    return {part.key: part.question for part in _parts(terms) if isinstance(part, Asked)}
