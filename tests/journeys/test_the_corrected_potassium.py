"""Journey 2. A potassium of 7.1 pages the doctor; four minutes later it is 4.1, and everyone who was told is told."""

from typing import Any

import pytest
from playwright.sync_api import expect

from delivery.receiver import Receiver
from support.messages import Obx, Patient, adt, oru
from support.screens import People
from support.served import Served
from support.story import at, rung, soon

pytestmark = pytest.mark.browser

MOREAU = Patient("40021", "Moreau", "Louise", "19600923")


def test_the_corrected_potassium(ward: Served, phones: Receiver, screens: Any, people: People) -> None:
    ward.send(adt("A01", MOREAU, at=at("22:00"), visit="V21", unit="Ward 7", bed="11"))
    ward.send(oru(MOREAU, Obx("2823-3", 7.1), at=at("22:30"), order="L1"))
    key = ward.key("40021")
    doctor = screens(f"/patients/{key}", who=people.doctor)
    alerts = doctor.get_by_label("Alerts").last
    expect(alerts).to_contain_text("Potassium 7.1 mmol/L")
    soon(lambda: rung(phones, "doctor") and rung(phones, "nurse"))

    # Four minutes later the laboratory sends C with 4.1.
    ward.send(oru(MOREAU, Obx("2823-3", 4.1, "C"), at=at("22:34"), observed=at("22:30"), order="L1"))

    # The page is withdrawn with the reason.
    expect(alerts).to_contain_text("No alert is open.")
    alerts.get_by_text("What happened").first.click()
    expect(alerts).to_contain_text("input corrected 7.1 -> 4.1")

    # Everyone who was told is told.
    for phone in ("doctor", "nurse"):
        raised, withdrawn = soon(lambda phone=phone: (shown := rung(phones, phone))[1:] and shown)
        assert (raised["title"], withdrawn["title"]) == ("High alert", "Alert withdrawn")

    # What was shown then, and what is true now.
    expect(doctor.locator("#page")).to_contain_text("4.1")
    doctor.goto(f"{ward.url}/patients/{key}?as_of=2026-03-02T22:31:00Z")
    expect(doctor.get_by_label("The past")).to_contain_text("This is the past")
    expect(doctor.get_by_label("Alerts").last).to_contain_text("Potassium 7.1 mmol/L")
