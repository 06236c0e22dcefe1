"""Retention and erasure: what must be kept, who asks to be forgotten, who agrees, and what proves that a backup would open."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import retention as shapes
from wardline.core.errors import NotFound
from wardline.core.people import Person
from wardline.security.erasure import DONE, GROUNDS, WAITING, Hold, Request
from wardline.security.retention.rules import KINDS
from wardline.security.retention.suggested import SUGGESTED

doors = Doors("privacy")
RETENTION = "retention"


class NumberIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: str = Field(min_length=1, max_length=64, description="The patient number people use, whole.")


class BatchIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persons: list[str] = Field(min_length=1, max_length=200, description="Keys of records whose time is over.")


class HoldIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500, description="The case or order it is for.")


@doors.get("/api/v1/privacy/retention", who="retention.read", answers=shapes.Retention)
async def retention(seen_by: SeenBy, house: House) -> Response:
    """The site's rules, requests and what was checked, legal holds, the register of erasures, the last backup and restore drill."""
    erasing, requests = house.erasing, list(house.erasing.erasures.requests.values())
    shown = {person[0] for request in requests if request.state != DONE for person in request.persons}
    holds = list(erasing.erasures.holds.values())
    await house.audit.record(seen_by, "retention opened", sorted(shown | {hold.about for hold in holds}) or "")
    entries, last_at = erasing.register_state()
    return json_response({
        "as_of": house.engine.house.now,
        "rules": _rules(house),
        "suggestions": [_suggestion(each) for each in SUGGESTED],
        "erasures": [_erasure(request, house, seen_by) for request in reversed(requests)],
        "holds": [_hold(hold, house) for hold in holds],
        "register": {"path": str(erasing.register), "entries": entries, "last_at": last_at, "beside_the_data": house.backups.register_beside_data()},
        "backup": _backup(house, last_at),
        "drill": _drill(house),
        "grounds": {ground: words for ground, words in GROUNDS.items() if ground != RETENTION},
    })  # fmt: skip


@doors.get("/api/v1/privacy/retention/over", who="retention.read", answers=shapes.OverAll)
async def over(seen_by: SeenBy, house: House) -> Response:
    """Persons whose record need not be kept any more by the site's rules. It reads the whole log, beside the house."""
    total, found = await house.erasing.over()
    await house.audit.record(seen_by, "retention looked through", [each.about for each in found] or "")
    persons = [{**_known(each.about, house), "last_contact": each.last_contact, "records": each.records} for each in found]
    return json_response({"as_of": house.engine.house.now, "total": total, "persons": persons})


@doors.post("/api/v1/privacy/retention/batches", who="erasure.ask", answers=shapes.Erasure, status_code=202, fresh=True)
async def batch(wanted: BatchIn, seen_by: SeenBy, house: House) -> Response:
    """Ask for the erasure of persons whose time is over. Somebody else must agree."""
    await house.audit.record(seen_by, "erasure requested", wanted.persons, ground=RETENTION)
    request = await house.erasing.ask(wanted.persons, RETENTION, by=seen_by.id)
    return json_response(_erasure(request, house, seen_by), 202)


@doors.post("/api/v1/privacy/find", who="erasure.ask", answers=shapes.Found)
async def find(wanted: NumberIn, seen_by: SeenBy, house: House) -> Response:
    """The one patient with this number, and what would have to be true before they may be erased."""
    entry = next((entry for entry in house.engine.house.directory.search(wanted.number, limit=200) if entry.number == wanted.number), None)
    if entry is None:
        raise NotFound("there is no patient with this number; it must be given whole")
    await house.audit.record(seen_by, "patient looked up for erasure", entry.about)
    holds = [_hold(hold, house) for hold in house.erasing.erasures.holds_on(house.erasing.records(entry.about))]
    return json_response({**_person((entry.about,), house, WAITING), "kept_until": house.erasing.kept_until(entry.about), "holds": holds})


@doors.delete("/api/v1/patients/{id}", who="patient.erase", about="id", answers=shapes.Erasure, status_code=202, fresh=True)
async def erase(
    id: str, seen_by: SeenBy, house: House, ground: Annotated[str, Query(max_length=10, description="Of GDPR Art. 17(1): a to f.", examples=["b"])]
) -> Response:
    """Ask for a patient to be erased. What binds the house to keep the record refuses it at once, with the law; else somebody else must agree."""
    person = _person_of(id, house)
    await house.audit.record(seen_by, "erasure requested", person, ground=ground)
    request = await house.erasing.ask([person], ground, by=seen_by.id)
    return json_response(_erasure(request, house, seen_by), 202)


@doors.post("/api/v1/privacy/erasures/{id}/approve", who="erasure.approve", answers=shapes.Erasure, fresh=True)
async def approve(id: str, seen_by: SeenBy, house: House) -> Response:
    """Agree to an erasure somebody else has asked for. It is carried out at once, and nothing brings anybody back."""
    request = house.erasing.erasures.check_approver(id, seen_by.id)
    await house.audit.record(seen_by, "erasure approved", [person[0] for person in request.persons], request=id)
    return json_response(_erasure(await house.erasing.approve(id, by=seen_by.id), house, seen_by))


