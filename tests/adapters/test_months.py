"""A file of the log is closed when a new month begins; a crash, a full disk or a late result at any point of it loses nothing."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support import oracle
from support.bell import TOPIC, Bell
from support.clocks import ManualClock
from support.events import hours
from support.faults import Crash, Failpoints
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit, copy_of, texts
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.adapters.embedded import months
from wardline.adapters.embedded.logfile import LogFile
from wardline.core.errors import StorageBroken, StorageFull
from wardline.core.events import Found, Measured

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))
EVENING = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)


def at(hour: float) -> datetime:
    return EVENING + hours(hour)


SCRIPT = (
    (0, adt("A01", ADA, at=at(0), control="M1")),
    (0.5, vitals(ADA, ILL, at=at(0.5), control="M2")),
    (0.9, oru(BEN, Obx("2823-3", 7.1), at=at(0.9), order="L1", control="M3")),
    (1.2, vitals(ADA, ILL, at=at(1.2), control="M4")),
    (1.5, oru(BEN, Obx("2823-3", 4.1, "C"), at=at(1.5), observed=at(0.9), order="L1", control="M5")),
)
"""Three messages in March, two in April."""


def play(ward: Hospital, start: int = 0) -> None:
    for hour, message in SCRIPT[start:]:
        ward.clock.at = at(hour)
        ward.send(message)


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(clock=ManualClock(EVENING), kit=KIT)
    play(hospital)
    return hospital


def files(ward: Hospital) -> list[str]:
    return [path.name for path in ward.log.files]


def test_a_new_month_begins_a_new_file_and_the_old_one_is_closed_for_good(ward: Hospital) -> None:
    assert files(ward) == ["0001.db", "0002.db"]
    old = ward.path / "log" / "0001.db"
    assert months.is_closed(old)
    assert not old.with_name("0001.db-wal").exists()
    oracle.check(ward)


def test_nothing_is_lost_across_the_hand_over(ward: Hospital) -> None:
    assert len(list(ward.log.messages())) == len(SCRIPT)
    assert [each.fate.seq for each in ward.log.find("MONITOR|HOSP", "M2", EVENING)] == [2]
    assert len(list(ward.log.steps())) >= len(SCRIPT)
    assert ward.send(SCRIPT[1][1])[0] == ward.acknowledged[1][1]


def test_a_late_result_goes_to_the_open_file_and_is_read_with_the_old_ones(ward: Hospital) -> None:
    ward.clock.step(hours(24))
    ward.send(oru(ADA, Obx("8310-5", 36.5, "C"), at=ward.clock.now(), observed=at(0.5), application="MONITOR"))
    assert [event.value.value for event in ward.timeline(ADA).observations.of("temperature")] == [36.5, 39.5]
    assert [event.occurred_at for event in ward.events(Found) if event.value.revised and event.about == ward.key(ADA)] == [at(0.5)]
    oracle.check(ward)


def test_what_waits_to_leave_the_house_is_taken_along_and_never_sent_twice(ward: Hospital) -> None:
    waiting = ward.log.waiting(TOPIC)
    assert waiting
    ward.log.done([id for id, _ in waiting])
    ward.log.commit()
    ward.clock.step(hours(24 * 40))
    ward.send(adt("A08", ADA, at=ward.clock.now()))
    assert files(ward) == ["0001.db", "0002.db", "0003.db"]
    assert all(ward.log._was_sent(item.key) for _, item in waiting)
    assert ward.log.waiting(TOPIC) == []


def test_house_keeping_notes_are_taken_along(ward: Hospital) -> None:
    ward.log.set_meta("running", 1)
    ward.clock.step(hours(24 * 40))
    ward.send(adt("A08", ADA, at=ward.clock.now()))
    assert ward.log.meta("running") == 1


def test_months_without_a_message_need_no_file(ward: Hospital) -> None:
    ward.clock.step(hours(24 * 300))
    ward.send(adt("A08", ADA, at=ward.clock.now()))
    assert files(ward) == ["0001.db", "0002.db", "0003.db"]


def watched(patch: pytest.MonkeyPatch, number: int = 0, fault: Callable[[str], BaseException] = Crash) -> Failpoints:
    """Every call that touches the disk during a hand-over."""
    points = Failpoints(number, fault)
    points.watch(patch, os, "fsync", "rename").watch(patch, Path, "rename", "unlink", "chmod").watch(patch, LogFile, "close", "commit", "run_many")
    return points.watch(patch, months, "next_file", "close_for_good")


def before_hand_over(empty: Path, folder: Path) -> Hospital:
    """Three messages of March; the next one begins April."""
    hospital = Hospital(copy_of(empty, folder), ManualClock(EVENING), KIT)
    for hour, message in SCRIPT[:3]:
        hospital.clock.at = at(hour)
        hospital.send(message)
    hospital.clock.at = at(SCRIPT[3][0])
    return hospital


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    Hospital(tmp_path / "empty", ManualClock(EVENING), KIT).close()
    return tmp_path / "empty"


def test_a_crash_at_every_point_of_the_hand_over_ends_in_the_same_state(empty: Path, tmp_path: Path) -> None:
    expected = before_hand_over(empty, tmp_path / "expected")
    play(expected, 3)
    digest, answers = expected.digest(), dict(expected.acknowledged)
    expected.abandon()
    with pytest.MonkeyPatch.context() as patch:
        counted = before_hand_over(empty, tmp_path / "counted")
        passed = watched(patch).passed
        counted.send(SCRIPT[3][1])
        counted.abandon()
    assert passed.count("before next_file") == 1
    for number in range(1, len(passed) + 1):
        dying = before_hand_over(empty, tmp_path / str(number))
        with pytest.MonkeyPatch.context() as patch:
            watched(patch, number)
            with pytest.raises(Crash):
                dying.send(SCRIPT[3][1])
        again = dying.crashed_copy(tmp_path / f"{number} again")
        play(again, 3)
        where = f"point {number}, {passed[number - 1]}"
        assert (again.digest(), files(again)) == (digest, ["0001.db", "0002.db"]), where
        assert all(answers[message] == answer for message, answer in again.acknowledged), where
        oracle.check(again)
        again.abandon()


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_an_error_at_every_point_of_the_hand_over_stops_or_waits_and_loses_nothing(empty: Path, tmp_path: Path, error: int) -> None:
    """On an error that is not "full" the engine stops; on a full disk it goes on in the old file and tries again."""

    def failing(name: str) -> BaseException:
        return OSError(error, os.strerror(error))

    with pytest.MonkeyPatch.context() as patch:
        counted = before_hand_over(empty, tmp_path / "counted")
        points = Failpoints().watch(patch, os, "fsync").watch(patch, Path, "rename", "unlink", "chmod")
        counted.send(SCRIPT[3][1])
        counted.abandon()
    for number in range(1, len(points.passed) + 1):
        ward = before_hand_over(empty, tmp_path / str(number))
        with pytest.MonkeyPatch.context() as patch:
            Failpoints(number, failing).watch(patch, os, "fsync").watch(patch, Path, "rename", "unlink", "chmod")
            answers = texts(ward.send(SCRIPT[3][1]))
        assert (answers == ["AA"]) is (ward.engine.broken is None)
        again = ward.crashed_copy(tmp_path / f"{number} again")
        play(again, 3)
        assert len(list(again.log.messages())) == len(SCRIPT)
        assert len(again.events(Measured)) == 7 + 1 + 7 + 1
        oracle.check(again)
        again.abandon()


def test_without_room_for_the_next_file_the_old_one_goes_on_and_the_next_commit_tries_again(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = before_hand_over(empty, tmp_path / "a")

    def no_room(*arguments: object, **named: object) -> LogFile:
        raise StorageFull("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(months, "next_file", no_room)
        assert texts(ward.send(SCRIPT[3][1])) == ["AA"]
        assert files(ward) == ["0001.db"]
    ward.clock.at = at(SCRIPT[4][0])
    assert texts(ward.send(SCRIPT[4][1])) == ["AA"]
    assert files(ward) == ["0001.db", "0002.db"]
    oracle.check(ward)
    ward.abandon()


def test_a_name_that_may_not_be_on_the_disk_stops_the_house(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the rename two files could both be taken for the open one: nothing more may be written."""
    ward = before_hand_over(empty, tmp_path / "a")
    synced = months._sync

    def failing(path: Path) -> None:
        if path.is_dir():
            raise OSError(errno.EIO, "Input/output error")
        synced(path)

    monkeypatch.setattr(months, "_sync", failing)
    assert ward.send(SCRIPT[3][1]) == []
    assert isinstance(ward.engine.broken, StorageBroken)
    ward.abandon()


def test_a_file_left_over_from_a_crash_is_cleared_away(empty: Path, tmp_path: Path) -> None:
    ward = before_hand_over(empty, tmp_path / "a")
    for name in ("0002.new", "0002.new-wal", "0002.new-shm"):
        (ward.path / "log" / name).write_bytes(b"left over")
    assert texts(ward.send(SCRIPT[3][1])) == ["AA"]
    assert sorted(path.name for path in (ward.path / "log").glob("*.new*")) == []
    ward.send(vitals(BEN, WELL, at=ward.clock.now()))
    oracle.check(ward)
    ward.abandon()
