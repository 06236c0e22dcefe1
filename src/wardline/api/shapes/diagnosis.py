"""A differential, what speaks for and against each explanation, and what to ask next."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.capabilities import Assessed
from wardline.api.shapes.shape import CLOSED

Share = Annotated[float, Field(ge=0, le=1)]
Urgency = Literal["emergency", "urgent", "routine"]
Standing = Literal["verified", "provisional"]


@with_config(CLOSED)
class Named(TypedDict):
    """A diagnosis by its ICD-10 code."""

    code: str
    name: str


@with_config(CLOSED)
class EvidenceLine(TypedDict):
    question: str
    words: str
    answer: str
    ratio: float
    """How many times likelier this answer is with the condition than without it; below 1 it speaks against."""
    source: str


@with_config(CLOSED)
class Explanation(TypedDict):
    id: str
    code: str
    name: str
    probability: Share
    before: Share
    """Before anything was answered."""
    urgency: Urgency
    evidence_for: list[EvidenceLine]
    evidence_against: list[EvidenceLine]
    without_figure: int
    """Answers of which nothing is published for this condition."""


@with_config(CLOSED)
class Outlook(TypedDict):
    """What an answer would make of the picture."""

    answer: str
    chance: Share
    leading: str
    probability: Share


@with_config(CLOSED)
class Asking(TypedDict):
    question: str
    words: str
    kind: Literal["history", "symptom", "sign", "test"]
    bits: float
    """How much the answer is expected to tell; 0 tells nothing."""
    outlook: list[Outlook]


@with_config(CLOSED)
class Flag(TypedDict):
    id: str
    name: str
    action: str
    because: list[str]
    source: str
    at: NotRequired[datetime]
    """When the vital sign was measured."""


@with_config(CLOSED)
class Answered(TypedDict):
    question: str
    words: str
    answer: str
    origin: Literal["record", "given"]


@with_config(CLOSED)
class Interpretation(TypedDict):
    capability: str
    title: str
    standing: Standing
    answer: Assessed


@with_config(CLOSED)
class Recommended(TypedDict):
    """A guideline card of the diagnosis: GET /api/v1/clinical/guidelines/{id} has the whole of it."""

    id: str
    title: str
    standing: Standing


@with_config(CLOSED)
class Diagnosis(TypedDict):
    """A whole answer. `not_enough` says why nothing is concluded; then there is no primary diagnosis."""

    patient: NotRequired[str]
    as_of: NotRequired[datetime]
    restricted: NotRequired[int]
    """How many facts of the record the asker may not see, and the answer does not know."""
    presentation: str
    standing: Standing
    red_flags: list[Flag]
    primary_diagnosis: Named | None
    confidence: Share | None
    not_enough: str
    differential: list[Explanation]
    recommended_tests: list[Asking]
    next_questions: list[Asking]
    answered: list[Answered]
    risk_factors: list[str]
    treatment_recommendations: list[Recommended]
    interpretations: list[Interpretation]
    not_used: list[str]
    """What was said and not understood or not read, so that nobody takes it for considered."""


@with_config(CLOSED)
class Question(TypedDict):
    id: str
    words: str
    kind: Literal["history", "symptom", "sign", "test"]
    answers: list[str]


@with_config(CLOSED)
class Presentation(TypedDict):
    id: str
    title: str
    source: str
    conditions: list[Named]
    questions: list[Question]
    red_flags: list[Question]


@with_config(CLOSED)
class Presentations(TypedDict):
    presentations: list[Presentation]


@with_config(CLOSED)
class Feature(TypedDict):
    id: str
    name: str


@with_config(CLOSED)
class Match(TypedDict):
    feature: Feature
    by: Feature
    """What the disease is known for, of which the feature is a kind or the same."""
    ratio: float


@with_config(CLOSED)
class RareDisease(TypedDict):
    id: str
    name: str
    probability: Share
    matched: list[Match]
    against: list[Feature]


@with_config(CLOSED)
class RareDiseases(TypedDict):
    release: str
    standing: Standing
    diseases: list[RareDisease]
    unknown: list[str]
    """Terms this release does not know, or that are no features."""
    not_enough: str
