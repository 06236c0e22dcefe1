"""Journey 20. A newcomer types one command, sees a hospital live, understands it, and wants to show a colleague."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from support.screens import WIDE, need_a_browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

READY_SECONDS = 60
"""Issue 2 says 30 on a machine that does nothing else."""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """`wardline demo`, and where it says that it is ready."""
    need_a_browser()
    printed = tmp_path / "printed"
    words = [sys.executable, "-m", "wardline", "demo", "--http", "0", "--mllp", "0", "--beds", "12", "--speed", "120", "--for", "100"]
    with printed.open("w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=tmp_path)
    until = monotonic() + READY_SECONDS
    while not (ready := re.search(r"^Ready: (\S+)", printed.read_text(encoding="utf-8"), re.MULTILINE)):
        assert process.poll() is None, printed.read_text(encoding="utf-8")
        assert monotonic() < until, printed.read_text(encoding="utf-8")
        sleep(0.1)
    yield ready[1]
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)


def test_first_five_minutes(url: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    page: Any = context.new_page()
    page.goto(url)

    # One press on a card, and she is inside.
    page.get_by_role("button", name="Amelia Brandt").click()

    # She is shown round: what to look at first, and then the next thing.
    tour = page.get_by_label("First look")
    expect(tour).to_contain_text("Who needs you now")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)

    # A hospital is alive: patients in beds, with scores that came through the same door as any hospital's, and a clock that goes.
    page.locator("[data-row] [data-why] b").first.wait_for()
    assert page.locator("[data-row]").count() >= 3
    before = page.get_by_role("banner").inner_text()
    expect(page.get_by_role("banner")).not_to_have_text(before, timeout=20_000)
    expect(page.get_by_text("Simulated hospital.")).to_be_visible()

    # The why of a score says what the score is made of and where it comes from.
    page.locator("[data-row] [data-why]").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Royal College of Physicians")
    context.close()
