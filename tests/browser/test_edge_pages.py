"""The edge as a browser sees it: other sites let in and taken back, connections, policies without a complaint, frames, WebSockets."""

import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.axe import WCAG, violations
from support.messages import WELL, Patient, adt
from support.screens import PHONE, People, Screens, accounts_in, need_a_browser
from support.served import Served, agree

pytestmark = pytest.mark.browser

LAYOUTS = [({}, "wide"), ({"dark": True}, "wide-dark"), ({"size": PHONE}, "phone"), ({"size": PHONE, "dark": True}, "phone-dark")]
TICKET = """async ([url, token, path]) => {
  const asked = await fetch("/api/v1/auth/tickets", {method: "POST", body: JSON.stringify({path}),
    headers: {"Authorization": "Bearer " + token, "Content-Type": "application/json"}});
  const {ticket} = await asked.json();
  return await new Promise((resolve) => {
    const socket = new WebSocket(url + path, ["wardline.v1", "ticket." + ticket]);
    socket.onmessage = (message) => { resolve(JSON.parse(message.data)); socket.close(); };
    socket.onerror = () => resolve({event: "refused"});
  });
}"""


_people: dict[Served, People] = {}


def photographed(page: Page, name: str) -> None:
    """Kept only where somebody wants to look at them."""
    if folder := os.environ.get("WARDLINE_PHOTOGRAPHS"):
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def origins(screens: Any, people: Any, **how: Any) -> Page:
    page: Page = screens("/privacy?part=origins", people.admin, **how)
    page.get_by_role("heading", name="Other sites").wait_for()
    return page


def test_an_administrator_lets_a_site_ask_and_takes_it_back(screens: Any, people: Any) -> None:
    page = origins(screens, people)
    expect(page.get_by_text("Only our own pages ask here.")).to_be_visible()
    photographed(page, "origins-empty")

    page.get_by_role("button", name="Let a site ask").click()
    page.get_by_role("textbox", name="Site").fill("https://tablets.example")
    page.get_by_label("Paths it may ask", exact=False).fill("/api/v1/auth")
    page.get_by_label("What for").fill("Trial of the pharmacy's screen")
    page.get_by_role("button", name="Let it ask").click()
    expect(page.get_by_role("alert")).to_contain_text("Signing in is not open to other sites")
    photographed(page, "origins-refused")
    page.get_by_label("Paths it may ask", exact=False).fill("/api/v1/boards\n/api/v1/hospital")
    page.get_by_role("button", name="Let it ask").click()

    line = page.locator('[data-origin="https://tablets.example"]')
    expect(line).to_contain_text("/api/v1/boards")
    expect(line).to_contain_text("Trial of the pharmacy's screen, let in by Ada Okonkwo")
    photographed(page, "origins-one")
    line.get_by_role("button", name="Withdraw").click()
    expect(line).to_have_count(0)


@pytest.mark.parametrize(("how", "name"), LAYOUTS, ids=[name for _, name in LAYOUTS])
def test_the_page_of_other_sites_is_plain_to_everybody(screens: Any, people: Any, how: dict[str, Any], name: str) -> None:
    page = origins(screens, people, **how)
    page.get_by_role("button", name="Let a site ask").click()
    page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(400)  # the dialog has arrived
    photographed(page, f"origins-dialog-{name}")
    assert violations(page, WCAG) == []


@pytest.mark.parametrize(("how", "name"), LAYOUTS, ids=[name for _, name in LAYOUTS])
def test_connections_stand_on_the_health_page_of_those_who_run_the_house(screens: Any, people: Any, how: dict[str, Any], name: str) -> None:
    page: Page = screens("/system", people.admin, **how)
    panel = page.get_by_label("Connections", exact=True)
    expect(panel).to_contain_text("Browsers and programs")
    expect(panel).to_contain_text("Nothing leaves the house.")
    photographed(page, f"connections-{name}")
    assert violations(page, WCAG) == []


