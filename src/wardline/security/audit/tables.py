"""The audit trail to take away: as a table for a spreadsheet, or as AuditEvents for another system."""

import csv
import io
import socket
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from wardline.security.audit.balp import Server, audit_events

COLUMNS: Final = (
    "id", "at", "who", "name", "roles", "client", "session", "address", "purpose", "action", "outcome", "records", "door", "query",
    "request", "detail",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t")
"""A spreadsheet would run what begins so."""


def as_csv(entries: Iterable[Mapping[str, Any]], names: Mapping[str, str] = {}) -> Iterator[str]:
    """One line each, the names of the columns first."""
    yield _line(COLUMNS)
    for entry in entries:
        more = "; ".join(f"{name}={value}" for name, value in entry["detail"].items())
        own = {
            "at": entry["at"].isoformat(), "name": names.get(entry["who"], ""), "roles": " ".join(entry["roles"]), "detail": more,
            "records": " ".join(entry["records"]),
        }  # fmt: skip
        yield _line([own.get(name, entry.get(name, "")) for name in COLUMNS])


def _line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([_harmless(str(value)) for value in values])
    return line.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_fhir(
    entries: Iterable[Mapping[str, Any]], names: Mapping[str, str] = {}, *, log: str = "wardline", site: str = ""
) -> Iterator[dict[str, Any]]:
    """AuditEvents, several for an entry that showed several patients."""
    host = socket.gethostname()
    server = Server(log, site or host, host)
    for entry in entries:
        yield from audit_events(entry, server, names)


def bundle(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A FHIR Bundle of what was found."""
    resources = [{"resource": event} for event in events]
    return {"resourceType": "Bundle", "type": "collection", "entry": resources} if resources else {"resourceType": "Bundle", "type": "collection"}
