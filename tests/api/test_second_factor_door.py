"""Second factors at the doors: asked for where they are due, shown once, shown again for what matters most, and never got around."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from api.house import PASSWORD, OpenHouse
from api.second_factors import MFA, NEEDING, add_app, challenged, later, next_code, show, signed_in
from wardline.api.doors import FRESH
from wardline.core.people import Authenticator, Person

LOGIN = {"login": "admin", "password": PASSWORD}
NEW = "five quiet green kettles"


@pytest.fixture
def house(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    """Administrators need a second factor here; nurses may have one."""
    opened = open_house(second_factor=NEEDING)
    opened.user("admin", "admin")
    opened.user("nurse", "nurse")
    return opened


# --- led to enrol, not locked out ---


def test_whoever_needs_a_second_factor_and_has_none_comes_in_to_add_one_and_for_nothing_else(house: OpenHouse) -> None:
    """ASVS 6.3.3. Not locked out: led there."""
    admin = signed_in(house, "admin")

    assert admin.get("/api/v1/auth/me") == {**admin.get("/api/v1/auth/me"), "roles": [], "awaited": "factor"}
    refused = admin.get("/api/v1/users", 403)
    assert (refused["remedy"], "second factor" in refused["detail"]) == ("second-factor", True)
    admin.get("/health/detail", 403)
    admin.post("/api/v1/auth/password", {"old": PASSWORD, "new": NEW}, 403)

    add_app(admin)

    assert admin.get("/api/v1/auth/me")["roles"] == ["admin"]
    assert len(admin.get("/api/v1/users")) == 2


def test_the_first_administrator_has_shown_two_things_the_password_and_the_link(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(second_factor=NEEDING)
    first = {"token": house.do(house.wardline.sessions.accounts.setup_token), "name": "Ada Okonkwo", **LOGIN}
    visitor = house.nobody()

    visitor.token = visitor.post("/api/v1/auth/setup", first)["access_token"]

    visitor.get("/api/v1/users")
    assert signed_in(house, "admin").get("/api/v1/auth/me")["awaited"] == "factor", "the link is used up"


def test_who_needs_none_is_asked_for_none(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")

    assert "awaited" not in nurse.get("/api/v1/auth/me")
    assert nurse.get(MFA) == {"factors": [], "recovery_codes": 0, "required": False, "passkeys": False, "password": True}


# --- coming in with an app ---


def test_a_password_alone_gives_a_challenge_and_the_app_answers_it(house: OpenHouse) -> None:
    app, _ = add_app(signed_in(house, "nurse"))

    asked = challenged(house, "nurse")
    assert asked["ways"] == ["app", "recovery"]
    nurse = show(house, asked["challenge"], "app", next_code(house, app))

    assert "awaited" not in nurse.get("/api/v1/auth/me")
    (session,) = (each for each in nurse.get("/api/v1/auth/sessions") if each["current"])
    assert session["factors"] == 2


def test_a_code_works_once(house: OpenHouse) -> None:
    """ASVS 6.5.1."""
    app, _ = add_app(signed_in(house, "nurse"))
    code = next_code(house, app)
    show(house, challenged(house, "nurse")["challenge"], "app", code)

    refused = house.nobody().post(f"{MFA}/login", {"challenge": challenged(house, "nurse")["challenge"], "way": "app", "text": code}, 403)

    assert "was used already" in refused["detail"]


@pytest.mark.parametrize(("steps", "expect"), [(-2, 403), (-1, 200), (0, 200), (1, 200), (2, 403)])
def test_a_phone_may_be_half_a_minute_off(house: OpenHouse, steps: int, expect: int) -> None:
    """RFC 6238, 5.2. The phone is behind or ahead by so many steps of 30 s."""
    app, _ = add_app(signed_in(house, "nurse"))
    later(house, minutes=5)
    code = app.at(house.wardline.sessions.now() + timedelta(seconds=30 * steps))

    show(house, challenged(house, "nurse")["challenge"], "app", code, expect)


def test_a_challenge_is_answered_once_and_soon(house: OpenHouse) -> None:
    app, recovery = add_app(signed_in(house, "nurse"))
    used, late = challenged(house, "nurse")["challenge"], challenged(house, "nurse")["challenge"]
    show(house, used, "app", next_code(house, app))

    show(house, used, "recovery", recovery[0], 403)
    later(house, minutes=5, seconds=1)
    show(house, late, "recovery", recovery[0], 403)
    show(house, "made up", "recovery", recovery[0], 403)
    assert house.as_("nurse").get(MFA)["recovery_codes"] == 10, "none of these used one up"


def test_wrong_codes_lock_the_account_and_the_right_password_does_not_forgive_them(house: OpenHouse) -> None:
    """Otherwise whoever has the password could try codes for ever."""
    app, _ = add_app(signed_in(house, "nurse"))
    for _ in range(5):
        show(house, challenged(house, "nurse")["challenge"], "app", "000000", 403)

    assert "too many wrong tries" in house.nobody().post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD}, 403)["detail"]
    later(house, minutes=2)
    show(house, challenged(house, "nurse")["challenge"], "app", next_code(house, app))
    assert house.do(house.wardline.identities.user_named, "nurse").failures == 0  # type: ignore[union-attr]


def test_one_persons_app_does_not_answer_for_another(house: OpenHouse) -> None:
    app, recovery = add_app(signed_in(house, "nurse"))
    add_app(signed_in(house, "admin"))

    challenge = challenged(house)["challenge"]
    show(house, challenge, "app", next_code(house, app), 403)
    show(house, challenge, "recovery", recovery[0], 403)


def test_a_challenge_of_the_sign_in_proves_nothing_to_a_session_nor_the_other_way_round(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")
    app, _ = add_app(nurse)
    coming_in, proving = challenged(house, "nurse")["challenge"], nurse.post(f"{MFA}/challenge")["challenge"]

    nurse.post(f"{MFA}/confirm", {"challenge": coming_in, "way": "app", "text": next_code(house, app)}, 403)
    show(house, proving, "app", next_code(house, app), 403)


def test_the_trail_says_how_somebody_came_in_and_never_what_was_typed(house: OpenHouse) -> None:
    app, recovery = add_app(signed_in(house, "nurse"))
    show(house, challenged(house, "nurse")["challenge"], "app", next_code(house, app))
    show(house, challenged(house, "nurse")["challenge"], "recovery", recovery[0])

    trail = str(house.audited())
    assert "'way': 'app'" in trail
    assert recovery[0] not in trail
    assert app.secret not in trail


# --- recovery ---


def test_a_recovery_code_works_once_however_it_is_typed(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")
    _, recovery = add_app(nurse)
    assert len(set(recovery)) == 10

    show(house, challenged(house, "nurse")["challenge"], "recovery", f" {recovery[3].upper().replace('-', ' ')} ")
    show(house, challenged(house, "nurse")["challenge"], "recovery", recovery[3], 403)

    assert nurse.get(MFA)["recovery_codes"] == 9


def test_new_recovery_codes_end_the_old_ones(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")
    _, old = add_app(nurse)

    new = nurse.post(f"{MFA}/recovery")["recovery_codes"]

    show(house, challenged(house, "nurse")["challenge"], "recovery", old[0], 403)
    show(house, challenged(house, "nurse")["challenge"], "recovery", new[0])


def test_a_new_password_is_no_way_around_the_second_factor(house: OpenHouse) -> None:
    """ASVS 6.4.3: neither one's own nor one that an administrator has set."""
    nurse, admin = signed_in(house, "nurse"), house.as_("admin")
    add_app(nurse)
    nurse.post("/api/v1/auth/password", {"old": PASSWORD, "new": NEW}, 204)
    assert "challenge" in house.nobody().post("/api/v1/auth/login", {"login": "nurse", "password": NEW})

    admin.put(f"/api/v1/users/{nurse.get('/api/v1/auth/me')['id']}", {"password": PASSWORD})
    assert "challenge" in house.nobody().post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD})


