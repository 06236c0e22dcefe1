"""Passkeys, codes, recovery codes and fresh proofs, with Chromium's own virtual device: what people see and press."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.axe import WCAG, violations
from support.screens import PHONE, WIDE, People, Screens, need_a_browser
from support.served import PASSWORD, Account, Served
from support.sign_in_service import SignInService, free_port

pytestmark = pytest.mark.browser
FILE = """
name: Sign in with St Test
issuer: {issuer}
client_id: wardline
roles: {{Ward nurses: [nurse]}}
"""


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Account]]:
    """Administrators need a second factor here, and the hospital has a sign-in service. Passkeys are bound to this machine's name."""
    need_a_browser()
    port, data = free_port(), tmp_path_factory.mktemp("second") / "data"
    address = f"http://localhost:{port}"
    (data / "config").mkdir(parents=True)
    with SignInService(f"{address}/api/v1/auth/provider/return") as service:
        (data / "config" / "identity-provider.yaml").write_text(FILE.format(issuer=service.issuer), encoding="utf-8")
        with Served(data, http=port, second_factor=("admin",), environment={**os.environ, "WARDLINE_ADDRESS": address}) as served:
            served.url = address
            yield served, served.set_up()


@pytest.fixture
def screens(browser: Browser, hospital: tuple[Served, Account]) -> Iterator[Screens]:
    served, admin = hospital
    stack = ExitStack()
    with Screens.of(browser, served, People(admin, admin, admin)) as made, stack:
        yield made


_people = iter(range(1, 1000))


def _somebody(served: Served, role: str) -> Account:
    """An account of the test's own."""
    return served.add(f"{role}{next(_people)}", "Grace Mwangi", role)


