"""Retention and erasure: the site's rules, requests with what was checked, holds, and how far back a backup reaches."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey, Seconds

State = Literal["waiting", "refused", "withdrawn", "done"]


@with_config(CLOSED)
class RetentionRule(TypedDict):
    kind: Literal["patient", "audit", "session"]
    says: str
    keep_years: float | None
    minors_until_age: int | None
    basis: str


@with_config(CLOSED)
class RetentionRules(TypedDict):
    """What the site has signed. Kinds without years are kept: nothing is erased that nobody has said a rule for."""

    owner: str
    version: str
    date: str
    signed_by: str
    jurisdiction: str
    rules: list[RetentionRule]


@with_config(CLOSED)
class Suggestion(TypedDict):
    jurisdiction: str
    kind: str
    keep_years: float
    minors_until_age: int | None
    basis: str
    standing: Literal["read", "reported", "from memory"]
    note: str


@with_config(CLOSED)
class Check(TypedDict):
    name: str
    passed: bool
    sentence: str
    basis: str


@with_config(CLOSED)
class PersonAsked(TypedDict):
    """Somebody who is to be erased, or was. After it only the record's key is left."""

    id: RecordKey
    name: str
    number: str
    born: str
    records: int
    checks: list[Check]


@with_config(CLOSED)
class Erasure(TypedDict):
    id: str
    state: State
    ground: str
    ground_words: str
    asked_at: datetime
    asked_by: str
    asked_by_you: bool
    basis: str
    closed_at: datetime | None
    closed_by: str
    keys: Annotated[int, Field(description="Keys that were destroyed.")]
    persons: list[PersonAsked]


@with_config(CLOSED)
class Hold(TypedDict):
    id: str
    patient: RecordKey
    name: str
    number: str
    reason: str
    since: datetime
    by: str


@with_config(CLOSED)
class Register(TypedDict):
    path: str
    entries: int
    last_at: datetime | None
    beside_the_data: Annotated[bool, Field(description="True while it lies in the data folder, where a copy put back by hand takes it back in time.")]


@with_config(CLOSED)
class BackupTaken(TypedDict):
    at: datetime
    age_seconds: Seconds
    place: str
    keys: str
    keys_at: datetime | None
    keys_are_old: Annotated[bool, Field(description="True while the copy of the keys may still hold one that was destroyed.")]
    messages: int
    damaged: int
    bytes: int
    seconds: Seconds


@with_config(CLOSED)
class RestoreTried(TypedDict):
    at: datetime
    age_seconds: Seconds
    messages: int
    erased_again: int
    seconds: Seconds


@with_config(CLOSED)
class Retention(TypedDict):
    as_of: AsOf
    rules: RetentionRules
    suggestions: list[Suggestion]
    erasures: list[Erasure]
    holds: list[Hold]
    register: Register
    backup: BackupTaken | None
    drill: RestoreTried | None
    grounds: dict[str, str]


@with_config(CLOSED)
class Over(TypedDict):
    id: RecordKey
    name: str
    number: str
    born: str
    last_contact: datetime
    records: int


@with_config(CLOSED)
class OverAll(TypedDict):
    as_of: AsOf
    total: int
    persons: list[Over]


@with_config(CLOSED)
class Found(PersonAsked):
    kept_until: str
    holds: list[Hold]
