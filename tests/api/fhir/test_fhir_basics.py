"""Creating, reading, changing and deleting resources over FHIR, with their versions."""

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from support.fhir import LOINC, MRN, Client, condition, entry, observation, patient


def test_what_is_created_is_read_back_as_it_came(fhir: Client, ada: str) -> None:
    made = fhir.create(patient(number=ada))
    assert made.status == 201
    id = made.json["id"]
    assert made.headers["location"].endswith(f"/fhir/Patient/{id}/_history/1")
    read = fhir.get(f"Patient/{id}")
    assert read.status == 200
    assert {name: value for name, value in read.json.items() if name not in ("id", "meta")} == patient(number=ada)
    assert read.headers["etag"] == 'W/"1"'
    assert fhir.get(f"Patient/{id}", if_none_match='W/"1"').status == 304


def test_numbers_keep_every_digit_and_unknown_types_and_elements_every_element(fhir: Client) -> None:
    id = fhir.create(patient()).json["id"]
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/%s"},'
        b'"valueQuantity":{"value":1.50},"madeUp":{"deep":[1,2.000,{"x":null}]}}' % id.encode()
    )
    made = fhir.ask("POST", "Observation", body)
    assert made.status == 201, made.text
    read = fhir.get(f"Observation/{made.json['id']}")
    assert '"value":1.50' in read.text
    assert '"madeUp":{"deep":[1,2.000,{"x":null}]}' in read.text
    strange = fhir.create({"resourceType": "MoonPhase", "phase": "waxing"})
    assert strange.status == 201
    assert fhir.get(f"MoonPhase/{strange.json['id']}").json["phase"] == "waxing"


