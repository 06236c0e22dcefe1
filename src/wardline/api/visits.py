"""Who looked at a patient's record: one line for each person and day, for the patient and for whoever answers for privacy."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response

from wardline.api import sight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import consents as shapes
from wardline.core.consent import EMERGENCY
from wardline.core.errors import NotFound
from wardline.core.people import Role
from wardline.core.trail import SUCCESS
from wardline.security.emergency import REASONS, Grant

doors = Doors("who looked")
MOST: Final = 20_000
"""Entries of the trail gone through, the newest first."""
OVERSIGHT: Final = frozenset({Role.PRIVACY.value, Role.AUDITOR.value})
RUNNING: Final = frozenset({Role.MANAGER.value, Role.ENGINEER.value, Role.ADMIN.value})
WORDS: Final[dict[str, str]] = {
    "patient opened": "opened the chart", "timeline opened": "results, drugs and notes over time", "findings opened": "scores and warnings",
    "alerts opened": "alarms", "board opened": "saw the patient on a ward board", "live view opened": "had the chart open on a screen",
    "shown in a live view": "saw the patient on a ward board",
    "queue opened": "saw the patient on the list of alarms", "notifications opened": "who was told about alarms",
    "patients listed": "saw the patient on a list", "patients searched": "found the patient in a search",
    "patient looked up for erasure": "found the patient by number",
    "assigned": "said who looks after the patient",
    "consents opened": "read the consents", "consent recorded": "recorded a consent", "consent withdrawn": "withdrew a consent",
    "labelled": "said how sensitive something is", "visits opened": "looked up who had looked", "incidents opened": "read what went wrong",
    "emergency access opened": "opened the record in an emergency", "quiet": "said why alarms may be quiet",
    "audit trail opened": "searched the audit trail for the patient",
}  # fmt: skip
"""What was done, in words for a patient. What is not here is told as it stands in the trail."""


@doors.get("/api/v1/patients/{id}/accesses", who="visit.read", about="id", answers=shapes.Visits)
async def visits(id: str, seen_by: SeenBy, house: House) -> Response:
    """Who looked at this record: on which day, as what, why, and what for."""
    about = house.engine.house.survivor(id)
    if about not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    await house.audit.record(seen_by, "visits opened", about)
    records = sight.records_of(about, house)
    found = await asyncio.to_thread(lambda: [entry for record in records for entry in house.audit.entries(about=record, limit=MOST)])
    return json_response({
        "patient": about, "as_of": house.engine.house.now, "zone": house.zone, "visits": _days(found, house), "is_whole": len(found) < MOST,
    })  # fmt: skip


def _days(entries: Iterable[Mapping[str, Any]], house: Services) -> list[dict[str, Any]]:
    """The newest day first."""
    zone = ZoneInfo(house.zone)
    together: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for entry in {entry["id"]: entry for entry in entries}.values():
        if entry["who"]:
            day = entry["at"].astimezone(zone).date().isoformat()
            together.setdefault((day, entry["who"], _why(entry), entry["client"]), []).append(entry)
    lines = [_line(day, who, why, app, found, house) for (day, who, why, app), found in together.items()]
    return sorted(lines, key=lambda line: line["last_at"], reverse=True)


def _why(entry: Mapping[str, Any]) -> str:
    roles = set(entry["roles"])
    if entry["purpose"] == EMERGENCY:
        return "emergency"
    if entry["client"]:
        return "app"
    if roles == {Role.PATIENT.value}:
        return "own record"
    if roles and roles <= OVERSIGHT:
        return "oversight"
    return "running the hospital" if roles and roles <= RUNNING | OVERSIGHT else "treatment"


def _line(day: str, who: str, why: str, app: str, entries: list[Mapping[str, Any]], house: Services) -> dict[str, Any]:
    times = [entry["at"] for entry in entries]
    grant = _grant(who, max(times), entries, house) if why == "emergency" else None
    done = [entry for entry in entries if entry["outcome"] == SUCCESS]
    return {
        "day": day, "who": who, "name": house.name_of(who), "roles": sorted({role for entry in entries for role in entry["roles"]}),
        "units": sorted({unit for entry in entries for unit in entry["detail"].get("units", "").split(", ") if unit}), "why": why, "app": app,
        "what": sorted({WORDS.get(entry["action"], entry["action"].replace(".", " ")) for entry in done}),
        "times": len(done), "first_at": min(times), "last_at": max(times), "refused": len(entries) - len(done),
        "emergency": _reason(grant), "review": grant.verdict if grant is not None else "",
    }  # fmt: skip


def _grant(who: str, at: datetime, entries: list[Mapping[str, Any]], house: Services) -> Grant | None:
    """What they had opened when they looked."""
    survivor = house.engine.house.survivor
    records = {survivor(record) for entry in entries for record in entry["records"]}
    mine = (grant for grant in house.emergencies.kept.grants.values() if grant.person == who and survivor(grant.about) in records)
    return max((grant for grant in mine if grant.opened_at <= at), key=lambda grant: grant.opened_at, default=None)


def _reason(grant: Grant | None) -> str:
    return "" if grant is None else grant.note or REASONS.get(grant.reason, grant.reason)