OUTBOUND = """destinations:
  - {{name: ehr, address: "127.0.0.1:{port}", movements: true, timeout_seconds: 1}}
"""


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house whose receiver is not there: its port has just been let go."""
    need_a_browser()
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    data = tmp_path_factory.mktemp("cut_off") / "data"
    agree(data / "config", outbound=OUTBOUND.format(port=port))
    with Served(data) as served:
        yield served


@pytest.mark.parametrize(("how", "name"), LAYOUTS, ids=[name for _, name in LAYOUTS])
def test_a_way_out_that_is_down_stands_first_and_says_when_it_is_tried_again(browser: Any, cut_off: Served, how: dict[str, Any], name: str) -> None:
    if cut_off not in _people:
        _people[cut_off] = accounts_in(cut_off)
    people = _people[cut_off]
    cut_off.send(adt("A01", Patient("8001", "Okafor", "Ada"), at=datetime.now(UTC), visit=f"V{name}", control=f"C{name}"))
    with Screens.of(browser, cut_off, people) as screens:
        page = screens("/system", people.admin, **how)
        line = page.locator('[data-pool="ehr"]')
        expect(line).to_contain_text("in a row", timeout=15_000)
        expect(line).to_have_attribute("data-breaker", re.compile("open"), timeout=15_000)
        page.get_by_label("Connections", exact=True).scroll_into_view_if_needed()
        photographed(page, f"pools-{name}")
        assert violations(page, WCAG) == []


def test_the_ward_does_not_see_connections(screens: Any, people: Any) -> None:
    page: Page = screens("/system", people.nurse)
    page.get_by_role("heading", name="Figures").wait_for()

    expect(page.get_by_label("Connections", exact=True)).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/compliance", "/docs/testing", "/board", "/system", "/privacy", "/queue"])
def test_no_page_breaks_its_own_policy(screens: Any, path: str) -> None:
    """What the policy blocks is a complaint of these screens, and so is a request to anybody else (ASVS 3.4.3)."""
    page = screens.context().new_page()
    page.goto(screens.ward.url + path)
    page.wait_for_load_state("networkidle")
    if path == "/docs":
        expect(page.locator(".swagger-ui .opblock").first).to_be_visible()


@pytest.mark.parametrize("how", [{}, {"dark": True, "size": PHONE}], ids=["light, wide", "dark, phone"])
@pytest.mark.parametrize("path", ["/docs/compliance", "/docs/testing"])
def test_the_open_pages_can_be_read_by_anybody(screens: Any, path: str, how: dict[str, Any]) -> None:
    page = screens.context(**how).new_page()
    page.goto(screens.ward.url + path)

    expect(page.get_by_role("navigation").locator("[aria-current]")).to_have_attribute("href", path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page, WCAG) == []


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another site, and the folder of its pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", tmp_path
    server.shutdown()
    server.server_close()


def test_clickjacking_another_site_cannot_show_us_in_a_frame(screens: Any, elsewhere: tuple[str, Path]) -> None:
    url, folder = elsewhere
    (folder / "index.html").write_text(f'<!doctype html><title>x</title><iframe src="{screens.ward.url}/"></iframe>', encoding="utf-8")
    page = screens.browser.new_page()
    try:
        page.goto(url)
        page.wait_for_timeout(500)
        assert page.frames[1].locator("#root").count() == 0
    finally:
        page.close()


def test_csrf_another_site_can_neither_act_nor_read_nor_open_a_socket(screens: Any, people: Any, elsewhere: tuple[str, Path]) -> None:
    url, folder = elsewhere
    (folder / "index.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
    page = screens.browser.new_page()
    try:
        page.goto(url)
        for method, path in (("GET", "/api/v1/hospital"), ("POST", "/api/v1/auth/refresh"), ("POST", "/api/v1/auth/login")):
            asked = f'fetch("{screens.ward.url}{path}", {{method: "{method}", credentials: "include"}}).then(() => "read", () => "refused")'
            assert page.evaluate(asked) == "refused"
        opened = f'new Promise((done) => {{ const s = new WebSocket("{screens.ward.url.replace("http", "ws")}/ws/patients/x", ["wardline.v1"]);'
        assert page.evaluate(opened + ' s.onopen = () => done("open"); s.onerror = () => done("refused"); })') == "refused"
    finally:
        page.close()


def test_a_page_of_ours_opens_a_websocket_with_a_ticket(screens: Any, people: Any, ward: Any, admit: Any) -> None:
    """ASVS 4.4: a real browser, a real handshake, the page's own policy."""
    patient = admit("Okafor", "12", WELL)
    page: Page = screens("/board", people.nurse)
    token = ward.sign_in("nurse")

    heard = page.evaluate(TICKET, [ward.url.replace("http", "ws"), token, f"/ws/patients/{patient.key}"])

    assert heard["event"] == "present"
    assert heard["data"]["patient"] == patient.key
