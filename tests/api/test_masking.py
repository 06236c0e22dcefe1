"""SEC-15: what carries a label leaves the house for nobody who may not see it, by no door, in no count, text or list.

The doors are those of the OpenAPI document, so that one that is added tomorrow is tried, too.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse, Visitor
from api.restricted import CANARIES, EVE, OWN_COPY, POTASSIUM, ROLES, actor, consent, deny, leaks, looks, permit, plant, purpose, without_times
from support.clocks import MORNING
from support.messages import Obx, oru
from wardline.api.sight import SUMMARY
from wardline.api.streams import sse
from wardline.app.downtime import DowntimePages


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[tuple[OpenHouse, str]]:
    with OpenHouse(tmp_path_factory.mktemp("restricted") / "data", portal) as house:
        yield house, plant(house)


@pytest.fixture
def restricted(open_house: Callable[..., OpenHouse]) -> tuple[OpenHouse, str]:
    house = open_house()
    return house, plant(house)


@pytest.mark.parametrize("role", ROLES)
def test_no_door_shows_a_labelled_fact_to_those_who_may_not_see_it(planted: tuple[OpenHouse, str], role: str) -> None:
    house, about = planted

    assert leaks(house.as_(role), about, but=(OWN_COPY,)) == []


def test_whoever_treats_sees_all_of_it_so_that_these_tests_look_for_what_is_there(planted: tuple[OpenHouse, str]) -> None:
    house, about = planted

    seen = {canary for _, canary in leaks(house.as_("doctor"), about)}

    assert seen == set(CANARIES)


def test_every_door_that_names_a_patient_is_tried(planted: tuple[OpenHouse, str]) -> None:
    tried = {route.path for route, _, _ in looks(planted[1])}

    assert {"/api/v1/patients", "/api/v1/patients/{id}/timeline", "/api/v1/nurse/queue", "/api/v1/boards/{unit}", "/api/v1/notifications"} <= tried


def test_a_patients_denial_hides_it_from_those_who_treat(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    nurse = house.as_("nurse")

    nurse.post("/api/v1/consents", consent(about, deny("HIV", "PRS", actor=actor("PractitionerRole/nurse"))), 201)

    assert leaks(nurse, about) == []
    assert {canary for _, canary in leaks(house.as_("doctor"), about)} == set(CANARIES)


def test_a_withdrawn_consent_ends_at_once(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    nurse = house.as_("nurse")
    made = nurse.post("/api/v1/consents", consent(about, deny("HIV")), 201)
    assert "CANARYRESULT" not in _text(nurse, about)

    nurse.delete(f"/api/v1/patients/{about}/consents/{made['id']}")

    assert "CANARYRESULT" in _text(nurse, about)
    assert [each["status"] for each in nurse.get(f"/api/v1/patients/{about}/consents")["consents"]] == ["inactive"]


def test_boards_live_views_and_downtime_pages_carry_nothing_labelled_for_anybody(restricted: tuple[OpenHouse, str], tmp_path: Path) -> None:
    house, about = restricted
    boards = house.running.boards

    present = house.do(lambda: sse("present", boards.first("board/7A")) + sse("present", boards.first(f"patient/{about}"))).decode()
    present = without_times(present)
    settings = house.wardline.settings.model_copy(update={"downtime": tmp_path})
    house.do(lambda: DowntimePages(house.running.services, settings).write())
    pages = without_times("".join(page.read_text() for page in tmp_path.glob("*.html")))

    assert [canary for canary in CANARIES if canary in present or canary in pages] == []
    assert EVE.family in present
    assert EVE.family in pages
    assert SUMMARY in present


def test_a_critical_result_still_reaches_whoever_must_act_without_saying_what_it_is(restricted: tuple[OpenHouse, str]) -> None:
    """Safety exception of SEC-15: the alarm stays, with its place, its level and its clock; what it is about does not."""
    house, about = restricted
    before = _alert(house.as_("doctor"), about)

    hidden = _alert(house.as_("manager"), about)

    assert before["summary"] != SUMMARY
    assert (hidden["summary"], hidden["capability"], hidden["key"]) == (SUMMARY, "restricted", "")
    assert {name: hidden[name] for name in ("alert", "severity", "tier", "state", "escalates_at")} == {
        name: before[name] for name in ("alert", "severity", "tier", "state", "escalates_at")
    }
    assert (hidden["patient"]["bed"], hidden["patient"]["family"]) == ("9", EVE.family)


def test_what_people_wrote_about_a_hidden_alarm_is_hidden_too(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    alert = _alert(house.as_("doctor"), about)["alert"]
    act = {"alert": alert, "action": "acknowledge", "comment": "CANARYCOMMENT: potassium"}
    house.as_("doctor").post(f"/api/v1/nurse/queue/{about}/action", act)

    assert "CANARYCOMMENT" in str(_alert(house.as_("doctor"), about))
    assert "CANARYCOMMENT" not in str(_alert(house.as_("manager"), about))


def test_counts_do_not_tell_what_is_hidden(restricted: tuple[OpenHouse, str]) -> None:
    """How much was recorded after a past moment is counted of what may be seen only."""
    house, about = restricted
    asked = {"as_of": (MORNING + timedelta(minutes=5, seconds=30)).isoformat()}
    doctor, radiologist = (house.as_(role).get(f"/api/v1/patients/{about}/timeline", **asked)["hidden"] for role in ("doctor", "radiologist"))

    house.send(oru(EVE, Obx("7917-8^HIV 1 Ab^LN", "again", kind="ST"), at=MORNING + timedelta(minutes=11, seconds=5)))
    after = house.as_("radiologist").get(f"/api/v1/patients/{about}/timeline", **asked)["hidden"]

    assert sum(doctor.values()) > sum(radiologist.values())
    assert "Labelled" not in doctor
    assert after == radiologist


def test_todays_consent_counts_for_yesterdays_view(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    nurse = house.as_("nurse")
    then = {"as_of": (MORNING + timedelta(minutes=9)).isoformat()}
    assert "CANARYRESULT" in str(nurse.get(f"/api/v1/patients/{about}/timeline", **then))

    nurse.post("/api/v1/consents", consent(about, deny("HIV")), 201)

    assert "CANARYRESULT" not in str(nurse.get(f"/api/v1/patients/{about}/timeline", **then))


def test_emergency_access_unmasks_unless_the_consent_says_never(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    nurse = house.as_("nurse")
    nurse.post("/api/v1/consents", consent(about, deny("HIV")), 201)
    assert "CANARYRESULT" not in _text(nurse, about)

    nurse.post(f"/api/v1/patients/{about}/emergency-access", {"reason": "danger"}, 201)
    assert "CANARYRESULT" in _text(nurse, about)

    never = consent(about, deny("HIV"), deny("HIV", purpose=purpose("BTG")))
    made = nurse.post("/api/v1/consents", never, 201)
    assert made["in_emergencies"] is True
    assert "CANARYRESULT" not in _text(nurse, about)


def test_only_those_a_consent_names_see_it(restricted: tuple[OpenHouse, str]) -> None:
    """ "Do not show my notes about HIV to anybody outside ward 7A." """
    house, about = restricted
    inside, outside = _of_unit(house, "7A"), house.as_("nurse")

    outside.post("/api/v1/consents", consent(about, deny("HIV", provision=[permit(actor=actor("Organization/7A"))])), 201)

    assert "CANARYNOTE" in _text(inside, about)
    assert "CANARYNOTE" not in _text(outside, about)


def test_a_colleague_whom_the_patient_has_named_sees_nothing_of_the_record(restricted: tuple[OpenHouse, str]) -> None:
    """As in FHIR's own example of a former spouse who is a nurse here: the whole record is closed, for this person only."""
    house, about = restricted
    colleague = _of_unit(house, "7A")

    house.as_("nurse").post("/api/v1/consents", consent(about, deny(actor=actor("Practitioner/kim7A"))), 201)

    refused = colleague.get(f"/api/v1/patients/{about}", 403)
    assert refused["detail"].startswith("the patient has asked that this is not shown to you")
    assert EVE.family not in colleague.request("GET", "/api/v1/patients").text
    assert EVE.family in house.as_("nurse").request("GET", "/api/v1/patients").text
    assert EVE.family not in house.do(lambda: sse("present", house.running.boards.first("board/7A"))).decode()


