"""A signed report is withdrawn on screen and says so; images that could not be filed are looked at and dismissed."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from support.axe import WCAG, in_both_schemes, violations
from support.imaging_screens import InTheScanner, somebody, take, until
from support.screens import PHONE, WIDE, People, Screens
from support.served import Account, Served
from support.studies import store, study
from wardline.adapters.embedded.images.opening import open_images
from wardline.simulator.scanner import Visit

pytestmark = pytest.mark.browser

AT: Final = datetime(2026, 5, 1, 10, 24)
REASON: Final = "the lesion lies in the other lung"


@pytest.fixture(scope="module")
def reader(ward: Served, people: People) -> Account:
    return ward.add(f"reader.back{os.getpid()}", "Rosa Lindqvist", "radiologist")


@pytest.fixture
def screen(browser: Browser, ward: Served, people: People, reader: Account) -> Iterator[Callable[..., Page]]:
    with Screens.of(browser, ward, people._replace(nurse=reader)) as screens:

        def show(path: str, who: Account = reader, **how: Any) -> Page:
            page: Page = screens(path, who, **how)
            return page

        yield show


def photographed(page: Page, name: str) -> None:
    """Where somebody wants to look: WARDLINE_PHOTOGRAPHS names a folder."""
    if folder := os.environ.get("WARDLINE_PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def taken(ward: Served, reader: Account, who: InTheScanner) -> Visit:
    visit = Visit(who.number, "HOSP", "MARCHETTI", "ELENA", "19550303", "F", AT, seed=who.number)
    take(ward, study(visit))
    # While it is being looked at nothing can be signed: what was read would not be what is known.
    until(ward, ward.sign_in(reader.login), visit.study, lambda found: bool(found["answers"]))
    return visit


def signed(ward: Served, reader: Account, uid: str) -> str:
    """A report that the radiologist has signed; its number."""
    token = ward.sign_in(reader.login)
    case = ward.api("POST", "/api/v1/cases", {"study": uid, "branch": "general", "question": "Response?"}, token=token)
    report = ward.api("POST", "/api/v1/reports", {"case": case["case"]}, token=token)
    said = {"comparison": "None.", "findings": "A lesion in the left lung.", "impression": "One lesion."}
    lesions = sorted({each["key"] for each in report["measurements"] if each["key"].startswith("L")})
    sections = [{"id": id, "sentences": [{"text": text, "keys": lesions if id == "findings" else []}]} for id, text in said.items()]
    where = f"/api/v1/reports/{report['report']}"
    saved = ward.api("PUT", where, {"version": report["version"], "sections": sections, "key_images": []}, token=token)
    ward.api("POST", f"{where}/sign", {"version": saved["version"], "without_objects": True}, token=token)
    return str(report["report"])


def test_a_signed_report_is_withdrawn_beside_the_images_and_the_case_can_have_a_new_one(
    ward: Served, reader: Account, screen: Callable[..., Page]
) -> None:
    who = somebody(ward)
    visit = taken(ward, reader, who)
    signed(ward, reader, visit.study)
    page = screen(f"/imaging/case?study={visit.study}")
    report = page.get_by_role("region", name="Report", exact=True)
    expect(report).to_contain_text("Report, signed", timeout=30_000)
    report.get_by_role("button", name="Withdraw the report").click()
    expect(report.get_by_role("button", name="Withdraw it for good")).to_be_disabled()
    report.get_by_label("Why it is withdrawn").fill(REASON)
    photographed(page, "withdrawing")
    assert violations(page) == []
    report.get_by_role("button", name="Withdraw it for good").click()

    withdrawn = page.get_by_role("region", name="Report, withdrawn")
    expect(withdrawn.get_by_role("status")).to_contain_text("Withdrawn, not valid. By Rosa Lindqvist, ")
    expect(withdrawn.get_by_role("status")).to_contain_text(REASON)
    expect(withdrawn.get_by_role("button", name="Withdraw the report")).to_have_count(0)
    expect(page.get_by_role("button", name="Draft from the measurements")).to_be_visible()
    photographed(page, "withdrawn")
    page.goto(f"{ward.url}/patients/{who.key}?tab=documents")
    expect(page.get_by_role("article")).to_contain_text(f"WITHDRAWN by Rosa Lindqvist: {REASON}")
    expect(page.get_by_role("article")).not_to_contain_text("A lesion in the left lung")


def test_a_report_whose_study_went_to_another_patient_stands_on_the_first_chart_as_not_valid(
    ward: Served, reader: Account, screen: Callable[..., Page]
) -> None:
    who, other = somebody(ward), somebody(ward, "Koval")
    visit = taken(ward, reader, who)
    signed(ward, reader, visit.study)
    placing = {"patient": other.key, "note": "asked at the scanner"}
    ward.api("POST", f"/api/v1/imaging/studies/{visit.study}/place", placing, token=ward.sign_in(reader.login))
    page = screen(f"/patients/{who.key}?tab=imaging")
    left = page.get_by_role("region", name="Reports that are not valid")
    expect(left).to_contain_text(re.compile("withdrawn by Wardline, .*: its study belongs to another patient"))
    left.get_by_role("button", name="Open").click()
    expect(page.get_by_role("region", name="Report, withdrawn")).to_contain_text("A lesion in the left lung.")
    photographed(page, "not-valid-wide")
    assert in_both_schemes(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    photographed(page, "not-valid-phone")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_an_image_that_could_not_be_filed_is_looked_at_and_dismissed(ward: Served, reader: Account, screen: Callable[..., Page]) -> None:
    visit = taken(ward, reader, somebody(ward))
    images = open_images(ward.data)
    try:
        changed = study(visit)[0]
        changed.SeriesDescription = "sent again, changed"
        assert [each.outcome for each in store(images, [changed])] == ["quarantined"]
        number = images.quarantined(1)[0].number
    finally:
        images.close()
    page = screen("/imaging", size=PHONE, dark=True)
    expect(page.get_by_role("table", name="Studies")).to_be_visible()
    photographed(page, "worklist-phone")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    photographed(page, "worklist-wide")
    page.get_by_role("link", name=re.compile("Put aside")).click()
    line = page.locator(f"[data-image='{number}']")
    expect(line).to_contain_text("Another object with this SOP Instance UID is here already")
    expect(line).to_contain_text(f"MARCHETTI, ELENA, {visit.number}")
    expect(line).to_contain_text("from TEST")
    photographed(page, "aside-wide")
    assert in_both_schemes(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    photographed(page, "aside-phone")
    assert violations(page) == []
    line.get_by_role("button").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("The one that was here first stays.")
    with page.expect_download() as saved:
        sheet.get_by_role("button", name="Save the file").click()
    assert saved.value.suggested_filename == f"image-{number}.dcm"
    sheet.get_by_role("button", name="Dismiss").click()
    expect(sheet).to_contain_text("removed for good")
    photographed(page, "aside-sheet")
    assert violations(page, WCAG) == []
    sheet.get_by_role("button", name="Remove it for good").click()
    expect(line).to_have_count(0)


def test_who_does_not_say_whose_a_study_is_has_no_such_part(ward: Served, people: People, screen: Callable[..., Page]) -> None:
    page = screen("/imaging?part=aside", people.doctor)
    expect(page.get_by_role("heading", name="Imaging")).to_be_visible()
    expect(page.get_by_label("Search studies")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Put aside"))).to_have_count(0)
