"""Journey 20, the first five minutes: one command, a hospital alive in the browser, and pictures of it for the README.

The pictures go to docs/screens when WARDLINE_SCREENSHOTS is 1, otherwise nowhere that lasts. They are kept small: few colours, no
dithering, as screens have.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

DOCS: Final = Path(__file__).parents[2] / "docs" / "screens"
LARGEST: Final = 250_000
"""Bytes of one picture: a README is read over any line."""
START_SECONDS: Final = 120
WIDE: Final = (1600, 1000)
PHONE: Final = (390, 844)
NOBODY_NEW: Final = """
    const get = Storage.prototype.getItem
    Storage.prototype.getItem = function (name) { return name.startsWith('wardline.first-look') ? 'done' : get.call(this, name) }
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`wardline demo`, until it says that it is ready."""
    printed = tmp_path_factory.mktemp("demo") / "printed"
    words = [sys.executable, "-m", "wardline", "demo", "--http", "0", "--mllp", "0", "--speed", "60", "--for", "280"]
    with printed.open("w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    until = monotonic() + START_SECONDS
    while not (ready := re.search(r"^Ready: (\S+)", printed.read_text(encoding="utf-8"), re.MULTILINE)):
        assert process.poll() is None, printed.read_text(encoding="utf-8")
        assert monotonic() < until, printed.read_text(encoding="utf-8")
        sleep(0.2)
    yield ready[1]
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)


@pytest.fixture
def taken(tmp_path: Path) -> Callable[[Page, str], None]:
    """Takes a picture of a screen."""
    for_good = os.environ.get("WARDLINE_SCREENSHOTS") == "1"

    def take(page: Page, name: str) -> None:
        page.mouse.move(5, 5)
        page.wait_for_timeout(1_500)  # until a glow has faded
        page.screenshot(path=tmp_path / name)
        if for_good:
            DOCS.mkdir(parents=True, exist_ok=True)
            images = pytest.importorskip("PIL.Image")
            whole = images.open(tmp_path / name).convert("RGB")
            # Maximum coverage keeps colours that are rare: the alarms.
            whole.quantize(256, images.Quantize.MAXCOVERAGE, dither=images.Dither.NONE).save(DOCS / name, optimize=True)
            assert (DOCS / name).stat().st_size < LARGEST

    return take


@pytest.fixture
def opened(browser: Browser, demo: str) -> Iterator[Callable[..., Page]]:
    """A screen of the demonstration, signed in by one press on a card."""
    contexts = []

    def screen(path: str = "/", *, who: str = "Amelia Brandt", size: tuple[int, int] = WIDE, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", device_scale_factor=2 if size == PHONE else 1
        )
        contexts.append(context)
        context.add_init_script(NOBODY_NEW)
        page = context.new_page()
        page.goto(demo + path)
        page.get_by_role("button", name=who).click()
        page.mouse.move(5, 5)
        return page

    yield screen
    for context in contexts:
        context.close()


def somebody_needs_action(page: Page) -> None:
    """On a good night that takes an hour of the hospital's, half a minute of ours where nothing else is busy."""
    page.locator("[data-row][data-urgent]").first.wait_for(timeout=100_000)


