"""Keys, certificates and compliance on the Privacy page: what an administrator and an auditor look at, and renew."""

import os

import pytest
from playwright.sync_api import expect

from support.axe import violations
from support.screens import PHONE, People, Screens
from wardline.security.compliance.hazards import hazards
from wardline.security.compliance.matrix import frameworks

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("WARDLINE_LOOK")


def test_an_administrator_renews_the_master_key_at_one_press(screens: Screens, people: People) -> None:
    page = screens("/privacy?part=keys", people.admin)
    line = page.locator("[data-key='master']")
    before = int(line.locator("small").inner_text().split()[-1])
    line.get_by_role("button", name="Renew").click()
    expect(line.get_by_role("status")).to_contain_text(f"Version {before + 1} is in use.")
    expect(line.locator("small")).to_have_text(f"version {before + 1}")


def test_without_tls_the_page_says_where_the_doors_are_open(screens: Screens, people: People) -> None:
    page = screens("/privacy?part=keys", people.admin)
    expect(page.get_by_role("region", name="Certificates")).to_contain_text("No certificate is in use.")


def test_every_control_and_every_hazard_is_there(screens: Screens, people: People) -> None:
    page = screens("/privacy?part=compliance", people.admin)
    page.locator("[data-framework]").first.wait_for()
    for framework in frameworks():
        part = page.locator(f"[data-framework='{framework.id}']")
        expect(part.get_by_role("img").locator("i")).to_have_count(len(framework.controls))
    expect(page.locator("[data-hazard]")).to_have_count(len(hazards()))


def test_a_state_of_the_legend_shows_only_the_controls_in_it(screens: Screens, people: People) -> None:
    page = screens("/privacy?part=compliance", people.admin)
    legend = page.get_by_role("list", name="Show only").get_by_role("button").first
    word = legend.inner_text()
    legend.click()
    expect(legend).to_have_attribute("aria-pressed", "true")
    page.locator("[data-framework] details").first.wait_for()
    closed = page.locator("[data-framework] details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    shown = page.locator("[data-control] > span").all_inner_texts()
    assert shown
    assert {each.strip() for each in shown} == {word}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1600, 1000), PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("part", "ready"), [("keys", "[data-key]"), ("compliance", "[data-hazard]")])
def test_axe_finds_nothing_on_the_evidence_pages(screens: Screens, people: People, part: str, ready: str, size: tuple[int, int], dark: bool) -> None:
    page = screens(f"/privacy?part={part}", people.admin, dark=dark, size=size)
    page.locator(ready).first.wait_for()
    assert violations(page) == []
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{part}-{'dark' if dark else 'light'}-{size[0]}.png", full_page=True)
