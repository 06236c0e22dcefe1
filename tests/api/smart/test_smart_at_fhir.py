"""Apps at the FHIR door: they see the types that their scopes name, of the patient they were opened for, and change nothing else (SEC-7)."""

import pytest

from api.house import OpenHouse, Visitor
from api.smart.far_side import TOKEN, App, service_in
from support.fhir import Client, condition, observation
from support.messages import ADA, BEN
from support.smart_app import ASSERTION, Signer


@pytest.fixture(scope="module")
def filled(ward: OpenHouse) -> OpenHouse:
    doctor = Client(ward, "doctor")
    for record in (ward.key(ADA), ward.key(BEN)):
        assert doctor.put({**observation(record), "id": f"k-{record}"}).status == 201
        assert doctor.put({**condition(record, "195967001", text="Asthma"), "id": f"c-{record}"}).status == 201
    return ward


def _at_fhir(house: OpenHouse, token: str) -> Client:
    client = Client(house, "doctor")
    client.visitor = Visitor(house)
    client.visitor.token = token
    return client


def _opened(house: OpenHouse, scope: str) -> Client:
    app = App(house, scopes=scope.split())
    return _at_fhir(house, app.in_use(patient=house.key(ADA), scope=scope).tokens["access_token"])


def test_an_app_reads_the_types_of_its_scopes_of_its_patient_and_nothing_else(filled: OpenHouse) -> None:
    ada, ben = filled.key(ADA), filled.key(BEN)
    app = _opened(filled, "launch/patient patient/Observation.rs")
    assert app.get(f"Observation/k-{ada}").status == 200
    assert app.search("Observation", patient=ada).json["total"] > 0
    # another type of the same patient
    assert app.get(f"Condition/c-{ada}").status == 403
    assert app.search("Condition", patient=ada).json["total"] == 0
    assert app.get(f"Patient/{ada}").status == 403
    assert app.search("Observation", ("_include", "Observation:subject"), patient=ada).included == []
    assert app.search("Observation", ("patient._has:Condition:patient:code", "195967001")).json["total"] == 0
    # another patient
    assert app.get(f"Observation/k-{ben}").status == 403
    assert app.search("Observation", patient=ben).json["total"] == 0
    assert not any(ben in id for id in app.search("Observation", code="2823-3").ids)
    # writing
    assert app.put({**observation(ada, value=9.9), "id": f"k-{ada}"}).status == 403
    assert app.create(observation(ada)).status == 403
    assert app.ask("DELETE", f"Observation/k-{ada}").status == 403


def test_reading_is_not_searching(filled: OpenHouse) -> None:
    ada = filled.key(ADA)
    app = _opened(filled, "launch/patient patient/Observation.r")
    assert app.get(f"Observation/k-{ada}").status == 200
    assert app.search("Observation", patient=ada).json["total"] == 0


def test_an_app_that_may_write_writes_what_its_person_may(filled: OpenHouse) -> None:
    ada, ben = filled.key(ADA), filled.key(BEN)
    app = _opened(filled, "launch/patient patient/Observation.crus")
    made = app.create(observation(ada, value=4.9))
    assert made.status == 201
    assert app.put({**made.json, "status": "amended"}).status == 200
    assert app.ask("DELETE", f"Observation/{made.json['id']}").status == 403
    assert app.create(observation(ben)).status == 403
    assert app.create(condition(ada, "44054006")).status == 403


def test_a_service_exports_what_it_may_see_and_nobody_elses_export(filled: OpenHouse) -> None:
    signer, other = Signer(), Signer("RS384")
    service = _service(filled, signer, "system/*.rs")
    begun = service.get("$export?_type=Patient,Condition", prefer="respond-async")
    assert begun.status == 202
    place = begun.headers["content-location"].split("/fhir/")[1]
    manifest = service.get(place).json
    assert {each["type"]: each["count"] for each in manifest["output"]} == {"Patient": 2, "Condition": 2}
    file = next(each["url"] for each in manifest["output"] if each["type"] == "Condition").split("/fhir/")[1]
    lines = service.get(file)
    entry = filled.audited()[-1]
    assert (entry["action"], set(entry["records"])) == ("resources exported", {filled.key(ADA), filled.key(BEN)})
    assert lines.headers["content-type"] == "application/fhir+ndjson"
    assert sorted(line.count("Asthma") > 0 for line in lines.text.splitlines()) == [True, True]
    assert _service(filled, other, "system/*.rs").get(place).status == 404
    assert service.get("Patient/$export").status == 400
    limited = _service(filled, Signer(), "system/Patient.rs").get("Patient/$export", prefer="respond-async")
    assert {each["type"] for each in service.get(place).json["output"]} == {"Patient", "Condition"}
    assert limited.status == 202
    assert service.ask("DELETE", place).status == 202
    assert service.get(place).status == 404


def test_no_person_and_no_app_of_one_patient_exports(filled: OpenHouse) -> None:
    assert Client(filled, "doctor").get("$export", prefer="respond-async").status == 403
    assert _opened(filled, "launch/patient patient/*.rs").get("$export", prefer="respond-async").status == 403


def test_a_group_is_exported_alone(filled: OpenHouse) -> None:
    member = [{"entity": {"reference": f"Patient/{filled.key(BEN)}"}}]
    Client(filled, "doctor").put({"resourceType": "Group", "id": "g1", "type": "person", "actual": True, "member": member})
    service = _service(filled, Signer(), "system/*.rs")
    place = service.get("Group/g1/$export?_type=Condition", prefer="respond-async").headers["content-location"].split("/fhir/")[1]
    (output,) = service.get(place).json["output"]
    assert output["count"] == 1
    assert filled.key(BEN) in service.get(output["url"].split("/fhir/")[1]).text


def _service(house: OpenHouse, signer: Signer, scope: str) -> Client:
    app = service_in(house, signer, scopes=tuple(scope.split()))
    proof = {"client_assertion_type": ASSERTION, "client_assertion": signer.statement(app.id, TOKEN)}
    return _at_fhir(house, app.token({"grant_type": "client_credentials", "scope": scope, **proof})["access_token"])
