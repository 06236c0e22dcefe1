"""The CapabilityStatement says what is so: every interaction, parameter and operation it names is tried. And validation."""

import pytest

from support.fhir import Client, observation, patient


def test_everything_that_the_statement_names_can_be_done(fhir: Client) -> None:
    said = fhir.get("metadata").json
    assert (said["resourceType"], said["fhirVersion"], said["kind"]) == ("CapabilityStatement", "4.0.1", "instance")
    fhir.put(patient("ada"))
    (rest,) = said["rest"]
    assert len(rest["resource"]) > 45
    for resource in rest["resource"]:
        type = resource["type"]
        if type == "Subscription":  # taken only where it can be served: tests/api/subscriptions
            continue
        one = {**(observation("ada") if type == "Observation" else {"resourceType": type}), "id": "one"}
        if type == "Consent":
            one["scope"] = {"text": "research"}
        assert fhir.put(one).status in (200, 201), type
        tried = {
            "read": fhir.get(f"{type}/one").status, "vread": fhir.get(f"{type}/one/_history/1").status, "search-type": fhir.get(type).status,
            "history-instance": fhir.get(f"{type}/one/_history").status, "history-type": fhir.get(f"{type}/_history").status,
            "update": fhir.put(one).status, "create": fhir.create({name: value for name, value in one.items() if name != "id"}).status,
            "patch": fhir.ask("PATCH", f"{type}/one", [{"op": "add", "path": "/language", "value": "en"}]).status,
        }  # fmt: skip
        if type != "Patient":
            tried["delete"] = fhir.ask("DELETE", f"{type}/one").status
        assert {name: status for name, status in tried.items() if status not in (200, 201, 204)} == {}, type
        assert sorted(tried) == sorted(each["code"] for each in resource["interaction"])


def test_every_search_parameter_of_the_statement_is_taken(fhir: Client) -> None:
    values = {"date": "2026", "quantity": "1", "number": "1", "reference": "Patient/ada", "token": "x", "string": "x", "uri": "x"}
    for resource in fhir.get("metadata").json["rest"][0]["resource"]:
        query = "&".join(f"{each['name']}={values[each['type']]}" for each in resource["searchParam"])
        assert fhir.get(f"{resource['type']}?{query}").status == 200, resource["type"]
        for link in resource.get("searchInclude", ()):
            assert fhir.get(f"{resource['type']}?_include={link}").status == 200, link


def test_a_resource_is_held_against_the_definitions_without_being_kept(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    good = fhir.ask("POST", "Observation/$validate", observation(ada))
    assert good.json["issue"][0]["severity"] == "information"
    wrong = {name: value for name, value in observation(ada).items() if name != "status"}
    bad = fhir.ask("POST", "Observation/$validate", wrong)
    assert {each["severity"] for each in bad.json["issue"]} == {"error"}
    assert "status" in bad.text
    strange = fhir.ask("POST", "Observation/$validate", {**observation(ada), "shoe": 44})
    assert strange.json["issue"][0]["expression"] == ["Observation.shoe"]
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": wrong}]}
    assert fhir.ask("POST", "Observation/$validate", wrapped).json["issue"][0]["severity"] == "error"
    assert fhir.search("Observation", patient=ada).json["total"] == 0
    assert fhir.ask("POST", "MoonPhase/$validate", {"resourceType": "MoonPhase"}).json["issue"][0]["code"] == "not-supported"


@pytest.fixture(autouse=True)
def _no_process_is_left(fhir: Client) -> object:
    yield
    fhir.house.do(fhir.house.running.fhir.close)
