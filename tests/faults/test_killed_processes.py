"""FT-1, FT-2 and FT-28 on the real thing: `wardline serve` is killed with kill -9 at numbered places while a real sender keeps sending.

Each lane is one hospital that dies and is started again, over and over, on the same data folder. What was not acknowledged is sent
again. At the end of a lane the one oracle looks at the folder, and the phones say what they got. Every run kills around every
function once, before or after it; WARDLINE_KILLS=50 kills fifty times before and fifty times after, each time at another passage.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest

from delivery.receiver import Receiver
from support import dying, oracle
from support.hospital import Hospital, Kit
from support.messages import ILL, WELL, Obx, Patient, adt, oru, vitals
from support.senders import Sender
from support.served import DidNotStart, Served, agree, check_nothing_is_said
from wardline.adapters.embedded.clocks import WallClock
from wardline.app.discovery import discover
from wardline.core.events import Alerted, Notified
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.outbound.hl7v2 import Outbound

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LANES = 4
ROUNDS = int(os.environ.get("WARDLINE_KILLS", "0"))
PASSAGES = {
    "Deframer.feed": 10, "_Connection._write": 60, "Hl7v2Reader.read": 60, "Turn.take": 60, "SqliteLog.append": 60, "Engine._tell": 60,
    "SqliteLog.keep": 8, "SqliteLog.save": 2, "SqliteSeal.commit": 3, "SqliteLog.done": 3, "Courier.deliver_waiting": 6,
    "AppriseNotifier.send": 3,
}  # fmt: skip
"""How often a place is passed in a life at least; all others, once in a turn, more than eight times."""
RECOVERY_SECONDS = 10
"""FT-1: how long a restart may take."""
TESTS = str(Path(__file__).parents[1])
CONTACTS = """contacts:
  ward-nurse: [{{name: app, url: "{url}"}}]
  doctor-on-call: [{{name: app, url: "{url}"}}]
"""


@pytest.fixture
def phones() -> Iterator[Receiver]:
    with Receiver().running() as receiver:
        yield receiver


class Night:
    """What the hospital sends: in each life two new patients, one of whom gets worse, and news of the others."""

    def __init__(self) -> None:
        self.patients: list[Patient] = []

    def messages(self, life: int) -> list[bytes]:
        now = datetime.now(UTC)
        new = [Patient(f"77{life:03}{each}", f"Quennell{life}", f"Tamsin{each}", "19480917") for each in (1, 2)]
        self.patients += new
        arrivals = [adt("A01", patient, at=now, visit=f"V{patient.number}", bed=str(life)) for patient in new]
        charted = [vitals(patient, ILL if patient is new[0] else WELL, at=now, order=f"O{life}") for patient in self.patients[-24:]]
        results = [oru(patient, Obx("2823-3", 4.0 + life / 100), at=now, order=f"L{life}") for patient in self.patients[-24:]]
        corrected = oru(new[1], Obx("2823-3", 4.4, "C"), at=now, order=f"L{life}")
        more = [oru(new[1], Obx("2160-0", 0.9), at=now, order=f"R{life}x{number}") for number in range(100)]
        return [*arrivals, *charted, *results, corrected, *more]


def places_of(lane: int) -> list[str]:
    """This lane's share of the places, in an order and at passages of its own."""
    dice = Random(lane)
    names = dying.names() * ROUNDS or [place for number, place in enumerate(dying.names()) if number % 4 in (0, 3)]
    mine = [f"{place}:{dice.randint(1, PASSAGES.get(place.split()[1], 8))}" for place in names[lane::LANES]]
    dice.shuffle(mine)
    return mine


def live_until_killed(data: Path, place: str, sender: Sender, messages: list[bytes]) -> None:
    """One life: what was left over first, then the news, then death at the place."""
    environment = os.environ | {"DIES_AT": place, "PYTHONPATH": TESTS}
    sender.add(messages)
    try:
        ward = Served(data, program=("-m", "support.dying"), environment=environment)
    except DidNotStart as died:
        assert f"exit code {-signal.SIGKILL}" in str(died)  # noqa: PT017 - the place is passed while it starts, too
        return
    assert ward.start_seconds < RECOVERY_SECONDS
    sender.send_all(ward)
    try:
        assert ward.process.wait(timeout=20) == -signal.SIGKILL
    except subprocess.TimeoutExpired:
        ward.kill()
        raise AssertionError(f"never passed {place}") from None


def at_rest(data: Path, acknowledged: list[tuple[bytes, bytes]]) -> Hospital:
    """The folder as the oracle wants it: the whole house, opened on it."""
    kit = Kit(capabilities=tuple(discover().capabilities), reactions=lambda: (AlertPolicy(), Outbound((), "")))
    hospital = Hospital(data, WallClock(), kit)
    hospital.acknowledged = acknowledged
    return hospital


def stored(data: Path) -> list[str]:
    """SHA-256 of every message, as `wardline log` says."""
    words = [sys.executable, "-m", "wardline", "log", "--raw", "--json", "--data", str(data)]
    lines = subprocess.run(words, capture_output=True, check=True, timeout=60).stdout.splitlines()
    return [json.loads(line)["sha256"] for line in lines]


@pytest.mark.parametrize("lane", range(LANES))
def test_ft1_killed_at_every_place_the_served_house_keeps_what_it_acknowledged(tmp_path: Path, phones: Receiver, lane: int) -> None:
    data, sender, night = tmp_path / "data", Sender(), Night()
    agree(data / "config", contacts=CONTACTS.format(url=phones.url("ok")))
    places = places_of(lane)
    for life, place in enumerate(places, 1):
        live_until_killed(data, place, sender, night.messages(life))
    last = Served(data)
    assert sender.send_all(last)
    hear_the_phones_out(last, phones)
    last.stop()

    hashes = stored(data)
    assert len(hashes) == len(set(hashes)), "a message is there twice"
    assert {hashlib.sha256(message).hexdigest() for message, _ in sender.acknowledged} == set(hashes)
    assert sender.resent > 0
    check_nothing_is_said(last, night.patients)
    hospital = at_rest(data, sender.acknowledged)
    oracle.check(hospital)
    every_page_reached_its_phone_as_one(hospital, phones)
    hospital.abandon()


def hear_the_phones_out(ward: Served, phones: Receiver) -> None:
    """Until no phone has rung for a while."""
    heard, since = -1, monotonic()
    while monotonic() - since < 1.5:
        if len(phones.taken) != heard:
            heard, since = len(phones.taken), monotonic()
        sleep(0.05)


def every_page_reached_its_phone_as_one(hospital: Hospital, phones: Receiver) -> None:
    """I2: repeats carry the same id, which phones drop; and nobody who had to be told was not."""
    pages = [event for event in hospital.events(Alerted) if event.value.tier == "page" and not event.value.why]
    assert pages
    rung = phones.ids("ok")
    for page in pages:
        assert sum(id.startswith(f"{page.value.alert}-{page.id:x}-") for id in rung) == len(page.value.roles)
    assert {event.value.outcome for event in hospital.events(Notified)} == {"sent"}
    assert hospital.log.waiting("notify") == []
