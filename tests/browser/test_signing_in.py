"""Signing in: the printed link, a name and a password, and what stays closed without them."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from wardline import __version__

pytestmark = pytest.mark.browser


def test_a_name_and_a_password_open_the_ward_board(screens: Any, people: Any) -> None:
    page = screens("/")
    expect(page.get_by_role("link", name="Ward board")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("button", name=f"{people.nurse.name}, nurse")).to_be_visible()


def test_a_wrong_password_is_said_in_words_and_opens_nothing(screens: Any, ward: Any) -> None:
    page = screens.context().new_page()
    page.goto(ward.url)
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password", exact=True).fill("wrong wrong wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_the_sign_in_page_says_which_version_runs(screens: Any, ward: Any) -> None:
    page = screens.context().new_page()
    page.goto(ward.url)
    expect(page.get_by_text(f"Wardline {__version__}.")).to_be_visible()


def test_a_setup_link_that_was_used_makes_no_second_administrator(screens: Any, ward: Any) -> None:
    page = screens.context().new_page()
    page.goto(ward.setup_link)
    page.get_by_label("Your name").fill("Karin Holm")
    page.get_by_label("Sign-in name").fill("karin")
    page.get_by_label("Password", exact=True).fill("lamp river saddle")
    page.get_by_label("Password, again").fill("lamp river saddle")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("alert")).to_contain_text("There is an administrator already")


def test_two_different_passwords_are_noticed_before_anything_is_sent(screens: Any, ward: Any) -> None:
    page = screens.context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(ward.setup_link)
    for label, text in (("Your name", "Karin Holm"), ("Sign-in name", "karin"), ("Password, again", "other words here")):
        page.get_by_label(label).fill(text)
    page.get_by_label("Password", exact=True).fill("lamp river saddle")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("alert")).to_have_text("The two passwords are not the same.")
    assert not any(re.search(r"/auth/setup", url) for url in asked)


def test_a_reload_keeps_the_sign_in_and_the_address(screens: Any) -> None:
    page = screens("/queue?urgency=high")
    page.reload()
    expect(page.get_by_role("button", name="High")).to_have_attribute("aria-pressed", "true")


def test_signing_out_in_one_window_closes_the_other(screens: Any, ward: Any) -> None:
    context = screens.context()
    first, second = context.new_page(), context.new_page()
    first.goto(ward.url)
    screens.sign_in(first, screens.people.nurse)
    second.goto(ward.url)
    second.locator("#page").wait_for()
    first.get_by_role("button", name="Amelia Brandt").click()
    first.get_by_role("menuitem", name="Sign out").click()
    expect(second.get_by_text("You signed out in another window.")).to_be_visible()
    expect(second.get_by_role("navigation")).to_have_count(0)


def test_the_access_token_is_never_kept_in_the_browser(screens: Any) -> None:
    page = screens("/")
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie")
    assert "eyJ" not in kept
