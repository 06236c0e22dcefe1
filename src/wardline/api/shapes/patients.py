"""One patient as of a moment."""

from datetime import datetime
from typing import Annotated, Any, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, EventId, Number, Outcome, RecordKey, Severity


@with_config(CLOSED)
class Identifier(TypedDict):
    number: str
    assigner: str
    type: str


@with_config(CLOSED)
class Place(TypedDict):
    is_in: bool
    encounter: str
    unit: str
    room: str
    bed: str
    since: datetime | None
    admitted_at: datetime | None
    patient_class: str
    service: str
    doctor: str
    reason: str
    facility: str
    disposition: str


@with_config(CLOSED)
class Stated(TypedDict):
    """An allergy or a problem, with what its sender said of it."""

    code: NotRequired[str]
    text: NotRequired[str]
    system: NotRequired[str]
    reaction: NotRequired[str]
    severity: NotRequired[str]
    category: NotRequired[str]
    status: NotRequired[str]
    issued_at: NotRequired[datetime]
    stated_at: datetime


@with_config(CLOSED)
class Reason(TypedDict):
    """One input of an answer: what was measured, the band it fell into, the points it gave."""

    input: str
    value: Number
    points: int | None
    band: str
    unit: NotRequired[str]
    decimals: NotRequired[int]
    at: NotRequired[datetime]
    source: NotRequired[str]
    event: NotRequired[EventId]
    received: NotRequired[str]
    status: NotRequired[str]


@with_config(CLOSED)
class Suggested(TypedDict):
    text: str
    within_seconds: float


@with_config(CLOSED)
class Answer(TypedDict):
    """An answer of a capability as it stood at `at`, recorded at `recorded_at`."""

    id: EventId
    capability: str
    version: str
    digest: str
    key: str
    outcome: Outcome
    value: Number
    unit: str
    severity: Severity
    summary: str
    reason: str
    missing: list[str]
    population: str
    standing: str
    at: datetime
    recorded_at: datetime
    revised: bool
    valid_until: datetime | None
    stale: bool
    because: list[Reason]
    suggestions: list[Suggested]
    caused_by: list[EventId]


@with_config(CLOSED)
class Gap(TypedDict):
    message: int
    reason: str
    since: datetime


@with_config(CLOSED)
class Dispute(TypedDict):
    what: str
    values: list[str]
    other: str


@with_config(CLOSED)
class OverdueTask(TypedDict):
    what: str
    due_at: datetime


@with_config(CLOSED)
class FailedCapability(TypedDict):
    since: datetime
    reason: str


@with_config(CLOSED)
class OpenEmergency(TypedDict):
    """That whoever asks has this record open in an emergency, and until when."""

    id: str
    until: datetime
    seconds_left: float


@with_config(CLOSED)
class Patient(TypedDict):
    id: RecordKey
    as_of: AsOf
    past: bool
    now: datetime
    family: str
    given: str
    born: Annotated[str, Field(description="ISO date, as precise as it is known.", examples=["1948-09"])]
    sex: str
    age_years: int | None
    died: bool
    identifiers: list[Identifier]
    place: Place
    allergies: NotRequired[list[Stated]]
    problems: NotRequired[list[Stated]]
    assigned: Annotated[dict[str, str], Field(description="Role to name.", examples=[{"nurse": "Amelia Brandt"}])]
    gaps: NotRequired[list[Gap]]
    disputes: NotRequired[list[Dispute]]
    overdue: NotRequired[list[OverdueTask]]
    answers: NotRequired[list[Answer]]
    headline: str
    not_running: dict[str, FailedCapability]
    left_out: Annotated[list[str], Field(description="Parts that whoever asks may not read; they are not there at all.", examples=[["allergies"]])]
    emergency: OpenEmergency | None
    restricted: Annotated[int, Field(description="How many facts are hidden from whoever asks, of those whose existence may be known.")]


@with_config(CLOSED)
class Point(TypedDict):
    """A measured value with its own time and source."""

    id: EventId
    at: datetime
    value: Number
    source: str
    name: NotRequired[str]
    comparator: NotRequired[str]
    flags: NotRequired[list[str]]
    received: NotRequired[str]
    range: NotRequired[str]
    abnormal: NotRequired[str]
    by: NotRequired[str]
    status: NotRequired[str]
    preliminary: NotRequired[bool]
    recorded_at: NotRequired[datetime]


@with_config(CLOSED)
class Measurements(TypedDict):
    name: str
    label: str
    group: str
    unit: str
    decimals: int
    usual: tuple[float, float] | None
    mapped: bool
    points: list[Point]
    last: Point | None


@with_config(CLOSED)
class Pending(TypedDict):
    name: str
    order: str
    at: datetime


@with_config(CLOSED)
class ScorePoint(TypedDict):
    at: datetime
    value: Number
    outcome: Outcome
    severity: Severity
    revised_at: NotRequired[datetime]


@with_config(CLOSED)
class ScoreLine(TypedDict):
    capability: str
    key: str
    points: list[ScorePoint]


Dated = Annotated[dict[str, Any], Field(description="An event: id, kind, at, recorded_at, source and what its kind says.")]
Ordered = Annotated[dict[str, Any], Field(description="An order: the event, and `ended`: whether it does not run any more.")]


@with_config(CLOSED)
class Timeline(TypedDict):
    patient: RecordKey
    since: datetime
    as_of: AsOf
    measured: list[Measurements]
    removed: list[Point]
    pending: list[Pending]
    scores: list[ScoreLine]
    orders: list[Ordered]
    given: list[Dated]
    documents: list[Dated]
    appointments: list[Dated]
    movements: list[Dated]
    hidden: NotRequired[Annotated[dict[str, int], Field(description="How much was recorded only later, by kind.")]]


@with_config(CLOSED)
class Findings(TypedDict):
    patient: RecordKey
    as_of: AsOf
    findings: list[Answer]
