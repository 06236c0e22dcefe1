"""The alert policy, its proposals, and what a simulation says."""

from datetime import datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey, Seconds, Severity, Tier


@with_config(CLOSED)
class Rule(TypedDict):
    id: str
    capability: str
    key: str
    band: str
    severity: Severity
    tier: Tier
    tell: list[str]
    owner_role: str
    action: str


@with_config(CLOSED)
class Slider(TypedDict):
    path: str
    label: str
    detail: str
    severity: Severity
    kind: Literal["threshold", "minutes", "readings"]
    value: float
    low: float
    high: float
    step: float
    unit: str


@with_config(CLOSED)
class PolicyReason(TypedDict):
    code: str
    text: str


@with_config(CLOSED)
class Objection(TypedDict):
    where: str
    sentence: str


@with_config(CLOSED)
class Proposal(TypedDict):
    id: str
    version: str
    text: str
    note: str
    proposed_at: datetime
    approved_by: list[str]


class WaitingProposal(Proposal):
    signed_by_you: bool


class Approval(Proposal):
    in_force: bool


@with_config(CLOSED)
class Policy(TypedDict):
    as_of: AsOf
    version: str
    title: str
    text: str
    rules: list[Rule]
    sliders: list[Slider]
    override_reasons: list[PolicyReason]
    quiet_reasons: list[PolicyReason]
    objections: list[Objection]
    signatures: int
    proposals: list[WaitingProposal]


@with_config(CLOSED)
class Checked(TypedDict):
    version: str
    text: str
    sliders: list[Slider]
    objections: list[Objection]


@with_config(CLOSED)
class QuietCount(TypedDict):
    reason: str
    count: int


@with_config(CLOSED)
class Burden(TypedDict):
    """What a policy did to the people of the replayed time."""

    policy: str
    since: datetime | None
    until: datetime | None
    patients: int
    patient_days: float
    nurse_hours: float | None
    units_without_nurses: list[str]
    pages: int
    pages_per_patient_day: float | None
    pages_per_nurse_hour: float | None
    worklist_per_patient_day: float | None
    chips_per_patient_day: float | None
    escalations: int
    outcomes: int
    found: int
    sensitivity: tuple[float, float, float] | None
    lead_time_seconds: Seconds | None
    pages_followed: int
    pages_counted: int
    quiet: list[QuietCount]
    hour_of_day: list[int]
    assumption: str


@with_config(CLOSED)
class ReasonCount(TypedDict):
    kind: str
    why: str
    count: int


@with_config(CLOSED)
class OutcomeAt(TypedDict):
    what: str
    at: datetime


@with_config(CLOSED)
class Difference(TypedDict):
    kind: Literal["gone", "later", "earlier", "level", "new"]
    why: str
    at: datetime
    patient: RecordKey
    capability: str
    key: str
    by_seconds: Seconds | None
    outcome: OutcomeAt | None


@with_config(CLOSED)
class OutcomeOf(TypedDict):
    patient: RecordKey
    at: datetime
    what: str


@with_config(CLOSED)
class Counts(TypedDict):
    gone: int
    later: int
    earlier: int
    level: int
    new: int


@with_config(CLOSED)
class Simulated(TypedDict):
    today: Burden
    proposed: Burden
    counts: Counts
    reasons: list[ReasonCount]
    differences: list[Difference]
    lost: list[OutcomeOf]
    gained: list[OutcomeOf]


@with_config(CLOSED)
class AdviceReason(TypedDict):
    code: str
    text: str
    count: int


@with_config(CLOSED)
class AdviceLine(TypedDict):
    """One capability's cards at one hook."""

    capability: str
    title: str
    hook: str
    shown: int
    accepted: int
    overridden: int
    reasons: list[AdviceReason]


@with_config(CLOSED)
class AdviceGiven(TypedDict):
    as_of: datetime
    advice: list[AdviceLine]
