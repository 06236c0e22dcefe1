"""Nothing hidden leaves by the FHIR door: neither by reading nor by counting, chaining, including, exporting or writing."""

from datetime import timedelta

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.fhir import Client, condition, entry, observation
from support.messages import ADA, BEN, ILL, WELL, adt, vitals

TERMS = "http://terminology.hl7.org/CodeSystem"
HIV = "86406008"
"""SNOMED CT: human immunodeficiency virus infection."""


@pytest.fixture(scope="module")
def ward(fhir: Client) -> Client:
    """Ada in ward 7A with an infection that is labelled, Ben in 8B; both come from a feed, and have resources written over FHIR."""
    house: OpenHouse = fhir.house
    house.send(
        adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"),
        vitals(ADA, ILL, at=MORNING + timedelta(minutes=10)), vitals(BEN, WELL, at=MORNING + timedelta(minutes=10)),
    )  # fmt: skip
    for record in (house.key(ADA), house.key(BEN)):
        assert fhir.put({**observation(record), "id": f"k-{record}"}).status == 201
    hidden = {**condition(house.key(ADA), HIV, text="HIV infection"), "id": "hidden"}
    assert fhir.put(hidden).status == 201
    fhir.put({**condition(house.key(ADA), "195967001", text="Asthma"), "id": "asthma"})
    return fhir


def test_what_a_feed_has_said_is_there_as_fhir(ward: Client) -> None:
    record = ward.house.key(ADA)
    person = ward.get(f"Patient/{record}").json
    assert person["name"][0]["family"] == ADA.family
    assert any(each["value"] == ADA.number for each in person["identifier"])
    assert ward.search("Patient", identifier=ADA.number).ids == [record]
    visit = ward.search("Encounter", patient=record).json["entry"][0]["resource"]
    assert (visit["status"], visit["class"]["code"]) == ("in-progress", "IMP")
    pulse = ward.search("Observation", ("code", "http://loinc.org|8867-4"), patient=record).json["entry"][0]["resource"]
    assert pulse["valueQuantity"]["value"] > 0
    assert ward.get(f"Observation/{pulse['id']}").json == pulse
    assert ward.put({**pulse, "status": "amended"}).status == 409


def test_answers_are_there_with_what_they_were_derived_from(ward: Client) -> None:
    record = ward.house.key(ADA)
    news = next(
        each["resource"]
        for each in ward.search("RiskAssessment", patient=record).json["entry"]
        if each["resource"]["method"]["coding"][0]["code"] == "news2"
    )
    for basis in news["basis"]:
        assert ward.get(basis["reference"]).status == 200
    scores = ward.search("Observation", ("code", "urn:wardline:capability|news2"), patient=record).json["entry"]
    assert scores[0]["resource"]["derivedFrom"] == news["basis"]
    assert ward.search("DetectedIssue", patient=record).json["total"] > 0
    assert ward.search("Flag", patient=record).json["total"] > 0
    made_by = ward.search("Provenance", target=f"RiskAssessment/{news['id']}").json["entry"][0]["resource"]
    assert "news2" in made_by["agent"][0]["who"]["display"]


def test_whoever_looks_after_one_ward_sees_nothing_of_another(ward: Client) -> None:
    nurse, record = Client(ward.house, "nurse", units=("8B",)), ward.house.key(ADA)
    assert nurse.get(f"Patient/{record}").status == 403
    assert nurse.get(f"Observation/k-{record}").status == 403
    assert nurse.search("Observation", patient=record).json["total"] == 0
    assert nurse.search("Patient", name=ADA.family).json["total"] == 0
    assert nurse.search("Patient", ("_has:Condition:patient:code", "195967001")).json["total"] == 0
    assert nurse.search("Observation", ("patient.name", ADA.family)).json["total"] == 0
    assert nurse.get(f"Patient/{record}/$everything").status == 403
    assert nurse.get(f"Observation/k-{record}/_history").status == 403
    assert nurse.get(f"Observation/k-{record}/_history/1").status == 403
    assert nurse.get("Condition/_history").json["total"] == 0
    assert nurse.put({**observation(record), "id": f"k-{record}"}).status == 403
    assert nurse.create(observation(record)).status == 403
    assert nurse.ask("DELETE", f"Observation/k-{record}").status == 403
    assert nurse.search("Observation", patient=ward.house.key(BEN)).json["total"] > 0


