"""What a browser could be made to do: forged requests, frames, injected headers, poisoned caches, open redirects (ASVS V3, 4.1.3)."""

import re
from typing import Any

import pytest

from api.house import PASSWORD, ROUTES, OpenHouse, Route
from attacks.street import Street

FOREIGN = (
    "https://elsewhere.example",
    "null",
    "http://ward.elsewhere.example",
    "http://ward@elsewhere.example",
    "http://elsewhere.example/ward",
    "file://",
    "http://ward:81",
)
UNSAFE = [route for route in ROUTES if route.method not in ("GET", "HEAD")]


def _address(route: Route) -> str:
    return route.path.format_map(dict.fromkeys(route.door.param_convertors, "nobody"))


@pytest.mark.parametrize("origin", FOREIGN)
def test_csrf_no_page_of_another_site_acts_at_any_door(shared: OpenHouse, origin: str) -> None:
    """ASVS 3.5.1, even with a good token: a browser that says where the request comes from is believed."""
    acted = [
        route.path
        for route in UNSAFE
        if (answer := shared.as_("admin").request(route.method, _address(route), {}, headers={"origin": origin})).status_code != 403
        or "another site" not in answer.text
    ]
    assert acted == []


def test_csrf_the_cookie_of_another_page_renews_nothing(shared: OpenHouse) -> None:
    shared.user("ines", "nurse")
    victim = shared.nobody()
    victim.post("/api/v1/auth/login", {"login": "ines", "password": PASSWORD})

    for origin in FOREIGN:
        assert victim.request("POST", "/api/v1/auth/refresh", headers={"origin": origin}).status_code == 403
    assert victim.request("POST", "/api/v1/auth/refresh", headers={"origin": "http://ward"}).status_code == 200


def test_csrf_the_cookie_keeps_to_itself(shared: OpenHouse) -> None:
    """ASVS 3.3: no script reads it, no other site's navigation brings it, no other path sees it."""
    shared.user("jonas", "nurse")
    answer = shared.nobody().request("POST", "/api/v1/auth/login", {"login": "jonas", "password": PASSWORD})

    said = answer.headers["set-cookie"].lower()
    assert all(each in said for each in ("httponly", "samesite=strict", "path=/api/v1/auth"))


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "ward.elsewhere.example",
        "ward@elsewhere.example",
        "",
        "ward:80:80",
        "[::ffff:1.2.3.4]",
        "ward elsewhere",
        "127.0.0.1.nip.example",
    ],
)
def test_cache_poisoning_a_host_that_is_not_ours_is_answered_by_nobody(street: Street, host: str) -> None:
    """421 before anything else is looked at; nothing of it comes back."""
    for path in ("/", "/health", "/docs", "/api/v1/hospital"):
        for answer in street.say(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()):
            assert answer.status in (400, 421)
            assert b"elsewhere" not in answer.body


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host",
        "X-Host",
        "X-Forwarded-Server",
        "Forwarded",
        "X-Original-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
    ],
)
def test_cache_poisoning_what_a_proxy_could_say_changes_nothing_without_one(shared: OpenHouse, header: str) -> None:
    for path in ("/docs", "/openapi.json", "/api/v1/hospital"):
        plain, poisoned = (shared.nobody().request("GET", path, headers=more) for more in ({}, {header: "elsewhere.example"}))
        assert "elsewhere.example" not in poisoned.text
        assert (plain.status_code, plain.headers.get("location")) == (poisoned.status_code, poisoned.headers.get("location"))


@pytest.mark.parametrize(
    "path",
    [
        "//elsewhere.example",
        "//elsewhere.example/%2e%2e",
        "/\\elsewhere.example",
        "/%2f%2felsewhere.example",
        "/https://elsewhere.example",
        "/?next=//elsewhere.example",
        "/login?redirect=https://elsewhere.example",
        "/api/v1/boards/",
        "/docs/",
    ],
)
def test_open_redirect_nothing_sends_a_browser_elsewhere(street: Street, path: str) -> None:
    for answer in street.say(f"GET {path} HTTP/1.1\r\nHost: ward\r\nConnection: close\r\n\r\n".encode()):
        assert "elsewhere" not in answer.headers.get("location", "")
        assert not answer.headers.get("location", "").startswith(("//", "/\\"))


PAGES = ("/", "/board/7A", "/assets/none.js", "/docs", "/nothing/here.css")


def _policy(headers: Any) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))


@pytest.mark.parametrize("path", PAGES)
def test_clickjacking_no_page_is_shown_in_a_frame(street: Street, path: str) -> None:
    """ASVS 3.4.3, 3.4.6."""
    headers = street.ask("GET", path).headers

    policy = _policy(headers)
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-frame-options"] == "DENY"
    assert "'unsafe-eval'" not in headers["content-security-policy"]  # WebAssembly, which decodes images, has a word of its own
    assert "unsafe-inline" not in policy.get("script-src", policy["default-src"])
    assert "*" not in headers["content-security-policy"]


EVERYWHERE = {
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


def test_every_answer_of_every_door_keeps_scripts_frames_and_caches_out(shared: OpenHouse) -> None:
    """Refusals as well: an error page is a page."""
    for route in ROUTES:
        for visitor in (shared.nobody(), shared.as_("researcher")):
            headers = visitor.request(route.method, _address(route), {} if route.method != "GET" else None).headers
            assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE, route.path
            assert headers["cache-control"] == "no-store", route.path
            assert _policy(headers)["frame-ancestors"] == "'none'", route.path
            assert "camera=()" in headers["permissions-policy"], route.path
            assert "server" not in headers, route.path


def test_header_injection_nothing_that_is_reflected_breaks_a_header(shared: OpenHouse) -> None:
    """CR and LF in every part of a request that an answer could repeat."""
    hostile = "x%0d%0aSet-Cookie: evil=1%0d%0a"
    for route in (each for each in ROUTES if each.method == "GET"):
        path = route.path.format_map(dict.fromkeys(route.door.param_convertors, hostile))
        for role in ("admin", "doctor"):
            answer = shared.as_(role).request("GET", f"{path}?q={hostile}&unit={hostile}&format={hostile}&as_of={hostile}")
            assert "evil" not in str(answer.headers.get("set-cookie", ""))
            assert not any(re.search(r"[\r\n]", value) for value in answer.headers.values())
            assert answer.status_code < 500, (route.path, answer.text)
