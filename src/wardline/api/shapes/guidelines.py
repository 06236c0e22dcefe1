"""Guideline cards, and how they read for one patient."""

from datetime import datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED

Standing = Literal["verified", "provisional"]


@with_config(CLOSED)
class Source(TypedDict):
    """Where recommendations come from. `read`: whether its text was at hand when the card was written."""

    id: str
    body: str
    title: str
    year: int
    read: bool
    reference: str


@with_config(CLOSED)
class Medicine(TypedDict):
    substance: str
    dose: str
    route: str
    note: str


@with_config(CLOSED)
class Step(TypedDict):
    """One recommendation, with its strength and evidence as the body grades them."""

    id: str
    do: str
    why: str
    within: str
    minutes: float | None
    when: str
    unless: str
    done: str
    medicines: list[Medicine]
    source: str
    strength: str
    evidence: str


@with_config(CLOSED)
class Watch(TypedDict):
    what: str
    often: str
    source: str
    why: str


@with_config(CLOSED)
class Criterion(TypedDict):
    name: str
    text: str


@with_config(CLOSED)
class Summary(TypedDict):
    """One line of the list."""

    id: str
    title: str
    question: str
    population: str
    standing: Standing
    origin: Literal["house", "site"]
    steps: int
    bodies: list[str]


@with_config(CLOSED)
class Guidelines(TypedDict):
    guidelines: list[Summary]


@with_config(CLOSED)
class Guideline(TypedDict):
    """A card: criteria, steps with timing, drugs by substance, monitoring, follow-up, sources."""

    id: str
    title: str
    question: str
    population: str
    version: str
    standing: Standing
    origin: Literal["house", "site"]
    owner: str
    caution: str
    codes: list[str]
    criteria: list[Criterion]
    steps: list[Step]
    monitoring: list[Watch]
    follow_up: list[Watch]
    sources: list[Source]


@with_config(CLOSED)
class Line(TypedDict):
    """One reason: what was looked at and what it said."""

    input: str
    value: float | str | None
    band: str


@with_config(CLOSED)
class JudgedCriterion(TypedDict):
    name: str
    text: str
    met: bool | None
    because: list[Line]
    missing: list[str]


@with_config(CLOSED)
class JudgedStep(TypedDict):
    """A step for this patient. `questions`: keys and words of what a person may answer to decide it."""

    id: str
    state: Literal["due", "done", "avoid", "not for this patient", "open"]
    why: str
    because: list[Line]
    missing: list[str]


@with_config(CLOSED)
class Question(TypedDict):
    key: str
    question: str
    answer: bool | None


@with_config(CLOSED)
class Fitting(TypedDict):
    """A card that is about this patient, or may be."""

    id: str
    title: str
    standing: Standing
    met: bool | None
    criteria: list[JudgedCriterion]
    missing: list[str]
    due: int


@with_config(CLOSED)
class ForPatient(TypedDict):
    patient: str
    as_of: datetime
    restricted: int
    guidelines: list[Fitting]


@with_config(CLOSED)
class Applied(TypedDict):
    """A card judged on one patient's record."""

    patient: str
    as_of: datetime
    restricted: int
    guideline: Guideline
    met: bool | None
    criteria: list[JudgedCriterion]
    steps: list[JudgedStep]
    questions: list[Question]