def test_every_version_can_be_read_and_the_history_tells_them(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    second = fhir.put(patient(ada, family="Mosses"), if_match='W/"1"')
    assert (second.status, second.headers["etag"]) == (200, 'W/"2"')
    assert fhir.get(f"Patient/{ada}/_history/1").json["name"][0]["family"] == "Moss"
    assert fhir.get(f"Patient/{ada}/_history/2").json["name"][0]["family"] == "Mosses"
    assert fhir.get(f"Patient/{ada}/_history/3").status == 404
    history = fhir.get(f"Patient/{ada}/_history").json
    assert [each["resource"]["meta"]["versionId"] for each in history["entry"]] == ["2", "1"]
    assert [each["request"]["method"] for each in history["entry"]] == ["PUT", "POST"]
    assert fhir.get("Patient/_history").json["entry"][0]["resource"]["id"] == ada
    assert fhir.get("_history?_count=1").json["entry"][0]["resource"]["meta"]["versionId"] == "2"


def test_whoever_changes_an_old_version_is_told(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    fhir.put(patient(ada, given="Eva"))
    late = fhir.put(patient(ada, given="Zoe"), if_match='W/"1"')
    assert late.status == 412
    assert "not the newest version" in late.words


def test_a_deleted_resource_is_gone_and_may_come_back(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    fhir.put({**observation(ada), "id": ada})
    assert fhir.ask("DELETE", f"Observation/{ada}").status == 204
    gone = fhir.get(f"Observation/{ada}")
    assert (gone.status, gone.json["issue"][0]["code"]) == (410, "deleted")
    assert fhir.search("Observation", patient=ada).json["total"] == 0
    assert fhir.ask("DELETE", f"Observation/{ada}").status == 204
    assert fhir.get(f"Observation/{ada}/_history/2").status == 410
    assert fhir.put({**observation(ada), "id": ada}).headers["etag"] == 'W/"3"'
    assert [each["request"]["method"] for each in fhir.get(f"Observation/{ada}/_history").json["entry"]] == ["PUT", "DELETE", "POST"]


def test_a_patient_is_not_deleted_here(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    refused = fhir.ask("DELETE", f"Patient/{ada}")
    assert refused.status == 409
    assert "privacy officer" in refused.words


def test_what_a_resource_states_is_on_the_timeline_and_deleting_it_takes_it_back(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    fhir.put({**observation(ada, value=6.9), "id": ada})
    fhir.put({**condition(ada, "44054006", text="Diabetes"), "id": ada})
    timeline = fhir.house.do(lambda: fhir.house.wardline.engine.house.timeline(ada))
    assert [event.value.value for event in timeline.observations.of("potassium")] == [6.9]
    assert [event.value.code for event in timeline.diagnoses] == ["44054006"]
    assert {event.source for event in timeline.diagnoses} == {"fhir"}
    fhir.put({**observation(ada, value=4.9), "id": ada})
    assert [event.value.value for event in timeline.observations.of("potassium")] == [4.9]
    fhir.ask("DELETE", f"Observation/{ada}")
    fhir.ask("DELETE", f"Condition/{ada}")
    timeline = fhir.house.do(lambda: fhir.house.wardline.engine.house.timeline(ada))
    assert timeline.observations.of("potassium") == []
    assert timeline.diagnoses == []


def test_parts_of_a_resource_are_patched(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    change = [{"op": "test", "path": "/gender", "value": "female"}, {"op": "replace", "path": "/name/0/family", "value": "Mosses"}]
    patched = fhir.ask("PATCH", f"Patient/{ada}", change, content_type="application/json-patch+json")
    assert (patched.status, patched.json["name"][0]["family"], patched.headers["etag"]) == (200, "Mosses", 'W/"2"')
    wrong = fhir.ask("PATCH", f"Patient/{ada}", [{"op": "test", "path": "/gender", "value": "male"}], content_type="application/json-patch+json")
    assert wrong.status == 422
    assert fhir.ask("PATCH", f"Patient/{ada}", [{"op": "replace", "path": "/id", "value": "eva"}]).status == 422


def test_a_conditional_create_happens_once(fhir: Client, ada: str) -> None:
    condition = f"identifier={MRN}|{ada}"
    assert fhir.create(patient(number=ada), if_none_exist=condition).status == 201
    again = fhir.create(patient(number=ada), if_none_exist=condition)
    assert again.status == 200
    assert fhir.search("Patient", identifier=f"{MRN}|{ada}").json["total"] == 1
    fhir.create(patient(number=ada))
    assert fhir.create(patient(number=ada), if_none_exist=condition).status == 412


def test_conditional_update_patch_and_delete_find_the_one_that_is_meant(fhir: Client, ada: str) -> None:
    made = fhir.ask("PUT", f"Patient?identifier={MRN}|{ada}", patient(number=ada))
    assert made.status == 201
    changed = fhir.ask("PUT", f"Patient?identifier={MRN}|{ada}", patient(number=ada, family="Mosses"))
    assert (changed.status, changed.json["id"], changed.headers["etag"]) == (200, made.json["id"], 'W/"2"')
    fhir.create(observation(made.json["id"]))
    patched = fhir.ask("PATCH", f"Observation?patient={made.json['id']}", [{"op": "replace", "path": "/status", "value": "amended"}])
    assert patched.json["status"] == "amended"
    assert fhir.ask("DELETE", f"Observation?patient={made.json['id']}&code={LOINC}|2823-3").status == 204
    assert fhir.search("Observation", patient=made.json["id"]).json["total"] == 0


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "Patient/nobody", None, 404), ("GET", "nonsense/x", None, 404), ("POST", "Patient", {"resourceType": "Observation"}, 400),
        ("POST", "Patient", b"{", 400), ("POST", "Patient", {"name": []}, 400), ("PUT", "Patient/a", {"resourceType": "Patient", "id": "b"}, 400),
        ("POST", "Observation", observation("nobody"), 422), ("POST", "", {"resourceType": "Patient"}, 400), ("GET", "Patient?shoe=44", None, 400),
        ("GET", "Observation?date=yesterday", None, 400), ("GET", "Patient?_page=made-up", None, 410), ("DELETE", "Observation", None, 400),
        ("PATCH", "Observation/none", [{"op": "remove", "path": "/x"}], 404),
    ],
)  # fmt: skip
def test_a_refusal_is_an_operation_outcome(fhir: Client, method: str, path: str, content: object, status: int) -> None:
    answered = fhir.ask(method, path, content)
    assert answered.status == status, answered.text
    assert answered.json["resourceType"] == "OperationOutcome"


def test_other_formats_and_strangers_are_refused_in_fhirs_words(fhir: Client) -> None:
    assert fhir.get("Patient", accept="application/fhir+xml").status == 406
    assert fhir.ask("POST", "Patient", b"<Patient/>", content_type="application/fhir+xml").status == 415
    nobody = fhir.house.nobody().request("GET", "/fhir/Patient")
    assert (nobody.status_code, nobody.json()["resourceType"]) == (401, "OperationOutcome")


def test_prefer_says_what_comes_back(fhir: Client) -> None:
    assert fhir.create(patient(), prefer="return=minimal").text == ""
    assert fhir.create(patient(), prefer="return=OperationOutcome").json["resourceType"] == "OperationOutcome"


def test_a_resource_cannot_become_another_patients(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    fhir.put(patient(f"eva-{ada}"))
    fhir.put({**observation(ada), "id": ada})
    assert fhir.put({**observation(f"eva-{ada}"), "id": ada}).status == 422


def test_everything_is_there_after_a_restart(own_fhir: Client, portal: BlockingPortal) -> None:
    own_fhir.put(patient("ada", number="7001"))
    own_fhir.put({**observation("ada"), "id": "k1"})
    own_fhir.put({**observation("ada", value=5.0), "id": "k1"})
    own_fhir.ask("DELETE", "Observation/k1")
    own_fhir.put({**observation("ada", value=5.5), "id": "k2"})
    house = own_fhir.house
    house.close()
    with OpenHouse(house.data, portal) as again:
        client = Client(again, "doctor")
        assert client.search("Observation", patient="ada").ids == ["k2"]
        assert client.get("Observation/k1").status == 410
        assert client.get("Observation/k1/_history").json["total"] == 3
        assert client.search("Patient", identifier="7001").ids == ["ada"]
        assert client.put({**observation("ada"), "id": "k1"}).headers["etag"] == 'W/"4"'


def test_a_transaction_happens_as_a_whole(fhir: Client, ada: str) -> None:
    answered = fhir.transaction(
        entry("POST", "Observation", observation("urn:uuid:4f1d"), "urn:uuid:7aa0"),
        entry("POST", "Patient", patient(number=ada), "urn:uuid:4f1d"),
    )
    assert answered.status == 200, answered.text
    assert [each["response"]["status"] for each in answered.json["entry"]] == ["201", "201"]
    record = answered.json["entry"][1]["response"]["location"].split("/")[1]
    (found,) = fhir.search("Observation", patient=record).json["entry"]
    assert found["resource"]["subject"]["reference"] == f"Patient/{record}"
    failed = fhir.transaction(
        entry("POST", "Patient", patient(number=f"{ada}-2"), "urn:uuid:4f1d"), entry("POST", "Observation", observation("nobody"))
    )
    assert failed.status == 422
    assert fhir.search("Patient", identifier=f"{ada}-2").json["total"] == 0
