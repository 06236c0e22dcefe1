"""The audit trail: who did what to whom, whether the trail is whole, and what in it asks for somebody to act."""

import asyncio
import json
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Query, Request, Response

from wardline.api.audit_search import MOST, Wanted, entry_json, names, wanted
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import audit as shapes
from wardline.core.errors import Refused
from wardline.core.people import Person
from wardline.security.audit.alarms import KINDS
from wardline.security.audit.tables import as_csv, as_fhir, bundle

doors = Doors("audit")
FHIR: Final = "application/fhir+json"
MOST_EXPORTED: Final = 100_000
BUNDLE: Final = {"schema": {"type": "object", "description": "A FHIR R4 Bundle of AuditEvents."}}
FILES: Final = {"description": "A file", "content": {"text/csv": {"schema": {"type": "string"}}, FHIR: BUNDLE}}
Before = Annotated[int, Query(ge=0, description="Only entries with a smaller number: the next page.")]


Search = Annotated[Wanted, Depends(wanted)]


@doors.get("/api/v1/audit", who="audit.read", answers=shapes.AuditTrail, responses={200: {"content": {FHIR: BUNDLE}}})
async def audit(
    request: Request, house: House, seen_by: SeenBy, search: Search, before: Before = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 200
) -> Response:
    """Who did what to whom, newest first; with `Accept: application/fhir+json` as a Bundle of AuditEvents (IHE BALP).

    A patient is also found where they were one of several that were shown.
    """
    await _recorded("audit trail opened", search, seen_by, house)
    found = await asyncio.to_thread(search.found, house.audit, before, limit)
    if FHIR in request.headers.get("accept", ""):
        content = bundle(as_fhir(found, names(house), log=house.proof.log, site=house.hospital))
        return Response(json.dumps(content), media_type=FHIR)
    older = found[-1]["id"] if len(found) == limit else None
    return json_response({"entries": [entry_json(entry, house) for entry in found], "next": older})


@doors.get("/api/v1/audit/export", who="audit.read", response_class=Response, responses={200: FILES})
async def export(house: House, seen_by: SeenBy, search: Search, format: Literal["csv", "fhir"] = "csv") -> Response:
    """Everything found, up to a hundred thousand entries, as a file: a table, or a FHIR Bundle. Taking it away is recorded."""
    await _recorded("audit trail exported", search, seen_by, house, format=format)
    people, log, site = names(house), house.proof.log, house.hospital

    def written() -> str:
        entries = search.pages(house.audit, MOST_EXPORTED)
        if format == "csv":
            return "\r\n".join(as_csv(entries, people)) + "\r\n"
        return json.dumps(bundle(as_fhir(entries, people, log=log, site=site)))

    content = await asyncio.to_thread(written)
    headers = {"content-disposition": f'attachment; filename="audit-trail.{"csv" if format == "csv" else "json"}"'}
    return Response(content, media_type="text/csv; charset=utf-8" if format == "csv" else FHIR, headers=headers)


@doors.get("/api/v1/audit/actions", who="audit.read", traceless=True, answers=shapes.AuditActions)
async def actions(house: House) -> Response:
    """Every word the trail has for what was done."""
    return json_response({"actions": await asyncio.to_thread(house.audit.actions)})


@doors.get("/api/v1/audit/verify", who="audit.read", traceless=True, answers=shapes.Verification)
async def verification(house: House) -> Response:
    """How far a check of the whole trail is, and what the last one found. It runs in a process of its own."""
    return json_response(_verification(house))


@doors.post("/api/v1/audit/verify", who="audit.read", answers=shapes.Verification, status_code=202)
async def verify(house: House, seen_by: SeenBy) -> Response:
    """Check every record, link and signed head now."""
    await house.audit.record(seen_by, "audit trail verified")
    house.proof.verify()
    return json_response(_verification(house), 202)


@doors.get("/api/v1/audit/heads", who="audit.read", traceless=True, answers=shapes.Heads)
async def heads(house: House, limit: Annotated[int, Query(ge=1, le=MOST)] = 20) -> Response:
    """Signed heads, to keep elsewhere; the key they are signed with; and what the witness has of them."""
    state = await house.proof.state()
    newest = [
        {"size": head.size, "at": head.signed_at, "root": head.root.hex(), "link": head.link.hex(), "signature": head.signature.hex()}
        for head in await asyncio.to_thread(house.proof.newest_heads, limit)
    ]
    witness = {
        "state": "none" if not state.witness else "behind" if state.trouble else "ok", "place": state.witness, "size": state.witnessed,
        "reason": state.trouble, "since": state.trouble_since,
    }  # fmt: skip
    return json_response({"log": state.log, "public_key": state.public, "records": state.records, "witness": witness, "heads": newest})


@doors.get("/api/v1/security/events", who="audit.read", answers=shapes.SecurityEvents)
async def events(
    house: House, seen_by: SeenBy, search: Search, kind: str = "", before: Before = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 100
) -> Response:
    """What asks for somebody to act, newest first, each with what to do: failed sign-ins, lock-outs, refusals, emergencies, replayed tokens."""
    if kind and kind not in KINDS:
        raise Refused(f"kind is one of {', '.join(KINDS)}", where="kind")
    await _recorded("security events opened", search, seen_by, house, **({"kind": kind} if kind else {}))
    found, older = await asyncio.to_thread(search.alarms, house.audit, kind, before, limit)
    return json_response({
        "trouble": [*_trouble(house), *house.proof.problems()],
        "kinds": [{"kind": each.key, "what": each.words, "remedy": each.remedy} for each in KINDS.values()],
        "events": [{"kind": each.key, "what": each.words, "remedy": each.remedy, "entry": entry_json(entry, house)} for each, entry in found],
        "next": older,
    })  # fmt: skip


def _trouble(house: Services) -> Iterator[str]:
    if house.audit.failed_since is not None:
        yield "The audit trail cannot be written; patients are not shown. Make room on its disk, or mend it."
    if house.audit.reserve_used_since is not None:
        yield "The disk of the audit trail is full; it lives on the space kept free for it. Make room now."


async def _recorded(action: str, search: Wanted, seen_by: Person, house: Services, **detail: str) -> None:
    """Looking is itself an entry, about the patient who was looked for."""
    await house.audit.record(seen_by, action, search.records[0] if len(search.records) == 1 else "", **detail)


def _verification(house: Services) -> dict[str, Any]:
    progress = house.proof.progress
    running = {"done": progress[0], "of": progress[1]} if progress is not None else None
    return {"running": running, "last": house.proof.verified()}
