"""The feeds page: what arrives, what was put aside and how it is repaired, what nobody understands yet, and who is silent."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.axe import WCAG, in_both_schemes
from support.messages import WELL, Obx, Patient, adt, oru, vitals
from support.screens import PHONE, People, Screens
from support.served import Account, Served, agree
from wardline.formats.hl7v2.framing import frame

pytestmark = pytest.mark.browser

RESPIRATION = "AF^Atemfrequenz^L"
"""A local code of a respiratory rate."""
EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def engineer(ward: Served, people: People) -> Account:
    return ward.add("feeds.engineer", "Tomas Lind", "engineer")


def screen(screens: Screens, path: str, who: Account, **how: Any) -> Page:
    """A signed-in screen of somebody who has taken the first look."""
    context = screens.context(**how)
    context.add_init_script(f"if (location.protocol === 'http:') localStorage.setItem('wardline.first-look.{who.id}', 'done')")
    page = context.new_page()
    page.goto(screens.ward.url + path)
    screens.sign_in(page, who)
    return page


def put_aside(ward: Served, message: bytes) -> None:
    """Send a message that is kept but not understood."""
    with ward.connect() as connection:
        connection.sendall(frame(message))
        assert b"MSA|AE" in connection.recv(65536)


def somebody(number: int) -> Patient:
    return Patient(f"F{os.getpid()}{number}", "Okafor", "Ada")


def without_number(patient: Patient, application: str, *observations: Obx) -> bytes:
    """A result whose PID-3 is empty."""
    sent = oru(patient, *observations, at=datetime.now(UTC), application=application, control=f"{application}1")
    return sent.replace(f"|{patient.number}^^^{patient.assigner}^MR|".encode(), b"||")


def aside(page: Page, application: str) -> Locator:
    return page.locator("[data-message]", has_text=f"{application} HOSP")


def score(ward: Served, patient: Patient) -> Any:
    """NEWS2 as it stands."""
    findings = ward.api("GET", f"/api/v1/patients/{ward.key(patient.number)}/findings")["findings"]
    return next(each["value"] for each in findings if each["capability"] == "news2")


def potassium(ward: Served, patient: Patient) -> list[float]:
    """Every value on the timeline."""
    measured = ward.api("GET", f"/api/v1/patients/{ward.key(patient.number)}/timeline")["measured"]
    return [point["value"] for each in measured if each["name"] == "potassium" for point in each["points"]]


# --- what arrives ---


def test_a_feed_says_how_it_is(screens: Screens, ward: Served, engineer: Account) -> None:
    ward.send(vitals(somebody(1), WELL, at=datetime.now(UTC)))
    page = screen(screens, "/feeds", engineer)
    row = page.locator("[data-feed=monitor]")
    expect(row).to_contain_text("Bedside monitors")
    expect(row).to_contain_text("New")  # twenty pauses have not been heard yet
    expect(row.get_by_role("img", name="in the last hour")).to_be_visible()


def test_a_sender_without_a_profile_is_named_as_such(screens: Screens, ward: Served, engineer: Account) -> None:
    ward.send(oru(somebody(2), Obx("2823-3", 4.1), at=datetime.now(UTC), application="STRANGE"))
    page = screen(screens, "/feeds", engineer)
    expect(page.locator("[data-feed='STRANGE HOSP']")).to_contain_text("no profile")


def test_a_feed_says_how_late_its_messages_come(screens: Screens, ward: Served, engineer: Account) -> None:
    made = datetime.now(UTC) - timedelta(minutes=45, seconds=20)
    ward.send(oru(somebody(19), Obx("2823-3", 4.1), at=made, application="LATE"))
    page = screen(screens, "/feeds", engineer)
    expect(page.locator("[data-feed='LATE HOSP']")).to_contain_text("45 min")


def test_a_chosen_feed_shows_what_waits_of_it_alone(screens: Screens, ward: Served, engineer: Account) -> None:
    put_aside(ward, without_number(somebody(3), "CHOSEN", Obx("2823-3", 4.1)))
    put_aside(ward, without_number(somebody(3), "OTHER", Obx("2823-3", 4.1)))
    page = screen(screens, "/feeds", engineer)
    page.get_by_role("link", name="CHOSEN HOSP").click()
    expect(page.locator("[data-message]")).to_have_count(1)
    expect(aside(page, "CHOSEN")).to_be_visible()
    page.get_by_role("link", name="All feeds").click()
    expect(aside(page, "OTHER")).to_be_visible()


# --- what was put aside ---


def test_a_message_is_repaired_where_it_is_wrong_and_taken_in(screens: Screens, ward: Served, engineer: Account) -> None:
    patient = somebody(4)
    put_aside(ward, without_number(patient, "REPAIR", Obx("2823-3", 7.1)))
    page = screen(screens, "/feeds", engineer)
    aside(page, "REPAIR").get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("PID-3 has no patient number.")
    expect(drawer.locator("mark")).to_have_text("nothing here")
    drawer.get_by_role("button", name="Edit").click()
    text = drawer.get_by_role("textbox")
    text.fill(text.input_value().replace("PID|1|||", f"PID|1||{patient.number}^^^HOSP^MR|"))
    drawer.get_by_role("button", name="Take in as repaired").click()
    expect(page.get_by_text("has been taken in.")).to_be_visible()
    expect(aside(page, "REPAIR")).to_have_count(0)
    assert potassium(ward, patient) == [7.1]


def test_the_offending_place_is_selected_for_whoever_edits(screens: Screens, ward: Served, engineer: Account) -> None:
    broken = oru(somebody(5), Obx("2823-3", 4.1), Obx("2823-3", 5), at=datetime.now(UTC), application="PLACE")
    put_aside(ward, broken.replace(b"OBX|2|NM|2823-3^^LN|", b"OBX|2|NM||"))
    page = screen(screens, "/feeds", engineer)
    aside(page, "PLACE").get_by_role("button").click()
    page.get_by_role("button", name="Edit").click()
    before = page.get_by_role("textbox").evaluate("(area) => area.value.slice(0, area.selectionStart).split('\\n').at(-1)")
    assert before == "OBX|2|NM|"


def test_a_repair_keeps_the_letters_of_the_senders_character_set(screens: Screens, ward: Served, engineer: Account) -> None:
    patient = somebody(17)._replace(family="Müller")
    broken = without_number(patient, "LETTERS", Obx("2823-3", 4.1)).replace(b"UNICODE UTF-8", b"8859/1")
    put_aside(ward, broken.decode().encode("iso-8859-1"))
    page = screen(screens, "/feeds", engineer)
    aside(page, "LETTERS").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Müller^Ada")
    page.get_by_role("button", name="Edit").click()
    text = page.get_by_role("textbox")
    text.fill(text.input_value().replace("PID|1|||", f"PID|1||{patient.number}^^^HOSP^MR|"))
    page.get_by_role("button", name="Take in as repaired").click()
    expect(page.get_by_text("has been taken in.")).to_be_visible()
    assert ward.api("GET", f"/api/v1/patients/{ward.key(patient.number)}")["family"] == "Müller"


def test_what_is_still_wrong_is_said_and_nothing_is_lost(screens: Screens, ward: Served, engineer: Account) -> None:
    put_aside(ward, without_number(somebody(6), "STILL", Obx("2823-3", 4.1)))
    page = screen(screens, "/feeds", engineer)
    aside(page, "STILL").get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Take in as it is").click()
    expect(drawer).to_contain_text("Still not understood. It stays here, and nothing of it was taken in.")
    drawer.get_by_role("button", name="Edit").click()
    text = drawer.get_by_role("textbox")
    text.fill(text.input_value().replace("PID|1|||", "PID|1||77^^^HOSP^MR|").replace("OBX|1|NM|2823-3^^LN|", "OBX|1|NM||"))
    drawer.get_by_role("button", name="Take in as repaired").click()
    expect(drawer).to_contain_text("OBX-3 does not say what was observed.")
    page.keyboard.press("Escape")
    expect(aside(page, "STILL")).to_be_visible()


def test_a_message_is_dismissed_only_with_a_note(screens: Screens, ward: Served, engineer: Account) -> None:
    put_aside(ward, without_number(somebody(7), "DISMISS", Obx("2823-3", 4.1)))
    page = screen(screens, "/feeds", engineer)
    aside(page, "DISMISS").get_by_role("button").click()
    page.get_by_role("button", name="Dismiss with a note").click()
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.get_by_text("Say in a few words why nothing is lost.")).to_be_visible()
    page.get_by_label("Why nothing is lost by leaving it").fill("Sent again five minutes later and taken in")
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.get_by_text("was dismissed.")).to_be_visible()
    expect(aside(page, "DISMISS")).to_have_count(0)
    entries = ward.api("GET", "/api/v1/audit?who=feeds.engineer")["entries"]
    assert "quarantined message dismissed" in [each["action"] for each in entries]


def test_a_nurse_learns_why_a_message_waits_but_not_what_it_says(screens: Screens, ward: Served, people: People) -> None:
    patient = somebody(8)._replace(family="Confidential")
    put_aside(ward, without_number(patient, "NURSE", Obx("2823-3", 4.1)))
    page = screens("/feeds", people.nurse)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    aside(page, "NURSE").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("PID-3 has no patient number.")
    expect(page.get_by_role("dialog")).to_contain_text("repaired and dismissed by engineers, because they hold patients’ data in full")
    expect(page.get_by_role("dialog").get_by_role("button")).to_have_count(1)  # Close
    assert "Confidential" not in page.content()
    assert not any("/api/v1/quarantine/" in url for url in asked)


# --- what nobody understands yet ---


def without_respiration(patient: Patient, application: str, rate: float) -> bytes:
    """A whole set of vital signs, the respiratory rate under the sender's own code."""
    known = [Obx(code, value) for code, value in WELL.items() if code != "9279-1"]
    coded = [Obx("67775-7", "A", kind="CWE")]
    return oru(patient, Obx(RESPIRATION, rate, unit="/min"), *known, *coded, at=datetime.now(UTC), application=application)


