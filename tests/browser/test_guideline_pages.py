"""Guidelines on screen: the cards by themselves, and one judged on a patient's record with its reasons."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.messages import ILL, Obx, oru, vitals

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
EVERYWHERE = pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}], ids=["light", "dark", "phone"])


@pytest.fixture
def judged(screens: Any, admit: Callable[..., Any]) -> Callable[..., Page]:
    """The tab of an ill patient whose creatinine has risen within two days."""

    def open_tab(card: str = "", **how: Any) -> Page:
        admitted, now = admit("Okafor", "3"), datetime.now(UTC)
        screens.ward.send(vitals(admitted.patient, ILL, at=now))
        for hours, value in ((30, 0.9), (1, 2.0)):
            screens.ward.send(oru(admitted.patient, Obx("2160-0", value, unit="mg/dL"), at=now - timedelta(hours=hours)))
        page: Page = screens(f"/patients/{admitted.key}?tab=guidelines{f'&card={card}' if card else ''}", **how)
        page.get_by_role("region", name="Steps" if card else "Guidelines for this patient").wait_for()
        return page

    return open_tab


def test_every_card_is_listed_with_who_says_so(screens: Any) -> None:
    page = screens("/guidelines")
    listed = page.get_by_role("list", name="Guidelines")
    expect(listed.get_by_role("link")).to_have_count(10)
    expect(listed).to_contain_text("Surviving Sepsis Campaign 2021")
    listed.get_by_role("link", name="Diabetic ketoacidosis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Diabetic ketoacidosis")


def test_a_step_says_why_by_when_with_what_and_how_strongly(screens: Any) -> None:
    page = screens("/guidelines/sepsis")
    step = page.get_by_role("region", name="Steps").get_by_role("listitem").filter(has_text="norepinephrine first")
    expect(step).to_contain_text("strong")
    expect(step).to_contain_text("evidence: moderate")
    expect(step).to_contain_text("Only if: Mean arterial pressure below 65 mmHg")
    expect(page.get_by_role("region", name="Sources")).to_contain_text("Recalled: its text was not at hand.")


def test_the_card_that_is_about_the_patient_opens_by_itself(judged: Callable[..., Page]) -> None:
    page = judged()
    expect(page.get_by_role("article", name="Acute kidney injury")).to_contain_text("Applies")
    expect(page.get_by_role("region", name="Is it about this patient?")).to_contain_text("kdigo aki 2")


def test_what_no_record_says_is_asked_and_changes_what_is_due(judged: Callable[..., Page]) -> None:
    page = judged("sepsis")
    card = page.get_by_role("article", name="Sepsis and septic shock")
    expect(card.get_by_role("status")).to_have_text("May apply")
    card.get_by_role("group", name="Is an infection suspected?").get_by_label("Yes").check()
    expect(card.get_by_role("status")).to_have_text("Applies")
    fluids = page.get_by_role("region", name="Steps").get_by_role("listitem").filter(has_text="30 mL/kg of crystalloid")
    expect(fluids).to_contain_text("Due")
    expect(fluids).to_contain_text("systolic pressure 88")


@EVERYWHERE
def test_the_tab_is_for_everybody(judged: Callable[..., Page], how: dict[str, Any]) -> None:
    page = judged("acute_kidney_injury", **how)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@EVERYWHERE
def test_the_pages_are_for_everybody(screens: Any, how: dict[str, Any]) -> None:
    page = screens("/guidelines", **how)
    page.get_by_role("list", name="Guidelines").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Acute ischaemic stroke").click()
    page.get_by_role("region", name="Steps").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
