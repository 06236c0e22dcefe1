"""Risk: the scores that fit a question about a patient's future, all asked at once, of the record or of values somebody types in.

This is the rule-based part: published scores, each with its reasons, its standing and what it is not for. No overall risk is made of them:
they answer different questions about different times. Nothing is stored and nobody is alerted.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import structlog
from fastapi import Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from wardline.api.asking import asked
from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.patients import AsOf, seen
from wardline.api.services import Services
from wardline.api.shapes import risk as shapes
from wardline.api.sight import Seen
from wardline.core.assessment import Assessor
from wardline.core.errors import Refused
from wardline.core.people import Person
from wardline.core.timeline import Timeline
from wardline.engine.assessing import Assessments
from wardline.formats.assessment import ALWAYS

doors = Doors("risk")
log = structlog.get_logger()
WHO: Final = "patient.chart"
INTENDED_USE: Final = (
    "Support for the person who decides, not a diagnosis and not a cleared medical device. A score says how often something happened among "
    "patients like those it was made from; scores of provisional standing wait for the site's clinician."
)
PROGRESSION: Final = ("prevent", "pce", "kfre", "fib_4", "meld_3", "child_pugh", "findrisc", "kdigo_aki")
COMPLICATIONS: Final = (
    "padua", "caprini", "wells_pulmonary_embolism", "wells_deep_vein_thrombosis", "has_bled", "cha2ds2_va", "revised_cardiac_risk", "braden", "morse",
    "glasgow_blatchford", "kdigo_aki",
)  # fmt: skip
READMISSION: Final = ("hospital_readmission", "lace")
MORTALITY: Final = (
    "news2", "sofa", "apache_ii", "saps_ii", "curb65", "pneumonia_severity_index", "grace", "meld_na", "meld_3", "charlson", "elixhauser",
)  # fmt: skip
KINDS: Final[Mapping[shapes.Kind, tuple[str, ...]]] = {
    "assessment": tuple(dict.fromkeys(MORTALITY + PROGRESSION + COMPLICATIONS + READMISSION)),
    "progression": PROGRESSION, "complications": COMPLICATIONS, "readmission": READMISSION, "mortality": MORTALITY,
}  # fmt: skip
ANSWERED: Final = ("finding", "at_least", "several")
VALUES: Final[dict[str, JsonValue]] = {
    "age_years": 50, "sex": "F", "systolic_pressure": 160, "pressure_treated": True, "cholesterol": 200, "hdl_cholesterol": 45, "statin": False,
    "diabetes": True, "smoker": False, "egfr_ckd_epi_2021": 90, "body_mass_index": 35,
}  # fmt: skip


class RiskQuestion(BaseModel):
    """Whose risk, and what the record does not know. With a patient the record fills in what is fresh enough; what is said here goes before it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"values": VALUES, "scores": ["prevent"]}, {"patient": "k7q2mfx3a4b5c6d7", "values": {"statin": True}}]},
    )

    patient: str | None = Field(None, description="The record's key. Left out: only the values count.", examples=["k7q2mfx3a4b5c6d7"])
    values: dict[str, Any] = Field(
        default_factory=dict, examples=[VALUES],
        description="Inputs by name, in the units that GET /api/v1/capabilities/{id} states. Each score takes those that are its own.",
    )  # fmt: skip
    scores: list[str] | None = Field(
        None, max_length=40, description="Only these, by id; all that fit when left out.", examples=[["prevent", "kfre"]]
    )
    as_of: AwareDatetime | None = Field(None, description="What was known at this moment (RFC 3339 with offset); now when left out.")


@doors.post("/api/v1/risk/patient-assessment", who=WHO, answers=shapes.Risks)
async def patient_assessment(question: RiskQuestion, seen_by: SeenBy, house: House) -> Response:
    """Every risk score of the house, asked about one patient or about the values of the request."""
    return await _answer("assessment", question, seen_by, house)


@doors.post("/api/v1/risk/disease-progression", who=WHO, answers=shapes.Risks)
async def disease_progression(question: RiskQuestion, seen_by: SeenBy, house: House) -> Response:
    """How heart and vessels, kidneys, liver and sugar will go on: PREVENT, PCE, KFRE, FIB-4, MELD 3.0, Child-Pugh, FINDRISC, AKI."""
    return await _answer("progression", question, seen_by, house)


@doors.post("/api/v1/risk/complications", who=WHO, answers=shapes.Risks)
async def complications(question: RiskQuestion, seen_by: SeenBy, house: House) -> Response:
    """What may go wrong in hospital: thrombosis, bleeding, stroke, the heart at an operation, pressure ulcers, falls, the kidneys."""
    return await _answer("complications", question, seen_by, house)