def map_respiration(page: Page, application: str) -> None:
    page.locator("[data-code]", has_text=f"{application} HOSP").get_by_role("button").click()
    page.get_by_label("Meaning").select_option("respiratory_rate")
    page.get_by_role("button", name="Map and read again").click()


def test_a_code_is_mapped_and_its_past_values_reach_the_score(screens: Screens, ward: Served, engineer: Account) -> None:
    patient = somebody(9)
    ward.send(without_respiration(patient, "MAPS", 26))
    page = screen(screens, "/feeds", engineer)
    line = page.locator("[data-code]", has_text="MAPS HOSP")
    expect(line).to_contain_text("1 value, the last one 26 /min")
    assert score(ward, patient) == 0  # at least: the respiratory rate is missing
    map_respiration(page, "MAPS")
    expect(page.get_by_role("dialog")).to_contain_text("1 value from 1 message now on the timeline as respirations.")
    page.get_by_role("button", name="Done").click()
    expect(line).to_have_count(0)
    assert score(ward, patient) == 3  # RCP 2017, chart 1: 25 and more is 3
    ward.send(without_respiration(patient, "MAPS", 22))
    assert score(ward, patient) == 2  # 21 to 24 is 2


def test_a_code_is_mapped_whatever_its_sender_calls_it_that_day(ward: Served, engineer: Account) -> None:
    patient = somebody(18)
    ward.send(without_respiration(patient, "RENAMES", 22))
    ward.send(without_respiration(patient, "RENAMES", 26).replace(b"AF^Atemfrequenz^L", b"AF^Atemzuege^L"))
    unmapped = "/api/v1/feeds/RENAMES%20HOSP/unmapped"
    assert [each["count"] for each in ward.api("GET", unmapped)["codes"]] == [1, 1]
    mapping = {"code": RESPIRATION, "concept": "respiratory_rate", "unit": "/min"}
    assert ward.api("POST", "/api/v1/feeds/RENAMES%20HOSP/mappings", mapping)["values_read_again"] == 2
    assert ward.api("GET", unmapped)["codes"] == []
    assert score(ward, patient) == 3  # RCP 2017, chart 1: 25 and more is 3


