"""FT-1, FT-2 and FT-3: the process dies at every numbered point of its work; what was acknowledged is there, and it ends where it would have."""

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING, ManualClock
from support.events import hours
from support.faults import Crash, Failpoints
from support.hospital import NEWS2, Hospital, Kit, copy_of
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.core.errors import StorageBroken

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))
OLD = ADA._replace(number="9001")


class Said(NamedTuple):
    """A message and the hour at which it is sent."""

    hour: float
    message: bytes


SCRIPT = (
    Said(0, adt("A01", ADA, at=MORNING, control="S1")),
    Said(0.1, vitals(ADA, ILL, at=MORNING + hours(0.1), control="S2")),
    Said(0.5, oru(OLD, Obx("2823-3", 7.1), at=MORNING + hours(0.5), order="L1", control="S3")),
    Said(1.5, adt("A40", ADA, at=MORNING + hours(1.5), retired=OLD, control="S4")),
    Said(2, oru(OLD, Obx("2823-3", 4.1, "C"), at=MORNING + hours(2), observed=MORNING + hours(0.5), order="L1", control="S5")),
    Said(2, oru(ADA, Obx("2823-3", 9.9), at=MORNING + hours(2), order="L7", control="S5")),
    Said(13, vitals(BEN, WELL, at=MORNING + hours(13), control="S6")),
)
"""Alerts, a timer that rings, a merge, a correction, a reused control id, a lapse."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty hospital: every run begins as a copy of it, so that all have the same keys."""
    path = tmp_path_factory.mktemp("crashes") / "empty"
    Hospital(path, ManualClock(), KIT).close()
    return path


def play(ward: Hospital, script: tuple[Said, ...]) -> None:
    for said in script:
        ward.clock.at = MORNING + hours(said.hour)
        ward.send(said.message)


def play_to_the_end(ward: Hospital) -> None:
    play(ward, SCRIPT)
    ward.engine.stop()


@pytest.fixture(scope="module")
def unfaulted(empty: Path) -> tuple[str, dict[bytes, bytes]]:
    """The digest and the acknowledgements of a run in which nothing goes wrong."""
    ward = Hospital(copy_of(empty, empty.with_name("unfaulted")), ManualClock(), KIT)
    play(ward, SCRIPT)
    oracle.check(ward)
    digest, answers = ward.digest(), dict(ward.acknowledged)
    ward.abandon()
    return digest, answers


def points_of(empty: Path, folder: Path) -> list[str]:
    """Every failpoint an unfaulted run passes."""
    with pytest.MonkeyPatch.context() as patch:
        ward = Hospital(copy_of(empty, folder), ManualClock(), KIT)
        points = Failpoints().watch_writing(patch)
        play_to_the_end(ward)
        ward.abandon()
    return points.passed


def crash_and_recover(empty: Path, folder: Path, number: int) -> Hospital:
    """Die at failpoint `number`, start again on what is on the disk, and let senders resend what they were not answered."""
    with pytest.MonkeyPatch.context() as patch:
        ward = Hospital(copy_of(empty, folder / "before"), ManualClock(), KIT)
        Failpoints(number).watch_writing(patch)
        with pytest.raises(Crash):
            play_to_the_end(ward)
    again = ward.crashed_copy(folder / "after")
    again.acknowledged = ward.acknowledged
    answered = {message for message, _ in ward.acknowledged}
    play(again, tuple(said for said in SCRIPT if said.message not in answered))
    return again


CHUNKS = 12


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_ft1_a_crash_at_every_point_of_the_work_ends_in_the_same_state(
    empty: Path, unfaulted: tuple[str, dict[bytes, bytes]], tmp_path: Path, chunk: int
) -> None:
    digest, answers = unfaulted
    points = points_of(empty, tmp_path / "counted")
    assert len(points) > 150
    for number in range(1 + chunk, len(points) + 1, CHUNKS):
        ward = crash_and_recover(empty, tmp_path / str(number), number)
        where = f"failpoint {number}, {points[number - 1]}"
        assert ward.digest() == digest, where
        assert all(answers[message] == answer for message, answer in ward.acknowledged), where
        oracle.check(ward)
        ward.abandon()


def test_ft2_what_was_committed_and_not_answered_gets_the_stored_answer(
    empty: Path, unfaulted: tuple[str, dict[bytes, bytes]], tmp_path: Path
) -> None:
    _, answers = unfaulted
    points = points_of(empty, tmp_path / "counted")
    for number in (place for place, name in enumerate(points, 1) if name == "before _committed"):
        ward = crash_and_recover(empty, tmp_path / str(number), number)
        before = len(list(ward.log.messages()))
        for said in SCRIPT:
            assert ward.send(said.message) == [answers[said.message]]
        assert len(list(ward.log.messages())) == before
        oracle.check(ward)
        ward.abandon()


def test_ft1_a_crash_during_recovery_changes_nothing(empty: Path, unfaulted: tuple[str, dict[bytes, bytes]], tmp_path: Path) -> None:
    ward = Hospital(copy_of(empty, tmp_path / "a"), ManualClock(), KIT)
    play(ward, SCRIPT)
    for number in range(4):
        ward = ward.crashed_copy(tmp_path / f"again{number}")
        ward.turn()
    assert ward.digest() == unfaulted[0]
    oracle.check(ward)
    ward.abandon()


def test_ft3_a_torn_end_that_had_not_been_committed_is_cut_off(empty: Path, tmp_path: Path) -> None:
    """Bytes after the last commit, as a write that was cut off leaves them, are not part of the log."""
    ward = Hospital(copy_of(empty, tmp_path / "a"), ManualClock(), KIT)
    play(ward, SCRIPT)
    digest = ward.digest()
    torn = copy_of(ward.path, tmp_path / "torn")
    wal = torn / "log" / "0001.db-wal"
    wal.write_bytes(wal.read_bytes() + wal.read_bytes()[-2000:-700])
    again = Hospital(torn, ward.clock, KIT)
    assert again.digest() == digest
    for each in (again, ward):
        each.abandon()


def test_ft3_an_end_that_had_been_committed_and_is_gone_is_noticed(empty: Path, tmp_path: Path) -> None:
    ward = Hospital(copy_of(empty, tmp_path / "a"), ManualClock(), KIT)
    play(ward, SCRIPT)
    torn = copy_of(ward.path, tmp_path / "torn")
    wal = torn / "log" / "0001.db-wal"
    wal.write_bytes(wal.read_bytes()[:-5000])
    with pytest.raises(StorageBroken, match="had been committed"):
        Hospital(torn, ward.clock, KIT)
    ward.abandon()


def test_ft1_a_crash_while_the_folder_is_being_made_leaves_one_that_can_be_made(tmp_path: Path) -> None:
    def watch(patch: pytest.MonkeyPatch, number: int = 0) -> Failpoints:
        return Failpoints(number).watch(patch, Path, "rename", "mkdir", "write_text").watch(patch, os, "fsync")

    with pytest.MonkeyPatch.context() as patch:
        points = watch(patch)
        Hospital(tmp_path / "counted", ManualClock(), KIT).abandon()
    for number in range(1, len(points.passed) + 1):
        folder = tmp_path / str(number)
        with pytest.MonkeyPatch.context() as patch:
            watch(patch, number)
            with pytest.raises(Crash):
                Hospital(folder, ManualClock(), KIT)
        folder.mkdir(exist_ok=True)
        ward = Hospital(copy_of(folder, tmp_path / f"{number} again"), ManualClock(), KIT)
        play(ward, SCRIPT[:2])
        oracle.check(ward)
        ward.abandon()
