"""The doors that are reached without the framework answer word for word as they do behind it, refusals included."""

from collections.abc import Callable
from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from support.fhir import Client, entry, observation, patient
from wardline.api.fhir.straight import Straight

_CHANGING = ("last-modified", "etag", "location")


def _straight(house: OpenHouse) -> Straight:
    assert isinstance(house.asgi.fhir, Straight)
    return house.asgi.fhir


def _both_ways(house: OpenHouse, ask: Callable[[], Any]) -> tuple[Any, Any]:
    """The same question straight, and through the framework."""
    straight = _straight(house)
    first = ask()
    ways, straight._ways = straight._ways, {}
    try:
        return first, ask()
    finally:
        straight._ways = ways


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "Patient/{ada}", {}),
        ("GET", "Patient/{ada}?_elements=name", {}),
        ("GET", "Patient/{ada}", {"if-none-match": 'W/"1"'}),
        ("GET", "Patient/{ada}", {"accept": "application/fhir+xml"}),
        ("GET", "Patient/nobody-of-that-id", {}),
        ("GET", "Patient/_history", {}),
        ("GET", "patient/{ada}", {}),
        ("GET", "Patient/{ada}x*", {}),
        ("GET", "Observation?patient={ada}", {}),
        ("GET", "Observation?no-such-parameter=1", {}),
        ("GET", "metadata", {}),
        ("GET", "Subscription/$status", {}),
        ("GET", "Patient/$export", {}),
        ("POST", "", {}),
        ("POST", "Observation", {}),
        ("POST", "Subscription", {}),
        ("POST", "Observation", {"content-type": "text/plain"}),
        ("PUT", "Subscription/none", {}),
    ],
)
def test_a_door_answers_the_same_with_and_without_the_framework(fhir: Client, ada: str, method: str, path: str, headers: dict[str, str]) -> None:
    assert fhir.put(patient(ada)).status == 201

    def ask() -> Any:
        content = {"resourceType": "Basic"} if method in ("POST", "PUT") else None
        return fhir.ask(method, path.replace("{ada}", ada), content, **headers)

    straight, framework = _both_ways(fhir.house, ask)

    assert (straight.status, straight.text.split('"lastUpdated"')[0]) == (framework.status, framework.text.split('"lastUpdated"')[0])
    assert [name for name in straight.headers if name not in _CHANGING] == [name for name in framework.headers if name not in _CHANGING]


def test_who_has_not_signed_in_is_told_so_either_way(fhir: Client) -> None:
    straight, framework = _both_ways(fhir.house, lambda: Visitor(fhir.house).request("GET", "/fhir/Patient/anybody"))

    assert (straight.status_code, straight.text) == (framework.status_code, framework.text)
    assert straight.status_code == 401


def test_what_happens_straight_is_in_the_trail_under_the_name_of_its_door(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    straight, framework = _both_ways(fhir.house, lambda: fhir.get(f"Patient/{ada}"))
    assert straight.status == framework.status == 200

    looks = [each for each in fhir.house.audited(about=ada) if each["action"] == "resource read"]

    assert [each["door"] for each in looks] == ["GET /fhir/{type}/{id}"] * 2


def test_what_a_prescription_refers_to_makes_it_sensitive_even_where_the_drug_comes_after_it(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    drug = {"resourceType": "Medication", "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "J05AR20"}], "text": "antiretroviral"}}
    order = {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"reference": f"Patient/{ada}"},
        "medicationReference": {"reference": "urn:uuid:1b0c2f8e-0000-4000-8000-000000000001"},
    }  # fmt: skip
    told = fhir.transaction(
        entry("POST", "MedicationRequest", order),
        entry("POST", "Medication", drug, "urn:uuid:1b0c2f8e-0000-4000-8000-000000000001"),
        entry("POST", "Observation", observation(ada)),
    )
    assert told.status == 200, told.text

    radiologist = Client(fhir.house, "radiologist")

    assert fhir.search("MedicationRequest", patient=ada).json["total"] == 1
    assert radiologist.search("MedicationRequest", patient=ada).json["total"] == 0
    assert radiologist.search("Observation", patient=ada).json["total"] == 1


def test_it_stays_so_when_the_index_is_made_again(own_fhir: Client, portal: Any) -> None:
    house: OpenHouse = own_fhir.house
    test_what_a_prescription_refers_to_makes_it_sensitive_even_where_the_drug_comes_after_it(own_fhir, "ada")
    house.close()

    with OpenHouse(house.data, portal) as again:
        radiologist = Client(again, "radiologist")
        assert radiologist.search("MedicationRequest", patient="ada").json["total"] == 0
        assert Client(again).search("MedicationRequest", patient="ada").json["total"] == 1
