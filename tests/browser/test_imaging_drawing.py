"""Drawing and measuring by hand on the case page: what a radiologist leaves is measured, stands, says whose it is, and is not lost unasked."""

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.axe import in_both_schemes
from support.imaging_screens import somebody, take, until
from support.screens import People, Screens
from support.served import Account, Served
from support.studies import study as study_of
from wardline.simulator.scanner import Visit

pytestmark = pytest.mark.browser

LOADED: Final = 30_000
MEASURED: Final = 60_000
VOXEL_ML: Final = 0.064
"""Of 4 mm in every direction."""


class Department(NamedTuple):
    reader: Account
    other: Account
    study: str
    lesion: Any
    """As it was found, before anybody has drawn."""


@pytest.fixture(scope="module")
def department(ward: Served, people: People) -> Department:
    who = somebody(ward)
    visit = Visit(who.number, "HOSP", "MARCHETTI", "ELENA", "19550303", "F", datetime(2026, 5, 1, 10, 24), accession="RAD-78")
    reader = ward.add(f"draws{who.number}", "Rosa Lindqvist", "radiologist")
    other = ward.add(f"also{who.number}", "Paul Renner", "radiologist")
    take(ward, study_of(visit))
    found = until(
        ward, ward.sign_in(reader.login), visit.study, lambda told: any(each["capability"] == "prognosis" for each in told["answers"])
    )  # fmt: skip
    return Department(reader, other, visit.study, found["lesions"][0])


@pytest.fixture
def case(browser: Browser, ward: Served, people: People, department: Department) -> Iterator[Callable[[], Page]]:
    as_found(ward, department)
    with Screens.of(browser, ward, people._replace(doctor=department.reader)) as screens:

        def opened() -> Page:
            page: Page = screens(f"/imaging/case?study={department.study}&lesion={department.lesion['key']}", department.reader)
            return loaded(page)

        yield opened


def as_found(ward: Served, department: Department) -> None:
    """What another test has left drawn is taken back."""
    token, path = ward.sign_in(department.reader.login), f"/api/v1/imaging/studies/{department.study}"
    drawing = ward.api("GET", path, token=token)["drawing"]
    if drawing is not None:
        ward.api("DELETE", f"{path}/contours?based_on={drawing['mask']}", token=token)
        until(ward, token, department.study, lambda told: told["lesions"][0]["values"] == department.lesion["values"])


def loaded(page: Page) -> Page:
    page.locator("[data-viewport=axial][data-ready]").wait_for(timeout=LOADED)
    expect(page.get_by_label("Value at the cursor")).to_contain_text("SUVbw", timeout=LOADED)
    return page


def lesions(page: Page) -> Locator:
    return page.get_by_role("region", name="Lesions")


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Draw")


def take_a_voxel_away(page: Page) -> None:
    """With the smallest eraser, from the middle of the lesion that is chosen."""
    page.get_by_role("button", name="Draw", exact=True).click()
    bar(page).get_by_role("button", name="Eraser").click()
    for _ in range(3):
        page.keyboard.press("[")
    expect(bar(page)).to_contain_text("Radius 2 mm")
    picture = page.locator("[data-viewport=axial]").bounding_box()
    ring = page.get_by_role("figure", name="PET on CT, axial").locator("svg circle").first
    assert picture is not None
    page.mouse.click(*(picture[edge] + float(ring.get_attribute(f"c{edge}") or "nan") for edge in ("x", "y")))
    expect(bar(page)).to_contain_text("Not saved yet: 1 step.")


def mtv(lesion: Any) -> float:
    return next(float(each["value"]) for each in lesion["values"] if each["id"] == "mtv")


