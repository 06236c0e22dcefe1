"""Bulk export (Bulk Data Access 2.0): many patients' resources as lines of JSON, asked for first and fetched when they are ready.

Nothing is written to a disk: an export is a list of what goes into it, and each file is put together while it is fetched.
"""

import asyncio
from typing import Final

from fastapi import Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.fhir.answering import OUTCOMES, answer, prefers, text_of
from wardline.api.fhir.desk import Job, name_of
from wardline.api.fhir.finding import Finding
from wardline.api.fhir.operations import of_patient
from wardline.api.fhir.reading import RESOURCE, Id, finding_of, finding_since, trace
from wardline.api.fhir.seeing import Hit
from wardline.api.services import Services
from wardline.api.shapes import fhir as shapes
from wardline.core.errors import NotAllowed, NotFound, Refused
from wardline.core.people import Person
from wardline.core.resources import ABOUT_NOBODY
from wardline.formats.fhir.outcomes import refusal
from wardline.formats.fhir.parts import part, parts
from wardline.formats.fhir.resources import instant, written

doors = Doors("FHIR: bulk export")
NDJSON: Final = "application/fhir+ndjson"
AT_ONE_GO: Final = 20
"""Patients between two turns of the loop."""
_FORMATS: Final = ("", NDJSON, "application/ndjson", "ndjson", "application/fhir ndjson")


@doors.get("/fhir/$export", who="fhir.export", status_code=202, responses=RESOURCE)
async def export_all(request: Request, seen_by: SeenBy, house: House) -> Response:
    """Everything that you may see."""
    return await _begin(request, seen_by, house, None, with_places=True)


@doors.get("/fhir/Patient/$export", who="fhir.export", status_code=202, responses=RESOURCE)
async def export_patients(request: Request, seen_by: SeenBy, house: House) -> Response:
    """Everything about all patients that you may see."""
    return await _begin(request, seen_by, house, None)


@doors.get("/fhir/Group/{id}/$export", who="fhir.export", status_code=202, responses=RESOURCE)
async def export_group(id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Everything about the patients of a group."""
    finding = finding_of(seen_by, house)
    group = finding.body(finding.one("Group", id))
    members = (str(part(each, "entity").get("reference", "")) for each in parts(group, "member") if not each.get("inactive"))
    return await _begin(request, seen_by, house, [each.partition("/")[2] for each in members if each.startswith("Patient/")])


@doors.get("/fhir/$export-status/{job}", who="fhir.export", answers=shapes.Manifest, responses=OUTCOMES)
async def status(job: Id, seen_by: SeenBy, house: House) -> Response:
    """Where the files are."""
    found = _job(job, seen_by, house)
    base = house.fhir.base()
    files = [{"type": type, "url": f"{base}/$export-file/{job}/{type}", "count": len(listed)} for type, listed in sorted(found.references.items())]
    manifest = {
        "transactionTime": instant(found.asked_at), "request": found.request, "requiresAccessToken": True, "output": files, "error": []
    }  # fmt: skip
    return Response(written(manifest), headers={"Expires": instant(found.asked_at)}, media_type="application/json")


@doors.delete("/fhir/$export-status/{job}", who="fhir.export", status_code=202, responses=RESOURCE)
async def cancel(job: Id, seen_by: SeenBy, house: House) -> Response:
    """The export is not wanted any more."""
    _job(job, seen_by, house)
    del house.fhir.jobs[job]
    return answer(written(refusal(410, "the export has been given up")), 202)


@doors.get("/fhir/$export-file/{job}/{type}", who="fhir.export", responses=RESOURCE)
async def file(job: Id, type: Id, seen_by: SeenBy, house: House) -> Response:
    """One line of JSON for each resource, as far as you may still see it."""
    found = _job(job, seen_by, house)
    if type not in found.references:
        raise NotFound(f"there is no {type} in this export")
    finding = finding_of(seen_by, house)
    hits: list[Hit] = []
    for place, (kind, id) in enumerate(found.references[type]):
        try:
            hits.append(finding.one(kind, id, "r"))
        except (NotFound, NotAllowed):
            continue
        if place % (AT_ONE_GO * 10) == 0:
            await asyncio.sleep(0)
    await trace(house, seen_by, "resources exported", hits, resource=type, found=str(len(hits)))
    lines = [text_of(house.fhir, hit) for hit in hits]
    return Response(b"\n".join(lines) + (b"\n" if lines else b""), media_type=NDJSON)


async def _begin(request: Request, person: Person, house: Services, members: list[str] | None, *, with_places: bool = False) -> Response:
    if "respond-async" not in request.headers.get("prefer", "") and prefers(request, "respond-async") != "true":
        raise Refused("an export is asked for with the header Prefer: respond-async", code="required", where="Prefer")
    given = dict(request.query_params)
    if given.get("_outputFormat", "") not in _FORMATS:
        raise Refused(f"exports are written as {NDJSON}", code="not-supported", where="_outputFormat")
    finding = finding_of(person, house)
    references = await _gathered(finding, house, members, given, with_places=with_places)
    base, path = house.fhir.base(), request.url.path.removeprefix("/fhir/")
    asked = f"{base}/{path}{'?' + request.url.query if request.url.query else ''}"
    id = house.fhir.begin(Job(name_of(person), asked, house.fhir.now(), references))
    await house.audit.record(person, "export asked for", job=id, found=str(sum(map(len, references.values()))))
    return answer(b"", 202, {"Content-Location": f"{base}/$export-status/{id}"})


async def _gathered(
    finding: Finding, house: Services, members: list[str] | None, given: dict[str, str], *, with_places: bool
) -> dict[str, list[tuple[str, str]]]:
    types = frozenset(filter(None, given.get("_type", "").split(",")))
    since = finding_since(given["_since"], house) if "_since" in given else None
    references: dict[str, list[tuple[str, str]]] = {}

    def take(hit: Hit) -> None:
        is_new = since is None or hit.stored.updated_at.timestamp() * 1_000_000 >= since
        if is_new and (not types or hit.type in types):
            references.setdefault(hit.type, []).append((hit.type, hit.id))

    everybody = [about for about, _ in house.engine.house.directory.items()] if members is None else members
    for place, record in enumerate(everybody):
        for hit in of_patient(finding, record) if finding.seeing.as_reader(record) is not None else ():
            take(hit)
        if place % AT_ONE_GO == 0:
            await asyncio.sleep(0)
    if with_places:
        for version in finding.register.search.versions():
            stored = finding.register.search.get(version.type, version.id) if version.about.startswith(ABOUT_NOBODY) else None
            if stored is not None and stored.event == version.event and finding.seeing.sees(stored):
                take(Hit(stored))
    return references


def _job(id: str, person: Person, house: Services) -> Job:
    found = house.fhir.job(person, id)
    if found is None:
        raise NotFound("there is no such export of yours, or it is not kept any more")
    return found
