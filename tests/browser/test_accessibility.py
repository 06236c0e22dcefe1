"""WCAG 2.2 AA on every page, in both themes, as axe sees it."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from support.axe import WCAG, in_both_schemes, violations
from support.messages import ILL, WELL

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
PAGES: Final = {
    "ward board": ("/board?unit={unit}", "[data-row]"),
    "wall": ("/board?unit={unit}&wall=true", "main li"),
    "queue": ("/queue?unit={unit}", "[data-alert]"),
    "patient": ("/patients/{key}", "tbody tr"),
    "alert": ("/patients/{key}/alert", "tbody tr"),
    "empty board": ("/board?unit={unit}&mine=true", "section h2"),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_any_page(name: str, screens: Any, admit: Callable[..., Any], unit: str) -> None:
    okafor = admit("Okafor", "12", ILL)
    admit("Moreau", "11", WELL)
    path, ready = PAGES[name]
    page = screens(path.format(unit=unit, key=okafor.key))
    page.locator(ready).first.wait_for()
    assert in_both_schemes(page) == []


@pytest.mark.parametrize("name", ["ward board", "queue", "alert"])
def test_axe_finds_nothing_on_a_phone(name: str, screens: Any, admit: Callable[..., Any], unit: str) -> None:
    okafor = admit("Okafor", "12", ILL)
    path, _ = PAGES[name]
    page = screens(path.format(unit=unit, key=okafor.key), size=PHONE)
    page.get_by_text("Okafor").first.wait_for()
    assert in_both_schemes(page) == []


@pytest.mark.parametrize("key", ["o", "e", "y", "?", "/"])
def test_axe_finds_nothing_in_a_dialog(key: str, screens: Any, admit: Callable[..., Any], unit: str) -> None:
    admit("Okafor", "12", ILL)
    page = screens(f"/board?unit={unit}")
    page.locator("[data-row]").first.focus()
    page.keyboard.press(key)
    page.get_by_role("dialog").wait_for()
    assert in_both_schemes(page, WCAG) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_before_the_sign_in(dark: bool, screens: Any, ward: Any) -> None:
    page = screens.context(dark=dark).new_page()
    for address, ready in ((ward.url, "form"), (ward.setup_link, "form"), (f"{ward.url}/nowhere", "h1")):
        page.goto(address)
        page.locator(ready).wait_for()
        assert violations(page) == []


def test_at_twice_the_size_nothing_is_cut_off(screens: Any, admit: Callable[..., Any], unit: str) -> None:
    """WCAG 1.4.10: 200 % of a 1600 pixel screen is 800 pixels wide, 400 % is 400."""
    admit("Okafor", "12", ILL)
    for width in (800, 400):
        page = screens(f"/board?unit={unit}", size=(width, 700))
        page.get_by_text("Okafor").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
