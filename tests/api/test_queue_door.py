"""The queue and the acts that decide it: who does what, who was first, what can be taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from wardline.core.people import User

RAISED = MORNING + timedelta(minutes=10)


def _alert(house: OpenHouse) -> str:
    (item,) = house.as_("nurse").get("/api/v1/nurse/queue")["items"]
    return str(item["alert"])


def _act(who: Visitor, house: OpenHouse, action: str, expect: int = 200, **more: Any) -> Any:
    about = more.pop("about", house.key(ADA))
    return who.post(f"/api/v1/nurse/queue/{about}/action", {"alert": more.pop("alert", None) or _alert(house), "action": action, **more}, expect)


def _later(house: OpenHouse, seconds: float) -> None:
    """Ben's monitor speaks, so that time passes for everybody."""
    now = datetime.fromisoformat(house.as_("nurse").get("/api/v1/nurse/queue")["as_of"])
    house.send(vitals(BEN, WELL, at=now + timedelta(seconds=seconds)))


def test_the_queue_says_what_it_is_about_and_how_long_it_waits(house: OpenHouse) -> None:
    _later(house, 300)

    (item,) = house.as_("nurse").get("/api/v1/nurse/queue")["items"]

    assert (item["patient"]["family"], item["patient"]["bed"], item["severity"], item["tier"]) == ("Moss", "12", "high", "page")
    assert (item["waiting_seconds"], item["limit_seconds"], item["owner"]) == (300, 900, "nurse")
    assert "14" in item["summary"]
    assert item["action"].startswith("Emergency assessment"), "the words of RCP 2017, chart 4"


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"urgency": "high"}, 1), ({"urgency": "low"}, 0), ({"unit": "7A"}, 1), ({"unit": "8B"}, 0), ({"has_red_flags": True}, 1),
     ({"has_red_flags": False}, 0), ({"mine": True}, 0)],
)  # fmt: skip
def test_the_queue_is_filtered(shared: OpenHouse, asked: dict[str, Any], found: int) -> None:
    assert len(shared.as_("nurse").get("/api/v1/nurse/queue", **asked)["items"]) == found


def test_an_urgency_that_does_not_exist_is_refused(shared: OpenHouse) -> None:
    assert shared.as_("nurse").get("/api/v1/nurse/queue", 400, urgency="dire")["where"] == "urgency"


def test_an_acknowledged_alert_is_taken_by_name(house: OpenHouse) -> None:
    taken = _act(house.as_("nurse"), house, "acknowledge", comment="on my way")

    assert (taken["state"], taken["owner"], taken["escalates_at"], taken["waiting_seconds"]) == ("acknowledged", "Amelia Brandt", None, 0)
    last = taken["history"][-1]
    assert (last["what"], last["who"], last["comment"]) == ("acknowledged", "Amelia Brandt", "on my way")


def test_whoever_comes_second_is_told_that_somebody_was_first(house: OpenHouse) -> None:
    alert = _alert(house)
    _act(house.as_("nurse"), house, "acknowledge", alert=alert)

    refused = _act(house.as_("doctor"), house, "acknowledge", 409, alert=alert)

    assert refused["title"] == "Conflict"


def test_an_alert_of_another_patient_cannot_be_answered(house: OpenHouse) -> None:
    """FT-37: the screen showed one patient and sent the other's key."""
    refused = _act(house.as_("nurse"), house, "acknowledge", 409, about=house.key(BEN))

    assert refused["detail"] == "this alert belongs to another patient"
    (item,) = house.as_("nurse").get("/api/v1/nurse/queue")["items"]
    assert item["state"] == "raised"


def test_an_override_needs_a_reason_of_the_policy(house: OpenHouse) -> None:
    nurse = house.as_("nurse")

    assert "is not a reason" in _act(nurse, house, "override", 409)["detail"]
    assert "needs a comment" in _act(nurse, house, "override", 409, reason="other")["detail"]
    assert "look again" in _act(nurse, house, "override", 409, reason="will_monitor")["detail"]
    done = _act(nurse, house, "override", reason="treated", comment="fluids running")

    assert done["state"] == "overridden"
    assert nurse.get("/api/v1/nurse/queue")["override_reasons"][6] == {
        "code": "other", "text": "Other", "needs_comment": True, "needs_until": False,
    }  # fmt: skip


