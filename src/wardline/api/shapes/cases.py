"""Cases: a study somebody is to report on, from what must be known before to the signature."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.imaging import StudyUid
from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey

Branch = Literal["oncology", "pulmonology", "cardiology", "neurology", "general"]
Stage = Literal["intake", "imaging", "evidence", "report", "signed", "closed"]


@with_config(CLOSED)
class NotValid(TypedDict):
    report: str
    why: Annotated[str, Field(description="Begins with withdrawn, or with waits for withdrawal.")]


@with_config(CLOSED)
class CaseLine(TypedDict):
    case: str
    patient: RecordKey
    study: StudyUid
    prior_study: Annotated[str, Field(description="The study it is compared with; empty where there is none.")]
    branch: Branch
    question: str
    stage: Stage
    opened_at: datetime
    opened_by: str
    moved_at: datetime
    report: Annotated[str, Field(description="Its report; empty while there is none.")]
    not_valid: Annotated[NotValid | None, Field(description="A report of it that was signed and is not valid any more, or for now.")]


@with_config(CLOSED)
class Cases(TypedDict):
    as_of: AsOf
    cases: list[CaseLine]


@with_config(CLOSED)
class CheckItem(TypedDict):
    item: str
    title: str
    needed: bool
    state: Literal["open", "known", "answered"]
    value: str
    known_from: Annotated[str, Field(description="chart, study, studies or case where Wardline found it; person where somebody said it.")]


@with_config(CLOSED)
class CaseStep(TypedDict):
    stage: Stage
    at: datetime
    by: str
    note: str


@with_config(CLOSED)
class MayWrite(TypedDict):
    write: bool


@with_config(CLOSED)
class Evidence(TypedDict):
    id: str
    title: str


class CaseOut(CaseLine):
    as_of: AsOf
    checklist: list[CheckItem]
    evidence: Annotated[list[Evidence], Field(description="Guideline cards about the patient's diagnoses, by their ids.")]
    history: list[CaseStep]
    may: MayWrite
