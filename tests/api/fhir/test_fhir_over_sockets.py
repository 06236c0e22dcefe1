"""A public FHIR client library and plain curl, against a real process: what a hospital's integrators do first."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from support.fhir import MRN, observation, patient
from support.messages import ADA, ILL, adt, vitals
from support.served import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("fhir") / "data") as opened:
        opened.set_up()
        opened.add("doctor", "Helen Vance", "doctor")
        now = datetime.now(UTC)
        opened.send(adt("A01", ADA, at=now, visit="V1", unit="7A", bed="12"), vitals(ADA, ILL, at=now))
        yield opened


def test_a_public_client_library_writes_reads_searches_and_deletes(served: Served) -> None:
    client = SyncFHIRClient(f"{served.url}/fhir", authorization=f"Bearer {served.sign_in('doctor')}")
    made = client.resource("Patient", **{name: value for name, value in patient(number="9001").items() if name != "resourceType"})
    made.save()
    assert made.id

    found = client.resources("Patient").search(identifier=f"{MRN}|9001").first()
    assert found is not None
    assert found.id == made.id
    for value in (3.9, 4.4, 5.1):
        said = {name: part for name, part in observation(made.id, value=value).items() if name != "resourceType"}
        client.resource("Observation", **said).save()
    values = client.resources("Observation").search(patient=made.id).sort("-value-quantity").limit(2).fetch_all()
    assert [each["valueQuantity"]["value"] for each in values] == [5.1, 4.4, 3.9], "over two pages"
    values[0]["status"] = "amended"
    values[0].save()
    assert client.reference("Observation", values[0].id).to_resource()["status"] == "amended"
    values[0].delete()
    assert client.resources("Observation").search(patient=made.id).count() == 2
    with pytest.raises((ResourceNotFound, OperationOutcome)):
        client.reference("Observation", values[0].id).to_resource()
    from_feed = client.resources("Observation").search(patient=served.key(ADA.number), code="http://loinc.org|8867-4").first()
    assert from_feed is not None


def _curl(served: Served, token: str, *words: str) -> tuple[int, Any]:
    """curl as an engineer types it."""
    sent = ["curl", "-s", "-o", "-", "-w", "\n%{http_code}", "-H", f"Authorization: Bearer {token}", *words[:-1], f"{served.url}/fhir{words[-1]}"]
    printed = subprocess.run(sent, capture_output=True, text=True, timeout=20, check=True).stdout
    body, _, status = printed.rpartition("\n")
    return int(status), json.loads(body) if body else None


def test_a_journey_with_curl(served: Served) -> None:
    token, as_fhir = served.sign_in("doctor"), ("-H", "Content-Type: application/fhir+json")
    assert _curl(served, token, "/metadata")[1]["resourceType"] == "CapabilityStatement"
    person = json.dumps(patient(number="9002"))
    once = ("-H", f"If-None-Exist: identifier={MRN}|9002")
    status, made = _curl(served, token, *as_fhir, *once, "-d", person, "/Patient")
    assert status == 201
    assert _curl(served, token, *as_fhir, *once, "-d", person, "/Patient")[0] == 200
    value = json.dumps({**observation(made["id"]), "id": "curl-1"})
    assert _curl(served, token, *as_fhir, "-X", "PUT", "-d", value, "/Observation/curl-1")[0] == 201
    assert _curl(served, token, *as_fhir, "-X", "PUT", "-H", 'If-Match: W/"7"', "-d", value, "/Observation/curl-1")[0] == 412
    status, found = _curl(served, token, "-d", f"patient={made['id']}&code=2823-3", "/Observation/_search")
    assert (status, found["total"]) == (200, 1)
    assert _curl(served, token, "-X", "DELETE", "/Observation/curl-1")[0] == 204
    status, gone = _curl(served, token, "/Observation/curl-1")
    assert (status, gone["resourceType"]) == (410, "OperationOutcome")
    assert _curl(served, "made-up", "/Patient")[0] == 401
