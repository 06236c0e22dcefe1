"""Quality measures: how many in each population, and why somebody is in one."""

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey

Share = Annotated[float | None, Field(description="From 0 to 1; null where nobody counts.")]


@with_config(CLOSED)
class Rate(TypedDict):
    numerator: int
    of: Annotated[int, Field(description="The denominator less exclusions and exceptions.")]
    share: Share
    low: Annotated[float | None, Field(description="Lower end of the 95 % interval (Wilson).")]
    high: float | None


@with_config(CLOSED)
class Population(TypedDict):
    name: Annotated[str, Field(examples=["denominator-exclusion"])]
    words: str
    count: int


@with_config(CLOSED)
class Month(TypedDict):
    month: Annotated[str, Field(examples=["2026-03"])]
    rate: Rate


@with_config(CLOSED)
class Unanswered(TypedDict):
    reason: str
    patients: int


@with_config(CLOSED)
class Measure(TypedDict):
    id: Annotated[str, Field(description="The capability that decides it.")]
    title: str
    question: str
    reference: str
    standing: str
    populations: list[Population]
    rate: Rate | None
    months: list[Month]
    unanswered: list[Unanswered]


@with_config(CLOSED)
class QualityMetrics(TypedDict):
    state: Annotated[Literal["running", "done", "failed"], Field(description="While running, ask again.")]
    period: str
    done: Annotated[int, Field(description="Patients gone through so far.")]
    of: int
    reason: Annotated[str, Field(description="Why it failed; else empty.")]
    as_of: Annotated[str | None, Field(description="When the counted result was made.")]
    patients: Annotated[int | None, Field(description="People whose FHIR resources are kept.")]
    measures: list[Measure]


@with_config(CLOSED)
class Reason(TypedDict):
    what: Annotated[str, Field(description="The stay or scan.", examples=["Encounter/12, 2026-03-01 to 2026-03-04"])]
    why: str


@with_config(CLOSED)
class Reasons(TypedDict):
    name: str
    words: str
    count: int
    reasons: list[Reason]


@with_config(CLOSED)
class Member(TypedDict):
    patient: RecordKey
    name: str
    number: str
    unit: str
    bed: str
    populations: list[Reasons]


@with_config(CLOSED)
class AuditSupport(TypedDict):
    as_of: AsOf
    measure: str
    title: str
    period: str
    population: str
    total: Annotated[int, Field(description="Patients in the population, those not shown included.")]
    may_open: Annotated[int, Field(description="Of them, those whose record you may open: the list that offset and limit go through.")]
    not_shown: Annotated[int, Field(description="Of them, those whose record you may not open, or of which something is hidden from you.")]
    patients: list[Member]
