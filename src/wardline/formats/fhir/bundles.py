"""A Bundle of changes: what each entry asks for, in which order they happen, and how they refer to each other.

http://hl7.org/fhir/R4/http.html#transaction: deletions first, then creations, then updates, then reads; nothing twice.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from wardline.core.errors import Refused
from wardline.formats.fhir.resources import ID, TYPE, Resource

ORDER: Final = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 3}
MOST_ENTRIES: Final = 20_000


class Request(NamedTuple):
    """One entry. `query` says which resource is meant where no id does."""

    place: int
    method: str
    type: str
    id: str = ""
    resource: Any = None
    full_url: str = ""
    query: tuple[tuple[str, str], ...] | None = None
    if_none_exist: tuple[tuple[str, str], ...] | None = None
    if_match: str = ""
    url: str = ""


def requests_of(bundle: Resource) -> list[Request]:
    """The entries as they stand. Raises `Refused` naming the entry that is wrong."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise Refused(f"a Bundle has a list of up to {MOST_ENTRIES} entries", code="structure", where="Bundle.entry")
    return [request_of(place, entry) for place, entry in enumerate(entries)]


def request_of(place: int, entry: Any) -> Request:
    where = f"Bundle.entry[{place}]"
    request = entry.get("request") if isinstance(entry, Mapping) else None
    if not isinstance(request, Mapping) or request.get("method") not in ORDER or not isinstance(request.get("url"), str):
        raise Refused(f"{where} needs a request with a method and a url", code="required", where=f"{where}.request")
    method, url = str(request["method"]), str(request["url"]).lstrip("/")
    path, _, query = url.partition("?")
    type, _, id = path.partition("/")
    resource = entry.get("resource")
    if method in ("POST", "PUT", "PATCH") and not isinstance(resource, dict):
        raise Refused(f"{where} needs a resource", code="required", where=f"{where}.resource")
    if method not in ("GET", "HEAD"):
        _check(method, type, id, resource, query, where)
    none_exist = str(request.get("ifNoneExist") or "")
    return Request(
        place, method, type, id, resource if isinstance(resource, dict) else None, str(entry.get("fullUrl") or ""),
        tuple(parse_qsl(query, keep_blank_values=True)) if query else None,
        tuple(parse_qsl(none_exist.partition("?")[2] or none_exist)) if none_exist else None, str(request.get("ifMatch") or ""), url,
    )  # fmt: skip


def _check(method: str, type: str, id: str, resource: Any, query: str, where: str) -> None:
    if not TYPE.fullmatch(type) or (id and not ID.fullmatch(id)):
        raise Refused(f"{where}: the url is a type, or a type and an id", code="value", where=f"{where}.request.url")
    if method == "POST" and id:
        raise Refused(f"{where}: a POST goes to a type, not to an id", code="value", where=f"{where}.request.url")
    if method != "POST" and not id and not query:
        raise Refused(f"{where}: which {type} is meant? Give an id or a search", code="required", where=f"{where}.request.url")
    if method in ("POST", "PUT") and resource.get("resourceType") != type:
        raise Refused(f"{where}: the resource is no {type}", code="value", where=f"{where}.resource.resourceType")


def in_order(requests: Iterable[Request]) -> list[Request]:
    return sorted(requests, key=lambda request: (ORDER[request.method], request.place))


def check_identities(requests: Iterable[Request]) -> None:
    """Nothing may be changed twice in one transaction, and no two entries be known by the same name."""
    seen: set[str] = set()
    for request in requests:
        names = [f"url {request.full_url}"] if request.full_url and request.method == "POST" else []
        if request.method in ("PUT", "PATCH", "DELETE") and request.id:
            names.append(f"{request.type}/{request.id}")
        if request.query is not None and request.method in ("PUT", "PATCH", "DELETE"):
            names.append(f"{request.type}?{sorted(request.query)}")
        if request.if_none_exist is not None:
            names.append(f"{request.type}?{sorted(request.if_none_exist)}")
        for name in names:
            if name in seen:
                where = f"Bundle.entry[{request.place}]"
                raise Refused(f"{where} names something that another entry names too", code="duplicate", where=where)
            seen.add(name)


def conditional(reference: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Type and search of a reference such as "Practitioner?identifier=17"; None for any other."""
    type, mark, query = reference.partition("?")
    if not mark or not TYPE.fullmatch(type):
        return None
    return type, tuple(parse_qsl(query))
