"""The same board in a hand and on a wall."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.messages import ILL, WELL

pytestmark = pytest.mark.browser

PHONE = (390, 844)
LEAST_TARGET = 48


@pytest.fixture
def family(admit: Callable[..., Any]) -> str:
    admit("Okafor", "12", ILL)
    admit("Moreau", "11", WELL)
    return "Okafor"


def test_a_wall_has_beds_and_no_names(screens: Any, family: str, unit: str) -> None:
    page = screens(f"/board?unit={unit}&wall=true")
    urgent = page.get_by_role("list", name="Needs action").locator("li")
    expect(urgent).to_contain_text("High")
    expect(urgent).to_contain_text("14")
    shown = page.locator("body").inner_text() + page.title()
    for name in ("Okafor", "Moreau", "Ada", "Brandt"):
        assert name not in shown


def test_a_wall_is_twice_as_large(screens: Any, family: str, unit: str) -> None:
    page = screens(f"/board?unit={unit}&wall=true")
    page.get_by_role("list", name="Needs action").wait_for()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "28px"
    page.keyboard.press("w")
    page.locator("[data-row]").first.wait_for()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "14px"


def test_a_phone_shows_cards_and_tabs_under_the_thumb(screens: Any, family: str, unit: str) -> None:
    page: Page = screens(f"/board?unit={unit}", size=PHONE)
    expect(page.get_by_role("table")).to_have_count(0)
    expect(page.get_by_role("button", name=family)).to_contain_text("14")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_everything_to_press_on_a_phone_is_large_enough_for_a_glove(screens: Any, family: str, unit: str) -> None:
    page: Page = screens(f"/board?unit={unit}", size=PHONE)
    page.get_by_role("button", name=family).wait_for()
    small = page.evaluate(
        "(least) => [...document.querySelectorAll('button, #page a, nav a, select')].filter((each) => each.offsetParent "
        "&& each.getBoundingClientRect().height < least).map((each) => each.innerText)",
        LEAST_TARGET,
    )
    assert small == []


def test_a_card_opens_the_alert_with_its_inputs_and_three_buttons(screens: Any, family: str, unit: str) -> None:
    page: Page = screens(f"/board?unit={unit}", size=PHONE)
    page.get_by_role("button", name=family).click()
    expect(page.get_by_role("heading", name="OKAFOR, Ada")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(7)
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(page.get_by_role("button", name="Acknowledged")).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Acknowledge", exact=True)).to_be_enabled()


def test_dark_follows_the_system_and_can_be_chosen(screens: Any, family: str, unit: str) -> None:
    page: Page = screens(f"/board?unit={unit}", dark=True)
    canvas = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(canvas) == "rgb(14, 17, 20)"
    page.get_by_role("button", name="Amelia Brandt").click()
    page.get_by_role("menuitemradio", name="Light").click()
    assert page.evaluate(canvas) == "rgb(243, 244, 246)"
    page.reload()
    page.locator("[data-row]").first.wait_for()
    assert page.evaluate(canvas) == "rgb(243, 244, 246)"


def test_the_first_look_points_at_what_is_there_and_stays_away_afterwards(screens: Any, family: str, unit: str) -> None:
    page: Page = screens(f"/board?unit={unit}", first_look=True)
    look = page.get_by_label("First look")
    for step in range(1, 6):
        expect(look).to_contain_text(f"First look, {step} of 5")
        look.get_by_role("button", name="Begin" if step == 5 else "Next").click()
    expect(look).to_have_count(0)
    page.reload()
    page.locator("[data-row]").first.wait_for()
    expect(look).to_have_count(0)
