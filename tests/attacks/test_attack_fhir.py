"""The FHIR door, tried by those who may use it: what labels hide, what is somebody else's, and questions that cost more than they look."""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse, Visitor
from api.smart.conftest import own_ward
from api.smart.far_side import App
from support.clocks import MORNING
from support.fhir import Client, condition, entry, observation, patient
from support.messages import ADA, BEN, adt

__all__ = ["own_ward"]
HIV = "86406008"
"""SNOMED CT: human immunodeficiency virus infection."""
EXPANDING = [{"op": "add", "path": "/extension", "value": [{"url": "x", "extension": []}]}]
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport"
PATCH = {"content_type": "application/json-patch+json"}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[Client]:
    """A doctor; Ada in ward 7A with a labelled condition, Ben in 8B."""
    with OpenHouse(tmp_path_factory.mktemp("door") / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"))
        doctor = Client(house, "doctor")
        for record in (house.key(ADA), house.key(BEN)):
            doctor.put({**observation(record), "id": f"k-{record}"})
        doctor.put({**condition(house.key(ADA), HIV, text="HIV infection"), "id": "hidden"})
        yield doctor


@pytest.fixture(scope="module")
def radiologist(door: Client) -> Client:
    return Client(door.house, "radiologist")


@pytest.fixture(scope="module")
def stranger(door: Client) -> Client:
    """A nurse of the ward where Ada is not."""
    return Client(door.house, "nurse", units=("8B",))


def test_a_patch_shows_nothing_that_is_hidden(door: Client, radiologist: Client) -> None:
    note = [{"op": "add", "path": "/recordedDate", "value": "2026-03-01"}]
    answer = radiologist.ask("PATCH", "Condition/hidden", note, **PATCH)
    assert answer.status == 404
    assert "HIV" not in answer.text
    guess = [{"op": "test", "path": "/code/coding/0/code", "value": HIV}]
    wrong = [{"op": "test", "path": "/code/coding/0/code", "value": "1"}]
    assert radiologist.ask("PATCH", "Condition/hidden", guess, **PATCH).status == radiologist.ask("PATCH", "Condition/hidden", wrong, **PATCH).status


def test_what_is_hidden_is_not_overwritten_or_deleted(door: Client, radiologist: Client) -> None:
    answers = [
        radiologist.put({**condition(door.house.key(ADA), "195967001", text="Asthma"), "id": "hidden"}),
        radiologist.ask("DELETE", "Condition/hidden"),
        radiologist.transaction(entry("DELETE", "Condition/hidden")),
    ]
    assert [each.status for each in answers] == [404, 404, 404]
    assert door.get("Condition/hidden").json["code"]["text"] == "HIV infection"


def test_that_something_hidden_was_deleted_is_not_told(door: Client, radiologist: Client) -> None:
    door.put({**condition(door.house.key(ADA), HIV, text="HIV infection"), "id": "gone"})
    assert door.ask("DELETE", "Condition/gone").status == 204
    assert radiologist.get("Condition/gone").status == 404
    assert "gone" not in radiologist.get("Condition/_history").text
    assert radiologist.get("Condition/gone/_history").status == 404
    assert radiologist.get("Condition/gone/_history/2").status == 404
    assert door.get("Condition/gone").status == 410


def test_conditional_changes_are_in_the_patients_trail(door: Client) -> None:
    record = door.house.key(ADA)
    door.put({**observation(record, code="2345-7", identifier=[{"system": "urn:x", "value": "17"}]), "id": "glucose"})
    before = len(door.house.audited(about=record))
    door.ask("PATCH", "Observation?identifier=urn:x|17", [{"op": "replace", "path": "/status", "value": "amended"}], **PATCH)
    door.create({**observation("x"), "subject": {"reference": f"Patient?identifier={ADA.number}"}})
    door.ask("DELETE", "Observation?identifier=urn:x|17")
    actions = [each["action"] for each in door.house.audited(about=record)[before:]]
    assert actions.count("resources changed") == 3


def test_what_somebody_subscribed_with_is_not_shown_to_others(door: Client, radiologist: Client) -> None:
    made = door.create({
        "resourceType": "Subscription", "status": "requested", "reason": "x", "criteria": door.house.running.services.subscriptions.topic,
        "_criteria": {"extension": [{"url": f"{BACKPORT}-filter-criteria", "valueString": "Observation"}]},
        "channel": {
            "type": "rest-hook", "endpoint": "https://listener.example/hook", "payload": "application/fhir+json",
            "header": ["Authorization: Bearer SECRETOFTHEDOCTOR"],
            "_payload": {"extension": [{"url": f"{BACKPORT}-payload-content", "valueCode": "id-only"}]},
        },
    })  # fmt: skip
    assert made.status == 201, made.text
    assert "SECRETOFTHEDOCTOR" in door.get("Subscription").text
    assert radiologist.get(f"Subscription/{made.json['id']}").status == 404
    assert "SECRETOFTHEDOCTOR" not in radiologist.get("Subscription").text
    assert "SECRETOFTHEDOCTOR" not in radiologist.get("Subscription/_history").text


def test_labels_that_a_sender_has_set_are_obeyed(door: Client, radiologist: Client) -> None:
    label = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HIV"}]}
    door.put({**observation(door.house.key(ADA), code="718-7"), "id": "labelled", "meta": label})
    assert door.get("Observation/labelled").status == 200
    assert radiologist.get("Observation/labelled").status == 404


@pytest.mark.parametrize("words", [
    {"resourceType": "Communication", "status": "completed", "payload": [{"contentString": "The patient has HIV"}]},
    {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"},
     "dosageInstruction": [{"patientInstruction": "Against HIV"}]},
])  # fmt: skip
def test_words_are_looked_at_wherever_somebody_wrote_them(door: Client, radiologist: Client, words: dict[str, Any]) -> None:
    made = door.create({**words, "subject": {"reference": f"Patient/{door.house.key(ADA)}"}})
    assert made.status == 201
    assert radiologist.get(f"{words['resourceType']}/{made.json['id']}").status == 404


@pytest.mark.parametrize(
    "subject", [{"identifier": {"value": ADA.number}}, {"display": "Ada"}, {"reference": "#p"}, {"reference": "urn:uuid:0b8f4a3e"}]
)
def test_what_is_about_somebody_does_not_become_everybodys(door: Client, stranger: Client, subject: dict[str, Any]) -> None:
    made = door.create({**condition("x", HIV, text="HIV infection"), "subject": subject, "contained": [patient("p")]})
    assert made.status == 422 or stranger.get(f"Condition/{made.json['id']}").status in (403, 404)


def test_a_nurse_writes_nothing_into_another_wards_record(door: Client, stranger: Client) -> None:
    record = door.house.key(ADA)
    own = f"Patient/{door.house.key(BEN)}"
    assert stranger.create(observation(own, value=4.0)).status == 201
    assert stranger.put({**observation(own), "id": f"k-{record}"}).status in (403, 422)
    moved = [{"op": "replace", "path": "/subject/reference", "value": own}]
    assert stranger.ask("PATCH", f"Observation/k-{record}", moved, **PATCH).status in (403, 422)
    mixed = stranger.transaction(
        entry("POST", "Observation", observation(own, code="718-7", value=9.0)), entry("POST", "Observation", observation(record))
    )
    assert mixed.status == 403
    assert stranger.search("Observation", code="718-7").json["total"] == 0
    assert stranger.ask("DELETE", f"Observation?patient=Patient/{record}").status == 204
    assert stranger.create({**observation("x"), "subject": {"reference": f"Patient?identifier={ADA.number}"}}).status in (403, 412)
    existing = stranger.create(observation(own), if_none_exist=f"subject=Patient/{record}")
    assert existing.status == 201


def test_a_patch_that_doubles_itself_is_refused(door: Client) -> None:
    record = door.house.key(BEN)
    double = EXPANDING + [{"op": "copy", "from": "/extension", "path": "/extension/-"}] * 18
    answer = door.ask("PATCH", f"Observation/k-{record}", double, **PATCH)
    assert answer.status == 400


@pytest.mark.parametrize("query", [
    "Observation?value-quantity=1e999999999", "Observation?value-quantity=le1e999999999", "Observation?value-quantity=ap9e9999999",
    "Observation?date=9999-12-31T23:59:60Z", "Observation?date=0000", "Observation?date=2026-13-45", "Observation?date=ap0001-01-01",
    f"Observation/$lastn?patient=1&max={'9' * 5000}", f"Observation/_history?_count={'9' * 5000}", "Observation/_history?_since=9999-99",
    "Observation?code=" + ",".join("x" * 1000), "Observation?subject=" + ",".join(f"Patient/{n}" for n in range(1000)),
    "Observation?" + "&".join(f"code=a{n}" for n in range(1200)), "Observation?_sort=" + ",".join(["date"] * 2000),
    "Observation?" + "&".join(["_revinclude=*:*"] * 300), "Patient?name:contains=" + "%" * 1000, "Observation?code=%00",
    "Observation?subject.name.name.name=x", "Observation?_has:Observation:subject:_has:Observation:subject:_has:Observation:subject:code=1",
    "Patient?name=%ED%A0%80", "Observation?code=,", "Observation?_lastUpdated:missing=true", "Patient?_id=,", "Observation?_lastUpdated=ge9999999999",
])  # fmt: skip
def test_no_question_breaks_the_door(door: Client, query: str) -> None:
    began = monotonic()
    answer = door.get(query)
    took = monotonic() - began
    assert answer.status < 500
    assert took < 1.5


@pytest.mark.parametrize(("path", "body"), [
    ("Observation/_search", b"&".join([b"code=1"] * 600)),
    ("Parameters/$validate", b'{"resourceType":"Parameters","parameter":[1]}'),
    ("Consent", b'{"resourceType":"Consent","scope":{"coding":5}}'),
    ("Consent", b'{"resourceType":"Consent","scope":{"coding":null}}'),
    ("Observation", b'{"resourceType":"Observation","meta":5,"subject":"x","code":[]}'),
    ("Observation", b'{"resourceType":"Observation","a":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    ("Observation", b'{"resourceType":"Observation","valueQuantity":{"value":1e400}}'),
    ("Observation", b'{"resourceType":"Observation","valueQuantity":{"value":1e99999999999}}'),
    ("Observation", b'{"resourceType":"Observation","text":"\\ud800"}'),
    ("", b'{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"../api/v1/users"}}]}'),
    ("", b'{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"POST","url":"Observation"},"resource":5}]}'),
    ("", b'{"resourceType":"Bundle","type":"transaction","entry":[5]}'),
])  # fmt: skip
def test_no_body_breaks_the_door(door: Client, path: str, body: bytes) -> None:
    sent = {"content_type": "application/x-www-form-urlencoded"} if path.endswith("_search") else {}
    answer = door.ask("POST", path, body, **sent)
    assert answer.status < 500


@pytest.mark.parametrize("body", [b"{", b"[" * 5000 + b"]" * 5000, b"5", b'[{"op":"add","path":"/a","value":1e400}]'])
def test_no_patch_breaks_the_door(door: Client, body: bytes) -> None:
    answer = door.ask("PATCH", f"Observation/k-{door.house.key(BEN)}", body, **PATCH)
    assert answer.status < 500


@pytest.mark.parametrize("kept", [
    {"resourceType": "ValueSet", "url": "urn:v1", "expansion": None}, {"resourceType": "ValueSet", "url": "urn:v2", "compose": {"include": ["x"]}},
    {"resourceType": "ValueSet", "url": "urn:v3", "compose": {"include": {"concept": 1}}},
])  # fmt: skip
def test_a_value_set_of_another_shape_breaks_no_search(door: Client, kept: dict[str, Any]) -> None:
    assert door.create(kept).status in (201, 422)
    assert door.search("Condition", ("code:in", kept["url"])).status < 500


# --- other people, other programs ---


def test_a_record_that_was_joined_to_another_is_as_closed_as_that_one(open_house: Any) -> None:
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"))
    retired = house.key(BEN)
    house.send(adt("A40", ADA, at=MORNING + timedelta(hours=1), retired=BEN))
    nurse = Client(house, "nurse", units=("8B",))
    assert nurse.create(observation(retired)).status == 403
    assert nurse.get(f"Patient/{retired}").status == 403
    assert Client(house, "doctor").create(observation(retired)).status == 201


def test_an_app_for_one_patient_changes_nothing_that_is_everybodys(own_ward: OpenHouse) -> None:
    doctor, ada = Client(own_ward, "doctor"), own_ward.key(ADA)
    doctor.put({"resourceType": "Organization", "id": "house", "name": "St Test"})
    doctor.put({**observation(ada), "id": "o"})
    scope = "launch/patient patient/Organization.cruds patient/Observation.u"
    app = Client(own_ward, "doctor")
    app.visitor = Visitor(own_ward)
    app.visitor.token = App(own_ward, scopes=scope.split()).in_use(patient=ada, scope=scope).tokens["access_token"]
    assert app.get("Organization/house").status == 200
    assert app.put({"resourceType": "Organization", "id": "house", "name": "Mine"}).status == 403
    assert app.create({"resourceType": "Organization", "name": "Mine"}).status == 403
    patched = app.ask("PATCH", "Observation/o", [{"op": "add", "path": "/comment", "value": "x"}], **PATCH)  # may write, may not read
    assert patched.status == 404


def test_a_patient_writes_nothing(door: Client) -> None:
    record = door.house.key(BEN)
    door.house.as_("admin").post(
        "/api/v1/users", {"login": "ben", "name": "Ben", "password": "four entirely different pebbles", "roles": ["patient"], "patient": record}, 201
    )
    user = door.house.do(door.house.wardline.identities.user_named, "ben")
    ben = Client(door.house, "doctor")
    ben.visitor = Visitor(door.house)
    ben.visitor.token = door.house.do(lambda: door.house.wardline.sessions.begin(user, "these tests", factors=2)).access_token
    assert ben.get(f"Observation/k-{record}").status == 200
    assert ben.get(f"Observation/k-{door.house.key(ADA)}").status == 403
    assert (
        door.house.key(ADA)
        not in ben.search("Observation").text + ben.search("Observation", patient=door.house.key(ADA)).text.partition('"entry"')[2]
    )
    refused = [
        ben.put({**observation(record), "id": f"k-{record}"}), ben.create(observation(record)), ben.ask("DELETE", f"Observation/k-{record}"),
        ben.create({"resourceType": "Organization", "name": "x"}), ben.create(patient()), ben.get("$export", prefer="respond-async"),
    ]  # fmt: skip
    assert {each.status for each in refused} == {403}


def test_a_page_is_for_whoever_made_the_search(door: Client, stranger: Client) -> None:
    following = door.search("Observation", _count="1").link("next")
    assert following is not None
    path = following.partition("/fhir/")[2]
    assert door.get(path).status == 200
    assert stranger.get(path).status == 410


def test_a_batch_reaches_no_other_door(door: Client) -> None:
    urls = ["../api/v1/users", "%2e%2e/api/v1/users", "/api/v1/users", "http://ward/api/v1/users", "../../health", "$export"]
    answers = door.transaction(*[entry("GET", url) for url in urls], type="batch").json["entry"]
    assert {each["response"]["status"][0] for each in answers} == {"4"}
