"""Screens about access: a record that is not one's own, one open in an emergency, reviewing it, and why something was refused."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.axe import WCAG, violations
from support.screens import PHONE, People, Screens
from support.served import PASSWORD, Account, Served

pytestmark = pytest.mark.browser

HOWS = pytest.mark.parametrize("how", [{}, {"dark": True, "size": PHONE}], ids=["desk", "phone in the dark"])


@pytest.fixture(scope="module")
def outsider(ward: Served, people: People) -> Account:
    """A nurse of a ward where nobody lies."""
    content = {"login": "outsider", "name": "Nils Berg", "password": PASSWORD, "roles": ["nurse"], "units": ["FREE"]}
    return Account(ward.api("POST", "/api/v1/users", content)["id"], "outsider", "Nils Berg")


@pytest.fixture(scope="module")
def privacy(ward: Served, people: People) -> Account:
    return ward.add("access.privacy", "Ines Duarte", "privacy")


@pytest.fixture(scope="module")
def manager(ward: Served, people: People) -> Account:
    return ward.add("access.manager", "Karin Holm", "manager")


def _screen(screens: Screens, path: str, who: Account, **how: Any) -> Page:
    """Signed in at this address, the first look done: it has nothing to do with these screens."""
    context = screens.context(**how)
    context.add_init_script(f"if (location.protocol === 'http:') localStorage.setItem('wardline.first-look.{who.id}', 'done');")
    page = context.new_page()
    page.goto(screens.ward.url + path)
    screens.sign_in(page, who)
    return page


def _open(page: Page, reason: str = "The patient is in danger now") -> None:
    page.get_by_label(reason).check()
    page.get_by_role("button", name="Open for 2 h").click()
    page.get_by_label("Emergency access").wait_for()


@HOWS
def test_a_record_that_is_not_ones_own(screens: Screens, admit: Callable[..., Any], outsider: Account, how: dict[str, Any]) -> None:
    patient = admit("Okafor", "12")
    page = _screen(screens, f"/patients/{patient.key}", outsider, **how)

    expect(page.get_by_role("heading", name="This record is not open to you")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Okafor")
    assert violations(page) == []
    _open(page)
    assert violations(page) == []
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_role("heading", name="This record is not open to you")).to_be_visible()


def test_number_keys_choose_and_enter_opens(screens: Screens, admit: Callable[..., Any], outsider: Account) -> None:
    page = _screen(screens, f"/patients/{admit('Lindqvist', '4').key}", outsider)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Say in a few words what the reason is.")).to_be_visible()

    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Emergency access")).to_contain_text("Open in an emergency.")


@HOWS
def test_reviewing_what_was_opened(
    ward: Served, screens: Screens, admit: Callable[..., Any], outsider: Account, privacy: Account, how: dict[str, Any]
) -> None:  # fmt: skip
    _open(_screen(screens, f"/patients/{admit('Moreau', '7').key}", outsider), "I was called to this patient")
    page = _screen(screens, "/privacy?part=emergency", privacy, **how)
    item = page.get_by_label("Emergency access").get_by_role("listitem").first

    expect(item).to_contain_text("open now")
    assert violations(page) == []
    item.get_by_role("button", name="Review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_contain_text("Choose one first.")
    dialog.get_by_label("I ask the person first").check()
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_contain_text("Say why, or what you ask, in a few words.")
    page.wait_for_timeout(300)  # until it has faded in
    assert violations(page, WCAG) == []
    dialog.get_by_label("Note").fill("Who called you?")
    dialog.get_by_role("button", name="Keep it").click()
    expect(item).to_contain_text("Who called you?")
    expect(item.get_by_role("button", name="Review")).to_be_visible()


@HOWS
def test_a_refusal_is_explained(screens: Screens, admit: Callable[..., Any], outsider: Account, privacy: Account, how: dict[str, Any]) -> None:
    _screen(screens, f"/patients/{admit('Castellanos', '9').key}", outsider).get_by_role("heading", name="This record is not open to you").wait_for()
    page = _screen(screens, "/privacy?part=policies", privacy, **how)

    page.get_by_label("Refused lately").get_by_role("listitem").filter(has_text="Nils Berg").get_by_role("button", name="Why?").first.click()
    answer = page.get_by_role("status").filter(has_text="Refused.")
    expect(answer).to_contain_text("Nils Berg may not")
    expect(answer).to_contain_text("The patient is in none of their units now.")
    expect(answer).to_contain_text("None permits it, and what none permits is refused.")
    page.locator("summary").filter(has_text="read the charts of patients they look after").click()
    expect(page.get_by_label("Text of care-reads")).to_contain_text('@id("care-reads")')
    assert violations(page) == []


def test_a_bed_manager_sees_where_and_not_what(screens: Screens, admit: Callable[..., Any], manager: Account) -> None:
    page = _screen(screens, f"/patients/{admit('Whitfield', '2').key}", manager)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Whitfield")
    expect(page.locator("#page")).to_contain_text("not shown to your role")
    expect(page.locator("#page")).to_contain_text("Your role sees where patients are.")
    assert violations(page) == []
