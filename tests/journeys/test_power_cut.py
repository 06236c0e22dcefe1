"""Journey 6. kill -9 in the middle of two thousand messages a second; seconds later it is as if nothing had happened."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep, time
from typing import Any

import pytest
from playwright.sync_api import expect

from delivery.receiver import Receiver
from support import at_rest
from support.messages import ILL, WELL, Obx, Patient, adt, oru, vitals
from support.screens import Screens, accounts_in, need_a_browser
from support.senders import Sender, hear_out
from support.served import Served, agree
from support.story import board, soon

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SENDERS, EACH = 6, 400
RECOVERY_SECONDS = 10
"""FT-1."""
DOWNTIME_AGE_SECONDS = 300
"""FT-36."""
CONTACTS = """contacts:
  ward-nurse: [{{name: app, url: "{url}"}}]
  doctor-on-call: [{{name: app, url: "{url}"}}]
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def everybody(ward: Served) -> list[Patient]:
    """Twenty patients on Ward 7, one of whom is very ill."""
    now = datetime.now(UTC)
    patients = [Patient(f"6{number:04}", f"Night{number}", "Robin") for number in range(1, 21)]
    ward.send(*(adt("A01", each, at=now, visit=f"V{each.number}", unit="Ward 7", bed=str(bed)) for bed, each in enumerate(patients, 1)))
    ward.send(*(vitals(each, ILL if each is patients[0] else WELL, at=now) for each in patients))
    return patients


def results(patients: list[Patient], sender: int) -> list[bytes]:
    now = datetime.now(UTC)
    orders = [f"S{sender}x{number}" for number in range(EACH)]
    return [oru(patients[number % 20], Obx("2823-3", 4.2), at=now, order=order, control=order) for number, order in enumerate(orders)]


def test_power_cut(tmp_path: Path, browser: Any, phones: Receiver) -> None:
    need_a_browser()
    data, ports = tmp_path / "data", {"http": free_port(), "mllp": free_port()}
    agree(data / "config", contacts=CONTACTS.format(url=phones.url("ok")))
    with Served(data, **ports) as ward:
        patients, people = everybody(ward), accounts_in(ward)
    senders = [Sender(window=40) for _ in range(SENDERS)]
    for number, sender in enumerate(senders):
        sender.add(results(patients, number))

    with Served(data, **ports) as ward, Screens.of(browser, ward, people) as screens:
        nurse = board(screens)
        expect(nurse.locator("[data-row]")).to_have_count(20)

        # As many messages as this machine can send; then the power is cut.
        with ThreadPoolExecutor(SENDERS) as threads:
            began = perf_counter()
            talking = [threads.submit(sender.send_all, ward) for sender in senders]
            while (taken := sum(len(sender.acknowledged) for sender in senders)) < SENDERS * EACH / 3:
                sleep(0.005)
            ward.kill()
            print(f"\n{taken / (perf_counter() - began):.0f} messages acknowledged a second when the power was cut")
            assert [talk.result() for talk in talking] == [False] * SENDERS

        # The downtime page was less than five minutes old, and says by itself that nobody renews it.
        page = soon(lambda: next((file for file in (data / "downtime").glob("*.html") if "Night1" in file.read_text(encoding="utf-8")), None))
        assert time() - page.stat().st_mtime < DOWNTIME_AGE_SECONDS
        soon(lambda: re.search(r"Wardline stopped at \d\d:\d\d", page.read_text(encoding="utf-8")))

        # Back in seconds. Senders send what was not acknowledged; the screen comes back by itself.
        with Served(data, **ports) as again:
            assert again.start_seconds < RECOVERY_SECONDS
            with ThreadPoolExecutor(SENDERS) as threads:
                assert list(threads.map(lambda sender: sender.send_all(again), senders)) == [True] * SENDERS
            expect(nurse.locator("[data-connection]")).to_have_attribute("data-connection", "live", timeout=30_000)
            expect(nurse.locator("[data-row]")).to_have_count(20)
            hear_out(phones)
        # Parts of the page that it was just fetching for later could not be had; nothing else may have gone wrong in it.
        screens.complaints[:] = [each for each in screens.complaints if "Unable to preload" not in each]

    # Every acknowledged message is there once; nobody was alerted twice.
    acknowledged = [each for sender in senders for each in sender.acknowledged]
    assert len(acknowledged) == SENDERS * EACH
    at_rest.check(data, acknowledged, phones)
