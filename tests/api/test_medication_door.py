"""The medication doors: a list of drugs checked for a patient or for given values, and the review the screen shows."""

from typing import Any

import pytest

from api.house import OpenHouse

DRUGS = ["warfarin 5 mg", {"what": "ibuprofen", "dose": "400 mg", "route": "PO", "frequency": "TID"}]


def keys(answer: dict[str, Any]) -> list[str]:
    return [each["key"] for each in answer["problems"]]


def test_given_drugs_are_checked_without_any_patient(shared: OpenHouse) -> None:
    answer = shared.as_("doctor").post(
        "/api/v1/recommendations/medication",
        {"medications": DRUGS, "age_years": 78, "sex": "F", "weight_kg": 61, "results": {"inr": 3.8, "creatinine": 1.4}, "allergies": []},
    )

    pair = next(each for each in answer["problems"] if each["key"] == "ibuprofen+warfarin")
    assert (pair["tier"], pair["severity"], pair["standing"]) == ("interrupt", "high", "verified")
    assert {"what": "INR", "value": "3.8", "effect": "worse"} in pair["reasons"]
    assert pair["instead"] == ["paracetamol"]
    assert answer["allergies_known"]
    assert "patient" not in answer
    assert answer["creatinine_clearance"] == 31.9  # (140 - 78) * 61 / (72 * 1.4) * 0.85


def test_a_role_is_told_what_concerns_it(shared: OpenHouse) -> None:
    question = {"medications": ["warfarin", "bosentan", "ibuprofen"]}

    whole = shared.as_("doctor").post("/api/v1/recommendations/medication", question)
    nurse = shared.as_("nurse").post("/api/v1/recommendations/medication", {**question, "role": "nurse"})

    assert "bosentan+warfarin" in keys(whole)
    assert "bosentan+warfarin" not in keys(nurse)
    assert "ibuprofen+warfarin" in keys(nurse)


def test_the_record_is_reviewed_and_nothing_is_stored(shared: OpenHouse) -> None:
    before = shared.wardline.engine.house.seq

    answer = shared.as_("nurse").get(f"/api/v1/patients/{shared.key()}/medication-review")

    assert answer["patient"] == shared.key()
    assert {"drugs", "problems", "not_checked", "unrecognised"} <= answer.keys()
    assert shared.wardline.engine.house.seq == before


def test_a_drug_is_tried_on_the_record_before_it_is_ordered(shared: OpenHouse) -> None:
    answer = shared.as_("doctor").post("/api/v1/recommendations/medication", {"patient": shared.key(), "medications": DRUGS})

    assert "interaction:ibuprofen+warfarin" in answer["new_problems"]
    assert [each["what"] for each in answer["drugs"] if each["is_new"]] == ["warfarin 5 mg", "ibuprofen"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"medications": [{"dose": "5 mg"}]}, "what is missing"), ({"medications": ["warfarin"], "results": {"luck": 7}}, "'luck' is no concept"),
        ({"medications": [{"what": "warfarin", "since": "yesterday"}]}, "is a time such as"),
    ],
)  # fmt: skip
def test_a_question_that_is_none_is_refused_with_what_to_do(shared: OpenHouse, question: dict[str, Any], said: str) -> None:
    refused = shared.as_("doctor").post("/api/v1/recommendations/medication", question, expect=400)

    assert said in refused["detail"]


def test_somebody_elses_patient_is_not_checked(shared: OpenHouse) -> None:
    shared.as_("admin").post("/api/v1/recommendations/medication", {"patient": shared.key(), "medications": DRUGS}, expect=403)


def test_a_running_drug_given_for_long_is_not_new(shared: OpenHouse) -> None:
    drugs = [{"what": what, "since": "2026-10-12T08:00:00Z"} for what in ("bisoprolol", "verapamil")]

    answer = shared.as_("doctor").post("/api/v1/recommendations/medication", {"medications": drugs, "as_of": "2026-11-21T08:00:00Z"})

    (pair,) = [each for each in answer["problems"] if each["kind"] == "interaction"]
    assert pair["tolerated_days"] == 40
    assert pair["severity"] == "low"
