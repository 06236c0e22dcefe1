"""What patients permit and forbid, what is sensitive in a record, and who looked at it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey


@with_config(CLOSED)
class Consent(TypedDict):
    id: str
    status: Annotated[str, Field(description="active, or inactive once it has been withdrawn.")]
    words: Annotated[list[str], Field(description="What it says, one sentence a rule.", examples=[["Nobody may see HIV."]])]
    text: Annotated[str, Field(description="What was agreed, in the patient's own words.")]
    performer: str
    stated_at: datetime | None
    recorded_at: datetime
    recorded_by: str
    starts_at: datetime | None
    ends_at: datetime | None
    in_emergencies: Annotated[bool, Field(description="Whether it holds even when somebody opens the record in an emergency.")]
    reason: Annotated[str, Field(description="Why it was withdrawn, where that was said.")]
    resource: Annotated[dict[str, Any], Field(description="The FHIR R4 Consent.")]


@with_config(CLOSED)
class Sensitive(TypedDict):
    """A fact that carries a label, as far as whoever asks may see it."""

    kind: str
    key: str
    title: str
    labels: list[str]
    source: Annotated[Literal["list", "person"], Field(description="The house's list, or somebody who said so.")]
    reason: str
    by: str
    at: datetime | None


@with_config(CLOSED)
class Choice(TypedDict):
    code: str
    title: str


@with_config(CLOSED)
class Choices(TypedDict):
    """What a consent or a label can name here."""

    labels: list[Choice]
    kinds: list[Choice]
    units: list[Choice]
    roles: list[Choice]


@with_config(CLOSED)
class Consents(TypedDict):
    patient: RecordKey
    as_of: AsOf
    consents: list[Consent]
    sensitive: list[Sensitive]
    whole_record: Annotated[list[str], Field(description="Labels of the record as a whole.", examples=[["VIP"]])]
    choices: Choices
    may_write: bool
    may_label: bool


@with_config(CLOSED)
class Looked(TypedDict):
    """One person on one day."""

    day: Annotated[str, Field(description="In the hospital's time zone.", examples=["2026-11-21"])]
    who: str
    name: str
    roles: list[str]
    units: Annotated[list[str], Field(description="Where they worked then; none for the whole house.")]
    why: Literal["treatment", "emergency", "own record", "oversight", "app", "running the hospital"]
    app: str
    what: Annotated[list[str], Field(description="What kinds of things were looked at or done, in plain words.")]
    times: int
    first_at: datetime
    last_at: datetime
    refused: int
    emergency: Annotated[str, Field(description="The reason that was given for opening the record in an emergency.")]
    review: Annotated[str, Field(description="What came of its review; empty while it waits or there was none.")]


@with_config(CLOSED)
class Visits(TypedDict):
    patient: RecordKey
    as_of: AsOf
    zone: str
    visits: list[Looked]
    is_whole: Annotated[bool, Field(description="Whether these are all; otherwise older ones are left out.")]
