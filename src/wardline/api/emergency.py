"""Emergency access: opening somebody else's patient with a reason, closing it again, and the queue in which it is judged."""

import secrets
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import SIGNED_IN, Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import emergency as shapes
from wardline.core.errors import NotFound
from wardline.core.people import Person
from wardline.core.ports import Outgoing
from wardline.core.statements import Statement
from wardline.delivery.alerts.telling import TOPIC, Message
from wardline.engine.house import House as Folded
from wardline.security.authorisation.question import EMERGENCY
from wardline.security.emergency import OTHER, REASONS, Grant

doors = Doors("emergency access")
CONTACT: Final = "privacy"
"""Whom the site's contacts list for notices to its privacy officers."""
LOOKS_SHOWN: Final = 50


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=100, examples=["called"])
    note: str = Field("", max_length=1000, description='In your own words; needed for the reason "other".')


class Judged(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Literal["justified", "not justified", "asked"]
    note: str = Field("", max_length=1000, description="Why, or what you ask; needed unless it was justified.")


@doors.get("/api/v1/emergency-access", who=SIGNED_IN, answers=shapes.Terms)
async def terms(house: House) -> Response:
    """The reasons to choose from, and for how long a record is then open."""
    reasons = [{"code": code, "text": text, "needs_note": code == OTHER} for code, text in REASONS.items()]
    return json_response({"reasons": reasons, "minutes": house.emergencies.length.total_seconds() / 60})


@doors.post("/api/v1/patients/{id}/emergency-access", who="emergency.open", about="id", fresh=True, answers=shapes.Opened, status_code=201)
async def open_record(id: str, wanted: Wanted, seen_by: SeenBy, house: House) -> Response:
    """Open this patient's record though it is not yours. Privacy officers are told at once, and every look is recorded as an emergency's."""
    about = house.engine.house.survivor(id)
    if about not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    grant = secrets.token_hex(8)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return house.emergencies.kept.open(
            grant, about, person=seen_by.id, reason=wanted.reason, note=wanted.note,
            now=house.emergencies.now(), length=house.emergencies.length, moment=now,
        )  # fmt: skip

    await house.audit.record(seen_by._replace(purpose=EMERGENCY), "emergency access opened", about, grant=grant, reason=wanted.reason)
    await house.engine.record(decide, actor=seen_by.id, outgoing=(_notice(grant),))
    opened = house.emergencies.kept.grants[grant]
    return json_response({"id": grant, "patient": about, "opened_at": opened.opened_at, "until": opened.until}, 201)


@doors.delete("/api/v1/patients/{id}/emergency-access", who="emergency.open", about="id", status_code=204)
async def end(id: str, seen_by: SeenBy, house: House) -> None:
    """Close it before its time is up."""
    about = house.engine.house.survivor(id)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        return house.emergencies.kept.end(folded.survivor, about, person=seen_by.id, now=house.emergencies.now(), moment=now)

    await house.audit.record(seen_by._replace(purpose=EMERGENCY), "emergency access ended", about)
    await house.engine.record(decide, actor=seen_by.id)


@doors.get("/api/v1/emergency-accesses", who="emergency.read", answers=shapes.Accesses)
async def accesses(
    seen_by: SeenBy, house: House, waiting: Annotated[bool, Query(description="Only those nobody has judged yet.")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:  # fmt: skip
    """Every record that was opened in an emergency, those that wait for a judgement first, the newest of them first."""
    kept = house.emergencies.kept.grants.values()
    ordered = sorted((grant for grant in kept if grant.waits or not waiting), key=lambda grant: (not grant.waits, -grant.opened_at.timestamp()))
    shown = ordered[:limit]
    await house.audit.record(seen_by, "emergency accesses opened", [house.engine.house.survivor(grant.about) for grant in shown])
    return json_response({
        "as_of": house.emergencies.now(),
        "waiting": sum(1 for grant in kept if grant.waits),
        "items": [_item(grant, seen_by, house) for grant in shown],
    })  # fmt: skip


@doors.post("/api/v1/emergency-accesses/{id}/review", who="emergency.review", status_code=204)
async def review(id: str, judged: Judged, seen_by: SeenBy, house: House) -> None:
    """Say whether it was justified. Whoever used it cannot."""
    grant = house.emergencies.kept.grants.get(id)
    about = house.engine.house.survivor(grant.about) if grant is not None else ""

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        at = house.emergencies.now()
        return house.emergencies.kept.review(id, verdict=judged.verdict, note=judged.note, by=seen_by.id, now=at, moment=now)

    await house.audit.record(seen_by, "emergency access judged", about, verdict=judged.verdict, **({"grant": id} if grant is not None else {}))
    await house.engine.record(decide, actor=seen_by.id)


def _notice(grant: str) -> Outgoing:
    """What privacy officers are told at once, by the channels that alerts go by. It names nobody."""
    message = Message(
        id=f"emergency{grant}-0", alert=f"emergency{grant}", transition="raised", severity="medium", role=CONTACT, contact=CONTACT,
        title="A record was opened in an emergency", body="Somebody opened a record that is not theirs, with a reason. Open Wardline to review it.",
    )  # fmt: skip
    return Outgoing(message.id, TOPIC, msgspec.json.encode(message))


def _item(grant: Grant, seen_by: Person, house: Services) -> dict[str, Any]:
    about = house.engine.house.survivor(grant.about)
    entry, user = house.engine.house.directory.get(about), house.sessions.identities.user(grant.person)
    done = house.audit.entries(about=about, who=grant.person, since=grant.opened_at, until=grant.over_at, limit=LOOKS_SHOWN + 1)
    looks = [entry for entry in done if entry["purpose"] == EMERGENCY]
    now = house.emergencies.now()
    return {
        "id": grant.id, "patient": about, "number": entry.number if entry else "", "unit": entry.unit if entry and entry.is_in else "",
        "person": house.name_of(grant.person), "person_roles": sorted(user.roles) if user else [], "person_units": list(user.units) if user else [],
        "reason": REASONS.get(grant.reason, grant.reason), "note": grant.note, "opened_at": grant.opened_at, "until": grant.until,
        "ended_at": grant.ended_at, "is_open": grant.is_open(now), "waits": grant.waits, "is_yours": grant.person == seen_by.id,
        "looks": [{"at": look["at"], "action": look["action"]} for look in looks[:LOOKS_SHOWN]], "looks_more": len(looks) > LOOKS_SHOWN,
        "reviews": [{"verdict": each.verdict, "note": each.note, "by": house.name_of(each.by), "at": each.at} for each in grant.reviews],
    }  # fmt: skip
