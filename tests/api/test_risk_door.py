"""Risk: the fitting scores, asked about a patient or about given values, each with what it rests on."""

from typing import Any

from api.house import OpenHouse

WOMAN = {
    "age_years": 50, "sex": "F", "systolic_pressure": 160, "pressure_treated": True, "cholesterol": 200, "hdl_cholesterol": 45, "statin": False,
    "diabetes": True, "smoker": False, "egfr_ckd_epi_2021": 90, "body_mass_index": 35,
}  # fmt: skip


def score(risks: dict[str, Any], id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in risks["scores"] if each["capability"] == id)
    return found


def test_given_values_are_answered_by_the_scores_that_read_them(shared: OpenHouse) -> None:
    risks = shared.as_("doctor").post("/api/v1/risk/disease-progression", {"values": WOMAN})

    prevent = score(risks, "prevent")
    # The published example of PREVENT.
    values = {each["key"]: each["value"] for each in prevent["answer"]["answers"]}
    assert values == {
        "cardiovascular_10_years": 14.7, "atherosclerotic_10_years": 9.2, "heart_failure_10_years": 8.1,
        "cardiovascular_30_years": 53.0, "atherosclerotic_30_years": 35.4, "heart_failure_30_years": 39.0,
    }  # fmt: skip
    assert prevent["standing"] == "verified"
    assert {each["name"]: each["origin"] for each in prevent["inputs"]}["statin"] == "given"
    assert "patient" not in risks
    assert risks["scores"][0]["answer"]["outcome"] != "unknown", "what was answered stands first"


def test_what_is_missing_is_listed_with_the_scores_that_wait_for_it(shared: OpenHouse) -> None:
    risks = shared.as_("doctor").post("/api/v1/risk/disease-progression", {"values": WOMAN, "scores": ["prevent", "kfre", "pce"]})

    waiting = {each["input"]: each["scores"] for each in risks["still_to_say"]}
    assert waiting["equation"] == ["PCE, the Pooled Cohort Equations"]
    assert waiting["kfre_region"] == ["KFRE, the Kidney Failure Risk Equation"]
    assert risks["answered"] == 1


def test_a_patients_record_fills_in_what_it_knows(shared: OpenHouse) -> None:
    before = shared.wardline.engine.house.seq

    risks = shared.as_("nurse").get(f"/api/v1/risk/mortality/{shared.key()}")

    news2 = score(risks, "news2")
    assert news2["answer"]["outcome"] in ("finding", "at_least")
    assert {each["origin"] for each in news2["inputs"]} >= {"record"}
    assert risks["patient"] == shared.key()
    assert "not a cleared medical device" in risks["intended_use"]
    assert shared.wardline.engine.house.seq == before, "asking stores nothing"


def test_the_same_patient_by_body_and_by_path_gives_the_same_scores(shared: OpenHouse) -> None:
    by_path = shared.as_("nurse").get(f"/api/v1/risk/readmission/{shared.key()}?emergency_visits=1&non_elective=true")
    by_body = shared.as_("nurse").post(
        "/api/v1/risk/patient-assessment",
        {"patient": shared.key(), "values": {"emergency_visits": 1, "acute_admission": True}, "scores": ["lace"]},
    )

    assert score(by_path, "lace") == score(by_body, "lace")
    assert {each["name"]: each["origin"] for each in score(by_path, "lace")["inputs"]}["emergency_visits"] == "given"


def test_stays_elsewhere_are_not_taken_from_this_hospitals_record(shared: OpenHouse) -> None:
    risks = shared.as_("nurse").get(f"/api/v1/risk/readmission/{shared.key()}")

    hospital = {each["name"]: each["origin"] for each in score(risks, "hospital_readmission")["inputs"]}
    assert hospital["length_of_stay"] == "given", "the movements say it"
    assert hospital["admissions_last_year"] == "none"


def test_whoever_may_not_see_the_patient_is_not_answered_through_the_body_either(shared: OpenHouse) -> None:
    refused = shared.as_("engineer").ask("POST", "/api/v1/risk/complications", {"patient": shared.key()}, expect=403)

    assert refused["detail"]


def test_a_nurse_of_another_ward_is_not_answered_about_a_patient_named_in_the_body(shared: OpenHouse) -> None:
    shared.user("nurse-elsewhere", "nurse", units=("NOWHERE",))

    refused = shared.sign_in("nurse-elsewhere").ask("POST", "/api/v1/risk/complications", {"patient": shared.key()}, expect=403)

    assert "scores" not in refused


def test_a_value_that_no_score_reads_is_refused(shared: OpenHouse) -> None:
    refused = shared.as_("doctor").ask("POST", "/api/v1/risk/complications", {"values": {"colesterol": 200}}, expect=400)

    assert "'colesterol'" in refused["detail"]


def test_a_score_that_is_not_asked_here_is_refused(shared: OpenHouse) -> None:
    refused = shared.as_("doctor").ask("POST", "/api/v1/risk/complications", {"scores": ["apgar"]}, expect=400)

    assert "'apgar' is not asked here" in refused["detail"]


def test_every_score_says_where_it_comes_from_and_whom_it_is_not_for(shared: OpenHouse) -> None:
    risks = shared.as_("doctor").post("/api/v1/risk/patient-assessment", {"values": {"age_years": 50}})

    assert len(risks["scores"]) > 20
    assert [
        each["capability"] for each in risks["scores"] if len(each["reference"]) < 10 or each["standing"] not in ("verified", "provisional")
    ] == []