def test_what_will_happen_is_said_before_it_does(screens: Screens, ward: Served, engineer: Account) -> None:
    ward.send(without_respiration(somebody(10), "BEFORE", 14))
    page = screen(screens, "/feeds", engineer)
    page.locator("[data-code]", has_text="BEFORE HOSP").get_by_role("button").click()
    page.get_by_role("button", name="Map and read again").click()
    expect(page.get_by_role("alert")).to_have_text("Choose what it means first.")
    page.get_by_label("Meaning").select_option("respiratory_rate")
    expect(page.get_by_role("dialog")).to_contain_text("“Atemfrequenz” from BEFORE HOSP is read as respirations")
    expect(page.get_by_role("dialog")).to_contain_text("What has come before is read again: 1 value")


def test_a_unit_that_does_not_fit_is_refused_in_a_sentence(screens: Screens, ward: Served, engineer: Account) -> None:
    ward.send(without_respiration(somebody(11), "UNITS", 14))
    page = screen(screens, "/feeds", engineer)
    page.locator("[data-code]", has_text="UNITS HOSP").get_by_role("button").click()
    page.get_by_label("Meaning").select_option("respiratory_rate")
    page.get_by_label("Unit").fill("mmol/L")
    page.get_by_role("button", name="Map and read again").click()
    expect(page.get_by_role("alert")).to_contain_text("'mmol/L' is not a unit of Respirations.")
    expect(page.locator("[data-code]", has_text="UNITS HOSP")).to_have_count(1)


