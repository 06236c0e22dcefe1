"""Journey 3. A result of somebody else leaves patient A everywhere; who saw it is listed, and an incident opens."""

import json
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from support.messages import Obx, Patient, adt, oru
from support.screens import People
from support.served import Served
from support.story import at

pytestmark = pytest.mark.browser

IVANOV = Patient("40031", "Ivanov", "Pjotr", "19470208", "M")
WRONG = "7.3"


def events(ward: Served) -> list[dict[str, Any]]:
    """What is durably stored, as `wardline log` says."""
    words = [sys.executable, "-m", "wardline", "log", "--events", "--json", "--data", str(ward.data)]
    return [json.loads(line) for line in subprocess.run(words, capture_output=True, check=True, timeout=60).stdout.splitlines()]


def test_the_wrong_patient(ward: Served, screens: Any, people: People) -> None:
    ward.send(adt("A01", IVANOV, at=at("22:00"), visit="V31", unit="Ward 7", bed="3"))
    ward.send(oru(IVANOV, Obx("2823-3", float(WRONG)), at=at("22:10"), order="L1"))
    key = ward.key("40031")
    nurse = screens(f"/patients/{key}")
    expect(nurse.locator("#page")).to_contain_text(WRONG)

    # The laboratory says W: it was never this patient's.
    ward.send(oru(IVANOV, Obx("2823-3", float(WRONG), "W"), at=at("22:20"), observed=at("22:10"), order="L1"))

    # It leaves the chart and the plots, without a reload, and the answers and the alert with it.
    expect(nurse.get_by_label("Alerts").last).to_contain_text("No alert is open.")
    expect(nurse.locator("#page")).not_to_contain_text(WRONG)
    for path in (
        *(f"/patients/{key}{part}" for part in ("", "/timeline", "/findings", "/alerts")),
        "/boards/Ward%207",
        "/nurse/queue",
        "/notifications",
    ):
        assert WRONG not in json.dumps(ward.api("GET", f"/api/v1{path}", token=ward.sign_in("nurse"))), path

    # That somebody was alerted stays, and why it was taken back.
    (alert,) = ward.api("GET", f"/api/v1/patients/{key}/alerts")["history"]
    assert (alert["state"], alert["reason"]) == ("withdrawn", "input belongs to another patient")

    # Who saw it is listed, and an incident opens without saying what the value was.
    (incident,) = [event for event in events(ward) if event["kind"] == "Incident"]
    assert people.nurse.id in str(incident)
    assert WRONG not in str(incident)

    # It is on the list of those who look into it, with who had seen it.
    (listed,) = ward.api("GET", "/api/v1/incidents", token=ward.sign_in("doctor"))["items"]
    assert (listed["patient"], listed["what"], listed["seen_by"]) == (key, "result on the wrong patient", [people.nurse.name])
