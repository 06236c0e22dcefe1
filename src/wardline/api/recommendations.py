"""Recommendations: which treatment, by guidelines and by patients like this one, under the safety checks; and which dose, as a draft."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wardline.api import sight
from wardline.api.asking import asked
from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.guidelines import facts
from wardline.api.medication import rules_of
from wardline.api.patients import seen
from wardline.api.services import Services
from wardline.api.shapes import recommendations as shapes
from wardline.core.course import Medication
from wardline.core.errors import NotFound, Refused
from wardline.core.people import Person
from wardline.core.timeline import Timeline
from wardline.formats.assessment import assess, completed, gathered, need_known
from wardline.science.guidelines.applying import applied
from wardline.science.guidelines.card import Guideline
from wardline.science.medication.of_timeline import medications_of, patient_of, qtc_of
from wardline.science.medication.pharmacokinetics.dosing import GENTAMICIN, VANCOMYCIN, Infused, curve, estimated, hours_between
from wardline.science.medication.problem import Problem
from wardline.science.medication.review import review
from wardline.science.recommending.recommending import Advised, Candidate, Recommended, candidates, recommend
from wardline.science.recommending.record import record_of

doors = Doors("recommendations")
CAUTION: Final = (
    "A second opinion for a prescriber. What similar patients were given is not what would have been best for them; only safety checks and "
    "guidelines know reasons."
)
DOSED: Final = {
    "vancomycin": "vancomycin_dosing", "gentamicin": "gentamicin_dosing", "warfarin": "warfarin_start", "insulin": "insulin_correction",
}  # fmt: skip
INFUSED: Final[dict[str, Infused]] = {"vancomycin": VANCOMYCIN, "gentamicin": GENTAMICIN}
FORECAST_HOURS: Final = 48.0


class TreatmentQuestion(BaseModel):
    """About whom. `judged` answers questions of guideline cards that no record answers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"patient": "k7q2mfx3a4b5c6d7"}]})

    patient: str = Field(description="The record's key.")
    condition: str | None = Field(None, description="Only by this guideline card: its id, or an ICD-10 code.")
    judged: dict[str, bool] = Field(default_factory=dict)
    as_of: AwareDatetime | None = Field(None, description="What was known at this moment; now when left out.")


class DosageQuestion(BaseModel):
    """Which drug, for whom. Without a patient only what is given counts; with one it goes before the record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"drug": "vancomycin", "given": {"age_years": 60, "sex": "M", "weight": 72, "creatinine": 1.2}}]},
    )

    drug: str = Field(examples=["vancomycin", "gentamicin", "warfarin", "insulin"])
    patient: str | None = Field(None, description="The record's key.")
    given: dict[str, Any] = Field(default_factory=dict, description="Inputs of the drug's capability by name.")
    as_of: AwareDatetime | None = Field(None, description="What was known at this moment; now when left out.")


@doors.post("/api/v1/recommendations/treatment", who="patient.chart", answers=shapes.Treatment)
async def treatment(question: TreatmentQuestion, seen_by: SeenBy, house: House) -> Response:
    """Drugs by guidelines and by what similar patients here were given, each with its reasons; what a check speaks against stands apart."""
    person = _allowed(question.patient, seen_by, house)
    shown, moment = await seen(question.patient, question.as_of, person, house, "treatment recommended")
    likeness = await house.past.likeness(house)
    cards = _cards(question, shown, moment, house)
    advised = _advised(cards, question.judged, shown, moment, house)
    patient = record_of(shown.timeline, moment)
    problems = await _problems(candidates(patient, likeness, advised), shown.timeline, moment, house)
    vetoes = {name: _against(found) for name, found in problems.items() if any(map(_is_veto, found))}
    result = recommend(patient, likeness, advised, vetoes)
    return json_response({
        "patient": shown.timeline.about, "as_of": moment, "restricted": shown.known, **_result(result),
        "cautions": [
            {"drug": each.drug, "summary": problem.summary, "management": problem.management, "standing": problem.source.standing}
            for each in result.ranked for problem in problems.get(each.drug, ())
        ],
        "guidelines": [card.title for card in cards],
        "follow_up": [{"guideline": card.id, "what": each.what, "often": each.often} for card in cards for each in card.follow_up],
        "caution": CAUTION,
    })  # fmt: skip


@doors.post("/api/v1/recommendations/dosage", who="patient.chart", answers=shapes.Dosage)
async def dosage(question: DosageQuestion, seen_by: SeenBy, house: House) -> Response:
    """A dose as a draft to sign, for drugs dosed by levels, INR or glucose; with the predicted concentration where there is a model."""
    assessor = house.engine.assessments.askable.get(DOSED.get(question.drug, ""))
    if assessor is None:
        raise NotFound(f"no dosing of this drug here; there are {', '.join(DOSED)}")
    capability = assessor.capability
    need_known(capability, question.given)
    head = {
        "drug": question.drug,
        "capability": capability.id,
        "standing": capability.standing,
        "caution": capability.caution,
        "given": question.given,
    }
    if question.patient is None:
        await house.audit.record(seen_by, "dosage asked", detail="values only", capability=capability.id)
        answer = assess(capability, question.given)
        values = {} if answer["outcome"] == "refused" else gathered(capability, question.given).values
        return json_response({**head, "answer": answer, "inputs": [], "curve": _curve(question.drug, values)})
    person = _allowed(question.patient, seen_by, house)
    shown, moment = await seen(question.patient, question.as_of, person, house, "dosage asked")
    site = house.engine.assessments.site
    values = completed(capability, assessor.gather(shown.timeline, moment, site), question.given).values
    return json_response({
        **head, "patient": shown.timeline.about, "as_of": moment, "restricted": shown.known,
        **asked(assessor, shown, moment, question.given, house.engine.assessments), "curve": _curve(question.drug, values),
    })  # fmt: skip


def _allowed(about: str, seen_by: Person, house: Services) -> Person:
    record = house.engine.house.survivor(about)
    person = allowed(seen_by, "patient.chart", record, house)
    house.edge.limits.patient(person, record)
    return person


def _cards(question: TreatmentQuestion, shown: sight.Seen, moment: datetime, house: Services) -> list[Guideline]:
    """The cards that are about this patient, or the one asked for."""
    cards = list(house.guidelines.values())
    if question.condition is not None:
        cards = [card for card in cards if card.id == question.condition or card.disease.includes(question.condition, "icd10")]
        if not cards:
            raise NotFound(f"there is no guideline of this name here; there are {', '.join(house.guidelines)}")
        return cards
    known = facts(shown, moment, cards, question.judged, house)
    return [card for card in cards if applied(card, known).met]


def _advised(cards: list[Guideline], judged: Mapping[str, bool], shown: sight.Seen, moment: datetime, house: Services) -> dict[str, list[Advised]]:
    """The drugs of steps that are due, by substance."""
    known = facts(shown, moment, cards, judged, house)
    found: dict[str, list[Advised]] = {}
    for card in cards:
        for each in applied(card, known).steps:
            for medicine in each.step.medicines if each.state == "due" else ():
                found.setdefault(medicine.substance, []).append(Advised(card.id, each.step.id, each.step.do))
    return found


async def _problems(names: frozenset[str], timeline: Timeline, moment: datetime, house: Services) -> dict[str, tuple[Problem, ...]]:
    """What the medication checks say when each drug is added to those running, by drug."""
    patient, running = patient_of(timeline, moment), medications_of(timeline, moment)
    rules, qtc = rules_of(house), qtc_of(timeline, moment)
    found = {}
    for name in sorted(names):
        problems = review(patient, (*running, Medication(name)), site=rules, qtc_ms=qtc).problems
        found[name] = tuple(problem for problem in problems if problem.is_new and name in problem.drugs and problem.severity)
        await asyncio.sleep(0)  # the ward's turn, between two reviews
    return found


def _is_veto(problem: Problem) -> bool:
    """Severe, or an allergy, whatever its source's standing: here nobody is interrupted, and a doubtful drug is simply not proposed."""
    return problem.tier == "interrupt" or problem.severity.word == "high" or problem.kind in ("allergy", "duplicate", "pregnancy")


