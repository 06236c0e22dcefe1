"""Reports on images: drafts with what each sentence rests on, what is open before signing, and what was signed."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.cases import Branch
from wardline.api.shapes.imaging import StudyUid
from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey

State = Literal["draft", "signed", "waiting", "withdrawn"]


@with_config(CLOSED)
class WithdrawnOut(TypedDict):
    at: datetime
    by: str
    reason: str
    misplaced: Annotated[bool, Field(description="Whether its study is another patient's.")]


@with_config(CLOSED)
class ReportLine(TypedDict):
    report: str
    case: str
    study: StudyUid
    patient: RecordKey
    title: str
    branch: Branch
    state: State
    version: Annotated[int, Field(description="Of the draft; of a signed report, how often it was signed.")]
    at: datetime
    by: str
    critical: bool
    withdrawn: WithdrawnOut | None


@with_config(CLOSED)
class Reports(TypedDict):
    as_of: AsOf
    reports: list[ReportLine]


@with_config(CLOSED)
class SentenceOut(TypedDict):
    id: str
    text: Annotated[str, Field(description="As it was written, with placeholders.")]
    shown: Annotated[str, Field(description="As it reads, with what was measured.")]
    keys: Annotated[list[str], Field(description="The lesions it is about.")]
    problems: list[str]


@with_config(CLOSED)
class SectionOut(TypedDict):
    id: str
    title: str
    needed: bool
    sentences: list[SentenceOut]


@with_config(CLOSED)
class MeasuredOut(TypedDict):
    key: str
    id: str
    name: str
    value: float | str | None
    unit: str
    why: str
    shown: str
    prior: str
    change: str
    placeholder: str


@with_config(CLOSED)
class OpenItem(TypedDict):
    code: Literal["no-source", "side", "prior", "negation", "needed", "match", "stale"]
    section: str
    sentence: str
    key: str
    message: str


@with_config(CLOSED)
class SignatureOut(TypedDict):
    version: int
    at: datetime
    by: str
    digest: Annotated[str, Field(description="SHA-256 of what was signed.")]
    addendum: bool
    critical: bool


@with_config(CLOSED)
class VersionOut(TypedDict):
    version: int
    at: datetime
    by: str
    state: Literal["draft", "signed", "addendum"]


@with_config(CLOSED)
class MayReport(TypedDict):
    write: bool
    sign: bool
    withdraw: bool


@with_config(CLOSED)
class Checked(TypedDict):
    sections: list[SectionOut]
    open: list[OpenItem]


@with_config(CLOSED)
class Report(TypedDict):
    as_of: AsOf
    report: str
    case: str
    study: StudyUid
    patient: RecordKey
    branch: Branch
    title: str
    state: State
    version: int
    saved_at: datetime
    saved_by: str
    sections: list[SectionOut]
    measurements: list[MeasuredOut]
    confirmed: list[str]
    key_images: list[str]
    critical: bool
    open: Annotated[list[OpenItem], Field(description="What must be settled before it can be signed; empty for a signed one.")]
    signatures: list[SignatureOut]
    versions: list[VersionOut]
    text: Annotated[str, Field(description="The whole text as it was signed last; empty for a draft.")]
    withdrawn: Annotated[WithdrawnOut | None, Field(description="Why it is not valid any more; what it says must not be acted on.")]
    may: MayReport
