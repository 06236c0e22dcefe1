"""Operations of FHIR: everything about a patient, the last values of each observation, and whether a resource is valid."""

from collections.abc import Iterable
from typing import Any, Final

from fastapi import Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.fhir.answering import answer, check_format, check_sent, link, searchset
from wardline.api.fhir.changing import LARGEST
from wardline.api.fhir.finding import Finding
from wardline.api.fhir.reading import RESOURCE, Id, Type, finding_of, finding_since, trace
from wardline.api.fhir.searching import count_of
from wardline.api.fhir.seeing import Hit
from wardline.api.services import Services
from wardline.core.errors import Fault, Refused
from wardline.core.resources import Span
from wardline.formats.fhir.outcomes import Issue, outcome
from wardline.formats.fhir.parts import parts
from wardline.formats.fhir.resources import plainly, read, written
from wardline.formats.fhir.search.indexing import entries_of
from wardline.formats.fhir.shortening import Shortened

doors = Doors("FHIR: operations")
WHOLE: Final = Shortened()
_DATES: Final = ("date", "effective", "authoredon", "onset-date", "recorded-date", "period", "issued", "occurrence")
"""Parameters by which a resource has a clinical time."""


@doors.get("/fhir/Patient/{id}/$everything", who="fhir.use", responses=RESOURCE)
async def everything(id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """All resources about a patient that you may see, with what they point at: from `start` to `end`, of some types (`_type`)."""
    check_format(request)
    given = dict(request.query_params)
    finding = finding_of(seen_by, house)
    patient = finding.one("Patient", id)
    others = [hit for hit in of_patient(finding, id) if hit.reference != patient.reference]
    hits = [hit for hit in (patient, *others) if _is_wanted(finding, hit, given, house)]
    page = hits[: count_of(given)] if "_count" in given else hits
    beside = _beside(finding, page) if "_type" not in given else []
    await trace(house, seen_by, "everything about a patient read", [patient], found=str(len(page)))
    links = {"self": link(house.fhir, f"Patient/{id}/$everything", request.query_params.multi_items())}
    return answer(searchset(house.fhir, page, beside, total=len(hits), links=links, how=WHOLE))


def of_patient(finding: Finding, id: str) -> list[Hit]:
    """Everything about a patient, under whichever of their records it was said."""
    kept = [Hit(each) for each in finding.register.search.of(finding.seeing.records(id)) if finding.seeing.sees(each) and each.event]
    return kept + list(finding.seeing.made(id).values())


def _is_wanted(finding: Finding, hit: Hit, given: dict[str, str], house: Services) -> bool:
    types = given.get("_type", "")
    if types and hit.type not in types.split(","):
        return False
    if "_since" in given and hit.stored.updated_at.timestamp() * 1_000_000 < finding_since(given["_since"], house):
        return False
    if "start" not in given and "end" not in given:
        return True
    low = finding_since(given["start"], house) if "start" in given else None
    high = house.fhir.grammar().read("Observation", (("date", given["end"]),)).conditions if "end" in given else ()
    latest = high[0].values[0].high if high else None  # type: ignore[union-attr]
    spans = [each for each in entries_of(finding.body(hit), zone=house.fhir.zone) if isinstance(each, Span) and each.name.partition(".")[2] in _DATES]
    return not spans or any((low is None or each.high >= low) and (latest is None or each.low <= latest) for each in spans)


def _beside(finding: Finding, page: Iterable[Hit]) -> list[Hit]:
    """Who and where: resources about nobody that these point at."""
    found: dict[str, Hit] = {}
    for each in finding.links(page):
        hit = finding.known(each.target)
        if hit is not None and "/" in hit.stored.about:
            found[hit.reference] = hit
    return list(found.values())


@doors.get("/fhir/Observation/$lastn", who="fhir.use", responses=RESOURCE)
async def lastn(request: Request, seen_by: SeenBy, house: House) -> Response:
    """The newest observations of each code, `max` of each (one where nothing is said)."""
    check_format(request)
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in ("max", "_sort")]
    if not any(name.partition(":")[0].partition(".")[0] in ("patient", "subject") for name, _ in pairs):
        raise Refused("$lastn needs a patient or a subject", code="required", where="patient")
    most = request.query_params.get("max", "1")
    if not most.isascii() or not most.isdigit() or len(most) > 9 or not int(most):
        raise Refused("max is a number from 1", code="value", where="max")
    finding = finding_of(seen_by, house)
    found = finding.ordered(finding.find(house.fhir.grammar().read("Observation", pairs)), "-date")
    page = _newest(finding, found, int(most))
    await trace(house, seen_by, "resources searched", page, resource="Observation/$lastn", found=str(len(page)))
    links = {"self": link(house.fhir, "Observation/$lastn", request.query_params.multi_items())}
    return answer(searchset(house.fhir, page, (), total=len(page), links=links, how=WHOLE))


def _newest(finding: Finding, hits: Iterable[Hit], most: int) -> list[Hit]:
    """Two observations are of the same kind where they share a code."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        code = finding.body(hit).get("code") or {}
        names = [f"{each.get('system', '')}|{each.get('code', '')}" for each in code.get("coding", ())] or [str(code.get("text", ""))]
        group = next((groups[name] for name in names if name in groups), [])
        group.append(hit)
        groups |= dict.fromkeys(names, group)
    kept = {hit.reference for group in groups.values() for hit in group[:most]}
    return [hit for hit in hits if hit.reference in kept]


@doors.post("/fhir/{type}/$validate", who="fhir.use", responses=RESOURCE, largest=LARGEST)
async def validate(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Whether a resource is as the definitions of FHIR say. Nothing is stored."""
    check_format(request)
    check_sent(request)
    resource = read(await request.body())
    if resource["resourceType"] == "Parameters":
        inner = next((each.get("resource") for each in parts(resource, "parameter") if each.get("name") == "resource"), None)
        resource = read(written(inner or {}))
    if resource["resourceType"] != type:
        raise Refused(f"this is a {resource['resourceType'][:64]}, and the address is for a {type}", code="value", where="resourceType")
    if house.fhir.validate is None:
        raise Fault("validation is not wired here")
    return answer(written(_outcome(await house.fhir.validate(plainly(written(resource))))))


def _outcome(issues: list[dict[str, Any]]) -> dict[str, Any]:
    if not issues:
        return outcome(Issue("information", "informational", "All OK"))
    return outcome(*(Issue(each["severity"], each["code"], each["words"], each["where"]) for each in issues))
