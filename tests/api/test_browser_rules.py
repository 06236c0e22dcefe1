"""What browsers are held to: no other site may ask, no token travels in an address, no asset comes from elsewhere (ASVS V3, V14)."""

import re
from collections.abc import Callable

import pytest

from api.house import PASSWORD, OpenHouse

FOREIGN = {"origin": "https://elsewhere.example"}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/v1/boards"), ("POST", "/api/v1/auth/refresh"), ("OPTIONS", "/api/v1/boards"), ("GET", "/health")]
)
def test_trap5_no_other_site_is_let_in(shared: OpenHouse, method: str, path: str) -> None:
    answered = shared.as_("nurse").request(method, path, headers={**FOREIGN, "access-control-request-method": "GET"})

    assert [name for name in answered.headers if name.startswith("access-control-")] == []


@pytest.mark.parametrize("query", ["token", "access_token", "authorization"])
@pytest.mark.parametrize("path", ["/api/v1/boards", "/api/v1/stream/board/7A"])
def test_trap6_a_token_in_an_address_opens_nothing(shared: OpenHouse, path: str, query: str) -> None:
    """ASVS 14.2.1: addresses end up in logs."""
    answered = shared.nobody().request("GET", f"{path}?{query}={shared.as_('nurse').token}")

    assert answered.status_code == 401


@pytest.mark.parametrize("header", ["Basic bnVyc2U6eA==", "Bearer", "Bearer ", "bearer x y", "", "null"])
def test_only_a_bearer_token_is_a_token(shared: OpenHouse, header: str) -> None:
    assert shared.nobody().request("GET", "/api/v1/boards", headers={"authorization": header}).status_code == 401


def test_the_cookie_alone_opens_no_door(open_house: Callable[..., OpenHouse]) -> None:
    """ASVS 3.5: what a browser sends by itself, another site's page can make it send."""
    house = open_house()
    house.user("nurse", "nurse")
    visitor = house.nobody()
    visitor.post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD})
    assert visitor.cookies

    visitor.get("/api/v1/boards", 401)
    visitor.post("/api/v1/auth/logout", expect=401)


def test_the_documentation_brings_its_own_assets(shared: OpenHouse) -> None:
    """A hospital's network reaches no other."""
    page = shared.nobody().request("GET", "/docs").text

    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert assets
    assert all(asset.startswith("/") and not asset.startswith("//") for asset in assets)


def test_proxy_headers_of_strangers_change_nothing(shared: OpenHouse) -> None:
    """ASVS 4.1.3."""
    claimed = {"x-forwarded-proto": "https", "x-forwarded-for": "1.2.3.4"}

    answered = shared.nobody().request("POST", "/api/v1/auth/login", {"login": "x", "password": "y"}, headers=claimed)

    assert answered.status_code == 403
    assert "1.2.3.4" not in str(shared.audited()[-1])