def test_what_is_erased_is_measured_anew_stands_after_a_reload_and_goes_back(case: Callable[[], Page], department: Department) -> None:
    before, after = (f"{mtv(department.lesion) - less:.2f}" for less in (0, VOXEL_ML))
    page = case()
    expect(lesions(page)).to_contain_text(before)
    take_a_voxel_away(page)
    page.keyboard.press("u")
    expect(bar(page).get_by_role("button", name="Save")).to_be_disabled()
    page.keyboard.press("U")
    assert in_both_schemes(page) == []
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Save the contours")
    expect(dialog.get_by_role("list", name="What changes")).to_contain_text(department.lesion["key"])
    dialog.get_by_label("Why").fill("runs into the bladder")
    dialog.get_by_role("button", name="Save and measure").click()
    drawn = "Drawn by Rosa Lindqvist"
    expect(lesions(page)).to_contain_text("contour changed", timeout=MEASURED)
    expect(lesions(page).get_by_role("row").nth(1)).to_contain_text(after)
    loaded_again = page.reload()
    assert loaded_again is not None
    expect(lesions(page)).to_contain_text(drawn)
    expect(lesions(page)).to_contain_text("runs into the bladder")
    expect(lesions(page).get_by_role("row").nth(1)).to_contain_text(after)
    lesions(page).get_by_role("button", name="Back to the automatic ones").click()
    page.get_by_role("dialog").get_by_role("button", name="Back to the automatic ones").click()
    expect(lesions(page).get_by_role("row").nth(1)).to_contain_text(before, timeout=MEASURED)
    expect(lesions(page)).not_to_contain_text(drawn)


def test_leaving_asks_first_and_whoever_saves_second_is_told_who_was_first(
    case: Callable[[], Page], ward: Served, department: Department
) -> None:  # fmt: skip
    page = case()
    take_a_voxel_away(page)
    page.get_by_role("link", name="Ward board").click()
    leaving = page.get_by_role("dialog", name="Contours not saved")
    leaving.get_by_role("button", name="Keep drawing").click()
    expect(leaving).to_have_count(0)
    draw_for(ward, department)
    bar(page).get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Save the contours")
    dialog.get_by_role("button", name="Save and measure").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Paul Renner has saved other outlines")
    dialog.get_by_role("button", name="Let mine go, look at theirs").click()
    expect(lesions(page)).to_contain_text("Drawn by Paul Renner", timeout=MEASURED)
    expect(bar(page)).to_have_count(0)


def draw_for(ward: Served, department: Department) -> None:
    """The other radiologist takes the first voxel of the lesion away."""
    token, path = ward.sign_in(department.other.login), f"/api/v1/imaging/studies/{department.study}"
    (mask,) = [each for each in ward.api("GET", path, token=token)["masks"] if each["capability"] == "pet_lesions"]
    asked = Request(f"{ward.url}{path}/segmentations/{mask['id']}/voxels", headers={"Authorization": f"Bearer {token}"})
    with urlopen(asked, timeout=10) as answer:
        voxels = bytearray(answer.read())
    voxels[voxels.index(department.lesion["label"])] = 0
    said = {
        "based_on": mask["id"], "shape": mask["shape"], "voxels": base64.b64encode(zlib.compress(bytes(voxels))).decode(), "new": [], "removed": [],
        "note": "",
    }  # fmt: skip
    ward.api("PUT", f"{path}/contours", said, token=token)


def test_a_length_is_kept_with_the_study_found_again_and_removed(case: Callable[[], Page]) -> None:
    page = case()
    page.keyboard.press("m")
    picture = page.locator("[data-viewport=axial]").bounding_box()
    assert picture is not None
    x, y = picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2
    page.mouse.move(x - 60, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Keep measurements").click()
    kept = page.get_by_role("region", name="Measured by hand")
    expect(kept).to_contain_text(re.compile(r"M\d+.*Length.*\d mm.*Rosa Lindqvist"), timeout=MEASURED)
    said = kept.get_by_role("row").nth(1).get_by_role("cell").nth(2).text_content() or ""
    page.reload()
    loaded(page)
    expect(kept.get_by_role("row").nth(1)).to_contain_text(said)
    kept.get_by_role("button", name=re.compile(r"^M\d+$")).click()
    expect(page).to_have_url(re.compile(r"lesion=M\d+"))
    shape = page.get_by_role("figure", name="PET on CT, axial").locator("svg text").filter(has_text=said)
    expect(shape).to_have_count(1)
    kept.get_by_role("button", name=re.compile("Remove")).click()
    expect(kept).to_have_count(0)
    expect(shape).to_have_count(0)


def test_without_a_model_the_prognosis_says_why_there_is_none(case: Callable[[], Page]) -> None:
    expect(case().get_by_role("region", name="Prognosis")).to_contain_text("none: the site has trained no model")