def test_undo_takes_the_last_act_back_for_ten_seconds(house: OpenHouse) -> None:
    """SCREENS, principle 6."""
    nurse, alert = house.as_("nurse"), _alert(house)
    taken = _act(nurse, house, "acknowledge", alert=alert)
    assert datetime.fromisoformat(taken["undo_until"]) == RAISED + timedelta(seconds=10)
    _later(house, 10)

    undone = _act(nurse, house, "undo", alert=alert)

    assert (undone["state"], undone["undo_until"]) == ("raised", None)


def test_undo_comes_too_late_after_its_window(house: OpenHouse) -> None:
    nurse, alert = house.as_("nurse"), _alert(house)
    _act(nurse, house, "acknowledge", alert=alert)
    _later(house, 11)

    assert "undo is possible for 10 seconds" in _act(nurse, house, "undo", 409, alert=alert)["detail"]


def test_nobody_undoes_what_somebody_else_did(house: OpenHouse) -> None:
    alert = _alert(house)
    _act(house.as_("nurse"), house, "acknowledge", alert=alert)

    assert "nothing of yours" in _act(house.as_("doctor"), house, "undo", 409, alert=alert)["detail"]


def test_escalation_goes_to_the_next_step_at_once(house: OpenHouse) -> None:
    escalated = _act(house.as_("nurse"), house, "escalate", comment="looks worse than it scores")

    assert escalated["escalates_to"] == ["charge_nurse", "rapid_response"]
    assert escalated["history"][-1]["what"] == "escalated"


def test_a_page_nobody_answers_goes_on_by_itself(house: OpenHouse) -> None:
    """The policy as shipped: the doctor after 15 minutes."""
    _later(house, 901)

    (item,) = house.as_("nurse").get("/api/v1/nurse/queue")["items"]

    assert [entry["what"] for entry in item["history"]] == ["raised", "escalated"]
    assert item["history"][-1]["who"] == "Wardline"


def test_a_hand_over_waits_for_whoever_gets_it(house: OpenHouse) -> None:
    alert = _alert(house)

    handed = _act(house.as_("nurse"), house, "hand_over", alert=alert, role="doctor")

    assert (handed["state"], handed["owner"]) == ("raised", "doctor")
    assert "nobody can be reached" in _act(house.as_("nurse"), house, "hand_over", 409, alert=alert, role="gardener")["detail"]


def test_opening_an_alert_is_kept_once_per_person(house: OpenHouse) -> None:
    alert = _alert(house)
    for _ in range(2):
        shown = _act(house.as_("nurse"), house, "shown", alert=alert)

    assert [entry["what"] for entry in shown["history"]] == ["raised", "opened"]
    assert shown["seen"] is True


def test_an_alert_nobody_knows_is_not_found(house: OpenHouse) -> None:
    assert _act(house.as_("nurse"), house, "acknowledge", 404, alert="none")["title"] == "Not found"


def test_whoever_looks_after_the_patient_finds_their_own(house: OpenHouse) -> None:
    nurse = house.as_("nurse")
    nurse.post(f"/api/v1/patients/{house.key()}/assign", {"role": "nurse", "name": "Amelia Brandt"}, 204)

    (mine,) = nurse.get("/api/v1/nurse/queue", mine=True)["items"]
    row = next(row for row in nurse.get("/api/v1/boards/7A")["rows"] if row["about"] == house.key())

    assert mine["patient"]["id"] == house.key()
    assert row["nurse"] == "Amelia Brandt"


def test_a_patient_given_to_an_account_is_not_that_of_a_namesake(house: OpenHouse) -> None:
    one, other = (house.user(login, "nurse", name="Kim Ward", units=("8B",)) for login in ("kim1", "kim2"))
    door = f"/api/v1/patients/{house.key()}/assign"
    house.as_("nurse").post(door, {"role": "nurse", "person": one.id}, 204)

    mine, theirs = (_signed_in(house, user) for user in (one, other))

    assert [item["patient"]["id"] for item in mine.get("/api/v1/nurse/queue", mine=True)["items"]] == [house.key()]
    assert theirs.get("/api/v1/nurse/queue", mine=True)["items"] == []
    assert mine.get(f"/api/v1/patients/{house.key()}")["assigned"] == {"nurse": "Kim Ward"}
    theirs.get(f"/api/v1/patients/{house.key()}", 403)
    (entry,) = house.wardline.audit.entries(action="assigned")
    assert entry["detail"] == {"role": "nurse", "person": one.id}


