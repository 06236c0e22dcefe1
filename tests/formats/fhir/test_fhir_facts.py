"""What FHIR resources state, as events: in our units, with what cannot be scored marked, and with mistakes taken back."""

import bz2
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.ehr import IBUPROFEN, WARFARIN, observation, order, patient
from support.reference import reference_data
from wardline.core.concepts.chemistry import POTASSIUM
from wardline.core.concepts.vitals import DIASTOLIC_PRESSURE, SYSTOLIC_PRESSURE
from wardline.core.course import doses_given, running_medications
from wardline.core.errors import Refused
from wardline.core.events import (
    TAKEN_BACK,
    UNMAPPED,
    Administered,
    Admitted,
    Allergic,
    Diagnosed,
    Discharged,
    Documented,
    Event,
    Measured,
    Ordered,
    Registered,
)
from wardline.core.flags import DATE_ONLY, IMPLAUSIBLE, NO_UNIT, TIME_OF_MESSAGE, WRONG_UNIT
from wardline.formats.fhir.facts import changes, draft_events, facts_of, is_nameless, resolver_of, subject_of, timeline_of, unpacked

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AT = "2026-11-21T10:00:00+01:00"
SNOMED, ICD10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"


def said(resource: dict[str, Any], **how: Any) -> Any:
    (fact,) = facts_of(resource, about="p", stated_at=NOW, **how)
    return fact.value


