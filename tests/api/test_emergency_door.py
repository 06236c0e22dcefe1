"""Opening somebody else's patient in an emergency, through the doors: refused, opened, bounded, told, judged (SEC-2)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from api.house import OpenHouse, Visitor
from support.messages import ADA, BEN
from wardline.security.authorisation.question import FRESH

CALLED = {"reason": "called", "note": "the night doctor of 7A asked me"}
TWO_HOURS = timedelta(hours=2)


class Night:
    """A nurse of another ward at the door of Ada's record."""

    def __init__(self, house: OpenHouse) -> None:
        self.house = house
        self.ada, self.ben = house.key(ADA), house.key(BEN)
        self.nurse = self.person("night", "nurse", "9C")

    def person(self, login: str, role: str, *units: str, also: tuple[str, ...] = ()) -> Visitor:
        user, sessions = self.house.user(login, role, *also, name=login.title(), units=units), self.house.wardline.sessions
        visitor = Visitor(self.house)
        visitor.token = self.house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
        return visitor

    def open(self, about: str = "", expect: int = 201, **said: str) -> Any:
        return self.nurse.post(f"/api/v1/patients/{about or self.ada}/emergency-access", CALLED | said, expect)

    def queue(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.house.as_("privacy").get("/api/v1/emergency-accesses")["items"]
        return items

    def sign_in_again(self) -> None:
        """Sessions are shorter than two hours without anything happening."""
        sessions, user = self.house.wardline.sessions, self.house.do(self.house.wardline.identities.user_named, "night")
        self.nurse.token = self.house.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token

    def later(self, by: timedelta) -> None:
        """The wall clock goes on, or is set back: sessions and emergencies look at the same one."""
        sessions = self.house.wardline.sessions
        now = sessions.now
        sessions.now = lambda: now() + by  # type: ignore[method-assign]


@pytest.fixture
def night(house: OpenHouse) -> Night:
    return Night(house)


def test_it_opens_one_record_for_one_person(night: Night) -> None:
    refused = night.nurse.get(f"/api/v1/patients/{night.ada}", expect=403)
    assert refused["remedy"] == "break-glass"

    opened = night.open()

    seen = night.nurse.get(f"/api/v1/patients/{night.ada}")
    assert (seen["emergency"]["id"], seen["emergency"]["until"]) == (opened["id"], opened["until"])
    night.nurse.get(f"/api/v1/patients/{night.ada}/timeline")
    night.nurse.get(f"/api/v1/patients/{night.ben}", expect=403)
    night.person("another", "nurse", "9C").get(f"/api/v1/patients/{night.ada}", expect=403)
    assert [line["id"] for line in night.nurse.get("/api/v1/patients")["patients"]] == [night.ada]


@pytest.mark.parametrize("jump", [timedelta(0), timedelta(hours=-6)], ids=["", "though the clock was set back"])
def test_after_two_hours_the_record_is_closed_again(night: Night, jump: timedelta) -> None:
    opened = night.open()
    assert datetime.fromisoformat(opened["until"]) - datetime.fromisoformat(opened["opened_at"]) == TWO_HOURS

    night.later(jump)
    night.later(timedelta(0) if jump else TWO_HOURS - timedelta(minutes=1))
    night.sign_in_again()
    night.nurse.get(f"/api/v1/patients/{night.ada}")
    night.later(TWO_HOURS - jump if jump else timedelta(minutes=1))
    night.sign_in_again()

    assert night.nurse.get(f"/api/v1/patients/{night.ada}", expect=403)["remedy"] == "break-glass"


def test_whoever_opened_it_closes_it_at_once(night: Night) -> None:
    night.open()
    night.nurse.delete(f"/api/v1/patients/{night.ada}/emergency-access")

    night.nurse.get(f"/api/v1/patients/{night.ada}", expect=403)
    night.nurse.delete(f"/api/v1/patients/{night.ada}/emergency-access", expect=404)


def test_it_asks_for_a_fresh_proof(night: Night) -> None:
    night.later(FRESH + timedelta(seconds=1))

    assert night.open(expect=403)["remedy"] == "step-up"
    assert night.queue() == []


@pytest.mark.parametrize(("said", "words"), [({"reason": "curious"}, "the reason is one of"), ({"reason": "other", "note": " "}, "in a few words")])
def test_without_a_reason_it_stays_closed(night: Night, said: dict[str, str], words: str) -> None:
    assert words in night.open(expect=400, **said)["detail"]
    night.nurse.get(f"/api/v1/patients/{night.ada}", expect=403)


def test_a_patient_nobody_knows_is_not_opened(night: Night) -> None:
    night.open("nobody", expect=404)


def test_it_changes_no_rules_and_judges_nothing(night: Night) -> None:
    """SEC-2: whoever has a record open in an emergency can neither export nor change roles."""
    both = night.person("both", "nurse", "9C", also=("admin", "privacy"))
    both.get("/api/v1/users")
    both.post(f"/api/v1/patients/{night.ada}/emergency-access", CALLED, 201)

    assert both.get("/api/v1/users", expect=403)["detail"] == "you have a record open in an emergency; end that first"


def test_every_look_says_that_it_was_an_emergency(night: Night) -> None:
    night.open()
    night.nurse.get(f"/api/v1/patients/{night.ada}")
    night.nurse.get(f"/api/v1/patients/{night.ada}/timeline")
    nurse = night.house.do(night.house.wardline.identities.user_named, "night")

    about_ada = [entry for entry in night.house.audited(who=nurse.id) if entry["about"] == night.ada and entry["outcome"] == "success"]
    assert {entry["purpose"] for entry in about_ada} == {"BTG"}
    assert [entry["action"] for entry in about_ada] == ["emergency access opened", "patient opened", "timeline opened"]
    assert [look["action"] for look in night.queue()[0]["looks"]] == ["timeline opened", "patient opened"]


def test_privacy_officers_are_told_at_once_and_not_about_whom(night: Night) -> None:
    opened = night.open()
    (waiting,) = [each for _, each in night.house.do(lambda: night.house.wardline.log.waiting("notify")) if opened["id"] in each.key]
    message = msgspec.json.decode(waiting.payload)

    assert (message["contact"], message["title"]) == ("privacy", "A record was opened in an emergency")
    assert ADA.family not in str(message)
    assert ADA.number not in str(message)
    assert night.house.as_("privacy").get("/api/v1/emergency-accesses", waiting="true")["waiting"] == 1


def test_somebody_else_judges_it_once(night: Night) -> None:
    id, privacy = night.open()["id"], night.house.as_("privacy")
    privacy.post(f"/api/v1/emergency-accesses/{id}/review", {"verdict": "asked", "note": "Who called you?"}, 204)
    assert night.queue()[0]["waits"]
    assert privacy.post(f"/api/v1/emergency-accesses/{id}/review", {"verdict": "not justified"}, 400)["where"] == "note"

    privacy.post(f"/api/v1/emergency-accesses/{id}/review", {"verdict": "justified"}, 204)

    (item,) = night.queue()
    assert (item["waits"], item["reason"], item["note"], item["number"]) == (False, "I was called to this patient", CALLED["note"], ADA.number)
    assert [review["verdict"] for review in item["reviews"]] == ["asked", "justified"]
    privacy.post(f"/api/v1/emergency-accesses/{id}/review", {"verdict": "justified"}, 409)
    privacy.post("/api/v1/emergency-accesses/none/review", {"verdict": "justified"}, 404)
    night.house.as_("auditor").get("/api/v1/emergency-accesses")
    night.house.as_("auditor").post(f"/api/v1/emergency-accesses/{id}/review", {"verdict": "justified"}, 403)


def test_it_survives_a_restart(open_house: Callable[..., OpenHouse], house: OpenHouse) -> None:
    night = Night(house)
    opened = night.open()
    data, user = house.data, house.do(house.wardline.identities.user_named, "night")
    house.close()

    again = open_house(data.name)
    visitor = Visitor(again)
    visitor.token = again.do(lambda: again.wardline.sessions.begin(user, "after the restart", factors=2)).access_token
    assert visitor.get(f"/api/v1/patients/{night.ada}")["emergency"]["id"] == opened["id"]
    assert [item["id"] for item in again.as_("privacy").get("/api/v1/emergency-accesses")["items"]] == [opened["id"]]


def test_the_terms_say_for_how_long(house: OpenHouse) -> None:
    terms = house.as_("nurse").get("/api/v1/emergency-access")

    assert terms["minutes"] == 120
    assert [reason["code"] for reason in terms["reasons"] if reason["needs_note"]] == ["other"]
