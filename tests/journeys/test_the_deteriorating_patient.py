"""Journey 1. Ward 7, bed 12: six vital signs in one message, NEWS2 goes from 2 to 7, and the history tells the story."""

from time import perf_counter
from typing import Any

import pytest
from playwright.sync_api import expect

from delivery.receiver import Receiver
from support.messages import WELL, Patient, adt, vitals
from support.screens import People
from support.served import Served, check_nothing_is_said, check_reading_is_audited
from support.story import SEVEN, TWO, at, board, row, rung, soon

pytestmark = pytest.mark.browser

OKAFOR = Patient("40012", "Okafor", "Chidi", "19510417", "M")
MOREAU = Patient("40011", "Moreau", "Louise", "19600923")


def test_the_deteriorating_patient(ward: Served, phones: Receiver, screens: Any, people: People) -> None:
    ward.send(adt("A01", MOREAU, at=at("22:00"), visit="V11", unit="Ward 7", bed="3"), vitals(MOREAU, WELL, at=at("22:00")))
    ward.send(adt("A01", OKAFOR, at=at("22:05"), visit="V12", unit="Ward 7", bed="12"), vitals(OKAFOR, TWO, at=at("22:05")))
    nurse, doctor = board(screens), board(screens, who=people.doctor)
    expect(row(nurse, "Okafor").locator("[data-why] b")).to_have_text("2")

    # Six vital signs arrive in one ORU. Within a second the row rises.
    ward.send(vitals(OKAFOR, SEVEN, at=at("23:10")))
    acknowledged = perf_counter()
    expect(row(nurse, "Okafor").locator("[data-why] b")).to_have_text("7", timeout=1_000)
    expect(nurse.locator("[data-row] > th").first).to_have_text("12")
    assert perf_counter() - acknowledged < 1

    # Her phone gets a page, without a word about whom.
    (page,) = soon(lambda: rung(phones, "nurse"))
    assert "High alert" in page["title"]
    assert not any(word in str(page) for word in ("Okafor", "Chidi", "40012", "NEWS2"))

    # The "why" shows every input, with its age.
    row(nurse, "Okafor").locator("[data-why]").click()
    why = nurse.get_by_role("dialog")
    expect(why).to_contain_text("OKAFOR, Chidi")
    for label, value in (("Respirations", "25 /min"), ("Systolic", "105"), ("Pulse", "95 /min"), ("Temperature", "38.5"), ("SpO₂", "94")):
        expect(why.locator("tbody tr", has_text=label).first).to_contain_text(value)
    expect(why.locator("tfoot")).to_contain_text("7")
    nurse.keyboard.press("Escape")

    # She acknowledges; the doctor's board shows who.
    row(nurse, "Okafor").focus()
    nurse.keyboard.press("a")
    expect(row(doctor, "Okafor")).to_contain_text("by Amelia Brandt")

    # Vital signs improve, twice: the alert resolves.
    for clock in ("23:40", "23:59"):
        ward.send(vitals(OKAFOR, WELL, at=at(clock)))
    expect(row(nurse, "Okafor").locator("[data-why] b")).to_have_text("0")
    expect(row(nurse, "Okafor")).to_contain_text("Routine")

    # And the history tells the story.
    key = ward.key("40012")
    nurse.goto(f"{ward.url}/patients/{key}?tab=alerts")
    alerts = nurse.get_by_label("Alerts").last
    expect(alerts).to_contain_text("No alert is open.")
    alerts.get_by_text("What happened").first.click()
    expect(alerts).to_contain_text("by Amelia Brandt")
    expect(alerts).to_contain_text("Resolved")
    check_reading_is_audited(ward, people.nurse.id, key)
    check_nothing_is_said(ward, [OKAFOR, MOREAU], ward.text("/metrics"), ward.text("/health"), ward.text("/api/v1/patients/nobody"))
