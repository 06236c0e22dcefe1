"""The patient page: everything known on one time axis, what was known at any moment of the past, and the alerts to act on.

These tests have a hospital of their own whose clock is that of its messages, so that a night of six hours can be told in one.
"""

import csv
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.axe import in_both_schemes
from support.messages import ILL, WELL, Obx, Patient, adt, oru, vitals
from support.screens import PHONE, UNITS, WIDE, People, Screens
from support.served import Served, agree

pytestmark = pytest.mark.browser

POTASSIUM: Final = "2823-3"
PULSE: Final = "8867-4"
NIGHTS: Final = datetime(2026, 3, 1, tzinfo=UTC)
_nights = count()
PNG: Final = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory, ward: Served) -> Iterator[Served]:
    """Its time stands at the newest message, in UTC. `ward` says whether there is a browser at all."""
    data = tmp_path_factory.mktemp("hospital") / "data"
    agree(data / "config", units=UNITS)
    running = Served(data, environment=os.environ | {"WARDLINE_CLOCK": "feed", "WARDLINE_ZONE": "UTC"})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def staff(hospital: Served) -> People:
    admin = hospital.set_up()
    return People(admin, hospital.add("nurse", "Amelia Brandt", "nurse"), hospital.add("doctor", "Helen Vance", "doctor"))


@pytest.fixture
def rooms(browser: Browser, hospital: Served, staff: People) -> Iterator[Screens]:
    with ExitStack() as stack:
        made = Screens(browser, hospital, staff, stack)
        yield made
    assert made.complaints == []


class Night(NamedTuple):
    """One patient and the midnight their story begins with; every test has a night of its own, each later than the last."""

    hospital: Served
    patient: Patient
    midnight: datetime
    unit: str

    def at(self, hour: int, minute: int = 0) -> datetime:
        return self.midnight + timedelta(hours=hour, minutes=minute)

    @property
    def path(self) -> str:
        return f"/patients/{self.hospital.key(self.patient.number)}"

    def chart(self, values: dict[str, float], hour: int, minute: int = 0) -> None:
        self.hospital.send(vitals(self.patient, values, at=self.at(hour, minute)))

    def potassium(self, value: float, hour: int, minute: int = 0, *, status: str = "F") -> None:
        """Always of the sample of two o'clock."""
        result = Obx(POTASSIUM, value, status)
        self.hospital.send(oru(self.patient, result, at=self.at(hour, minute), observed=self.at(2), order="K1"))


@pytest.fixture
def night(hospital: Served, unit: str) -> Night:
    """Admitted at midnight, well at one, ill at three."""
    number = next(_nights)
    told = Night(hospital, Patient(f"7{number:05}", "Okafor", "Ada"), NIGHTS + timedelta(days=number), unit)
    hospital.send(adt("A01", told.patient, at=told.at(0), visit=f"N{number}", unit=unit, bed="12"))
    told.chart(WELL, 1)
    told.chart(ILL, 3)
    return told


@pytest.fixture
def corrected(night: Night) -> Night:
    """The potassium of two is 7.1 at half past two, and 4.1 from half past three. At four she is well."""
    number = next(_nights)
    told = night._replace(patient=Patient(f"8{number:05}", "Lindqvist", "Maja"), midnight=NIGHTS + timedelta(days=number))
    told.hospital.send(adt("A01", told.patient, at=told.at(0), visit=f"N{number}", unit=told.unit, bed="4"))
    told.chart(WELL, 1)
    told.potassium(7.1, 2, 30)
    told.chart(ILL, 3)
    told.potassium(4.1, 3, 30, status="C")
    told.chart(WELL, 4)
    return told


def row(page: Page, name: str) -> Locator:
    return page.locator(f"[data-row-of='{name}']")


def score(page: Page) -> Locator:
    """The total under the headline score."""
    return page.get_by_role("region", name="NEWS2").locator("tfoot tr > :last-child")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="As of")


def stepped_back_to(time: str, page: Page) -> list[str]:
    """The moments on the way, by the left arrow key; what the alerts did on their own lies between the messages."""
    expect(row(page, "Pulse")).to_be_visible()  # there is nothing to step through before
    slider(page).focus()
    steps: list[str] = []
    while time not in steps:
        assert len(steps) < 12, steps
        page.keyboard.press("ArrowLeft")
        expect(slider(page)).not_to_have_attribute("aria-valuetext", steps[-1] if steps else "now")
        steps.append(slider(page).get_attribute("aria-valuetext") or "")
    return steps


