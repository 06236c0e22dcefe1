"""FT-37: an answer about one patient never stands under another's name, however late it comes and however fast people are."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from support.messages import ILL, WELL, adt

pytestmark = pytest.mark.browser


@pytest.fixture
def okafor(admit: Callable[..., Any]) -> Any:
    """NEWS2 14."""
    return admit("Okafor", "12", ILL)


@pytest.fixture
def moreau(admit: Callable[..., Any]) -> Any:
    """NEWS2 0."""
    return admit("Moreau", "11", WELL)


def banner_says(page: Page, family: str) -> None:
    expect(page.locator("[data-patient] h1")).to_have_text(f"{family}, Ada")


def go(page: Page, key: str) -> None:
    """To another patient as the palette does it: inside the page."""
    page.evaluate("(key) => { history.pushState({}, '', `/patients/${key}`); dispatchEvent(new PopStateEvent('popstate')) }", key)


def total(page: Page) -> str:
    return page.get_by_label("Why NEWS2").locator("tfoot").inner_text()


class Held:
    """Answers to this path are held on the wire until they are let go."""

    def __init__(self, page: Page, path: str) -> None:
        self._waiting: list[Route] = []
        page.route(f"**{path}", lambda route: self._waiting.append(route))

    def let_go(self, page: Page) -> None:
        for route in self._waiting:
            route.continue_()
        page.wait_for_timeout(300)

    def __len__(self) -> int:
        return len(self._waiting)


def test_an_answer_that_comes_after_the_patient_was_switched_is_not_shown(screens: Any, okafor: Any, moreau: Any) -> None:
    page = screens("/board")
    held = Held(page, f"/api/v1/patients/{okafor.key}/findings")
    go(page, okafor.key)
    banner_says(page, "Okafor")
    assert len(held) == 1
    go(page, moreau.key)
    banner_says(page, "Moreau")
    page.get_by_label("Why NEWS2").wait_for()
    held.let_go(page)
    banner_says(page, "Moreau")
    assert total(page).split()[-1] == "0"
    expect(page.locator("body")).not_to_contain_text("Okafor")


def test_an_answer_about_somebody_else_is_thrown_away(screens: Any, okafor: Any, moreau: Any) -> None:
    """What a mixed-up cache between us and the server would do."""
    page = screens("/board")
    page.route(f"**/api/v1/patients/{moreau.key}/findings", lambda route: route.continue_(url=route.request.url.replace(moreau.key, okafor.key)))
    go(page, moreau.key)
    banner_says(page, "Moreau")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Why NEWS2")).to_have_count(0)


def test_the_back_button_brings_back_the_patient_with_their_own_answers(screens: Any, okafor: Any, moreau: Any) -> None:
    page = screens(f"/patients/{okafor.key}")
    page.get_by_label("Why NEWS2").wait_for()
    go(page, moreau.key)
    banner_says(page, "Moreau")
    held = Held(page, f"/api/v1/patients/{moreau.key}/**")
    page.go_back()
    banner_says(page, "Okafor")
    held.let_go(page)
    assert total(page).split()[-1] == "14"
    expect(page.locator("[data-patient]")).not_to_contain_text("Moreau")


def test_two_windows_keep_their_own_patients(screens: Any, ward: Any, okafor: Any, moreau: Any) -> None:
    context = screens.context()
    first, second = context.new_page(), context.new_page()
    first.goto(f"{ward.url}/patients/{okafor.key}")
    screens.sign_in(first, screens.people.nurse)
    second.goto(f"{ward.url}/patients/{moreau.key}")
    banner_says(second, "Moreau")
    banner_says(first, "Okafor")
    first.get_by_role("button", name="Acknowledge").click()
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
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_label("Messages")).to_contain_text("Not acknowledged")
    expect(page.get_by_label("Messages")).to_contain_text("This alert belongs to another patient.")
    assert ward.api("GET", f"/api/v1/patients/{okafor.key}/alerts")["open"][0]["state"] == "raised", alert


