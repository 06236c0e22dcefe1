"""The asking doors, tried by somebody who may open the patient but not all of the record, and with more than anybody would say."""

from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from api.restricted import CANARIES, plant
from support.clocks import MORNING
from support.fhir import Client, condition
from support.messages import ADA, BEN, adt
from wardline.api import sight
from wardline.core.people import Person
from wardline.engine.past import timeline_as_of

HIDDEN = (*CANARIES, "B24", "J05AR13", "RX1")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """Eve, with a hidden diagnosis, drug, result and potassium; Ada in 7A, Ben in 8B."""
    with OpenHouse(tmp_path_factory.mktemp("asked") / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"))
        house.user("other", "nurse", units=("8B",))
        yield house


@pytest.fixture(scope="module")
def eve(asked: OpenHouse) -> str:
    return plant(asked)


def questions(about: str) -> dict[str, tuple[str, str, Any]]:
    """Every new door that answers about one patient."""
    return {
        "assess": ("POST", f"/api/v1/patients/{about}/assess/drug_interactions", {}),
        "assess potassium": ("POST", f"/api/v1/patients/{about}/assess/critical_values", {}),
        "assess stopp": ("POST", f"/api/v1/patients/{about}/assess/stopp", {}),
        "assess conditions": ("POST", f"/api/v1/patients/{about}/assess/charlson", {}),
        "answerable": ("GET", f"/api/v1/patients/{about}/answerable", None),
        "medication": ("POST", "/api/v1/recommendations/medication", {"patient": about, "medications": ["simvastatin 40 mg", "warfarin"]}),
        "review": ("GET", f"/api/v1/patients/{about}/medication-review", None),
        "treatment": ("POST", "/api/v1/recommendations/treatment", {"patient": about}),
        "dosage": ("POST", "/api/v1/recommendations/dosage", {"patient": about, "drug": "vancomycin"}),
        "guidelines": ("GET", f"/api/v1/patients/{about}/guidelines", None),
        "guideline": ("POST", f"/api/v1/patients/{about}/guidelines/I48.0", {}),
        "risk": ("POST", "/api/v1/risk/patient-assessment", {"patient": about}),
        "mortality": ("GET", f"/api/v1/risk/mortality/{about}", None),
        "readmission": ("GET", f"/api/v1/risk/readmission/{about}", None),
        "differential": ("GET", f"/api/v1/diagnosis/differential/{about}?presentation=chest_pain", None),
        "differential with": ("POST", f"/api/v1/diagnosis/differential/{about}", {"presentation": "chest_pain", "findings": {}}),
        "hook": ("POST", "/cds-services/patient-summary", {"hook": "patient-view", "hookInstance": about[:8],
            "context": {"userId": "x", "patientId": about}}),
        "everything": ("GET", f"/fhir/Patient/{about}/$everything", None),
    }  # fmt: skip


@pytest.mark.parametrize("door", questions("x"))
def test_no_answer_holds_what_is_hidden(asked: OpenHouse, eve: str, door: str) -> None:
    method, path, body = questions(eve)[door]
    answer = asked.as_("radiologist").request(method, path, body)
    assert answer.status_code == 200
    assert not [word for word in HIDDEN if word in answer.text]


def test_those_who_may_see_it_do_see_it(asked: OpenHouse, eve: str) -> None:
    """Or the test above would prove nothing."""
    _, path, _ = questions(eve)["review"]
    assert "CANARYDRUG" in asked.as_("doctor").request("GET", path).text
    _, path, _ = questions(eve)["everything"]
    assert "CANARYDIAGNOSIS" in asked.as_("doctor").request("GET", path).text


def test_resources_that_are_hidden_are_read_by_no_question(asked: OpenHouse, eve: str) -> None:
    Client(asked, "doctor").put({**condition(eve, "86406008", text="CANARYRESOURCE"), "id": "canary"})
    services, _ = asked.running.services, asked.as_("radiologist")
    user = asked.do(asked.wardline.identities.user_named, "radiologist")
    whole = timeline_as_of(services.engine.log, eve, None, services.engine.house.links)
    seen = asked.do(lambda: sight.seen_by(Person(user.id, user.name, user.roles, user.units), whole, services))
    assert any("CANARYRESOURCE" in kept.value.body for kept in whole.kept.values())
    assert not any("CANARYRESOURCE" in kept.value.body for kept in seen.timeline.kept.values())


@pytest.mark.parametrize("door", questions("x"))
def test_another_wards_patient_is_asked_about_by_nobody(asked: OpenHouse, door: str) -> None:
    ada = asked.key(ADA)
    if "other" not in asked.people:
        asked.people["other"] = asked.sign_in("other")
    nurse = asked.people["other"]
    method, path, body = questions(ada)[door]
    answer = nurse.request(method, path, body)
    assert answer.status_code == (412 if door == "hook" else 403) or (door == "hook" and answer.json() == {"cards": []})
    assert ADA.family not in answer.text


@pytest.mark.parametrize("door", questions("x"))
def test_every_look_counts_and_is_in_the_trail_before_it_is_answered(asked: OpenHouse, door: str) -> None:
    ben, doctor = asked.key(BEN), asked.as_("doctor")
    limits = asked.running.services.edge.limits
    limits._patients.clear()
    before = len(asked.audited(about=ben))
    method, path, body = questions(ben)[door]
    answer = doctor.request(method, path, body)
    assert answer.status_code == 200
    assert len(asked.audited(about=ben)) > before
    assert any(ben in opened for opened in limits._patients.values())


@pytest.mark.parametrize(("path", "body"), [
    ("/api/v1/capabilities/charlson/assess", {"conditions": ["I50.9"] * 20_000}),
    ("/api/v1/capabilities/stopp/assess", {"medications": ["warfarin 5 mg", "ibuprofen"] * 150, "age_years": 80}),
    ("/api/v1/capabilities/drug_interactions/assess", {"medications": ["warfarin 5 mg", "ibuprofen"] * 150}),
    ("/api/v1/capabilities/duplicate_therapy/assess", {"medications": ["ibuprofen"] * 300}),
    ("/api/v1/capabilities/duplicate_therapy/assess", {"medications": ["ibuprofen"] * 100_000}),
    ("/api/v1/recommendations/medication", {"medications": ["warfarin", "ibuprofen"] * 100}),
    ("/api/v1/recommendations/medication", {"medications": ["warfarin"], "conditions": ["I50.9"] * 50_000, "allergies": ["penicillin"] * 50_000}),
    ("/api/v1/diagnosis/symptoms", {"presentation": "chest_pain", "findings": {f"f{n}": True for n in range(20_000)}}),
    ("/api/v1/diagnosis/symptoms", {"symptoms": ["x" * 100_000] * 20}),
    ("/api/v1/recommendations/dosage", {"drug": "vancomycin", "given": {"age_years": 60, "sex": "M", "weight": 72, "creatinine": 1.2,
        "doses": [{"at": f"2026-11-{day:02}T{hour:02}:{minute:02}:00Z", "value": 1000} for day in range(1, 29) for hour in range(24)
            for minute in range(0, 60, 10)]}}),
    ("/api/v1/risk/patient-assessment", {"values": {"age_years": 10**400}}),
])  # fmt: skip
def test_long_lists_hold_up_nobody(asked: OpenHouse, path: str, body: Any) -> None:
    began = monotonic()
    answer = asked.as_("doctor").request("POST", path, body)
    took = monotonic() - began
    assert answer.status_code < 500
    assert took < 2


@pytest.mark.parametrize(("path", "body"), [
    ("/api/v1/capabilities/news2/assess", b'{"respiratory_rate": NaN}'), ("/api/v1/capabilities/charlson/assess", b'{"age_years": 1e999}'),
    ("/api/v1/risk/patient-assessment", b'{"values": {"age_years": NaN}}'),
    ("/api/v1/risk/patient-assessment", b'{"values": {"creatinine": Infinity}}'),
    ("/api/v1/recommendations/medication", b'{"medications": [{"what": {"a": 1}}]}'),
    ("/api/v1/recommendations/medication", b'{"results": {"inr": NaN}}'),
    ("/api/v1/recommendations/medication", b'{"medications": ["warfarin 1e999 mg"], "results": {"creatinine": 1e-300}, "age_years": 80, "sex": "F"}'),
    ("/api/v1/diagnosis/symptoms", b'{"lab_results": [{"test": "sodium", "value": 1e308, "unit": "mol/L"}]}'),
    ("/api/v1/diagnosis/symptoms", b'{"lab_results": [{"test": "sodium", "value": NaN}]}'),
    ("/api/v1/recommendations/dosage", b'{"drug": "vancomycin", "given": {"weight": 1e308, "creatinine": 1e-308, "age_years": 60, "sex": "M"}}'),
    ("/api/v1/capabilities/prevent/assess", (b'{"age_years": 50, "sex": "F", "systolic_pressure": -1e308, '
        b'"cholesterol": 1e308, "hdl_cholesterol": 1e-308}')),
    ("/api/v1/risk/patient-assessment", b'{"values": {"age_years": 50}, "as_of": "0001-01-01T00:00:00Z"}'),
    ("/api/v1/recommendations/medication", b'{"medications": ["warfarin"], "as_of": "0001-01-01T00:00:00Z"}'),
    ("/api/v1/recommendations/dosage", b'{"drug": "warfarin", "as_of": "0001-01-01T00:00:00Z"}'),
    ("/api/v1/capabilities/safe_use_of_opioids/assess", b'{"period": "2026", "chart": {"entry": 5}, "resources": {"entry": [5]}}'),
    ("/api/v1/diagnosis/rare-disease", b'{"observed": ["HP:0000957"]}'), ("/api/v1/capabilities/charlson/assess", b"[" * 10_000),
])  # fmt: skip
def test_no_number_breaks_a_door(asked: OpenHouse, path: str, body: bytes) -> None:
    answer = asked.as_("doctor").request("POST", path, body, headers={"content-type": "application/json"})
    assert answer.status_code < 500


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("door", ["answerable", "review", "guidelines", "mortality", "readmission", "differential"])
def test_no_moment_breaks_a_door(asked: OpenHouse, eve: str, door: str, as_of: str) -> None:
    method, path, _ = questions(eve)[door]
    answer = asked.as_("doctor").request(method, path + ("&" if "?" in path else "?") + "as_of=" + as_of.replace("+", "%2B"))
    assert answer.status_code < 500
