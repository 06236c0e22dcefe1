"""Searching over FHIR: by address or by form, with what is linked, in pages that stay as they were while others write."""

from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from fastapi import Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.fhir.answering import answer, check_format, check_sent, link, prefers, searchset
from wardline.api.fhir.finding import Finding
from wardline.api.fhir.linking import included
from wardline.api.fhir.reading import RESOURCE, Type, finding_of, trace
from wardline.api.fhir.seeing import Hit
from wardline.api.services import Services
from wardline.core.errors import NotAllowed, NotFound, Refused
from wardline.core.people import Person
from wardline.formats.fhir.search.asking import Asked
from wardline.formats.fhir.shortening import asked_for

doors = Doors("FHIR: searching")
FORM: Final = "application/x-www-form-urlencoded"
COUNT: Final = 50
MOST: Final = 1_000
PARTIAL: Final = "what other systems have said over their own feeds is included only where the search names a patient"
Pairs = tuple[tuple[str, str], ...]


@doors.get("/fhir/{type}", who="fhir.use", responses=RESOURCE)
async def search(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Resources of a type that meet every condition, as far as you may see them."""
    check_format(request)
    return await _search(type, tuple(request.query_params.multi_items()), request, seen_by, house)


@doors.post("/fhir/{type}/_search", who="fhir.use", responses=RESOURCE)
async def search_by_form(type: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The same with the conditions in a form: what names a patient does not belong into an address."""
    check_format(request)
    check_sent(request, FORM)
    try:
        sent = parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500)
    except ValueError:
        raise Refused("a search has 500 fields at most", code="too-costly") from None
    return await _search(type, (*request.query_params.multi_items(), *sent), request, seen_by, house)


@doors.get("/fhir/{type}/{id}/{compartment}", who="fhir.use", responses=RESOURCE)
async def search_compartment(type: Type, id: str, compartment: Type, request: Request, seen_by: SeenBy, house: House) -> Response:
    """Everything of one type about one patient: /fhir/Patient/17/Observation."""
    if type != "Patient":
        raise NotFound("there are compartments of patients only")
    check_format(request)
    pairs = (("patient", f"Patient/{id}"), *request.query_params.multi_items())
    return await _search(compartment, pairs, request, seen_by, house)


class Page(NamedTuple):
    """One page of a search, and what it is a page of."""

    asked: Asked
    pairs: Pairs
    references: tuple[tuple[str, str], ...]
    hits: list[Hit]
    offset: int
    size: int
    token: str


async def _search(type: str, pairs: Pairs, request: Request, person: Person, house: Services) -> Response:
    finding = finding_of(person, house)
    page = _page(finding, type, pairs, person, house, lenient=prefers(request, "handling") == "lenient")
    how = asked_for(page.pairs)
    more = included(finding, page.hits, page.pairs)
    await trace(house, person, "resources searched", [*page.hits, *more], resource=type, found=str(len(page.hits)))
    notices = [f"not understood and left out: {', '.join(page.asked.left_out)}"] if page.asked.left_out else []
    notices += [PARTIAL] if finding.is_partial and how.summary != "count" else []
    total = None if dict(page.pairs).get("_total") == "none" else len(page.references)
    links = _links(house, type, page, person)
    return answer(searchset(house.fhir, page.hits, more, total=total, links=links, how=how, notices=notices))


def _page(finding: Finding, type: str, pairs: Pairs, person: Person, house: Services, *, lenient: bool) -> Page:
    """A further page of a search that was made before, each resource asked anew; or the first of a new one."""
    given = dict(pairs)
    if (token := given.get("_page")) is not None:
        kept, offset = house.fhir.page(person, token), _number(given, "_offset")
        count = count_of(dict(kept.query))
        hits = (_still(finding, *each) for each in kept.references[offset : offset + count])
        return Page(Asked(type), kept.query, kept.references, [hit for hit in hits if hit is not None], offset, count, token)
    asked, count = house.fhir.grammar(lenient=lenient).read(type, pairs), count_of(given)
    found = finding.find(asked)
    matches = finding.ordered(found, given["_sort"]) if given.get("_sort") else found
    count = 0 if given.get("_summary") == "count" else count
    return Page(asked, pairs, tuple((hit.type, hit.id) for hit in matches), matches[:count], 0, count, "")


def _links(house: Services, type: str, page: Page, person: Person) -> dict[str, str]:
    links = {"self": link(house.fhir, type, _self(page.pairs, page.asked))}
    token = page.token
    if page.size and page.offset + page.size < len(page.references):
        token = token or house.fhir.keep(person, page.references, page.pairs)
        links["next"] = link(house.fhir, type, (("_page", token), ("_offset", str(page.offset + page.size))))
    if page.offset:
        links["previous"] = link(house.fhir, type, (("_page", token), ("_offset", str(max(page.offset - page.size, 0)))))
    return links


def _still(finding: Finding, type: str, id: str) -> Hit | None:
    """Somebody may have said no since, or deleted it."""
    try:
        return finding.one(type, id, "s")
    except (NotFound, NotAllowed):
        return None


def count_of(given: dict[str, str]) -> int:
    return min(_number(given, "_count", COUNT), MOST)


def _number(given: dict[str, str], name: str, otherwise: int = 0) -> int:
    text = given.get(name, str(otherwise))
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(f"{name} is a number", code="value", where=name)
    return int(text)


def _self(pairs: Pairs, asked: Asked) -> list[tuple[str, str]]:
    """What was really asked for."""
    return [(name, value) for name, value in pairs if name not in asked.left_out and name not in ("_format", "_pretty", "_page", "_offset")]


def found_by(finding: Finding, house: Services, type: str, pairs: Any) -> list[tuple[str, str]]:
    """Type and id of everything that meets a condition of a change, and may be seen."""
    return [(hit.type, hit.id) for hit in finding.find(house.fhir.grammar().read(type, pairs))]
