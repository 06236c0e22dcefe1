"""The system page: health in sentences, channels tried, accounts kept by administrators, the audit trail searched by auditors."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from delivery.receiver import Receiver
from support.axe import WCAG, in_both_schemes, violations
from support.messages import WELL
from support.screens import PHONE, People, Screens, accounts_in
from support.served import PASSWORD, Account, Served, agree
from wardline import __version__

pytestmark = pytest.mark.browser

CONTACTS = """contacts:
  ward-nurse:
    - {{name: phone, url: "{phone}", tries: 1, confirm_within_seconds: 30}}
    - {{name: mail, url: "{mail}", tries: 2}}
"""

_logins = count(1)


@pytest.fixture(scope="module")
def auditor(ward: Served, people: People) -> Account:
    return ward.add("system.auditor", "Ruth Amsel", "auditor")


@pytest.fixture
def colleague(ward: Served, people: People) -> Account:
    """A nurse of the test's own, so that nobody else is signed out."""
    number = next(_logins)
    return ward.add(f"colleague{os.getpid()}.{number}", f"Nils Sørensen {number}", "nurse")


@pytest.fixture
def other_screens(browser: Browser, ward: Served, people: People) -> Iterator[Screens]:
    """The screen of somebody else. What happens to their session is asked for, so their failing requests are not complaints."""
    with ExitStack() as stack:
        yield Screens(browser, ward, people, stack)


def screen(screens: Screens, path: str, who: Account, **how: Any) -> Page:
    """A signed-in screen of somebody who has taken the first look."""
    context = screens.context(**how)
    context.add_init_script(f"if (location.protocol === 'http:') localStorage.setItem('wardline.first-look.{who.id}', 'done')")
    page = context.new_page()
    page.goto(screens.ward.url + path)
    screens.sign_in(page, who)
    return page


def account(page: Page, who: Account) -> Any:
    """The opened drawer of an account."""
    page.locator(f"[data-account='{who.login}']").get_by_role("button").click()
    return page.get_by_role("dialog")


# --- health ---


def test_every_part_is_said_to_be_well_in_a_sentence(screens: Screens, ward: Served) -> None:
    page = screens("/system")
    for part, says in (
        ("Log", "Everything acknowledged is on disk"),
        ("Audit trail", "Who looks at what is written down before it is shown"),
        ("Disk", "free"),
        ("HL7 listener", "connected"),
        ("Downtime pages", "Written every few minutes"),
        ("Backup", "None has been taken yet"),
        ("Event loop", "at worst in the last minute"),
    ):
        expect(page.locator(f"[data-part='{part}']")).to_contain_text(says)
    expect(page.get_by_role("region", name="Figures")).to_contain_text(__version__)
    known = len(ward.api("GET", "/api/v1/capabilities")["capabilities"])
    expect(page.get_by_role("region", name="Capabilities")).to_contain_text(f"{known} of {known} run")


def test_downtime_pages_that_cannot_be_written_are_the_first_thing_said(browser: Browser, tmp_path: Any) -> None:
    file = tmp_path / "a file, not a folder"
    file.write_text("")
    ward = Served(tmp_path / "data", environment={**os.environ, "WARDLINE_DOWNTIME": str(file)})
    try:
        admin = ward.set_up()
        with ExitStack() as stack:
            screens = Screens(browser, ward, People(admin, admin, admin), stack)
            page = screens("/system", admin)
            expect(page.get_by_role("region", name="What is not well")).to_contain_text("The downtime pages cannot be written")
            expect(page.locator("[data-part]").first).to_contain_text("Downtime pages")
            expect(page.locator("[data-part]").first).to_contain_text("Failing")
    finally:
        ward.kill()


def test_how_to_watch_it_from_outside_is_said_and_nothing_is_a_link_that_would_be_refused(screens: Screens) -> None:
    page = screens("/system")
    monitoring = page.get_by_role("region", name="Monitoring from outside")
    expect(monitoring).to_contain_text("GET /metrics")
    expect(monitoring.get_by_role("link")).to_have_count(0)


