"""Trying de-identification on the Privacy page: a note on the left, what would leave on the right, what was found below."""

from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
PATH: Final = "/privacy?part=deidentify"
NOTE: Final = "Mrs Okafor 🙂 (MRN 40123456) was seen by Dr. Vance on 3 March 2024."


def opened(screens: Any, people: Any, **how: Any) -> Page:
    page: Page = screens(PATH, people.admin, **how)
    page.get_by_label("Note", exact=True).wait_for()
    return page


def left(page: Page) -> Any:
    return page.get_by_label("As it would leave")


def test_an_empty_page_says_what_to_do_and_fills_itself(screens: Any, people: Any) -> None:
    page = opened(screens, people)
    expect(left(page)).to_contain_text("The note appears here without what identifies")
    page.get_by_role("button", name="Fill in an invented note").click()
    expect(left(page)).to_contain_text("[NAME]")
    expect(left(page)).to_contain_text("Positive Babinski sign")
    expect(left(page)).not_to_contain_text("Okafor")
    page.get_by_role("button", name="Clear").click()
    expect(left(page)).to_contain_text("The note appears here")


def test_what_was_found_is_told_by_kind_and_pointed_at(screens: Any, people: Any) -> None:
    page = opened(screens, people)
    page.get_by_label("Note", exact=True).fill(NOTE)
    expect(left(page)).to_contain_text("[NAME] 🙂 (MRN [MEDICAL RECORD NUMBER]) was seen by [NAME] on [DATE].")
    expect(left(page)).to_contain_text("4 places changed")
    name = page.locator("tr[data-kind='name']")
    expect(name).to_contain_text("Mrs Okafor → [NAME]")
    expect(page.locator("tr[data-kind='date']")).to_contain_text("3 March 2024 → [DATE]")
    name.get_by_role("button").click()
    expect(page.locator("mark[data-shown]")).to_have_count(2)


def test_what_is_known_of_the_patient_is_found_and_stand_ins_are_said_to_be_no_safe_harbor(screens: Any, people: Any) -> None:
    page = opened(screens, people)
    page.get_by_label("Note", exact=True).fill("rose was well; w722")
    page.get_by_label("Known of the patient").fill("Rose May, W7-22")
    expect(left(page)).to_contain_text("[NAME] was well; [MEDICAL RECORD NUMBER]")
    page.get_by_role("button", name="With stand-ins").click()
    expect(left(page)).to_contain_text("Not Safe Harbor")
    expect(left(page)).not_to_contain_text("rose")


def test_a_note_without_anything_says_so(screens: Any, people: Any) -> None:
    page = opened(screens, people)
    page.get_by_label("Note", exact=True).fill("Slept well, ate half of the meal.")
    expect(page.get_by_label("What was found")).to_contain_text("Nothing that looks like one of the 18 identifiers")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_and_nothing_is_cut_off(screens: Any, people: Any, dark: bool, size: tuple[int, int]) -> None:
    page = opened(screens, people, dark=dark, size=size)
    page.get_by_role("button", name="Fill in an invented note").click()
    expect(left(page)).to_contain_text("[NAME]")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
