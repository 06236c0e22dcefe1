"""The quality page: rates with how sure they are, who is behind a number and why, and what it says where nothing can be measured."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from support.axe import violations
from support.messages import Patient, adt
from support.screens import PHONE, People, Screens, accounts_in, need_a_browser
from support.served import Account, Served, agree
from wardline.app.bootstrap import open_wardline
from wardline.app.settings import Settings
from wardline.core.events import Kept
from wardline.core.statements import Statement

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
PATIENTS = [Patient(f"Q{number}", family, "Ada") for number, family in enumerate(("Okafor", "Brandt", "Lind", "Moreau"), 1)]
DOSES = (1100, 500, 700, 1025)
"""mGy.cm of a head scan each; from 1025 on it is too much (AlaraCommonFunctions 1.6)."""


def scan(id: str, dose: float) -> dict[str, Any]:
    parts = (("96912-1", 100, "[hnsf'U]"), ("96913-9", dose, "mGy.cm"))
    return {
        "resourceType": "Observation", "id": id, "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "96914-7"}]},
        "effectiveDateTime": NOW.isoformat(), "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": "LA31763-8"}]},
        "component": [{"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": value, "unit": unit}} for code, value, unit in parts],
    }  # fmt: skip


async def _keep(data: Path, keys: list[str]) -> None:
    """Keep one scan of each patient, as a FHIR client would have sent it, while nothing serves this folder."""
    wardline = open_wardline(Settings(data=data, http=0, mllp=0))
    wardline.engine.start()
    for at, key in enumerate(keys):
        resources = ({"resourceType": "Patient", "id": f"p{at}", "birthDate": "1950-01-01"}, scan(f"scan-{at}", DOSES[at]))
        stated = [Statement(Kept(each["resourceType"], each["id"], 1, json.dumps(each)), key, NOW) for each in resources]
        await wardline.engine.record(lambda folded, now, stated=stated: stated, actor="test")
    wardline.close()


class Measured(NamedTuple):
    ward: Served
    people: People
    manager: Account


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    """A ward with four patients in it, each of whom has had a head scan this year."""
    need_a_browser()
    data = tmp_path_factory.mktemp("quality") / "data"
    agree(data / "config")
    with Served(data) as first:
        people, manager = accounts_in(first), first.add("manager", "Karin Holm", "manager")
        first.send(*(adt("A01", each, at=NOW, visit=f"V{each.number}", unit="7A", bed=str(at)) for at, each in enumerate(PATIENTS, 1)))
        keys = [first.key(each.number) for each in PATIENTS]
    with ThreadPoolExecutor(1) as beside:  # where the browser has its loop, no other may run
        beside.submit(asyncio.run, _keep(data, keys)).result()
    with Served(data) as running:
        yield Measured(running, people, manager)


@pytest.fixture
def screens(browser: Browser, measured: Measured) -> Iterator[Screens]:
    with Screens.of(browser, measured.ward, measured.people) as made:
        yield made


def opened(screens: Screens, path: str = "/quality", who: Account | None = None, **how: Any) -> Page:
    page = screens(path, who or screens.people.doctor, **how)
    page.locator("[data-measure=ct_dose_outpatient]").wait_for(timeout=30_000)
    return page


def test_a_rate_says_how_sure_it_is_and_what_it_is_made_of(screens: Screens) -> None:
    page = opened(screens)

    card = page.locator("[data-measure=ct_dose_outpatient]")
    # Wilson 1927 for 2 of 4: 15 to 85 %.
    expect(card).to_contain_text("50 %")
    expect(card).to_contain_text("2 of 4")
    expect(card).to_contain_text("95 % interval 15 to 85 %")
    expect(card.get_by_role("img")).to_have_attribute("aria-label", f"By month: {NOW:%b} 50 %, 2 of 4")
    expect(page.locator("[data-measure=safe_use_of_opioids]")).to_contain_text("Not answered for 4 patients")


def test_behind_a_number_stands_who_it_is_and_why(screens: Screens) -> None:
    page = opened(screens)

    page.locator("[data-measure=ct_dose_outpatient]").get_by_role("link", name="2 Numerator").press("Enter")

    who = page.get_by_role("region", name="Numerator: who and why")
    expect(who).to_contain_text("Okafor")
    expect(who).to_contain_text("size-adjusted dose 1100, limit 1025 mGy.cm")
    expect(who).not_to_contain_text("Lind")
    expect(who.get_by_role("status")).to_contain_text("1 to 2 of 2 that you may open")
    assert "population=numerator" in page.url, "what is shown can be sent to a colleague"
    page.reload()
    expect(page.get_by_role("region", name="Numerator: who and why")).to_contain_text("Okafor")


def test_who_may_open_no_record_sees_the_rate_and_how_many_are_not_shown(screens: Screens, measured: Measured) -> None:
    page = opened(screens, "/quality?measure=ct_dose_outpatient&population=numerator", measured.manager)

    who = page.get_by_role("region", name="Numerator: who and why")
    expect(who.get_by_role("status")).to_contain_text("2 patients are counted but not shown")
    expect(page.locator("[data-measure=ct_dose_outpatient]")).to_contain_text("50 %")
    expect(who).not_to_contain_text("Okafor")


def test_a_year_without_scans_has_nobody_to_count(screens: Screens) -> None:
    page = opened(screens)

    page.get_by_label("Measurement period").select_option(str(NOW.year - 1))

    expect(page.locator("[data-measure=ct_dose_outpatient]")).to_contain_text("nobody counts", timeout=30_000)


def test_a_nurse_is_told_whose_page_it_is(screens: Screens) -> None:
    page = screens("/quality", screens.people.nurse)

    expect(page.get_by_text("read by managers, doctors and auditors")).to_be_visible()
    expect(page.get_by_role("link", name="Quality")).to_have_count(0)


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"size": PHONE}], ids=["light", "dark", "phone"])
def test_everybody_can_read_it(screens: Screens, how: dict[str, Any]) -> None:
    page = opened(screens, "/quality?measure=ct_dose_outpatient&population=numerator", **how)
    page.get_by_role("region", name="Numerator: who and why").get_by_text("Okafor").wait_for()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing lies beyond the edge"


def test_where_there_is_nothing_to_measure_it_says_how_it_gets_filled(browser: Browser, ward: Served, people: People) -> None:
    with Screens.of(browser, ward, people) as screens:
        page = screens("/quality", people.doctor)

        expect(page.get_by_text("Nothing to measure yet")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("value_sets")).to_be_visible()
