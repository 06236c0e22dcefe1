"""FT-1, FT-2 and FT-28 on the real thing: `wardline serve` is killed with kill -9 at numbered places while a real sender keeps sending.

Each lane is one hospital that dies and is started again, over and over, on the same data folder. What was not acknowledged is sent
again. At the end of a lane the one oracle looks at the folder, and the phones say what they got. Every run kills around every
function once, before or after it; WARDLINE_KILLS=50 kills fifty times before and fifty times after, each time at another passage.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from delivery.receiver import Receiver
from support import at_rest, dying
from support.messages import ILL, WELL, Obx, Patient, adt, oru, vitals
from support.senders import Sender, hear_out
from support.served import DidNotStart, Served, agree, check_nothing_is_said

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
    with ward:
        assert ward.start_seconds < RECOVERY_SECONDS
        sender.send_all(ward)
        try:
            assert ward.process.wait(timeout=20) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            raise AssertionError(f"never passed {place}") from None


@pytest.mark.parametrize("lane", range(LANES))
def test_ft1_killed_at_every_place_the_served_house_keeps_what_it_acknowledged(tmp_path: Path, phones: Receiver, lane: int) -> None:
    data, sender, night = tmp_path / "data", Sender(), Night()
    agree(data / "config", contacts=CONTACTS.format(url=phones.url("ok")))
    places = places_of(lane)
    for life, place in enumerate(places, 1):
        live_until_killed(data, place, sender, night.messages(life))
    with Served(data) as last:
        assert sender.send_all(last)
        hear_out(phones)

    assert sender.resent > 0
    check_nothing_is_said(last, night.patients)
    at_rest.check(data, sender.acknowledged, phones)
