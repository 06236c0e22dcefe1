"""A patient's privacy on screen: consents in plain language, what is sensitive, who looked; for the ward, the privacy office and the patient."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.restricted import consent, deny, diagnosis
from support.axe import WCAG, in_both_schemes
from support.messages import Obx, oru
from support.screens import PHONE, Admitted, People, Screens
from support.served import PASSWORD, Account, Served

pytestmark = pytest.mark.browser
SENTENCE = "Nobody may see notes and documents about mental health."


@pytest.fixture(scope="module")
def officer(ward: Served, people: People) -> Account:
    return ward.add("consents.privacy", "Ines Roth", "privacy")


@pytest.fixture
def guarded(ward: Served, admit: Callable[..., Any]) -> Admitted:
    """Somebody with a sensitive diagnosis, an unmapped note and a consent."""
    admitted: Admitted = admit("Nygaard", "3")
    at = datetime.now(UTC).replace(microsecond=0)
    ward.send(
        diagnosis(admitted.patient, at=at, code="F32.1", text="Moderate depressive episode"),
        oru(admitted.patient, Obx("NOTE^Progress note^L", "Psychiatry: sleeps better", kind="TX"), at=at),
    )
    notes = deny("PSY", actor=[], **{"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "DocumentReference"}]})
    del notes["actor"]
    given = consent(admitted.key, notes, performer=[{"display": "Ada Nygaard"}], sourceAttachment={"title": "Only the people upstairs"})
    ward.api("POST", "/api/v1/consents", given, token=ward.sign_in("nurse"))
    return admitted


def _own(ward: Served, of: Admitted) -> Account:
    login = f"own.{of.patient.number}"
    made = ward.api("POST", "/api/v1/users", {"login": login, "name": "Ada Nygaard", "password": PASSWORD, "roles": ["patient"], "patient": of.key})
    return Account(made["id"], login, "Ada Nygaard")


def _opened(screens: Screens, of: Admitted, **how: Any) -> Page:
    page = screens(f"/patients/{of.key}?tab=privacy", **how)
    page.get_by_text(SENTENCE).wait_for()
    return page


def test_the_ward_reads_what_the_patient_has_said_and_what_is_sensitive(screens: Screens, guarded: Admitted) -> None:
    page = _opened(screens, guarded)

    consents = page.get_by_role("region", name="Consents")
    expect(consents).to_contain_text("“Only the people upstairs”")
    expect(consents).to_contain_text("Given by Ada Nygaard · recorded by Amelia Brandt")
    expect(consents).to_contain_text("opens in an emergency, with a reason that is reviewed")
    expect(page.get_by_role("row", name="Moderate depressive episode")).to_contain_text("By the house's list")


def test_a_consent_is_recorded_from_choices_and_read_back_as_a_sentence(screens: Screens, guarded: Admitted) -> None:
    page = _opened(screens, guarded)
    page.get_by_role("button", name="Record a consent").click()
    dialog = page.get_by_role("dialog")

    dialog.get_by_role("button", name="Record").click()
    expect(dialog).to_contain_text("Choose what.")
    dialog.get_by_label("What", exact=True).click()
    page.get_by_role("option", name="HIV").click()
    dialog.get_by_label("Diagnoses").check()
    dialog.get_by_label("One person who works here").check()
    dialog.get_by_role("button", name="Record").click()
    expect(dialog).to_contain_text("Say who.")
    dialog.get_by_label("Sign-in name").fill("doctor")
    dialog.get_by_label("Not even in an emergency").check()
    expect(dialog.get_by_role("status")).to_contain_text("The person who signs in as doctor may not see diagnoses about HIV.")
    dialog.get_by_role("button", name="Record").click()

    expect(page.get_by_text("Helen Vance may not see diagnoses about HIV.").first).to_be_visible()
    expect(page.get_by_role("region", name="Consents")).to_contain_text("holds even in an emergency")


def test_a_consent_is_withdrawn_and_stays_known(screens: Screens, guarded: Admitted) -> None:
    page = _opened(screens, guarded)

    page.get_by_role("button", name="Withdraw").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("She has changed her mind")
    dialog.get_by_role("button", name="Withdraw").click()

    expect(page.get_by_role("region", name="Consents")).to_contain_text("Withdrawn: She has changed her mind")
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(0)


def test_a_label_is_changed_with_a_reason(screens: Screens, guarded: Admitted) -> None:
    page = _opened(screens, guarded)

    page.get_by_role("row", name="Moderate depressive episode").get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("As the patient asked").check()
    dialog.get_by_role("button", name="Record").click()
    expect(dialog).to_contain_text("Say in a few words why.")
    dialog.get_by_label("Why").fill("She asked")
    dialog.get_by_role("button", name="Record").click()

    expect(page.get_by_role("row", name="Moderate depressive episode")).to_contain_text("She asked (Amelia Brandt")


def test_any_fact_of_the_chart_can_be_labelled(screens: Screens, guarded: Admitted) -> None:
    page = _opened(screens, guarded)

    page.get_by_role("button", name="Label a fact").click()
    page.get_by_role("dialog").get_by_label("Which").fill("Pulse")
    page.get_by_role("option", name="Pulse").click()
    dialog = page.get_by_role("dialog", name="How sensitive: Pulse")
    dialog.get_by_label("As the patient asked").check()
    dialog.get_by_label("Why").fill("She asked")
    dialog.get_by_role("button", name="Record").click()

    expect(page.get_by_role("row", name="Pulse").filter(has_text="She asked")).to_be_visible()


def test_a_patient_sees_who_looked_and_nothing_else(screens: Screens, ward: Served, guarded: Admitted) -> None:
    ward.api("GET", f"/api/v1/patients/{guarded.key}/timeline", token=ward.sign_in("doctor"))
    page = screens("/", who=_own(ward, guarded))

    line = page.get_by_role("region", name="Who looked at my record").get_by_role("listitem").filter(has_text="Helen Vance")
    expect(line).to_contain_text("Results, drugs and notes over time", ignore_case=True)
    expect(line).to_contain_text("Treatment")
    assert page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts() == ["My record"]


def test_a_privacy_officer_finds_a_patient_by_number(screens: Screens, guarded: Admitted, officer: Account) -> None:
    page = screens("/privacy?part=record", who=officer)

    page.get_by_label("Patient number, whole").fill(guarded.patient.number)
    page.get_by_role("button", name="Look up").click()

    expect(page.get_by_text(SENTENCE)).to_be_visible()
    expect(page.get_by_role("region", name="Who looked").get_by_role("listitem").first).to_be_visible()


@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_the_privacy_pages(screens: Screens, ward: Served, guarded: Admitted, size: tuple[int, int]) -> None:
    page = _opened(screens, guarded, size=size)
    assert in_both_schemes(page) == []
    page.get_by_role("button", name="Record a consent").click()
    page.get_by_role("dialog").wait_for()
    assert in_both_schemes(page, WCAG) == []

    own = screens("/mine", who=_own(ward, guarded), size=size)
    own.get_by_role("region", name="Who looked at my record").wait_for()
    assert in_both_schemes(own) == []
    assert own.evaluate("document.documentElement.scrollWidth") <= size[0]
