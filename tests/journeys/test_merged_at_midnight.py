"""Journey 4. Two records of one person are joined at midnight, with an open alert, an allergy and a conflicting birth date; and part again.

The allergy of the one record then speaks against the drug of the other.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from support.messages import Patient, adt, msh, vitals
from support.screens import People
from support.served import Served
from support.story import SEVEN, at
from wardline.formats.hl7v2 import builder

pytestmark = pytest.mark.browser

HADDAD = Patient("40041", "Haddad", "Samir", "19700101", "M")
TWICE = Patient("40049", "Haddad", "Samir", "19710101", "M")
ALLERGY = b"AL1|1|DA|7980^Penicillin^RXNORM|SV|Anaphylaxis\r"


def amoxicillin() -> bytes:
    """A drug that only the first record has."""
    drug = ("ORC|NW|RX41", "RXE||J01CA04^Amoxicillin^WC|500||mg", "RXR|PO")
    return builder.message([msh("RDE^O11^RDE_O11", at("23:55"), "RX41", "PHARM"), HADDAD.pid(), *drug])


def with_allergy(message: bytes) -> bytes:
    head, visit = message.split(b"PV1|", 1)
    return head + b"PV1|" + visit + ALLERGY


def test_merged_at_midnight(ward: Served, screens: Any, people: People) -> None:
    ward.send(adt("A01", HADDAD, at=at("23:40"), visit="V41", unit="Ward 7", bed="3"), vitals(HADDAD, SEVEN, at=at("23:45")))
    ward.send(amoxicillin())
    ward.send(with_allergy(adt("A04", TWICE, at=at("23:50"), visit="V49", unit="ED", bed="1")))
    key = ward.key("40041")
    nurse = screens(f"/patients/{key}")
    banner, alerts = nurse.locator("[data-patient]"), nurse.get_by_label("Alerts").last
    expect(banner).to_contain_text("– none recorded")
    expect(alerts).to_contain_text("1 open")

    # At midnight they are joined: one alert remains, the allergy is there, and a person must settle the birth date.
    ward.send(adt("A40", HADDAD, at=at("00:00"), retired=TWICE))
    expect(banner).to_contain_text("Penicillin")
    expect(banner).to_contain_text("Two sources disagree about the birth date: 1970-01-01 or 1971-01-01.")
    # ... and the allergy of the one now speaks against the drug of the other.
    expect(alerts).to_contain_text("2 open")
    expect(alerts).to_contain_text("Amoxicillin: an allergy to its class is stated (penicillin)")
    assert ward.api("POST", "/api/v1/patients/search", {"q": "40049"})["patients"] == []

    # A37 takes it back: to each what is its own.
    ward.send(adt("A37", HADDAD, at=at("00:10"), other=TWICE))
    expect(banner).to_contain_text("– none recorded")
    expect(banner).not_to_contain_text("Two sources disagree")
    expect(alerts).to_contain_text("1 open")
    nurse.goto(f"{ward.url}/patients/{ward.key('40049')}")
    expect(nurse.locator("[data-patient]")).to_contain_text("Penicillin")