# --- channels ---


@pytest.fixture(scope="module")
def phones() -> Iterator[Receiver]:
    with Receiver().running() as running:
        yield running


@pytest.fixture(scope="module")
def reachable(tmp_path_factory: pytest.TempPathFactory, phones: Receiver) -> Iterator[tuple[Served, People]]:
    """A house whose nurses have a phone that works and a mail gateway that does not."""
    data = tmp_path_factory.mktemp("reachable") / "data"
    agree(data / "config", contacts=CONTACTS.format(phone=phones.url("ok"), mail=phones.url("500")))
    with Served(data) as ward:
        yield ward, accounts_in(ward)


@pytest.fixture
def called(browser: Browser, reachable: tuple[Served, People]) -> Iterator[Screens]:
    with Screens.of(browser, *reachable) as screens:
        yield screens


def channels(page: Page) -> Locator:
    card = page.get_by_role("region", name="Channels")
    card.get_by_role("listitem").first.wait_for()
    return card


def test_a_test_says_in_a_sentence_what_became_of_it(called: Screens, phones: Receiver) -> None:
    card = channels(called("/system", called.people.admin))
    for name, becomes in (("phone", "; look whether it arrived."), ("mail", ": not taken.")):
        line = card.locator(f"[data-channel='ward-nurse/{name}']")
        expect(line.get_by_role("status")).to_have_text("– not tested since you came here")
        line.get_by_role("button", name="Send a test").click()
        expect(line.get_by_role("status")).to_contain_text(becomes)
    assert [path for path, _ in phones.taken] == ["ok", "500"]
    assert "Nothing needs to be done." in phones.taken[0][1]["message"]


def test_a_nurse_sees_whom_each_channel_tells_and_sends_no_test(called: Screens) -> None:
    card = channels(called("/system"))
    expect(card.locator("[data-channel='ward-nurse/phone']")).to_contain_text("Tells nurse. Tried once; not confirmed within 30 s counts as failed.")
    expect(card.locator("[data-channel='ward-nurse/mail']")).to_contain_text("Tells nurse. Tried up to 2 times.")
    expect(card.get_by_role("button")).to_have_count(0)


def test_roles_that_no_channel_reaches_are_named_with_the_place_to_change_it(called: Screens) -> None:
    card = channels(called("/system"))
    expect(card).to_contain_text("No channel reaches doctor, charge nurse or rapid response. Screens are all they have.")
    expect(card).to_contain_text("docs/operating/first-day.md")


def test_a_house_without_channels_says_so(screens: Screens) -> None:
    expect(screens("/system").get_by_role("region", name="Channels")).to_contain_text("The site lists no channel.")


@pytest.mark.parametrize(("size", "dark"), [((1600, 1000), True), (PHONE, False)], ids=["dark-desk", "light-phone"])
def test_axe_finds_nothing_where_channels_are_listed(called: Screens, size: tuple[int, int], dark: bool) -> None:
    page = called("/system", called.people.admin, dark=dark, size=size)
    channels(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


# --- accounts ---


def test_an_account_is_made_and_can_sign_in_at_once(screens: Screens, people: People) -> None:
    page = screens("/system?tab=accounts", people.admin)
    login = f"new{os.getpid()}"
    page.get_by_role("button", name="Add an account").click()
    page.get_by_label("Name", exact=True).fill("Grace Mwangi")
    page.get_by_label("Sign-in name").fill(login)
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Choose at least one role.")
    page.get_by_role("checkbox", name="Nurse").check()
    page.get_by_label("Units").fill("W7, ICU")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(f"Grace Mwangi can sign in as {login}.")).to_be_visible()
    line = page.locator(f"[data-account={login}]")
    expect(line).to_contain_text("Nurse")
    expect(line).to_contain_text("W7, ICU")
    signed_in = screens.context().new_page()
    signed_in.goto(screens.ward.url)
    screens.sign_in(signed_in, Account("", login, "Grace Mwangi"))
    expect(signed_in.get_by_role("navigation", name="Pages")).to_be_visible()


