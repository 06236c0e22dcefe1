"""What of a resource it can be found by."""

from wardline.core.resources import Amount, Link, Span, Text, Token
from wardline.formats.fhir.search.indexing import entries_of
from wardline.formats.fhir.search.parameters import known_types, parameters_of


def _named(resource: dict[str, object], name: str) -> list[object]:
    return [entry for entry in entries_of(resource, base="https://us.example/fhir") if entry.name == name]


def test_a_code_counts_in_each_of_its_systems_and_by_its_words() -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "K"}, {"system": "urn:local", "code": "K"}], "text": "Potassium"}
    found = _named({"resourceType": "Observation", "code": code}, "Observation.code")
    assert found == [
        Token("Observation.code", "http://loinc.org", "2823-3", "Potassium K"), Token("Observation.code", "urn:local", "K", "Potassium"),
    ]  # fmt: skip


def test_identifiers_contacts_booleans_and_plain_codes_are_tokens() -> None:
    resource = {
        "resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": "1"}], "active": True, "gender": "female",
        "telecom": [{"system": "phone", "value": "5"}, {"system": "email", "value": "a@b"}],
    }  # fmt: skip
    assert _named(resource, "Patient.identifier") == [Token("Patient.identifier", "urn:mrn", "1")]
    assert _named(resource, "Patient.active") == [Token("Patient.active", "", "true")]
    assert _named(resource, "Patient.gender") == [Token("Patient.gender", "", "female")]
    assert _named(resource, "Patient.email") == [Token("Patient.email", "", "a@b")]


def test_names_count_by_each_part_and_references_to_us_are_relative() -> None:
    resource = {
        "resourceType": "Patient", "name": [{"family": "Moss", "given": ["Ada", "Eva"]}],
        "generalPractitioner": [{"reference": "https://us.example/fhir/Practitioner/1/_history/2"}, {"reference": "https://other.example/Practitioner/1"}],
        "contained": [{"resourceType": "Organization", "id": "o"}], "managingOrganization": {"reference": "#o"},
    }  # fmt: skip
    assert _named(resource, "Patient.name") == [Text("Patient.name", each) for each in ("Moss", "Ada", "Eva")]
    assert _named(resource, "Patient.general-practitioner") == [
        Link("Patient.general-practitioner", each) for each in ("Practitioner/1", "https://other.example/Practitioner/1")
    ]
    assert _named(resource, "Patient.organization") == []


def test_periods_without_an_end_go_on_and_a_comparator_opens_a_range() -> None:
    (open_ended,) = _named({"resourceType": "Encounter", "period": {"start": "2026-01-01"}}, "Encounter.date")
    assert isinstance(open_ended, Span)
    assert open_ended.high > 10**17
    (below,) = _named({"resourceType": "Observation", "valueQuantity": {"value": 0.5, "comparator": "<", "unit": "g"}}, "Observation.value-quantity")
    assert isinstance(below, Amount)
    assert (below.low, below.high) == (float("-inf"), 0.5)


def test_what_has_the_wrong_shape_is_left_out_and_hurts_nobody() -> None:
    strange: dict[str, object] = {
        "resourceType": "Observation", "code": "text", "status": ["final"], "effectiveDateTime": "long ago", "valueQuantity": {"value": "much"},
        "subject": {"reference": 17}, "category": {"coding": "x"}, "component": [None, 3, {"code": {"coding": [None]}}],
    }  # fmt: skip
    assert [entry for entry in entries_of(strange) if not isinstance(entry, Token)] == []


def test_no_type_has_two_parameters_of_one_name_and_every_kind_is_known() -> None:
    kinds = {each.kind for type in known_types() for each in parameters_of(type).values()}
    assert kinds <= {"token", "string", "date", "quantity", "number", "reference", "uri"}
    assert all(len(parameters_of(type)) > 6 for type in known_types())