def _device(page: Page) -> Any:
    """A device that keeps passkeys and finds its holder at once."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp


def _open(screens: Screens, path: str, who: Account, **how: Any) -> Page:
    context = screens.context(**how)
    context.add_init_script(f"if (location.protocol === 'http:') localStorage.setItem('wardline.first-look.{who.id}', 'done')")
    page = context.new_page()
    page.goto(screens.ward.url + path)
    return page


def _enter(page: Page, who: Account) -> None:
    page.get_by_label("Name", exact=True).fill(who.login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _factors(page: Page) -> Locator:
    return page.get_by_role("region", name="Second factors")


def _add_app(page: Page) -> pyotp.TOTP:
    """Scans what the page shows, as a phone would, and types what the app shows."""
    secret = page.locator("[class*=secret]").inner_text()
    app = pyotp.TOTP(secret)
    page.get_by_label("Code", exact=True).fill(app.now())
    page.get_by_role("button", name="Add the app").click()
    return app


def test_an_administrator_without_a_second_factor_is_led_to_one(screens: Screens, hospital: tuple[Served, Account]) -> None:
    who = _somebody(hospital[0], "admin")
    page = _open(screens, "/system?tab=accounts", who)
    _enter(page, who)

    expect(page.get_by_role("heading", name="Add a second factor")).to_be_visible()
    page.get_by_role("button", name="Use an app with codes instead").click()
    _add_app(page)

    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()


def test_a_passkey_is_added_and_opens_the_door_alone(screens: Screens, hospital: tuple[Served, Account]) -> None:
    who = _somebody(hospital[0], "nurse")
    page = _open(screens, "/account", who)
    _device(page)
    _enter(page, who)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("Ward computer 3")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("button", name="I have kept them").click()
    expect(_factors(page)).to_contain_text("Ward computer 3")

    page.get_by_role("button", name="Grace Mwangi").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(_factors(page)).to_contain_text("Ward computer 3")


def test_after_the_password_the_passkey_is_asked_for(screens: Screens, hospital: tuple[Served, Account]) -> None:
    who = _somebody(hospital[0], "nurse")
    page = _open(screens, "/account", who)
    _device(page)
    _enter(page, who)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Grace Mwangi").click()
    page.get_by_role("menuitem", name="Sign out").click()

    _enter(page, who)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use the passkey").click()
    expect(_factors(page)).to_be_visible()


def test_a_wrong_code_is_said_and_a_recovery_code_helps(screens: Screens, hospital: tuple[Served, Account]) -> None:
    who = _somebody(hospital[0], "nurse")
    page = _open(screens, "/account", who)
    _enter(page, who)
    page.get_by_role("button", name="Add an app with codes").click()
    _add_app(page)
    first = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Grace Mwangi").click()
    page.get_by_role("menuitem", name="Sign out").click()

    _enter(page, who)
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(first)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(_factors(page)).to_contain_text("9 recovery codes are left")


def _six_minutes_pass(page: Page, served: Served, who: Account) -> None:
    """Since they have last shown who they are: the server reads it at the next sign of life."""
    with sqlite3.connect(served.data / "identities.db") as stored:
        stored.execute("UPDATE sessions SET proven_at = proven_at - 360000000 WHERE user = ?", (who.id,))
    page.reload()


def test_a_fresh_proof_is_asked_for_once_and_what_was_begun_goes_on(screens: Screens, hospital: tuple[Served, Account]) -> None:
    served, _ = hospital
    who = _somebody(served, "nurse")
    page = _open(screens, "/account", who)
    _enter(page, who)
    expect(_factors(page)).to_be_visible()
    _six_minutes_pass(page, served, who)
    page.get_by_role("button", name="Add an app with codes").click()

    dialog = page.get_by_role("dialog", name="Is it still you?")
    dialog.get_by_label("Password", exact=True).fill("not the password at all")
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_role("alert")).to_have_text("The password is not right.")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("img", name="Square code for the app")).to_be_visible()
    expect(dialog).to_have_count(0)


def test_whoever_would_rather_not_prove_it_is_told_what_was_not_done(screens: Screens, hospital: tuple[Served, Account]) -> None:
    served, _ = hospital
    who = _somebody(served, "nurse")
    page = _open(screens, "/account", who)
    _enter(page, who)
    expect(_factors(page)).to_be_visible()
    _six_minutes_pass(page, served, who)
    page.get_by_role("button", name="Add an app with codes").click()
    page.get_by_role("dialog", name="Is it still you?").get_by_role("button", name="Close").click()

    expect(page.get_by_text("This needs a fresh proof of who you are")).to_be_visible()


def test_the_hospitals_sign_in_service_opens_the_door(screens: Screens, hospital: tuple[Served, Account]) -> None:
    page = screens.context().new_page()
    screens.complaints = []
    page.goto(screens.ward.url)
    page.get_by_role("link", name="Sign in with St Test").click()

    expect(page.get_by_role("button", name="Amelia Brandt, nurse")).to_be_visible()
    assert page.url.partition("#")[2] == ""
    screens.complaints = [each for each in screens.complaints if "/auth?" not in each and "/interaction/" not in each and "/auth/" not in each]


def test_an_api_key_is_made_shown_once_and_ended(screens: Screens, hospital: tuple[Served, Account]) -> None:
    served, _ = hospital
    who = _somebody(served, "admin")
    page = _open(screens, "/system?tab=accounts", who)
    _enter(page, who)
    page.get_by_role("button", name="Use an app with codes instead").click()
    _add_app(page)
    page.get_by_role("button", name="I have kept them").click()

    page.get_by_role("button", name="Add an account").click()
    page.get_by_role("button", name="A program").click()
    page.get_by_label("Name", exact=True).fill("Prometheus")
    page.get_by_label("Sign-in name").fill(f"prometheus{os.getpid()}")
    page.get_by_role("checkbox", name="Engineer").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Make an API key").click()
    page.get_by_label("What the key is for").fill("Metrics of the server room")
    _photograph(page, "make-key")
    assert violations(page, WCAG) == []
    page.get_by_role("button", name="Make the key").click()
    secret = page.get_by_label("The new key").inner_text()
    _photograph(page, "made-key")
    assert violations(page, WCAG) == []
    page.get_by_role("button", name="Done").click()

    keys = page.get_by_role("region", name="API keys")
    expect(keys).to_contain_text("Metrics of the server room")
    assert "wardline_messages" in _with_key(served, secret)
    _photograph(page, "keys")
    assert violations(page) == []
    keys.get_by_role("button", name="End the key Metrics of the server room").click()
    expect(keys).to_contain_text("Ended by hand")
    assert "401" in _with_key(served, secret)


def _with_key(served: Served, secret: str) -> str:
    token, served._token = served._token, secret
    try:
        return served.text("/metrics")
    finally:
        served._token = token


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_account_page_reads_well_everywhere(screens: Screens, hospital: tuple[Served, Account], size: tuple[int, int], dark: bool) -> None:
    who = _somebody(hospital[0], "nurse")
    page = _open(screens, "/account", who, size=size, dark=dark)
    _device(page)
    _enter(page, who)
    page.get_by_role("button", name="Add an app with codes").click()
    expect(page.get_by_role("img", name="Square code for the app")).to_be_visible()
    _photograph(page, f"app-{size[0]}-{dark}")
    assert violations(page, WCAG) == []
    _add_app(page)
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()
    # What is said for a moment comes and goes through greys that no contrast fits.
    said = page.get_by_text("is now a second factor of yours")
    said.wait_for()
    page.wait_for_timeout(1_000)
    expect(said).to_have_count(0, timeout=20_000)
    _photograph(page, f"codes-{size[0]}-{dark}")
    assert violations(page, WCAG) == []
    page.get_by_role("button", name="I have kept them").click()
    expect(_factors(page)).to_contain_text("Phone")
    page.wait_for_timeout(400)
    _photograph(page, f"account-{size[0]}-{dark}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_steps_of_the_sign_in_read_well_everywhere(screens: Screens, hospital: tuple[Served, Account], size: tuple[int, int], dark: bool) -> None:
    who = _somebody(hospital[0], "admin")
    page = _open(screens, "/system?tab=accounts", who, size=size, dark=dark)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    _photograph(page, f"signin-{size[0]}-{dark}")
    assert violations(page) == []
    _enter(page, who)
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_visible()
    _photograph(page, f"gate-passkey-{size[0]}-{dark}")
    assert violations(page) == []
    page.get_by_role("button", name="Use an app with codes instead").click()
    expect(page.get_by_role("img", name="Square code for the app")).to_be_visible()
    _photograph(page, f"gate-app-{size[0]}-{dark}")
    _add_app(page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    page.wait_for_timeout(400)
    _photograph(page, f"accounts-{size[0]}-{dark}")
    assert violations(page) == []
    again = _open(screens, "/", who, size=size, dark=dark)
    _enter(again, who)
    expect(again.get_by_role("heading", name="Second step")).to_be_visible()
    _photograph(again, f"second-{size[0]}-{dark}")
    assert violations(again) == []


def _photograph(page: Page, name: str) -> None:
    """For whoever wants to look: where they say, otherwise nowhere."""
    folder = os.environ.get("WARDLINE_PHOTOGRAPHS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")
