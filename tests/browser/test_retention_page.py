"""The page on retention and erasure: what binds is seen before anybody asks, two people decide, and what is done cannot be undone."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support.axe import WCAG, violations
from support.messages import WELL, Patient, adt, vitals
from support.screens import PHONE, People, accounts_in, need_a_browser
from support.served import Account, Served, agree

pytestmark = pytest.mark.browser

RULES = """owner: Privacy office
version: "1"
date: 2026-01-01
signed_by: Dr Ruth Amsel
jurisdiction: Germany
rules:
  patient: {keep_years: 0, basis: "a rule of these tests"}
"""
_numbers = count(1)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    need_a_browser()
    data = tmp_path_factory.mktemp("retention") / "data"
    agree(data / "config")
    (data / "config" / "retention.yaml").write_text(RULES, encoding="utf-8")
    with Served(data) as running:
        yield running


@pytest.fixture(scope="module")
def people(ward: Served) -> People:
    return accounts_in(ward)


@pytest.fixture(scope="module")
def paula(ward: Served, people: People) -> Account:
    return ward.add("paula", "Paula Privat", "privacy")


@pytest.fixture(scope="module")
def sven(ward: Served, people: People) -> Account:
    return ward.add("sven", "Sven Zweig", "privacy")


def discharged(ward: Served, family: str, *, is_in: bool = False) -> Patient:
    number, then = f"88{os.getpid()}{next(_numbers):03}", datetime.now(UTC) - timedelta(days=3)
    patient = Patient(number, family, "Ada")
    ward.send(adt("A01", patient, at=then, visit=f"V{number}"), vitals(patient, WELL, at=then))
    if not is_in:
        ward.send(adt("A03", patient, at=then, visit=f"V{number}"))
    return patient


def opened(screens: Any, who: Account, **how: Any) -> Page:
    page: Page = screens("/privacy?part=retention", who=who, **how)
    expect(page.get_by_role("heading", name="Backup", exact=True)).to_be_visible()
    return page


def looked_up(page: Page, patient: Patient) -> Locator:
    asks = page.get_by_label("A patient asks")
    asks.get_by_label("Patient number, whole").fill(patient.number)
    asks.get_by_role("button", name="Look up").click()
    expect(asks.get_by_role("heading", name=patient.family)).to_be_visible()
    return asks


def asked(page: Page, patient: Patient) -> None:
    asks = looked_up(page, patient)
    asks.get_by_placeholder("Choose a ground").click()
    page.get_by_role("option", name="(b)").click()
    asks.get_by_role("button", name="Ask").click()


def test_two_people_decide_and_the_name_is_gone(ward: Served, screens: Any, paula: Account, sven: Account) -> None:
    patient = discharged(ward, "Quokkavale")
    hers = opened(screens, paula)
    asked(hers, patient)
    waiting = hers.get_by_label("Waiting for a second person")
    expect(waiting).to_contain_text("Quokkavale, Ada")
    expect(waiting).to_contain_text("somebody else must agree")

    his = opened(screens, sven)
    his.get_by_role("button", name="Agree and erase").click()
    expect(his.get_by_role("dialog")).to_contain_text("cannot be undone")
    his.get_by_role("button", name="Erase for good").click()

    expect(his.get_by_label("Decided")).to_contain_text("Erased")
    expect(his.get_by_label("Backup")).to_contain_text("1 entry")
    hers.reload()
    expect(hers.get_by_label("Decided")).to_contain_text("Sven Zweig")
    expect(hers.locator("#page")).not_to_contain_text("Quokkavale")


def test_what_binds_is_seen_before_anybody_asks_and_the_refusal_is_kept(ward: Served, screens: Any, paula: Account) -> None:
    patient = discharged(ward, "Bound", is_in=True)
    page = opened(screens, paula)

    asks = looked_up(page, patient)
    expect(asks).to_contain_text("they are in the hospital now", ignore_case=True)
    expect(asks.get_by_role("button", name="Ask, and record the refusal")).to_be_disabled()
    asked(page, patient)

    expect(page.get_by_label("Decided")).to_contain_text("Refused")
    expect(page.get_by_label("Decided")).to_contain_text("GDPR Art. 17(3)(c)")


def test_a_hold_is_put_on_and_ended(ward: Served, screens: Any, paula: Account) -> None:
    patient = discharged(ward, "Heldson")
    page = opened(screens, paula)
    asks = looked_up(page, patient)
    asks.get_by_label("Or keep it: legal hold").fill("Case 12/26")
    asks.get_by_role("button", name="Put on hold").click()

    holds = page.get_by_label("Legal holds")
    expect(holds).to_contain_text("Heldson, Ada")
    holds.get_by_role("button", name="End").click()
    expect(holds).to_contain_text("No record is on hold.")


def test_a_number_nobody_has_is_said(screens: Any, paula: Account) -> None:
    page = opened(screens, paula)
    page.get_by_label("Patient number, whole").fill("0")
    page.get_by_label("Patient number, whole").press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("it must be given whole")


def test_the_copy_is_saved_as_a_file(ward: Served, screens: Any, paula: Account) -> None:
    patient = discharged(ward, "Copley")
    asks = looked_up(opened(screens, paula), patient)

    with asks.page.expect_download() as download:
        asks.get_by_role("button", name="Save the copy").click()

    assert download.value.suggested_filename == "record.zip"


def test_whoever_only_oversees_sees_and_decides_nothing(screens: Any, ward: Served, people: People) -> None:
    page = opened(screens, ward.add("ruth", "Ruth Amsel", "auditor"))

    expect(page.get_by_label("Rules of retention")).to_contain_text("a rule of these tests")
    expect(page.get_by_label("A patient asks")).to_have_count(0)
    expect(page.get_by_role("button", name="Agree and erase")).to_have_count(0)


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}], ids=["light", "dark", "phone"])
def test_it_is_accessible(ward: Served, screens: Any, paula: Account, how: dict[str, Any]) -> None:
    page = opened(screens, paula, **how)
    looked_up(page, discharged(ward, "Axel"))
    page.get_by_role("button", name="Look").last.click()

    assert violations(page, WCAG) == []
