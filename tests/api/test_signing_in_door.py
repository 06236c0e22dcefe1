"""Signing in at the door: the cookie, the sessions, the first administrator, and accounts made by administrators."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.house import PASSWORD, OpenHouse, Visitor
from wardline.api.users import ChangedUser, NewUser, add, change
from wardline.core.people import Role

NEW = "five quiet green kettles"
REFRESH = "/api/v1/auth/refresh"


@pytest.fixture
def empty(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    """A house without patients: nobody is needed to sign in."""
    return open_house()


def _login(house: OpenHouse, login: str, password: str = PASSWORD, expect: int = 200) -> Visitor:
    visitor = house.nobody()
    answered = visitor.post("/api/v1/auth/login", {"login": login, "password": password}, expect)
    visitor.token = answered.get("access_token", "")
    return visitor


def test_signing_in_gives_a_token_to_the_page_and_a_cookie_scripts_cannot_read(empty: OpenHouse) -> None:
    """ASVS 3.3: HttpOnly, SameSite=Strict, only for the paths of signing in."""
    empty.user("nurse", "nurse", units=("7A",))

    response = empty.nobody().request("POST", "/api/v1/auth/login", {"login": "nurse", "password": PASSWORD})

    cookie = response.headers["set-cookie"]
    assert response.json()["person"] == {"id": response.json()["person"]["id"], "name": "Amelia Brandt", "roles": ["nurse"], "units": ["7A"]}
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth"))
    assert cookie.split("=", 1)[1].split(";")[0] not in response.text


def test_over_https_the_cookie_never_travels_in_the_clear(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")
    response = empty.nobody().request("POST", "https://ward/api/v1/auth/login", {"login": "nurse", "password": PASSWORD})

    assert "Secure" in response.headers["set-cookie"]


def test_a_wrong_password_and_a_name_nobody_has_are_refused_alike(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")

    wrong = empty.nobody().request("POST", "/api/v1/auth/login", {"login": "nurse", "password": NEW})
    nobody = empty.nobody().request("POST", "/api/v1/auth/login", {"login": "nobody", "password": NEW})

    assert (wrong.status_code, wrong.content) == (nobody.status_code, nobody.content)
    assert "set-cookie" not in wrong.headers


def test_the_trail_says_whose_account_was_tried_and_never_what_was_typed(empty: OpenHouse) -> None:
    """People type passwords and patients into the wrong field."""
    nurse = empty.user("nurse", "nurse")
    _login(empty, "nurse", "my-password-typed-wrong", 403)
    _login(empty, "Moss, Ada", PASSWORD, 403)

    entries = [(entry["who"], entry["action"], entry["detail"]) for entry in empty.audited()]
    assert entries == [(nurse.id, "sign-in refused", {}), ("", "sign-in refused", {"account": "unknown"})]


def test_the_cookie_gives_the_next_token_once(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")
    nurse = _login(empty, "nurse")
    stolen = dict(nurse.cookies)

    nurse.token = nurse.post(REFRESH)["access_token"]
    thief = empty.nobody()
    thief.cookies = stolen
    refused = thief.post(REFRESH, expect=401)

    assert "two places" in refused["detail"]
    nurse.get("/api/v1/auth/me", 401)
    nurse.post(REFRESH, expect=401)


def test_without_a_cookie_there_is_nothing_to_refresh(empty: OpenHouse) -> None:
    assert empty.nobody().post(REFRESH, expect=401)["detail"] == "please sign in again"


def test_signing_out_ends_the_session_and_takes_the_cookie_away(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")
    nurse = _login(empty, "nurse")

    response = nurse.request("POST", "/api/v1/auth/logout")

    assert (response.status_code, 'wardline_refresh=""' in response.headers["set-cookie"]) == (204, True)
    assert nurse.get("/api/v1/auth/me", 401)["title"] == "Not signed in"


def test_sessions_are_listed_and_ended_one_by_one(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")
    here, elsewhere = _login(empty, "nurse"), _login(empty, "nurse")

    listed = here.get("/api/v1/auth/sessions")
    assert [each["current"] for each in listed].count(True) == 1
    here.delete(f"/api/v1/auth/sessions/{next(each['id'] for each in listed if not each['current'])}")

    elsewhere.get("/api/v1/auth/me", 401)
    assert len(here.get("/api/v1/auth/sessions")) == 1


def test_nobody_ends_somebody_elses_session_but_an_administrator(empty: OpenHouse) -> None:
    """SEC-6, object check: one's own session's key does not open another's."""
    for login in ("nurse", "doctor", "admin"):
        empty.user(login, login)
    nurse, doctor, admin = (_login(empty, login) for login in ("nurse", "doctor", "admin"))
    (session,) = nurse.get("/api/v1/auth/sessions")

    assert "not one of your sessions" in doctor.delete(f"/api/v1/auth/sessions/{session['id']}", 403)["detail"]
    nurse.get("/api/v1/auth/me")
    admin.delete(f"/api/v1/auth/sessions/{session['id']}")
    nurse.get("/api/v1/auth/me", 401)


