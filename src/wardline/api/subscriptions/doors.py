"""Topic subscriptions over FHIR: made and changed with a handshake, asked how they stand, and replayed."""

from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.fhir.answering import answer
from wardline.api.fhir.changing import CHANGED, made_to_happen
from wardline.api.fhir.reading import RESOURCE, Id, finding_of
from wardline.api.services import Services
from wardline.api.subscriptions.socket import PATH
from wardline.api.subscriptions.telling import SUBSCRIPTION
from wardline.core.errors import NotAllowed, NotFound, Refused
from wardline.core.people import Person
from wardline.delivery.subscriptions.register import Standing
from wardline.formats.fhir.bundles import Request as Asked
from wardline.formats.fhir.resources import read, written
from wardline.formats.fhir.subscriptions import CONTENTS, status_of, wanted
from wardline.security.api_keys import CLIENT

doors: Final = Doors("FHIR: subscriptions")
ONLY_OWN: Final = "apps that act for a person cannot subscribe; a program with an API key of its own can"


@doors.post("/fhir/Subscription", who="fhir.use", status_code=201, responses=CHANGED)
async def subscribe(request: Request, seen_by: SeenBy, house: House) -> Response:
    """A new subscription. It is active once its endpoint has answered the handshake; if it has not, it stands in error."""
    resource = _sent(read(await request.body()), seen_by, house)
    (done,) = await made_to_happen(seen_by, house, [Asked(0, "POST", SUBSCRIPTION, "", resource)])
    await house.subscriptions.begin(done.id, seen_by)
    return _as_it_stands(done.id, seen_by, house, 201)


@doors.put("/fhir/Subscription/{id}", who="fhir.use", responses=CHANGED)
async def change(id: Id, request: Request, seen_by: SeenBy, house: House) -> Response:
    """The subscription as it is from now on, with another handshake: also the way out of an error. With status off it is silent."""
    resource = _sent(read(await request.body()), seen_by, house)
    standing = house.subscriptions.register.get(id)
    if standing is not None and standing.stated.person != seen_by.id:
        raise NotAllowed("only whoever made a subscription changes it")
    (done,) = await made_to_happen(seen_by, house, [Asked(0, "PUT", SUBSCRIPTION, id, resource | {"id": id})])
    if resource["status"] == "off" and standing is not None:
        await house.subscriptions.stand(standing.stated._replace(status="off"), seen_by.id)
    else:
        await house.subscriptions.begin(id, seen_by)
    return _as_it_stands(id, seen_by, house, done.status)


@doors.get("/fhir/Subscription/$status", who="fhir.use", responses=RESOURCE)
@doors.post("/fhir/Subscription/$status", who="fhir.use", responses=RESOURCE, include_in_schema=False)
async def all_statuses(seen_by: SeenBy, house: House) -> Response:
    """How all of your subscriptions stand."""
    mine = [each for each in house.subscriptions.register.all() if each.stated.person == seen_by.id]
    return answer(written(_bundle([_status(each, house) for each in mine])))


@doors.get("/fhir/Subscription/{id}/$status", who="fhir.use", responses=RESOURCE)
@doors.post("/fhir/Subscription/{id}/$status", who="fhir.use", responses=RESOURCE, include_in_schema=False)
async def status(id: Id, seen_by: SeenBy, house: House) -> Response:
    """How it stands, and how many events it has had."""
    return answer(written(_bundle([_status(_mine(id, seen_by, house), house)])))


@doors.get("/fhir/Subscription/{id}/$events", who="fhir.use", responses=RESOURCE)
@doors.post("/fhir/Subscription/{id}/$events", who="fhir.use", responses=RESOURCE, include_in_schema=False)
async def events(
    id: Id, seen_by: SeenBy, house: House, since: Annotated[int, Query(ge=0, alias="eventsSinceNumber")] = 0,
    until: Annotated[int | None, Query(ge=0, alias="eventsUntilNumber")] = None, content: str = "",
) -> Response:  # fmt: skip
    """Events again, by number, for whoever missed some."""
    standing = _mine(id, seen_by, house)
    if content and content not in CONTENTS:
        raise Refused(f"content is one of {', '.join(CONTENTS)}", where="content")
    notices = house.subscriptions.register.notices(id, since, until)
    await house.audit.record(seen_by, "subscription events read", sorted({each.about for each in notices if "/" not in each.about}), detail=id)
    return answer(written(house.subscriptions.bundle(standing, "query-event", notices, content)))


@doors.get("/fhir/Subscription/{id}/$get-ws-binding-token", who="fhir.use", responses=RESOURCE)
@doors.post("/fhir/Subscription/{id}/$get-ws-binding-token", who="fhir.use", responses=RESOURCE, include_in_schema=False)
async def binding_token(id: Id, seen_by: SeenBy, house: House) -> Response:
    """A token for one WebSocket, good once, for half a minute: open it and send `bind-with-token TOKEN`."""
    _mine(id, seen_by, house)
    token, ends_at = house.edge.tickets.issue(seen_by, f"{PATH}#{id}", "")
    base = house.fhir.base().removesuffix("/fhir").replace("http", "ws", 1)
    return answer(written({
        "resourceType": "Parameters", "parameter": [
            {"name": "token", "valueString": f"{id}.{token}"}, {"name": "expiration", "valueDateTime": ends_at.isoformat()},
            {"name": "subscription", "valueString": id}, {"name": "websocket-url", "valueUrl": f"{base}{PATH}"},
        ],
    }))  # fmt: skip


def _sent(resource: dict[str, Any], person: Person, house: Services) -> dict[str, Any]:
    """The resource if it is one that can be kept. Raises `Refused` or `NotAllowed`."""
    if person.client and not person.client.startswith(CLIENT):
        raise NotAllowed(ONLY_OWN)
    if resource["resourceType"] != SUBSCRIPTION:
        raise Refused("this is the address of subscriptions", where="resourceType")
    asked = wanted(resource, house.subscriptions.topic)
    for type, search in asked.filters:
        house.fhir.matches(type, search, {"resourceType": type})
    return resource | {"status": "off" if resource.get("status") == "off" else "requested"}


def _mine(id: str, person: Person, house: Services) -> Standing:
    standing = house.subscriptions.register.get(id)
    if standing is None or standing.stated.person != person.id:
        raise NotFound("you have no such subscription")
    return standing


def _status(standing: Standing, house: Services) -> dict[str, Any]:
    return status_of(
        standing.stated.subscription, house.subscriptions.topic, "query-status", standing.stated.status, standing.events, (),
        base=house.fhir.base(), content="empty", reason=standing.stated.reason,
    )  # fmt: skip


def _bundle(found: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each, "search": {"mode": "match"}} for each in found]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": entries}


def _as_it_stands(id: str, person: Person, house: Services, status: int) -> Response:
    finding = finding_of(person, house)
    hit = finding.one(SUBSCRIPTION, id)
    body = finding.body(hit)
    headers = {"ETag": f'W/"{hit.stored.version}"', "Location": f"{house.fhir.base()}/Subscription/{id}/_history/{hit.stored.version}"}
    return answer(written(body), status, headers)
