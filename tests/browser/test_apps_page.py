"""Apps of others, as people meet them: the page that asks, what was let in, and the register that administrators keep (SEC-7)."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import JWKRegistry, KeySet
from playwright.sync_api import Browser, Page, expect

from support.app_site import AppSite
from support.axe import WCAG, violations
from support.messages import ILL, WELL
from support.screens import PHONE, People, Screens
from support.served import Served
from support.smart_app import authorization, fields, pkce

pytestmark = pytest.mark.browser

SCOPES = ["openid", "fhirUser", "launch", "launch/patient", "offline_access", "online_access", "patient/*.rs", "patient/Observation.c"]
STANDALONE = "openid fhirUser launch/patient offline_access patient/*.rs patient/Observation.c"


@pytest.fixture(scope="module")
def site() -> Iterator[AppSite]:
    with AppSite() as opened:
        yield opened


@pytest.fixture(scope="module")
def app(ward: Served, people: People, site: AppSite) -> dict[str, Any]:
    entered = {
        "name": "Growth charts", "publisher": "Charts Ltd", "proof": "none", "scopes": SCOPES, "redirects": [f"{site.url}/back"],
        "launch_url": f"{site.url}/launch",
    }  # fmt: skip
    answer: dict[str, Any] = ward.api("POST", "/api/v1/apps", entered)["app"]
    return answer


@pytest.fixture
def visited(browser: Browser, ward: Served, people: People) -> Iterator[Screens]:
    """Screens that lead to somebody else's site, which is what these tests are about."""
    with ExitStack() as stack:
        yield Screens(browser, ward, people, stack)


def _asking(ward: Served, app: dict[str, Any], site: AppSite, scope: str = STANDALONE, **other: str) -> tuple[str, Any]:
    proof = pkce()
    given = authorization(ward.url, app["id"], proof, scope, redirect_uri=f"{site.url}/back", **other)
    return f"/oauth/authorize?{httpx2.QueryParams(given)}", (given, proof)


def _question(screens: Screens, address: str, **how: Any) -> Page:
    page = screens.context(**how).new_page()
    page.goto(screens.ward.url + address)
    expect(page.get_by_text("An app asks for access.")).to_be_visible()
    page.get_by_label("Name").fill(screens.people.nurse.login)
    page.get_by_label("Password", exact=True).fill("three unrelated cobblestones")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Growth charts asks for access")).to_be_visible()
    return page


def test_the_whole_way_of_an_app_that_starts_on_its_own(
    visited: Screens, ward: Served, app: dict[str, Any], site: AppSite, admit: Callable[..., Any]
) -> None:
    """A real browser, a real second site, and a client that was written for neither."""
    okafor = admit("Okafor", "12", ILL)
    address, (given, proof) = _asking(ward, app, site, nonce="n1")
    page = _question(visited, address)
    expect(page.get_by_role("button", name="Allow", exact=True)).to_be_disabled()
    page.get_by_role("searchbox", name="Patient").fill(okafor.patient.number)
    page.get_by_role("radio").check()
    page.get_by_role("checkbox", name="Add measurements and results").uncheck()
    page.get_by_role("button", name="Allow", exact=True).click()
    page.wait_for_url(f"{site.url}/back*")
    back = fields(site.came("/back"))
    assert back["state"] == given["state"]

    with httpx2.Client() as client:
        configuration = client.get(f"{ward.url}/fhir/.well-known/smart-configuration").json()
        assert configuration["issuer"] == back["iss"]
        content = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": f"{site.url}/back", "client_id": app["id"]}
        tokens = client.post(configuration["token_endpoint"], data=content | {"code_verifier": proof.verifier}).json()
        keys = KeySet([JWKRegistry.import_key(key) for key in client.get(configuration["jwks_uri"]).json()["keys"]])
        who = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
        seen = client.get(f"{ward.url}/api/v1/patients/{tokens['patient']}", headers={"authorization": f"Bearer {tokens['access_token']}"})
        assert client.get(f"{ward.url}/api/v1/boards", headers={"authorization": f"Bearer {tokens['access_token']}"}).status_code == 403

    assert (who["sub"], who["nonce"], who["fhirUser"]) == (
        visited.people.nurse.id, "n1", f"{ward.url}/fhir/Practitioner/{visited.people.nurse.id}"
    )  # fmt: skip
    assert tokens["scope"] == "openid fhirUser launch/patient offline_access patient/*.rs"
    assert (seen.status_code, seen.json()["family"]) == (200, "Okafor")


