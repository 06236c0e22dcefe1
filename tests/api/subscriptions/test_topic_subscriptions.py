"""Topic subscriptions over FHIR R4 (Backport): handshake, numbered events, replay, and nothing that the subscriber may not see."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.ehr import observation
from support.messages import ADA, adt
from support.subscriber import Subscriber, status_in
from wardline.api.subscriptions.socket import PATH
from wardline.api.subscriptions.telling import Teller
from wardline.delivery.subscriptions.register import ABOUT, Subscriptions

IG = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
AT = "2026-03-02T08:20:00Z"


@pytest.fixture(scope="module")
def far_side() -> Iterator[Subscriber]:
    with Subscriber() as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal, far_side: Subscriber) -> Iterator[OpenHouse]:
    """A house that may reach the subscriber, with its lane for subscriptions running, and Ada in it."""
    data = tmp_path_factory.mktemp("subscriptions") / "data"
    (data / "config").mkdir(parents=True)
    listed = f"allowed:\n  - {{host: 127.0.0.1, port: {far_side.port}, private: true, in_clear: true}}\n"
    (data / "config" / "outgoing.yaml").write_text(listed, encoding="utf-8")
    lane: list[asyncio.Task[None]] = []
    with OpenHouse(data, portal) as opened:
        opened.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"))
        teller = opened.running.services.subscriptions = Teller(opened.running.services, opened.wardline.subscriptions, first_wait=0.02)

        def begin() -> None:
            opened.wardline.engine.listen(teller.hear)
            lane.append(asyncio.get_running_loop().create_task(teller.run()))

        opened.do(begin)
        yield opened
        opened.do(lambda: lane[0].cancel())


@pytest.fixture
def subscriber(far_side: Subscriber) -> Subscriber:
    far_side.failing = 0
    for kept in (far_side.taken, far_side.times, far_side.headers):
        kept.clear()
    return far_side


@pytest.fixture
def listening(whole: OpenHouse, subscriber: Subscriber) -> Iterator[OpenHouse]:
    """The same house for every test; what one has subscribed to is silent for the next."""
    yield whole
    for standing in whole.wardline.subscriptions.active():
        whole.do(whole.running.services.subscriptions.stand, standing.stated._replace(status="off"))


def wanted(house: OpenHouse, subscriber: Subscriber, *filters: str, content: str = "id-only", **channel: Any) -> dict[str, Any]:
    return {
        "resourceType": "Subscription", "status": "requested", "reason": "a test", "criteria": house.running.services.subscriptions.topic,
        "_criteria": {"extension": [{"url": f"{IG}backport-filter-criteria", "valueString": each} for each in filters]},
        "channel": {
            "type": "rest-hook", "endpoint": subscriber.url, "payload": "application/fhir+json", "header": ["Authorization: Bearer mine"],
            "_payload": {"extension": [{"url": f"{IG}backport-payload-content", "valueCode": content}]}, **channel,
        },
    }  # fmt: skip


def potassium(house: OpenHouse, value: float = 4.1) -> dict[str, Any]:
    resource = observation("2823-3", value, "mmol/L", at=AT, of=house.key())
    del resource["id"]
    return resource


def subscribe(visitor: Visitor, resource: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(visitor.request("POST", "/fhir/Subscription", resource).content)
    return made


def test_a_new_subscription_shakes_hands_and_is_active(listening: OpenHouse, subscriber: Subscriber) -> None:
    made = subscribe(listening.as_("doctor"), wanted(listening, subscriber, "Observation"))

    assert made["status"] == "active"
    (bundle,) = subscriber.wait_for(1)
    assert bundle["type"] == "history"
    assert {name: status_in(bundle)[name] for name in ("type", "status", "events-since-subscription-start")} == {
        "type": "handshake", "status": "requested", "events-since-subscription-start": "0",
    }  # fmt: skip
    assert subscriber.headers == ["Bearer mine"]


def test_changes_that_meet_the_filter_are_told_with_their_numbers(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor = listening.as_("doctor")
    subscribe(doctor, wanted(listening, subscriber, "Observation?code=http://loinc.org|2823-3", content="full-resource"))
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    doctor.request("POST", "/fhir/Observation", potassium(listening) | {"code": {"coding": [{"system": "http://loinc.org", "code": "2951-2"}]}})
    doctor.request("POST", "/fhir/Observation", potassium(listening, 4.4))
    _, first, second = subscriber.wait_for(3)

    assert [number for each in (first, second) for number, _ in status_in(each)["events"]] == [1, 2]
    assert [each["entry"][1]["resource"]["valueQuantity"]["value"] for each in (first, second)] == [4.1, 4.4]
    assert status_in(first)["type"] == "event-notification"


@pytest.mark.parametrize(("content", "focus", "entries"), [("empty", False, 1), ("id-only", True, 1), ("full-resource", True, 2)])
def test_as_much_is_sent_as_was_asked_for(listening: OpenHouse, subscriber: Subscriber, content: str, focus: bool, entries: int) -> None:
    doctor = listening.as_("doctor")
    subscribe(doctor, wanted(listening, subscriber, "Observation", content=content))
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    event = subscriber.wait_for(2)[1]

    assert (bool(status_in(event)["events"][0][1]), len(event["entry"])) == (focus, entries)


def test_events_can_be_asked_for_again_and_the_status_counts_them(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor = listening.as_("doctor")
    id = subscribe(doctor, wanted(listening, subscriber, "Observation"))["id"]
    for value in (4.1, 4.2, 4.3):
        doctor.request("POST", "/fhir/Observation", potassium(listening, value))
    subscriber.wait_for(4)

    again = json.loads(doctor.request("GET", f"/fhir/Subscription/{id}/$events", query={"eventsSinceNumber": 2}).content)
    assert (status_in(again)["type"], [number for number, _ in status_in(again)["events"]]) == ("query-event", [2, 3])
    status = json.loads(doctor.request("GET", f"/fhir/Subscription/{id}/$status").content)
    assert status["type"] == "searchset"
    assert status_in(status)["events-since-subscription-start"] == "3"
    assert listening.as_("nurse").request("GET", f"/fhir/Subscription/{id}/$status").status_code == 404


def test_a_subscriber_that_is_out_for_a_moment_misses_nothing_and_gets_it_in_order(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor = listening.as_("doctor")
    subscribe(doctor, wanted(listening, subscriber, "Observation"))
    subscriber.wait_for(1)
    subscriber.failing = 2
    for value in (4.1, 4.2):
        doctor.request("POST", "/fhir/Observation", potassium(listening, value))

    taken = subscriber.wait_for(3)[1:]
    assert [number for each in taken for number, _ in status_in(each)["events"]] == [1, 2]


def test_one_that_stays_out_stands_in_error_until_it_is_stated_again(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor = listening.as_("doctor")
    made = subscribe(doctor, wanted(listening, subscriber, "Observation"))
    subscriber.failing = 100
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    deadline = 200
    while listening.wardline.subscriptions.get(made["id"]).stated.status == "active" and (deadline := deadline - 1):  # type: ignore[union-attr]
        listening.do(asyncio.sleep, 0.02)
    assert listening.wardline.subscriptions.get(made["id"]).stated.status == "error"  # type: ignore[union-attr]

    subscriber.failing = 0
    again = doctor.request("PUT", f"/fhir/Subscription/{made['id']}", {key: each for key, each in made.items() if key != "meta"})
    assert json.loads(again.content)["status"] == "active"


def test_whoever_cannot_be_reached_at_the_handshake_is_in_error_and_told_why(listening: OpenHouse, subscriber: Subscriber) -> None:
    made = subscribe(listening.as_("doctor"), wanted(listening, subscriber, "Observation", endpoint="https://nowhere.example/hook"))

    assert made["status"] == "error"
    assert "not listed" in made["error"]


def test_what_its_owner_may_not_see_is_neither_told_nor_counted(listening: OpenHouse, subscriber: Subscriber) -> None:
    listening.user("elsewhere", "doctor", units=("9Z",))
    outside, doctor = listening.sign_in("elsewhere"), listening.as_("doctor")
    id = subscribe(outside, wanted(listening, subscriber, "Observation"))["id"]
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    mine = subscribe(doctor, wanted(listening, subscriber, "Observation"))["id"]
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    subscriber.wait_for(3)

    counts = {each: listening.wardline.subscriptions.get(each).events for each in (id, mine)}  # type: ignore[union-attr]
    assert counts == {id: 0, mine: 1}


def test_nobody_else_changes_a_subscription_neither_alone_nor_in_a_transaction(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor, nurse = listening.as_("doctor"), listening.as_("nurse")
    made = subscribe(doctor, wanted(listening, subscriber, "Observation"))
    stolen = {key: each for key, each in made.items() if key != "meta"} | {"reason": "mine now"}

    assert nurse.request("PUT", f"/fhir/Subscription/{made['id']}", stolen).status_code == 403
    entry = {"resource": stolen, "request": {"method": "PUT", "url": f"Subscription/{made['id']}"}}
    assert nurse.request("POST", "/fhir", {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}).status_code in (403, 404)
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    assert len(subscriber.wait_for(2)) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [({"criteria": "https://elsewhere/topic"}, "criteria"), ({"_criteria": {}}, "filters"), ({"channel": {"type": "email"}}, "channel.type")],
    ids=["topic", "filter", "channel"],
)
def test_what_cannot_be_kept_is_refused(listening: OpenHouse, subscriber: Subscriber, change: dict[str, Any], said: str) -> None:
    refused = listening.as_("doctor").request("POST", "/fhir/Subscription", wanted(listening, subscriber, "Observation") | change)

    assert refused.status_code == 400
    assert said in refused.text


def test_a_heartbeat_comes_when_nothing_else_does(listening: OpenHouse, subscriber: Subscriber) -> None:
    beat = [{"url": f"{IG}backport-heartbeat-period", "valueUnsignedInt": 5}]
    id = subscribe(listening.as_("doctor"), wanted(listening, subscriber, "Observation", extension=beat))["id"]
    teller = listening.running.services.subscriptions
    listening.do(lambda: teller.beat(id))

    assert [status_in(each)["type"] for each in subscriber.wait_for(2)] == ["handshake", "heartbeat"]


def test_over_a_websocket_nothing_comes_before_it_is_bound_and_everything_after(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor = listening.as_("doctor")
    id = subscribe(doctor, wanted(listening, subscriber, "Observation") | {"channel": {"type": "websocket", "payload": "application/fhir+json"}})[
        "id"
    ]
    token = json.loads(doctor.request("GET", f"/fhir/Subscription/{id}/$get-ws-binding-token").content)["parameter"][0]["valueString"]

    async def talk(words: str) -> list[dict[str, Any]]:
        incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await incoming.put({"type": "websocket.connect"})
        await incoming.put({"type": "websocket.receive", "text": words})
        scope = {"type": "websocket", "path": PATH, "scheme": "ws", "headers": [(b"host", b"ward")], "client": ("127.0.0.1", 1), "subprotocols": [],
                 "query_string": b""}  # fmt: skip
        talking = asyncio.create_task(listening.asgi.sockets(scope, incoming.get, send))
        await asyncio.sleep(0.1)
        if len(sent) > 1 and sent[1]["type"] == "websocket.send":
            await asyncio.to_thread(doctor.request, "POST", "/fhir/Observation", potassium(listening))
            await asyncio.sleep(0.3)
        await incoming.put({"type": "websocket.disconnect"})
        await talking
        return sent

    accepted, handshake, event = listening.do(talk, f"bind-with-token {token}")
    assert accepted["type"] == "websocket.accept"
    assert [status_in(json.loads(each["text"]))["type"] for each in (handshake, event)] == ["handshake", "event-notification"]
    assert listening.do(talk, f"bind-with-token {token}")[1] == {"type": "websocket.close", "code": 1008}  # a token is good once


def test_what_is_remembered_is_rebuilt_from_the_log(listening: OpenHouse, subscriber: Subscriber) -> None:
    doctor = listening.as_("doctor")
    id = subscribe(doctor, wanted(listening, subscriber, "Observation"))["id"]
    doctor.request("POST", "/fhir/Observation", potassium(listening))
    subscriber.wait_for(2)
    listening.do(asyncio.sleep, 0.1)
    live, again, loaded = listening.wardline.subscriptions, Subscriptions(), Subscriptions()
    for event in listening.do(lambda: list(listening.wardline.log.events_of([listening.key(), f"{ABOUT}{id}"]))):
        again.apply(event)
    loaded.load(live.dump())

    assert [each.number for each in live.notices(id, 1)] == [1]
    assert again.notices(id, 1) == live.notices(id, 1)
    assert again.get(id) == live.get(id)
    assert live.dump() == loaded.dump()
