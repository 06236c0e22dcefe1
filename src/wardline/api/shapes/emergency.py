"""Records opened in an emergency, and what came of looking at it afterwards."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey


@with_config(CLOSED)
class Reason(TypedDict):
    code: str
    text: str
    needs_note: bool


@with_config(CLOSED)
class Terms(TypedDict):
    """Under which terms a record is opened."""

    reasons: list[Reason]
    minutes: Annotated[float, Field(description="For how long a record is open.")]


@with_config(CLOSED)
class Opened(TypedDict):
    id: str
    patient: RecordKey
    opened_at: datetime
    until: datetime


@with_config(CLOSED)
class Review(TypedDict):
    verdict: Literal["justified", "not justified", "asked"]
    note: str
    by: str
    at: datetime


@with_config(CLOSED)
class Look(TypedDict):
    """Something they did with the record while it was open."""

    at: datetime
    action: str


@with_config(CLOSED)
class Access(TypedDict):
    id: str
    patient: RecordKey
    number: Annotated[str, Field(description="Patient number; empty for a record that is not listed any more.")]
    unit: Annotated[str, Field(description="Where the patient is now.")]
    person: str
    person_roles: list[str]
    person_units: list[str]
    reason: str
    note: str
    opened_at: datetime
    until: datetime
    ended_at: Annotated[datetime | None, Field(description="When they closed it themselves, before its time was up.")]
    is_open: bool
    waits: Annotated[bool, Field(description="Whether somebody still has to judge it.")]
    is_yours: Annotated[bool, Field(description="You used it, so somebody else must judge it.")]
    looks: list[Look]
    looks_more: Annotated[bool, Field(description="There are more looks than are listed; the audit trail has all of them.")]
    reviews: list[Review]


@with_config(CLOSED)
class Accesses(TypedDict):
    as_of: AsOf
    waiting: int
    items: list[Access]
