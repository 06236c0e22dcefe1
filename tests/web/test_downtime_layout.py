"""Downtime pages on a phone and on paper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from support.screens import CHROMIUM
from wardline.web import downtime
from wardline.web.downtime import Ward

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

AT = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
PHONE = {"width": 360, "height": 740}


def row(bed: str) -> dict[str, Any]:
    """A patient of whom there is much to say."""
    return {
        "bed": bed, "about": "k7q2", "family": "Featherstonehaugh-Wolstenholme", "given": "Maximiliane Theodora", "sex": "F", "age_years": 83,
        "number": "40433893", "needs_action": True, "mark": {"severity": "high", "seen": False, "word": "High"}, "alert": None,
        "score": {"value": 14.0, "outcome": "at_least", "words": "At least 14: temperature missing", "as_of": AT, "provisional": False},
        "changed": {"fact": "NEWS2 2 → 14", "context": "Respirations 16 → 26", "at": AT}, "vitals": {"due_at": AT, "overdue": True},
        "signs": [{"at": AT - timedelta(minutes=4), "words": "Respirations 26 /min, SpO₂ 90 %, Systolic pressure 88 mmHg, Pulse 135 /min"}],
        "allergies": ["Penicillin", "Contrast medium"], "gap": True, "nurse": "Amelia Brandt", "doctor": "Dr Helen Vance",
        "task": {"text": "Emergency assessment by a team with critical care competencies", "due_at": AT, "overdue": True},
    }  # fmt: skip


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    wards = [Ward("7A", "Ward 7, internal medicine", [row(str(bed)) for bed in range(1, 21)], [{"label": "Laboratory", "silent_since": AT}])]
    downtime.write(tmp_path, wards, hospital="General Hospital", as_of=AT, zone=ZoneInfo("UTC"), simulated=False, stale_after=timedelta(minutes=5))
    context = browser.new_context(offline=True, viewport=PHONE)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto((tmp_path / "7A.html").as_uri())
    yield opened
    context.close()


def test_on_a_phone_nothing_is_cut_off_and_every_number_says_what_it_is(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    labels = page.evaluate("[...document.querySelectorAll('tr:nth-child(1) td')].map(td => getComputedStyle(td, '::before').content)")
    assert [label.strip('"') for label in labels if label != "none"] == [
        "Needs action: ", "Score: ", "Vital signs: ", "What changed: ", "Task: ", "Nurse, doctor: ",
    ]  # fmt: skip


def test_on_paper_the_heads_are_on_every_sheet_and_no_patient_is_cut_in_two(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1000, "height": 1400})
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_moment_can_be_read_across_a_room(page: Page) -> None:
    height = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.as-of')).fontSize)")
    others = "[...document.querySelectorAll('td, th, h1, p:not(.as-of)')]"
    largest = page.evaluate(f"Math.max(...{others}.map(each => parseFloat(getComputedStyle(each).fontSize)))")
    assert height >= 40
    assert height >= 2 * largest
