"""Journey 7. The nurse manager tries a quieter policy on last night: so many fewer pages, one of them twenty minutes later; and decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from support.messages import WELL, Patient, adt, vitals
from support.screens import People
from support.served import Served
from support.story import SEVEN, at

pytestmark = pytest.mark.browser

FIVE = {"9279-1": 22, "59408-5": 94, "8480-6": 105, "8867-4": 95, "8310-5": 37.0}
"""RCP 2017, chart 1: 2 + 1 + 1 + 1 + 0 = 5 on air and alert."""
SIX = FIVE | {"8310-5": 38.5}
"""One more for a temperature of 38.1 to 39.0."""
MINUTE = timedelta(minutes=1)
PASSING = [Patient(f"7{number:04}", f"Passing{number}", "Sam") for number in range(9)]
"""Nine patients who reach 5 once, and are well twenty minutes later."""
WORSE = Patient("79999", "Worse", "Sam")
"""5, twenty minutes later 6, twenty minutes later 7."""


def night() -> list[tuple[datetime, bytes]]:
    """What was sent, with its time."""
    said = []
    for number, patient in enumerate((*PASSING, WORSE)):
        begins = at("21:00") + 5 * number * MINUTE
        course = (FIVE, SIX, SEVEN) if patient is WORSE else (FIVE, WELL, WELL)
        said.append((begins, adt("A01", patient, at=begins, visit=f"V{patient.number}", unit="Ward 7", bed=str(number + 1))))
        for step, values in enumerate(course):
            said.append((begins + 20 * step * MINUTE, vitals(patient, values, at=begins + 20 * step * MINUTE)))
    return sorted(said, key=lambda each: each[0])


def test_a_night_of_alarms_replayed(ward: Served, screens: Any, people: People) -> None:
    ward.send(*(message for _, message in night()))
    manager = ward.add("manager", "Grace Moyo", "manager")
    page = screens("/policy", who=manager)

    # Today's policy on last night: nine pages for passing fives, and two for the patient who got worse.
    page.get_by_role("button", name="Replay the past", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The same number of pages, no event in this time")

    # What if a medium score paged from 6?
    page.locator('[data-path="rules.news2-medium.raise.at_least"] input').fill("6")
    expect(page.locator('[data-path="rules.news2-medium.raise.at_least"]')).to_contain_text("today 5")
    page.get_by_role("button", name="Replay the past", exact=True).click()

    # Nine of eleven are gone (82 %); the first page about the patient who got worse comes with the 6, twenty minutes later.
    expect(page.get_by_role("heading", level=1)).to_have_text("82 % fewer pages, no event in this time, one page 20 min later", timeout=20_000)

    # Nothing has been decided yet: today's policy is in force until two people have signed.
    assert ward.api("GET", "/api/v1/policy", token=ward.sign_in("manager"))["version"] == "default-1"
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("dialog")).to_be_visible()
