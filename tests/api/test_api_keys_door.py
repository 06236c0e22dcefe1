"""Programs come in with API keys: for the actions, the time and the networks they were made for, under a name of their own."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.house import PASSWORD, OpenHouse, Visitor, scope_of
from support.clocks import MORNING
from support.messages import ADA, adt
from wardline.api import streams

KEYS = "/api/v1/api-keys"
SCRAPER = {"login": "prometheus", "name": "Prometheus", "roles": ["engineer"], "kind": "service"}


@pytest.fixture
def house(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    return open_house()


def _end(house: OpenHouse, **after: float) -> str:
    return (house.wardline.sessions.now() + timedelta(**(after or {"days": 30}))).isoformat()


def _made(house: OpenHouse, account: dict[str, Any] | None = None, **wish: Any) -> tuple[Visitor, dict[str, Any]]:
    """A program with its key."""
    admin = house.as_("admin")
    account = account or admin.post("/api/v1/users", SCRAPER, 201)
    asked = {"account": account["id"], "name": "The server room", "scopes": ["system.read"], "ends_at": _end(house), **wish}
    made = admin.post(KEYS, asked, 201)
    program = house.nobody()
    program.token = made["secret"]
    return program, made["key"]


def test_a_scraper_reads_the_metrics_with_its_key(house: OpenHouse) -> None:
    program, _ = _made(house)

    assert "wardline_messages_total" in program.get("/metrics")
    program.get("/health/detail")


def test_a_key_is_for_the_actions_it_was_made_for_whatever_its_account_may(house: OpenHouse) -> None:
    program, _ = _made(house)

    program.get("/api/v1/feeds", 403)
    wider, _ = _made(house, {"id": house.do(house.wardline.identities.user_named, "prometheus").id}, scopes=["system.read", "feed.read"])  # type: ignore[union-attr]
    wider.get("/api/v1/feeds")


def test_a_key_gives_no_more_than_its_account_has(house: OpenHouse) -> None:
    program, _ = _made(house, scopes=["user.manage", "audit.read", "system.read"])

    program.get("/api/v1/users", 403)
    program.get("/api/v1/audit", 403)


def test_the_doors_of_people_and_those_that_ask_for_fresh_proof_stay_closed(house: OpenHouse) -> None:
    account = house.as_("admin").post("/api/v1/users", {**SCRAPER, "login": "robot", "roles": ["admin"]}, 201)
    program, _ = _made(house, account, scopes=["user.manage"])

    program.get("/api/v1/users")
    for path in ("/api/v1/auth/me", "/api/v1/auth/sessions", "/api/v1/auth/mfa"):
        assert "for people" in program.get(path, 403)["detail"]
    program.post("/api/v1/auth/password", {"old": PASSWORD, "new": PASSWORD}, 403)
    assert (
        program.post(KEYS, {"account": account["id"], "name": "more", "scopes": ["user.manage"], "ends_at": _end(house)}, 403)["remedy"] == "step-up"
    )


def test_each_use_is_in_the_trail_under_the_programs_name_and_key(house: OpenHouse) -> None:
    account = house.as_("admin").post("/api/v1/users", {**SCRAPER, "login": "robot", "roles": ["admin"]}, 201)
    program, key = _made(house, account, scopes=["user.manage"])

    program.delete(f"/api/v1/users/{account['id']}/sessions")

    (entry,) = house.audited(who=account["id"], action="sessions ended")
    assert f"key:{key['id']}" in str(entry)


def test_a_key_that_was_ended_is_refused_at_the_next_request(house: OpenHouse) -> None:
    program, key = _made(house)
    program.get("/metrics")

    house.as_("admin").delete(f"{KEYS}/{key['id']}")

    program.get("/metrics", 401)
    assert house.as_("admin").get(f"{KEYS}/{key['id']}")["state"] == "ended"


def test_a_key_ends_when_it_was_said_to(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    program, key = _made(house, ends_at=_end(house, hours=1))
    at = datetime.fromisoformat(key["ends_at"])

    monkeypatch.setattr(house.wardline.sessions.api_keys, "now", lambda: at - timedelta(seconds=1))
    program.get("/metrics")
    monkeypatch.setattr(house.wardline.sessions.api_keys, "now", lambda: at)
    program.get("/metrics", 401)


@pytest.mark.parametrize(("after", "expect"), [({"days": 366}, 201), ({"days": 367}, 400), ({"seconds": -1}, 400)])
def test_no_key_is_for_ever(house: OpenHouse, after: dict[str, float], expect: int) -> None:
    account = house.as_("admin").post("/api/v1/users", SCRAPER, 201)

    asked = {"account": account["id"], "name": "x", "scopes": ["system.read"], "ends_at": _end(house, **after)}
    house.as_("admin").post(KEYS, asked, expect)


@pytest.mark.parametrize(("networks", "expect"), [([], 200), (["127.0.0.0/8"], 200), (["127.0.0.1"], 200), (["10.20.0.0/16", "2001:db8::/32"], 401)])
def test_a_key_may_be_for_some_networks_only(house: OpenHouse, networks: list[str], expect: int) -> None:
    program, _ = _made(house, addresses=networks)

    program.get("/metrics", expect)


def test_closing_its_account_ends_all_its_keys(house: OpenHouse) -> None:
    program, key = _made(house)

    house.as_("admin").delete(f"/api/v1/users/{key['account']}")

    program.get("/metrics", 401)


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: text + "x", lambda text: text.replace("wl_", "wl_0"), lambda text: "wl_", str.upper]
)
def test_a_key_that_is_not_exactly_right_is_nobodys(house: OpenHouse, change: Callable[[str], str]) -> None:
    program, _ = _made(house)
    program.token = change(program.token)

    program.get("/metrics", 401)


def test_a_key_is_shown_once_and_kept_as_a_hash(house: OpenHouse) -> None:
    program, key = _made(house)
    secret = program.token.rpartition("_")[2]

    assert secret not in house.as_("admin").request("GET", KEYS).text
    assert secret not in house.as_("admin").request("GET", f"{KEYS}/{key['id']}").text
    for file in house.data.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes(), file


def test_the_last_use_is_said_to_the_minute(house: OpenHouse) -> None:
    program, key = _made(house)
    assert "used_at" not in key

    program.get("/metrics")

    assert "used_at" in house.as_("admin").get(f"{KEYS}/{key['id']}")


def test_nobody_signs_in_as_a_program(house: OpenHouse) -> None:
    _made(house)

    for password in ("", PASSWORD):
        house.nobody().post("/api/v1/auth/login", {"login": "prometheus", "password": password}, 403)
    account = house.do(house.wardline.identities.user_named, "prometheus")
    assert account is not None
    assert "no password" in house.as_("admin").put(f"/api/v1/users/{account.id}", {"password": "five quiet green kettles"}, 400)["detail"]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"account": "nobody"}, "no such service account"),
        ({"scopes": ["everything"]}, "no action 'everything'"),
        ({"addresses": ["here"]}, "neither an address nor a network"),
        ({"name": " "}, "what the key is for"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_in_words(house: OpenHouse, wish: dict[str, Any], says: str) -> None:
    account = house.as_("admin").post("/api/v1/users", SCRAPER, 201)
    asked = {"account": account["id"], "name": "x", "scopes": ["system.read"], "ends_at": _end(house), **wish}

    answer = house.as_("admin").request("POST", KEYS, asked)

    assert (answer.status_code in (400, 404), says in answer.json()["detail"]) == (True, True), answer.text


def test_people_have_no_keys(house: OpenHouse) -> None:
    nurse = house.user("nurse", "nurse")

    asked = {"account": nurse.id, "name": "x", "scopes": ["patient.read"], "ends_at": _end(house)}
    assert "people sign in" in house.as_("admin").post(KEYS, asked, 404)["detail"]


# --- what stays open ends with what opened it ---


def _watched(house: OpenHouse, token: str, act: Callable[[], Any]) -> bytearray:
    """What a live view was sent, in which `act` happened once it was open."""
    received, acted = bytearray(), []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        received.extend(message.get("body", b""))
        if b"event: present" in received and not acted:
            acted.append(act())

    async def look() -> None:
        scope = scope_of("GET", f"{streams.PREFIX}board/7A", (b"authorization", f"Bearer {token}".encode()))
        await asyncio.wait_for(house.asgi(scope, never, send), 5)  # type: ignore[arg-type]

    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"))
    house.do(look)
    return received


def test_a_live_view_of_a_program_ends_with_its_key(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    account = house.as_("admin").post("/api/v1/users", {**SCRAPER, "login": "wall", "roles": ["nurse"]}, 201)
    program, key = _made(house, account, scopes=["patient.read", "patient.chart"])

    assert _watched(house, program.token, lambda: house.wardline.sessions.api_keys.end(key["id"])).endswith(streams.SIGNED_OUT)


def test_looks_that_often_see_the_end_of_a_session_within_seconds() -> None:
    """Forced sign-out: under a minute wherever somebody is; requests are refused at once."""
    assert streams.HEARTBEAT_SECONDS <= 10


@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        {"roles": ["engineer"]},
        {"units": ["8B"]},
        {"password": "five quiet green kettles"},
    ],
    ids=["account closed", "role changed", "units changed", "password set by an administrator"],
)
def test_what_an_administrator_changes_ends_requests_at_once_and_live_views_soon(
    house: OpenHouse, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """ASVS 7.4.1, 7.4.2, 7.4.5."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    nurse, admin = house.as_("nurse"), house.as_("admin")
    id = nurse.get("/api/v1/auth/me")["id"]

    def ends() -> None:
        task = asyncio.ensure_future(admin._request("PUT", f"/api/v1/users/{id}", change, {}, {"authorization": f"Bearer {admin.token}"}))
        changes.append(task)

    changes: list[Any] = []
    assert _watched(house, nurse.token, ends).endswith(streams.SIGNED_OUT)
    assert changes[0].result().status_code == 200
    nurse.get("/api/v1/auth/me", 401)


def test_a_live_view_of_a_program_ends_when_its_account_is_sent_to_another_unit(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """ASVS 8.3.2: the key goes on, with what its account may now."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    account = house.as_("admin").post("/api/v1/users", {**SCRAPER, "login": "wall", "roles": ["nurse"], "units": ["7A"]}, 201)
    program, _ = _made(house, account, scopes=["patient.read", "patient.chart"])
    identities = house.wardline.identities
    elsewhere = house.do(identities.user, account["id"])._replace(units=("7B",))  # type: ignore[union-attr]

    assert b"event: present" in _watched(house, program.token, lambda: identities.put_user(elsewhere))
    program.get("/api/v1/boards/7A", 403)


def test_signing_somebody_out_everywhere_ends_their_live_views(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    nurse, sessions = house.as_("nurse"), house.wardline.sessions
    id = nurse.get("/api/v1/auth/me")["id"]

    assert _watched(house, nurse.token, lambda: sessions.end_all(id, "ended by an administrator")).endswith(streams.SIGNED_OUT)
    nurse.get("/api/v1/auth/me", 401)
