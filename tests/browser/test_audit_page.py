"""The audit trail on screen: is it whole, who did what, what asks for somebody, and what an entry means in words."""

from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect

from support.axe import violations
from support.messages import WELL
from support.screens import PHONE, People
from support.served import Account, Served

Screens = Callable[..., Page]


@pytest.fixture(scope="module")
def auditor(ward: Served, people: People) -> Account:
    return ward.add("trail.auditor", "Ruth Amsel", "auditor")


def opened(screens: Screens, auditor: Account, **how: Any) -> Page:
    page = screens("/privacy?part=audit", auditor, **how)
    page.get_by_role("region", name="Entries").wait_for()
    page.locator("[data-check]").wait_for()
    return page


def test_the_trail_is_verified_with_one_press(screens: Screens, auditor: Account) -> None:
    page = opened(screens, auditor)

    page.get_by_role("button", name="Verify now").click()

    expect(page.locator("[data-check=whole]")).to_contain_text("records fit", timeout=30_000)
    expect(page.locator("[data-witness=none]")).to_contain_text("audit_witness")


def test_an_entry_says_in_words_what_it_means(screens: Screens, people: People, auditor: Account, admit: Callable[..., Any]) -> None:
    okafor = admit("Okafor", "12", WELL)
    screens(f"/patients/{okafor.key}", people.doctor).locator("h1").wait_for()
    page = opened(screens, auditor)
    page.get_by_label("Patient").fill(okafor.patient.number)
    page.get_by_role("button", name="Search", exact=True).click()

    line = page.locator("tr", has_text="Patient opened").first
    line.get_by_role("button").click()

    meaning = page.locator("tr", has_text="asked for this").first
    expect(meaning).to_contain_text("Helen Vance (doctor)")
    expect(meaning).to_contain_text("to treat")
    expect(meaning).to_contain_text("GET /api/v1/patients/{id}")


def test_what_needs_somebody_comes_with_what_to_do(ward: Served, screens: Screens, auditor: Account) -> None:
    with pytest.raises(HTTPError, match="401"):
        ward.api("GET", "/api/v1/boards", token="of nobody")
    page = opened(screens, auditor)

    page.get_by_role("button", name="Needs somebody").click()

    line = page.locator("tr[data-kind=stranger]").first
    expect(line).to_contain_text("A request without a valid sign-in")
    line.get_by_role("button").click()
    expect(page.get_by_text("What to do.")).to_be_visible()
    page.get_by_label("Until").fill("2001-01-01T00:00")  # nothing of this house is so old
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Nothing of this asks for anybody.")).to_be_visible()


def test_what_was_done_is_offered_while_somebody_types(screens: Screens, auditor: Account) -> None:
    page = opened(screens, auditor)

    expect(page.locator("#audit-actions option[value='signed in']")).to_have_count(1)
    page.get_by_label("Action").fill("signed in")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("of “signed in”")).to_be_visible()


def test_what_was_found_is_taken_away_as_a_table(screens: Screens, auditor: Account) -> None:
    page = opened(screens, auditor)

    with page.expect_download() as download:
        page.get_by_role("button", name="Export as table").click()

    assert download.value.suggested_filename == "audit-trail.csv"
    assert download.value.path().read_text(encoding="utf-8").startswith("id,at,who,name")


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}, {"size": PHONE, "dark": True}], ids=str)
def test_axe_finds_nothing_on_the_audit_trail(screens: Screens, auditor: Account, how: dict[str, Any]) -> None:
    page = opened(screens, auditor, **how)
    page.locator("tr").get_by_role("button").first.click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
