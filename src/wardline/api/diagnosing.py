"""Putting a diagnosis together: the same capabilities as everywhere, asked of a request or of a record, as one answer."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wardline.api.diagnosis_shown import answered_shown, flags_shown, nothing_shown, picture_shown, presentation_shown
from wardline.api.results_read import LabResult, interpretations, values_of
from wardline.api.services import Services
from wardline.capabilities.diagnosis import differential as differential_capability
from wardline.capabilities.diagnosis import red_flags as red_flags_capability
from wardline.core.assessment import Assessor
from wardline.core.errors import Refused
from wardline.core.events import EventId
from wardline.core.timeline import Timeline
from wardline.formats.assessment import completed
from wardline.science.diagnosis import red_flags
from wardline.science.diagnosis.presentations import OTHER, Presentation
from wardline.science.diagnosis.published.library import library


class Told(NamedTuple):
    """What a request says."""

    presentation: str = ""
    symptoms: tuple[str, ...] = ()
    findings: Mapping[str, Any] = {}
    lab_results: tuple[LabResult, ...] = ()
    age_years: int | None = None
    sex: str | None = None
    conditions: tuple[str, ...] = ()
    has_notes: bool = False


def listed(house: Services) -> list[dict[str, Any]]:
    return [presentation_shown(each) for each in _library(house).values()]


def of_told(told: Told, house: Services) -> dict[str, Any]:
    """The answer to a request about nobody in the record."""
    presentation, findings, not_used = _understood(told, house)
    values = values_of(told.lab_results)
    who = {name: value for name, value in (("age_years", told.age_years), ("sex", told.sex)) if value is not None}
    answered = _whole(presentation, findings, {**who, **values}, told.conditions, datetime.now(UTC), house)
    not_used += ["clinical_notes"] if told.has_notes else []
    return {**answered, "interpretations": interpretations({**who, **values}, house) if values else [], "not_used": not_used}


def of_patient(timeline: Timeline, moment: datetime, presentation: str, findings: Mapping[str, Any], house: Services) -> dict[str, Any]:
    """The answer about a record, with what the asker says on top of it."""
    return {**_whole(presentation, dict(findings), {}, (), moment, house, timeline), "interpretations": [], "not_used": []}


def _whole(
    presentation: str,
    findings: dict[str, Any],
    values: Mapping[str, Any],
    conditions: Iterable[str],
    moment: datetime,
    house: Services,
    timeline: Timeline | None = None,
) -> dict[str, Any]:
    known = _library(house)
    if presentation and presentation not in known:
        raise Refused(f"presentation is one of {', '.join(known)}", where="presentation")
    timeline = timeline if timeline is not None else Timeline("")
    arrival, events = _inputs("red_flags", {"presentation": presentation or OTHER, "findings": findings, **values}, timeline, moment, house)
    flags = flags_shown(
        red_flags_capability.flags_of(arrival),
        {name: at for name, event in events.items() if (at := _measured_at(timeline, name, event)) is not None},
    )
    if not presentation:
        return {**nothing_shown("why the patient came is not known: choose a presentation"), "red_flags": flags}
    asked = {"presentation": presentation, "findings": findings, "conditions": list(conditions) or None, **values}
    inputs, _ = _inputs("differential", {**asked, "age": values.get("age_years")}, timeline, moment, house)
    picture = differential_capability.picture_of(inputs)
    return {
        **picture_shown(picture, house),
        "red_flags": flags,
        "answered": answered_shown(
            picture.presentation, differential_capability.answers_of(inputs), red_flags_capability.measured(arrival), findings
        ),
    }


def _inputs(capability: str, given: Mapping[str, Any], timeline: Timeline, moment: datetime, house: Services) -> tuple[Any, Mapping[str, EventId]]:
    """Inputs of the capability, the record's and what was said on top of it; and the record's events behind them."""
    assessor: Assessor = house.engine.assessments.askable[capability]
    names = {name for name, _ in assessor.capability.needs}
    chart = assessor.gather(timeline, moment, house.engine.assessments.site)
    whole = completed(assessor.capability, chart, {name: value for name, value in given.items() if name in names and value is not None})
    return assessor.capability.inputs(**whole.values), whole.events


def _measured_at(timeline: Timeline, concept: str, event: EventId) -> datetime | None:
    return next((each.occurred_at for each in reversed(timeline.observations.of(concept)) if each.id == event), None)


def _understood(told: Told, house: Services) -> tuple[str, dict[str, Any], list[str]]:
    """The presentation, the findings by id, and the words nobody here understands."""
    known = _library(house)
    words = {name.casefold(): each.id for each in known.values() for name in (each.id, each.title, *each.words)}
    named = [words[symptom.casefold()] for symptom in told.symptoms if symptom.casefold() in words]
    presentation = told.presentation or next(iter(named), "")
    questions = known[presentation].questions if presentation in known else ()
    findings_by_word = {word.casefold(): id for id, word in red_flags.FINDINGS.items()} | {id: id for id in red_flags.FINDINGS}
    findings_by_word |= {word.casefold(): question.id for question in questions for word in (question.ask, question.id)}
    findings, not_used = dict(told.findings), []
    for symptom in told.symptoms:
        folded = symptom.casefold()
        if folded in findings_by_word:
            findings.setdefault(findings_by_word[folded], True)
        elif words.get(folded) != presentation:
            not_used.append(symptom)
    if not presentation:
        not_used += [name for name in findings if name not in red_flags.FINDINGS]
    return presentation, findings, not_used


def _library(house: Services) -> Mapping[str, Presentation]:
    return library(differential_capability.of_the_site(house.engine.assessments.site))