def test_an_administrator_helps_whoever_has_lost_everything_and_nobody_helps_themselves(house: OpenHouse) -> None:
    nurse, admin = signed_in(house, "nurse"), house.as_("admin")
    add_app(nurse)
    id = nurse.get("/api/v1/auth/me")["id"]

    nurse.delete(f"/api/v1/users/{id}/factors", 403)
    admin.delete(f"/api/v1/users/{admin.get('/api/v1/auth/me')['id']}/factors", 409)
    admin.delete(f"/api/v1/users/{id}/factors")

    nurse.get("/api/v1/auth/me", 401)
    assert signed_in(house, "nurse").get(MFA)["factors"] == []
    assert "second factors taken away" in [entry["action"] for entry in house.audited()]


# --- removing ---


def test_the_last_factor_of_somebody_who_needs_one_stays(house: OpenHouse) -> None:
    admin = signed_in(house, "admin")
    add_app(admin)
    (only,) = admin.get(MFA)["factors"]

    assert "add another one first" in admin.delete(f"{MFA}/{only['id']}", 409)["detail"]
    later(house, seconds=30)
    add_app(admin)
    admin.delete(f"{MFA}/{only['id']}")
    assert only["id"] not in [each["id"] for each in admin.get(MFA)["factors"]]


def test_with_the_last_factor_the_recovery_codes_go_too(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")
    add_app(nurse)
    (only,) = nurse.get(MFA)["factors"]

    nurse.delete(f"{MFA}/{only['id']}")

    assert nurse.get(MFA)["recovery_codes"] == 0
    signed_in(house, "nurse")


def test_nobody_removes_somebody_elses(house: OpenHouse) -> None:
    """SEC-6."""
    nurse, admin = signed_in(house, "nurse"), signed_in(house, "admin")
    add_app(nurse)
    add_app(admin)

    nurse.delete(f"{MFA}/{admin.get(MFA)['factors'][0]['id']}", 404)


def test_adding_a_factor_makes_the_sign_ins_elsewhere_show_it_too(house: OpenHouse) -> None:
    here, elsewhere = signed_in(house, "nurse"), signed_in(house, "nurse")
    app, _ = add_app(here)

    assert "awaited" not in here.get("/api/v1/auth/me")
    assert elsewhere.get("/api/v1/auth/me")["awaited"] == "factor"
    assert elsewhere.get("/api/v1/boards", 403)["remedy"] == "second-factor"
    elsewhere.post(f"{MFA}/app/offer", expect=403)  # what is there is shown before anything is added beside it

    asked = elsewhere.post(f"{MFA}/challenge")
    elsewhere.post(f"{MFA}/confirm", {"challenge": asked["challenge"], "way": "app", "text": next_code(house, app)}, 204)
    elsewhere.get("/api/v1/boards")


# --- showing it again ---


def test_a_door_that_asks_for_fresh_proof_opens_after_it_and_closes_again(house: OpenHouse) -> None:
    """SEC-4, step-up. The proof holds for five minutes, with the token that is there."""
    nurse = signed_in(house, "nurse")
    later(house, seconds=(FRESH.total_seconds() + 1))
    assert nurse.post(f"{MFA}/app/offer", expect=403)["remedy"] == "step-up"

    asked = nurse.post(f"{MFA}/challenge")
    assert asked["ways"] == ["password"]
    nurse.post(f"{MFA}/confirm", {"challenge": asked["challenge"], "way": "password", "text": "not the password"}, 403)
    nurse.post(f"{MFA}/app/offer", expect=403)
    nurse.post(f"{MFA}/confirm", {"challenge": asked["challenge"], "way": "password", "text": PASSWORD}, 204)

    nurse.post(f"{MFA}/app/offer")
    later(house, seconds=(FRESH.total_seconds() + 1))
    nurse.token = nurse.post("/api/v1/auth/refresh")["access_token"]
    nurse.post(f"{MFA}/app/offer", expect=403)


def test_with_a_second_factor_the_password_proves_nothing_again(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")
    add_app(nurse)
    asked = nurse.post(f"{MFA}/challenge")

    assert "password" not in asked["ways"]
    refused = nurse.post(f"{MFA}/confirm", {"challenge": asked["challenge"], "way": "password", "text": PASSWORD}, 403)
    assert "has a second factor" in refused["detail"]


def test_a_proof_belongs_to_the_session_it_was_asked_for(house: OpenHouse) -> None:
    one, other = signed_in(house, "nurse"), signed_in(house, "nurse")
    asked = one.post(f"{MFA}/challenge")

    other.post(f"{MFA}/confirm", {"challenge": asked["challenge"], "way": "password", "text": PASSWORD}, 403)


def test_a_fresh_proof_is_seen_by_whoever_decides(house: OpenHouse) -> None:
    nurse = signed_in(house, "nurse")
    before: Person = house.do(house.wardline.sessions.person, nurse.token)
    later(house, minutes=3)
    asked = nurse.post(f"{MFA}/challenge")
    nurse.post(f"{MFA}/confirm", {"challenge": asked["challenge"], "way": "password", "text": PASSWORD}, 204)

    after: Person = house.do(house.wardline.sessions.person, nurse.token)
    assert before.proven_at is not None
    assert after.proven_at is not None
    assert after.proven_at - before.proven_at > timedelta(minutes=2)
    assert (before.factors, after.factors) == (1, 1)


# --- at rest ---


def test_an_apps_secret_is_not_in_the_file_and_moving_it_to_another_account_breaks_it(house: OpenHouse) -> None:
    app, recovery = add_app(signed_in(house, "nurse"))
    admin = house.do(house.wardline.identities.user_named, "admin")
    assert admin is not None

    for file in house.data.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert app.secret.encode() not in content, file
            assert recovery[0].encode() not in content, file

    (kept,) = house.do(lambda: [each for each in house.wardline.identities.authenticators() if each.kind == "app"])
    moved: Authenticator = kept._replace(id="moved", user=admin.id)
    house.do(house.wardline.identities.put_authenticator, moved)
    challenge = challenged(house)["challenge"]
    house.nobody().post(f"{MFA}/login", {"challenge": challenge, "way": "app", "text": app.now()}, 503)
