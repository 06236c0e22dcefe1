"""Two presses to any act, none by accident, and ten seconds to think again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support.messages import ILL

pytestmark = pytest.mark.browser


@pytest.fixture
def page(screens: Any, admit: Callable[..., Any], unit: str) -> Page:
    """A board with one patient who needs action."""
    admit("Okafor", "12", ILL)
    opened: Page = screens(f"/board?unit={unit}")
    opened.locator("[data-row]").wait_for()
    return opened


def okafor(page: Page) -> Locator:
    return page.locator("[data-row]", has_text="Okafor")


def messages(page: Page) -> Locator:
    return page.get_by_label("Messages")


def test_a_acknowledges_and_the_mark_loses_its_filling(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    expect(messages(page)).to_contain_text("Acknowledged: bed 12, Okafor")
    expect(okafor(page)).to_contain_text("High, acknowledged")
    expect(okafor(page)).to_contain_text("by you")


def test_a_colleague_sees_who_has_taken_it_on(page: Page, screens: Any, people: Any, unit: str) -> None:
    colleague = screens(f"/board?unit={unit}", who=people.doctor)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    expect(okafor(colleague)).to_contain_text("by Amelia Brandt")


def test_an_act_can_be_undone_while_the_seconds_are_counted(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    expect(messages(page)).to_contain_text("Undo, 9 s")
    page.keyboard.press("u")
    expect(messages(page)).to_contain_text("Undone: bed 12, Okafor")
    expect(okafor(page)).to_contain_text("not seen yet")


def test_acknowledging_twice_says_who_has_it_and_does_nothing(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    expect(okafor(page)).to_contain_text("by you")
    page.keyboard.press("a")
    expect(messages(page)).to_contain_text("Bed 12: already acknowledged by Amelia Brandt.")


def test_an_override_needs_a_reason(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.get_by_role("button", name="Override", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Choose a reason first.")
    page.keyboard.press("Escape")
    expect(okafor(page)).to_contain_text("not seen yet")


def test_an_override_for_another_reason_needs_words(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.get_by_label("Other").check()
    page.get_by_role("button", name="Override", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Say in a few words what the reason is.")


def test_an_override_with_a_reason_takes_the_alert_off_the_list_of_what_needs_action(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(messages(page)).to_contain_text("Overridden: bed 12, Okafor")
    expect(okafor(page)).to_contain_text("Routine")


def test_a_promise_to_look_again_says_when(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.get_by_label("Will monitor and look again").check()
    page.get_by_role("button", name="30 min").click()
    page.get_by_role("button", name="Override", exact=True).click()
    expect(messages(page)).to_contain_text("Overridden: bed 12, Okafor")


def test_escalating_needs_a_comment_and_says_to_whom_it_goes(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("doctor")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Say in a few words why you escalate.")
    page.keyboard.type("Looks worse than the numbers")
    page.keyboard.press("Enter")
    expect(messages(page)).to_contain_text("Escalated: bed 12, Okafor")


def test_the_mark_opens_the_same_acts_for_a_pointer(page: Page) -> None:
    okafor(page).locator("[data-menu]").click()
    page.get_by_role("menuitem", name="Acknowledge").click()
    expect(messages(page)).to_contain_text("Acknowledged: bed 12, Okafor")


def test_keys_do_nothing_while_somebody_types(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox").wait_for()
    page.keyboard.type("aoe")
    expect(page.get_by_role("combobox")).to_have_value("aoe")
    expect(messages(page)).to_have_text("")


def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_label("Single keys act").uncheck(force=True)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    okafor(page).focus()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    expect(okafor(page)).to_contain_text("not seen yet")


def test_the_whole_way_from_board_to_decision_needs_no_pointer(page: Page, people: Any) -> None:
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.wait_for_timeout(1_500)  # the palette is fetched while nobody waits; from then on no letter is lost
    page.keyboard.press("/")
    page.keyboard.type("Ward b")
    page.keyboard.press("Enter")
    okafor(page).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="OKAFOR, Ada")).to_be_visible()
    page.get_by_role("button", name="Acknowledge", exact=True).wait_for()
    page.keyboard.press("a")
    expect(messages(page)).to_contain_text("Acknowledged: bed 12, Okafor")


def test_the_queue_decides_too(page: Page, unit: str) -> None:
    page.goto(page.url.replace("/board", "/queue"))
    line = page.locator("[data-alert]")
    expect(line).to_contain_text("Okafor")
    line.focus()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Acknowledged")).to_be_disabled()