def test_a_record_of_public_interest_is_opened_by_its_own_ward_only(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    house.as_("privacy").post(f"/api/v1/patients/{about}/labels", {"kind": "Patient", "labels": ["VIP"], "reason": "a minister"}, 204)

    refused = house.as_("doctor").get(f"/api/v1/patients/{about}", 403)
    line = next(each for each in house.as_("doctor").get("/api/v1/patients")["patients"] if each["id"] == about)

    assert refused["remedy"] == "break-glass"
    assert house.as_("privacy").get(f"/api/v1/patients/{about}/consents")["whole_record"] == ["VIP"]
    assert "patient opened" not in [each["action"] for each in house.audited(about=about)]
    assert (line["name"], line["number"], line["bed"]) == ("Restricted", "", "9")
    assert house.as_("doctor").post("/api/v1/patients/search", {"q": EVE.family})["patients"] == []
    assert _of_unit(house, "7A").get(f"/api/v1/patients/{about}")["family"] == EVE.family


def test_taking_a_label_back_shows_the_fact_again(restricted: tuple[OpenHouse, str]) -> None:
    house, about = restricted
    assert "7.13" not in _text(house.as_("radiologist"), about)

    house.as_("nurse").post(f"/api/v1/patients/{about}/labels", POTASSIUM | {"labels": []}, 204)

    assert "7.13" in _text(house.as_("radiologist"), about)


def test_what_was_said_is_still_there_after_a_restart(restricted: tuple[OpenHouse, str], portal: BlockingPortal) -> None:
    house, about = restricted
    house.as_("nurse").post("/api/v1/consents", consent(about, deny("HIV")), 201)
    house.close()

    with OpenHouse(house.data, portal) as again:
        assert "CANARYRESULT" not in _text(again.as_("nurse"), about)
        assert "7.13" not in _text(again.as_("radiologist"), about)


def _text(visitor: Visitor, about: str) -> str:
    return without_times(visitor.request("GET", f"/api/v1/patients/{about}/timeline").text)


def _alert(visitor: Visitor, about: str) -> dict[str, Any]:
    items = visitor.get("/api/v1/nurse/queue")["items"]
    found: dict[str, Any] = next(each for each in items if each["patient"]["id"] == about and each["severity"] == "high")
    return found


def _of_unit(house: OpenHouse, unit: str) -> Visitor:
    user, sessions = house.user(f"kim{unit}", "nurse", units=(unit,)), house.wardline.sessions
    visitor = Visitor(house)
    visitor.token = house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
    return visitor
