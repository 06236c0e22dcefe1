"""Diagnosis: red flags, the differential with its reasons, laboratory patterns and rare diseases, of a record or of values somebody types in.

Nothing is stored and nobody is alerted. The three asking doors know only what the request says; the two about a patient also know the
record, as far as the asker may see it.
"""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from wardline.api import diagnosing
from wardline.api.diagnosing import Told
from wardline.api.diagnosis_shown import rare
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.patients import AsOf, seen
from wardline.api.results_read import LabResult
from wardline.api.shapes import diagnosis as shapes
from wardline.core.errors import NotFound
from wardline.science.diagnosis.rare.ranking import ranked

doors = Doors("diagnosis")
MOST_FEATURES: Final = 200
EXAMPLE: Final[dict[str, JsonValue]] = {
    "presentation": "breathlessness",
    "patient": {"age_years": 78, "sex": "F"},
    "findings": {"orthopnoea": True, "fever": False},
}


class PatientData(BaseModel):
    """What is known of the patient besides findings."""

    model_config = ConfigDict(extra="forbid")

    age_years: int | None = Field(None, ge=0, le=130)
    sex: str | None = Field(None, pattern="^[FM]$")
    conditions: list[str] = Field(default_factory=list, max_length=200, description="ICD-10 codes of known diseases.", examples=[["I50.9"]])


class Asked(BaseModel):
    """A question about a patient who is not named. Say the presentation by its id, or let the symptoms say it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    patient: PatientData = Field(default_factory=PatientData)
    presentation: str = Field("", description="An id of GET /api/v1/diagnosis/presentations.")
    symptoms: list[str] = Field(
        default_factory=list, max_length=100, description="Ids or words of findings that are present.", examples=[["chest pain"]]
    )
    findings: dict[str, bool | str] = Field(default_factory=dict, description="Findings by id: there or not there. Left out: unknown.")
    lab_results: list[LabResult] = Field(default_factory=list, max_length=200)
    imaging_results: dict[str, bool] = Field(
        default_factory=dict, examples=[{"pleural_effusion": True}],
        description="Findings of an imaging report, by id: there or not there. No image and no text is read.",
    )  # fmt: skip
    clinical_notes: str = Field("", max_length=20_000, description="Not read: what a text denies cannot yet be told from what it says.")

    def told(self) -> Told:
        patient = self.patient
        return Told(
            self.presentation, tuple(self.symptoms), {**self.findings, **self.imaging_results}, tuple(self.lab_results),
            patient.age_years, patient.sex, tuple(patient.conditions), bool(self.clinical_notes.strip()),
        )  # fmt: skip


class Findings(BaseModel):
    """What the asker adds to the record, or supposes: what is said here goes before the record."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"presentation": "chest_pain", "findings": {"sweating": True}}]})

    presentation: str = Field(min_length=1)
    findings: dict[str, bool | str] = Field(default_factory=dict)


class Features(BaseModel):
    """A patient's features by their ids in the Human Phenotype Ontology."""

    model_config = ConfigDict(extra="forbid")

    observed: list[str] = Field(min_length=1, max_length=MOST_FEATURES, examples=[["HP:0000957", "HP:0009737"]])
    excluded: list[str] = Field(default_factory=list, max_length=MOST_FEATURES, description="Looked for and not found.")


@doors.get("/api/v1/diagnosis/presentations", who="system.read", answers=shapes.Presentations)
async def presentations(house: House) -> Response:
    """Every reason to come that is known here, the site's own included, with its questions and the findings that raise red flags."""
    return json_response({"presentations": diagnosing.listed(house)})


@doors.post("/api/v1/diagnosis/symptoms", who="system.read", answers=shapes.Diagnosis)
async def symptoms(question: Asked, seen_by: SeenBy, house: House) -> Response:
    """What explains these symptoms and signs, what speaks for and against each explanation, and what to ask next. Red flags come first."""
    return await _of_nobody(question, seen_by, house)


@doors.post("/api/v1/diagnosis/lab-results", who="system.read", answers=shapes.Diagnosis)
async def lab_results(question: Asked, seen_by: SeenBy, house: House) -> Response:
    """What the laboratory capabilities of the house say about these results; with a presentation also the differential."""
    return await _of_nobody(question, seen_by, house)


@doors.post("/api/v1/diagnosis/imaging", who="system.read", answers=shapes.Diagnosis)
async def imaging(question: Asked, seen_by: SeenBy, house: House) -> Response:
    """The differential with findings of an imaging report. No image is looked at and no text is read: somebody says which findings are there."""
    return await _of_nobody(question, seen_by, house)


@doors.get("/api/v1/diagnosis/differential/{patient_id}", who="patient.chart", about="patient_id", answers=shapes.Diagnosis)
async def differential(
    patient_id: str,
    seen_by: SeenBy,
    house: House,
    presentation: Annotated[str, Query(description="Why the patient came. Left out, only red flags among the vital signs are looked for.")] = "",
    as_of: AsOf = None,
) -> Response:
    """The differential with what the record alone knows: measurements, known diseases, age and sex."""
    return await _of_patient(patient_id, presentation, {}, as_of, seen_by, house)


@doors.post("/api/v1/diagnosis/differential/{patient_id}", who="patient.chart", about="patient_id", answers=shapes.Diagnosis)
async def differential_with(patient_id: str, said: Findings, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """The same with findings that the asker states or supposes: what would change it?"""
    return await _of_patient(patient_id, said.presentation, said.findings, as_of, seen_by, house)


async def _of_nobody(question: Asked, seen_by: SeenBy, house: House) -> Response:
    answer = diagnosing.of_told(question.told(), house)
    await house.audit.record(seen_by, "diagnosis asked", presentation=answer["presentation"])
    return json_response(answer)


async def _of_patient(id: str, presentation: str, findings: dict[str, Any], as_of: datetime | None, seen_by: SeenBy, house: House) -> Response:
    shown, moment = await seen(id, as_of, seen_by, house, "differential asked")
    head = {"patient": shown.timeline.about, "as_of": moment, "restricted": shown.known}
    return json_response({**head, **diagnosing.of_patient(shown.timeline, moment, presentation, findings, house)})


@doors.post("/api/v1/diagnosis/rare-disease", who="system.read", answers=shapes.RareDiseases)
async def rare_disease(features: Features, house: House) -> Response:
    """Rare diseases ranked by features, where the site has put the ontology's files into its configuration folder."""
    if house.rare_diseases is None:
        raise NotFound(
            "no files of the Human Phenotype Ontology are here: put hp.json and phenotype.hpoa into knowledge/hpo of the configuration folder"
        )
    return json_response(rare(house.rare_diseases, ranked(house.rare_diseases, features.observed, features.excluded)))
