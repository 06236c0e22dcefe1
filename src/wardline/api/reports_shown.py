"""A report as screens and other programs are shown it, and who may see it: a draft those who write, a signed one those who see the images."""

from typing import Any, NamedTuple

from wardline.api import sight
from wardline.api.cases import WRITE, is_theirs, need_theirs
from wardline.api.dicomweb.seeing import READ, StudySight
from wardline.api.doors import allowed
from wardline.api.reports_measured import measured_in, row
from wardline.api.services import Services
from wardline.api.studies_shown import Look
from wardline.core.errors import NotFound
from wardline.core.people import Person
from wardline.delivery.reports.checking import open_items
from wardline.delivery.reports.measured import Measurements
from wardline.delivery.reports.register import Case, Report
from wardline.delivery.reports.sentences import Draft, keys_of, rendered
from wardline.delivery.reports.steps import draft_of
from wardline.delivery.reports.templates import template

SIGN = "report.sign"
STANDING = ("signed", "waiting")
"""States of a report that can be withdrawn."""
UNKNOWN = "there is no such report"


class Opened(NamedTuple):
    """A report that somebody may see, with everything it rests on."""

    report: Report
    case: Case
    about: str
    measured: Measurements
    draft: Draft
    basis: tuple[Any, ...] = ()
    """Of the measurements: `Look.basis`."""


async def opened(id: str, person: Person, house: Services, act: str, *, action: str = READ) -> Opened:
    """The report and its measurements; the look is in the audit trail. Raises `NotFound`, `NotAllowed` or `Conflict`."""
    report = house.reports.reports.get(id)
    case = house.reports.cases.get(report.case) if report is not None else None
    if report is None or case is None:
        raise NotFound(UNKNOWN)
    if action == READ and not report.is_signed:
        action = WRITE
    has_study = is_theirs(case, house)
    about = _left_behind(report, person, house) if report.is_signed and not has_study else need_theirs(case, person, house)
    allowed(person, action, about, house)
    if not sees(report, about, person, house):
        raise NotFound(UNKNOWN)
    await house.audit.record(person, act, about, report=id)
    measured, basis = Measurements(), ()  # of somebody else's study nothing is told here
    if has_study:
        basis = Look(house.studies.placed[case.opened.study], house).basis
        measured = await measured_in(house.studies.placed[case.opened.study], case.opened.baseline, house, StudySight(person, house).sees)
    return Opened(report, case, about, measured, draft_of(report), basis)


def _left_behind(report: Report, person: Person, house: Services) -> str:
    """The record of a signed report whose study is not its patient's (any more): who may see this patient's images may see what was said."""
    about = house.engine.house.survivor(report.about)
    allowed(person, READ, about, house)
    sight.need_open(person, about, house)
    house.edge.limits.patient(person, about)
    return about


def state_of(report: Report, house: Services) -> str:
    """As `Report.state`; one whose study stands on no chart of this patient is never valid, whatever was recorded."""
    case = house.reports.cases.get(report.case)
    if report.state == "signed" and (case is None or not is_theirs(case, house)):
        return "waiting"
    return report.state


def sees(report: Report, about: str, person: Person, house: Services) -> bool:
    """Whether no label and no consent keeps a signed report from them. Drafts go with their study."""
    return not report.is_signed or report.id in sight.seen_by(person, house.engine.house.timeline(about), house).timeline.reports


def may_be_listed(report: Report, person: Person, house: Services, sights: StudySight) -> bool:
    """Drafts and valid reports go with their study. What is not valid any more is told to whoever sees this patient's images."""
    case = house.reports.cases.get(report.case)
    if case is None:
        return False
    about = house.engine.house.survivor(report.about)
    if is_theirs(case, house):
        if not sights.sees(case.opened.study):
            return False
    elif not report.is_signed or sights.reader(about) is None:
        return False
    return sees(report, about, person, house) if report.is_signed else house.access.may(person, WRITE, about)


