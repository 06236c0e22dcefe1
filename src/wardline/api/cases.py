"""Cases: a study is to be reported on. What must be known first, the images, the evidence, the report, the signature."""

import secrets
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api import guidelines, sight
from wardline.api.dicomweb.seeing import StudySight
from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.reports_measured import LESIONS, baseline_of
from wardline.api.services import Services
from wardline.api.shapes import cases as shapes
from wardline.api.studies_shown import Look
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.events import CaseOpened
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.delivery.reports import steps
from wardline.delivery.reports.intake import Chart, Known, checklist, open_and_needed
from wardline.delivery.reports.register import Case
from wardline.delivery.reports.templates import template
from wardline.delivery.reports.withdrawing import DOUBT
from wardline.engine.house import House as Folded
from wardline.science.guidelines.applying import fitting

doors = Doors("cases")
WRITE: Final = "report.write"
PATH: Final = "/api/v1/cases"
MOST: Final = 500
UNKNOWN: Final = "there is no such case"


class NewCase(BaseModel):
    """A study that is to be reported on."""

    model_config = ConfigDict(extra="forbid")

    study: str = Field(description="Study Instance UID.", max_length=64)
    branch: shapes.Branch = Field(description="Whose template answers the question.")
    question: str = Field("", max_length=1000, description="What the referrer wants to know.")


class CaseChange(BaseModel):
    """A case goes on, or something of its checklist is answered."""

    model_config = ConfigDict(extra="forbid")

    stage: shapes.Stage | None = Field(None, description="The next one, or any before.")
    note: str = Field("", max_length=1000)
    checklist: dict[str, Annotated[str, Field(min_length=1, max_length=300)]] = Field(default_factory=dict, description="Item -> what was found.")


@doors.get(PATH, who=WRITE, answers=shapes.Cases)
async def cases(
    seen_by: SeenBy, house: House,
    patient: Annotated[str, Query(max_length=64, description="Only this patient's: the record's key.")] = "",
    study: Annotated[str, Query(max_length=64, description="Only about this study.")] = "",
    stage: Annotated[shapes.Stage | None, Query(description="Only at this stage.")] = None,
) -> Response:  # fmt: skip
    """Cases you may work on, the newest first."""
    sights, folded = StudySight(seen_by, house), house.engine.house
    wanted = folded.survivor(patient) if patient else ""
    found = [
        line_of(each, house) for each in house.reports.cases.values()
        if (not wanted or folded.survivor(each.about) == wanted) and study in ("", each.opened.study) and stage in (None, each.stage)
        and _is_shown(each, sights, house) and house.access.may(seen_by, WRITE, folded.survivor(each.about))
    ]  # fmt: skip
    newest = sorted(found, key=lambda line: (line["moved_at"], line["case"]), reverse=True)[:MOST]
    await house.audit.record(seen_by, "cases listed", sorted({line["patient"] for line in newest}))
    return json_response({"as_of": folded.now, "cases": newest})


