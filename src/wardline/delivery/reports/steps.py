"""What people do to cases and reports, as statements for the log. Each is checked against what is known at the moment it is written."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wardline.core.errors import Conflict, NotFound
from wardline.core.events import CaseMoved, CaseOpened, Documented, Found, ReportDrafted, ReportSigned
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
    if len(report.signatures) != editions:
        raise Conflict("somebody has added to this report meanwhile; read it again")
    return _signed(report, signed, now)


def _signed(report: Report, signed: ReportSigned, now: datetime) -> list[Statement]:
    status = "final" if signed.version == 1 else "amended"
    written = Documented(signed.report, signed.title, signed.text, status, author=signed.author, issued_at=now)
    statements = [Statement(signed, report.about, now), Statement(written, report.about, now)]
    if signed.critical:
        said = Found(
            CRITICAL_REPORT, "1", signed.digest[:16], "finding", signed.report, severity=int(Severity.HIGH),
            summary=f"{signed.title}: {signed.author} asks that it is read now",
        )  # fmt: skip
        statements.append(Statement(said, report.about, now))
    return statements


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
        raise Conflict("this report is signed and does not change; add what is new as an addendum")
    if based_on is not None and based_on != report.version:
        raise Conflict(f"version {report.version} was saved meanwhile; read it again before you go on")
    return report


def need_signed(reports: Reports, id: str) -> Report:
    report = reports.reports.get(id)
    if report is None or not report.is_signed:
        raise Conflict("only a signed report gets an addendum; this one is a draft that can still be changed")
    return report