def past(page: Page) -> Locator:
    return page.get_by_role("status", name="The past")


# --- what came in ---


def test_the_timeline_shows_what_came_through_the_listener(rooms: Screens, night: Night) -> None:
    """RCP 2017, chart 1: 3 + 3 + 3 + 3 + 2 = 14."""
    page = rooms(night.path)
    expect(score(page)).to_have_text("14")
    for name, shown in (("Respirations", "26"), ("SpO₂", "90 %"), ("Blood pressure", "88/–"), ("Pulse", "135"), ("Temperature", "39.5")):
        expect(row(page, name)).to_contain_text(shown)
    expect(row(page, "Pulse")).to_contain_text("was 70")
    expect(row(page, "Consciousness")).to_contain_text("Alert")
    expect(row(page, "Oxygen")).to_contain_text("Air")
    expect(row(page, "NEWS2")).to_contain_text("since 03:00, was 0")
    expect(row(page, "Care")).to_contain_text(f"Admitted to {night.unit} bed 12 at 00:00")


def test_a_new_value_arrives_by_itself(rooms: Screens, night: Night) -> None:
    page = rooms(night.path)
    expect(row(page, "Pulse")).to_contain_text("135")
    night.chart(WELL | {PULSE: 71}, 3, 10)
    expect(row(page, "Pulse")).to_contain_text("was 135")
    expect(row(page, "Pulse").locator("b")).to_have_text("71")
    expect(score(page)).to_have_text("0")


def test_a_corrected_value_is_struck_through_with_both_times(rooms: Screens, corrected: Night) -> None:
    page = rooms(corrected.path)
    potassium = row(page, "Potassium")
    expect(potassium.locator("s")).to_have_text("7.1")
    mark = potassium.get_by_role("button")
    mark.focus()
    expect(page.get_by_role("tooltip")).to_have_text("Potassium of 02:00: 7.1 mmol/L, known 02:30. Since 03:30 it is 4.1, corrected.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_a_revised_score_says_what_was_shown_then_and_what_is_true_now(rooms: Screens, night: Night) -> None:
    """RCP 2017, chart 1: a pulse of 135 gives 3 of the 14 points, one of 80 none."""
    night.hospital.send(vitals(night.patient, ILL, at=night.at(3, 20), order="V1"))
    corrected_pulse = Obx(PULSE, 80, status="C")
    night.hospital.send(oru(night.patient, corrected_pulse, at=night.at(3, 40), observed=night.at(3, 20), order="V1", application="MONITOR"))
    page = rooms(night.path)
    expect(score(page)).to_have_text("11")
    row(page, "NEWS2").get_by_role("button").last.focus()
    expect(page.get_by_role("tooltip")).to_have_text("NEWS2 of 03:20, revised at 03:40. Shown then: NEWS2 14, high. True now: 11.")


def test_a_number_that_cannot_be_true_is_hollow_and_says_why(rooms: Screens, night: Night) -> None:
    """A pulse of 500 is beyond what any monitor means: it is kept, shown, and not scored."""
    night.hospital.send(oru(night.patient, Obx(PULSE, 500), at=night.at(3, 20), application="MONITOR"))
    page = rooms(night.path)
    row(page, "Pulse").get_by_role("button").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Pulse 500 /min at 03:20 from monitor.")
    expect(page.get_by_role("tooltip")).to_contain_text("Not scored: the number is not plausible.")
    expect(row(page, "Pulse").locator("b")).to_have_text("135")
    expect(score(page)).to_have_text("14")


def test_a_sample_without_a_result_is_a_dashed_ring(rooms: Screens, night: Night) -> None:
    awaited = Obx(POTASSIUM, None, status="I")
    night.hospital.send(oru(night.patient, awaited, at=night.at(3, 20), order="K2"))
    page = rooms(night.path)
    expect(row(page, "Potassium")).to_contain_text("sample of 03:20, no result yet")
    expect(row(page, "Potassium")).to_contain_text("– awaited")


def test_a_missing_input_says_since_when(rooms: Screens, night: Night) -> None:
    """Thirteen hours later only the temperature is new: the others no longer count (NEWS2's inputs hold for twelve hours)."""
    night.hospital.send(oru(night.patient, Obx("8310-5", 37.0), at=night.at(16), application="MONITOR"))
    page = rooms(night.path)
    headline = page.get_by_role("region", name="NEWS2")
    expect(headline.get_by_role("row", name="Pulse – not measured since 03:00")).to_be_visible()
    expect(headline.locator("tfoot")).to_contain_text("Total is at least")


# --- the past ---


def test_the_slider_steps_by_event_and_hides_what_came_later(rooms: Screens, corrected: Night) -> None:
    page = rooms(f"{corrected.path}?hours=6")
    expect(score(page)).to_have_text("0")
    steps = stepped_back_to("03:01", page)
    assert "03:30" in steps
    expect(score(page)).to_have_text("14")
    expect(row(page, "Potassium").locator("s")).to_have_count(0)
    expect(row(page, "Potassium")).to_contain_text("7.1")
    expect(row(page, "Pulse").locator("b")).to_have_text("135")
    # The set of four o'clock is seven values, the correction of half past three one result.
    expect(past(page)).to_contain_text("at 03:01, 59 min before now. Hidden because it arrived later: 7 charted values, 1 result")
    expect(page.get_by_text("hidden, not yet known")).to_be_visible()


def test_the_moment_stands_in_the_address_and_outlives_a_reload(rooms: Screens, corrected: Night) -> None:
    page = rooms(f"{corrected.path}?as_of={corrected.at(3, 10):%Y-%m-%dT%H:%M:%SZ}")
    expect(past(page)).to_contain_text("at 03:10")
    page.reload()
    expect(past(page)).to_contain_text("at 03:10")
    expect(score(page)).to_have_text("14")


@pytest.mark.parametrize("key", ["n", "End", "button"])
def test_there_are_three_ways_back_to_now(key: str, rooms: Screens, corrected: Night) -> None:
    page = rooms(f"{corrected.path}?as_of={corrected.at(3, 10):%Y-%m-%dT%H:%M:%SZ}")
    expect(past(page)).to_contain_text("at 03:10")
    if key == "button":
        page.get_by_role("button", name="Return to now, 04:00").click()
    else:
        slider(page).focus()
        page.keyboard.press(key)
    expect(past(page)).to_have_count(0)
    expect(score(page)).to_have_text("0")
    assert "as_of" not in page.url


def test_the_slider_can_be_dragged(rooms: Screens, corrected: Night) -> None:
    page = rooms(corrected.path)
    expect(score(page)).to_have_text("0")
    handle = slider(page).bounding_box()
    assert handle is not None
    expect(row(page, "Pulse")).to_be_visible()
    page.mouse.move(handle["x"] + 20, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] - 20, handle["y"] + 10, steps=4)
    page.mouse.up()
    expect(past(page)).to_contain_text(re.compile(r"at 0[12]:\d\d"))


