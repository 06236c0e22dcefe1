"""A real Wardline in a process of its own, fed over a real MLLP socket, looked at with a real browser.

One server for all tests of a worker; every test has a unit of its own, so that none sees another's patients.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from support.messages import WELL, Patient, adt, vitals
from wardline.formats.hl7v2.framing import frame
from wardline.web.interface import STATIC

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE = (1600, 1000)
PHONE = (390, 844)
MONITOR = """source: monitor
label: Bedside monitors
sends: {application: MONITOR, facility: HOSP}
codes: {"O2^L": supplemental_oxygen}
"""
UNITS = 'FREE: {label: "Ward with a free bed", beds: [1, 2]}\n'
PASSWORD = "three unrelated cobblestones"
START_SECONDS = 30
_units = count(1)
_numbers = count(1)


class Account(NamedTuple):
    id: str
    login: str
    name: str


class Ward:
    """The server: where it listens, and what a test does to it from outside."""

    def __init__(self, data: Path) -> None:
        words = [sys.executable, "-m", "wardline", "serve", "--data", str(data), "--http", "0", "--mllp", "0"]
        self.log = data.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        printed = self._until_ready()
        self.url = _found(r"Ready: (\S+)", printed)
        self.mllp = int(_found(r"HL7 v2\s+\S+?:(\d+)", printed))
        self.setup_link = _found(r"(http\S+/setup#\S+)", printed)
        self._token = ""

    def _until_ready(self) -> str:
        until = monotonic() + START_SECONDS
        while monotonic() < until and self.process.poll() is None:
            if "\nReady:" in (printed := self.log.read_text(encoding="utf-8")):
                return printed
            sleep(0.05)
        raise AssertionError(f"Wardline did not start:\n{self.log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=START_SECONDS)

    def send(self, *messages: bytes) -> None:
        """Over MLLP, each acknowledged with AA before the next."""
        with socket.create_connection(("127.0.0.1", self.mllp), timeout=10) as connection:
            for message in messages:
                connection.sendall(frame(message))
                answer = connection.recv(65536)
                assert b"MSA|AA" in answer, answer

    def api(self, method: str, path: str, content: Any = None) -> Any:
        """As the administrator."""
        body = None if content is None else json.dumps(content).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = response.read()
        return json.loads(answer) if answer else None

    def set_up(self) -> Account:
        """Make the first administrator with the printed link."""
        token = urlsplit(self.setup_link).fragment
        made = self.api("POST", "/api/v1/auth/setup", {"token": token, "login": "admin", "name": "Ada Okonkwo", "password": PASSWORD})
        self._token = made["access_token"]
        return Account(made["person"]["id"], "admin", made["person"]["name"])

    def add(self, login: str, name: str, role: str) -> Account:
        made = self.api("POST", "/api/v1/users", {"login": login, "name": name, "password": PASSWORD, "roles": [role]})
        return Account(made["id"], login, name)

    def key(self, number: str) -> str:
        """The record's key of a patient number."""
        found: list[dict[str, str]] = self.api("GET", f"/api/v1/patients?q={number}")["patients"]
        return found[0]["id"]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


class People(NamedTuple):
    admin: Account
    nurse: Account
    doctor: Account


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    if not (STATIC / "index.html").exists():
        pytest.skip("the user interface is not built: make setup")
    data = tmp_path_factory.mktemp("ward") / "data"
    _agree(data / "config")
    running = Ward(data)
    yield running
    running.stop()


def _agree(config: Path) -> None:
    """What the site has said before the first message: what the monitors' own code means, and the beds of one unit."""
    (config / "sources").mkdir(parents=True)
    (config / "sources" / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    (config / "units.yaml").write_text(UNITS, encoding="utf-8")


@pytest.fixture(scope="session")
def people(ward: Ward) -> People:
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

    def __init__(self, browser: Browser, ward: Ward, people: People, stack: ExitStack) -> None:
        self.browser, self.ward, self.people, self._stack = browser, ward, people, stack
        self.complaints: list[str] = []

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
        """A signed-in screen at this address."""
        page = self.context(**how).new_page()
        page.goto(self.ward.url + path)
        self.sign_in(page, who or self.people.nurse)
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
def screens(browser: Browser, ward: Ward, people: People) -> Iterator[Screens]:
    with ExitStack() as stack:
        made = Screens(browser, ward, people, stack)
        yield made
    assert made.complaints == []


class Admitted(NamedTuple):
    """A patient in a bed of the test's unit."""

    key: str
    patient: Patient
    bed: str


@pytest.fixture
def admit(ward: Ward, unit: str) -> Callable[..., Admitted]:
    """Admit somebody and chart a set of vital signs, through the front door."""

    def admitted(family: str, bed: str, values: dict[str, float] | None = WELL, **charted: Any) -> Admitted:
        number = f"{os.getpid()}{next(_numbers):04}"
        patient, now = Patient(number, family, "Ada"), datetime.now(UTC)
        ward.send(adt("A01", patient, at=now, visit=f"V{number}", unit=unit, bed=bed))
        if values is not None:
            ward.send(vitals(patient, values, at=now, **charted))
        return Admitted(ward.key(number), patient, bed)

    return admitted
