"""The capability library at the door: what each one answers, on what grounds, and a door to try it."""

import asyncio

import pytest

from api.house import OpenHouse
from wardline.api.capabilities import AT_ONE_GO, assess_many
from wardline.core.people import Person

WELL = {
    "respiratory_rate": 16, "oxygen_saturation": 97, "supplemental_oxygen": False, "systolic_pressure": 120, "pulse": 70, "consciousness": "A",
    "temperature": 37.0, "spo2_scale": 1,
}  # fmt: skip


def test_every_capability_that_runs_is_listed_with_its_grounds(shared: OpenHouse) -> None:
    library = shared.as_("auditor").get("/api/v1/capabilities")

    assert {each["id"] for each in library["capabilities"]} == set(shared.running.services.capabilities)
    assert all(each["reference"] and each["question"] and each["digest"] for each in library["capabilities"])
    assert all(each["cases_passed"] == each["cases_total"] > 0 for each in library["capabilities"] if each["about"] != "study")
    assert all(each["cases_total"] == 0 for each in library["capabilities"] if each["about"] == "study"), "those run when somebody opens one"
    assert library["not_running"] == []


def test_a_page_shows_the_bands_as_published_and_every_case(shared: OpenHouse) -> None:
    """RCP 2017, chart 1: respiration rate 8 or less 3, 9-11 1, 12-20 0, 21-24 2, 25 or more 3."""
    page = shared.as_("nurse").get("/api/v1/capabilities/news2")

    (respiration,) = [table for table in page["chart"] if table["input"] == "respiratory_rate"]
    assert [(band["from"], band["to"], band["points"]) for band in respiration["bands"]] == [
        (None, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, None, 3),
    ]  # fmt: skip
    assert {each["name"] for each in page["inputs"]} >= {"respiratory_rate", "temperature", "spo2_scale"}
    assert len(page["cases"]) == page["cases_total"]
    assert all(case["passed"] for case in page["cases"])


@pytest.mark.parametrize("path", ["", "/assess", "/batch"])
def test_a_capability_that_is_not_here_is_not_found(shared: OpenHouse, path: str) -> None:
    body = [{}] if path == "/batch" else {}

    refused = shared.as_("nurse").ask("POST" if path else "GET", f"/api/v1/capabilities/astrology{path}", body if path else None, expect=404)

    assert refused["detail"] == "there is no such capability here"


def test_a_question_is_answered_and_nothing_is_stored(shared: OpenHouse) -> None:
    before = shared.wardline.engine.house.seq

    answered = shared.as_("nurse").post("/api/v1/capabilities/news2/assess", {**WELL, "pulse": 135})

    # RCP 2017, chart 1: pulse 131 or more is 3, and 3 in one input is a low-medium risk.
    assert (answered["outcome"], answered["value"]) == ("finding", 3)
    assert shared.wardline.engine.house.seq == before


def test_many_questions_are_answered_in_order(shared: OpenHouse) -> None:
    answered = shared.as_("nurse").post("/api/v1/capabilities/news2/batch", [WELL, {**WELL, "pulse": 135}, {"pulse": "fast"}, {}])

    assert [each["outcome"] for each in answered] == ["finding", "finding", "refused", "unknown"]
    assert [each.get("value") for each in answered] == [0, 3, None, None]


@pytest.mark.parametrize("id", ["critical_values", "kdigo_aki", "corrected_sodium"])
def test_every_shape_of_answer_keeps_its_promise(shared: OpenHouse, id: str) -> None:
    """Each reference case of these capabilities, asked at the door: several answers, reasons, suggestions, not valid."""
    page = shared.as_("nurse").get(f"/api/v1/capabilities/{id}")

    for case in page["cases"]:
        answered = shared.as_("nurse").post(f"/api/v1/capabilities/{id}/assess", case["given"])
        assert answered["outcome"] == case["expect"].get("outcome", answered["outcome"]), case["name"]


NOBODY = Person("eve", "Eve", frozenset())


def test_a_long_batch_lets_messages_through(shared: OpenHouse) -> None:
    """FT-22: the ward does not wait for somebody's spreadsheet. While 5,000 questions are answered, other work gets its turns."""
    turns = 0

    async def both() -> int:
        nonlocal turns
        asking = asyncio.ensure_future(assess_many("news2", shared.running.services, NOBODY, [WELL] * 5_000))
        while not asking.done():
            await asyncio.sleep(0)
            turns += 1
        return (await asking).status_code

    assert shared.do(both) == 200
    assert turns >= 5_000 / AT_ONE_GO
