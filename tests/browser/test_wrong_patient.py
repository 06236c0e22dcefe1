"""FT-37: an answer about one patient never stands under another's name, however late it comes and however fast people are."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from support.messages import ILL, WELL, adt, vitals

pytestmark = pytest.mark.browser

PULSE = "8867-4"
OKAFOR_SCORE = "14"
"""RCP 2017, chart 1, for `ILL`."""


@pytest.fixture
def okafor(admit: Callable[..., Any]) -> Any:
    """NEWS2 14, pulse 135."""
    return admit("Okafor", "12", ILL)


@pytest.fixture
def moreau(admit: Callable[..., Any]) -> Any:
    """NEWS2 0, pulse 70."""
    return admit("Moreau", "11", WELL)


def banner_says(page: Page, family: str) -> None:
    expect(page.locator("[data-patient] h1")).to_have_text(f"{family}, Ada")


def go(page: Page, key: str) -> None:
    """To another patient as the palette does it: inside the page."""
    page.evaluate("(key) => { history.pushState({}, '', `/patients/${key}`); dispatchEvent(new PopStateEvent('popstate')) }", key)


def total(page: Page) -> Locator:
    """The headline score's sum."""
    return page.get_by_role("region", name="NEWS2").locator("tfoot tr > :last-child")


def pulse(page: Page) -> Locator:
    return page.locator("[data-row-of='Pulse']")


class Held:
    """Answers to this path are held on the wire until they are let go."""

    def __init__(self, page: Page, path: str) -> None:
        self._waiting: list[Route] = []
        page.route(f"**{path}", lambda route: self._waiting.append(route))

    def wait(self, page: Page) -> None:
        """Until the first of them is asked for, however slow the machine is."""
        for _ in range(100):
            if self._waiting:
                return
            page.wait_for_timeout(100)
        raise AssertionError("nobody asked")

    def let_go(self, page: Page) -> None:
        for route in self._waiting:
            route.continue_()
        page.wait_for_timeout(300)


@pytest.mark.parametrize("question", ["", "/timeline*", "/alerts"], ids=["who it is", "timeline", "alerts"])
def test_an_answer_that_comes_after_the_patient_was_switched_is_not_shown(question: str, screens: Any, okafor: Any, moreau: Any) -> None:
    page = screens("/board")
    held = Held(page, f"/api/v1/patients/{okafor.key}{question}")
    go(page, okafor.key)
    held.wait(page)
    go(page, moreau.key)
    banner_says(page, "Moreau")
    expect(total(page)).to_have_text("0")
    held.let_go(page)
    banner_says(page, "Moreau")
    expect(total(page)).to_have_text("0")
    expect(pulse(page)).to_contain_text(str(WELL[PULSE]))
    expect(page.get_by_role("region", name="Alerts")).to_contain_text("No alert is open.")
    expect(page.locator("body")).not_to_contain_text("Okafor")


