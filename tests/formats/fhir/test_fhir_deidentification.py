"""SEC-17: FHIR resources leave the house without what identifies; what no line of the table names is dropped."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.identities import PEOPLE, identifiers, plain
from wardline.core.errors import Refused
from wardline.formats.fhir.deidentification import RESOURCES, TABLE, deidentified, people_in
from wardline.security.deidentification import Deidentification, Profile
from wardline.simulator.people import Person

KEY = b"a key of these tests, 32 bytes.."
SAFE = Deidentification(Profile.SAFE_HARBOR, date(2024, 5, 1))
PSEUDONYMISED = Deidentification(Profile.PSEUDONYMISED, date(2024, 5, 1), KEY)
PATIENT = {
    "resourceType": "Patient", "id": "p1", "meta": {"lastUpdated": "2024-03-01T10:00:00Z", "source": "urn:okafor"}, "gender": "female",
    "text": {"status": "generated", "div": "<div>Ngozi Okafor</div>"}, "birthDate": "1955-03-03",
    "_birthDate": {"extension": [{"valueString": "Okafor"}]},
    "identifier": [{"system": "urn:mrn", "value": "40123456", "assigner": {"display": "St Mary"}}],
    "photo": [{"url": "https://x.example/okafor.jpg"}],
    "name": [{"use": "official", "family": "Okafor", "given": ["Ngozi"], "text": "Ngozi Okafor"}],
    "telecom": [{"system": "phone", "value": "555-0112"}],
    "address": [{"line": ["12 Harbour Lane"], "city": "Wardbridge", "state": "CA", "postalCode": "90210-1234", "country": "US"}],
    "contact": [{"name": {"family": "Okafor", "given": ["Tunde"]}}], "extension": [{"url": "urn:birthplace", "valueString": "Okafor town"}],
}  # fmt: skip
POTASSIUM = {
    "resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1", "display": "Ngozi Okafor"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]}, "performer": [{"display": "Dr Brandt"}],
    "effectiveDateTime": "2024-03-01T10:00:00+01:00", "issued": "2024-03-01T10:05:00Z", "valueQuantity": {"value": 5.6, "unit": "mmol/L"},
    "note": [{"authorString": "Amelia Brandt", "text": "Told Tunde on 555-0112."}],
}  # fmt: skip


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "batch", "entry": [{"fullUrl": "urn:x/okafor", "resource": each} for each in resources]}


def test_of_the_patient_only_what_safe_harbor_allows_stays() -> None:
    left = deidentified(PATIENT, SAFE.of).resource
    assert left == {
        "resourceType": "Patient", "id": left["id"], "identifier": [{"system": "urn:mrn"}], "name": [{"use": "official"}], "gender": "female",
        "birthDate": "1955", "address": [{"state": "CA", "postalCode": "902", "country": "US"}],
    }  # fmt: skip
    assert left["id"] != "p1"


def test_a_result_stays_whole_and_its_note_is_cleaned_with_what_the_patient_s_resource_says() -> None:
    left = deidentified(bundle(PATIENT, POTASSIUM), SAFE.of).resource["entry"][1]["resource"]
    assert left["valueQuantity"] == {"value": 5.6, "unit": "mmol/L"}
    assert left["code"] == POTASSIUM["code"]
    assert left["note"] == [{"text": "Told [NAME] on [PHONE]."}]
    assert left["effectiveDateTime"] == "2024"
    assert "issued" not in left
    assert "performer" not in left


def test_references_still_link() -> None:
    patient, result = (each["resource"] for each in deidentified(bundle(PATIENT, POTASSIUM), SAFE.of).resource["entry"])
    assert result["subject"] == {"reference": f"Patient/{patient['id']}"}


def test_another_export_under_safe_harbor_links_to_nothing_of_this_one() -> None:
    again = Deidentification(Profile.SAFE_HARBOR, date(2024, 5, 1))
    assert deidentified(PATIENT, SAFE.of).resource["id"] != deidentified(PATIENT, again.of).resource["id"]


def test_patients_in_other_files_are_known() -> None:
    left = deidentified(POTASSIUM, PSEUDONYMISED.of, people_in(PATIENT)).resource
    assert left["subject"]["reference"] == f"Patient/{deidentified(PATIENT, PSEUDONYMISED.of).resource['id']}"
    assert "Tunde" not in json.dumps(left)


def test_a_kind_that_is_not_listed_is_refused_alone_and_counted_in_a_bundle() -> None:
    practitioner = {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Brandt"}]}
    with pytest.raises(Refused, match="Practitioner"):
        deidentified(practitioner, SAFE.of)
    result = deidentified(bundle(practitioner, POTASSIUM), SAFE.of)
    assert dict(result.dropped) == {"Practitioner": 1}
    assert len(result.resource["entry"]) == 1


@pytest.mark.parametrize("broken", [{}, {"resourceType": 5}, {"resourceType": "Bundle", "entry": [{"resource": 3}]}])
def test_what_is_no_resource_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        deidentified(broken, SAFE.of)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=10), lambda inner: st.lists(inner, max_size=3)
       | st.dictionaries(st.sampled_from([*sorted({name for line in TABLE.values() for name in line}), "x"]), inner, max_size=4), max_leaves=12),
       st.sampled_from(sorted(RESOURCES)))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whatever_shape_it_has_it_is_answered(content: Any, kind: str) -> None:
    resource = (
        {**content, "resourceType": kind} if isinstance(content, dict) else {"resourceType": kind, "name": content, "code": content, "note": content}
    )
    json.dumps(deidentified(resource, SAFE.of).resource)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_is_planted_in_any_element_never_survives(data: st.DataObject) -> None:
    person = data.draw(PEOPLE)
    planted = data.draw(identifiers(person))
    kind = data.draw(st.sampled_from(sorted(RESOURCES - {"Patient"})))
    resource = _filled(kind, planted.written, depth=3) | {
        "resourceType": kind,
        "subject": {"reference": "Patient/p1"},
        "extension": [{"v": planted.written}],
    }
    clean = json.dumps(deidentified(bundle(_patient(person), resource), SAFE.of).resource, ensure_ascii=False)
    left = " ".join(plain(part) for part in clean.split('"'))
    assert [trace for trace in planted.traces if trace in left] == [], left


def _patient(person: Person) -> dict[str, Any]:
    street, town, code = person.address
    return {
        "resourceType": "Patient", "id": "p1", "identifier": [{"value": person.number}], "name": [{"family": person.family, "given": [person.given]}],
        "telecom": [{"value": person.phone}], "address": [{"line": [street], "city": town, "postalCode": code}], "birthDate": person.born.isoformat(),
    }  # fmt: skip


TEXTS = {"text", "id", "code", "word", "postal", "birth", "moment", "instant"}
"""Rules for values that people type. Of what is kept as a code only the patient's own identifiers are looked for."""


def _filled(line: str, written: str, depth: int) -> dict[str, Any]:
    """Every element of a line of the table, with the same text wherever people can type one."""
    made: dict[str, Any] = {"unknownElement": written}
    for name, rule in TABLE[line].items():
        if rule in TABLE and depth:
            made[name] = [_filled(rule, written, depth - 1)]
        elif rule in TEXTS:
            made[name] = written
    return made