@doors.delete("/api/v1/privacy/erasures/{id}", who="erasure.ask", status_code=204)
async def withdraw(id: str, seen_by: SeenBy, house: House) -> None:
    """Take a request back."""
    house.erasing.erasures.waiting_one(id)
    await house.audit.record(seen_by, "erasure withdrawn", request=id)
    await house.erasing.withdraw(id, by=seen_by.id)


@doors.post("/api/v1/patients/{id}/holds", who="record.hold", about="id", answers=shapes.Hold, status_code=201)
async def hold(id: str, wanted: HoldIn, seen_by: SeenBy, house: House) -> Response:
    """Put a legal hold on a record: nobody can erase it until the hold ends."""
    person = _person_of(id, house)
    await house.audit.record(seen_by, "legal hold begun", person)
    made = await house.erasing.hold(person, wanted.reason, by=seen_by.id)
    return json_response(_hold(house.erasing.erasures.holds[made], house), 201)


@doors.delete("/api/v1/privacy/holds/{id}", who="record.hold", status_code=204, fresh=True)
async def end_hold(id: str, seen_by: SeenBy, house: House) -> None:
    """End a legal hold."""
    known = house.erasing.erasures.holds.get(id)
    if known is None:
        raise NotFound("there is no such hold (any more)")
    await house.audit.record(seen_by, "legal hold ended", known.about)
    await house.erasing.end_hold(id, by=seen_by.id)


def _person_of(id: str, house: Services) -> str:
    person = house.engine.house.survivor(id)
    if person not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    return person


def _rules(house: Services) -> dict[str, Any]:
    rules = house.erasing.rules
    lines = []
    for kind, says in KINDS.items():
        rule = rules.of(kind)
        lines.append({
            "kind": kind, "says": says, "keep_years": rule.keep_years if rule is not None else None,
            "minors_until_age": rule.minors_until_age if rule is not None else None, "basis": rule.basis if rule is not None else "",
        })  # fmt: skip
    return {
        "owner": rules.owner, "version": rules.version, "date": rules.date.isoformat() if rules.date is not None else "",
        "signed_by": rules.signed_by, "jurisdiction": rules.jurisdiction, "rules": lines,
    }  # fmt: skip


def _suggestion(each: Any) -> dict[str, Any]:
    rule = each.rule
    return {
        "jurisdiction": each.jurisdiction, "kind": each.kind, "keep_years": rule.keep_years, "minors_until_age": rule.minors_until_age,
        "basis": rule.basis, "standing": each.standing, "note": each.note,
    }  # fmt: skip


def _erasure(request: Request, house: Services, seen_by: Person) -> dict[str, Any]:
    return {
        "id": request.id, "state": request.state, "ground": request.ground,
        "ground_words": GROUNDS.get(request.ground, "carried out again after a restore"),
        "asked_at": request.asked_at, "asked_by": house.name_of(request.asked_by), "asked_by_you": request.asked_by == seen_by.id,
        "basis": request.basis, "closed_at": request.closed_at, "closed_by": house.name_of(request.closed_by), "keys": request.keys,
        "persons": [_person(person, house, request.state) for person in request.persons],
    }  # fmt: skip


def _person(records: tuple[str, ...], house: Services, state: str) -> dict[str, Any]:
    """Who it is, as long as that is known; what stands in the way, as long as it is open."""
    about = records[0]
    checks = house.erasing.checks(about) if state == WAITING else ()
    return {
        **(_known(about, house) if state != DONE else {"id": about, "name": "", "number": "", "born": ""}),
        "records": len(records) if state == DONE else len(house.erasing.records(about)),
        "checks": [check._asdict() for check in checks],
    }


def _known(about: str, house: Services) -> dict[str, str]:
    entry = house.engine.house.directory.get(about)
    return {"id": about, "name": entry.name if entry else "", "number": entry.number if entry else "", "born": entry.born if entry else ""}


def _hold(each: Hold, house: Services) -> dict[str, Any]:
    known = _known(house.engine.house.survivor(each.about), house)
    return {
        "id": each.id, "patient": known["id"], "name": known["name"], "number": known["number"], "reason": each.reason, "since": each.since,
        "by": house.name_of(each.by),
    }  # fmt: skip


def _backup(house: Services, erased_at: datetime | None) -> dict[str, Any] | None:
    taken = house.backups.taken()
    if taken is None:
        return None
    is_old = erased_at is not None and (taken.keys_at is None or taken.keys_at < erased_at)
    return {**taken._asdict(), "age_seconds": _age(taken.at, house), "keys_are_old": is_old}


def _drill(house: Services) -> dict[str, Any] | None:
    tried = house.backups.tried()
    return {**tried._asdict(), "age_seconds": _age(tried.at, house)} if tried is not None else None


def _age(at: datetime, house: Services) -> float:
    """By the machine's clock, which backups are taken by; a hospital's simulated time may be another."""
    return max(0.0, (house.sessions.now() - at).total_seconds())
