"""Ward boards at the door: who needs somebody, why, and since when."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, WELL, adt, vitals
from wardline.api.services import Unit

# RCP 2017, chart 1: respiratory rate 22 is 2 points, the rest of WELL is 0.
TWO = {**WELL, "9279-1": 22}
# Respiratory rate 22 (2), saturation 93 (2), systolic 105 (1), pulse 95 (1), temperature 38.5 (1): 7.
SEVEN = {"9279-1": 22, "59408-5": 93, "8480-6": 105, "8867-4": 95, "8310-5": 38.5}


def _minutes(count: float) -> datetime:
    return MORNING + timedelta(minutes=count)


def test_every_unit_says_how_many_patients_need_somebody(shared: OpenHouse) -> None:
    (unit,) = shared.as_("nurse").get("/api/v1/boards")["units"]

    assert unit == {"unit": "7A", "label": "7A", "patients": 2, "high": 1, "medium": 0, "low": 0, "unseen": 1}


def test_a_unit_nobody_has_heard_of_is_not_found(shared: OpenHouse) -> None:
    assert shared.as_("nurse").get("/api/v1/boards/9Z", 404)["title"] == "Not found"


def test_the_deteriorating_patient_rises_on_the_board(open_house: Callable[..., OpenHouse]) -> None:
    """Journey 1: NEWS2 goes from 2 to 7; the row asks for somebody, says why and who is told next."""
    house = open_house()
    nurse = house.as_("nurse")
    house.send(adt("A01", ADA, at=MORNING), vitals(ADA, TWO, at=_minutes(1)))
    (before,) = nurse.get("/api/v1/boards/7A")["rows"]

    house.send(vitals(ADA, SEVEN, at=_minutes(60)))

    (row,) = nurse.get("/api/v1/boards/7A")["rows"]
    assert (before["score"]["value"], before["needs_action"], before["alert"]) == (2, False, None)
    assert (row["score"]["value"], row["score"]["previous"], row["score"]["words"]) == (7, 2, "up from 2")
    assert (row["needs_action"], row["mark"]) == (True, {"severity": "high", "seen": False, "word": "High"})
    assert (row["alert"]["tier"], row["alert"]["state"], row["alert"]["escalates_to"]) == ("page", "raised", ["doctor"])
    assert datetime.fromisoformat(row["alert"]["escalates_at"]) == _minutes(75), "15 minutes after it was raised, as the policy says"
    assert [[value, at_least] for _, value, at_least in row["trend"]] == [[2, False], [7, False]]
    assert row["urgency"] > before["urgency"]


def test_who_answered_is_on_the_doctors_board(house: OpenHouse) -> None:
    (alert,) = [row["alert"] for row in house.as_("nurse").get("/api/v1/boards/7A")["rows"] if row["alert"]]
    house.as_("nurse").post(f"/api/v1/nurse/queue/{house.key()}/action", {"alert": alert["id"], "action": "acknowledge"})

    (seen,) = [row["alert"] for row in house.as_("doctor").get("/api/v1/boards/7A")["rows"] if row["alert"]]

    assert (seen["acknowledged_by"], seen["state"], seen["escalates_at"]) == ("Amelia Brandt", "acknowledged", None)
    assert datetime.fromisoformat(seen["acknowledged_at"]) == _minutes(10)


def test_an_incomplete_score_says_at_least_and_what_is_missing(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    without_temperature = {code: value for code, value in ILL.items() if code != "8310-5"}
    house.send(adt("A01", ADA, at=MORNING), vitals(ADA, without_temperature, at=_minutes(1)))

    (row,) = house.as_("nurse").get("/api/v1/boards/7A")["rows"]

    # RCP 2017, chart 1: ILL without its 2 points for temperature.
    assert (row["score"]["value"], row["score"]["outcome"], row["score"]["missing"]) == (12, "at_least", ["temperature"])
    assert row["score"]["words"] == "temperature missing"


def test_a_free_bed_is_a_row_as_far_as_the_site_has_described_the_unit(house: OpenHouse) -> None:
    house.running.services.units = {"7A": Unit("Ward 7A, medicine", ("4", "5", "12"))}

    board = house.as_("nurse").get("/api/v1/boards/7A")

    free = [row["bed"] for row in board["rows"] if row["about"] is None]
    assert (board["label"], free, board["totals"]["beds"], board["totals"]["in_use"]) == ("Ward 7A, medicine", ["5"], 3, 2)


def test_a_patient_who_leaves_is_on_the_board_no_more(house: OpenHouse) -> None:
    house.send(adt("A03", ADA, at=_minutes(20), visit="V1"))

    board = house.as_("nurse").get("/api/v1/boards/7A")

    assert [row["about"] for row in board["rows"]] == [house.key(BEN)]
    assert board["totals"]["high"] == 0


def test_a_patient_who_moves_is_on_the_other_board(house: OpenHouse) -> None:
    house.send(adt("A02", ADA, at=_minutes(20), visit="V1", unit="ITU", bed="3"))
    nurse = house.as_("nurse")

    assert [row["about"] for row in nurse.get("/api/v1/boards/7A")["rows"]] == [house.key(BEN)]
    assert [(row["about"], row["bed"]) for row in nurse.get("/api/v1/boards/ITU")["rows"]] == [(house.key(ADA), "3")]


def test_every_age_on_the_board_is_that_of_its_source(shared: OpenHouse) -> None:
    board = shared.as_("nurse").get("/api/v1/boards/7A")

    ages = {feed["label"]: feed["age_seconds"] for feed in board["feeds"]}
    assert ages["Bedside monitors"] == 0
    assert all(row["vitals"]["at"] == board["as_of"] for row in board["rows"])


@pytest.mark.parametrize("unit", ["", "7A"])
def test_the_numbers_of_the_queue_are_those_of_the_board(shared: OpenHouse, unit: str) -> None:
    metrics = shared.as_("nurse").get("/api/v1/nurse/dashboard/metrics", unit=unit)

    assert (metrics["open"], metrics["by_tier"]["page"], metrics["unseen"], metrics["longest_wait_seconds"]) == (1, 1, 1, 0)
