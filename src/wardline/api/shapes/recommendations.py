"""Treatment and dosage recommendations."""

from datetime import datetime
from typing import Any, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.asking import AskedInput
from wardline.api.shapes.capabilities import Assessed
from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class Advice(TypedDict):
    """A guideline's word for a drug: which card, which step."""

    guideline: str
    step: str
    words: str


@with_config(CLOSED)
class Candidate(TypedDict):
    """A drug with what speaks for it. `share` with its 95 % interval; `ended_well` of `known`: left alive, where the end is known."""

    drug: str
    score: float
    why: str
    got: int
    low: float
    high: float
    ended_well: int
    known: int
    company: list[str]
    advised: list[Advice]
    veto: str


@with_config(CLOSED)
class Caution(TypedDict):
    """What the medication checks say of a ranked drug without speaking against it."""

    drug: str
    summary: str
    management: str
    standing: Literal["verified", "provisional"]


@with_config(CLOSED)
class FollowUp(TypedDict):
    guideline: str
    what: str
    often: str


@with_config(CLOSED)
class Treatment(TypedDict):
    patient: str
    as_of: datetime
    restricted: int
    similar: int
    of: int
    too_few: bool
    shared: list[str]
    summary: str
    recommended: list[Candidate]
    vetoed: list[Candidate]
    cautions: list[Caution]
    guidelines: list[str]
    """Titles of the cards that are about this patient."""
    follow_up: list[FollowUp]
    caution: str


@with_config(CLOSED)
class Curve(TypedDict):
    """Predicted concentration, mg/L, with the band in which four of five such patients lie."""

    began_at: datetime
    model: str
    hours: list[float]
    middle: list[float]
    low: list[float]
    high: list[float]
    levels: list[dict[str, float]]


@with_config(CLOSED)
class Dosage(TypedDict):
    """A dose as a draft to sign, with the inputs it rests on."""

    drug: str
    capability: str
    standing: Literal["verified", "provisional"]
    caution: str
    patient: NotRequired[str]
    as_of: NotRequired[datetime]
    restricted: NotRequired[int]
    answer: Assessed
    inputs: list[AskedInput]
    curve: Curve | None
    given: dict[str, Any]
