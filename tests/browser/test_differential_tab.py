"""The differential on the patient's page: red flags first, reasons for and against, and what a finding would change."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.messages import ILL, vitals

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)


@pytest.fixture
def thinking(screens: Any, admit: Callable[..., Any]) -> Callable[..., Page]:
    """The tab of an ill patient with fresh vital signs; optionally with a reason to come chosen."""

    def open_tab(reason: str = "", **how: Any) -> Page:
        admitted = admit("Okafor", "3")
        screens.ward.send(vitals(admitted.patient, ILL, at=datetime.now(UTC)))
        page: Page = screens(f"/patients/{admitted.key}?tab=differential", **how)
        page.get_by_role("region", name="Red flags").wait_for()
        if reason:
            page.get_by_label("Reason to come").select_option(label=reason)
            page.get_by_role("region", name="Explanations").wait_for()
        return page

    return open_tab


def test_before_a_reason_is_chosen_red_flags_stand_and_the_page_says_how_to_go_on(thinking: Callable[..., Page]) -> None:
    page = thinking()
    expect(page.get_by_role("region", name="Red flags")).to_contain_text("Systolic pressure 88 mmHg")
    expect(page.get_by_text("Why did the patient come?")).to_be_visible()


def test_the_record_answers_what_it_knows_and_one_finding_is_not_enough(thinking: Callable[..., Page]) -> None:
    page = thinking("Abdominal pain")
    expect(page.get_by_text("Not enough to go on")).to_be_visible()
    expect(page.get_by_role("region", name="Findings")).to_contain_text("Record: yes")


def test_a_finding_that_is_supposed_moves_the_picture_and_can_be_taken_back(thinking: Callable[..., Page]) -> None:
    page = thinking("Abdominal pain")
    explanations = page.get_by_role("region", name="Explanations")
    page.get_by_role("button", name="Pain came before vomiting: yes").click()
    first = explanations.get_by_role("listitem").first
    expect(first).to_contain_text("Acute appendicitis")
    expect(first).to_contain_text("up from")
    expect(first).to_contain_text("Wagner JM")
    page.get_by_role("button", name="Back to the record alone").click()
    expect(page.get_by_text("Not enough to go on")).to_be_visible()


def test_findings_are_answered_with_the_keyboard(thinking: Callable[..., Page]) -> None:
    page = thinking("Headache")
    thunder = page.get_by_role("group", name="Headache was at its worst within a minute")
    thunder.get_by_label("Unknown").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(thunder.get_by_label("Yes")).to_be_checked()
    expect(page.get_by_role("region", name="Red flags")).to_contain_text("thunderclap")


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}], ids=["light", "dark", "phone"])
def test_the_tab_is_for_everybody(thinking: Callable[..., Page], how: dict[str, Any]) -> None:
    page = thinking("Breathlessness", **how)
    page.get_by_role("region", name="Ask next").get_by_role("button").first.click()
    page.get_by_role("button", name="Back to the record alone").wait_for()
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
