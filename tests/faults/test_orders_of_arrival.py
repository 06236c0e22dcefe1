"""FT-15: the same six messages in any of their 720 orders end in the same state, with the same alerts open."""

from collections.abc import Iterator
from datetime import datetime
from itertools import permutations
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import pytest

from delivery.ward import changed
from support import oracle
from support.clocks import MORNING, ManualClock
from support.events import hours
from support.faults import FastLog, FastSeal
from support.hospital import NEWS2, Hospital, Kit, copy_of
from support.messages import ADA, ILL, WELL, Obx, adt, orm, oru, vitals
from support.questions import OUT_OF_LIMITS, WORRY
from support.state import State, state_of
from wardline.delivery.alerts.reaction import AlertPolicy

OLD = ADA._replace(number="9001")
POLICY = changed(("    capability: critical_values", f"    capability: {OUT_OF_LIMITS.id}"))
KIT = Kit(log=FastLog, seal=FastSeal, capabilities=(NEWS2, OUT_OF_LIMITS, WORRY), reactions=lambda: (AlertPolicy(POLICY, key=b"alerts"),))
MEMORY = Path("/dev/shm")
CHUNKS = 12


def at(hour: float) -> datetime:
    return MORNING + hours(hour)


ENDING = (
    adt("A01", ADA, at=at(0)),
    oru(OLD, Obx("2823-3", 7.1), at=at(1), observed=at(0.9), order="L1"),
    oru(OLD, Obx("2823-3", 4.1, "C"), at=at(1.5), observed=at(0.9), order="L1"),
    orm(ADA, at=at(0.5), order="L1"),
    adt("A40", ADA, at=at(2), retired=OLD),
    adt("A03", ADA, at=at(3)),
)
"""Admitted, ordered, measured under another number, corrected, joined, discharged."""

STAYING = (
    adt("A01", ADA, at=at(0)),
    vitals(OLD, ILL, at=at(1), order="OBS1"),
    oru(OLD, *(Obx(code, value, "C") for code, value in WELL.items()), at=at(1.5), observed=at(1), order="OBS1", application="MONITOR"),
    oru(ADA, Obx("2823-3", 7.1), at=at(1.7), observed=at(1.6), order="L1"),
    adt("A40", ADA, at=at(2), retired=OLD),
    adt("A02", ADA, at=at(3), unit="ICU", bed="3"),
)
"""The same person stays, so that what is answered now must agree too."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """An empty hospital, in memory where the system has a place for that: every run begins as a copy of it, with the same keys."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as folder:
        Hospital(Path(folder) / "empty", ManualClock(at(4)), KIT).close()
        yield Path(folder) / "empty"


def run(empty: Path, script: tuple[bytes, ...], *, watched: bool = False) -> State:
    """Everything arrives late, hours after it happened. `watched`: the whole oracle looks after every message."""
    folder = empty.with_name("run")
    rmtree(folder, ignore_errors=True)
    hospital = Hospital(copy_of(empty, folder), ManualClock(at(4)), KIT)
    try:
        for message in script:
            hospital.send(message)
            if watched:
                oracle.check(hospital)
        oracle.nothing_wrong_is_shown(hospital)
        oracle.nothing_alerts_twice(hospital)
        oracle.nothing_due_is_left_out(hospital)
        return state_of(hospital)
    finally:
        hospital.abandon()


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("script", [ENDING, STAYING], ids=["discharged at the end", "still in at the end"])
def test_ft15_every_order_of_six_messages_ends_in_the_same_state(empty: Path, script: tuple[bytes, ...], chunk: int) -> None:
    expected = run(empty, script, watched=True)
    assert len(expected["persons"]) == 1
    orders = list(permutations(range(len(script))))[chunk::CHUNKS]
    for number, order in enumerate(orders):
        assert run(empty, tuple(script[place] for place in order), watched=number % 12 == 0) == expected, order


def test_ft15_the_script_that_stays_ends_with_answers_and_an_alert_to_compare(empty: Path) -> None:
    end = run(empty, STAYING)
    (person,) = end["persons"].values()
    assert {name: answer[1] for name, answer in person["answers"].items()} == {"news2/": 0, "out_of_limits/potassium": 7.1, "a_worry/": "no"}
    assert [(alert[1:4], alert[7:9]) for alert in end["alerts"]] == [(("out_of_limits", "potassium", "critical-value"), ("ICU", "3"))]


def test_ft15_the_script_that_ends_leaves_nobody_watched(empty: Path) -> None:
    end = run(empty, ENDING)
    (person,) = end["persons"].values()
    assert (person["place"].is_in, person["answers"], end["alerts"]) == (False, {}, [])
    assert [said.value for _, said in person["measured"]["potassium"]] == [4.1]
