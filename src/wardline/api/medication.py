"""Medication: is this list of drugs safe for this patient, and what would the drug somebody is about to order change?

Nothing is stored and nobody is alerted. The record fills in what it knows; what the asker says goes before it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.patients import AsOf, seen
from wardline.api.services import Services
from wardline.api.shapes import medication as shapes
from wardline.core.capability import Reading
from wardline.core.concepts import BY_ID
from wardline.core.course import Medication
from wardline.core.errors import Refused
from wardline.core.timeline import Timeline
from wardline.formats.course import stated
from wardline.science.medication.of_timeline import medications_of, patient_of, qtc_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Role, told_to
from wardline.science.medication.review import Review, review
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules

doors = Doors("medication")
EXAMPLE: Final[dict[str, JsonValue]] = {
    "medications": ["warfarin 5 mg", {"what": "ibuprofen", "dose": "400 mg", "route": "PO", "frequency": "TID"}], "conditions": ["I48.0"],
    "allergies": [{"text": "penicillin", "reaction": "rash"}], "age_years": 78, "sex": "F", "weight_kg": 61, "results": {"inr": 3.8,
        "creatinine": 1.4},
}  # fmt: skip
MOST_DRUGS: Final = 200


class MedicationQuestion(BaseModel):
    """The drugs to check. With a patient they are added to the record's; without one only what is said here counts."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [EXAMPLE, {"patient": "k7q2mfx3a4b5c6d7", "medications": ["ibuprofen 400 mg"]}]}
    )

    patient: str | None = Field(None, description="The record's key.", examples=["k7q2mfx3a4b5c6d7"])
    medications: list[Any] = Field(
        default_factory=list, max_length=MOST_DRUGS, description="Names, or objects with what, code, dose, route, frequency, since."
    )
    stop: list[str] = Field(default_factory=list, max_length=MOST_DRUGS, description="Numbers of running orders that would be stopped.")
    conditions: list[Any] | None = Field(None, description="ICD-10 codes, or objects with code, system, text.")
    allergies: list[Any] | None = Field(None, description="Names, or objects with text, code, reaction, severity. An empty list: none known.")
    age_years: int | None = Field(None, ge=0, le=130)
    sex: str | None = Field(None, pattern="^[FM]$")
    weight_kg: float | None = Field(None, gt=0, le=500)
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    qtc_ms: float | None = Field(None, gt=100, le=1000)
    results: dict[str, float] = Field(default_factory=dict, description="Newest results by concept, in the unit of the concept.")
    role: Role | None = Field(None, description="Only what concerns this role: prescriber, pharmacist or nurse.")
    as_of: AwareDatetime | None = Field(None, description="What was known at this moment (RFC 3339 with offset); now when left out.")


@doors.post("/api/v1/recommendations/medication", who="patient.chart", answers=shapes.MedicationReview)
async def recommend(question: MedicationQuestion, seen_by: SeenBy, house: House) -> Response:
    """Interactions, allergies, duplicates, doses, kidneys, liver, pregnancy, monitoring of a list of drugs, each with what to do."""
    if question.patient is None:
        await house.audit.record(seen_by, "medication checked", detail="values only")
        return json_response(_alone(question, house))
    record = house.engine.house.survivor(question.patient)
    person = allowed(seen_by, "patient.chart", record, house)
    house.edge.limits.patient(person, record)
    shown, moment = await seen(question.patient, question.as_of, person, house, "medication checked")
    head = {"patient": shown.timeline.about, "as_of": moment, "restricted": shown.known}
    return json_response({**head, **supposed(shown.timeline, moment, question, house)})


@doors.get("/api/v1/patients/{id}/medication-review", who="patient.chart", about="id", answers=shapes.MedicationReview)
async def medication_review(
    id: str,
    seen_by: SeenBy,
    house: House,
    as_of: AsOf = None,
    role: Annotated[Role | None, Query(description="Only what concerns this role.")] = None,
) -> Response:
    """Every check over the drugs that run now, and what could not be checked."""
    shown, moment = await seen(id, as_of, seen_by, house, "medication reviewed")
    head = {"patient": shown.timeline.about, "as_of": moment, "restricted": shown.known}
    return json_response({**head, **review_json(*reviewed(shown.timeline, moment, house), role=role)})


