"""The medication review on the patient's page: marks with their reasons, what was not checked, and what a drug would change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.messages import Obx, Patient, msh, next_control, oru

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
DRUGS: Final = (
    ("warfarin 5 mg tablet", "5", "mg", "QD"),
    ("simvastatin 40 mg", "40", "mg", "QD"),
    ("clarithromycin", "500", "mg", "BID"),
    ("zzyzxol", "1", "mg", "QD"),
)


def ordered(patient: Patient, at: datetime) -> bytes:
    """The patient's drugs as a pharmacy sends them."""
    lines = [msh("RDE^O11", at, next_control(), "PHARM"), patient.pid()]
    for place, (what, amount, unit, often) in enumerate(DRUGS):
        lines += [f"ORC|NW||M{place}{patient.number}", f"RXE|^{often}|^{what}^L|{amount}||{unit}", "RXR|PO"]
    return "\r".join((*lines, "")).encode()


@pytest.fixture
def reviewed(screens: Any, admit: Callable[..., Any]) -> Callable[..., Page]:
    """The tab of a patient on warfarin with an INR of 3.8, and simvastatin with clarithromycin."""

    def open_tab(**how: Any) -> Page:
        admitted = admit("Okafor", "3")
        at = datetime.now(UTC) - timedelta(minutes=20)
        screens.ward.send(oru(admitted.patient, Obx("6301-6", 3.8, unit="{INR}"), Obx("2160-0", 1.1, unit="mg/dL"), at=at))
        screens.ward.send(ordered(admitted.patient, at))
        page: Page = screens(f"/patients/{admitted.key}?tab=medication", **how)
        page.get_by_label("Problems").first.wait_for()
        return page

    return open_tab


def test_a_severe_pair_is_marked_at_both_drugs_and_says_why_and_what_to_do(reviewed: Callable[..., Page]) -> None:
    page = reviewed()
    review = page.get_by_role("region", name="Medication review")
    marks = review.get_by_role("button", name="Severe: Simvastatin with clarithromycin")
    expect(marks).to_have_count(2)
    marks.first.click()
    expect(review).to_contain_text("pause simvastatin for as long as the other drug is given")
    expect(review).to_contain_text("US label of simvastatin: 4 Contraindications; 7.1. Verified.")


def test_what_was_not_checked_is_said_first(reviewed: Callable[..., Page]) -> None:
    page = reviewed()
    gaps = page.get_by_role("list", name="What was not checked")
    expect(gaps).to_contain_text("Not recognised, so not checked: zzyzxol.")
    expect(gaps).to_contain_text("Nothing is recorded about allergies. That does not mean that there are none.")


def test_a_drug_is_tried_before_it_is_ordered(reviewed: Callable[..., Page]) -> None:
    page = reviewed()
    page.get_by_label("What if you order").fill("ibuprofen 400 mg")
    change = page.get_by_role("status", name="What would change")
    expect(change).to_contain_text("One new problem")
    page.get_by_role("button", name="Severe: Warfarin with ibuprofen: bleeding, above all from the stomach, new").first.click()
    review = page.get_by_role("region", name="Medication review")
    expect(review).to_contain_text("INR 3.8")
    expect(review).to_contain_text("paracetamol")
    page.get_by_role("button", name="Back to what is").click()
    expect(change).to_have_count(0)


def test_stopping_a_drug_shows_what_it_would_solve(reviewed: Callable[..., Page]) -> None:
    page = reviewed()
    page.get_by_role("button", name="Stop clarithromycin").click()
    expect(page.get_by_role("status", name="What would change")).to_contain_text("solved")
    expect(page.get_by_role("button", name="Severe: Simvastatin with clarithromycin")).to_have_count(0)


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}], ids=["light", "dark", "phone"])
def test_the_review_is_for_everybody(reviewed: Callable[..., Page], how: dict[str, Any]) -> None:
    page = reviewed(**how)
    page.get_by_label("What if you order").fill("ibuprofen 400 mg")
    expect(page.get_by_role("status", name="What would change")).to_contain_text("new problem")
    page.get_by_label("Problems").get_by_role("button").first.click()
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
