"""Asking on the patient's page: what the record knows is filled in, the rest is said, and nothing is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.messages import Obx, oru

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
RESULTS: Final = (
    Obx("718-7", 9.1, unit="g/dL"), Obx("787-2", 72, unit="fL"), Obx("2951-2", 128, unit="mmol/L"), Obx("2345-7", 110, unit="mg/dL"),
)  # fmt: skip


@pytest.fixture
def asking(screens: Any, admit: Callable[..., Any]) -> Callable[..., Page]:
    """The tab of a patient with a low haemoglobin, small cells and a low sodium."""

    def open_tab(question: str = "", **how: Any) -> Page:
        admitted = admit("Okafor", "3")
        screens.ward.send(oru(admitted.patient, *RESULTS, at=datetime.now(UTC) - timedelta(minutes=20)))
        page: Page = screens(f"/patients/{admitted.key}?tab=ask{f'&ask={question}' if question else ''}", **how)
        page.get_by_label("Questions" if not question else "Answer").first.wait_for()
        return page

    return open_tab


def test_what_the_record_answers_stands_first(asking: Callable[..., Page]) -> None:
    page = asking()
    found = page.get_by_role("region", name="Answered from the record")
    expect(found).to_contain_text("Anaemia, microcytic: haemoglobin 9.1 g/dL")
    expect(found).to_contain_text("Moderate hyponatraemia, sodium 128 mmol/L: tonicity not known")


def test_a_question_says_what_came_from_the_record_and_takes_the_rest(asking: Callable[..., Page]) -> None:
    page = asking("anaemia_type")
    answer = page.get_by_role("status", name="Answer")
    expect(answer).to_contain_text("Anaemia, microcytic")
    expect(page.get_by_label("What goes into it")).to_contain_text("Record: 9.1 g/dL")
    page.get_by_label("Ferritin").fill("8")
    expect(answer).to_contain_text("iron deficiency")
    expect(page.get_by_label("What goes into it")).to_contain_text("as typed")


def test_questions_are_found_by_name(asking: Callable[..., Page]) -> None:
    page = asking()
    page.get_by_label("Find a question").fill("ketoacidosis")
    expect(page.get_by_role("button", name="ketoacidosis")).to_have_count(1)
    page.get_by_label("Find a question").fill("astrology")
    expect(page.get_by_text("No question matches")).to_be_visible()


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}], ids=["light", "dark", "phone"])
def test_the_tab_is_for_everybody(asking: Callable[..., Page], how: dict[str, Any]) -> None:
    page = asking("hyponatraemia", **how)
    expect(page.get_by_role("status", name="Answer")).to_contain_text("Moderate hyponatraemia")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