def test_a_changed_password_ends_the_other_sessions(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")
    here, elsewhere = _login(empty, "nurse"), _login(empty, "nurse")

    assert here.post("/api/v1/auth/password", {"old": NEW, "new": NEW}, 403)["detail"] == "the name or the password is not right"
    assert "at least 12" in here.post("/api/v1/auth/password", {"old": PASSWORD, "new": "short"}, 400)["detail"]
    here.post("/api/v1/auth/password", {"old": PASSWORD, "new": NEW}, 204)

    here.get("/api/v1/auth/me")
    elsewhere.get("/api/v1/auth/me", 401)
    _login(empty, "nurse", PASSWORD, 403)
    _login(empty, "nurse", NEW)


def test_a_session_left_alone_ends_at_the_server(empty: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-3: whatever the page does."""
    empty.user("nurse", "nurse")
    nurse, sessions = _login(empty, "nurse"), empty.wardline.sessions
    later = sessions.now() + sessions.idle + timedelta(seconds=1)
    monkeypatch.setattr(sessions, "now", lambda: later)

    assert "nothing happened for a while" in nurse.post(REFRESH, expect=401)["detail"]


# --- the first administrator ---


def test_the_printed_link_makes_the_first_administrator_and_signs_them_in(empty: OpenHouse) -> None:
    first = {"token": empty.do(empty.wardline.sessions.accounts.setup_token), "login": "admin", "name": "Ada Okonkwo", "password": PASSWORD}
    visitor = empty.nobody()

    made = visitor.post("/api/v1/auth/setup", first)
    visitor.token = made["access_token"]

    assert set(made["person"]["roles"]) == {role.value for role in Role} - {"patient"}
    assert visitor.get("/api/v1/auth/me")["name"] == "Ada Okonkwo"
    again = empty.nobody().post("/api/v1/auth/setup", {**first, "login": "second"}, 403)
    assert "administrator already" in again["detail"]


def test_a_made_up_link_makes_nobody(empty: OpenHouse) -> None:
    made_up = {"token": "made-up", "login": "admin", "name": "Mal Ory", "password": PASSWORD}

    assert "start Wardline again" in empty.nobody().post("/api/v1/auth/setup", made_up, 403)["detail"]
    assert empty.do(lambda: list(empty.wardline.identities.users())) == []


# --- accounts ---


def test_an_administrator_makes_an_account_that_can_sign_in_at_once(empty: OpenHouse) -> None:
    admin = empty.as_("admin")

    made = admin.post("/api/v1/users", {"login": "B.Iyer", "name": "Bina Iyer", "password": NEW, "roles": ["doctor"], "units": ["7A"]}, 201)

    assert made == {
        "id": made["id"], "login": "b.iyer", "name": "Bina Iyer", "roles": ["doctor"], "units": ["7A"], "state": "open", "kind": "person",
        "factors": [],
    }  # fmt: skip
    assert admin.get(f"/api/v1/users/{made['id']}") == made
    assert [user["login"] for user in admin.get("/api/v1/users")] == ["admin", "b.iyer"]
    assert _login(empty, "b.iyer", NEW).get("/api/v1/auth/me")["name"] == "Bina Iyer"


def test_no_answer_about_accounts_holds_a_password(empty: OpenHouse) -> None:
    admin = empty.as_("admin")

    assert "argon2" not in admin.request("GET", "/api/v1/users").text
    assert NEW not in admin.request("POST", "/api/v1/users", {"login": "x", "name": "X Y", "password": NEW, "roles": ["nurse"]}).text


def test_changed_roles_hold_from_the_next_request_on(empty: OpenHouse) -> None:
    """SEC-5: within a minute; here at once, because the sessions end."""
    user, admin = empty.user("nurse", "nurse"), empty.as_("admin")
    nurse = _login(empty, "nurse")
    nurse.get("/api/v1/boards")

    admin.put(f"/api/v1/users/{user.id}", {"roles": ["engineer"]})

    nurse.get("/api/v1/boards", 401)
    assert "your role does not allow this" in _login(empty, "nurse").get("/api/v1/boards", 403)["detail"]


def test_a_closed_account_is_out_and_stays_in_the_list(empty: OpenHouse) -> None:
    user, admin = empty.user("nurse", "nurse"), empty.as_("admin")
    nurse = _login(empty, "nurse")

    admin.delete(f"/api/v1/users/{user.id}")

    nurse.get("/api/v1/auth/me", 401)
    _login(empty, "nurse", expect=403)
    assert {each["login"]: each["state"] for each in admin.get("/api/v1/users")} == {"admin": "open", "nurse": "closed"}


def test_a_locked_account_is_shown_as_locked(empty: OpenHouse) -> None:
    empty.user("nurse", "nurse")
    admin = empty.as_("admin")
    for _ in range(5):
        _login(empty, "nurse", NEW, 403)

    assert {each["login"]: each["state"] for each in admin.get("/api/v1/users")}["nurse"] == "locked"
    assert "too many wrong tries" in empty.nobody().post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD}, 403)["detail"]


def test_nobody_locks_themselves_out_of_administration(empty: OpenHouse) -> None:
    admin = empty.as_("admin")
    me = admin.get("/api/v1/auth/me")["id"]

    for refused in (admin.delete(f"/api/v1/users/{me}", 409), admin.put(f"/api/v1/users/{me}", {"roles": ["nurse"]}, 409)):
        assert "ask another administrator" in refused["detail"]


def test_an_account_can_only_be_changed_in_what_it_has(empty: OpenHouse) -> None:
    """SEC-6, mass assignment: a field that is not offered is not taken."""
    user, admin = empty.user("nurse", "nurse"), empty.as_("admin")

    for field in ({"failures": 0}, {"id": "x"}, {"password_hash": "x"}, {"login": "other"}):
        admin.put(f"/api/v1/users/{user.id}", field, 422)


def test_an_unknown_account_is_not_found(shared: OpenHouse) -> None:
    admin = shared.as_("admin")

    assert admin.get("/api/v1/users/nobody", 404)["detail"] == admin.delete("/api/v1/users/nobody", 404)["detail"] == "there is no such account"


def test_a_sign_in_name_is_taken_once(empty: OpenHouse) -> None:
    admin = empty.as_("admin")

    again = admin.post("/api/v1/users", {"login": "ADMIN", "name": "Somebody", "password": NEW, "roles": ["nurse"]}, 409)

    assert "already taken" in again["detail"]


def test_making_an_account_lets_messages_through(empty: OpenHouse) -> None:
    """A hash takes a tenth of a second on purpose; the loop in which the ward's messages are taken does not wait for it."""
    admin, turns = empty.as_("admin"), 0

    async def both() -> str:
        nonlocal turns
        person = empty.wardline.sessions.person(admin.token)
        wanted = NewUser(login="b.iyer", name="Bina Iyer", password=NEW, roles=[Role.DOCTOR])
        making = asyncio.ensure_future(add(wanted, person, empty.running.services))
        while not making.done():
            await asyncio.sleep(0)
            turns += 1
        return (await making).login

    assert empty.do(both) == "b.iyer"
    assert turns > 100, "the few steps of the request itself are not nearly as many"


def test_two_changes_at_once_are_both_kept(empty: OpenHouse) -> None:
    """One administrator closes an account while another corrects its name: it is closed, and has the right name."""
    user, admin = empty.user("nurse", "nurse"), empty.as_("admin")

    async def both() -> None:
        person, services = empty.wardline.sessions.person(admin.token), empty.running.services
        changes = (ChangedUser(active=False), ChangedUser(name="Amelia Brandt-Lind"))
        await asyncio.gather(*(change(user.id, each, person, services) for each in changes))

    empty.do(both)

    assert (admin.get(f"/api/v1/users/{user.id}")["name"], admin.get(f"/api/v1/users/{user.id}")["state"]) == ("Amelia Brandt-Lind", "closed")
