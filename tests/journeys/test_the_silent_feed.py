"""Journey 5. The laboratory's interface stays connected and sends nothing: every board says so, and nothing looks newer than it is."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from support.messages import WELL, Obx, Patient, adt, oru, vitals
from support.screens import People
from support.served import Served
from support.story import at, board

pytestmark = pytest.mark.browser

OSEI = Patient("40051", "Osei", "Kofi", "19580612", "M")
MINUTE = timedelta(minutes=1)


def test_the_silent_feed(ward: Served, screens: Any, people: People) -> None:
    ward.send(adt("A01", OSEI, at=at("21:00"), visit="V51", unit="Ward 7", bed="3"))
    nurse, doctor = board(screens), board(screens, who=people.doctor)
    feeds = nurse.get_by_label("Feeds")

    # For forty minutes the laboratory and the monitors each say something every minute.
    for minute in range(40):
        now = at("21:00") + minute * MINUTE
        ward.send(vitals(OSEI, WELL, at=now), oru(OSEI, Obx("2823-3", 4.2), at=now, order=f"L{minute}"))
    expect(feeds).to_contain_text("LAB HOSP")
    expect(feeds).not_to_contain_text("Silent")

    # Then the laboratory stays connected and says nothing; the monitors go on.
    with ward.connect():
        for minute in range(40, 70):
            ward.send(vitals(OSEI, WELL, at=at("21:00") + minute * MINUTE))
        for screen in (nurse, doctor):
            expect(screen.get_by_label("Feeds")).to_contain_text("LAB HOSP")
            expect(screen.get_by_label("Feeds")).to_contain_text("Silent")
        expect(feeds).to_contain_text("Nothing since 21:39")
        expect(feeds).to_contain_text("Results are shown as of 21:39.")

    # On the feeds' page, too; and the monitors, who talk, are not accused.
    nurse.goto(f"{ward.url}/feeds")
    expect(nurse.locator('[data-feed="LAB HOSP"]')).to_contain_text("nothing since 21:39")
    expect(nurse.locator("[data-feed]", has_text="Bedside monitors")).not_to_contain_text("nothing since")

    # The result itself says how old it is.
    nurse.goto(f"{ward.url}/patients/{ward.key('40051')}")
    expect(nurse.get_by_label("Timeline").last).to_contain_text("30 min")

    # The first word of the laboratory ends it.
    ward.send(oru(OSEI, Obx("2823-3", 4.3), at=at("22:15"), order="L99"))
    expect(doctor.get_by_label("Feeds")).not_to_contain_text("Silent")
