"""Journey 16, the curious colleague: refused; a reason opens one record for two hours; privacy officers hear of it and judge it in the morning."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from delivery.receiver import Receiver
from support.messages import ILL, Patient, adt, vitals
from support.screens import People, Screens, accounts_in, need_a_browser
from support.served import PASSWORD, Account, Served, agree

pytestmark = pytest.mark.browser

UNITS = 'W7: {label: "Ward 7", beds: [12]}\nW8: {label: "Ward 8", beds: [1]}\n'
CONTACTS = 'contacts:\n  privacy: [{{name: app, url: "{privacy}"}}]\n'
OKAFOR = Patient("160001", "Okafor", "Daniel", "19481109", "M")
OTHER = Patient("160002", "Moreau", "Claire", "19610204", "F")


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory, phones: Receiver) -> Iterator[Served]:
    need_a_browser()
    data = tmp_path_factory.mktemp("colleague") / "data"
    agree(data / "config", units=UNITS, contacts=CONTACTS.format(privacy=phones.url("privacy")))
    running = Served(data)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(ward: Served) -> People:
    return accounts_in(ward)


@pytest.fixture(scope="module")
def colleague(ward: Served, people: People) -> Account:
    """A nurse of ward 8."""
    return _added(ward, "colleague", "Nils Berg", "nurse", "W8")


def _added(ward: Served, login: str, name: str, role: str, *units: str) -> Account:
    content = {"login": login, "name": name, "password": PASSWORD, "roles": [role], "units": list(units)}
    return Account(ward.api("POST", "/api/v1/users", content)["id"], login, name)


def _admitted(ward: Served) -> tuple[str, str]:
    now = datetime.now(UTC).replace(microsecond=0)
    for patient, bed in ((OKAFOR, "12"), (OTHER, "3")):
        ward.send(adt("A01", patient, at=now, visit=f"V{patient.number}", unit="W7", bed=bed), vitals(patient, ILL, at=now))
    return ward.key(OKAFOR.number), ward.key(OTHER.number)


def _found_by_number(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox").fill(OKAFOR.number)
    hit = page.get_by_role("option").first
    expect(hit).to_contain_text("outside your units: open with a reason")
    expect(hit).not_to_contain_text("Okafor")
    page.keyboard.press("Enter")


def test_a_record_is_opened_with_a_reason_and_reviewed_in_the_morning(ward: Served, screens: Screens, colleague: Account, phones: Receiver) -> None:
    okafor, other = _admitted(ward)
    privacy = _added(ward, "privacy", "Ines Duarte", "privacy")

    # Refused: her own ward's board is all she sees, and the number finds a patient of whom nothing is said.
    page = screens("/board", who=colleague)
    expect(page.locator("#page")).not_to_contain_text("Okafor")
    _found_by_number(page)
    expect(page.get_by_role("heading", name="This record is not open to you")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Okafor")

    # Two presses and a reason.
    page.get_by_label("In your words").fill("Ward 7 asked me to look at his breathing")
    page.get_by_label("I was called to this patient").check()
    page.get_by_role("button", name="Open for 2 h").click()
    banner = page.get_by_label("Emergency access")
    expect(banner).to_contain_text(re.compile(r"Open in an emergency\. Every look is recorded\. Closes at \d\d:\d\d, in (2 h|1 h 59 min)"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Okafor")
    page.goto(f"{ward.url}/patients/{okafor}/alert")
    expect(page.get_by_label("Emergency access")).to_be_visible()

    # One patient: the next is as closed as before. Her board does not grow either.
    page.goto(f"{ward.url}/patients/{other}")
    expect(page.get_by_role("heading", name="This record is not open to you")).to_be_visible()

    # Privacy officers are told at once, of an emergency and of nobody's name.
    told = _told(phones)
    assert "opened in an emergency" in told
    assert "Okafor" not in told

    # It is closed at one press, and nothing of it is left standing.
    page.goto(f"{ward.url}/patients/{okafor}")
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_role("heading", name="This record is not open to you")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Okafor")

    # In the morning.
    morning = screens("/privacy?part=emergency", who=privacy)
    item = morning.get_by_label("Emergency access").get_by_role("listitem").first
    expect(item).to_contain_text("Nils Berg")
    expect(item).to_contain_text("I was called to this patient")
    expect(item).to_contain_text("Ward 7 asked me to look at his breathing")
    expect(item).to_contain_text(f"Patient {OKAFOR.number}")
    expect(morning.get_by_label("Pages")).to_contain_text(re.compile(r"Privacy\s*1"))
    item.get_by_text(re.compile(r"\d+ looks")).click()
    expect(item).to_contain_text("Patient opened")
    item.get_by_role("button", name="Review").click()
    dialog = morning.get_by_role("dialog")
    dialog.get_by_label("It was justified").check()
    dialog.get_by_label("Note").fill("Ward 7 confirms it.")
    dialog.get_by_role("button", name="Keep it").click()
    expect(item).to_contain_text("Justified")
    expect(item.get_by_role("button", name="Review")).to_have_count(0)

    # Every look is in the trail as an emergency's; the search that found nothing to see is not one.
    assert _purposes(ward, colleague.id, okafor) == {"BTG"}


def _told(phones: Receiver) -> str:
    until = monotonic() + 5
    while monotonic() < until and not phones.count("privacy"):
        sleep(0.02)
    return str([body for path, body in phones.taken if path == "privacy"])


def _purposes(ward: Served, who: str, about: str) -> set[Any]:
    content = {"login": "auditor", "name": "Ruth Amsel", "password": PASSWORD, "roles": ["auditor"]}
    ward.api("POST", "/api/v1/users", content)
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    asked = urlencode({"who": who, "about": about, "outcome": "success", "since": since})
    entries = ward.api("GET", f"/api/v1/audit?{asked}", token=ward.sign_in("auditor"))
    return {entry["purpose"] for entry in entries["entries"] if entry["action"] != "patients searched"}