def test_a_nurse_is_told_who_maps_codes(screens: Screens, ward: Served, people: People) -> None:
    ward.send(without_respiration(somebody(12), "WHO", 14))
    page = screens("/feeds", people.nurse)
    page.locator("[data-code]", has_text="WHO HOSP").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Codes are mapped by engineers and administrators.")
    expect(page.get_by_label("Meaning")).to_have_count(0)


def test_a_mapping_made_on_the_screen_outlives_a_restart(tmp_path: Path) -> None:
    agree(tmp_path / "data" / "config")
    ward = Served(tmp_path / "data")
    patient, feed = somebody(13), "LOCAL%20HOSP"
    ward.set_up()
    ward.send(without_respiration(patient, "LOCAL", 26))
    ward.api("POST", f"/api/v1/feeds/{feed}/mappings", {"code": RESPIRATION, "concept": "respiratory_rate", "unit": "/min"})
    ward.stop()
    again = Served(tmp_path / "data")
    try:
        again._token = again.sign_in("admin")
        assert score(again, patient) == 3
        assert again.api("GET", f"/api/v1/feeds/{feed}/unmapped")["codes"] == []
        again.send(without_respiration(patient, "LOCAL", 22))
        assert score(again, patient) == 2
        assert again.api("GET", f"/api/v1/feeds/{feed}/unmapped")["codes"] == []
    finally:
        again.stop()