@doors.post(PATH, who=WRITE, answers=shapes.CaseOut, status_code=201)
async def open_case(wanted: NewCase, seen_by: SeenBy, house: House) -> Response:
    """Open a case on a study. It is compared with the patient's newest earlier study of the same kind."""
    about = StudySight(seen_by, house).need(wanted.study)
    study = house.studies.placed.get(wanted.study)
    if study is None:
        raise NotFound("nobody has said yet whose this study is; place it first")
    allowed(seen_by, WRITE, about, house)
    id = secrets.token_hex(8)
    opened = CaseOpened(id, wanted.study, wanted.branch, wanted.question.strip(), baseline_of(study, house), study.imaged.accession)
    await house.audit.record(seen_by, "case opened", about, case=id, study=wanted.study)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.open_case(house.reports, opened, study.about, now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(await _whole(house.reports.cases[id], seen_by, house), status=201)


@doors.get(PATH + "/{id}", who=WRITE, answers=shapes.CaseOut)
async def case(id: str, seen_by: SeenBy, house: House) -> Response:
    """One case with its checklist and how it went so far."""
    found = await case_seen(id, seen_by, house, "case read")
    return json_response(await _whole(found, seen_by, house))


@doors.patch(PATH + "/{id}", who=WRITE, answers=shapes.CaseOut)
async def change(id: str, wanted: CaseChange, seen_by: SeenBy, house: House) -> Response:
    """Answer items of the checklist, go on to the next stage, or back."""
    found = await case_seen(id, seen_by, house, "case changed")
    items = {item.id for item in template(found.opened.branch).checklist}
    if unknown := sorted(set(wanted.checklist) - items):
        raise Refused(f"the checklist has no item {unknown[0]!r}; it has {', '.join(sorted(items))}", where="checklist")
    after = await _checklist(found, {**found.answered, **wanted.checklist}, seen_by, house)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.move(house.reports, id, wanted.stage or "", wanted.note.strip(), wanted.checklist, len(open_and_needed(after)), now)

    await house.engine.record(decide, actor=seen_by.id)
    return json_response(await _whole(found, seen_by, house))


@doors.delete(PATH + "/{id}", who=WRITE, status_code=204)
async def close(id: str, seen_by: SeenBy, house: House, note: Annotated[str, Query(max_length=1000)] = "") -> None:
    """Close a case: an unsigned draft is dropped, a signed report stays."""
    await case_seen(id, seen_by, house, "case closed")

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return steps.close(house.reports, id, note.strip(), now)

    await house.engine.record(decide, actor=seen_by.id)


async def case_seen(id: str, person: Person, house: Services, act: str) -> Case:
    """The case, where this person may work on it; that they do is in the audit trail. Raises `NotFound`, `NotAllowed` or `Conflict`."""
    found = house.reports.cases.get(id)
    if found is None:
        raise NotFound(UNKNOWN)
    about = need_theirs(found, person, house)
    allowed(person, WRITE, about, house)
    await house.audit.record(person, act, about, case=id)
    return found


def need_theirs(case: Case, person: Person, house: Services) -> str:
    """The patient's record. Raises `Conflict` where the study was found to be somebody else's since the case was opened."""
    about = house.engine.house.survivor(case.about)
    if not is_theirs(case, house):
        allowed(person, WRITE, about, house)
        raise Conflict("the study of this case is filed under another patient now; close the case and open one there")
    return StudySight(person, house).need(case.opened.study)


def _is_shown(case: Case, sights: StudySight, house: Services) -> bool:
    """With its study; one whose study is somebody else's now only as long as its report tells that."""
    if is_theirs(case, house):
        return sights.sees(case.opened.study)
    return _not_valid(case, house) is not None


def _not_valid(case: Case, house: Services) -> dict[str, str] | None:
    """The newest of its reports that was signed and is not valid (any more)."""
    signed = [each for each in house.reports.signed_on(case.opened.study) if each.case == case.id]
    if not signed:
        return None
    last = signed[-1]
    if last.withdrawal is not None:
        return {"report": last.id, "why": f"withdrawn: {last.withdrawal.withdrawn.reason}"}
    return {"report": last.id, "why": f"waits for withdrawal: {DOUBT}"} if last.is_waiting or not is_theirs(case, house) else None


def is_theirs(case: Case, house: Services) -> bool:
    record = house.studies.record_of(case.opened.study)
    return bool(record) and house.engine.house.survivor(record) == house.engine.house.survivor(case.about)


def line_of(case: Case, house: Services) -> dict[str, Any]:
    opened = case.opened
    return {
        "case": case.id, "patient": house.engine.house.survivor(case.about), "study": opened.study, "prior_study": opened.baseline,
        "branch": opened.branch, "question": opened.question, "stage": case.stage, "opened_at": case.opened_at,
        "opened_by": house.name_of(case.by), "moved_at": case.moved_at, "report": case.report, "not_valid": _not_valid(case, house),
    }  # fmt: skip


async def _whole(case: Case, person: Person, house: Services) -> dict[str, Any]:
    known = await _checklist(case, case.answered, person, house)
    return {
        "as_of": house.engine.house.now, **line_of(case, house),
        "checklist": [
            {
                "item": each.item.id, "title": each.item.title, "needed": each.item.needed, "state": each.state, "value": each.value,
                "known_from": each.known_from,
            }
            for each in known
        ],
        "evidence": _evidence(case, person, house),
        "history": [{"stage": each.stage, "at": each.at, "by": house.name_of(each.by), "note": each.note} for each in case.steps],
        "may": {"write": case.stage not in ("signed", "closed")},
    }  # fmt: skip


async def _checklist(case: Case, answered: dict[str, str], person: Person, house: Services) -> list[Known]:
    study, folded = house.studies.placed[case.opened.study], house.engine.house
    about = folded.survivor(case.about)
    shown = sight.seen_by(person, folded.timeline(about), house)
    zone, sights = ZoneInfo(house.zone), StudySight(person, house)
    before = house.studies.before(case.opened.study, set(folded.links.records(about)))
    scan = await Look(study, house).artefact(LESIONS, "scan")
    chart = Chart(
        shown.timeline, max(study.begun_at, case.opened_at), case.opened.question, (scan or {}).get("uptake_minutes"),
        tuple(each.begun_at.astimezone(zone) for each in before if sights.sees(each.imaged.study)),
    )  # fmt: skip
    return checklist(case.opened.branch, chart, answered)


def _evidence(case: Case, person: Person, house: Services) -> list[dict[str, str]]:
    """Guideline cards that are about this patient, for the evidence stage."""
    folded = house.engine.house
    shown = sight.seen_by(person, folded.timeline(folded.survivor(case.about)), house)
    cards = tuple(house.guidelines.values())
    fit = fitting(cards, guidelines.facts(shown, folded.now, cards, {}, house))
    return [{"id": each.guideline.id, "title": each.guideline.title} for each in fit if each.met]