def concept(system: str, code: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def test_a_potassium_in_milliequivalents_is_kept_in_our_unit_with_what_was_sent() -> None:
    (fact,) = facts_of(observation("2823-3", 4.1, "meq/L", at=AT, encounter={"reference": "Encounter/e7"}), about="p", stated_at=NOW)

    assert (fact.occurred_at, fact.encounter) == (datetime(2026, 11, 21, 9, tzinfo=UTC), "e7")
    assert (fact.value.concept, fact.value.value, fact.value.unit, fact.value.status) == ("potassium", 4.1, "mmol/L", "F")
    assert fact.value.order == "Observation/o-2823-3"


def test_a_glucose_in_milligrams_is_converted_and_says_so() -> None:
    read = said(observation("15074-8", 90, "mg/dL", at=AT))

    assert read.flags == ("unit contradicts the code",)  # 15074-8 means moles; milligrams with it are a contradiction, not a conversion
    assert read.value == "90 mg/dL"


@pytest.mark.parametrize(
    ("value", "unit", "flag"), [(71.0, "mmol/L", IMPLAUSIBLE), (4.1, "", NO_UNIT), (4.1, "kPa", WRONG_UNIT)], ids=["implausible", "bare", "kPa"]
)
def test_what_must_not_be_scored_is_shown_as_it_was_sent(value: float, unit: str, flag: str) -> None:
    read = said(observation("2823-3", value, unit, at=AT))

    assert flag in read.flags
    assert isinstance(read.value, str)


def test_blood_pressure_is_two_values_of_one_observation() -> None:
    def component(code: str, value: float) -> dict[str, Any]:
        return {"code": concept("http://loinc.org", code), "valueQuantity": {"value": value, "code": "mm[Hg]"}}

    resource = {
        "resourceType": "Observation", "id": "bp", "status": "final", "code": concept("http://loinc.org", "85354-9"), "effectiveDateTime": AT,
        "component": [component("8480-6", 128), component("8462-4", 74)],
    }  # fmt: skip
    facts = facts_of(resource, about="p", stated_at=NOW)

    assert [(each.value.concept, each.value.value, each.value.part) for each in facts] == [
        (SYSTOLIC_PRESSURE.id, 128.0, "1"),
        (DIASTOLIC_PRESSURE.id, 74.0, "2"),
    ]


def test_a_code_nobody_has_mapped_is_kept_unmapped_with_its_words() -> None:
    local = {"resourceType": "Observation", "status": "final", "code": concept("urn:lab", "K7", "Something"), "valueString": "positive"}

    read = said({**local, "effectiveDateTime": "2026-11-20"})

    assert (read.concept, read.value, read.code) == ("", "positive", "K7^Something^urn:lab")
    assert {UNMAPPED, DATE_ONLY} <= set(read.flags)


def test_an_observation_without_a_time_says_that_its_time_is_that_of_the_message() -> None:
    (fact,) = facts_of({**observation("2823-3", 4.1, "mmol/L", at=AT), "effectiveDateTime": None}, about="p", stated_at=NOW)

    assert (fact.occurred_at, fact.value.flags) == (NOW, (TIME_OF_MESSAGE,))


@pytest.mark.parametrize(
    ("status", "kept"),
    [("entered-in-error", "D"), ("cancelled", "X"), ("corrected", "C"), ("amended", "C"), ("preliminary", "P"), ("registered", "I")],
)
def test_statuses_mean_what_table_0085_says(status: str, kept: str) -> None:
    assert said(observation("2823-3", 4.1, "mmol/L", at=AT) | {"status": status}).status == kept


def test_a_value_taken_back_leaves_the_timeline() -> None:
    first = observation("2823-3", 7.1, "mmol/L", at=AT)
    timeline = timeline_of([first], about="p", known_at=NOW)
    assert timeline.latest((POTASSIUM,), NOW, timedelta(days=1)) is not None

    assert timeline_of([first | {"status": "entered-in-error"}], about="p", known_at=NOW).latest((POTASSIUM,), NOW, timedelta(days=1)) is None


@pytest.mark.parametrize("born", ["1980-02-30", "1980-13-45", "02/03/1980", "1980-2-3"])
def test_a_birth_date_that_is_no_day_is_refused(born: str) -> None:
    with pytest.raises(Refused, match="birthDate"):
        facts_of({"resourceType": "Patient", "id": "p", "birthDate": born}, about="p", stated_at=NOW)


@pytest.mark.parametrize(
    ("sent", "born"), [("1980", "1980"), ("1980-02", "1980-02"), ("1980-02-29", "1980-02-29"), ("1980-02-29T08:00:00Z", "1980-02-29")]
)
def test_a_birth_date_is_as_exact_as_it_was_sent(sent: str, born: str) -> None:
    assert said({"resourceType": "Patient", "id": "p", "birthDate": sent}).born == born


def test_a_condition_goes_by_its_icd_code_and_knows_that_it_is_over() -> None:
    both = {"coding": [{"system": SNOMED, "code": "49436004"}, {"system": ICD10, "code": "I48.0"}], "text": "Atrial fibrillation"}
    resource = {"resourceType": "Condition", "code": both, "onsetDateTime": "2019-05", "clinicalStatus": concept("x", "resolved")}

    assert said(resource) == Diagnosed("I48.0", "Atrial fibrillation", ICD10, None, "resolved")
    assert said(resource | {"verificationStatus": concept("x", "refuted")}).status == TAKEN_BACK
    assert said(resource | {"verificationStatus": "entered-in-error"}).status == TAKEN_BACK  # a plain code, as STU3 had it


def test_of_a_disease_stated_resolved_and_active_the_active_one_stands() -> None:
    def stated(onset: str, status: str) -> dict[str, Any]:
        return {
            "resourceType": "Condition",
            "code": concept(ICD10, "J18.9", "Pneumonia"),
            "onsetDateTime": onset,
            "clinicalStatus": concept("x", status),
        }

    (event,) = timeline_of([stated("2026-11-01", "active"), stated("2015-01-01", "resolved")], about="p", known_at=NOW).diagnoses

    assert event.value.status == ""


def test_an_allergy_keeps_substance_reaction_and_severity() -> None:
    resource = {
        "resourceType": "AllergyIntolerance", "code": concept("http://www.nlm.nih.gov/research/umls/rxnorm", "7980", "penicillin G"),
        "category": ["medication"], "reaction": [{"manifestation": [{"text": "Hives"}, {"text": "Wheeze"}], "severity": "severe"}],
    }  # fmt: skip
    read = said(resource)

    assert (read.text, read.reaction, read.severity, read.category) == ("penicillin G", "Hives, Wheeze", "severe", "medication")
    assert read.code == "7980^penicillin G^http://www.nlm.nih.gov/research/umls/rxnorm"
    assert said(resource | {"clinicalStatus": concept("x", "resolved")}).status == TAKEN_BACK


def test_an_order_says_drug_dose_route_and_how_often() -> None:
    dosage = {
        "route": {"text": "oral"}, "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg"}}],
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
    }  # fmt: skip
    read = said(order(WARFARIN, at=AT, status="active", dosageInstruction=[dosage]))

    assert (read.what, read.dose, read.route, read.frequency, read.category) == ("warfarin", "5 mg", "oral", "BID", "medication")