def test_what_names_several_patients_is_for_those_who_may_read_all_of_them(ward: Client) -> None:
    members = [{"entity": {"reference": f"Patient/{ward.house.key(each)}"}} for each in (ADA, BEN)]
    ward.put({"resourceType": "Group", "id": "cohort", "type": "person", "actual": True, "member": members})
    ward.put({"resourceType": "Group", "id": "cohort", "type": "person", "actual": True, "name": "renamed", "member": members})
    nurse = Client(ward.house, "nurse", units=("8B",))
    assert ward.get("Group/cohort").status == 200
    assert nurse.get("Group/cohort").status == 404
    assert nurse.get("Group/cohort/_history/1").status == 404
    assert nurse.search("Group").json["total"] == 0


def test_what_carries_a_label_is_not_there_for_those_who_may_not_see_it(ward: Client) -> None:
    record = ward.house.key(ADA)
    assert sorted(ward.search("Condition", patient=record).ids) == ["asthma", "hidden"]
    radiologist = Client(ward.house, "radiologist")
    assert radiologist.search("Condition", patient=record).ids == ["asthma"]
    assert radiologist.search("Condition", patient=record).json["total"] == 1
    assert radiologist.get("Condition/hidden").status == 404
    assert radiologist.get("Condition/hidden/_history").status == 404
    assert radiologist.get("Condition/hidden/_history/1").status == 404
    assert radiologist.search("Condition", code=HIV, _summary="count").json["total"] == 0
    assert radiologist.search("Patient", ("_has:Condition:patient:code", HIV)).json["total"] == 0
    assert radiologist.search("Patient", ("_revinclude", "Condition:patient"), _id=record).included == ["Condition/asthma"]
    assert "hidden" not in radiologist.get(f"Patient/{record}/$everything").text
    assert "HIV" not in radiologist.get(f"Patient/{record}/$everything").text
    assert radiologist.get("Condition/_history").json["total"] == 1
    inside = radiologist.transaction(entry("GET", f"Condition?patient={record}"), entry("GET", "Condition/hidden"), type="batch")
    assert "HIV" not in inside.text


def test_a_patients_no_holds_here_as_everywhere(ward: Client) -> None:
    record = ward.house.key(ADA)
    no = {
        "resourceType": "Consent", "status": "active", "scope": {"coding": [{"system": f"{TERMS}/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": f"{TERMS}/v3-ActCode", "code": "IDSCL"}]}], "patient": {"reference": f"Patient/{record}"},
        "provision": {"type": "deny", "class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Condition"}]},
    }  # fmt: skip
    given = ward.house.as_("privacy").post("/api/v1/consents", no, expect=201)
    try:
        assert ward.search("Condition", patient=record).json["total"] == 0
        assert ward.get("Condition/asthma").status == 404
    finally:
        ward.house.as_("privacy").ask("DELETE", f"/api/v1/patients/{record}/consents/{given['id']}", expect=204, query={"reason": "changed my mind"})
    assert ward.search("Condition", patient=record).json["total"] == 2


def test_a_privacy_consent_is_not_kept_where_nobody_would_obey_it(ward: Client) -> None:
    record = ward.house.key(ADA)
    scope, subject = {"coding": [{"code": "patient-privacy"}]}, {"reference": f"Patient/{record}"}
    refused = ward.create({"resourceType": "Consent", "status": "active", "scope": scope, "patient": subject})
    assert refused.status == 422
    assert "/api/v1/consents" in refused.words


def test_every_look_is_in_the_trail_before_it_leaves(ward: Client) -> None:
    record = ward.house.key(ADA)
    ward.get(f"Observation/k-{record}")
    ward.search("Observation", patient=record)
    ward.put({**observation(record, value=4.4), "id": f"k-{record}"})
    actions = [each["action"] for each in ward.house.audited(about=record)][-3:]
    assert actions == ["resource read", "resources searched", "resources changed"]
