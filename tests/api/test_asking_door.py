"""Asking a capability about a patient: the record fills in what it knows, the asker says the rest."""

from api.house import OpenHouse


def test_what_the_record_knows_is_filled_in_and_what_is_said_goes_before_it(shared: OpenHouse) -> None:
    before = shared.wardline.engine.house.seq

    asked = shared.as_("nurse").post(
        f"/api/v1/patients/{shared.key()}/assess/news2", {"consciousness": "A", "supplemental_oxygen": False, "pulse": 70}
    )

    # RCP 2017, chart 1: respiration 26 3, SpO2 90 3, air 0, systolic 88 3, pulse 70 0, alert 0, temperature 39.5 2.
    assert (asked["answer"]["outcome"], asked["answer"]["value"]) == ("finding", 11)
    origins = {each["name"]: each["origin"] for each in asked["inputs"]}
    assert (origins["pulse"], origins["temperature"]) == ("given", "record")
    assert all("at" in each for each in asked["inputs"] if each["origin"] == "record")
    assert shared.wardline.engine.house.seq == before


def test_what_nobody_knows_is_missing_and_called_so(shared: OpenHouse) -> None:
    asked = shared.as_("nurse").post(f"/api/v1/patients/{shared.key()}/assess/corrected_calcium", {"calcium": 8.0})

    assert (asked["answer"]["outcome"], asked["answer"]["missing"]) == ("unknown", ["albumin"])
    assert [(each["name"], each["origin"]) for each in asked["inputs"]] == [("calcium", "given"), ("albumin", "none"), ("ionised_calcium", "none")]


def test_an_input_it_does_not_have_is_refused(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("POST", f"/api/v1/patients/{shared.key()}/assess/news2", {"puls": 70}, expect=400)

    assert "'puls' is not an input of news2" in refused["detail"]


def test_a_capability_that_is_not_here_is_not_found_for_a_patient_either(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("POST", f"/api/v1/patients/{shared.key()}/assess/astrology", {}, expect=404)

    assert refused["detail"] == "there is no such capability here"


def test_every_question_that_waits_to_be_asked_says_what_the_record_knows_of_it(shared: OpenHouse) -> None:
    answered = shared.as_("nurse").get(f"/api/v1/patients/{shared.key()}/answerable")

    questions = {each["id"]: each["answer"] for each in answered["questions"]}
    assert "news2" not in questions  # it runs by itself
    assert questions["anaemia_type"] == {"outcome": "unknown", "missing": ["haemoglobin"], "population": "not checked"}
    assert questions["ketoacidosis"]["missing"] == ["ketones"]
