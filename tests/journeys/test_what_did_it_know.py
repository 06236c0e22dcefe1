"""Journey 8. At a review the committee opens 03:12 and sees the same chart, score and version as the night team did."""

import json
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.messages import WELL, Obx, Patient, adt, oru, vitals
from support.screens import People
from support.served import Served
from support.story import SEVEN, TWO, at

pytestmark = pytest.mark.browser

PETROV = Patient("40081", "Petrov", "Ilya", "19490830", "M")
THEN = "2026-03-03T03:12:00Z"


def why(page: Page) -> list[str]:
    """The inputs of the headline score, as they are shown, without their ages."""
    rows = page.get_by_label("NEWS2", exact=True).locator("tbody tr td, tfoot td")
    return [text.strip() for text in rows.all_inner_texts()]


def explained(ward: Served, key: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "wardline", "explain", "news2", "--about", key, "--at", THEN, "--json", "--data", str(ward.data)]
    answer: dict[str, Any] = json.loads(subprocess.run(words, capture_output=True, check=True, timeout=60).stdout)
    return answer


def test_what_did_it_know(ward: Served, screens: Any, people: People) -> None:
    ward.send(adt("A01", PETROV, at=at("01:00"), visit="V81", unit="Ward 7", bed="12"), vitals(PETROV, TWO, at=at("01:00"), order="O1"))
    ward.send(vitals(PETROV, SEVEN, at=at("03:10"), order="O2"))
    key = ward.key("40081")
    night = screens(f"/patients/{key}")
    expect(night.get_by_label("NEWS2", exact=True)).to_contain_text("7")
    seen, said = why(night), explained(ward, key)

    # Later the respiration of 03:10 is corrected, a late potassium arrives, and he gets well.
    corrected = Obx("9279-1", 18, "C")
    ward.send(oru(PETROV, corrected, at=at("04:00"), observed=at("03:10"), order="O2", application="MONITOR"))
    ward.send(oru(PETROV, Obx("2823-3", 5.9), at=at("04:10"), observed=at("03:05"), order="L1"))
    ward.send(vitals(PETROV, WELL, at=at("06:00"), order="O3"))
    expect(night.get_by_label("NEWS2", exact=True)).to_contain_text("Total of 7 inputs")
    expect(night.get_by_label("NEWS2", exact=True).locator("tfoot")).to_contain_text("0")

    # The committee opens 03:12.
    committee = screens(f"/patients/{key}?as_of={THEN}", who=people.doctor)
    past = committee.get_by_label("The past")
    expect(past).to_contain_text("Shown as known on")
    expect(past).to_contain_text("03:12")
    expect(past).to_contain_text("Hidden because it arrived later")
    expect(committee.get_by_label("NEWS2", exact=True).locator("tfoot")).to_contain_text("7")
    assert why(committee) == seen
    expect(committee.get_by_label("NEWS2", exact=True)).to_contain_text("version 2017")
    expect(committee.get_by_label("Timeline").last).not_to_contain_text("5.9")

    # The stored log alone says the same, from the command line.
    assert explained(ward, key) == said
    assert said["value"] == 7

    # One press, and it is now again.
    committee.get_by_role("button", name="Return to now").click()
    expect(committee.get_by_label("NEWS2", exact=True).locator("tfoot")).to_contain_text("0")
