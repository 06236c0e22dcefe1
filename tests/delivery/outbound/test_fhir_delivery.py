"""Findings and results go to a FHIR server, a second Wardline on a real socket: once each, in order, and taken back when they were wrong."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from delivery.outbound.couriers_at_work import Sending, running
from delivery.outbound.receiving import eventually
from support.fhir_house import FhirHouse, fhir_house
from support.messages import ILL, WELL, Patient, vitals
from wardline.app.importing import ThisHouse
from wardline.app.serving import Running
from wardline.delivery.outbound import sending
from wardline.delivery.outbound.fhir_servers import OURS
from wardline.formats.fhir.bundles import Request

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
MONITOR = """source: monitor
sends: {application: MONITOR, facility: HOSP}
codes: {"O2^L": supplemental_oxygen}
"""
LATER = BEGAN + timedelta(minutes=5)
SENT = ("RiskAssessment", "Observation", "DetectedIssue", "Flag")
MRN = "https://hospital.example/numbers"


_NUMBERS = count(1)


@pytest.fixture(scope="module")
def ehr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirHouse]:
    """A server that the tests of this module share; each has patients of its own."""
    with fhir_house(tmp_path_factory.mktemp("ehr") / "data") as opened:
        yield opened


@pytest.fixture
def ada() -> Patient:
    return Patient(f"E{next(_NUMBERS)}", "Moss", "Ada", "19550303", "F")


@pytest.fixture
def ben() -> Patient:
    return Patient(f"E{next(_NUMBERS)}", "Fell", "Ben", "19480711", "M")


def about(ehr: FhirHouse, patient: Patient, type: str) -> list[dict[str, Any]]:
    """What was sent there about somebody, by the number both sides know. What it answers itself is none of ours."""
    found = ehr.all(type, **{"patient.identifier": f"{MRN}|{patient.number}"})
    return [each for each in found if each.get("identifier", [{}])[0].get("system") == OURS]


def known(ehr: FhirHouse, patient: Patient) -> str:
    return str(ehr.create({"resourceType": "Patient", "identifier": [{"system": MRN, "value": patient.number}]})["id"])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(sending, "LONGEST_WAIT", 0.05)


def site(data: Path, other: FhirHouse, **more: Any) -> Path:
    """A folder whose site sends NEWS2 to the other house."""
    said = {
        "name": "ehr", "kind": "fhir", "address": other.base, "findings": ["news2"], "systems": {"HOSP": MRN}, "create_patients": True,
        "timeout_seconds": 5, **more,
    }  # fmt: skip
    (data / "config").mkdir(parents=True, exist_ok=True)
    (data / "config" / "sources").mkdir(exist_ok=True)
    (data / "config" / "sources" / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    (data / "token").write_text(other.token, encoding="utf-8")
    said.setdefault("authorisation", {"bearer": str(data / "token")})
    (data / "config" / "outbound.yaml").write_text(yaml.safe_dump({"destinations": [said]}), encoding="utf-8")
    return data


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


def corrected(message: bytes) -> bytes:
    """The breaths were counted wrongly: 16, not 26. RCP 2017, chart 1: three points less."""
    return message.replace(b"|ORU^R01^ORU_R01|C", b"|ORU^R01^ORU_R01|X").replace(b"|26|/min|||||F|", b"|16|/min|||||C|")


def test_a_finding_arrives_as_four_resources_about_the_patient_both_sides_know(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    there = known(ehr, ada)

    async def story() -> None:
        async with running(site(tmp_path / "data", ehr, create_patients=False)) as house:
            await house.take_in([vitals(ada, ILL, at=BEGAN)])
            await house.idle()
            assert house.incidents() == []

    run(story())
    (risk,), (score,), (issue,), (flag,) = (about(ehr, ada, type) for type in SENT)
    assert {each.get("subject", each.get("patient"))["reference"] for each in (risk, score, issue, flag)} == {f"Patient/{there}"}
    assert score["valueQuantity"]["value"] == 14  # RCP 2017, chart 1
    assert (risk["status"], issue["severity"], flag["status"]) == ("final", "high", "active")
    assert "respiratory rate: 26" in str(score["derivedFrom"])


def test_who_is_not_there_yet_is_created_once_and_a_second_patient_beside_them(ehr: FhirHouse, ada: Patient, ben: Patient, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(site(tmp_path / "data", ehr)) as house:
            await house.take_in([vitals(ada, ILL, at=BEGAN), vitals(ben, WELL, at=BEGAN), vitals(ada, WELL, at=LATER)])
            await house.idle()
            assert house.incidents() == []

    run(story())
    for patient in (ada, ben):
        (there,) = ehr.all("Patient", identifier=f"{MRN}|{patient.number}")
        assert there["name"][0]["family"] == patient.family
        assert len(about(ehr, patient, "RiskAssessment")) == 1


def test_what_is_over_is_said_to_be_over(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(site(tmp_path / "data", ehr)) as house:
            await house.take_in([vitals(ada, ILL, at=BEGAN), vitals(ada, WELL, at=LATER)])
            await house.idle()

    run(story())
    _, (score,), (issue,), (flag,) = (about(ehr, ada, type) for type in SENT)
    assert (score["valueQuantity"]["value"], issue["status"], flag["status"]) == (0, "cancelled", "inactive")


def test_a_late_result_about_an_earlier_hour_leaves_the_newest_answer_standing(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(site(tmp_path / "data", ehr)) as house:
            await house.take_in([vitals(ada, WELL, at=LATER), vitals(ada, ILL, at=BEGAN)])
            await house.idle()

    run(story())
    (score,) = about(ehr, ada, "Observation")
    assert score["valueQuantity"]["value"] == 0
    assert about(ehr, ada, "Flag") == []


def test_a_corrected_value_corrects_the_answer_and_the_observation_it_stood_on(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    first = vitals(ada, ILL, at=BEGAN, order="V1")

    async def story() -> None:
        async with running(site(tmp_path / "data", ehr, resources=["Observation"])) as house:
            await house.take_in([first])
            await house.idle()
            before = about(ehr, ada, "Observation")
            await house.take_in([corrected(first)])
            await house.idle()
            assert house.incidents() == []
            assert len(before) == 1 + first.count(b"OBX|")

    run(story())
    after = about(ehr, ada, "Observation")
    assert len(after) == 1 + first.count(b"OBX|")
    score = next(each for each in after if "capability" in str(each["code"]["coding"][0]["system"]))
    assert score["valueQuantity"]["value"] == 11
    breaths = next(each for each in after if "9279-1" in str(each["code"]))
    assert (breaths["valueQuantity"]["value"], breaths["status"]) == (16, "corrected")


def test_a_resource_of_our_own_door_goes_out_as_it_came_and_is_deleted_there_when_it_is_here(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    number = [{"system": MRN, "value": ada.number}]
    person = {"resourceType": "Patient", "id": "p1", "identifier": number, "name": [{"family": "Moss"}]}
    problem = {
        "resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
        "recorder": {"reference": "Practitioner/7", "display": "Dr Vance"},
        "meta": {"tag": [{"system": "urn:site", "code": "ward"}]}, "code": {"text": "asthma"},
    }  # fmt: skip

    async def story() -> None:
        async with running(site(tmp_path / "data", ehr, findings=[], resources=["Condition"])) as house:
            mine = ThisHouse(Running(house.wardline).services)
            assert await mine.take([put(person), put(problem)]) == ["", ""]
            await house.idle()
            (there,) = about(ehr, ada, "Condition")
            assert there["code"] == {"text": "asthma"}
            assert there["meta"]["tag"] == [{"system": "urn:site", "code": "ward"}]
            assert there["recorder"] == {"type": "Practitioner", "identifier": {"system": OURS, "value": "7"}, "display": "Dr Vance"}
            assert await mine.take([Request(0, "DELETE", "Condition", "c1", url="Condition/c1")]) == [""]
            await house.idle()
            assert house.incidents() == []

    run(story())
    assert about(ehr, ada, "Condition") == []


def put(resource: dict[str, Any]) -> Request:
    return Request(0, "PUT", resource["resourceType"], resource["id"], resource, url=f"{resource['resourceType']}/{resource['id']}")


def test_what_stood_on_a_wrong_patients_values_is_an_error_there_too(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    first = vitals(ada, ILL, at=BEGAN, order="V1")

    async def story() -> None:
        async with running(site(tmp_path / "data", ehr)) as house:
            await house.take_in([first, first.replace(b"|ORU^R01^ORU_R01|C", b"|ORU^R01^ORU_R01|X").replace(b"|||||F|", b"|||||W|")])
            await house.idle()

    run(story())
    for type in SENT:
        assert [each["status"] for each in about(ehr, ada, type)] == ["entered-in-error"], type


def test_while_the_server_is_away_everything_waits_and_then_arrives_once_over_restarts(ada: Patient, tmp_path: Path) -> None:
    with fhir_house(tmp_path / "other") as ehr:
        data = site(tmp_path / "data", ehr)

    async def before() -> None:
        async with running(data) as house:
            await house.take_in([vitals(ada, ILL, at=BEGAN), vitals(ada, WELL, at=LATER)])
            sender = house.couriers.senders[0]
            await eventually(lambda: sender.trouble)
            assert sender.sent == 0

    async def after() -> None:
        async with running(data) as house:
            await house.idle()

    run(before())
    with fhir_house(tmp_path / "other", ehr.port) as back:
        run(after())
        (score,) = about(back, ada, "Observation")
        values = [each["resource"]["valueQuantity"]["value"] for each in back.ask("GET", f"Observation/{score['id']}/_history")["entry"]]
        assert values == [0, 14], "in the order in which it happened"
        assert [each["status"] for each in about(back, ada, "Flag")] == ["inactive"]


def test_after_a_crash_before_the_answer_was_noted_nothing_is_there_twice(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    """Taken there, not yet noted here, when the power failed: the same goes out again."""

    async def story() -> None:
        data = site(tmp_path / "data", ehr)
        house = Sending(data)
        house.wardline.engine.start()
        await house.take_in([vitals(ada, ILL, at=BEGAN)])
        (sender,) = house.couriers.senders
        waiting = house.wardline.log.waiting(sender.destination.topic)
        for _, item in waiting:
            assert (await sender._wire.send(item.payload)).taken
        house.wardline.close()
        async with running(data) as again:
            await again.idle()
            assert again.couriers.senders[0].sent == len(waiting) > 0

    run(story())
    assert len(ehr.all("Patient", identifier=f"{MRN}|{ada.number}")) == 1
    assert [len(about(ehr, ada, type)) for type in SENT] == [1, 1, 1, 1]


def test_what_the_server_will_not_have_is_put_aside_with_an_incident_and_what_follows_goes_on(
    ehr: FhirHouse, ada: Patient, ben: Patient, tmp_path: Path
) -> None:
    known(ehr, ben)

    async def story() -> None:
        async with running(site(tmp_path / "data", ehr, create_patients=False)) as house:
            await house.take_in([vitals(ada, ILL, at=BEGAN), vitals(ben, ILL, at=BEGAN)])
            await house.idle()
            incidents = house.incidents()
            assert {each.what for each in incidents} == {"message refused by its receiver"}
            assert all(each.detail.startswith("ehr: 412") and "Moss" not in each.detail for each in incidents)

    run(story())
    assert len(about(ehr, ben, "RiskAssessment")) == 1
    assert about(ehr, ada, "RiskAssessment") == []


def test_a_token_that_is_not_accepted_is_trouble_and_no_refusal(ehr: FhirHouse, ada: Patient, tmp_path: Path) -> None:
    async def story() -> None:
        data = site(tmp_path / "data", ehr)
        (data / "token").write_text("wrong", encoding="utf-8")
        async with running(data) as house:
            await house.take_in([vitals(ada, ILL, at=BEGAN)])
            sender = house.couriers.senders[0]
            await eventually(lambda: sender.trouble)
            assert sender.trouble == "401"
            (data / "token").write_text(ehr.token, encoding="utf-8")
            await house.idle()
            assert house.incidents() == []

    run(story())
    assert len(about(ehr, ada, "Flag")) == 1