def _signed_in(house: OpenHouse, user: User) -> Visitor:
    sessions = house.running.services.sessions
    visitor = Visitor(house)
    visitor.token = house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
    return visitor


def test_an_account_that_is_no_nurse_is_refused_as_one_and_so_is_a_name_it_does_not_have(house: OpenHouse) -> None:
    kim, doctor = house.user("kim", "nurse", name="Kim Ward"), house.user("helen", "doctor", name="Helen Vance")
    nurse, door = house.as_("nurse"), f"/api/v1/patients/{house.key()}/assign"

    for person in (doctor.id, "nobody"):
        assert "no account of a nurse" in nurse.post(door, {"role": "nurse", "person": person}, 400)["detail"]
    assert "another name" in nurse.post(door, {"role": "nurse", "person": kim.id, "name": "Amelia Brandt"}, 400)["detail"]
    assert nurse.get(f"/api/v1/patients/{house.key()}")["assigned"] == {}


def test_a_quiet_patient_stays_visible_and_counted(open_house: Callable[..., OpenHouse]) -> None:
    """AL-4: what is quiet is neither hidden nor forgotten, and it ends."""
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING), adt("A01", BEN, at=MORNING, visit="V2", bed="4"))
    nurse = house.as_("nurse")
    nurse.post(f"/api/v1/patients/{house.key()}/quiet", {"reason": "comfort_care", "minutes": 60, "comment": "family is here"}, 204)

    house.send(vitals(ADA, ILL, at=RAISED))

    (item,) = nurse.get("/api/v1/nurse/queue")["items"]
    assert (item["quiet"], item["escalates_at"]) == ("comfort_care", None)
    assert datetime.fromisoformat(item["quiet_until"]) == MORNING + timedelta(minutes=60)
    assert nurse.get("/api/v1/nurse/dashboard/metrics")["quiet"] == 1


def test_a_reason_to_be_quiet_must_be_one_of_the_policy(house: OpenHouse) -> None:
    wanted = {"reason": "annoying", "minutes": 60}

    assert "is not a reason" in house.as_("nurse").post(f"/api/v1/patients/{house.key()}/quiet", wanted, 409)["detail"]


@pytest.mark.parametrize("what", ["assign", "quiet"])
def test_an_unknown_patient_has_neither_nurse_nor_quiet(shared: OpenHouse, what: str) -> None:
    wanted = {"assign": {"role": "nurse", "name": "A"}, "quiet": {"reason": "comfort_care", "minutes": 5}}[what]

    assert shared.as_("nurse").post(f"/api/v1/patients/nobody/{what}", wanted, 404)["detail"] == "there is no such patient"


def test_a_withdrawn_alert_is_history_with_its_reason(open_house: Callable[..., OpenHouse]) -> None:
    """Journey 2: potassium 7.1, corrected to 4.1 four minutes later."""
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING), oru(ADA, Obx("2823-3", 7.1), at=RAISED, order="K1"))
    doctor, about = house.as_("doctor"), f"/api/v1/patients/{house.key()}/alerts"
    (raised,) = doctor.get(about)["open"]

    house.send(oru(ADA, Obx("2823-3", 4.1, status="C"), at=RAISED + timedelta(minutes=4), observed=RAISED, order="K1"))

    after = doctor.get(about)
    (withdrawn,) = after["history"]
    assert (raised["capability"], raised["key"], raised["severity"]) == ("critical_values", "potassium", "high")
    assert after["open"] == []
    assert (withdrawn["alert"], withdrawn["state"], withdrawn["history"][-1]["what"]) == (raised["alert"], "withdrawn", "withdrawn")
    assert withdrawn["history"][-1]["comment"], "the reason"
    (then,) = doctor.get(about, as_of=RAISED.isoformat())["open"]
    assert then["state"] == "raised"
