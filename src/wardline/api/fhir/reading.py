"""Reading over FHIR: the newest version of a resource, an older one, and what became of it over time."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.fhir.answering import OUTCOMES, answer, check_format, documented, link, text_of, version_headers
from wardline.api.fhir.finding import Finding
from wardline.api.fhir.seeing import Hit, Seeing
from wardline.api.services import Services
from wardline.core.errors import NotFound, Refused
from wardline.core.people import Person
from wardline.core.resources import Version
from wardline.formats.fhir.resources import instant, plainly, written
from wardline.formats.fhir.search.times import span_of
from wardline.formats.fhir.shortening import asked_for
from wardline.intake.fhir.changes import Gone
from wardline.security.api_keys import CLIENT

doors = Doors("FHIR: reading")
Type = Annotated[str, Path(pattern=r"^[A-Z][A-Za-z]{1,63}$", examples=["Observation"])]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9.\-]{1,64}$", examples=["k7q2mfx3a4b5c6d7"])]
MOST_VERSIONS: Final = 1_000
RESOURCE: Final = OUTCOMES | documented({200: "The resource", 202: "Under way"}) | {304: {"description": "As it was"}}


def finding_of(person: Person, house: Services) -> Finding:
    desk = house.fhir
    return Finding(desk.register, Seeing(person, house), desk.scratch)


async def trace(house: Services, person: Person, action: str, hits: Iterable[Hit], **detail: str) -> None:
    """One entry for everybody whose resources leave with this answer, before it leaves."""
    survivor = house.engine.house.survivor
    about = sorted({survivor(hit.stored.about) for hit in hits if "/" not in hit.stored.about})
    for record in about if _is_somebody(person) else ():
        house.edge.limits.patient(person, record)
    await house.audit.record(person, action, about[0] if len(about) == 1 else about, **detail)


def _is_somebody(person: Person) -> bool:
    """Whether a person looks, at a screen or through an app; systems read whole wards."""
    return not person.client.startswith(CLIENT) and not any(scope.startswith("system/") for scope in person.scopes or ())


@doors.get("/fhir/{type}/_history", who="fhir.use", responses=RESOURCE)
async def history_of_type(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Every version of every resource of a type that you may see, the newest first."""
    check_format(request)
    finding = finding_of(seen_by, house)
    return await _history(finding, finding.register.search.versions(type), request, seen_by, house, f"{type}/_history")


@doors.get("/fhir/_history", who="fhir.use", responses=RESOURCE)
async def history_of_all(request: Request, seen_by: SeenBy, house: House) -> Response:
    """Every version of everything that you may see, the newest first."""
    check_format(request)
    finding = finding_of(seen_by, house)
    return await _history(finding, finding.register.search.versions(), request, seen_by, house, "_history")


@doors.get("/fhir/{type}/{id}", who="fhir.use", responses=RESOURCE)
async def read(type: Type, id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The newest version. With If-None-Match or If-Modified-Since only if it is another one."""
    check_format(request)
    hit = finding_of(seen_by, house).one(type, id)
    await trace(house, seen_by, "resource read", [hit], resource=hit.reference)
    headers = version_headers(hit.stored.version, hit.stored.updated_at)
    if headers["ETag"] in [part.strip() for part in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return answer(text_of(house.fhir, hit, asked_for(request.query_params.multi_items())), headers=headers)


@doors.get("/fhir/{type}/{id}/_history/{version}", who="fhir.use", responses=RESOURCE)
async def vread(type: Type, id: Id, version: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """One version as it was."""
    check_format(request)
    finding = finding_of(seen_by, house)
    found = next((each for each in finding.register.search.versions(type, id) if str(each.version) == version), None)
    if found is None:
        hit = finding.one(type, id)
        if hit.made is None or str(hit.stored.version) != version:
            raise NotFound(f"there is no version {version} of {type}/{id}")
        await trace(house, seen_by, "resource read", [hit], resource=hit.reference)
        return answer(text_of(house.fhir, hit), headers=version_headers(hit.stored.version, hit.stored.updated_at))
    _need_to_see(finding, found)
    await trace(house, seen_by, "resource read", [_as_hit(finding, found)], resource=f"{type}/{id}", version=version)
    if found.deleted:
        raise Gone(f"{type}/{id} was deleted with this version")
    return answer(finding.register.kept(found.event).body.encode(), headers=version_headers(found.version, found.updated_at))


@doors.get("/fhir/{type}/{id}/_history", who="fhir.use", responses=RESOURCE)
async def history(type: Type, id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Every version of one resource, the newest first."""
    check_format(request)
    finding = finding_of(seen_by, house)
    versions = finding.register.search.versions(type, id)
    if not versions:
        hit = finding.one(type, id)
        await trace(house, seen_by, "resource history read", [hit], resource=hit.reference)
        entry = {"fullUrl": f"{house.fhir.base()}/{hit.reference}", "resource": plainly(text_of(house.fhir, hit)), **_request("GET", hit.reference)}
        return answer(written({"resourceType": "Bundle", "type": "history", "total": 1, "entry": [entry]}))
    _need_to_see(finding, versions[0])
    return await _history(finding, versions, request, seen_by, house, f"{type}/{id}/_history")


async def _history(finding: Finding, versions: list[Version], request: Request, person: Person, house: Services, path: str) -> Response:
    since, count = request.query_params.get("_since", ""), _count(request)
    if since:
        low = finding_since(since, house)
        versions = [each for each in versions if each.updated_at.timestamp() * 1_000_000 >= low]
    mine = [each for each in versions if finding.seeing.sees(_as_hit(finding, each).stored)]
    shown = mine[:count]
    await trace(house, person, "resource history read", [_as_hit(finding, each) for each in shown], resource=path)
    bundle = {
        "resourceType": "Bundle", "type": "history", "total": len(mine), "link": [{"relation": "self", "url": link(house.fhir, path, ())}],
        "entry": [_version(finding, each, house) for each in shown],
    }  # fmt: skip
    return answer(written(bundle))


def finding_since(text: str, house: Services) -> int:
    """The first microsecond of a time somebody names."""
    return span_of(text.replace(" ", "+"), house.fhir.zone)[0]


def _count(request: Request) -> int:
    text = request.query_params.get("_count", "100")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused("_count is a number", code="value", where="_count")
    return min(int(text), MOST_VERSIONS)


def _as_hit(finding: Finding, version: Version) -> Hit:
    return Hit(finding.of_version(version))


def _need_to_see(finding: Finding, version: Version) -> None:
    finding.seeing.need_scope(version.type, "r", version.about)
    finding.seeing.need_reader(version.about)
    if not finding.seeing.sees(_as_hit(finding, version).stored, "r"):
        raise NotFound(f"there is no {version.type}/{version.id} for you here")


def _version(finding: Finding, version: Version, house: Services) -> dict[str, Any]:
    reference = f"{version.type}/{version.id}"
    said = {"fullUrl": f"{house.fhir.base()}/{reference}"}
    response = {"etag": f'W/"{version.version}"', "lastModified": instant(version.updated_at)}
    if version.deleted:
        return {**said, **_request("DELETE", reference), "response": {"status": "204", **response}}
    method = "POST" if version.version == 1 else "PUT"
    resource = plainly(finding.register.kept(version.event).body)
    request = _request(method, reference if method == "PUT" else version.type)
    return {**said, "resource": resource, **request, "response": {"status": "200", **response}}


def _request(method: str, url: str) -> dict[str, Any]:
    return {"request": {"method": method, "url": url}}