@doors.get("/api/v1/risk/readmission/{patient_id}", who=WHO, about="patient_id", answers=shapes.Risks)
async def readmission(
    patient_id: str,
    seen_by: SeenBy,
    house: House,
    as_of: AsOf = None,
    admissions_last_year: Annotated[int | None, Query(ge=0, le=366, description="Hospital stays in the twelve months before this one.")] = None,
    emergency_visits: Annotated[int | None, Query(ge=0, le=366, description="Emergency visits in the six months before this stay.")] = None,
    non_elective: Annotated[bool | None, Query(description="Whether this admission was not planned.")] = None,
    procedure: Annotated[bool | None, Query(description="Whether any procedure was coded during the stay.")] = None,
    oncology_service: Annotated[bool | None, Query(description="Whether an oncology service discharges the patient.")] = None,
) -> Response:
    """HOSPITAL and LACE. The length of the stay comes from the movements; stays elsewhere are not in the record, so somebody must say how many."""
    said = {
        "admissions_last_year": admissions_last_year, "emergency_visits": emergency_visits, "non_elective": non_elective,
        "acute_admission": non_elective, "procedure": procedure, "oncology_service": oncology_service,
    }  # fmt: skip
    values = {name: value for name, value in said.items() if value is not None}
    question = RiskQuestion(patient=patient_id, values=values, scores=None, as_of=as_of)
    return await _answer("readmission", question, seen_by, house)


@doors.get("/api/v1/risk/mortality/{patient_id}", who=WHO, about="patient_id", answers=shapes.Risks)
async def mortality(patient_id: str, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """Scores made against death, with what the record knows. What only a person can say is listed; POST patient-assessment takes it."""
    return await _answer("mortality", RiskQuestion(patient=patient_id, scores=None, as_of=as_of), seen_by, house)


async def _answer(kind: shapes.Kind, question: RiskQuestion, seen_by: Person, house: Services) -> Response:
    chosen = _chosen(kind, question, house)
    shown, moment = await _whose(kind, question, seen_by, house)
    values = _stay(shown.timeline, moment) | question.values
    scores = []
    for assessor in chosen:
        scores.append(_score(assessor, shown, moment, values, house.engine.assessments))
        await asyncio.sleep(0)  # messages are taken in between
    scores.sort(key=lambda score: score["answer"]["outcome"] not in ANSWERED)
    return json_response({
        "kind": kind, **({"patient": shown.timeline.about} if question.patient is not None else {}), "as_of": moment, "restricted": shown.known,
        "answered": sum(score["answer"]["outcome"] in ANSWERED for score in scores), "scores": scores, "still_to_say": _still_to_say(scores),
        "intended_use": INTENDED_USE,
    })  # fmt: skip


def _chosen(kind: shapes.Kind, question: RiskQuestion, house: Services) -> list[Assessor]:
    """The scores to ask. Raises `Refused` for one that is not among them, and for a value that none of them reads."""
    askable = house.engine.assessments.askable
    offered = [id for id in KINDS[kind] if id in askable]
    strange = [id for id in question.scores or () if id not in offered]
    if strange:
        raise Refused(f"{strange[0]!r} is not asked here; there are {', '.join(offered)}", where="scores")
    chosen = [askable[id] for id in offered if question.scores is None or id in question.scores]
    read = {name for assessor in chosen for name, _ in assessor.capability.needs} | set(ALWAYS)
    unread = sorted(set(question.values) - read)
    if unread:
        raise Refused(f"no score asked here reads {unread[0]!r}; GET /api/v1/capabilities/{{id}} lists what each reads", where="values")
    return chosen


async def _whose(kind: shapes.Kind, question: RiskQuestion, seen_by: Person, house: Services) -> tuple[Seen, datetime]:
    """The patient as the asker may see them; an empty record where nobody was named."""
    if question.patient is None:
        await house.audit.record(seen_by, "risk worked out from given values", detail=kind)
        return Seen(Timeline("")), question.as_of or house.engine.house.now
    record = house.engine.house.survivor(question.patient)
    person = allowed(seen_by, WHO, record, house)
    house.edge.limits.patient(person, record)
    return await seen(question.patient, question.as_of, person, house, f"risk asked: {kind}")


def _stay(timeline: Timeline, moment: datetime) -> dict[str, Any]:
    """How many days the present stay has lasted, from the movements."""
    place = timeline.place
    if not place.is_in or place.admitted_at is None or place.admitted_at > moment:
        return {}
    return {"length_of_stay": (moment - place.admitted_at) // timedelta(days=1)}


def _score(assessor: Assessor, shown: Seen, moment: datetime, values: Mapping[str, Any], assessments: Assessments) -> dict[str, Any]:
    capability = assessor.capability
    own = {*(name for name, _ in capability.needs), *ALWAYS}
    said = ("title", "question", "version", "standing", "reference", "not_for", "caution")
    described = {"capability": capability.id, "area": capability.group, **{name: getattr(capability, name) for name in said}}
    try:
        return described | asked(assessor, shown, moment, {name: value for name, value in values.items() if name in own}, assessments)
    except Refused:
        raise
    except Exception as error:  # one that raises must not hide the others: it says that it failed
        log.error("risk_failed", capability=capability.id, error=type(error).__name__)
        return described | {"answer": {"outcome": "unknown", "reason": "the calculation failed; the engineers can see why"}, "inputs": []}


def _still_to_say(scores: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is missing, the input that most scores wait for first."""
    waiting: dict[str, list[str]] = {}
    for score in scores:
        for answer in (score["answer"], *score["answer"].get("answers", ())):
            for name in answer.get("missing", ()):
                if score["title"] not in waiting.setdefault(name, []):
                    waiting[name].append(score["title"])
    return [{"input": name, "scores": titles} for name, titles in sorted(waiting.items(), key=lambda each: (-len(each[1]), each[0]))]
