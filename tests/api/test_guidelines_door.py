"""Guideline cards over HTTP: reading them, and how one reads for a patient."""

import pytest

from api.house import OpenHouse

TEN = {
    "sepsis", "community_acquired_pneumonia", "acute_coronary_syndrome", "heart_failure", "atrial_fibrillation", "acute_ischaemic_stroke",
    "copd_exacerbation", "diabetic_ketoacidosis", "acute_kidney_injury", "venous_thromboembolism",
}  # fmt: skip


def test_the_ten_common_conditions_are_there(shared: OpenHouse) -> None:
    listed = shared.as_("nurse").get("/api/v1/clinical/guidelines")["guidelines"]

    assert {each["id"] for each in listed} == TEN
    assert {each["standing"] for each in listed} == {"provisional"}


@pytest.mark.parametrize("condition", sorted(TEN))
def test_every_recommendation_says_who_says_so_how_strongly_and_on_what_evidence(shared: OpenHouse, condition: str) -> None:
    card = shared.as_("nurse").get(f"/api/v1/clinical/guidelines/{condition}")

    assert all(step["strength"] and step["evidence"] and step["why"] for step in card["steps"])
    assert {each["source"] for each in (*card["steps"], *card["monitoring"], *card["follow_up"])} <= {source["id"] for source in card["sources"]}
    assert card["monitoring"]
    assert card["follow_up"]
    assert not any(source["read"] for source in card["sources"])


def test_a_card_is_found_by_the_code_of_its_disease(shared: OpenHouse) -> None:
    assert shared.as_("nurse").get("/api/v1/clinical/guidelines/I50.9")["id"] == "heart_failure"


def test_a_protocol_has_its_steps_in_the_order_of_their_times(shared: OpenHouse) -> None:
    minutes = [step["minutes"] for step in shared.as_("nurse").get("/api/v1/recommendations/protocols/acute_coronary_syndrome")["steps"]]
    timed = [each for each in minutes if each is not None]

    assert timed == sorted(timed)
    assert timed[0] == 10
    assert minutes[: len(timed)] == timed


def test_a_condition_without_a_card_is_not_found_and_the_answer_says_which_there_are(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("GET", "/api/v1/clinical/guidelines/hiccups", expect=404)

    assert "sepsis" in refused["detail"]


def test_a_card_for_a_patient_says_what_is_due_and_asks_what_no_record_answers(shared: OpenHouse) -> None:
    nurse = shared.as_("nurse")
    path = f"/api/v1/patients/{shared.key()}/guidelines/sepsis"

    before = nurse.post(path, {})
    after = nurse.post(path, {"infection_suspected": True})

    likely = next(each for each in before["criteria"] if each["name"] == "Sepsis is likely")
    assert (before["met"], likely["missing"]) == (None, ["conditions", "sepsis_3", "Is an infection suspected?"])
    assert after["met"] is True
    # Systolic pressure 88: fluid and antibiotics are due within the first hours.
    states = {step["id"]: step["state"] for step in after["steps"]}
    assert (states["fluids"], states["antibiotics_shock"], states["antibiotics"]) == ("due", "due", "not for this patient")
    assert next(step for step in after["steps"] if step["id"] == "fluids")["because"]


def test_an_answer_to_no_question_of_the_card_is_refused(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("POST", f"/api/v1/patients/{shared.key()}/guidelines/sepsis", {"is_raining": True}, expect=400)

    assert "'is_raining' is no question of this card" in refused["detail"]


def test_only_cards_that_may_be_about_the_patient_are_listed_for_them(shared: OpenHouse) -> None:
    listed = shared.as_("nurse").get(f"/api/v1/patients/{shared.key()}/guidelines")["guidelines"]

    assert "sepsis" in {each["id"] for each in listed}
    assert all(each["met"] is not False for each in listed)