# --- who is silent ---


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, People]]:
    """A house on the feeds' clock: two feeds, a message a minute each; after half an hour the laboratory says nothing more."""
    data = tmp_path_factory.mktemp("quiet") / "data"
    agree(data / "config")
    ward = Served(data, environment={**os.environ, "WARDLINE_CLOCK": "feed"})
    admin = ward.set_up()
    people = People(admin, ward.add("nurse", "Amelia Brandt", "nurse"), ward.add("doctor", "Helen Vance", "doctor"))
    ada, ben = Patient("1001", "Moss", "Ada"), Patient("1002", "Byrne", "Ben")
    ward.send(adt("A01", ada, at=EIGHT, unit="7A", bed="1"), adt("A01", ben, at=EIGHT, visit="V2", unit="8B", bed="2"))
    for minute in range(70):
        at = EIGHT + minute * MINUTE
        ward.send(vitals(ada, WELL, at=at), *([oru(ben, Obx("2823-3", 4.5), at=at, order=f"L{minute}")] if minute < 30 else []))
    yield ward, people
    ward.stop()


@pytest.fixture
def of_quiet(browser: Browser, quiet: tuple[Served, People]) -> Iterator[Screens]:
    with ExitStack() as stack:
        made = Screens(browser, *quiet, stack)
        yield made
    assert made.complaints == []


def test_a_silent_feed_is_marked_on_the_page_with_since_when(of_quiet: Screens) -> None:
    page = of_quiet("/feeds")
    row = page.locator("[data-feed='LAB HOSP']")
    expect(row).to_contain_text("Silent")
    expect(row).to_contain_text("nothing since 08:29")
    expect(page.locator("[data-feed=monitor]")).to_contain_text("Talking")
    expect(page.locator("header p", has_text="1 silent")).to_be_visible()


@pytest.mark.parametrize("unit", ["7A", "8B"])
def test_a_silent_feed_is_on_every_board(of_quiet: Screens, unit: str) -> None:
    page = of_quiet(f"/board?unit={unit}")
    strip = page.get_by_role("region", name="Feeds")
    expect(strip).to_contain_text("Silent")
    expect(strip).to_contain_text("LAB HOSP, 40 min.")
    expect(strip).to_contain_text("Results are shown as of 08:29.")


def test_the_system_page_puts_a_silent_feed_first_in_a_sentence(of_quiet: Screens) -> None:
    page = of_quiet("/system")
    expect(page.get_by_role("region", name="What is not well")).to_contain_text("LAB HOSP is silent since 08:29.")
    expect(page.locator("[data-part=Feeds]")).to_contain_text("1 silent")


# --- everybody ---


@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_the_feeds_page(screens: Screens, ward: Served, engineer: Account, size: tuple[int, int]) -> None:
    application = f"AXE{size[0]}"
    put_aside(ward, without_number(somebody(14), application, Obx("2823-3", 4.1)))
    ward.send(without_respiration(somebody(15), application, 14))
    page = screen(screens, "/feeds", engineer, size=size)
    expect(page.locator("[data-code]", has_text=application)).to_be_visible()
    assert in_both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for line, ready in ((aside(page, application), "mark"), (page.locator("[data-code]", has_text=application), "select")):
        line.get_by_role("button").click()
        page.get_by_role("dialog").locator(ready).wait_for()
        assert in_both_schemes(page, WCAG) == []
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")


def test_the_whole_way_to_a_repair_needs_no_pointer(screens: Screens, ward: Served, engineer: Account) -> None:
    patient = somebody(16)
    ward.send(vitals(patient, WELL, at=datetime.now(UTC)))
    put_aside(ward, without_number(patient, "KEYS", Obx("2823-3", 7.2)))
    page = screen(screens, "/", engineer)
    page.keyboard.press("g")
    page.keyboard.press("f")
    first = page.locator("[data-feed] a").first
    first.wait_for()
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-feed] a").nth(1)).to_be_focused()
    opener = aside(page, "KEYS").get_by_role("button")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Edit").press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(f"{patient.number}^^^HOSP^MR")  # over the selected place
    page.get_by_role("button", name="Take in as repaired").press("Enter")
    expect(page.get_by_text("has been taken in.")).to_be_visible()
    assert potassium(ward, patient) == [7.2]
