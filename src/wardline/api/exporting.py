"""A patient's own copy: everything known about them, to read and to take along, and who has looked at it (GDPR Art. 15 and 20)."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from fastapi import Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import NotFound
from wardline.core.events import Event
from wardline.engine.past import events_as_of
from wardline.formats.events import event_json

doors = Doors("privacy")
AT_ONCE: Final = 500
"""Events read between two looks at the network."""
ACCESSES: Final = 100_000
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2rem}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}"
    "th{font-weight:600}td:first-child{white-space:nowrap}"
)
_WORDS: Final = {
    "Registered": "Who you are", "Admitted": "Admissions", "Transferred": "Transfers", "Discharged": "Discharges",
    "Measured": "Measurements and results",
    "Ordered": "Orders", "Administered": "Drugs given", "Diagnosed": "Diagnoses", "Allergic": "Allergies", "Documented": "Notes and letters",
    "Scheduled": "Appointments", "Found": "What Wardline worked out", "Alerted": "Alerts about you", "Acknowledged": "Alerts answered",
}  # fmt: skip


@doors.get("/api/v1/patients/{id}/export", who="patient.export", about="id", fresh=True, response_class=Response)
async def export(id: str, seen_by: SeenBy, house: House) -> Response:
    """A ZIP file: pages to read, the same as JSON with every source, and who has looked at the record."""
    person = house.engine.house.survivor(id)
    entry = house.engine.house.directory.get(person)
    if entry is None:
        raise NotFound("there is no such patient")
    await house.audit.record(seen_by, "record exported", person)
    events = await _events(person, house)
    accesses = _accesses(house.audit.entries(about=person, limit=ACCESSES), house)
    content = await asyncio.to_thread(_packed, entry.name, house.hospital, events, accesses)
    headers = {"content-disposition": 'attachment; filename="record.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


async def _events(person: str, house: Services) -> list[dict[str, Any]]:
    """Everything that was ever recorded about them, in the order it was."""
    found: list[dict[str, Any]] = []
    for event in _all_of(person, house):
        found.append(event_json(event))
        if not len(found) % AT_ONCE:
            await asyncio.sleep(0)
    return found


def _all_of(person: str, house: Services) -> Iterable[Event]:
    return events_as_of(house.engine.log, person, None, house.engine.house.links)


def _accesses(entries: Iterable[Mapping[str, Any]], house: Services) -> list[dict[str, Any]]:
    return [
        {
            "at": entry["at"].isoformat(),
            "who": house.name_of(entry["who"]) if entry["who"] else "",
            "did": entry["action"],
            "outcome": entry["outcome"],
        }
        for entry in entries
    ]


def _packed(name: str, hospital: str, events: list[dict[str, Any]], accesses: list[dict[str, Any]]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read me first.html", _first_page(name, hospital, events, accesses))
        archive.writestr("record.html", _record_page(name, events))
        looked = _table(("When", "Who", "What they did", "Outcome"), (each.values() for each in accesses))
        archive.writestr("who looked.html", _page("Who looked at this record", looked))
        archive.writestr("record.json", json.dumps({"hospital": hospital, "events": events}, ensure_ascii=False, indent=1))
        archive.writestr("who looked.json", json.dumps(accesses, ensure_ascii=False, indent=1))
    return whole.getvalue()


def _first_page(name: str, hospital: str, events: list[dict[str, Any]], accesses: list[dict[str, Any]]) -> str:
    return _page(
        f"Your record at {hospital}",
        f"<p>{escape(name)}</p><p>This folder holds everything {escape(hospital)} keeps about you in Wardline: {len(events)} entries, "
        f"and who has looked at them ({len(accesses)}).</p>"
        '<ul><li><a href="record.html">Your record, to read</a></li><li><a href="who looked.html">Who looked at it</a></li>'
        "<li>record.json: the same for programs, with the source of every entry</li></ul>"
        "<p>Ask the hospital's privacy officer about anything here: what it means, whether it is right, or to have it corrected.</p>",
    )


def _record_page(name: str, events: list[dict[str, Any]]) -> str:
    kinds = sorted({event["kind"] for event in events}, key=lambda kind: (list(_WORDS).index(kind) if kind in _WORDS else len(_WORDS), kind))
    parts = []
    for kind in kinds:
        rows = ((_time(event["occurred_at"]), _said(event["value"]), event["source"]) for event in events if event["kind"] == kind)
        parts.append(f"<h2>{escape(_WORDS.get(kind, kind))}</h2>{_table(('When', 'What', 'Source'), rows)}")
    return _page(f"The record of {name}", "".join(parts))


def _said(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {_plain(part)}" for name, part in value.items())


def _plain(part: Any) -> str:
    if isinstance(part, Mapping):
        return ", ".join(f"{name} {_plain(value)}" for name, value in part.items())
    return ", ".join(map(_plain, part)) if isinstance(part, list) else str(part)


def _time(text: str) -> str:
    return text[:16].replace("T", " ")


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{''.join(f'<th scope=col>{escape(name)}</th>' for name in head)}</tr></thead><tbody>{lines}</tbody></table>"


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
