"""A real Wardline looked at with a real browser: fixtures that a folder of tests takes in with one line in its conftest.

One server for all tests of a worker; every test has a unit of its own, so that none sees another's patients.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from support.messages import WELL, Patient, adt, vitals
from support.served import PASSWORD, Account, Served, agree
from wardline.web.interface import STATIC

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE = (1600, 1000)
PHONE = (390, 844)
UNITS = 'FREE: {label: "Ward with a free bed", beds: [1, 2]}\n'
SIGNED_IN = """
    if (location.protocol === 'http:' && !sessionStorage.getItem('tests.signed-in')) {
        sessionStorage.setItem('tests.signed-in', 'said')
        localStorage.setItem('wardline.signed-in', 'yes')
    }
"""
"""What the page itself keeps when somebody signs in, said once: whoever signs out is out."""
_units = count(1)
_numbers = count(1)


class People(NamedTuple):
    admin: Account
    nurse: Account
    doctor: Account


def need_a_browser() -> None:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    if not (STATIC / "index.html").exists():
        pytest.skip("the user interface is not built: make setup")


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    need_a_browser()
    data = tmp_path_factory.mktemp("ward") / "data"
    agree(data / "config", units=UNITS)
    running = Served(data)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def people(ward: Served) -> People:
    return accounts_in(ward)


def accounts_in(ward: Served) -> People:
    admin = ward.set_up()
    return People(admin, ward.add("nurse", "Amelia Brandt", "nurse"), ward.add("doctor", "Helen Vance", "doctor"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module only: while it is there, its thread has a running event loop, which other tests do not expect."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def unit() -> str:
    """A unit of the test's own."""
    return f"U{os.getpid()}x{next(_units)}"


class Screens:
    """Opens screens and, at the end, checks what every screen must keep to: no error, nothing blocked, nobody else asked."""

    def __init__(self, browser: Browser, ward: Served, people: People, stack: ExitStack) -> None:
        self.browser, self.ward, self.people, self._stack = browser, ward, people, stack
        self.complaints: list[str] = []

    @classmethod
    @contextmanager
    def of(cls, browser: Browser, ward: Served, people: People) -> Iterator["Screens"]:
        with ExitStack() as stack:
            made = cls(browser, ward, people, stack)
            yield made
        assert made.complaints == [], "\n".join(made.complaints)

    def context(self, *, size: tuple[int, int] = WIDE, dark: bool = False, first_look: bool = False, scale: float = 1) -> BrowserContext:
        scheme = "dark" if dark else "light"
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=scale)
        self._stack.callback(context.close)
        context.on("page", self._watch)
        if not first_look:
            done = "".join(f"localStorage.setItem('wardline.first-look.{person.id}', 'done');" for person in self.people)
            context.add_init_script(f"if (location.protocol === 'http:') {{{done}}}")  # the blank page before has no storage
        return context

    def __call__(self, path: str = "/", who: Account | None = None, **how: Any) -> Page:
        """A screen at this address of somebody who has signed in before, as after a reload: only tests about the form draw it."""
        context, said = self.context(**how), {"login": (who or self.people.nurse).login, "password": PASSWORD}
        signed_in = context.request.post(f"{self.ward.url}/api/v1/auth/login", data=said)
        assert signed_in.ok, signed_in.text()
        context.add_init_script(SIGNED_IN)
        page = context.new_page()
        page.goto(self.ward.url + path)
        page.locator("#page").wait_for()
        return page

    def sign_in(self, page: Page, who: Account) -> None:
        page.get_by_label("Name").fill(who.login)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.locator("#page").wait_for()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"error in the page: {error}"))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("request", lambda request: self.complaints.append(f"asked {request.url}") if self._is_foreign(request.url) else None)

    def _is_foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.ward.url


@pytest.fixture
def screens(browser: Browser, ward: Served, people: People) -> Iterator[Screens]:
    with Screens.of(browser, ward, people) as made:
        yield made


class Admitted(NamedTuple):
    """A patient in a bed of the test's unit."""

    key: str
    patient: Patient
    bed: str


@pytest.fixture
def admit(ward: Served, unit: str) -> Callable[..., Admitted]:
    """Admit somebody and chart a set of vital signs, through the front door."""

    def admitted(family: str, bed: str, values: dict[str, float] | None = WELL, **charted: Any) -> Admitted:
        number = f"{os.getpid()}{next(_numbers):04}"
        patient, now = Patient(number, family, "Ada"), datetime.now(UTC)
        ward.send(adt("A01", patient, at=now, visit=f"V{number}", unit=unit, bed=bed))
        if values is not None:
            ward.send(vitals(patient, values, at=now, **charted))
        return Admitted(ward.key(number), patient, bed)

    return admitted
