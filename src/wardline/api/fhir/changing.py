"""Changing resources over FHIR: create, update, patch, delete, each also on a condition; several at once as a batch or a transaction."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.fhir.answering import OUTCOMES, answer, check_format, check_sent, documented, noticed, prefers, text_of, version_headers
from wardline.api.fhir.batching import batch, transaction
from wardline.api.fhir.finding import Finding
from wardline.api.fhir.reading import Id, Type, finding_of
from wardline.api.fhir.searching import found_by
from wardline.api.services import Services
from wardline.core.errors import Refused
from wardline.core.people import Person
from wardline.core.resources import SOURCE
from wardline.formats.fhir.bundles import Request as Asked
from wardline.formats.fhir.outward.parts import record_of
from wardline.formats.fhir.resources import patient_of, plainly, read, written
from wardline.intake.fhir.changes import Changing, Done
from wardline.intake.fhir.changes import House as Deciding

doors = Doors("FHIR: changing")
PATCH: Final = "application/json-patch+json"
LARGEST: Final = 64 * 1024 * 1024
"""Of a transaction; a patient's whole record in one bundle has some ten megabytes."""
CHANGED: Final = OUTCOMES | documented({200: "Done", 201: "Made"}) | {204: {"description": "Gone"}}


async def made_to_happen(person: Person, house: Services, asked: Iterable[Asked]) -> list[Done]:
    """All of it, durably and in the trail; or none of it. Raises what is wrong with the first that cannot be."""
    finding = finding_of(person, house)
    zone = house.fhir.zone
    directory, survivor = house.engine.house.directory, house.engine.house.survivor

    def is_patient(record: str) -> bool:
        return record in directory or survivor(record) != record or finding.register.search.get("Patient", record) is not None

    def is_from_a_feed(type: str, id: str) -> bool:
        return record_of(id) in directory or (type == "Patient" and id in directory and finding.register.search.get(type, id) is None)

    deciding = Deciding(is_patient, finding.seeing.may_write, finding.seeing.sees, partial(found_by, finding, house), is_from_a_feed, zone)
    changing = Changing(finding.register, asked, deciding)
    named = sorted({record for each in changing.requests if (record := _named(finding, each)) in directory})
    await house.audit.record(person, "resources changed", named[0] if len(named) == 1 else named, changes=_words(changing.requests))
    await house.engine.record(lambda _, now: changing.decide(now), actor=person.id, source=SOURCE)
    found = {survivor(each.about) for each in changing.done if survivor(each.about) in directory} - set(map(survivor, named))
    if found:  # whom a search or a conditional reference meant is known only now
        await house.audit.record(person, "resources changed", min(found) if len(found) == 1 else sorted(found), changes=_words(changing.requests))
    return changing.done


def _named(finding: Finding, asked: Asked) -> str:
    """Whose record a change names, as far as that can be said before it is decided."""
    stored = finding.register.search.get(asked.type, asked.id) if asked.id else None
    if stored is not None:
        return stored.about
    return patient_of(asked.resource) if isinstance(asked.resource, dict) and asked.method != "PATCH" else ""


def _words(requests: Iterable[Asked]) -> str:
    """How many changes of each kind: "POST Observation 3"."""
    counts: dict[str, int] = {}
    for each in requests:
        counts[f"{each.method} {each.type}"] = counts.get(f"{each.method} {each.type}", 0) + 1
    return ", ".join(f"{words} {count}" for words, count in sorted(counts.items()))


@doors.post("/fhir", who="fhir.use", responses=CHANGED, largest=LARGEST)
@doors.post("/fhir/", who="fhir.use", responses=CHANGED, largest=LARGEST, include_in_schema=False)
async def bundle(request: Request, seen_by: SeenBy, house: House) -> Response:
    """A batch: each entry for itself. A transaction: all of it, or nothing."""
    check_format(request)
    check_sent(request)
    resource = read(await request.body())
    if resource["resourceType"] != "Bundle" or resource.get("type") not in ("batch", "transaction"):
        raise Refused("send a Bundle of type batch or transaction here", code="value", where="Bundle.type")
    act = transaction if resource["type"] == "transaction" else batch
    return answer(written(await act(resource, request, seen_by, house, made_to_happen)))