@pytest.mark.parametrize(
    ("repeat", "words"),
    [({"frequency": 1, "period": 6, "periodUnit": "h"}, "Q6H"), ({"frequency": 1, "period": 1, "periodUnit": "wk"}, "once per week"),
     ({"frequency": 2, "period": 3, "periodUnit": "d"}, "2 times per 3 days")],
    ids=["hours", "week", "days"],
)  # fmt: skip
def test_how_often_is_said_as_table_0335_says_it_or_in_words(repeat: dict[str, Any], words: str) -> None:
    instruction = [{"timing": {"repeat": repeat}, "asNeededBoolean": True}]

    assert said(order(WARFARIN, at=AT, status="active", dosageInstruction=instruction)).frequency == f"{words} PRN"


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        # A stretch is no number: "QD" would be a quarter of what is allowed.
        ({"repeat": {"frequency": 1, "frequencyMax": 4, "period": 1, "periodUnit": "d"}}, "1 to 4 times per day"),
        # Each time of day that is listed is one dose at least.
        ({"repeat": {"period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00", "14:00:00", "20:00:00"]}}, "TID"),
        ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN", "NIGHT"]}}, "BID"),
        ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon", "thu"]}}, "QD on mon, thu"),
        ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon", "wed", "fri"]}}, "once per week on mon, wed, fri"),
        ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}}, "once per week"),
        # A code of SNOMED CT says nothing to whoever reads the words; what stands beside it does.
        ({"code": {"coding": [{"system": SNOMED, "code": "229799001"}]}, "repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}, "BID"),
        ({"code": {"coding": [{"system": SNOMED, "code": "229799001"}], "text": "Twice a day"}}, "Twice a day"),
        ({"code": {"coding": [{"code": "TID"}]}, "repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}, "TID"),
    ],
)  # fmt: skip
def test_how_often_is_never_less_than_was_ordered(timing: dict[str, Any], words: str) -> None:
    assert said(order(WARFARIN, at=AT, status="active", dosageInstruction=[{"timing": timing}])).frequency == words


def test_orders_without_an_id_stay_apart() -> None:
    """As drafts they came one over the other, and only the last was checked."""
    numbered = [order(drug, at=AT, status="active") for drug in (WARFARIN, WARFARIN, IBUPROFEN)]
    nameless = [{name: value for name, value in each.items() if name != "id"} for each in numbered]
    orders = timeline_of(nameless, about="p", known_at=NOW).orders.values()

    assert sorted(event.value.what for event in orders) == ["ibuprofen", "warfarin", "warfarin"]
    drafts = draft_events(nameless, about="p", as_of=NOW)
    assert len({event.value.order for event in drafts}) == 3
    assert all(is_nameless(event.value.order) for event in drafts)
    assert {event.value.order for event in drafts} == {event.value.order for event in draft_events(nameless, about="p", as_of=NOW)}


def test_two_instructions_of_one_order_are_both_said_and_are_nobodys_single_dose() -> None:
    def instruction(amount: float, when: str) -> dict[str, Any]:
        return {"doseAndRate": [{"doseQuantity": {"value": amount, "unit": "mg"}}], "timing": {"code": {"coding": [{"code": when}]}}}

    read = said(order(WARFARIN, at=AT, status="active", dosageInstruction=[instruction(500, "QAM"), instruction(1000, "QPM")]))

    assert (read.dose, read.frequency) == ("500 mg QAM; 1000 mg QPM", "")


def test_a_drug_is_found_in_a_contained_and_in_a_referenced_medication() -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": concept(SNOMED, "372756006", "warfarin")}
    base = {"resourceType": "MedicationRequest", "id": "r", "status": "active", "intent": "order", "authoredOn": AT}
    contained = base | {"contained": [medication], "medicationReference": {"reference": "#m"}}
    elsewhere = base | {"medicationReference": {"reference": "https://ehr.example/fhir/Medication/m/_history/2"}}

    assert said(contained).what == said(elsewhere, resolve=resolver_of([medication])).what == "warfarin"
    assert said(elsewhere).what.endswith("Medication/m/_history/2")  # what is not known is still named


def test_drafts_proposals_and_what_must_not_be_given_do_not_run() -> None:
    draft = order(WARFARIN, at=AT)
    forbidden = order(WARFARIN, at=AT, status="active", doNotPerform=True)

    assert facts_of(draft, about="p", stated_at=NOW) == ()
    assert facts_of(order(WARFARIN, at=AT, status="active") | {"intent": "proposal"}, about="p", stated_at=NOW) == ()
    assert running_medications(timeline_of([forbidden], about="p", known_at=NOW).orders.values(), NOW) == ()


def test_a_draft_about_to_be_signed_counts_from_now_and_has_no_id() -> None:
    (event,) = draft_events([order(WARFARIN, at="2027-01-01T00:00:00Z")], about="p", as_of=NOW)

    assert (event.id, event.occurred_at, event.value.what) == (0, NOW, "warfarin")


def test_a_dose_said_twice_is_one_and_one_entered_in_error_is_none() -> None:
    dose = {
        "resourceType": "MedicationAdministration", "id": "a1", "status": "completed", "effectiveDateTime": AT,
        "medicationCodeableConcept": {"text": "warfarin"}, "dosage": {"dose": {"value": 5, "unit": "mg"}},
    }  # fmt: skip
    assert said(dose) == Administered("", "warfarin", "", "5 mg", "", None, "MedicationAdministration/a1", "")
    timeline = timeline_of([dose, dose], about="p", known_at=NOW)
    assert [each.dose for each in doses_given(timeline.administered, NOW, timedelta(days=1))] == ["5 mg"]

    (mistake,) = facts_of(dose | {"status": "entered-in-error"}, about="p", stated_at=NOW)
    timeline.apply(Event(mistake.value, "p", mistake.occurred_at, NOW, id=9))
    assert doses_given(timeline.administered, NOW, timedelta(days=1)) == ()


def test_a_visit_is_an_admission_and_once_it_is_finished_a_discharge() -> None:
    visit = {
        "resourceType": "Encounter", "id": "e7", "status": "finished", "class": {"code": "IMP"},
        "period": {"start": AT, "end": "2026-11-21T11:30:00Z"},
        "location": [{"location": {"display": "Ward 7"}, "physicalType": concept("x", "wa")},
                     {"location": {"display": "12"}, "physicalType": concept("x", "bd")}],
        "hospitalization": {"dischargeDisposition": concept("x", "exp")},
    }  # fmt: skip
    came, left = (each.value for each in facts_of(visit, about="p", stated_at=NOW))

    assert isinstance(came, Admitted)
    assert (came.encounter, came.unit, came.bed, came.patient_class) == ("e7", "Ward 7", "12", "I")
    assert left == Discharged("e7", "20", None)
    assert facts_of(visit | {"status": "planned"}, about="p", stated_at=NOW) == ()


def test_a_patient_is_registered_with_numbers_name_birth_and_sex() -> None:
    read = said(patient(identifier=[{"system": "urn:mrn", "value": "77"}], name=[{"use": "official", "family": "Okafor", "given": ["Ada", "M"]}]))

    assert isinstance(read, Registered)
    assert (read.identifiers[0][:2], read.family, read.given, read.born, read.sex) == (("77", "urn:mrn"), "Okafor", "Ada M", "1950-01-01", "F")


def test_a_note_is_read_where_it_is_text_and_named_where_it_is_not() -> None:
    def note(**attachment: str) -> Documented:
        return said({"resourceType": "DocumentReference", "id": "d", "type": {"text": "Letter"}, "content": [{"attachment": attachment}]})

    assert note(contentType="text/plain; charset=utf-8", data="SGVsbG8=").text == "Hello"
    assert note(contentType="application/pdf", url="https://x/d.pdf").text == "https://x/d.pdf"
    assert note(contentType="text/plain", data="%%%").text == ""


def test_an_unchanged_fact_of_a_new_version_is_not_said_again_and_a_changed_final_value_is_a_correction() -> None:
    before = observation("2823-3", 4.1, "mmol/L", at=AT)

    assert changes(before, before | {"note": [{"text": "seen"}]}, about="p", stated_at=NOW) == ()
    (changed,) = changes(before, observation("2823-3", 4.4, "mmol/L", at=AT), about="p", stated_at=NOW)
    assert isinstance(changed.value, Measured)
    assert (changed.value.value, changed.value.status) == (4.4, "C")


def test_what_has_the_wrong_shape_is_refused_and_what_has_no_event_states_nothing() -> None:
    with pytest.raises(Refused, match="code is an object"):
        facts_of({"resourceType": "Observation", "status": "final", "code": "K"}, about="p", stated_at=NOW)
    assert facts_of({"resourceType": "CarePlan", "status": "active"}, about="p", stated_at=NOW) == ()


def test_whom_a_resource_is_about() -> None:
    assert subject_of(patient("7")) == "Patient/7"
    assert subject_of({"resourceType": "Immunization", "patient": {"reference": "urn:uuid:1"}}) == "urn:uuid:1"
    assert subject_of({"resourceType": "Medication"}) == ""


@pytest.mark.reference
def test_a_synthea_record_becomes_a_timeline_with_every_kind_of_fact() -> None:
    """The numbers are those of the bundle itself: one order, dose, procedure and vaccination per resource of its kind."""
    file = reference_data() / "clinical" / "synthea_r4" / "057aa36e-b892-9964-75b9-ffb46b097e34.json.bz2"
    resources, urls = unpacked(json.loads(bz2.decompress(file.read_bytes())))
    timeline = timeline_of(resources, about="p", known_at=NOW, resolve=resolver_of(resources, urls))

    count = {kind: sum(each["resourceType"] == kind for each in resources) for kind in {each["resourceType"] for each in resources}}
    medications = [event for event in timeline.orders.values() if isinstance(event.value, Ordered)]
    assert len(medications) == count["MedicationRequest"]
    assert all(event.value.what for event in medications)
    assert (len(timeline.performed), len(timeline.immunised), len(timeline.administered)) == (
        count["Procedure"],
        count["Immunization"],
        count["MedicationAdministration"],
    )
    assert len(timeline.kept) == len({(each["resourceType"], each["id"]) for each in resources})
    assert timeline.person is not None
    assert timeline.place.is_in is False
    assert not isinstance(timeline.allergies, Allergic)