def reviewed(timeline: Timeline, moment: datetime, house: Services) -> tuple[Review, Patient]:
    """The review of a record as of a moment, by the house's and the site's rules."""
    patient = patient_of(timeline, moment)
    return review(patient, medications_of(timeline, moment), site=rules_of(house), qtc_ms=qtc_of(timeline, moment)), patient


def supposed(timeline: Timeline, moment: datetime, question: MedicationQuestion, house: Services) -> dict[str, Any]:
    """The review with the proposed drugs and without those to be stopped, and what that changes."""
    patient, running = _said(patient_of(timeline, moment), question, moment), medications_of(timeline, moment)
    proposed = _proposed(question)
    rules, qtc = rules_of(house), question.qtc_ms or qtc_of(timeline, moment)
    before = review(patient, running, site=rules, qtc_ms=qtc)
    after = review(patient, [*(each for each in running if each.order not in question.stop), *proposed], site=rules, qtc_ms=qtc)
    was, becomes = _questions(before.problems), _questions(after.problems)
    return review_json(after, patient, role=question.role) | {
        "new_problems": sorted(becomes - was), "solved_problems": sorted(was - becomes),
    }  # fmt: skip


def rules_of(house: Services) -> SiteRules:
    content = house.engine.assessments.site.get(TABLE)
    return site_rules(content) if content is not None else NO_RULES


def review_json(found: Review, patient: Patient, *, role: Role | None = None) -> dict[str, Any]:
    drugs = [
        {
            "what": drug.medication.what, "order": drug.medication.order, "substances": list(drug.names), "dose": drug.medication.dose,
            "route": drug.medication.route, "frequency": drug.medication.frequency, "since": drug.medication.since, "is_new": drug.is_draft,
        }
        for drug in found.drugs
    ]  # fmt: skip
    return {
        "drugs": drugs, "problems": [_problem_json(problem) for problem in found.problems if role is None or told_to(problem, role)],
        "unrecognised": list(found.unrecognised), "unrecognised_allergies": list(found.unrecognised_allergies),
        "not_checked": [{"drug": drug, "needs": needs} for drug, needs in found.not_checked], "allergies_known": found.allergies_known,
        "egfr": _rounded(patient.egfr), "creatinine_clearance": _rounded(patient.creatinine_clearance),
    }  # fmt: skip


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind, "key": problem.key, "drugs": list(problem.drugs), "orders": list(problem.orders), "severity": problem.severity.word,
        "tier": problem.tier, "summary": problem.summary, "mechanism": problem.mechanism, "management": problem.management, "nurse": problem.nurse,
        "instead": list(problem.instead), "source": problem.source.text, "standing": problem.source.standing, "is_new": problem.is_new,
        "reasons": [{"what": reason.what, "value": str(reason.value), "effect": reason.effect} for reason in problem.reasons],
        "tolerated_days": problem.tolerated_days,
    }  # fmt: skip


def _alone(question: MedicationQuestion, house: Services) -> dict[str, Any]:
    moment = question.as_of or house.engine.house.now
    patient = _said(Patient(as_of=moment), question, moment)
    return review_json(review(patient, _proposed(question), site=rules_of(house), qtc_ms=question.qtc_ms), patient, role=question.role)


def _said(patient: Patient, question: MedicationQuestion, moment: datetime) -> Patient:
    """The patient with what the asker says on top."""
    said: dict[str, Any] = {
        "age_years": question.age_years, "sex": question.sex, "weight_kg": question.weight_kg, "is_pregnant": question.pregnant,
        "is_breastfeeding": question.breastfeeding,
        "conditions": stated("conditions", "conditions", question.conditions) if question.conditions is not None else None,
        "allergies": stated("allergies", "allergies", question.allergies) if question.allergies is not None else None,
    }  # fmt: skip
    unknown = sorted(set(question.results) - set(BY_ID))
    if unknown:
        raise Refused(f"{unknown[0]!r} is no concept of this house; GET /api/v1/capabilities names those that are asked", where="results")
    results = {**(patient.results or {}), **{id: (Reading(moment, value),) for id, value in question.results.items()}}
    return replace(patient, results=results, **{name: value for name, value in said.items() if value is not None})


def _proposed(question: MedicationQuestion) -> tuple[Medication, ...]:
    return stated("medications", "medications", question.medications)


def _questions(problems: tuple[Problem, ...]) -> set[str]:
    return {f"{problem.kind}:{problem.key}" for problem in problems}


def _rounded(value: float | None) -> float | None:
    return round(value, 1) if value is not None else None
