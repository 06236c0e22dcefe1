"""FT-9, as far as one file is a database: another process holds the log locked. Nobody is lied to, and nobody is paged twice."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit, texts
from support.messages import ADA, BEN, ILL, WELL, adt, vitals
from support.questions import OUT_OF_LIMITS
from wardline.adapters.embedded.logfile import LogFile
from wardline.core.events import Alerted

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    """Ada is in and well; the house waits only a moment for a lock."""
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))
    hospital.log._file.run("PRAGMA busy_timeout = 20")
    return hospital


@contextmanager
def held_elsewhere(ward: Hospital) -> Iterator[None]:
    """What a copying tool or a database client that was left open does."""
    other = LogFile(ward.path / "log" / "0001.db")
    other.begin()
    yield
    other.rollback()
    other.close()


def test_ft9_while_the_log_is_away_senders_keep_their_messages(ward: Hospital) -> None:
    with held_elsewhere(ward):
        answers = ward.send(vitals(ADA, ILL, at=MORNING), vitals(BEN, WELL, at=MORNING))
    assert texts(answers) == ["AE", "AE"]
    assert all(oracle.REFUSED in answer for answer in answers)
    assert ward.engine.broken is None
    oracle.check(ward)


def test_ft9_screens_keep_the_last_answer_with_its_own_time_and_the_house_says_since_when(ward: Hospital) -> None:
    ward.clock.step(hours(0.5))
    with held_elsewhere(ward):
        ward.send(vitals(ADA, ILL, at=ward.clock.now()))
        (shown,) = ward.timeline(ADA).answers.values()
        assert (shown.value.value, shown.occurred_at) == (0, MORNING)
        assert ward.engine.full_since == ward.clock.now()
    assert ward.engine.house.now == MORNING


def test_ft9_what_is_sent_again_alerts_once(ward: Hospital) -> None:
    message = vitals(ADA, ILL, at=MORNING)
    with held_elsewhere(ward):
        for _ in range(3):
            ward.send(message)
    assert texts(ward.send(message, message)) == ["AA", "AA"]
    assert ward.engine.full_since is None
    assert len(ward.events(Alerted)) == 1
    oracle.check(ward)


def test_ft9_timers_that_came_due_meanwhile_happen_once_afterwards(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    with held_elsewhere(ward):
        for _ in range(4):
            ward.clock.step(hours(0.25))
            ward.turn()
    ward.turn()
    ward.turn()
    assert sorted(event.kind for event in ward.events() if event.recorded_at > MORNING) == ["Escalated", "Overdue"]
    oracle.check(ward)
