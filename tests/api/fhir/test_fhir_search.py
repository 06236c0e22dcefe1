"""Searching over FHIR: every kind of parameter, modifiers, chains, what comes along, order and pages."""

from urllib.parse import urlsplit

import pytest

from support.fhir import LOINC, MRN, UCUM, Client, condition, observation, patient


@pytest.fixture(scope="module")
def ward(fhir: Client) -> Client:
    """Ada with four potassium values, a glucose and a pressure; Ben with one potassium; a practitioner, an encounter, a value set."""
    assert fhir.put({"resourceType": "Organization", "id": "lab", "name": "Laboratory of St Test"}).status == 201
    fhir.put({"resourceType": "Practitioner", "id": "vance", "name": [{"family": "Vance", "given": ["Helen"]}], "active": True})
    more = {"generalPractitioner": [{"reference": "Practitioner/vance"}], "address": [{"city": "Århus", "line": ["Nørre Allé 3"]}], "active": True}
    fhir.put(patient("ada", number="7001", telecom=[{"system": "phone", "value": "555-1"}, {"system": "email", "value": "ada@x.example"}], **more))
    fhir.put(patient("ben", family="Okafor", given="Ben", number="7002", birthDate="1990-11", gender="male"))
    for place, (value, at) in enumerate(
        (("3.9", "2026-01-31"), ("4.4", "2026-02-01T06:00:00+01:00"), ("5.1", "2026-03-01T08:00:00Z"), ("6.2", "2026-03"))
    ):
        performer = [{"reference": "Organization/lab"}]
        category = [{"coding": [{"system": "http://x", "code": "laboratory"}]}]
        fhir.put({**observation("ada", value=float(value), at=at, performer=performer, category=category), "id": f"k{place}"})
    fhir.put({**observation("ada", "2345-7", 90, "mg/dL"), "id": "glucose", "status": "preliminary"})
    parts = [
        {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"}}
        for code, value in (("8480-6", 182), ("8462-4", 95))
    ]
    pressure = {**observation("ada", "85354-9"), "id": "pressure", "component": parts}
    del pressure["valueQuantity"]
    fhir.put(pressure)
    fhir.put({**observation("ben", value=4.0), "id": "ben-k"})
    fhir.put({**condition("ada", "44054006", text="Diabetes mellitus type 2"), "id": "c1", "onsetDateTime": "2019"})
    codes = [{"system": LOINC, "concept": [{"code": "2823-3"}, {"code": "2951-2"}]}]
    fhir.put({"resourceType": "ValueSet", "id": "salts", "url": "http://x/salts", "status": "active", "compose": {"include": codes}})
    return fhir


@pytest.mark.parametrize(
    ("type", "query", "found"),
    [
        # token
        ("Observation", "code=http://loinc.org|2823-3&patient=ada", "k0 k1 k2 k3"), ("Observation", "code=2345-7", "glucose"),
        ("Observation", "code=|2823-3", ""), ("Observation", "code=http://loinc.org|&status=preliminary", "glucose"),
        ("Observation", "code=2345-7,85354-9", "glucose pressure"), ("Observation", "code:not=2823-3&patient=ada", "glucose pressure"),
        ("Observation", "status=final&status=preliminary", ""), ("Observation", "category=laboratory&patient=ada", "k0 k1 k2 k3"),
        ("Observation", "combo-code=8480-6", "pressure"), ("Observation", "code:in=http://x/salts&patient=ada", "k0 k1 k2 k3"),
        ("Observation", "code:not-in=http://x/salts&patient=ada", "glucose pressure"), ("Condition", "code:text=mellitus", "c1"),
        ("Patient", "identifier=https://hospital.example/numbers|7002", "ben"), ("Patient", "gender=male", "ben"), ("Patient", "active=true", "ada"),
        ("Patient", "email=ada@x.example", "ada"), ("Patient", "phone=ada@x.example", ""),
        # date
        ("Observation", "date=2026-03&patient=ada", "k2 k3 glucose pressure"), ("Observation", "date=2026-03-01&patient=ada", "k2 glucose pressure"),
        ("Observation", "date=lt2026-02-01&patient=ada", "k0"), ("Observation", "date=le2026-02-01&patient=ada", "k0 k1"),
        ("Observation", "date=ge2026-02&date=lt2026-03&patient=ada", "k1"), ("Observation", "date=2026-02-01T05:00:00Z", "k1"),
        ("Observation", "date=sa2026-02&patient=ada", "k2 k3 glucose pressure"), ("Observation", "date=eb2026-02&patient=ada", "k0"),
        ("Observation", "date=ne2026-03&patient=ada", "k0 k1"), ("Patient", "birthdate=1990", "ben"), ("Patient", "birthdate=gt1990", ""),
        ("Patient", "birthdate=lt1990", "ada"), ("Condition", "onset-date=2019", "c1"),
        # quantity
        ("Observation", "value-quantity=gt5&patient=ada", "k2 k3 glucose"),
        ("Observation", "value-quantity=gt5|http://unitsofmeasure.org|mmol/L", "k2 k3"),
        ("Observation", "value-quantity=5.1||mmol/L", "k2"), ("Observation", "value-quantity=5&patient=ada", "k2"),
        ("Observation", "value-quantity=6", "k3"),
        ("Observation", "value-quantity=ap4&patient=ada", "k0 k1"), ("Observation", "component-value-quantity=ge180||mm[Hg]", "pressure"),
        # string
        ("Patient", "name=mos", "ada"), ("Patient", "name=OKA", "ben"), ("Patient", "family:exact=moss", ""), ("Patient", "family:exact=Moss", "ada"),
        ("Patient", "name:contains=kafo", "ben"), ("Patient", "address-city=arhus", "ada"), ("Patient", "given=Ben", "ben"),
        # reference, missing, id
        ("Observation", "patient=Patient/ben", "ben-k"), ("Observation", "subject:Patient=ben", "ben-k"),
        ("Observation", "performer=Organization/lab", "k0 k1 k2 k3"),
        ("Observation", "performer:missing=true&patient=ada", "glucose pressure"), ("Patient", "active:missing=false", "ada"),
        ("Patient", "_id=ada,ben", "ada ben"),
        ("Observation", "_lastUpdated=gt2100", ""),
        # chains
        ("Observation", "patient.name=okafor", "ben-k"), ("Observation", "subject:Patient.identifier=7002", "ben-k"),
        ("Observation", "performer:Organization.name=laboratory&value-quantity=gt6", "k3"),
        ("Observation", "patient.general-practitioner.name=vance&code=2345-7", "glucose"),
        ("Patient", "_has:Observation:patient:code=2345-7", "ada"), ("Patient", "_has:Observation:subject:value-quantity=gt100", ""),
        ("Practitioner", "_has:Patient:general-practitioner:_has:Condition:patient:code=44054006", "vance"),
    ],
)  # fmt: skip
def test_a_search_finds_exactly_what_is_meant(ward: Client, type: str, query: str, found: str) -> None:
    answered = ward.get(f"{type}?{query}")
    assert answered.status == 200, answered.text
    assert sorted(answered.ids) == sorted(found.split())
    assert answered.json["total"] == len(found.split())


def test_a_form_finds_the_same_and_says_nothing_in_an_address(ward: Client) -> None:
    form = b"identifier=https%3A%2F%2Fhospital.example%2Fnumbers%7C7002"
    found = ward.ask("POST", "Patient/_search", form, content_type="application/x-www-form-urlencoded")
    assert found.ids == ["ben"]
    assert ward.get("Patient/ada/Observation?code=2345-7").ids == ["glucose"]


def test_order_is_kept_and_pages_stay_as_they_were_while_others_write(ward: Client) -> None:
    first = ward.search("Observation", patient="ada", code="2823-3", _sort="-date", _count="2")
    assert first.ids == ["k3", "k2"]
    assert first.json["total"] == 4
    ward.put({**observation("ada", value=7.0, at="2026-04-01T00:00:00Z"), "id": "later"})
    second = Client.ask(ward, "GET", _path(first.link("next")))
    assert second.ids == ["k1", "k0"]
    assert second.link("next") is None
    assert Client.ask(ward, "GET", _path(second.link("previous"))).ids == ["k3", "k2"]
    ward.ask("DELETE", "Observation/later")
    assert ward.search("Observation", patient="ada", _sort="status,-value-quantity", _count="2").ids == ["k3", "k2"]
    assert ward.search("Observation", patient="ada", _sort="date", code="2823-3").ids == ["k0", "k1", "k3", "k2"]
    foreign = Client(ward.house, "nurse").get(_path(first.link("next")))
    assert foreign.status == 410, "a page is for whoever made the search"


def _path(url: str | None) -> str:
    assert url is not None
    parts = urlsplit(url)
    return f"{parts.path.removeprefix('/fhir/')}?{parts.query}"


def test_what_is_linked_comes_along(ward: Client) -> None:
    assert ward.search("Observation", ("_include", "Observation:performer"), _id="k0").included == ["Organization/lab"]
    assert set(ward.search("Observation", ("_include", "Observation:*"), _id="k0").included) == {"Organization/lab", "Patient/ada"}
    far = ward.search("Observation", ("_include", "Observation:patient"), ("_include:iterate", "Patient:general-practitioner"), _id="k0")
    assert set(far.included) == {"Patient/ada", "Practitioner/vance"}
    assert ward.search("Patient", ("_revinclude", "Condition:subject"), _id="ada").included == ["Condition/c1"]
    assert ward.search("Observation", ("_include", "Observation:shoe"), _id="k0").status == 400


def test_less_is_given_where_less_is_asked_for(ward: Client) -> None:
    count = ward.search("Observation", patient="ada", _summary="count")
    assert (count.json["total"], count.ids) == (6, [])
    (some,) = ward.search("Observation", _id="k0", _elements="valueQuantity").json["entry"]
    assert set(some["resource"]) == {"resourceType", "id", "meta", "status", "code", "valueQuantity"}
    assert some["resource"]["meta"]["tag"][0]["code"] == "SUBSETTED"
    (summary,) = ward.search("Patient", _id="ada", _summary="true").json["entry"]
    assert "generalPractitioner" not in summary["resource"]
    assert "name" in summary["resource"]
    assert "total" not in ward.search("Observation", patient="ada", _total="none").json
    assert ward.search("Observation", patient="ada", _count="0").json["total"] == 6


def test_what_is_not_understood_is_refused_or_said(ward: Client) -> None:
    refused = ward.search("Patient", shoe="44")
    assert (refused.status, "shoe" in refused.words) == (400, True)
    lenient = ward.get("Patient?shoe=44&name=moss", prefer="handling=lenient")
    assert lenient.ids == ["ada"]
    assert "shoe" not in str(lenient.link("self"))
    assert any("shoe" in str(each["resource"]) for each in lenient.json["entry"] if each["search"]["mode"] == "outcome")
    assert ward.get("Patient?name:above=x").status == 400
    assert ward.get(f"Patient?identifier={MRN}|1|2").status == 400
    assert ward.get("Patient?general-practitioner.organization.partof.partof.partof.name=x").status == 400


def test_everything_about_a_patient_is_there_with_who_and_where(ward: Client) -> None:
    whole = ward.get("Patient/ada/$everything").json
    found = {f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in whole["entry"]}
    assert found >= {"Patient/ada", "Observation/k0", "Condition/c1", "Organization/lab", "Practitioner/vance"}
    assert not any("ben" in each for each in found)
    early = ward.get("Patient/ada/$everything?end=2026-02-15&_type=Observation").json
    assert {each["resource"]["id"] for each in early["entry"]} >= {"k0", "k1"}
    assert not {each["resource"]["id"] for each in early["entry"]} & {"k2", "k3"}


def test_the_newest_of_each_kind_of_observation(ward: Client) -> None:
    assert sorted(ward.get("Observation/$lastn?patient=ada").ids) == ["glucose", "k3", "pressure"]
    assert sorted(ward.get("Observation/$lastn?patient=ada&code=2823-3&max=2").ids) == ["k2", "k3"]
    assert ward.get("Observation/$lastn").status == 400
