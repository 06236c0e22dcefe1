"""Other sites: nobody by default, some paths for a while by an administrator with fresh proof, dead at once after that (TRAP-5)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.house import OpenHouse, Visitor
from wardline.app.edge_settings import EdgeSettings, SettledOrigin
from wardline.core.errors import Refused
from wardline.core.events import OriginAllowed
from wardline.security.origins import LONGEST, Origins, check

SITE = "https://tablets.example"
PATH = "/api/v1/cors/origins"


def asked(**other: Any) -> dict[str, Any]:
    ends = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    return {"origin": SITE, "paths": ["/api/v1/boards"], "expires_at": ends, "reason": "Trial of a screen"} | other


def allowance(visitor: Visitor, path: str = "/api/v1/boards", origin: str = SITE) -> str | None:
    return visitor.request("GET", path, headers={"origin": origin}).headers.get("access-control-allow-origin")


def preflight(visitor: Visitor, path: str, origin: str = SITE) -> Any:
    return visitor.request("OPTIONS", path, headers={"origin": origin, "access-control-request-method": "GET"})


def test_an_administrator_lets_a_site_in_for_a_while_and_takes_it_back(house: OpenHouse) -> None:
    admin, nurse = house.as_("admin"), house.as_("nurse")
    assert allowance(nurse) is None

    made = admin.post(PATH, asked(), 201)

    assert allowance(nurse) == SITE
    assert allowance(nurse, "/api/v1/boards/7A") == SITE
    assert allowance(nurse, "/api/v1/boardsandmore") is None
    assert allowance(nurse, "/api/v1/patients") is None
    assert allowance(nurse, origin="https://elsewhere.example") is None
    assert [each["origin"] for each in house.as_("auditor").get(PATH)["origins"]] == [SITE]

    admin.delete(f"{PATH}/{made['id']}")
    assert allowance(nurse) is None
    admin.delete(f"{PATH}/{made['id']}", 404)
    assert [entry["action"] for entry in house.audited() if entry["action"].startswith("origin ")] == ["origin allowed", "origin withdrawn"]


def test_a_browser_hears_before_it_asks(house: OpenHouse) -> None:
    house.as_("admin").post(PATH, asked(), 201)

    yes, no = preflight(house.nobody(), "/api/v1/boards"), preflight(house.nobody(), "/api/v1/patients")

    assert (yes.status_code, yes.headers["access-control-allow-origin"], yes.headers["vary"]) == (204, SITE, "Origin")
    assert "authorization" in yes.headers["access-control-allow-headers"]
    assert int(yes.headers["access-control-max-age"]) <= 60
    for answer in (yes, no):
        assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in no.headers


def test_an_expired_site_is_dead_to_the_second(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = datetime.now(UTC) + timedelta(hours=1)
    house.as_("admin").post(PATH, asked(expires_at=ends.isoformat()), 201)
    nurse, sessions = house.as_("nurse"), house.wardline.sessions
    assert allowance(nurse) == SITE

    monkeypatch.setattr(sessions, "now", lambda: ends)
    assert allowance(nurse) is None
    assert preflight(nurse, "/api/v1/boards").headers.get("access-control-allow-origin") is None


def test_it_can_be_changed_and_outlives_a_restart(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house("kept")
    made = house.as_("admin").post(PATH, asked(), 201)
    house.as_("admin").put(f"{PATH}/{made['id']}", asked(paths=["/api/v1/patients/"]))
    house.close()

    again = open_house("kept")
    assert allowance(again.as_("nurse")) is None
    assert allowance(again.as_("nurse"), "/api/v1/patients") == SITE


@pytest.mark.parametrize("role", ["nurse", "doctor", "engineer", "auditor", "privacy", "manager"])
def test_nobody_else_lets_a_site_in(house: OpenHouse, role: str) -> None:
    house.as_(role).post(PATH, asked(), 403)


def test_it_asks_for_fresh_proof(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """TRAP-5: with step-up."""
    admin, sessions = house.as_("admin"), house.wardline.sessions
    later = sessions.now() + timedelta(minutes=6)
    monkeypatch.setattr(sessions, "now", lambda: later)

    assert admin.post(PATH, asked(expires_at=(later + timedelta(days=1)).isoformat()), 403)["remedy"] == "step-up"


WRONG = [
    ("origin", "*"),
    ("origin", "https://*"),
    ("origin", "https://*.example"),
    ("origin", "null"),
    ("origin", "http://tablets.example"),
    ("origin", "https://tablets.example/"),
    ("origin", "https://tablets.example/x"),
    ("origin", "https://user@tablets.example"),
    ("origin", "https://Tablets.example"),
    ("origin", "tablets.example"),
    ("origin", "https://a.example https://b.example"),
    ("origin", "https://tablets.example\r\nX: y"),
    ("origin", ""),
    ("paths", []),
    ("paths", ["*"]),
    ("paths", ["/"]),
    ("paths", ["/api"]),
    ("paths", ["/api/v1"]),
    ("paths", ["/api/v1/"]),
    ("paths", ["/api/v1/auth"]),
    ("paths", ["/api/v1/auth/login"]),
    ("paths", ["/api/v1/*"]),
    ("paths", ["/api/v1/x/../auth"]),
    ("paths", ["api/v1/boards"]),
    ("paths", ["/api/v1/boards?x"]),
    ("paths", ["/api/v1/boards", "/"]),
    ("reason", ""),
    ("reason", "  "),
    ("expires_at", LONGEST + timedelta(minutes=5)),
    ("expires_at", timedelta(minutes=-1)),
    ("expires_at", "2026-12-01T10:00:00"),
    ("expires_at", None),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_nothing_wider_than_it_must_be_is_let_in(shared: OpenHouse, field: str, value: Any) -> None:
    said = (datetime.now(UTC) + value).isoformat() if isinstance(value, timedelta) else value
    refused = shared.as_("admin").request("POST", PATH, asked(**{field: said}))

    assert refused.status_code in (400, 422)
    assert refused.json()["where"].startswith(field)


def test_the_settings_can_name_sites_for_good_by_the_same_rules(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(edge=EdgeSettings(hosts=("ward",), origins=(SettledOrigin(origin=SITE, paths=("/api/v1/boards",)),)))

    assert allowance(house.as_("nurse")) == SITE
    assert house.as_("admin").get(PATH)["origins"][0]["reason"] == "in the settings"
    for wrong in ({"origin": "*", "paths": ("/api/v1/boards",)}, {"origin": SITE, "paths": ("/api/v1/auth",)}, {"origin": SITE, "paths": ()}):
        with pytest.raises(ValueError, match=r"origin|path"):
            SettledOrigin(**wrong)  # type: ignore[arg-type]


def test_a_page_that_may_ask_may_also_act_and_no_other(house: OpenHouse) -> None:
    house.as_("admin").post(PATH, asked(), 201)
    nurse = house.as_("nurse")

    assert nurse.request("POST", "/api/v1/boards", {}, headers={"origin": SITE}).status_code == 405
    assert nurse.request("POST", "/api/v1/auth/refresh", headers={"origin": SITE}).status_code == 403


def test_what_is_folded_is_what_is_kept() -> None:
    origins = Origins()
    origins.load([("a", SITE, ["/api/v1/boards"], datetime(2026, 3, 1, tzinfo=UTC), "r", "u", datetime(2026, 2, 1, tzinfo=UTC))])

    again = Origins()
    again.load(origins.dump())
    assert again.dump() == origins.dump()
    assert [each.id for each in again.standing(datetime(2026, 2, 2, tzinfo=UTC))] == ["a"]
    assert again.standing(datetime(2026, 3, 1, tzinfo=UTC)) == []
    with pytest.raises(Refused):
        check(OriginAllowed("b", SITE, (), datetime(2026, 3, 1, tzinfo=UTC), "r"), datetime(2026, 2, 2, tzinfo=UTC))