def test_news_do_not_move_the_past_but_are_counted(rooms: Screens, corrected: Night) -> None:
    page = rooms(f"{corrected.path}?as_of={corrected.at(3, 10):%Y-%m-%dT%H:%M:%SZ}")
    expect(score(page)).to_have_text("14")
    page.wait_for_timeout(500)
    corrected.chart(WELL | {PULSE: 71}, 4, 10)
    expect(past(page)).to_contain_text("1 more while you look back")
    expect(row(page, "Pulse").locator("b")).to_have_text("135")
    page.keyboard.press("n")
    expect(row(page, "Pulse").locator("b")).to_have_text("71")


def test_an_alert_of_the_past_can_be_read_and_not_decided(rooms: Screens, corrected: Night) -> None:
    page = rooms(f"{corrected.path}?as_of={corrected.at(3, 10):%Y-%m-%dT%H:%M:%SZ}")
    alerts = page.get_by_role("region", name="Alerts")
    expect(alerts).to_contain_text("NEWS2 14, high")
    expect(alerts).to_contain_text("This is the past: return to now to decide.")
    expect(alerts.get_by_role("button", name="Acknowledge")).to_have_count(0)


# --- acts ---


def test_an_alert_is_acknowledged_and_taken_back_on_the_page(rooms: Screens, night: Night) -> None:
    page = rooms(night.path)
    alerts = page.get_by_role("region", name="Alerts")
    alerts.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(alerts).to_contain_text("Acknowledged by Amelia Brandt")
    expect(alerts.get_by_role("button", name="Acknowledged")).to_be_disabled()
    expect(row(page, "Alerts")).to_contain_text("acknowledged 03:00")
    page.get_by_role("button", name="Undo").click()
    expect(alerts.get_by_role("button", name="Acknowledge", exact=True)).to_be_enabled()


