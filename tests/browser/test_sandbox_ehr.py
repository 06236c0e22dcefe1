"""The sandbox EHR: made-up patients whose hooks ask the real services, and what goes over the wire."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations

pytestmark = pytest.mark.browser
PHONE = (390, 844)


def photographed(page: Page, name: str) -> None:
    """Where a folder for pictures is named, for people to look at."""
    if folder := os.environ.get("WARDLINE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def order(page: Page, drug: str) -> None:
    choice = page.get_by_label("Drug", exact=True)
    choice.select_option(label=next(each for each in choice.locator("option").all_inner_texts() if each.startswith(drug)))
    page.get_by_role("button", name="Add").click()


def at_hook(page: Page, hook: str) -> None:
    """Until its answer is there."""
    page.locator("summary").filter(has_text=hook).first.wait_for()
    expect(page.get_by_role("region", name="Cards", exact=True)).to_have_attribute("aria-busy", "false")


def test_opening_a_chart_asks_and_shows_the_call(screens: Any) -> None:
    page = screens("/sandbox", who=screens.people.doctor)
    at_hook(page, "patient-view")
    page.get_by_role("button", name="Tanaka, Hiro").click()
    at_hook(page, "patient-view")

    expect(page.get_by_role("article").filter(has_text="Potassium 6.7 mmol/L").first).to_be_visible()
    page.locator("summary").first.click()
    expect(page.locator("pre").first).to_contain_text('"hook": "patient-view"')
    photographed(page, "sandbox-opened")
    assert violations(page) == []


def test_an_order_that_does_not_go_with_another_is_overridden_with_a_reason_that_the_policy_page_shows(screens: Any) -> None:
    page = screens("/sandbox", who=screens.people.doctor)
    at_hook(page, "patient-view")
    order(page, "Ibuprofen")
    at_hook(page, "order-select")
    page.get_by_role("button", name="Sign").click()
    at_hook(page, "order-sign")
    card = page.get_by_role("article").filter(has=page.get_by_role("button", name="Do not order Ibuprofen")).first
    card.get_by_role("button", name="Override").click()
    dialog = page.get_by_role("dialog")
    photographed(page, "sandbox-override")
    dialog.get_by_role("button", name="Override").click()
    expect(dialog).to_contain_text("Choose a reason first")
    dialog.get_by_label("Goals of care").check()
    dialog.get_by_role("button", name="Override").click()
    expect(page.get_by_role("status").filter(has_text="Overridden: Goals of care").first).to_be_visible()
    photographed(page, "sandbox-overridden")

    page.goto(f"{screens.ward.url}/policy")
    advice = page.get_by_role("region", name="Advice in the EHR")
    expect(advice).to_contain_text("Goals of care 1")
    advice.scroll_into_view_if_needed()
    photographed(page, "policy-advice")
    assert violations(page) == []


def test_taking_the_suggestion_takes_the_order_back(screens: Any) -> None:
    page = screens("/sandbox", who=screens.people.doctor)
    at_hook(page, "patient-view")
    order(page, "Ibuprofen")
    at_hook(page, "order-select")
    page.get_by_role("button", name="Do not order Ibuprofen").first.click()

    expect(page.get_by_text("No drafts.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Accepted: Do not order Ibuprofen").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_it_is_one_column_and_nothing_sticks_out(screens: Any, dark: bool) -> None:
    page = screens("/sandbox", who=screens.people.doctor, size=PHONE, dark=dark)
    at_hook(page, "patient-view")
    order(page, "Ibuprofen")
    at_hook(page, "order-select")

    photographed(page, f"sandbox-phone-{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_whoever_may_not_read_charts_is_told_so_in_the_answer(screens: Any) -> None:
    page = screens("/sandbox", who=screens.ward.add("technician", "Tomas Lind", "engineer"))
    page.locator("summary").filter(has_text="refused").first.click()

    expect(page.locator("pre").last).to_contain_text("Your role does not allow this")
