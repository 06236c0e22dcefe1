"""Batches and transactions, and who is first when many come at once."""

import asyncio
import json

import httpx2

from support.fhir import MRN, Client, entry, observation, patient


def test_a_transaction_deletes_then_creates_then_updates_then_reads(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))
    fhir.put({**observation(ada, value=3.0), "id": f"old-{ada}"})
    answered = fhir.transaction(
        entry("GET", f"Observation?patient={ada}&_sort=value-quantity"),
        entry("PUT", f"Observation/new-{ada}", {**observation(ada, value=5.0), "id": f"new-{ada}"}),
        entry("POST", "Observation", observation(ada, value=4.0)),
        entry("DELETE", f"Observation/old-{ada}"),
    )
    assert [each["response"]["status"] for each in answered.json["entry"]] == ["200", "201", "201", "204"]
    seen = answered.json["entry"][0]["resource"]
    assert [each["resource"]["valueQuantity"]["value"] for each in seen["entry"]] == [4.0, 5.0]


def test_what_is_about_a_patient_and_what_is_about_nobody_can_come_in_one_step(fhir: Client, ada: str) -> None:
    """They are stored beside each other; in an early version whatever followed the first resource about nobody was not found any more."""
    answered = fhir.transaction(
        entry("POST", "Patient", patient(number=ada), "urn:uuid:p"), entry("POST", "Observation", observation("urn:uuid:p", value=4.0)),
        entry("POST", "Organization", {"resourceType": "Organization", "name": ada}),
        entry("POST", "Observation", observation("urn:uuid:p", value=5.0)),
    )  # fmt: skip
    places = [each["response"]["location"].split("/_history")[0] for each in answered.json["entry"]]
    assert [fhir.get(place).status for place in places] == [200] * 4
    assert fhir.search("Observation", patient=places[0].split("/")[1]).json["total"] == 2


def test_references_inside_a_transaction_get_their_real_names(fhir: Client, ada: str) -> None:
    fhir.create({"resourceType": "Practitioner", "identifier": [{"system": MRN, "value": f"dr-{ada}"}]})
    encounter = {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "subject": {"reference": "urn:uuid:p"}}
    encounter["participant"] = [{"individual": {"reference": f"Practitioner?identifier={MRN}|dr-{ada}"}}]
    answered = fhir.transaction(
        entry("POST", "Encounter", encounter, "urn:uuid:e"),
        entry("POST", "Observation", observation("urn:uuid:p", encounter={"reference": "urn:uuid:e"}), "urn:uuid:o"),
        entry("POST", "Patient", patient(number=ada), "urn:uuid:p", ifNoneExist=f"identifier={MRN}|{ada}"),
    )
    assert answered.status == 200, answered.text
    visit, value, person = (each["response"]["location"].split("/")[1] for each in answered.json["entry"])
    kept = fhir.get(f"Observation/{value}").json
    assert (kept["subject"]["reference"], kept["encounter"]["reference"]) == (f"Patient/{person}", f"Encounter/{visit}")
    assert fhir.get(f"Encounter/{visit}").json["participant"][0]["individual"]["reference"].startswith("Practitioner/")
    unknown = fhir.transaction(entry("POST", "Observation", observation(f"Patient?identifier={MRN}|nobody-{ada}")))
    assert unknown.status == 412


def test_the_same_thing_twice_in_one_transaction_is_refused(fhir: Client, ada: str) -> None:
    twice = fhir.transaction(entry("PUT", f"Patient/{ada}", patient(ada)), entry("PUT", f"Patient/{ada}", patient(ada, family="Other")))
    assert (twice.status, twice.json["issue"][0]["code"]) == (400, "duplicate")
    fhir.put(patient(ada, number=ada))
    hidden = fhir.transaction(
        entry("PUT", f"Patient?identifier={MRN}|{ada}", patient(number=ada)), entry("PUT", f"Patient/{ada}", patient(ada)),
    )  # fmt: skip
    assert (hidden.status, hidden.json["issue"][0]["code"]) == (400, "duplicate")
    assert fhir.get(f"Patient/{ada}").headers["etag"] == 'W/"1"'


def test_in_a_batch_each_entry_stands_for_itself(fhir: Client, ada: str) -> None:
    answered = fhir.transaction(
        entry("POST", "Patient", patient(number=ada)), entry("POST", "Observation", observation("nobody")), entry("GET", "Patient/nobody"),
        entry("PATCH", "Patient/nobody", {"resourceType": "Binary", "data": "W10="}), {"request": {}}, type="batch",
    )  # fmt: skip
    assert [each["response"]["status"] for each in answered.json["entry"]] == ["201", "422", "404", "404", "400"]
    assert answered.json["entry"][1]["response"]["outcome"]["resourceType"] == "OperationOutcome"


def test_sixty_four_conditional_creates_at_once_make_exactly_one(fhir: Client, ada: str) -> None:
    async def rush() -> list[int]:
        transport = httpx2.ASGITransport(fhir.house.asgi)
        headers = {
            "authorization": f"Bearer {fhir.visitor.token}", "content-type": "application/fhir+json", "if-none-exist": f"identifier={MRN}|{ada}",
        }  # fmt: skip
        body = json.dumps(patient(number=ada)).encode()
        async with httpx2.AsyncClient(transport=transport, base_url="http://ward") as client:
            answers = await asyncio.gather(*(client.post("/fhir/Patient", content=body, headers=headers) for _ in range(64)))
        return [answer.status_code for answer in answers]

    assert sorted(fhir.house.do(rush)) == [200] * 63 + [201]
    assert fhir.search("Patient", identifier=f"{MRN}|{ada}").json["total"] == 1


def test_of_two_changes_to_the_same_version_one_wins(fhir: Client, ada: str) -> None:
    fhir.put(patient(ada))

    async def rush() -> list[int]:
        transport = httpx2.ASGITransport(fhir.house.asgi)
        headers = {"authorization": f"Bearer {fhir.visitor.token}", "content-type": "application/fhir+json", "if-match": 'W/"1"'}
        body = json.dumps(patient(ada, family="Changed")).encode()
        async with httpx2.AsyncClient(transport=transport, base_url="http://ward") as client:
            answers = await asyncio.gather(*(client.put(f"/fhir/Patient/{ada}", content=body, headers=headers) for _ in range(8)))
        return [answer.status_code for answer in answers]

    assert sorted(fhir.house.do(rush)) == [200] + [412] * 7
