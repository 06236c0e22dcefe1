"""What every capability says at once."""

from datetime import datetime
from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, Severity


@with_config(CLOSED)
class Line(TypedDict):
    input: str
    value: bool | float | int | str | None
    points: int | None
    band: str


@with_config(CLOSED)
class Finding(TypedDict):
    capability: str
    key: str
    title: str
    standing: Literal["verified", "provisional"]
    outcome: Literal["finding", "at_least"]
    value: float | int | str | None
    unit: str
    severity: Severity
    summary: str
    because: list[Line]
    missing: list[str]
    population: str
    reference: str
    suggestions: list[str]


@with_config(CLOSED)
class Change(Finding):
    """Something that is new or worse with the proposed orders."""

    because_of: list[str]
    """Orders without which it would not be so."""


@with_config(CLOSED)
class Gap(TypedDict):
    capability: str
    key: str
    outcome: Literal["unknown", "not_valid", "draft"]
    missing: list[str]
    reason: str


@with_config(CLOSED)
class Support(TypedDict):
    """`unanswered` says what is missing for each question that could not be answered."""

    patient: NotRequired[str]
    as_of: datetime
    restricted: int
    findings: list[Finding]
    unanswered: list[Gap]
    failed: list[str]
    changes: list[Change]
