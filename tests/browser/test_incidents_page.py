"""Incidents on the system page: who looks into them sees what happened, who had seen it, and says what came of it (journey 3)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from support.axe import violations
from support.messages import Obx, oru
from support.screens import PHONE, People, Screens
from support.served import Account, Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def auditor(ward: Served, people: People) -> Account:
    return ward.add("incidents.auditor", "Ruth Amsel", "auditor")


def the_wrong_patient(ward: Served, admit: Callable[..., Any], family: str) -> None:
    """A potassium is charted, the nurse looks, and the laboratory says that it was somebody else's."""
    admitted, at = admit(family, "1"), datetime.now(UTC).replace(microsecond=0)
    ward.send(oru(admitted.patient, Obx("2823-3", 7.1), at=at, order="L1"))
    ward.api("GET", f"/api/v1/patients/{admitted.key}/timeline", token=ward.sign_in("nurse"))
    ward.send(oru(admitted.patient, Obx("2823-3", 7.1, "W"), at=at, observed=at, order="L1"))


def test_an_incident_is_seen_and_concluded_with_words(ward: Served, screens: Screens, admit: Any, auditor: Account) -> None:
    the_wrong_patient(ward, admit, "Lindqvist")
    page = screens("/system?tab=incidents", who=auditor)
    line = page.get_by_label("Incidents").get_by_role("listitem").filter(has_text="Lindqvist, Ada")
    expect(line).to_contain_text("Result on the wrong patient")
    expect(line).to_contain_text("Seen by Amelia Brandt")

    line.get_by_role("button", name="Conclude").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Conclude").click()
    expect(dialog).to_contain_text("Say in a few words what came of it.")
    dialog.get_by_label("What came of it").fill("Both teams were told.")
    dialog.get_by_role("button", name="Conclude").click()

    expect(line).to_have_count(0)


def test_a_nurse_is_told_who_looks_into_incidents(screens: Screens) -> None:
    page = screens("/system?tab=incidents")

    expect(page.locator("#page")).to_contain_text("Incidents are looked into by managers, doctors and auditors.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_the_incidents(ward: Served, screens: Screens, admit: Any, auditor: Account, dark: bool) -> None:
    the_wrong_patient(ward, admit, "Axelsson")
    page = screens("/system?tab=incidents", who=auditor, dark=dark, **({"size": PHONE} if dark else {}))
    page.get_by_label("Incidents").get_by_text("Axelsson, Ada").first.wait_for()

    assert violations(page) == []