def _against(problems: tuple[Problem, ...]) -> str:
    return "; ".join(problem.summary for problem in problems if _is_veto(problem))


def _result(result: Recommended) -> dict[str, Any]:
    few = f"Too few similar patients ({result.similar} of {result.of} read): only guidelines speak." if result.too_few else ""
    many = f"{result.similar} similar patients of {result.of}; they share {', '.join(result.shared) or 'no single feature'}."
    return {
        "similar": result.similar, "of": result.of, "too_few": result.too_few, "shared": list(result.shared), "summary": few or many,
        "recommended": [_candidate(each, result) for each in result.ranked], "vetoed": [_candidate(each, result) for each in result.vetoed],
    }  # fmt: skip


def _candidate(each: Candidate, result: Recommended) -> dict[str, Any]:
    return {
        **each._asdict(), "why": _why(each, result), "company": list(each.company), "advised": [advice._asdict() for advice in each.advised],
        "low": round(each.low, 3), "high": round(each.high, 3),
    }  # fmt: skip


def _why(each: Candidate, result: Recommended) -> str:
    said = [f"{advice.guideline.replace('_', ' ')}: {advice.words}" for advice in each.advised]
    if each.got:
        ended = f", {each.ended_well} of {each.known} left alive" if each.known else ""
        said.append(f"of {result.similar} similar patients {each.got} got it{ended}")
    if each.company:
        said.append(f"often together with {', '.join(each.company)}")
    return "; ".join([*([f"not proposed: {each.veto}"] if each.veto else []), *said])


def _curve(drug: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The predicted concentration from the first dose until two days after the moment; None without doses, or without a model."""
    infused = INFUSED.get(drug)
    if infused is None or not values.get("doses") or any(values.get(name) is None for name in ("age_years", "sex", "weight", "creatinine")):
        return None
    named = {name: values[name] for name in ("age_years", "sex", "weight", "height", "creatinine", "doses")}
    try:
        found = estimated(infused, **named, on_dialysis=bool(values.get("haemodialysis")), levels=values.get(f"{drug}_level"))
    except Refused:
        return None  # the answer beside it says what is wrong
    course = found.course
    if course.began_at is None:
        return None
    end = hours_between(course.began_at, values["as_of"]) if values.get("as_of") is not None else course.infusions[-1].start
    drawn = curve(found.person, course.infusions, 0.0, end + FORECAST_HOURS)
    return {
        "began_at": course.began_at, "model": found.person.model.id, **{name: list(line) for name, line in drawn._asdict().items()},
        "levels": [{"hour": round(level.at, 2), "value": level.value} for level in course.levels],
    }  # fmt: skip