@pytest.mark.parametrize("question", ["/timeline", "/alerts"])
def test_an_answer_about_somebody_else_is_thrown_away(question: str, screens: Any, okafor: Any, moreau: Any) -> None:
    """What a mixed-up cache between us and the server would do."""
    page = screens("/board")
    swapped = re.compile(f"/api/v1/patients/{moreau.key}{question}")
    page.route(swapped, lambda route: route.continue_(url=route.request.url.replace(moreau.key, okafor.key)))
    go(page, moreau.key)
    banner_says(page, "Moreau")
    expect(page.get_by_role("alert").filter(has_text="about another patient")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(f"NEWS2 {OKAFOR_SCORE}")
    expect(page.locator("body")).not_to_contain_text(str(ILL[PULSE]))


def test_a_whole_record_of_somebody_else_comes_under_its_own_name(screens: Any, ward: Any, okafor: Any, moreau: Any) -> None:
    """The address follows the answer, as it does for joined records: banner, address and answers agree."""
    page = screens("/board")
    swapped = re.compile(f"/api/v1/patients/{moreau.key}$")
    page.route(swapped, lambda route: route.continue_(url=route.request.url.replace(moreau.key, okafor.key)))
    go(page, moreau.key)
    banner_says(page, "Okafor")
    expect(page).to_have_url(f"{ward.url}/patients/{okafor.key}")
    expect(total(page)).to_have_text(OKAFOR_SCORE)


def test_the_back_button_brings_back_the_patient_with_their_own_answers(screens: Any, okafor: Any, moreau: Any) -> None:
    page = screens(f"/patients/{okafor.key}")
    expect(total(page)).to_have_text(OKAFOR_SCORE)
    held = Held(page, f"/api/v1/patients/{moreau.key}/**")
    go(page, moreau.key)
    banner_says(page, "Moreau")
    page.go_back()
    banner_says(page, "Okafor")
    held.let_go(page)
    expect(total(page)).to_have_text(OKAFOR_SCORE)
    expect(pulse(page)).to_contain_text(str(ILL[PULSE]))
    expect(page.locator("[data-patient]")).not_to_contain_text("Moreau")


def test_a_moment_of_one_patients_past_does_not_stay_for_the_next(screens: Any, okafor: Any, moreau: Any) -> None:
    page = screens(f"/patients/{okafor.key}?as_of=2026-01-01T00:00:00Z")
    expect(page.get_by_role("status", name="The past")).to_be_visible()
    go(page, moreau.key)
    banner_says(page, "Moreau")
    expect(page.get_by_role("status", name="The past")).to_have_count(0)
    expect(total(page)).to_have_text("0")


def test_a_stream_about_one_patient_asks_nothing_about_the_next(screens: Any, ward: Any, okafor: Any, moreau: Any) -> None:
    page = screens(f"/patients/{okafor.key}")
    expect(total(page)).to_have_text(OKAFOR_SCORE)
    go(page, moreau.key)
    expect(total(page)).to_have_text("0")
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ward.send(vitals(okafor.patient, WELL, at=datetime.now(UTC)))
    ward.send(vitals(moreau.patient, WELL | {PULSE: 71}, at=datetime.now(UTC)))
    expect(pulse(page)).to_contain_text("was 70")
    assert not any(okafor.key in url for url in asked)


def test_what_came_while_the_stream_was_away_is_there_when_it_comes_back(screens: Any, ward: Any, okafor: Any) -> None:
    page = screens("/board")
    cut = "**/api/v1/stream/patient/**"
    page.route(cut, lambda route: route.abort())
    go(page, okafor.key)
    expect(pulse(page)).to_contain_text(str(ILL[PULSE]))
    ward.send(vitals(okafor.patient, WELL, at=datetime.now(UTC)))
    page.wait_for_timeout(500)
    expect(pulse(page).locator("b")).to_have_text(str(ILL[PULSE]))
    page.unroute(cut)
    expect(pulse(page).locator("b")).to_have_text(str(WELL[PULSE]), timeout=20_000)  # tried again by itself, later each time
    expect(total(page)).to_have_text("0")


def test_two_windows_keep_their_own_patients(screens: Any, ward: Any, okafor: Any, moreau: Any) -> None:
    context = screens.context()
    first, second = context.new_page(), context.new_page()
    first.goto(f"{ward.url}/patients/{okafor.key}")
    screens.sign_in(first, screens.people.nurse)
    second.goto(f"{ward.url}/patients/{moreau.key}")
    banner_says(second, "Moreau")
    banner_says(first, "Okafor")
    first.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(first.get_by_label("Messages")).to_contain_text("Acknowledged: bed 12, Okafor")
    expect(second.get_by_label("Alerts")).to_contain_text("No alert is open.")


def test_an_act_stays_with_the_alert_it_was_meant_for_when_the_bed_changes_hands(
    screens: Any, ward: Any, admit: Callable[..., Any], okafor: Any, unit: str
) -> None:
    page = screens(f"/board?unit={unit}")
    page.locator("[data-row]", has_text="Okafor").focus()
    ward.send(adt("A03", okafor.patient, at=datetime.now(UTC), visit=f"V{okafor.patient.number}", unit=unit, bed="12"))
    haddad = admit("Haddad", "12", ILL)
    page.locator("[data-row]", has_text="Haddad").wait_for()
    page.keyboard.press("a")
    page.wait_for_timeout(500)
    alerts = ward.api("GET", f"/api/v1/patients/{haddad.key}/alerts")["open"]
    assert [alert["state"] for alert in alerts] == ["raised"]
    expect(page.locator("[data-row]", has_text="Okafor")).to_contain_text("no longer in this bed")


def test_a_stream_that_breaks_comes_back_with_the_present_state(screens: Any, ward: Any, okafor: Any, moreau: Any, unit: str) -> None:
    page = screens(f"/board?unit={unit}")
    page.locator("[data-row]", has_text="Okafor").wait_for()
    page.context.set_offline(True)
    page.route("**/api/v1/stream/**", lambda route: route.abort())
    page.evaluate("dispatchEvent(new Event('offline'))")
    ward.send(adt("A03", okafor.patient, at=datetime.now(UTC), visit=f"V{okafor.patient.number}", unit=unit, bed="12"))
    page.unroute("**/api/v1/stream/**")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-row]", has_text="Moreau")).to_be_visible()
    expect(page.locator("[data-row]", has_text="Okafor")).to_have_count(0)


def test_a_joined_record_leads_to_the_one_that_remains(screens: Any, ward: Any, okafor: Any, moreau: Any) -> None:
    page = screens("/board")
    ward.send(adt("A40", moreau.patient, at=datetime.now(UTC), retired=okafor.patient))
    go(page, okafor.key)
    banner_says(page, "Moreau")
    expect(page).to_have_url(f"{ward.url}/patients/{moreau.key}")


def test_the_server_itself_refuses_an_act_on_another_patients_alert(screens: Any, ward: Any, okafor: Any, moreau: Any) -> None:
    alert = ward.api("GET", f"/api/v1/patients/{okafor.key}/alerts")["open"][0]["alert"]
    page = screens("/board")
    path = f"/api/v1/nurse/queue/{moreau.key}/action"
    page.route("**/api/v1/nurse/queue/*/action", lambda route: route.continue_(url=f"{ward.url}{path}"))
    page.goto(f"{ward.url}/patients/{okafor.key}")
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(page.get_by_label("Messages")).to_contain_text("Not acknowledged")
    expect(page.get_by_label("Messages")).to_contain_text("This alert belongs to another patient.")
    assert ward.api("GET", f"/api/v1/patients/{okafor.key}/alerts")["open"][0]["state"] == "raised", alert
