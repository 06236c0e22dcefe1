"""Studies, what was measured in them, and whose they are."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.drawings import Drawing, How, Mark, MayDraw
from wardline.api.shapes.shape import CLOSED, AsOf

StudyUid = Annotated[str, Field(description="Study Instance UID.", examples=["1.2.840.113619.2.1"])]


@with_config(CLOSED)
class QualityMark(TypedDict):
    verdict: Literal["accept", "repeat"]
    score: Annotated[float, Field(description="From 0 to 1.")]


@with_config(CLOSED)
class StudyLine(TypedDict):
    uid: StudyUid
    patient: Annotated[str | None, Field(description="The record's key; null while it is not certain whose it is.")]
    name: str
    number: str
    born: str
    sex: str
    accession: str
    description: str
    modalities: list[str]
    started_at: datetime
    state: Literal["receiving", "complete", "analysed", "unplaced"]
    reason: Annotated[str, Field(description="Why it is not certain whose it is.")]
    instances: int
    quality: QualityMark | None


@with_config(CLOSED)
class Studies(TypedDict):
    as_of: AsOf
    studies: list[StudyLine]


@with_config(CLOSED)
class Prior(TypedDict):
    uid: StudyUid
    started_at: datetime
    description: str
    modalities: list[str]


@with_config(CLOSED)
class Series(TypedDict):
    uid: str
    number: int
    modality: str
    description: str
    instances: int
    suv: Annotated[dict[str, Any] | None, Field(description="Factor of each image and where every constant comes from, or why there is none.")]


@with_config(CLOSED)
class Check(TypedDict):
    name: str
    value: str
    ok: Annotated[bool | None, Field(description="null: could not be looked at.")]
    reason: str


@with_config(CLOSED)
class SeriesQuality(TypedDict):
    series: str
    modality: str
    score: float
    checks: list[Check]


@with_config(CLOSED)
class Quality(TypedDict):
    verdict: Literal["accept", "repeat"]
    score: float
    checked_at: datetime
    checks: Annotated[list[Check], Field(description="Those of every series, the worst series first.")]
    series: list[SeriesQuality]


@with_config(CLOSED)
class Region(TypedDict):
    number: int
    name: str
    how: How


@with_config(CLOSED)
class Mask(TypedDict):
    id: Annotated[str, Field(description="SHA-256 of what is kept.")]
    series: str
    capability: str
    made_by: str
    automatic: bool
    made_at: datetime
    notes: list[str]
    labels: list[Region]
    shape: list[int]
    spacing: list[float]
    origin: list[float]
    directions: list[list[float]]


@with_config(CLOSED)
class Answered(TypedDict):
    capability: str
    title: str
    outcome: str
    value: float | str | None
    unit: str
    summary: str
    reason: str
    standing: str
    active: Annotated[bool, Field(description="False: silent until the site has activated it.")]
    at: datetime


@with_config(CLOSED)
class Study(StudyLine):
    as_of: AsOf
    is_working: Annotated[bool, Field(description="A worker is looking at it now.")]
    why: Annotated[str, Field(description="How it came to this patient.")]
    priors: list[Prior]
    series: list[Series]
    assessment: Annotated[Quality | None, Field(description="Quality, check by check.")]
    lesions: list[dict[str, Any]]
    drawing: Annotated[Drawing | None, Field(description="What a person has made of the lesions' outlines; null where the program's own stand.")]
    marks: Annotated[list[Mark], Field(description="Measurements by hand.")]
    may: MayDraw
    response: dict[str, Any] | None
    masks: list[Mask]
    answers: list[Answered]


@with_config(CLOSED)
class SuvOfStudy(TypedDict):
    as_of: AsOf
    series: list[dict[str, Any]]
    reason: Annotated[str, Field(description="Why there is none, where that is so.")]


@with_config(CLOSED)
class Masks(TypedDict):
    as_of: AsOf
    masks: list[Mask]


@with_config(CLOSED)
class Radiomics(TypedDict):
    as_of: AsOf
    settings: dict[str, Any]
    regions: list[dict[str, Any]]
    reason: str


@with_config(CLOSED)
class SurvivalCurve(TypedDict):
    months: list[float]
    survival: Annotated[list[float], Field(description="The chance to be free of `outcome` at each of the months, 0 to 1.")]
    low: Annotated[list[float], Field(description="Lower end of the 95 % interval of the model, not of what becomes of one person.")]
    high: list[float]
    outcome: str
    model: dict[str, Any]
    features: dict[str, float]


@with_config(CLOSED)
class Prognosis(TypedDict):
    as_of: AsOf
    curve: SurvivalCurve | None
    reason: Annotated[str, Field(description="Why there is no curve, where that is so.")]
    active: Annotated[bool, Field(description="False: silent until the site has activated it.")]


@with_config(CLOSED)
class Asked(TypedDict):
    study: StudyUid
    state: Literal["asked"]


@with_config(CLOSED)
class Filed(TypedDict):
    study: StudyUid
    patient: str
