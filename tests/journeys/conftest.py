"""Where the journeys happen: a served hospital of each story's own, its phones, and people in front of screens.

The hospital runs on its feeds' clock, so that a night passes as fast as messages tell of it; what must be fast is measured by the
clock on the wall.
"""

import os
from collections.abc import Iterator

import pytest

from delivery.receiver import Receiver
from support.screens import People, accounts_in, browser, need_a_browser, screens
from support.served import Served, agree

__all__ = ["browser", "screens"]

UNITS = '"Ward 7": {label: "Ward 7", beds: [3, 11, 12]}\n'
LIMITS = """owner: Laboratory of these tests
version: "1"
date: 2026-03-01
source: The critical limits of JOURNEYS.md 2, where a potassium of 7.1 pages the doctor
signed_by: the tests
limits:
  potassium: {below: 2.8, above: 6.2, unit: mmol/L}
"""
CONTACTS = """contacts:
  ward-nurse: [{{name: app, url: "{nurse}"}}]
  doctor-on-call: [{{name: app, url: "{doctor}"}}]
  charge-nurse: [{{name: app, url: "{charge}"}}]
  rapid-response: [{{name: app, url: "{team}"}}]
"""


@pytest.fixture(scope="module")
def phones() -> Iterator[Receiver]:
    with Receiver().running() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory, phones: Receiver) -> Iterator[Served]:
    need_a_browser()
    data = tmp_path_factory.mktemp("journey") / "data"
    urls = {name: phones.url(name) for name in ("nurse", "doctor", "charge", "team")}
    agree(data / "config", units=UNITS, contacts=CONTACTS.format(**urls), site__critical_limits=LIMITS)
    running = Served(data, environment=os.environ | {"WARDLINE_CLOCK": "feed"})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(ward: Served) -> People:
    return accounts_in(ward)
