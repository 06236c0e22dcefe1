"""Notifications: who was told of what, by which way, and whether it arrived; and what alerts have been to people."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey, Severity


@with_config(CLOSED)
class Told(TypedDict):
    role: str
    unit: str


@with_config(CLOSED)
class Delivery(TypedDict):
    at: datetime
    text: Annotated[str, Field(examples=["doctor by on-call phone: received"])]


@with_config(CLOSED)
class NotifiedAlert(TypedDict):
    alert: str
    patient: RecordKey
    unit: str
    bed: str
    severity: Severity
    state: str
    told: list[Told]
    deliveries: list[Delivery]
    unreachable: Annotated[list[str], Field(description="Roles of the present step whom no channel could reach.")]


@with_config(CLOSED)
class Notifications(TypedDict):
    as_of: AsOf
    items: list[NotifiedAlert]


@with_config(CLOSED)
class Channel(TypedDict):
    contact: Annotated[str, Field(description="A role's phone, a team, or a person, as in the site's contacts.yaml.")]
    name: str
    roles: Annotated[list[str], Field(description="Roles of the policy in force that are told this way.")]
    tries: int
    confirm_within_seconds: float | None


@with_config(CLOSED)
class Channels(TypedDict):
    channels: list[Channel]
    without: Annotated[list[str], Field(description="Roles of the policy in force that no channel reaches: their screens are all they have.")]


@with_config(CLOSED)
class Tested(TypedDict):
    outcome: Literal["sent", "received", "failed"]
    detail: str


@with_config(CLOSED)
class AlertCounts(TypedDict):
    alerts: int
    pages: Annotated[int, Field(description="Times that people were interrupted.")]
    acknowledged: int
    overridden: int
    escalated: int
    withdrawn: int
    ended_unanswered: int
    median_answer_seconds: float | None
    slow_answer_seconds: Annotated[float | None, Field(description="Nine answers of ten came within this time; null: too few to say.")]


class CapabilityCounts(AlertCounts):
    capability: str


@with_config(CLOSED)
class ReasonCount(TypedDict):
    code: str
    text: str
    count: int


@with_config(CLOSED)
class DeliveryCount(TypedDict):
    channel: str
    outcome: str
    count: int


@with_config(CLOSED)
class AlertBurden(TypedDict):
    since: datetime | None
    until: datetime | None
    unit: str
    patient_days: float
    alerts_per_patient_day: float | None
    pages_per_patient_day: float | None
    pages_per_nurse_hour: Annotated[float | None, Field(description="Of one unit, where the policy says how many nurses it has.")]
    total: AlertCounts
    by_capability: list[CapabilityCounts]
    override_reasons: list[ReasonCount]
    deliveries: list[DeliveryCount]
