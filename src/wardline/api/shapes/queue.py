"""Alerts and the queue of those that wait for a decision."""

from datetime import datetime

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey, Seconds, Severity, Tier


@with_config(CLOSED)
class AlertPatient(TypedDict):
    id: RecordKey
    family: str
    given: str
    number: str
    age_years: int | None
    sex: str
    unit: str
    bed: str


@with_config(CLOSED)
class AlertEntry(TypedDict):
    at: datetime
    what: str
    who: str
    comment: str


@with_config(CLOSED)
class Alert(TypedDict):
    """One alert with its patient and its history."""

    alert: str
    patient: AlertPatient
    capability: str
    key: str
    tier: Tier
    severity: Severity
    summary: str
    reason: str
    action: str
    opened_at: datetime
    waiting_seconds: Seconds
    limit_seconds: Seconds | None
    state: str
    seen: bool
    quiet: str
    quiet_until: datetime | None
    joined: str
    owner: str
    escalates_at: datetime | None
    escalates_to: list[str]
    undo_until: datetime | None
    closed_at: datetime | None
    history: list[AlertEntry]


@with_config(CLOSED)
class OverrideReason(TypedDict):
    code: str
    text: str
    needs_comment: bool
    needs_until: bool


@with_config(CLOSED)
class Queue(TypedDict):
    as_of: AsOf
    items: list[Alert]
    override_reasons: list[OverrideReason]


@with_config(CLOSED)
class PatientAlerts(TypedDict):
    patient: RecordKey
    as_of: AsOf
    open: list[Alert]
    history: list[Alert]
