"""Can I trust it? The capability library: on what grounds, how its cases ran here, and a form to try each one (journeys 8 and 9)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

import wardline.capabilities
from support.axe import in_both_schemes, violations

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
RESPIRATION: Final = ["≤8", "9–11", "12–20", "21–24", "≥25"]
"""RCP 2017, chart 1: respirations per minute."""


@pytest.fixture
def opened(screens: Any) -> Callable[..., Page]:
    """The page of a capability, once its first answer is there."""

    def page_of(capability: str, **how: Any) -> Page:
        page: Page = screens(f"/library/{capability}", **how)
        answer(page).locator("h3").first.wait_for()
        return page

    return page_of


def answer(page: Page) -> Locator:
    return page.get_by_role("status", name="Answer")


def row(page: Page, id: str) -> Locator:
    return page.locator(f"[data-row='{id}']")


def cases_of(path: str) -> list[dict[str, Any]]:
    """The reference cases as their file says them."""
    file = Path(next(iter(wardline.capabilities.__path__))) / f"{path}.cases.yaml"
    cases: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]
    return cases


# --- the list ---


def test_every_capability_says_how_its_cases_ran_on_this_machine(screens: Any) -> None:
    page = screens("/library")
    count = len(cases_of("deterioration/news2"))
    expect(page.locator("[data-capability=news2]")).to_contain_text(f"{count} of {count}")
    expect(page.locator("[data-capability=news2]")).to_contain_text("Royal College of Physicians")


def test_the_list_is_searched_by_question(screens: Any) -> None:
    page = screens("/library")
    page.locator("[data-capability=news2]").wait_for()
    page.get_by_label("Find a capability").fill("kidneys suddenly")
    expect(page.locator("[data-capability]")).to_have_count(1)
    expect(page.locator("[data-capability]")).to_contain_text("KDIGO AKI")
    page.get_by_label("Find a capability").fill("astrology")
    expect(page.get_by_text("Nothing in the library matches")).to_be_visible()


def test_the_list_needs_no_pointer(screens: Any) -> None:
    page = screens("/library?q=deterioration")
    lines = page.locator("[data-capability]")
    lines.first.focus()
    page.keyboard.press("ArrowDown")
    expect(lines.nth(1)).to_be_focused()
    second = lines.nth(1).locator("b").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(second)


def test_a_capability_that_is_not_there_is_said_in_a_sentence(screens: Any) -> None:
    expect(screens("/library/astrology").get_by_role("alert")).to_contain_text("There is no such capability here.")


# --- the bands ---


def test_the_bands_are_drawn_in_the_order_of_the_published_chart(opened: Callable[..., Page]) -> None:
    cells = row(opened("news2"), "respiratory_rate").locator("[data-points]")
    assert [cell.inner_text().split("\n")[0] for cell in cells.all()] == RESPIRATION
    assert [cell.get_attribute("data-points") for cell in cells.all()] == ["3", "1", "0", "2", "3"]


def test_what_is_typed_falls_into_its_band(opened: Callable[..., Page]) -> None:
    page = opened("news2")
    page.get_by_label("Respirations").fill("22")
    expect(row(page, "respiratory_rate").locator("[data-hit]")).to_contain_text("21–24")
    page.get_by_label("Respirations").fill("8")
    expect(row(page, "respiratory_rate").locator("[data-hit]")).to_contain_text("≤8")


def test_only_the_row_that_counts_for_this_patient_is_marked(opened: Callable[..., Page]) -> None:
    """RCP 2017: 95 % is 1 point on scale 1 and, with oxygen, 2 points on scale 2."""
    page = opened("news2")
    page.get_by_label("SpO₂", exact=True).fill("95")
    expect(row(page, "oxygen_saturation spo2_scale=1").locator("[data-hit]")).to_contain_text("94–95")
    page.get_by_label("SpO₂ scale").select_option("2")
    page.get_by_label("Air or oxygen").select_option("true")
    expect(row(page, "oxygen_saturation spo2_scale=2 supplemental_oxygen=true").locator("[data-hit]")).to_contain_text("95–96")
    expect(row(page, "oxygen_saturation spo2_scale=1").locator("[data-hit]")).to_have_count(0)


# --- trying it ---


def test_the_page_opens_with_an_example(opened: Callable[..., Page]) -> None:
    """The first case: a well adult scores 0 (RCP 2017, chart 1)."""
    page = opened("news2")
    expect(answer(page).locator("h3")).to_have_text("0")
    expect(page.get_by_label("Fill from a case")).to_have_value("A well adult scores 0")


def test_the_answer_follows_the_typing(opened: Callable[..., Page]) -> None:
    """RCP 2017, chart 1: 25 breaths a minute are 3 points, 104 beats 1, and 3 in one input is low or more."""
    page = opened("news2")
    page.get_by_label("Respirations").fill("25")
    expect(answer(page).locator("h3")).to_contain_text("3")
    page.get_by_label("Pulse").fill("104")
    expect(answer(page).locator("h3")).to_contain_text("4")
    expect(page.get_by_label("Try it").locator("tr", has_text="Pulse")).to_contain_text("91–110")


def test_a_missing_input_makes_it_at_least(opened: Callable[..., Page]) -> None:
    """RCP 2017, chart 1: 25 breaths a minute are 3 points whatever the temperature is."""
    page = opened("news2")
    page.get_by_label("Respirations").fill("25")
    page.get_by_label("Temperature").fill("")
    expect(answer(page).locator("h3")).to_contain_text("≥ 3")
    expect(answer(page)).to_contain_text("At least 3: temperature missing")


def test_an_implausible_value_is_refused_in_a_sentence(opened: Callable[..., Page]) -> None:
    page = opened("news2")
    page.get_by_label("Pulse").fill("4000")
    expect(answer(page)).to_contain_text("Refused")
    expect(answer(page)).to_contain_text("Pulse 4000 /min is implausible; expected 10 to 350.")
    expect(page.locator("[data-hit]")).to_have_count(0)


def test_a_word_instead_of_a_number_is_refused_in_a_sentence(opened: Callable[..., Page]) -> None:
    page = opened("news2")
    page.get_by_label("Pulse").fill("fast")
    expect(answer(page)).to_contain_text("Pulse must be a number.")


def test_outside_its_population_it_is_not_valid(opened: Callable[..., Page]) -> None:
    page = opened("news2")
    page.get_by_role("textbox", name="Age").fill("10")
    expect(answer(page)).to_contain_text("Not valid for this patient")


@pytest.mark.parametrize("path", ["deterioration/news2", "kidney/kdigo_aki", "laboratory/critical_values", "lungs/rox_index"])
def test_a_case_filled_in_gives_what_the_case_expects(path: str, opened: Callable[..., Page]) -> None:
    page = opened(path.partition("/")[2])
    for case in cases_of(path)[:6]:
        page.get_by_label("Fill from a case").select_option(case["name"])
        if "summary" in case["expect"]:
            expect(answer(page)).to_contain_text(case["expect"]["summary"])
        elif case["expect"]["outcome"] == "finding" and isinstance(case["expect"].get("value"), int):
            expect(answer(page).locator("h3").first).to_contain_text(str(case["expect"]["value"]))


def test_a_case_can_be_tried_from_its_line(opened: Callable[..., Page]) -> None:
    page = opened("qsofa")
    name = cases_of("sepsis/qsofa")[3]["name"]
    page.get_by_role("button", name=f"Try {name}").click()
    expect(page.get_by_label("Fill from a case")).to_have_value(name)


def test_values_over_time_are_typed_hour_by_hour(opened: Callable[..., Page]) -> None:
    """KDIGO 2012, section 2.1: 0.3 mg/dL more within 48 hours is stage 1."""
    page = opened("kdigo_aki")
    page.get_by_role("button", name="Clear").click()
    creatinine = page.get_by_role("group", name="Creatinine")
    for hour, value in (("0", "0.9"), ("47", "1.2")):
        creatinine.get_by_role("button", name="Add a value").click()
        creatinine.locator("p").last.locator("input").first.fill(hour)
        creatinine.locator("p").last.locator("input").last.fill(value)
    expect(answer(page)).to_contain_text("AKI stage 1: up 0.3 mg/dL within 48 hours")


def test_the_same_question_can_be_copied_for_a_program(opened: Callable[..., Page]) -> None:
    page = opened("qsofa")
    page.get_by_label("Respirations").fill("23")
    page.get_by_text("The same question for a program").click()
    page.get_by_role("button", name="cURL").click()
    asked = page.locator("pre")
    expect(asked).to_contain_text("/api/v1/capabilities/qsofa/assess")
    expect(asked).to_contain_text('"respiratory_rate":23')
    page.get_by_role("button", name="Command line").click()
    expect(asked).to_contain_text("wardline assess qsofa -")


def test_nothing_that_was_tried_is_kept(opened: Callable[..., Page], ward: Any) -> None:
    before = ward.api("GET", "/api/v1/capabilities/news2")
    page = opened("news2")
    page.get_by_label("Respirations").fill("30")
    expect(answer(page).locator("h3")).to_contain_text("3")
    page.reload()
    page.locator("[data-row]").first.wait_for()
    expect(page.get_by_label("Respirations")).to_have_value("16")
    assert ward.api("GET", "/api/v1/capabilities/news2") == before


# --- for everybody ---


@pytest.mark.parametrize("capability", ["news2", "kdigo_aki", "critical_values"])
def test_axe_finds_nothing_on_the_page_of_a_capability(capability: str, opened: Callable[..., Page]) -> None:
    page = opened(capability)
    page.get_by_text("The same question for a program").click()
    assert in_both_schemes(page) == []


@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_the_list(size: tuple[int, int], screens: Any) -> None:
    page = screens("/library", size=size)
    page.locator("[data-capability]").first.wait_for()
    assert in_both_schemes(page) == []


@pytest.mark.parametrize("capability", ["news2", "critical_values"])
def test_on_a_phone_nothing_is_cut_off(capability: str, opened: Callable[..., Page]) -> None:
    page = opened(capability, size=PHONE)
    assert page.evaluate("document.querySelector('#page').scrollWidth") <= PHONE[0]
    assert violations(page) == []