@doors.post("/fhir/{type}", who="fhir.use", status_code=201, responses=CHANGED, largest=LARGEST)
async def create(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """A new resource, under an id that we give it. With If-None-Exist only where nothing meets that search yet."""
    resource = await _sent(type, request)
    condition = request.headers.get("if-none-exist")
    asked = Asked(0, "POST", type, "", resource, if_none_exist=tuple(parse_qsl(condition.partition("?")[2] or condition)) if condition else None)
    (done,) = await made_to_happen(seen_by, house, [asked])
    return _answer(done, request, house, seen_by)


@doors.put("/fhir/{type}/{id}", who="fhir.use", responses=CHANGED, largest=LARGEST)
async def update(type: Type, id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The resource as it is from now on; made where it was not there. With If-Match only if that version is still the newest."""
    resource = await _sent(type, request)
    if resource.get("id", id) != id:
        raise Refused("the id in the resource is another than in the address", code="value", where=f"{type}.id")
    asked = Asked(0, "PUT", type, id, resource, if_match=request.headers.get("if-match", ""))
    (done,) = await made_to_happen(seen_by, house, [asked])
    return _answer(done, request, house, seen_by)


@doors.put("/fhir/{type}", who="fhir.use", responses=CHANGED, largest=LARGEST)
async def update_where(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The one resource that meets the search, as it is from now on; made where none does."""
    resource = await _sent(type, request)
    asked = Asked(0, "PUT", type, "", resource, query=_condition(request), if_match=request.headers.get("if-match", ""))
    (done,) = await made_to_happen(seen_by, house, [asked])
    return _answer(done, request, house, seen_by)


@doors.patch("/fhir/{type}/{id}", who="fhir.use", responses=CHANGED)
async def patch(type: Type, id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Parts of a resource changed, as JSON Patch."""
    asked = Asked(0, "PATCH", type, id, await _patch(request), if_match=request.headers.get("if-match", ""))
    (done,) = await made_to_happen(seen_by, house, [asked])
    return _answer(done, request, house, seen_by)


@doors.patch("/fhir/{type}", who="fhir.use", responses=CHANGED)
async def patch_where(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The same for the one resource that meets the search."""
    asked = Asked(0, "PATCH", type, "", await _patch(request), query=_condition(request), if_match=request.headers.get("if-match", ""))
    (done,) = await made_to_happen(seen_by, house, [asked])
    return _answer(done, request, house, seen_by)


@doors.delete("/fhir/{type}/{id}", who="fhir.use", status_code=204, responses=CHANGED)
async def delete(type: Type, id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The resource is not there any more, and what it stated is taken back. Its history stays."""
    (done,) = await made_to_happen(seen_by, house, [Asked(0, "DELETE", type, id, if_match=request.headers.get("if-match", ""))])
    return Response(status_code=204, headers={"ETag": f'W/"{done.version}"'} if done.version else {})


@doors.delete("/fhir/{type}", who="fhir.use", status_code=204, responses=CHANGED)
async def delete_where(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The one resource that meets the search is deleted; nothing happens where none does."""
    await made_to_happen(seen_by, house, [Asked(0, "DELETE", type, "", query=_condition(request))])
    return Response(status_code=204)


async def _sent(type: str, request: Request) -> dict[str, Any]:
    check_format(request)
    check_sent(request)
    resource = read(await request.body())
    if resource["resourceType"] != type:
        raise Refused(f"this is a {resource['resourceType'][:64]}, and the address is for a {type}", code="value", where="resourceType")
    return resource


async def _patch(request: Request) -> Any:
    check_format(request)
    check_sent(request, PATCH)
    try:
        return plainly(await request.body())
    except ValueError:
        raise Refused("the patch is not JSON", code="structure") from None


def _condition(request: Request) -> tuple[tuple[str, str], ...]:
    pairs = tuple((name, value) for name, value in request.query_params.multi_items() if name not in ("_format", "_pretty"))
    if not pairs:
        raise Refused("say which resource is meant: an id in the address, or a search", code="required")
    return pairs


def _answer(done: Done, request: Request, house: Services, person: Person) -> Response:
    """By `Prefer: return=...`: the resource, nothing, or an OperationOutcome."""
    headers: Mapping[str, str] = {}
    if done.at is not None:
        where = f"{house.fhir.base()}/{done.type}/{done.id}/_history/{done.version}"
        headers = {**version_headers(done.version, done.at), "Location": where}
    match prefers(request, "return"):
        case "minimal":
            return answer(b"", done.status, headers)
        case "operationoutcome":
            return answer(written(noticed(f"{done.type}/{done.id} is version {done.version} now")), done.status, headers)
        case _:
            text = done.body.encode() or text_of(house.fhir, finding_of(person, house).one(done.type, done.id))
            return answer(text, done.status, headers)
