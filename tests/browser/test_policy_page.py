"""A night of alarms, replayed (journey 7): another policy is tried on what was recorded here, and two people put it in force.

Beside it stands what alerts have been, overrides with their reasons (journey 10). The server is this module's own: its past is
three patients, and its policy changes.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from support.axe import in_both_schemes
from support.messages import ILL, Patient, adt, vitals
from support.served import Account, Served, agree
from wardline.web.interface import STATIC

pytestmark = pytest.mark.browser

PHONE: Final = (390, 844)
FIVE: Final = {"9279-1": 25, "59408-5": 93, "8480-6": 120, "8867-4": 70, "8310-5": 37.0}
"""NEWS2 5 on air and alert: 3 for the respirations and 2 for the saturation (RCP 2017, chart 1)."""
MEDIUM: Final = "rules.news2-medium.raise.at_least"
OVERDUE: Final = "overdue.vital-signs-overdue.grace_minutes"
EXPIRED: Final = b"20"
"""HL7 table 0112, discharge disposition."""
REPLAY_MS: Final = 60_000
EMPTY_WARD: Final = 'EW: {label: "Ward without patients", beds: [1]}\n'


class Staff(NamedTuple):
    admin: Account
    nurse: Account
    doctor: Account
    manager: Account


class Past(NamedTuple):
    """Record keys of the patients: two with a score of 5, one of whom died, and one with a score of 14."""

    five: str
    died: str
    ill: str


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if not (STATIC / "index.html").exists():
        pytest.skip("the user interface is not built: make setup")
    data = tmp_path_factory.mktemp("policy") / "data"
    agree(data / "config", units=EMPTY_WARD)
    running = Served(data)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(ward: Served) -> Staff:
    admin = ward.set_up()
    added = [ward.add(login, name, login) for login, name in (("nurse", "Amelia Brandt"), ("doctor", "Helen Vance"), ("manager", "Karin Holm"))]
    return Staff(admin, *added)


@pytest.fixture(scope="module")
def past(ward: Served, people: Staff) -> Past:
    keys = []
    for number, (values, dies) in enumerate(((FIVE, False), (FIVE, True), (ILL, False)), 1):
        patient, now = Patient(f"{os.getpid()}{number}", f"Moss{number}", "Ada"), datetime.now(UTC)
        visit = f"VISIT{number}"
        ward.send(adt("A01", patient, at=now, visit=visit), vitals(patient, values, at=now))
        if dies:
            left = adt("A03", patient, at=datetime.now(UTC), visit=visit)
            ward.send(left.replace(visit.encode(), visit.encode() + b"|" * 17 + EXPIRED))  # from PV1-19 to PV1-36
        keys.append(ward.key(patient.number))
    return Past(*keys)


@pytest.fixture(scope="module")
def overridden(ward: Served, past: Past) -> str:
    """The nurse has overridden the alert of the patient with a score of 14; the reason as people read it."""
    token = ward.sign_in("nurse")
    queue = ward.api("GET", "/api/v1/nurse/queue", token=token)
    (alert,) = (each["alert"] for each in queue["items"] if each["patient"]["id"] == past.ill)
    ward.api("POST", f"/api/v1/nurse/queue/{past.ill}/action", {"alert": alert, "action": "override", "reason": "treated"}, token=token)
    return next(each["text"] for each in queue["override_reasons"] if each["code"] == "treated")


@pytest.fixture
def page(screens: Any, past: Past, people: Staff) -> Page:
    """The policy page as the nurse manager sees it."""
    opened: Page = screens("/policy", who=people.manager)
    slider(opened, MEDIUM).wait_for()
    return opened


def slider(page: Page, path: str) -> Locator:
    return page.locator(f"[data-path='{path}']")


def move(page: Page, path: str, steps: int = 1) -> None:
    slider(page, path).locator("input").focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")


def replayed(page: Page) -> Any:
    """Replay, and what the server answered."""
    with page.expect_response("**/policy/simulate", timeout=REPLAY_MS) as answered:
        page.get_by_role("button", name="Replay the past").first.click()
    different(page).wait_for()
    return answered.value.json()


def different(page: Page) -> Locator:
    return page.get_by_role("region", name="What would be different")


def waiting(page: Page) -> Locator:
    return page.get_by_role("region", name="Waiting for approval")


def been(page: Page) -> Locator:
    return page.get_by_role("region", name="What alerts have been")


def counted(page: Page) -> None:
    been(page).get_by_role("button", name="Count", exact=True).click()
    been(page).get_by_role("button", name="Count again").wait_for(timeout=REPLAY_MS)


def containing(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part))


def write(page: Page, change: Callable[[str], str]) -> None:
    """Change the text of the draft by hand."""
    page.get_by_role("button", name="Text", exact=True).click()
    text = page.get_by_label("The policy as text")
    text.fill(change(text.input_value()))


# --- the draft ---


def test_a_moved_number_says_what_it_is_today_and_what_it_becomes(page: Page) -> None:
    expect(slider(page, MEDIUM)).to_contain_text("unchanged")
    move(page, MEDIUM)
    expect(slider(page, MEDIUM).locator("output")).to_have_text("6")
    expect(slider(page, MEDIUM)).to_contain_text("today 5")
    page.get_by_role("button", name="Reset to today").click()
    expect(slider(page, MEDIUM).locator("output")).to_have_text("5")
    expect(page.get_by_role("button", name="Send for approval")).to_be_disabled()


def test_the_text_follows_the_numbers_and_keeps_its_sources(page: Page) -> None:
    """A threshold takes its clearing limit along, so that an alert still ends lower than it began."""
    move(page, MEDIUM)
    page.get_by_role("button", name="Text", exact=True).click()
    text = page.get_by_label("The policy as text")
    expect(text).to_have_value(containing("raise: {at_least: 6}\n    clear: {below: 5, readings: 2}"))
    assert "Royal College of Physicians, NEWS2, 2017, charts 2 and 4" in text.input_value()


def test_the_numbers_follow_the_text(page: Page) -> None:
    write(page, lambda text: text.replace("raise: {at_least: 5}", "raise: {at_least: 6}"))
    page.get_by_role("button", name="Numbers", exact=True).click()
    expect(slider(page, MEDIUM).locator("output")).to_have_text("6")


def test_what_speaks_against_a_draft_stands_beside_its_number(page: Page) -> None:
    """AL-7: an escalation must not end in silence."""
    write(page, lambda text: text.replace("repeat_minutes: 15", "repeat_minutes: 0"))
    page.get_by_role("button", name="Numbers", exact=True).click()
    expect(slider(page, "escalation.steps.0.after_minutes")).to_contain_text("ends in silence")
    page.get_by_role("button", name="Send for approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("dialog")).to_contain_text("ends in silence")
    expect(waiting(page)).to_have_count(0)


def test_another_text_needs_another_version(page: Page) -> None:
    write(page, lambda text: text.replace("undo_seconds: 10", "undo_seconds: 12"))
    expect(page.get_by_role("list", name="Objections")).to_contain_text("is the policy in force; give another text another version")
    write(page, lambda text: re.sub(r'version: "\S+"', 'version: "ours-2"', text))
    expect(page.get_by_role("list", name="Objections")).to_have_count(0)


def test_a_text_that_cannot_be_read_says_which_line(page: Page) -> None:
    write(page, lambda text: text.replace("repeat_minutes: 15", "repeat_minutes: often"))
    expect(page.get_by_role("alert")).to_contain_text("escalation.repeat_minutes must be a number")
    expect(page.get_by_role("button", name="Send for approval")).to_be_disabled()


# --- the replay ---


def test_the_replay_says_in_one_sentence_what_another_policy_would_have_done(page: Page) -> None:
    """Of three pages two were for a score of 5, and one of these patients died."""
    move(page, MEDIUM)
    replayed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("67 % fewer pages, one event no longer found")


def test_the_table_shows_the_servers_numbers_today_before_proposed(page: Page) -> None:
    move(page, MEDIUM)
    answer = replayed(page)
    assert (answer["today"]["pages"], answer["proposed"]["pages"]) == (3, 1)
    rows = page.get_by_role("region", name="Replay").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("3 and one page in 0 patient-days")
    expect(rows.nth(2).locator("td").nth(0)).to_have_text("100 %")
    expect(rows.nth(2).locator("td").nth(1)).to_have_text("0 %")
    expect(rows.nth(1)).to_contain_text("the policy does not say how many nurses")


def test_an_event_that_would_be_missed_comes_first_with_its_chart(page: Page, past: Past) -> None:
    move(page, MEDIUM)
    replayed(page)
    first = different(page).locator("tbody tr").first
    expect(first).to_contain_text("death in hospital")
    expect(first).to_contain_text("No page before it any more")
    first.get_by_role("link").click()
    expect(page).to_have_url(containing(f"/patients/{past.died}?as_of="))
    expect(page.get_by_label("The past")).to_contain_text("This is the past.")


def test_every_difference_can_be_opened(page: Page, past: Past) -> None:
    move(page, MEDIUM)
    replayed(page)
    different(page).get_by_role("button", name="Open all 2").click()
    lines = page.get_by_role("region", name="Every page that would be different").locator("tbody tr")
    expect(lines).to_have_count(2)
    links = [link.get_attribute("href") or "" for link in lines.get_by_role("link").all()]
    assert {link.split("/")[2].split("?")[0] for link in links} == {past.five, past.died}


def test_a_result_is_marked_once_the_draft_has_moved_on(page: Page) -> None:
    move(page, MEDIUM)
    replayed(page)
    move(page, MEDIUM)
    expect(page.get_by_text("The draft has changed.")).to_be_visible()
    page.get_by_role("button", name="Reset to today").click()
    replayed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The same number of pages, the same event found")
    expect(different(page)).to_contain_text("every page goes out as it did")


def test_a_replay_can_be_stopped_and_another_begun(page: Page) -> None:
    move(page, MEDIUM)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("What would another policy have done?")).to_be_visible()
    move(page, MEDIUM)
    page.wait_for_timeout(1_500)  # the server looks twice a second whether somebody still waits
    replayed(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("67 % fewer pages")


def test_a_replay_is_saved_as_a_table(page: Page) -> None:
    move(page, MEDIUM)
    replayed(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export CSV").click()
    lines = saved.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("measure,today (default-1")
    assert sum(1 for line in lines if line.startswith("gone,")) == 2


# --- what alerts have been ---


def test_what_alerts_have_been_is_counted_with_the_reason_for_each_override(page: Page, overridden: str) -> None:
    """Of three alerts one was overridden, and one ended with the patient before anybody had answered."""
    assert been(page).get_by_role("table").count() == 0  # it reads the whole log: only when somebody asks
    counted(page)
    line = been(page).locator("[data-capability=news2]")
    expect(line.get_by_role("rowheader")).to_have_text("NEWS2")
    shown = {cell.get_attribute("data-heading"): cell.inner_text() for cell in line.get_by_role("cell").all()}
    assert shown.pop("Median answer") in ("< 1 min", "1 min")  # as long as this browser took
    assert shown == {
        "Alerts": "3", "Pages": "3", "Acknowledged": "0", "Overridden": "1", "Escalated": "0", "Withdrawn": "0", "Unanswered": "1",
        "Nine of ten within": "– too few",
    }  # fmt: skip
    expect(been(page).get_by_role("table", name="Why alerts were overridden").locator("tbody tr")).to_have_text([f"{overridden}1"])
    expect(been(page)).to_contain_text("3 alerts in less than one patient-day")
    expect(been(page)).to_contain_text("– none; alerts were shown on screens")


def test_alerts_are_counted_for_one_unit(page: Page) -> None:
    been(page).get_by_label("Unit").select_option("Ward without patients")
    counted(page)
    expect(been(page)).to_contain_text("The log has no patient of unit EW in this time.")


def test_only_one_question_reads_the_log_at_a_time(page: Page) -> None:
    move(page, MEDIUM)
    with page.expect_response("**/policy/simulate", timeout=REPLAY_MS):
        page.keyboard.press("Enter")
        been(page).get_by_role("button", name="Count", exact=True).click()
        expect(been(page).get_by_role("alert")).to_contain_text("Not counted. A simulation or a count over the log is already running")
    counted(page)
    expect(been(page).get_by_role("alert")).to_have_count(0)


# --- two people ---


def test_a_policy_is_in_force_once_a_second_person_has_signed(page: Page, screens: Any, people: Staff) -> None:
    move(page, OVERDUE)
    page.get_by_role("button", name="Send for approval").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("60 min → 75 min")
    dialog.get_by_label("Why").fill("Nights are loud")
    dialog.get_by_role("button", name="Send for approval").click()
    expect(waiting(page)).to_contain_text("You have signed; somebody else must too.")
    expect(waiting(page).get_by_role("button", name="Sign")).to_have_count(0)

    nurse = screens("/policy")
    expect(waiting(nurse)).to_contain_text("Doctors and managers sign.")
    expect(nurse.get_by_role("button", name="Send for approval")).to_be_disabled()

    doctor = screens("/policy", who=people.doctor)
    expect(waiting(doctor)).to_contain_text("Nights are loud")
    expect(waiting(doctor)).to_contain_text("1 of 2 signed: Karin Holm")
    waiting(doctor).get_by_role("button", name="Sign").click()
    expect(doctor.get_by_role("dialog")).to_contain_text("60 min → 75 min")
    doctor.get_by_role("dialog").get_by_role("button", name="Sign and put in force").click()
    expect(waiting(doctor)).to_have_count(0)
    expect(slider(doctor, OVERDUE).locator("output")).to_have_text("75 min")
    expect(slider(doctor, OVERDUE)).to_contain_text("unchanged")
    expect(slider(page, OVERDUE).locator("output")).to_have_text("75 min")


def test_a_proposal_can_be_looked_at_and_withdrawn(page: Page, screens: Any, people: Staff) -> None:
    move(page, MEDIUM)
    page.get_by_role("button", name="Send for approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Send for approval").click()
    doctor = screens("/policy", who=people.doctor)
    waiting(doctor).get_by_role("button", name="Look at it").click()
    expect(slider(doctor, MEDIUM).locator("output")).to_have_text("6")
    waiting(doctor).get_by_role("button", name="Withdraw").click()
    doctor.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(waiting(doctor)).to_have_count(0)
    expect(waiting(page)).to_have_count(0, timeout=10_000)


# --- for everybody ---


def test_the_whole_way_needs_no_pointer(page: Page) -> None:
    move(page, MEDIUM)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("fewer pages", timeout=REPLAY_MS)
    page.keyboard.press("Shift+Tab")
    page.get_by_role("button", name="Send for approval").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    expect(page.get_by_label("Why")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_before_and_after_a_replay(size: tuple[int, int], screens: Any, past: Past, people: Staff) -> None:
    page = screens("/policy", who=people.manager, size=size)
    slider(page, MEDIUM).wait_for()
    assert in_both_schemes(page) == []
    move(page, MEDIUM)
    replayed(page)
    different(page).get_by_role("button", name="Open all 2").click()
    page.get_by_role("button", name="Text", exact=True).click()
    counted(page)
    assert in_both_schemes(page) == []
    assert page.evaluate("document.querySelector('#page').scrollWidth") <= size[0]
