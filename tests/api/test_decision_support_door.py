"""Every capability asked at once, about a record of ours or about resources somebody sends."""

from datetime import UTC, datetime

from api.house import OpenHouse
from support.ehr import IBUPROFEN, WARFARIN, bundle, observation, order, patient

NOW = datetime.now(UTC).isoformat()


def test_a_record_is_processed_by_every_capability_and_gaps_are_named(shared: OpenHouse) -> None:
    before = shared.wardline.engine.house.seq
    answer = shared.as_("doctor").post("/api/v1/ehr/process-patient", {"patient": shared.key()})

    assert next(each for each in answer["findings"] if each["capability"] == "news2")["value"] == 14
    assert all(each["missing"] or each["reason"] for each in answer["unanswered"])
    assert answer["failed"] == []
    assert shared.wardline.engine.house.seq == before  # nothing is stored


def test_proposed_orders_are_judged_on_resources_alone(shared: OpenHouse) -> None:
    answer = shared.as_("doctor").post(
        "/api/v1/clinical/decision-support",
        {"resources": [patient(), bundle(order(WARFARIN, at=NOW, status="active"))], "proposed": [order(IBUPROFEN, at=NOW)]},
    )

    assert any(each["because_of"] == ["ibuprofen"] for each in answer["changes"])


def test_what_the_record_has_nothing_of_comes_from_the_resources_and_what_both_have_from_the_record(shared: OpenHouse) -> None:
    sent = [observation("2823-3", 7.1, "mmol/L", at=NOW, of="x"), observation("8867-4", 61, "/min", at=NOW, of="x")]
    answer = shared.as_("doctor").post(
        "/api/v1/clinical/decision-support", {"patient": shared.key(), "resources": sent, "capabilities": ["news2", "critical_values"]}
    )

    pulse = next(line for each in answer["findings"] if each["capability"] == "news2" for line in each["because"] if line["input"] == "pulse")
    assert pulse["value"] != 61


def test_a_question_about_nobody_is_refused_and_an_unknown_capability_not_found(shared: OpenHouse) -> None:
    doctor = shared.as_("doctor")

    assert "name a patient" in doctor.post("/api/v1/clinical/decision-support", {}, expect=400)["detail"]
    doctor.post("/api/v1/clinical/decision-support", {"patient": shared.key(), "capabilities": ["astrology"]}, expect=404)
    doctor.post("/api/v1/ehr/process-patient", {"patient": "nobody"}, expect=404)
