"""Ward boards."""

from datetime import datetime
from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.queue import OverrideReason
from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey, Seconds, Severity, Tier


@with_config(CLOSED)
class UnitLine(TypedDict):
    unit: str
    label: str
    patients: int
    high: int
    medium: int
    low: int
    unseen: int


@with_config(CLOSED)
class Boards(TypedDict):
    as_of: AsOf
    units: list[UnitLine]


@with_config(CLOSED)
class Mark(TypedDict):
    severity: Severity
    seen: bool
    word: str


@with_config(CLOSED)
class BoardAlert(TypedDict):
    id: str
    tier: Tier
    severity: Severity
    summary: str
    opened_at: datetime
    state: str
    escalates_at: datetime | None
    escalates_to: list[str]
    action: str
    undo_until: datetime | None
    acknowledged_by: str
    acknowledged_at: datetime | None
    more: int


@with_config(CLOSED)
class Score(TypedDict):
    value: float | None
    outcome: Literal["finding", "at_least", "unknown", "not_valid"]
    words: str
    missing: list[str]
    previous: float | None
    since: NotRequired[datetime | None]
    as_of: datetime | None
    stale: bool
    provisional: NotRequired[bool]
    severity: Severity


@with_config(CLOSED)
class Changed(TypedDict):
    fact: str
    context: str
    at: datetime | None
    new: bool


@with_config(CLOSED)
class VitalSigns(TypedDict):
    at: datetime | None
    due_at: datetime | None
    overdue: bool


@with_config(CLOSED)
class Task(TypedDict):
    text: str
    due_at: datetime | None
    overdue: bool


@with_config(CLOSED)
class Row(TypedDict):
    """A bed, free or with somebody in it."""

    key: str
    unit: str
    bed: str
    room: str
    about: RecordKey | None
    family: str
    given: str
    sex: str
    age_years: int | None
    number: str
    needs_action: bool
    urgency: int
    mark: Mark
    alert: BoardAlert | None
    score: Score
    trend: list[tuple[datetime, float, bool]]
    changed: Changed
    vitals: VitalSigns
    task: Task | None
    nurse: str
    doctor: str
    gap: bool
    quiet: NotRequired[list[str]]


@with_config(CLOSED)
class Totals(TypedDict):
    beds: int
    in_use: int
    high: int
    medium: int
    low: int
    high_unseen: int
    medium_unseen: int
    low_unseen: int
    overdue: int
    tasks: int
    tasks_overdue: int
    nurses: int | None


@with_config(CLOSED)
class BoardFeed(TypedDict):
    name: str
    label: str
    last_at: datetime
    age_seconds: Seconds
    silent_since: datetime | None
    expected_per_hour: tuple[int, int] | None


@with_config(CLOSED)
class NotWatched(TypedDict):
    id: str
    since: datetime


@with_config(CLOSED)
class Board(TypedDict):
    unit: str
    label: str
    as_of: AsOf
    now: datetime
    simulated: bool
    headline: str
    headline_title: str
    headline_reference: str
    rows: list[Row]
    totals: Totals
    feeds: list[BoardFeed]
    not_running: list[NotWatched]
    override_reasons: list[OverrideReason]


@with_config(CLOSED)
class DashboardMetrics(TypedDict):
    as_of: AsOf
    open: int
    by_tier: dict[Tier, int]
    unseen: int
    longest_wait_seconds: Seconds
    median_answer_seconds: Seconds | None
    quiet: int