def test_a_newcomer_chooses_who_to_be_and_sees_a_ward_alive(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened()
    expect(page.get_by_text("Simulated hospital.")).to_be_visible()
    somebody_needs_action(page)
    before = page.get_by_role("banner").inner_text()
    taken(page, "ward-board-light.png")
    expect(page.get_by_role("banner")).not_to_have_text(before)  # the hospital's clock goes on by itself


def test_the_ward_at_night(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened(dark=True)
    somebody_needs_action(page)
    page.keyboard.press("ArrowDown")
    taken(page, "ward-board-dark.png")


def test_the_patient_who_needs_somebody_now_and_as_known_five_hours_ago(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened()
    somebody_needs_action(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row-of='Pulse'] canvas")).to_be_visible()
    taken(page, "patient.png")
    page.get_by_role("slider", name="As of").focus()
    for hour in range(5):
        page.keyboard.press("PageDown")
        expect(page.get_by_role("status", name="The past")).to_contain_text(f"{hour + 1} h 0")
    page.get_by_role("slider", name="As of").blur()
    taken(page, "patient-as-of.png")


def test_what_waits_for_a_decision(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/queue", who="Karin Holm")
    page.locator("[data-alert]").first.wait_for()
    taken(page, "queue.png")


def test_the_same_ward_on_a_phone(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/board", size=PHONE)
    page.locator("[data-urgent] button").first.wait_for()
    taken(page, "phone.png")
    page.locator("[data-urgent] button").first.click()
    page.get_by_role("button", name="Acknowledge", exact=True).first.wait_for()
    taken(page, "phone-alert.png")


def test_the_first_look_greets_a_newcomer(browser: Browser, demo: str, taken: Callable[[Page, str], None]) -> None:
    with browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}) as context:
        page = context.new_page()
        page.goto(demo)
        page.get_by_role("button", name="Amelia Brandt").wait_for()
        taken(page, "sign-in.png")
        page.get_by_role("button", name="Amelia Brandt").click()
        expect(page.get_by_label("First look")).to_contain_text("Who needs you now")


def test_a_manager_tries_another_policy_on_the_past(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/policy", who="Karin Holm")
    threshold = page.locator("[data-path='rules.news2-medium.raise.at_least'] input")
    threshold.focus()
    threshold.press("ArrowRight")
    page.get_by_role("button", name="Replay the past").first.click()
    page.get_by_role("region", name="What would be different").wait_for(timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("pages")
    threshold.blur()
    taken(page, "alert-policy.png")


def test_an_emergency_opens_a_record_and_says_so_all_the_while(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    elsewhere = opened("/board?unit=W5", who="Ada Okonkwo")
    elsewhere.locator("[data-row]").first.wait_for()
    elsewhere.keyboard.press("ArrowDown")
    elsewhere.keyboard.press("Enter")
    elsewhere.wait_for_url("**/patients/*")

    page = opened(urlsplit(elsewhere.url).path)  # a nurse of another ward
    page.get_by_label("I was called to this patient").check()
    page.get_by_role("button", name="Open for 2 h").click()
    expect(page.get_by_label("Emergency access")).to_contain_text("Every look is recorded")
    expect(page.locator("[data-row-of='Pulse'] canvas")).to_be_visible()
    taken(page, "emergency-access.png")


def test_an_auditor_proves_that_the_trail_is_whole(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/privacy?part=audit", who="Ruth Amsel")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_role("region", name="Proof")).to_contain_text("Verified at", timeout=30_000)
    page.get_by_role("button", name="Verify now").blur()
    taken(page, "audit-trail.png")


def test_what_laws_ask_and_which_test_showed_it(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/privacy?part=compliance", who="Ruth Amsel")
    page.locator("[data-framework]").first.wait_for()
    taken(page, "compliance.png")


def somebody_of_the_ward(page: Page, tab: str) -> None:
    """The same patient's page, on another tab."""
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients/*")
    page.get_by_role("tab", name=tab).click()


def test_a_doctor_reviews_the_drugs_and_tries_another(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/board?unit=W7", who="Helen Vance")
    somebody_of_the_ward(page, "Medication")
    page.get_by_label("What if you order").fill("ibuprofen 400 mg")
    expect(page.get_by_role("status", name="What would change")).to_be_visible()
    taken(page, "medication-review.png")


def test_a_doctor_asks_what_else_it_could_be(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/board?unit=W7", who="Helen Vance")
    somebody_of_the_ward(page, "Differential")
    page.get_by_label("Reason to come").select_option(label="Abdominal pain")
    page.get_by_role("button", name="Pain came before vomiting: yes").click()
    expect(page.get_by_role("region", name="Explanations").get_by_role("listitem").first).to_be_visible()
    taken(page, "differential.png")


def test_an_order_in_another_system_is_answered_with_a_card(opened: Callable[..., Page], taken: Callable[[Page, str], None]) -> None:
    page = opened("/sandbox", who="Helen Vance")
    page.locator("summary").filter(has_text="patient-view").first.wait_for()
    choice = page.get_by_label("Drug", exact=True)
    choice.select_option(label=next(each for each in choice.locator("option").all_inner_texts() if each.startswith("Ibuprofen")))
    page.get_by_role("button", name="Add").click()
    page.locator("summary").filter(has_text="order-select").first.wait_for()
    page.get_by_role("button", name="Sign").click()
    page.locator("summary").filter(has_text="order-sign").first.wait_for()
    expect(page.get_by_role("article").first).to_contain_text("arfarin")
    taken(page, "sandbox-ehr.png")