def test_what_the_server_refuses_about_a_new_account_is_said(screens: Screens, people: People, colleague: Account) -> None:
    page = screens("/system?tab=accounts", people.admin)
    page.get_by_role("button", name="Add an account").click()
    page.get_by_label("Name", exact=True).fill("Somebody Else")
    page.get_by_label("Sign-in name").fill(colleague.login)
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("checkbox", name="Doctor").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(colleague.login)


def test_another_role_is_given_and_ends_the_old_sign_in(screens: Screens, other_screens: Screens, people: People, colleague: Account) -> None:
    theirs = screen(other_screens, "/", colleague)
    page = screens("/system?tab=accounts", people.admin)
    drawer = account(page, colleague)
    expect(drawer.get_by_role("button", name="Save")).to_be_disabled()
    drawer.get_by_role("checkbox", name="Engineer").check()
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_text("now has these roles")).to_be_visible()
    expect(page.locator(f"[data-account='{colleague.login}']")).to_contain_text("Nurse, engineer")
    expect(theirs.get_by_label("Password", exact=True)).to_be_visible(timeout=20_000)


def test_somebody_is_signed_out_on_one_device(screens: Screens, other_screens: Screens, people: People, colleague: Account) -> None:
    theirs = screen(other_screens, "/", colleague)
    page = screens("/system?tab=accounts", people.admin)
    drawer = account(page, colleague)
    expect(drawer).to_contain_text("Chrome on Linux")
    drawer.get_by_role("button", name="Sign out", exact=True).click()
    expect(drawer).to_contain_text("– nowhere at the moment")
    expect(theirs.get_by_label("Password", exact=True)).to_be_visible(timeout=20_000)


def test_somebody_is_signed_out_everywhere(screens: Screens, ward: Served, people: People, colleague: Account) -> None:
    for _ in range(2):
        ward.sign_in(colleague.login)
    page = screens("/system?tab=accounts", people.admin)
    drawer = account(page, colleague)
    drawer.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text(f"{colleague.name} is signed out everywhere.")).to_be_visible()
    expect(drawer).to_contain_text("– nowhere at the moment")


def test_a_closed_account_stays_in_the_list_and_can_be_opened_again(screens: Screens, people: People, colleague: Account) -> None:
    page = screens("/system?tab=accounts", people.admin)
    drawer = account(page, colleague)
    drawer.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_text(f"{colleague.name} is signed out and cannot sign in any more.")).to_be_visible()
    expect(page.locator(f"[data-account='{colleague.login}']")).to_contain_text("Closed")
    drawer.get_by_role("button", name="Open again").click()
    expect(page.locator(f"[data-account='{colleague.login}']")).to_contain_text("Open")


def test_a_new_password_replaces_the_old_one(screens: Screens, ward: Served, people: People, colleague: Account) -> None:
    page = screens("/system?tab=accounts", people.admin)
    drawer = account(page, colleague)
    drawer.get_by_label("New password").fill("four other unlikely words")
    drawer.get_by_role("button", name="Set").click()
    expect(page.get_by_text("signs in with the new password from now on")).to_be_visible()
    signed_in = ward.api("POST", "/api/v1/auth/login", {"login": colleague.login, "password": "four other unlikely words"})
    assert signed_in["person"]["name"] == colleague.name


def test_nobody_takes_administration_from_themselves(screens: Screens, people: People) -> None:
    page = screens("/system?tab=accounts", people.admin)
    drawer = account(page, people.admin)
    expect(drawer).to_contain_text("You cannot close your own account; another administrator can.")
    drawer.get_by_role("checkbox", name="Administrator").uncheck()
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You cannot change what you yourself may do, or your name; ask another administrator.")).to_be_visible()


def test_a_nurse_is_told_who_keeps_accounts(screens: Screens, people: People) -> None:
    page = screens("/system?tab=accounts", people.nurse)
    expect(page.get_by_text("Accounts are kept by administrators.")).to_be_visible()
    expect(page.get_by_role("button", name="Add an account")).to_have_count(0)


