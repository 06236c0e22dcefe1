"""Feeds at the door: what arrives, what nobody understands yet, and what was put aside."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, Obx, adt, oru

LOCAL = "KAL^Kalium im Plasma^L"
AT = MORNING + timedelta(minutes=20)
LATER = AT + timedelta(minutes=5)


def _broken(message: bytes) -> bytes:
    """It speaks about nobody."""
    return message.replace(b"\rPID|", b"\rPIX|")


def _quarantined(house: OpenHouse) -> int:
    """Puts aside a potassium of Ada's."""
    house.send(_broken(oru(ADA, Obx("2823-3", 7.1), at=AT, order="K1", control="BROKEN1")))
    (waiting,) = house.as_("engineer").get("/api/v1/quarantine")["messages"]
    return int(waiting["id"])


def _potassium(house: OpenHouse) -> list[float]:
    timeline = house.as_("doctor").get(f"/api/v1/patients/{house.key()}/timeline")
    return [point["value"] for each in timeline["measured"] if each["name"] == "potassium" for point in each["points"]]


def test_every_feed_says_how_it_is(shared: OpenHouse) -> None:
    feeds = {feed["label"]: feed for feed in shared.as_("engineer").get("/api/v1/feeds")["feeds"]}

    monitor = feeds["Bedside monitors"]
    assert (monitor["received"], monitor["quarantined"], monitor["confirmed"], monitor["silent_since"]) == (2, 0, True, None)
    assert sum(monitor["per_minute"]) == monitor["per_hour"] == 2
    assert [feed["confirmed"] for label, feed in feeds.items() if label != "Bedside monitors"] == [False], "the sender of admissions is a stranger"


def test_a_code_nobody_has_mapped_is_mapped_and_the_past_is_read_again(house: OpenHouse) -> None:
    house.send(oru(ADA, Obx(LOCAL, 7.1, unit="mmol/L"), at=AT, order="K1"))
    engineer = house.as_("engineer")
    (feed,) = [each for each in engineer.get("/api/v1/feeds")["feeds"] if each["unmapped"]]
    (code,) = engineer.get(f"/api/v1/feeds/{feed['name']}/unmapped")["codes"]
    assert (code["code"], code["text"], code["unit"], code["count"]) == (LOCAL, "Kalium im Plasma", "mmol/L", 1)
    assert _potassium(house) == []

    mapped = engineer.post(f"/api/v1/feeds/{feed['name']}/mappings", {"code": LOCAL, "concept": "potassium", "unit": "mmol/L"})

    assert (mapped["mapped"], mapped["concept"], mapped["values_read_again"]) == (LOCAL, "potassium", 1)
    assert _potassium(house) == [7.1]
    assert engineer.get(f"/api/v1/feeds/{feed['name']}/unmapped")["codes"] == []
    findings = house.as_("doctor").get(f"/api/v1/patients/{house.key()}/findings")["findings"]
    assert [each["value"] for each in findings if each["capability"] == "critical_values"] == [7.1]


@pytest.mark.parametrize(
    ("mapping", "where"),
    [({"code": LOCAL, "concept": "rhubarb"}, "concept"), ({"code": LOCAL, "concept": "potassium", "unit": "furlong"}, "unit")],
)
def test_a_mapping_that_cannot_be_is_refused_by_field(shared: OpenHouse, mapping: dict[str, str], where: str) -> None:
    assert shared.as_("engineer").post("/api/v1/feeds/monitor/mappings", mapping, 400)["where"] == where


@pytest.mark.parametrize(("method", "path"), [("GET", "unmapped"), ("POST", "mappings")])
def test_a_feed_nobody_knows_is_not_found(shared: OpenHouse, method: str, path: str) -> None:
    body = {"code": LOCAL, "concept": "potassium"}

    assert shared.as_("engineer").ask(method, f"/api/v1/feeds/nobody/{path}", body, expect=404)["detail"] == "there is no such feed"


def test_a_message_put_aside_says_why_without_saying_who(house: OpenHouse) -> None:
    _quarantined(house)

    (waiting,) = house.as_("nurse").get("/api/v1/quarantine")["messages"]

    assert (waiting["control_id"], waiting["code"]) == ("BROKEN1", "segment-missing")
    assert "PID" in waiting["reason"]
    assert "Moss" not in str(waiting)


def test_a_repaired_message_reaches_the_chart(house: OpenHouse) -> None:
    seq, engineer = _quarantined(house), house.as_("engineer")
    text = engineer.get(f"/api/v1/quarantine/{seq}")["text"]
    assert text.splitlines()[1].startswith("PIX|")

    done = engineer.post(f"/api/v1/quarantine/{seq}/replay", {"text": text.replace("PIX|", "PID|")})

    assert done["id"] == seq
    assert done["replayed_as"] > seq
    assert _potassium(house) == [7.1]
    assert engineer.get("/api/v1/quarantine")["messages"] == []


def test_what_is_still_wrong_stays_put_aside_and_says_why(house: OpenHouse) -> None:
    seq, engineer = _quarantined(house), house.as_("engineer")

    refused = engineer.post(f"/api/v1/quarantine/{seq}/replay", {}, 400)

    assert "PID" in refused["detail"]
    assert [each["id"] for each in engineer.get("/api/v1/quarantine")["messages"]] == [seq]
    assert _potassium(house) == []


def test_a_dismissed_message_is_dealt_with_for_good(house: OpenHouse) -> None:
    seq, engineer = _quarantined(house), house.as_("engineer")

    engineer.post(f"/api/v1/quarantine/{seq}/dismiss", {"note": "sent again in full"}, 204)

    assert engineer.get("/api/v1/quarantine")["messages"] == []
    for method, path in (("GET", ""), ("POST", "/replay"), ("POST", "/dismiss")):
        again = engineer.ask(method, f"/api/v1/quarantine/{seq}{path}", {"note": "twice"} if path == "/dismiss" else {}, expect=409)
        assert "not in quarantine" in again["detail"]


def test_a_dismissal_needs_its_reason(house: OpenHouse) -> None:
    seq = _quarantined(house)

    assert house.as_("engineer").post(f"/api/v1/quarantine/{seq}/dismiss", {"note": "x"}, 422)["where"] == "note"


def test_whoever_repairs_is_named_before_the_message_is_shown(house: OpenHouse) -> None:
    seq, engineer = _quarantined(house), house.as_("engineer")
    engineer.get(f"/api/v1/quarantine/{seq}")
    engineer.post(f"/api/v1/quarantine/{seq}/dismiss", {"note": "sent again in full"}, 204)

    me = engineer.get("/api/v1/auth/me")["id"]
    assert [entry["action"] for entry in house.audited(who=me)][-2:] == ["quarantined message opened", "quarantined message dismissed"]


def test_a_mapping_outlives_the_process(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING), oru(ADA, Obx(LOCAL, 3.9, unit="mmol/L"), at=AT, order="K1"))
    (name,) = [each["name"] for each in house.as_("engineer").get("/api/v1/feeds")["feeds"] if each["unmapped"]]
    house.as_("engineer").post(f"/api/v1/feeds/{name}/mappings", {"code": LOCAL, "concept": "potassium", "unit": "mmol/L"})
    house.close()

    again = open_house()
    again.send(oru(ADA, Obx(LOCAL, 4.4, unit="mmol/L"), at=LATER, order="K2"))

    assert _potassium(again) == [3.9, 4.4]
