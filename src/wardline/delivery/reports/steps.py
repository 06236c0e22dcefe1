"""What people do to cases and reports, as statements for the log. Each is checked against what is known at the moment it is written."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wardline.core.errors import Conflict, NotFound
from wardline.core.events import WITHDRAWN, CaseMoved, CaseOpened, Documented, Found, ReportDrafted, ReportSigned, ReportWithdrawn
from wardline.core.findings import Severity
from wardline.core.statements import Statement
from wardline.delivery.policy.terms import CRITICAL_REPORT
from wardline.delivery.reports.register import CLOSED, REPORT, SIGNED, STAGES, Case, Report, Reports
from wardline.delivery.reports.sentences import Draft, packed, unpacked


def open_case(reports: Reports, opened: CaseOpened, about: str, now: datetime) -> list[Statement]:
    if reports.case_of(opened.study) is not None:
        raise Conflict("this study has an open case already; go on with that one")
    return [Statement(opened, about, now)]


def move(reports: Reports, id: str, stage: str, note: str, answers: Mapping[str, str], open_needed: int, now: datetime) -> list[Statement]:
    """One stage on, or back to any before. Raises `Conflict` with what must happen first."""
    case = _open(reports, id)
    if stage and stage != case.stage:
        _need_way(case, stage, note, open_needed)
    return [Statement(CaseMoved(id, stage or case.stage, note, tuple(sorted(answers.items()))), case.about, now)]


def _need_way(case: Case, stage: str, note: str, open_needed: int) -> None:
    here, there = STAGES.index(case.stage), STAGES.index(stage)
    if case.stage == SIGNED:
        raise Conflict("this case is signed; what is to be added goes into an addendum")
    if stage in (SIGNED, CLOSED):
        raise Conflict("a case is signed by signing its report, and closed by deleting it")
    if there > here + 1:
        raise Conflict(f"the next stage is {STAGES[here + 1]}")
    if here == 0 and there == 1 and open_needed and not note:
        raise Conflict(f"{open_needed} needed item{'s' if open_needed > 1 else ''} of the checklist {'are' if open_needed > 1 else 'is'} open: "
                       "answer, or say in a note why you go on")  # fmt: skip


def close(reports: Reports, id: str, note: str, now: datetime) -> list[Statement]:
    case = _open(reports, id)
    report = reports.reports.get(case.report)
    dropped = (
        [Statement(ReportDrafted(report.id, id, report.version + 1, ""), case.about, now)] if report is not None and not report.is_signed else []
    )
    return [*dropped, Statement(CaseMoved(id, CLOSED, note), case.about, now)]


def begin(reports: Reports, case: str, report: str, draft: Draft, now: datetime) -> list[Statement]:
    of = _open(reports, case)
    if of.report:
        raise Conflict("this case has a report already; go on with that one")
    moved = [Statement(CaseMoved(case, REPORT), of.about, now)] if of.stage != REPORT else []
    return [*moved, Statement(ReportDrafted(report, case, 1, packed(draft)), of.about, now)]


def save(reports: Reports, id: str, based_on: int, draft: Draft, now: datetime) -> list[Statement]:
    report = need_draft(reports, id, based_on)
    return [Statement(ReportDrafted(id, report.case, report.version + 1, packed(draft)), report.about, now)]


def drop(reports: Reports, id: str, now: datetime) -> list[Statement]:
    report = need_draft(reports, id)
    return [Statement(ReportDrafted(id, report.case, report.version + 1, ""), report.about, now)]


def sign(reports: Reports, id: str, based_on: int, signed: ReportSigned, now: datetime) -> list[Statement]:
    """The signature, the text on the chart, and where somebody has said so the alert: in one step or not at all."""
    report = need_draft(reports, id, based_on)
    moved = Statement(CaseMoved(report.case, SIGNED), report.about, now)
    return [*_signed(report, signed, now), moved]


def add(reports: Reports, id: str, editions: int, signed: ReportSigned, now: datetime) -> list[Statement]:
    """An addendum. What was signed before stays as it was."""
    report = need_signed(reports, id)
    if report.is_waiting:
        raise Conflict("nobody knows whether this report's study is this patient's; place the study first")
    if len(report.signatures) != editions:
        raise Conflict("somebody has added to this report meanwhile; read it again")
    return _signed(report, signed, now)


def on_chart(signed: ReportSigned, now: datetime) -> Documented:
    """The report as the chart has it among its documents."""
    status = "final" if signed.version == 1 else "amended"
    return Documented(signed.report, signed.title, signed.text, status, author=signed.author, issued_at=now)


def _signed(report: Report, signed: ReportSigned, now: datetime) -> list[Statement]:
    statements = [Statement(signed, report.about, now), Statement(on_chart(signed, now), report.about, now)]
    if signed.critical:
        said = Found(
            CRITICAL_REPORT, "1", signed.digest[:16], "finding", signed.report, severity=int(Severity.HIGH),
            summary=f"{signed.title}: {signed.author} asks that it is read now",
        )  # fmt: skip
        statements.append(Statement(said, report.about, now))
    return statements


def withdraw(reports: Reports, id: str, reason: str, author: str, *, misplaced: bool, now: datetime) -> list[Statement]:
    """Nobody answers for it any more: on the chart stands that it was taken back, its alerts end, and its case goes on to a new report."""
    report = need_signed(reports, id)
    last = report.newest.signed
    artefacts = tuple(dict.fromkeys(each for signature in report.signatures for each in signature.signed.artefacts))
    withdrawn = ReportWithdrawn(id, report.case, last.study, last.version + 1, last.title, last.text, reason, author, misplaced, artefacts)
    notice = f"WITHDRAWN by {author}: {reason}\nWhat was signed before is not valid and must not be acted on."
    statements = [
        Statement(withdrawn, report.about, now),
        Statement(Documented(id, last.title, notice, WITHDRAWN, author=author, issued_at=now), report.about, now),
        *(Statement(_not_critical(each.signed, author), report.about, each.at) for each in report.signatures if each.signed.critical),
    ]
    case = reports.cases.get(report.case)
    if case is not None and case.stage == SIGNED:
        statements.append(Statement(CaseMoved(case.id, REPORT, "the report was withdrawn"), case.about, now))
    return statements


def _not_critical(signed: ReportSigned, author: str) -> Found:
    """What should have been said at that moment: whoever was told hears that it is taken back."""
    return Found(
        CRITICAL_REPORT, "1", signed.digest[:16], "finding", signed.report, severity=int(Severity.NONE), revised=True,
        summary=f"{signed.title}: withdrawn by {author}",
    )  # fmt: skip


def digest_of(report: str, version: int, title: str, text: str, draft: Draft | None) -> str:
    """SHA-256 of what is signed: the text as read, and the sentences with what they are bound to."""
    content: list[Any] = [report, str(version), title, text, packed(draft) if draft is not None else ""]
    return hashlib.sha256("\x1e".join(content).encode()).hexdigest()


def draft_of(report: Report) -> Draft:
    return unpacked(report.content)


def _open(reports: Reports, id: str) -> Case:
    case = reports.cases.get(id)
    if case is None:
        raise NotFound("there is no such case")
    if case.stage == CLOSED:
        raise Conflict("this case is closed; open a new one for the study")
    return case


def need_draft(reports: Reports, id: str, based_on: int | None = None) -> Report:
    """The report while nobody has signed it, at this version. Raises `NotFound` or `Conflict`."""
    report = reports.reports.get(id)
    if report is None:
        raise NotFound("there is no such report (any more)")
    if report.is_signed:
        raise Conflict("this report is signed and does not change; add what is new as an addendum, or withdraw it")
    if based_on is not None and based_on != report.version:
        raise Conflict(f"version {report.version} was saved meanwhile; read it again before you go on")
    return report


def need_signed(reports: Reports, id: str) -> Report:
    report = reports.reports.get(id)
    if report is None or not report.is_signed:
        raise Conflict("only a signed report gets an addendum or is withdrawn; this one is a draft that can still be changed")
    if report.withdrawal is not None:
        raise Conflict("this report has been withdrawn; what is true goes into a new one")
    return report
