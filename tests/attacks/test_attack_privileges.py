"""More rights than one was given: by one's own account, by programs, by keys that outgrow their account (ASVS 8.2, 8.4; SEC-2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from api.second_factors import later
from support.messages import ADA

USERS = "/api/v1/users"
NEW = "four entirely different pebbles"


def program(house: OpenHouse, *scopes: str, roles: tuple[str, ...], units: tuple[str, ...] = (), key_units: tuple[str, ...] = ()) -> Visitor:
    """A program with an API key."""
    admin = house.as_("admin")
    account = {"login": "program", "name": "A program", "roles": list(roles), "units": list(units), "kind": "service"}
    made = admin.post(USERS, account, 201)
    wish = {"account": made["id"], "name": "key", "scopes": list(scopes), "ends_at": _tomorrow(), "units": list(key_units)}
    visitor = house.nobody()
    visitor.token = admin.post("/api/v1/api-keys", wish, 201)["secret"]
    visitor.cookies["account"] = made["id"]
    return visitor


def _tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("more", [{"roles": ["admin", "auditor"]}, {"roles": ["admin", "privacy"]}, {"units": ["7A"]}, {"name": "Helen Vance"}])
def test_an_administrator_does_not_change_what_they_themselves_may(house: OpenHouse, more: dict[str, Any]) -> None:
    """Nobody reads the trail of their own deeds by giving themselves the role; and a name makes somebody's patients theirs."""
    user = house.user("boss", "admin", units=("Office",))
    boss = house.sign_in("boss")

    refused = boss.put(f"{USERS}/{user.id}", more, 409)

    assert "another administrator" in refused["detail"]
    kept = house.do(house.wardline.identities.user, user.id)
    assert (kept.roles, kept.units, kept.name) == (user.roles, user.units, user.name)
    boss.put(f"{USERS}/{user.id}", {"name": user.name, "roles": ["admin"], "units": ["Office"]})  # what a form sends unchanged


def test_a_session_left_open_makes_no_accounts_and_changes_none(house: OpenHouse) -> None:
    """ASVS 7.5.1: whoever finds the keyboard of an administrator gives nobody a role, a password or a way in."""
    admin, nurse = house.as_("admin"), house.user("nurse", "nurse")
    later(house, minutes=6)

    made = admin.post(USERS, {"login": "back.door", "name": "Back Door", "password": NEW, "roles": ["admin"]}, 403)
    changed = admin.put(f"{USERS}/{nurse.id}", {"roles": ["admin"]}, 403)

    assert made["remedy"] == changed["remedy"] == "step-up"
    assert house.do(house.wardline.identities.user_named, "back.door") is None


@pytest.mark.parametrize("roles", [["nurse", "patient"], ["patient"]])
def test_an_account_of_the_staff_does_not_become_a_patients_own(house: OpenHouse, roles: list[str]) -> None:
    nurse = house.user("nurse", "nurse")

    house.as_("admin").put(f"{USERS}/{nurse.id}", {"roles": roles}, 400)


def test_a_patients_own_account_does_not_become_one_of_the_staff(house: OpenHouse) -> None:
    admin = house.as_("admin")
    own = admin.post(USERS, {"login": "ada", "name": "Ada Moss", "password": NEW, "roles": ["patient"], "patient": house.key(ADA)}, 201)

    admin.put(f"{USERS}/{own['id']}", {"roles": ["nurse"]}, 400)


def test_a_key_reaches_no_unit_that_its_account_does_not(house: OpenHouse) -> None:
    admin = house.as_("admin")
    made = admin.post(USERS, {"login": "program", "name": "A program", "roles": ["nurse"], "units": ["7B"], "kind": "service"}, 201)
    wish = {"account": made["id"], "name": "key", "scopes": ["patient.read"], "ends_at": _tomorrow(), "units": ["7A"]}

    assert "reaches 7B" in admin.post("/api/v1/api-keys", wish, 400)["detail"]


def test_a_key_is_narrowed_with_its_account_and_never_to_the_whole_house(house: OpenHouse) -> None:
    """No unit would mean all of them."""
    key = program(house, "patient.read", roles=("nurse",), units=("7A", "7B"), key_units=("7A",))
    key.get("/api/v1/boards/7A")

    house.as_("admin").put(f"{USERS}/{key.cookies['account']}", {"units": ["7B"]})

    for path in ("/api/v1/boards/7A", "/api/v1/boards/7B", "/api/v1/patients"):
        key.get(path, 401)


def test_no_program_signs_an_alert_policy(house: OpenHouse) -> None:
    """Two people answer for it: an administrator's key would be a second one made to measure."""
    proposed = house.as_("doctor").post("/api/v1/policy/proposals", {"changes": {"rules.news2-high.raise.at_least": 8}}, 201)
    signer = program(house, "policy.change", "policy.read", roles=("doctor", "manager"))

    signer.post(f"/api/v1/policy/proposals/{proposed['id']}/approve", expect=403)
    signer.post("/api/v1/policy/proposals", {"changes": {"rules.news2-high.raise.at_least": 9}}, 403)


def test_no_program_judges_an_emergency_or_an_incident_or_puts_records_on_hold(house: OpenHouse) -> None:
    """A verdict has somebody who answers for it."""
    judge = program(house, "emergency.review", "incident.conclude", "record.hold", "erasure.ask", roles=("privacy", "manager", "auditor"))
    about = house.key(ADA)
    nurse = house.as_("nurse")
    nurse.post(f"/api/v1/patients/{about}/emergency-access", {"reason": "called"}, 201)
    (grant,) = house.as_("privacy").get("/api/v1/emergency-accesses")["items"]

    judge.post(f"/api/v1/emergency-accesses/{grant['id']}/review", {"verdict": "justified"}, 403)
    judge.post("/api/v1/incidents/1/conclude", {"note": "nothing"}, 403)
    judge.post(f"/api/v1/patients/{about}/holds", {"reason": "a case"}, 403)


def test_a_program_that_keeps_accounts_makes_nobody_an_administrator(house: OpenHouse) -> None:
    """A stolen key of the staff office would be the house's: accounts are changed by somebody who proves who they are."""
    office = program(house, "user.manage", roles=("admin",))

    office.post(USERS, {"login": "back.door", "name": "Back Door", "password": NEW, "roles": ["admin"]}, 403)