def line_of(report: Report, house: Services) -> dict[str, Any]:
    case, draft = house.reports.cases[report.case], draft_of(report)
    last = report.newest if report.is_signed else report.versions[-1]
    return {
        "report": report.id, "case": report.case, "study": case.opened.study, "patient": house.engine.house.survivor(report.about),
        "title": draft.title, "branch": draft.branch, "state": state_of(report, house),
        "version": report.newest.signed.version if report.is_signed else report.version, "at": last.at, "by": house.name_of(last.by),
        "critical": any(each.signed.critical for each in report.signatures), "withdrawn": withdrawn_of(report),
    }  # fmt: skip


def withdrawn_of(report: Report) -> dict[str, Any] | None:
    if report.withdrawal is None:
        return None
    withdrawn, at = report.withdrawal
    return {"at": at, "by": withdrawn.author, "reason": withdrawn.reason, "misplaced": withdrawn.misplaced}


def checked(draft: Draft, measured: Measurements) -> dict[str, Any]:
    """The sections as they read, and everything that is open."""
    found = open_items(draft, measured)
    return {"sections": _sections(draft, measured, found), "open": [each._asdict() for each in found]}


def whole(at: Opened, person: Person, house: Services) -> dict[str, Any]:
    report, draft = at.report, at.draft
    told = checked(draft, at.measured) if not report.is_signed else {"sections": _as_signed(draft), "open": []}
    saved, line = report.versions[-1], line_of(report, house)
    may_sign = house.access.may(person, SIGN, at.about)
    return {
        "as_of": house.engine.house.now, "report": report.id, "case": report.case, "study": line["study"], "patient": line["patient"],
        "branch": draft.branch, "title": draft.title, "state": line["state"], "version": report.version, "saved_at": saved.at,
        "saved_by": house.name_of(saved.by), **told, "measurements": [row(each) for each in at.measured.rows.values()],
        "confirmed": list(draft.confirmed), "key_images": list(draft.key_images), "critical": line["critical"],
        "signatures": [
            {"version": each.signed.version, "at": each.at, "by": each.signed.author, "digest": each.signed.digest, "addendum": each.signed.addendum,
             "critical": each.signed.critical}
            for each in report.signatures
        ],
        "versions": _versions(report, house), "text": report.newest.signed.text if report.is_signed else "", "withdrawn": line["withdrawn"],
        "may": {"write": house.access.may(person, WRITE, at.about), "sign": may_sign, "withdraw": may_sign and line["state"] in STANDING},
    }  # fmt: skip


def _versions(report: Report, house: Services) -> list[dict[str, Any]]:
    drafts = [{"version": each.number, "at": each.at, "by": house.name_of(each.by), "state": "draft"} for each in report.versions]
    signed = [
        {"version": each.signed.version, "at": each.at, "by": each.signed.author, "state": "addendum" if each.signed.addendum else "signed"}
        for each in report.signatures
    ]
    return [*drafts, *signed]


def _sections(draft: Draft, measured: Measurements, found: list[Any]) -> list[dict[str, Any]]:
    headings = template(draft.branch).sections
    return [
        {
            "id": section.id, "title": headings[section.id].title, "needed": headings[section.id].needed,
            "sentences": [
                {
                    "id": sentence.id, "text": sentence.text, "shown": rendered(sentence.text, measured), "keys": list(keys_of(sentence, measured)),
                    "problems": [each.message for each in found if each.sentence == sentence.id and sentence.id],
                }
                for sentence in section.sentences
            ],
        }
        for section in draft.sections
    ]  # fmt: skip


def _as_signed(draft: Draft) -> list[dict[str, Any]]:
    """What was signed reads as it did then, whatever was measured since."""
    headings = template(draft.branch).sections
    return [
        {
            "id": section.id, "title": headings[section.id].title, "needed": headings[section.id].needed,
            "sentences": [
                {"id": each.id, "text": each.text, "shown": each.seen, "keys": list(each.keys), "problems": []} for each in section.sentences
            ],
        }
        for section in draft.sections
    ]  # fmt: skip
