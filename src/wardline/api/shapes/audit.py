"""The audit trail, its proof, and what in it asks for somebody to act."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class AuditEntry(TypedDict):
    id: int
    at: datetime
    who: Annotated[str, Field(description="Id of an account; empty for somebody who did not get in.")]
    name: Annotated[str, Field(description="Of the person whose account it is.")]
    roles: list[str]
    client: Annotated[str, Field(description="The program that acted; empty for a person at a screen.")]
    address: Annotated[str, Field(description="Where it came from on the network.")]
    session: str
    purpose: Annotated[str, Field(description="HL7 v3 PurposeOfUse: TREAT, BTG ...")]
    action: str
    outcome: Literal["success", "refused", "failed"]
    door: Annotated[str, Field(description="Method and path, with names instead of values.")]
    query: Annotated[str, Field(description="What was asked, without what people type.")]
    request: Annotated[str, Field(description="What the client called the request.")]
    about: Annotated[str, Field(description="Key of the record it concerns, if it concerns one patient.")]
    number: Annotated[str, Field(description="The patient's number, if it concerns a patient who is known.")]
    patients: Annotated[int, Field(description="How many patients were shown.")]
    kind: Annotated[str, Field(description="Of an entry that asks for somebody to act: lockout, refusal, emergency ...; else empty.")]
    detail: dict[str, str]


@with_config(CLOSED)
class AuditTrail(TypedDict):
    entries: list[AuditEntry]
    next: Annotated[int | None, Field(description="Ask with `before` this number for older ones; null when there are none.")]


@with_config(CLOSED)
class AuditActions(TypedDict):
    actions: list[str]


@with_config(CLOSED)
class Verified(TypedDict):
    at: datetime
    records: int
    heads: int
    signed: Annotated[int, Field(description="How many records signed heads cover.")]
    witnessed: Annotated[int | None, Field(description="How many the witness has seen; null when it was not asked.")]
    first_bad: int | None
    problem: Annotated[str, Field(description="What is wrong and where; empty for a trail that is whole.")]
    restored: NotRequired[Annotated[list[str], Field(description="Signed restores, each with how many entries are only in the witness.")]]


@with_config(CLOSED)
class Progress(TypedDict):
    done: int
    of: int


@with_config(CLOSED)
class Verification(TypedDict):
    running: Progress | None
    last: Verified | None


@with_config(CLOSED)
class Head(TypedDict):
    size: int
    at: datetime
    root: str
    link: str
    signature: str


@with_config(CLOSED)
class Witness(TypedDict):
    state: Literal["none", "ok", "behind"]
    place: str
    size: int
    reason: str
    since: datetime | None


@with_config(CLOSED)
class Heads(TypedDict):
    log: Annotated[str, Field(description="Name of the trail.")]
    public_key: Annotated[str, Field(description="Ed25519, 64 hexadecimal digits.")]
    records: int
    witness: Witness
    heads: Annotated[list[Head], Field(description="The newest first.")]


@with_config(CLOSED)
class SecurityEvent(TypedDict):
    kind: str
    what: str
    remedy: Annotated[str, Field(description="What to do about it.")]
    entry: AuditEntry


@with_config(CLOSED)
class SecurityKind(TypedDict):
    kind: str
    what: str
    remedy: str


@with_config(CLOSED)
class SecurityEvents(TypedDict):
    trouble: Annotated[list[str], Field(description="What is wrong with the audit trail itself, one sentence each.")]
    kinds: list[SecurityKind]
    events: list[SecurityEvent]
    next: int | None