def test_an_app_opened_from_a_patients_page_knows_for_whom(
    visited: Screens, ward: Served, app: dict[str, Any], site: AppSite, admit: Callable[..., Any]
) -> None:
    okafor = admit("Okafor", "12", ILL)
    page = visited(f"/patients/{okafor.key}")
    page.get_by_role("button", name="Apps").click()
    _picture(page, "apps-menu")
    page.get_by_role("menuitem", name="Growth charts").click()
    launched = fields(site.came("/launch"))
    assert launched["iss"] == f"{ward.url}/fhir"

    address, _ = _asking(ward, app, site, "launch openid patient/*.rs", launch=launched["launch"])
    asking = page.context.new_page()
    asking.goto(ward.url + address)
    expect(asking.get_by_role("region", name="For this patient")).to_contain_text("Okafor")
    _picture(asking, "consent-launched")
    asking.get_by_role("button", name="Allow", exact=True).click()
    asking.wait_for_url(f"{site.url}/back*")
    assert "code" in fields(site.came("/back"))

    page.goto(f"{ward.url}/apps")
    grant = page.get_by_role("listitem").filter(has_text="Ends when you sign out").filter(has_text=okafor.patient.number)
    expect(grant).to_be_visible()
    assert violations(page) == []
    _picture(page, "apps-allowed")
    grant.get_by_role("button", name="Take it back").click()
    expect(grant).to_have_count(0)


def test_saying_no_goes_back_with_that(visited: Screens, ward: Served, app: dict[str, Any], site: AppSite) -> None:
    address, _ = _asking(ward, app, site)
    page = _question(visited, address)
    page.get_by_role("button", name="Do not allow").click()
    page.wait_for_url(f"{site.url}/back*")

    assert fields(site.came("/back"))["error"] == "access_denied"


def test_an_address_that_is_not_the_apps_own_is_never_gone_to(screens: Screens, ward: Served, app: dict[str, Any], site: AppSite) -> None:
    """No open redirect: the page says what is wrong, and stays."""
    proof = pkce()
    given = authorization(ward.url, app["id"], proof, STANDALONE, redirect_uri="https://evil.example/back")
    page = screens.context().new_page()
    page.goto(f"{ward.url}/oauth/authorize?{httpx2.QueryParams(given)}")
    page.get_by_label("Name").fill(screens.people.nurse.login)
    page.get_by_label("Password", exact=True).fill("three unrelated cobblestones")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("not registered")
    assert page.url.startswith(f"{ward.url}/authorize")


def test_the_question_cannot_be_shown_inside_another_site(visited: Screens, ward: Served, app: dict[str, Any], site: AppSite) -> None:
    """Clickjacking (RFC 6749 10.13)."""
    address, _ = _asking(ward, app, site)
    page = visited.context().new_page()
    page.goto(site.url)
    page.evaluate(
        "address => { const frame = document.createElement('iframe'); frame.src = address; document.body.append(frame); }", ward.url + address
    )
    page.wait_for_timeout(1_000)

    assert all("asks for access" not in (frame.text_content("html") or "") for frame in page.frames)
    assert not any(frame.url.startswith(ward.url) for frame in page.frames if frame is not page.main_frame)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["wide", "phone"])
def test_the_question_reads_well_everywhere(
    visited: Screens, ward: Served, app: dict[str, Any], site: AppSite, admit: Callable[..., Any], dark: bool, size: tuple[int, int]
) -> None:
    okafor = admit("Okafor", "12", WELL)
    address, _ = _asking(ward, app, site)
    page = _question(visited, address, dark=dark, size=size)
    page.get_by_role("searchbox", name="Patient").fill(okafor.patient.number)
    page.get_by_role("radio").check()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if folder := os.environ.get("WARDLINE_PICTURES"):
        page.screenshot(path=f"{folder}/consent-{'dark' if dark else 'light'}-{size[0]}.png", full_page=True)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["wide", "phone"])
def test_administrators_enter_and_close_apps(screens: Screens, dark: bool, size: tuple[int, int]) -> None:
    page = screens("/privacy?part=apps", screens.people.admin, dark=dark, size=size)
    name = f"Night report {dark} {size[0]}"
    page.get_by_role("button", name="Enter an app").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Scopes").fill("launch/patient patient/*.rs")
    dialog.get_by_label("A secret").check()
    dialog.get_by_label("Redirect addresses").fill("http://example.org/back")
    dialog.get_by_role("button", name="Enter it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("https")
    dialog.get_by_label("Redirect addresses").fill("https://example.org/back")
    page.wait_for_timeout(300)
    assert violations(page, WCAG) == []
    _picture(page, f"apps-add-{dark}-{size[0]}")
    dialog.get_by_role("button", name="Enter it").click()
    expect(dialog.get_by_label("For the app")).to_contain_text("It is shown this once")
    _picture(page, f"apps-secret-{dark}-{size[0]}")
    dialog.get_by_role("button", name="Done").click()
    _picture(page, f"apps-list-{dark}-{size[0]}")
    page.get_by_role("button", name=name).click()
    page.wait_for_timeout(300)
    assert violations(page, WCAG) == []
    _picture(page, f"apps-one-{dark}-{size[0]}")
    page.get_by_role("dialog").get_by_role("button", name="Close it").click()
    expect(page.get_by_role("listitem").filter(has_text=name)).to_contain_text("Closed")


def test_whoever_has_let_in_nothing_is_told_how_it_comes_about(screens: Screens) -> None:
    page = screens("/apps", screens.people.doctor)

    expect(page.get_by_role("heading", name="No app acts for you")).to_be_visible()
    assert violations(page) == []
    _picture(page, "apps-none")


def _picture(page: Page, name: str) -> None:
    """For looking at, where somebody asks for it."""
    if folder := os.environ.get("WARDLINE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