def test_an_alert_is_overridden_with_a_reason_and_escalated_with_a_comment(rooms: Screens, night: Night) -> None:
    page = rooms(night.path)
    alerts = page.get_by_role("region", name="Alerts")
    expect(alerts).to_contain_text("1 open")
    page.keyboard.press("e")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("Looks worse than the numbers")
    page.keyboard.press("Enter")
    expect(alerts).to_contain_text("Looks worse than the numbers")
    page.keyboard.press("o")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(alerts).to_contain_text("Overridden by Amelia Brandt: treated")
    expect(alerts.get_by_role("button", name="Overridden")).to_be_disabled()


# --- taking it along ---


def test_the_export_is_a_table_with_the_values(rooms: Screens, corrected: Night, tmp_path: Path) -> None:
    page = rooms(corrected.path)
    expect(score(page)).to_have_text("0")
    page.get_by_role("button", name="Export PNG, CSV").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Table (CSV)").click()
    waiting.value.save_as(tmp_path / "timeline.csv")
    lines = list(csv.DictReader((tmp_path / "timeline.csv").read_text(encoding="utf-8").splitlines()))
    pulses = [(line["occurred_at"][11:16], line["value"], line["unit"]) for line in lines if line["kind"] == "measured" and line["name"] == "pulse"]
    assert pulses == [("01:00", "70", "/min"), ("03:00", "135", "/min"), ("04:00", "70", "/min")]
    potassium = [(line["kind"], line["value"], line["status"], line["recorded_at"][11:16]) for line in lines if line["name"] == "potassium"]
    assert sorted(potassium) == [("measured", "4.1", "C", "03:30"), ("no longer counts", "7.1", "F", "02:30")]
    assert [line["value"] for line in lines if line["name"] == "news2"] == ["0", "14", "0"]
    assert "Lindqvist" not in waiting.value.suggested_filename  # files lie about


def test_the_export_is_a_picture_of_what_stands_there(rooms: Screens, corrected: Night, tmp_path: Path) -> None:
    page = rooms(corrected.path)
    expect(score(page)).to_have_text("0")
    page.get_by_role("button", name="Export PNG, CSV").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Picture (PNG)").click()
    waiting.value.save_as(tmp_path / "timeline.png")
    assert (tmp_path / "timeline.png").read_bytes().startswith(PNG)
    expect(page.get_by_label("Messages")).to_have_text("")


# --- everybody can use it ---


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("in_the_past", [False, True], ids=["now", "past"])
def test_axe_finds_nothing(in_the_past: bool, size: tuple[int, int], rooms: Screens, corrected: Night) -> None:
    moment = f"?as_of={corrected.at(3, 10):%Y-%m-%dT%H:%M:%SZ}" if in_the_past else ""
    page = rooms(corrected.path + moment, size=size)
    for tab in ("Problems", "Documents", "Medication", "Alerts", "Timeline" if size is WIDE else "Now"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=re.compile(r"Alerts \d"))).to_be_visible()  # everything has been answered
        assert in_both_schemes(page) == [], tab


def test_tabs_follow_the_arrow_keys(rooms: Screens, night: Night) -> None:
    page = rooms(night.path)
    page.get_by_role("tab", name="Timeline").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Problems")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Problems")).to_contain_text("No problem is recorded")
    assert "tab=problems" in page.url


def test_a_phone_has_the_alert_first_then_the_score_and_the_vital_signs(rooms: Screens, night: Night) -> None:
    page = rooms(night.path, size=PHONE)
    expect(page.get_by_role("region", name="Vital signs")).to_contain_text("135")
    order = page.evaluate("[...document.querySelectorAll('[data-patient] section')].map((each) => each.ariaLabel)")
    assert order[:3] == ["Alerts", "NEWS2", "Vital signs"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_names_above_and_the_past_stay_in_sight_while_reading_down(rooms: Screens, corrected: Night) -> None:
    page = rooms(f"{corrected.path}?as_of={corrected.at(3, 10):%Y-%m-%dT%H:%M:%SZ}", size=(1600, 500))
    expect(score(page)).to_have_text("14")
    page.evaluate("document.getElementById('page').scrollTo(0, 10_000)")
    expect(page.get_by_role("heading", name="LINDQVIST, Maja")).to_be_in_viewport()
    expect(past(page)).to_be_in_viewport()
