"""Health, and the hospital's name."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.capabilities import RefusedModule
from wardline.api.shapes.feeds import Feed
from wardline.api.shapes.shape import CLOSED, AsOf


@with_config(CLOSED)
class SampleUser(TypedDict):
    login: str
    password: str
    name: str
    role: str
    sees: str


@with_config(CLOSED)
class Hospital(TypedDict):
    name: str
    version: str
    simulated: bool
    zone: str
    sample_users: Annotated[list[SampleUser], Field(description="Only in a demonstration.")]
    provider: NotRequired[Annotated[str, Field(description="What the button to the hospital's own sign-in service says.")]]


@with_config(CLOSED)
class LogState(TypedDict):
    state: Literal["ok", "full", "broken", "damaged"]
    files: int
    bytes: int
    damaged: list[str]


@with_config(CLOSED)
class AuditState(TypedDict):
    state: Literal["ok", "failing"]
    since: datetime | None


@with_config(CLOSED)
class DiskState(TypedDict):
    state: Literal["ok", "tight"]
    free_bytes: int
    total_bytes: int


@with_config(CLOSED)
class MllpState(TypedDict):
    state: Literal["ok", "off"]
    connections: NotRequired[int]
    refused_connections: NotRequired[int]
    skipped_bytes: NotRequired[int]
    abandoned_messages: NotRequired[int]


@with_config(CLOSED)
class DowntimeState(TypedDict):
    state: Literal["ok", "failing"]
    reason: str


@with_config(CLOSED)
class BackupState(TypedDict):
    state: Literal["ok", "late"]
    age_seconds: Annotated[float | None, Field(description="Of the last backup; null where none has been taken.")]
    drill_age_seconds: Annotated[float | None, Field(description="Since a restore was last tried; null where nobody has.")]
    reason: str


@with_config(CLOSED)
class DestinationState(TypedDict):
    name: str
    state: Literal["ok", "waiting"]
    since: datetime | None
    reason: str
    sent: int


@with_config(CLOSED)
class Dependencies(TypedDict):
    log: LogState
    audit: AuditState
    disk: DiskState
    mllp: MllpState
    downtime_pages: DowntimeState
    backup: BackupState
    destinations: list[DestinationState]


@with_config(CLOSED)
class EngineState(TypedDict):
    steps: int
    patients: int
    timelines_in_memory: int
    due: int
    received: int
    duplicates: int
    quarantined: int
    turns: int
    loop_lag_ms: float


@with_config(CLOSED)
class CapabilityState(TypedDict):
    id: str
    state: Literal["ok", "not watched"]
    since: datetime | None


@with_config(CLOSED)
class HealthDetail(TypedDict):
    as_of: AsOf
    version: str
    started_at: datetime
    status: Literal["ok", "degraded"]
    problems: Annotated[list[str], Field(description="One sentence each.")]
    dependencies: Dependencies
    engine: EngineState
    feeds: list[Feed]
    capabilities: list[CapabilityState]
    not_running: list[RefusedModule]
