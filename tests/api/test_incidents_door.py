"""Incidents: found on a list by those who look into them, until they say what came of it (journey 3)."""

from datetime import timedelta

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, Obx, oru

AT = MORNING + timedelta(minutes=20)


def _a_result_of_somebody_else(house: OpenHouse) -> None:
    house.send(oru(ADA, Obx("2823-3", 7.1), at=AT, order="L1"))
    house.as_("nurse").get(f"/api/v1/patients/{house.key(ADA)}/timeline")
    house.send(oru(ADA, Obx("2823-3", 7.1, "W"), at=AT + timedelta(minutes=5), observed=AT, order="L1"))


def test_a_result_on_the_wrong_chart_is_listed_with_who_had_looked_and_without_its_value(house: OpenHouse) -> None:
    _a_result_of_somebody_else(house)

    (item,) = house.as_("manager").get("/api/v1/incidents")["items"]

    assert (item["what"], item["patient"], item["name"], item["unit"], item["bed"]) == (
        "result on the wrong patient", house.key(ADA), "Moss, Ada", "7A", "12",
    )  # fmt: skip
    assert item["seen_by"] == ["Amelia Brandt"]
    assert "7.1" not in str(item)


def test_it_leaves_the_list_when_somebody_says_what_came_of_it_and_the_log_keeps_the_words(house: OpenHouse) -> None:
    _a_result_of_somebody_else(house)
    manager = house.as_("manager")
    (item,) = manager.get("/api/v1/incidents")["items"]

    manager.post(f"/api/v1/incidents/{item['id']}/conclude", {"note": "laboratory and ward were told"}, expect=204)

    assert manager.get("/api/v1/incidents")["items"] == []
    stored = house.do(lambda: [event.value for event in house.wardline.log.events_of([house.key(ADA)]) if event.kind == "Concluded"])
    assert [(value.incident, value.note) for value in stored] == [(int(item["id"]), "laboratory and ward were told")]
    assert [entry["about"] for entry in house.audited() if entry["action"] == "incident concluded"] == [house.key(ADA)]


def test_what_nobody_opened_cannot_be_concluded(house: OpenHouse) -> None:
    for id in ("1", "²", "9" * 30):
        house.as_("manager").post(f"/api/v1/incidents/{id}/conclude", {"note": "nothing"}, expect=404)


def test_a_nurse_does_not_conclude_who_looked_at_whom(house: OpenHouse) -> None:
    house.as_("nurse").get("/api/v1/incidents", expect=403)
    house.as_("doctor").post("/api/v1/incidents/1/conclude", {"note": "nothing"}, expect=403)