# --- audit trail ---


def test_who_looked_at_a_patient_is_found_by_the_patients_number(
    screens: Screens, people: People, auditor: Account, admit: Callable[..., Any]
) -> None:
    okafor = admit("Okafor", "12", WELL)
    screens(f"/patients/{okafor.key}", people.doctor).locator("h1").wait_for()
    page = screen(screens, "/privacy?part=audit", auditor)
    page.get_by_label("Patient").fill(okafor.patient.number)
    page.get_by_role("button", name="Search", exact=True).click()
    found = page.get_by_role("region", name="Entries").locator("tbody tr")
    expect(page.get_by_text(f"about patient “{okafor.patient.number}”")).to_be_visible()
    expect(found.filter(has_text="Helen Vance").first).to_contain_text(okafor.patient.number)
    assert all(okafor.key in text for text in found.all_inner_texts())


def test_what_somebody_did_is_found_by_part_of_their_name(screens: Screens, people: People, auditor: Account) -> None:
    screens("/board", people.doctor)
    page = screen(screens, "/privacy?part=audit", auditor)
    page.get_by_label("Who").fill("vance")
    page.get_by_label("Who").press("Enter")
    expect(page.get_by_text("by “vance”")).to_be_visible()
    names = page.get_by_role("region", name="Entries").locator("tbody td:nth-child(2)").all_inner_texts()
    assert names
    assert set(names) == {"Helen Vance"}


def test_a_search_for_nobody_says_so(screens: Screens, auditor: Account) -> None:
    page = screen(screens, "/privacy?part=audit", auditor)
    page.get_by_label("Who").fill("nobody of this name")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Nothing is recorded by “nobody of this name”.")).to_be_visible()


def test_searching_the_audit_trail_is_itself_in_it(screens: Screens, auditor: Account) -> None:
    page = screen(screens, "/privacy?part=audit", auditor)
    page.get_by_label("Who").fill("Amsel")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("region", name="Entries").locator("tbody tr").first).to_contain_text("Audit trail opened")


def test_nothing_is_asked_of_the_audit_trail_while_somebody_types(screens: Screens, auditor: Account) -> None:
    page = screen(screens, "/privacy?part=audit", auditor)
    page.get_by_role("region", name="Entries").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Who").press_sequentially("Vance")
    page.wait_for_timeout(300)
    assert not any("/api/v1/audit" in url for url in asked)


def test_a_nurse_is_told_who_reads_the_audit_trail(screens: Screens, people: People) -> None:
    page = screens("/privacy?part=audit", people.nurse)
    expect(page.get_by_text("This page is for auditors, privacy officers and administrators.")).to_be_visible()
    expect(page.get_by_role("search", name="Search the audit trail")).to_have_count(0)


# --- everybody ---


@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("path", "ready"), [("/system", "[data-part]"), ("/system?tab=accounts", "[data-account]"), ("/privacy?part=audit", "tbody tr")]
)
def test_axe_finds_nothing_on_the_system_page(screens: Screens, people: People, path: str, ready: str, size: tuple[int, int]) -> None:
    page = screens(path, people.admin, size=size)
    page.locator(ready).first.wait_for()
    assert in_both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_axe_finds_nothing_where_accounts_are_kept(screens: Screens, people: People) -> None:
    page = screens("/system?tab=accounts", people.admin)
    account(page, people.nurse).get_by_role("checkbox").first.wait_for()
    assert in_both_schemes(page, WCAG) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add an account").click()
    page.get_by_label("First password").wait_for()
    assert in_both_schemes(page, WCAG) == []


def test_the_parts_of_the_page_are_reached_and_used_without_a_pointer(screens: Screens, people: People) -> None:
    page = screens("/", people.admin)
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.locator("[data-part]").first.wait_for()
    page.get_by_role("link", name="Accounts").focus()
    page.keyboard.press("Enter")
    page.locator(f"[data-account='{people.nurse.login}']").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(people.nurse.name)
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-account='{people.nurse.login}']").get_by_role("button")).to_be_focused()
