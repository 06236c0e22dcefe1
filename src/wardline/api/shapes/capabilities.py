"""The capability library."""

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, Number, Outcome, Severity


@with_config(CLOSED)
class CapabilityLine(TypedDict):
    id: str
    title: str
    question: str
    version: str
    digest: str
    about: Literal["patient", "encounter", "study"]
    reference: str
    not_for: str
    caution: str
    additive: bool
    standing: Literal["verified", "provisional"]
    unit: str
    live: bool
    area: str
    cases_passed: int
    cases_total: int
    not_watched_since: datetime | None


@with_config(CLOSED)
class RefusedModule(TypedDict):
    module: str
    reason: str


@with_config(CLOSED)
class Capabilities(TypedDict):
    capabilities: list[CapabilityLine]
    not_running: list[RefusedModule]


@with_config(CLOSED)
class Input(TypedDict):
    name: str
    kind: str
    type: str
    concepts: list[str]
    diseases: list[str]
    label: str
    unit: str
    loinc: list[str]
    within_hours: float | None
    required: bool
    default: Any
    answers: list[str] | None
    plausible: tuple[float, float] | None


@with_config(CLOSED)
class Case(TypedDict):
    name: str
    source: str
    given: dict[str, Any]
    expect: dict[str, Any]
    difference: str
    passed: bool


Chart = Annotated[dict[str, Any], Field(description='One table of a score: "bands", "codes", or a "choice" between tables.')]


class Capability(CapabilityLine):
    inputs: list[Input]
    chart: list[Chart] | None
    cases: list[Case]


@with_config(CLOSED)
class ReasonLine(TypedDict):
    input: str
    value: NotRequired[Number]
    points: NotRequired[int]
    band: NotRequired[str]


@with_config(CLOSED)
class SuggestionLine(TypedDict):
    text: str
    within_minutes: NotRequired[float]


@with_config(CLOSED)
class Assessed(TypedDict):
    """An answer; keys that do not apply are left out."""

    outcome: Outcome
    key: NotRequired[str]
    value: NotRequired[Number]
    unit: NotRequired[str]
    severity: NotRequired[Severity]
    summary: NotRequired[str]
    because: NotRequired[list[ReasonLine]]
    suggestions: NotRequired[list[SuggestionLine]]
    missing: NotRequired[list[str]]
    at_most: NotRequired[float]
    reason: NotRequired[str]
    population: NotRequired[str]
    answers: NotRequired[list["Assessed"]]
