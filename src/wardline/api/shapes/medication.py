"""A medication review: the drugs, what is wrong with them in this patient, and what could not be checked."""

from datetime import datetime
from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED

Kind = Literal[
    "interaction", "allergy", "duplicate", "dose", "kidney", "liver", "heart_rhythm", "pregnancy", "lactation", "monitoring", "laboratory", "disease",
]  # fmt: skip


@with_config(CLOSED)
class ReviewedDrug(TypedDict):
    """One order. Without substances it was not recognised."""

    what: str
    order: str
    substances: list[str]
    dose: str
    route: str
    frequency: str
    since: datetime | None
    is_new: bool
    """A proposal, or an order somebody is about to sign."""


@with_config(CLOSED)
class ProblemReason(TypedDict):
    what: str
    value: str
    effect: Literal["", "worse", "better"]


@with_config(CLOSED)
class MedicationProblem(TypedDict):
    kind: Kind
    key: str
    drugs: list[str]
    orders: list[str]
    severity: Literal["none", "low", "medium", "high"]
    tier: Literal["interrupt", "passive", "silent"]
    """How loudly: said before the order is signed, shown, or only listed here."""
    summary: str
    mechanism: str
    management: str
    nurse: str
    instead: list[str]
    reasons: list[ProblemReason]
    source: str
    standing: Literal["verified", "provisional"]
    is_new: bool
    tolerated_days: int | None


@with_config(CLOSED)
class NotChecked(TypedDict):
    drug: str
    needs: str


@with_config(CLOSED)
class MedicationReview(TypedDict):
    patient: NotRequired[str]
    as_of: NotRequired[datetime]
    restricted: NotRequired[int]
    """How many facts of the record the asker may not see, and the review does not know."""
    drugs: list[ReviewedDrug]
    problems: list[MedicationProblem]
    unrecognised: list[str]
    unrecognised_allergies: list[str]
    not_checked: list[NotChecked]
    allergies_known: bool
    egfr: float | None
    creatinine_clearance: float | None
    new_problems: NotRequired[list[str]]
    """Keys of problems that the proposed drugs would bring, "kind:key"."""
    solved_problems: NotRequired[list[str]]
    """Keys of problems that stopping what is to be stopped would end."""
