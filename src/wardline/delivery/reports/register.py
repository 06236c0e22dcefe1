"""Cases and their reports: who is to report on which study, how far it is, what was drafted and what was signed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from wardline.core.events import WAITING, CaseMoved, CaseOpened, Documented, Erased, Event, ReportDrafted, ReportSigned, ReportWithdrawn
from wardline.core.reactions import Memory

STAGES: Final = ("intake", "imaging", "evidence", "report", "signed", "closed")
INTAKE, _, _, REPORT, SIGNED, CLOSED = STAGES


class Step(NamedTuple):
    """A case went on or back."""

    stage: str
    at: datetime
    by: str
    note: str = ""


class Version(NamedTuple):
    """A version somebody saved."""

    number: int
    at: datetime
    by: str


class Signature(NamedTuple):
    """A version somebody answers for."""

    signed: ReportSigned
    at: datetime
    by: str


class Withdrawal(NamedTuple):
    """Nobody answers for it any more."""

    withdrawn: ReportWithdrawn
    at: datetime


@dataclass(slots=True)
class Case:
    """One study that is to be reported on."""

    opened: CaseOpened
    about: str
    opened_at: datetime
    by: str
    steps: list[Step] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)
    """What people found out of the checklist."""
    report: str = ""

    @property
    def id(self) -> str:
        return self.opened.case

    @property
    def stage(self) -> str:
        return self.steps[-1].stage if self.steps else INTAKE

    @property
    def moved_at(self) -> datetime:
        return self.steps[-1].at if self.steps else self.opened_at


@dataclass(slots=True)
class Report:
    """One report with all that was saved and signed. Of drafts only the newest one's content is remembered; the log has them all."""

    id: str
    case: str
    about: str
    content: str = ""
    versions: list[Version] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    withdrawal: Withdrawal | None = None
    is_waiting: bool = False
    """Signed, and nobody knows whether its study is this patient's."""

    @property
    def version(self) -> int:
        return self.versions[-1].number if self.versions else 0

    @property
    def is_signed(self) -> bool:
        return bool(self.signatures)

    @property
    def state(self) -> str:
        """ "draft", "signed", "waiting" or "withdrawn": only a signed one is valid."""
        if self.withdrawal is not None:
            return "withdrawn"
        if self.is_waiting:
            return "waiting"
        return "signed" if self.is_signed else "draft"

    @property
    def newest(self) -> Signature:
        return self.signatures[-1]


class Reports(Memory):
    """A `Reaction` that only remembers."""

    name = "reports"

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.reports: dict[str, Report] = {}
        self._signed_on: dict[str, list[str]] = {}

    def signed_on(self, study: str) -> list[Report]:
        """Every report that was ever signed on this study."""
        return [self.reports[id] for id in self._signed_on.get(study, ())]

    def case_of(self, study: str) -> Case | None:
        """The case that is open on this study."""
        return next((case for case in self.cases.values() if case.opened.study == study and case.stage != CLOSED), None)

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case CaseOpened(case=id) as opened:
                self.cases[id] = Case(opened, event.about, event.recorded_at, event.actor)
            case CaseMoved(case=id) as moved if id in self.cases:
                case = self.cases[id]
                case.steps.append(Step(moved.stage, event.recorded_at, event.actor, moved.note))
                case.answered.update(dict(moved.checklist))
            case ReportDrafted(report=id) as drafted:
                self._drafted(event, drafted)
            case ReportSigned(report=id) as signed if id in self.reports:
                self._signed(id, Signature(signed, event.recorded_at, event.actor))
            case ReportWithdrawn(report=id, case=of) as withdrawn if id in self.reports:
                self.reports[id].withdrawal = Withdrawal(withdrawn, event.recorded_at)
                if of in self.cases and self.cases[of].report == id:
                    self.cases[of].report = ""
            case Documented(document=id, status=status) if id in self.reports:
                self.reports[id].is_waiting = status == WAITING
            case Erased(records=records):
                self._erase(frozenset(records))
            case _:
                pass

    def _signed(self, id: str, signature: Signature) -> None:
        report, study = self.reports[id], signature.signed.study
        if not report.signatures:
            self._signed_on.setdefault(study, []).append(id)
        report.signatures.append(signature)

    def _drafted(self, event: Event, drafted: ReportDrafted) -> None:
        """A draft without content is one that was dropped."""
        case = self.cases.get(drafted.case)
        if not drafted.content:
            self.reports.pop(drafted.report, None)
            if case is not None and case.report == drafted.report:
                case.report = ""
            return
        report = self.reports.setdefault(drafted.report, Report(drafted.report, drafted.case, event.about))
        report.content = drafted.content
        report.versions.append(Version(drafted.version, event.recorded_at, event.actor))
        if case is not None:
            case.report = report.id

    def _erase(self, records: frozenset[str]) -> None:
        self.cases = {id: each for id, each in self.cases.items() if each.about not in records}
        self.reports = {id: each for id, each in self.reports.items() if each.about not in records}
        self._signed_on = {study: kept for study, ids in self._signed_on.items() if (kept := [id for id in ids if id in self.reports])}

    def dump(self) -> Any:
        return [
            [
                [
                    tuple(each.opened), each.about, each.opened_at, each.by, [tuple(step) for step in each.steps],
                    sorted(each.answered.items()), each.report,
                ]
                for _, each in sorted(self.cases.items())
            ],
            [
                [each.id, each.case, each.about, each.content, [tuple(one) for one in each.versions],
                 [[tuple(one.signed), one.at, one.by] for one in each.signatures],
                 [tuple(each.withdrawal.withdrawn), each.withdrawal.at] if each.withdrawal is not None else None, each.is_waiting]
                for _, each in sorted(self.reports.items())
            ],
        ]  # fmt: skip

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        cases, reports = state or ((), ())
        for opened, about, opened_at, by, steps, answered, report in cases:
            case = Case(CaseOpened(*opened), about, opened_at, by, [Step(*each) for each in steps], dict(answered), report)
            self.cases[case.id] = case
        for id, of, about, content, versions, signatures, withdrawal, is_waiting in reports:
            withdrawn = Withdrawal(_whole(ReportWithdrawn(*withdrawal[0])), withdrawal[1]) if withdrawal else None
            self.reports[id] = Report(id, of, about, content, [Version(*each) for each in versions], withdrawal=withdrawn, is_waiting=is_waiting)
            for one, at, by in signatures:
                self._signed(id, Signature(_whole(ReportSigned(*one)), at, by))


Said = TypeVar("Said", ReportSigned, ReportWithdrawn)


def _whole(said: Said) -> Said:
    """With tuples where a snapshot gives lists back."""
    return said._replace(artefacts=tuple((name, media_type, digest) for name, media_type, digest in said.artefacts))
