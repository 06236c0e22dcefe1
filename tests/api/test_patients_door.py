"""Patients at the door: finding them, and everything known about one of them as of a moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.house import OpenHouse, times_in
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, WELL, Obx, Patient, adt, oru, vitals

POTASSIUM = "2823-3"
NIGHT = MORNING.replace(hour=2)


def _at(hour: int, minute: int) -> datetime:
    return MORNING.replace(hour=hour, minute=minute)


def test_everybody_in_the_hospital_is_listed_by_unit_and_bed(shared: OpenHouse) -> None:
    listed = shared.as_("nurse").get("/api/v1/patients")

    assert [(each["name"], each["unit"], each["bed"]) for each in listed["patients"]] == [("Byrne, Ben", "7A", "4"), ("Moss, Ada", "7A", "12")]
    assert listed["total"] == 2


@pytest.mark.parametrize("words", ["moss", "MOSS, A", "1001", "Ada"])
def test_a_patient_is_found_by_name_or_number(shared: OpenHouse, words: str) -> None:
    found = shared.as_("nurse").post("/api/v1/patients/search", {"q": words})

    assert [(each["id"], each["number"], each["born"], each["sex"]) for each in found["patients"]] == [(shared.key(ADA), "1001", "1955-03-03", "F")]


def test_long_lists_come_in_pages(shared: OpenHouse) -> None:
    nurse = shared.as_("nurse")

    first, second, third = (nurse.get("/api/v1/patients", limit=1, offset=offset) for offset in (0, 1, 2))

    assert [each["name"] for page in (first, second, third) for each in page["patients"]] == ["Byrne, Ben", "Moss, Ada"]
    assert first["total"] == second["total"] == third["total"] == 2


def test_a_search_within_a_unit_finds_nobody_from_another(shared: OpenHouse) -> None:
    assert shared.as_("nurse").post("/api/v1/patients/search", {"q": "moss", "unit": "8B"})["patients"] == []


def test_a_name_in_an_address_is_refused_with_where_to_search(shared: OpenHouse) -> None:
    """ASVS 14.2.1: an answer without the search would look as if everybody had been found."""
    refused = shared.as_("nurse").get("/api/v1/patients", 400, q="moss")

    assert (refused["where"], "POST /api/v1/patients/search" in refused["detail"]) == ("q", True)
    assert "moss" not in str(refused)


def test_what_was_searched_is_kept_nowhere_between(shared: OpenHouse) -> None:
    """ASVS 14.2.1, 14.2.2."""
    answered = shared.as_("nurse").request("POST", "/api/v1/patients/search", {"q": "moss"})

    assert answered.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["", "/timeline", "/findings", "/alerts"])
def test_an_unknown_patient_is_said_to_be_unknown(shared: OpenHouse, path: str) -> None:
    assert shared.as_("doctor").get(f"/api/v1/patients/nobody{path}", 404)["detail"] == "there is no such patient"


@pytest.mark.parametrize("path", ["", "/timeline", "/findings", "/alerts"])
def test_a_moment_without_its_offset_is_refused_by_name(shared: OpenHouse, path: str) -> None:
    refused = shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}{path}", 400, as_of="2026-03-02T08:00:00")

    assert refused["where"] == "as_of"
    assert "offset" in refused["detail"]


@pytest.mark.parametrize("path", ["", "/timeline", "/findings", "/alerts"])
def test_the_future_is_not_known_yet(shared: OpenHouse, path: str) -> None:
    """A moment that has not come is answered as of now, and says so."""
    answered = shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}{path}", as_of="2226-03-02T08:00:00Z")

    assert datetime.fromisoformat(answered["as_of"]) == MORNING + timedelta(minutes=10)


def test_a_patient_page_carries_the_score_with_every_reason(shared: OpenHouse) -> None:
    """RCP 2017, chart 1: 3 + 3 + 3 + 3 + 2 = 14, on air and alert."""
    patient = shared.as_("doctor").get(f"/api/v1/patients/{shared.key()}")

    news2 = next(each for each in patient["answers"] if each["capability"] == "news2")
    points = {each["input"]: each["points"] for each in news2["because"]}
    assert news2["value"] == 14
    assert [points[name] for name in ("respiratory_rate", "oxygen_saturation", "systolic_pressure", "pulse", "temperature")] == [3, 3, 3, 3, 2]
    assert all(datetime.fromisoformat(each["at"]) == MORNING + timedelta(minutes=10) for each in news2["because"])
    assert (patient["family"], patient["place"]["unit"], patient["place"]["bed"], patient["age_years"]) == ("Moss", "7A", "12", 70)


def _night_of(house: OpenHouse) -> None:
    """Ada gets worse at three; her potassium of 02:30 is corrected at 03:30; at 04:00 she is better."""
    house.send(
        adt("A01", ADA, at=NIGHT), adt("A01", BEN, at=NIGHT, visit="V2", bed="4"),
        vitals(ADA, WELL, at=NIGHT),
        oru(ADA, Obx(POTASSIUM, 7.1), at=_at(2, 30), order="K1"),
        vitals(ADA, ILL, at=_at(3, 0)),
        vitals(BEN, WELL, at=_at(3, 12)),
    )  # fmt: skip


def _after(house: OpenHouse) -> None:
    house.send(
        oru(ADA, Obx(POTASSIUM, 4.1, status="C"), at=_at(3, 30), observed=_at(2, 30), order="K1"),
        vitals(ADA, WELL, at=_at(4, 0)),
    )  # fmt: skip


def _shown(house: OpenHouse, **query: Any) -> dict[str, Any]:
    """What the doctor sees on every page, without what only says that it is the past."""
    doctor, about = house.as_("doctor"), f"/api/v1/patients/{house.key()}"
    pages = {part: doctor.get(about + part, **query) for part in ("", "/timeline", "/findings", "/alerts")}
    only_then = {"past", "now", "hidden"}
    return {part: {name: value for name, value in page.items() if name not in only_then} for part, page in pages.items()}


def test_the_committee_sees_at_0312_what_the_night_team_saw(open_house: Callable[..., OpenHouse]) -> None:
    """Journey 8: the same chart, scores, alerts and versions, although much is known better since."""
    house = open_house()
    _night_of(house)
    then = _shown(house)

    _after(house)

    asked = _shown(house, as_of=_at(3, 12).isoformat())
    assert asked == then
    assert next(each["value"] for each in then[""]["answers"] if each["capability"] == "news2") == 14
    assert all(each["digest"] and each["version"] for each in then[""]["answers"])
    assert max(times_in(asked["/timeline"])) <= _at(3, 12)


def test_the_past_says_how_much_is_known_only_now(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    _night_of(house)
    _after(house)

    timeline = house.as_("doctor").get(f"/api/v1/patients/{house.key()}/timeline", as_of=_at(3, 12).isoformat())

    # After 03:12 came the corrected potassium, and seven values of one set of vital signs.
    assert timeline["hidden"]["chemistry"] == 1
    assert timeline["hidden"]["vital signs"] + timeline["hidden"].get("oxygen", 0) == 7


def test_a_corrected_value_is_kept_beside_what_it_was(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    _night_of(house)
    _after(house)

    timeline = house.as_("doctor").get(f"/api/v1/patients/{house.key()}/timeline")

    (potassium,) = [each for each in timeline["measured"] if each["name"] == "potassium"]
    assert [(point["value"], point["status"]) for point in potassium["points"]] == [(4.1, "C")]
    assert [(point["name"], point["value"]) for point in timeline["removed"]] == [("potassium", 7.1)]


def test_findings_over_time_say_what_was_shown_then_and_what_is_true_now(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    _night_of(house)
    _after(house)
    doctor, about = house.as_("doctor"), f"/api/v1/patients/{house.key()}/findings"

    now = doctor.get(about, capability="critical_values")["findings"]
    then = doctor.get(about, capability="critical_values", as_of=_at(3, 12).isoformat())["findings"]

    assert [(each["value"], each["severity"]) for each in then] == [(7.1, "high")]
    # What was shown then is still told; what should have been; and what is so now.
    assert [(each["value"], each["severity"], each["revised"]) for each in now] == [(7.1, "high", False), (4.1, "none", True), (4.1, "none", False)]
    assert now[0]["id"] == then[0]["id"]


def test_a_late_score_says_that_it_was_not_there_then(open_house: Callable[..., OpenHouse]) -> None:
    """FT-16: late by an hour. It stands at its own time, and the past of before its coming does not show it."""
    house = open_house()
    house.send(adt("A01", ADA, at=NIGHT), vitals(ADA, ILL, at=_at(4, 0), observed=_at(3, 0)))  # type: ignore[arg-type]
    doctor, about = house.as_("doctor"), f"/api/v1/patients/{house.key()}"

    past = doctor.get(about, as_of=_at(3, 30).isoformat())
    now = doctor.get(f"{about}/timeline")

    assert past["answers"] == []
    pulse = next(each for each in now["measured"] if each["name"] == "pulse")
    assert (datetime.fromisoformat(pulse["points"][0]["at"]), datetime.fromisoformat(pulse["points"][0]["recorded_at"])) == (_at(3, 0), _at(4, 0))


def test_a_merged_record_is_found_under_either_key(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    twice = Patient("2001", "Moss", "Ada")
    house.send(
        adt("A01", ADA, at=NIGHT), vitals(ADA, ILL, at=_at(2, 10)), adt("A01", twice, at=_at(2, 20), visit="V9"),
        adt("A40", ADA, at=_at(2, 30), retired=twice),
    )  # fmt: skip
    doctor = house.as_("doctor")

    assert doctor.get(f"/api/v1/patients/{house.key(twice)}")["id"] == house.key(ADA)
    assert [each["id"] for each in doctor.post("/api/v1/patients/search", {"q": "moss"})["patients"]] == [house.key(ADA)]


def test_a_visit_filed_under_the_wrong_patient_takes_its_answers_and_alerts_along(open_house: Callable[..., OpenHouse]) -> None:
    """FT-18, A45: what was said of the visit is read with whom it belongs to; the past shows it where it stood then."""
    house = open_house()
    house.send(
        adt("A01", ADA, at=NIGHT, visit="V1"), adt("A01", BEN, at=NIGHT, visit="V2", bed="4"), vitals(BEN, ILL, at=_at(2, 10), visit="V2"),
        adt("A45", ADA, at=_at(2, 30), visit="V2", retired=BEN, retired_visit="V2"),
    )  # fmt: skip
    doctor = house.as_("doctor")

    def scores(whose: Patient, **query: Any) -> list[Any]:
        found = doctor.get(f"/api/v1/patients/{house.key(whose)}/findings", capability="news2", **query)["findings"]
        return [each["value"] for each in found if each["outcome"] == "finding"]

    def alerts(whose: Patient) -> list[str]:
        shown = doctor.get(f"/api/v1/patients/{house.key(whose)}/alerts", as_of=_at(2, 30).isoformat())
        return [each["capability"] for each in shown["open"]]

    assert (scores(BEN), alerts(BEN)) == ([], [])
    assert 14 in scores(ADA)
    assert scores(BEN, as_of=_at(2, 20).isoformat()) == [14]
