"""How the FHIR door answers: resources as they are kept, bundles around them, and the headers that say which version it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response

from wardline.api.fhir.desk import Desk
from wardline.api.fhir.seeing import Hit
from wardline.core.errors import Refused
from wardline.formats.fhir.outcomes import Issue, outcome
from wardline.formats.fhir.resources import instant, plainly, written
from wardline.formats.fhir.shortening import Shortened, shortened

FHIR: Final = "application/fhir+json"
_JSON: Final = frozenset({"", "*/*", "application/*", "json", FHIR, "application/json", "application/json+fhir", "text/json"})


def documented(words: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Answers in FHIR's own format, for the document of the API."""
    return {code: {"description": said, "content": {FHIR: {"schema": {"type": "object"}}}} for code, said in words.items()}


OUTCOMES: Final = documented({
    400: "Refused", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Not possible", 406: "Another format", 408: "Too slow",
    409: "Conflict", 410: "Gone", 412: "Not this version", 413: "Too large", 415: "Another format", 421: "Misdirected", 422: "Not valid",
    429: "Too many requests", 503: "Not available", 507: "Storage full",
})  # fmt: skip


class NotAcceptable(Refused):
    """Somebody wants another format than JSON: 406."""


class WrongFormat(Refused):
    """Somebody sends another format than JSON: 415."""


def check_format(request: Request) -> None:
    """This door speaks JSON and nothing else."""
    wanted = request.query_params.get("_format") or request.headers.get("accept", "")
    formats = [part.partition(";")[0].strip().lower().replace(" ", "+") for part in wanted.split(",")]
    if not any(each in _JSON for each in formats):
        raise NotAcceptable(f"this server writes {FHIR} only", code="not-supported", where="Accept")


def check_sent(request: Request, *others: str) -> None:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent not in (_JSON - {"*/*", "application/*"}) and sent not in others:
        raise WrongFormat(f"this server reads {FHIR} only", code="not-supported", where="Content-Type")


def text_of(desk: Desk, hit: Hit, how: Shortened | None = None) -> bytes:
    """A resource as it leaves: as it is kept, or less of it where less was asked for."""
    if hit.made is None and (how is None or how.is_whole):
        return desk.register.kept(hit.stored.event).body.encode()
    resource = hit.made.resource if hit.made is not None else plainly(desk.register.kept(hit.stored.event).body)
    return written(resource if how is None or how.is_whole else shortened(resource, how))


def answer(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, headers=dict(headers or {}), media_type=FHIR)


def version_headers(version: int, at: datetime) -> dict[str, str]:
    return {"ETag": f'W/"{version}"', "Last-Modified": format_datetime(at, usegmt=True)}


def noticed(words: str, code: str = "informational", severity: str = "information") -> dict[str, Any]:
    return outcome(Issue(severity, code, words))


def searchset(
    desk: Desk, matches: Iterable[Hit], included: Iterable[Hit], *, total: int | None, links: Mapping[str, str], how: Shortened,
    notices: Iterable[str] = (),
) -> bytes:  # fmt: skip
    base = desk.base()
    entries = [_entry(desk, base, hit, "match", how) for hit in matches] + [_entry(desk, base, hit, "include", how) for hit in included]
    entries += [{"resource": noticed(words, "incomplete", "warning"), "search": {"mode": "outcome"}} for words in notices]
    bundle = {
        "resourceType": "Bundle", "type": "searchset", "meta": {"lastUpdated": instant(desk.now())},
        "total": total, "link": [{"relation": relation, "url": url} for relation, url in links.items()], "entry": entries,
    }  # fmt: skip
    return written({name: value for name, value in bundle.items() if value is not None and value != []})


def _entry(desk: Desk, base: str, hit: Hit, mode: str, how: Shortened) -> dict[str, Any]:
    return {"fullUrl": f"{base}/{hit.reference}", "resource": msgspec.Raw(text_of(desk, hit, how)), "search": {"mode": mode}}


def link(desk: Desk, path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(pairs), safe="/:|,")
    return f"{desk.base()}/{path}{'?' + query if query else ''}"


def prefers(request: Request, name: str) -> str:
    """What `Prefer: return=minimal; handling=lenient` says about this; "" for nothing."""
    for part in request.headers.get("prefer", "").replace(",", ";").split(";"):
        said, _, value = part.strip().partition("=")
        if said.lower() == name:
            return value.strip().strip('"').lower() or "true"
    return ""
