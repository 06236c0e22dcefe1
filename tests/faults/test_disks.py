"""FT-6, FT-7 and FT-8: a disk that is full, that fails, that cannot be written: nothing is promised that is not kept."""

import asyncio
from random import Random
from string import ascii_letters

import pytest

from support import oracle
from support.clocks import MORNING
from support.events import hours
from support.faults import BadDisk, SmallDisk
from support.fixtures import OpenHospital
from support.hospital import Hospital, Kit, copy_of, texts
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from wardline.adapters.embedded.logfile import LogFile
from wardline.core.errors import StorageBroken, StorageFull
from wardline.core.events import Assigned, Measured
from wardline.core.statements import Statement

SMALL, BAD = Kit(log=SmallDisk), Kit(log=BadDisk)


MOST = 120


def noise(length: int, seed: int = 0) -> str:
    """Text that does not compress."""
    return "".join(Random(seed).choices(ascii_letters, k=length))


def flood() -> list[bytes]:
    """Messages of half a page each, then ever smaller ones."""
    sizes = [1500] * (MOST // 2) + [300] * (MOST // 4) + [1] * (MOST // 4)
    return [
        oru(BEN, Obx("2823-3", 4.5), Obx("NOTE^Text^L", noise(size, number), kind="TX"), at=MORNING, order=f"L{number}", control=f"F{number}")
        for number, size in enumerate(sizes)
    ]


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(kit=SMALL)
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    return hospital


def fill(ward: Hospital) -> tuple[int, list[bytes]]:
    """Send until not even a small message fits; returns how many were taken, and what the others were answered."""
    ward.log.leave(12)  # type: ignore[attr-defined]
    answers = [ward.send(message)[0] for message in flood()]
    refused = [answer for answer in answers if texts([answer]) != ["AA"]]
    return len(answers) - len(refused), refused


def test_ft6_on_a_full_disk_senders_hear_that_nothing_can_be_stored(ward: Hospital) -> None:
    taken, refused = fill(ward)
    assert 0 < taken < MOST
    assert set(texts(refused)) == {"AE"}
    assert all(b"keep the message and send it again" in answer for answer in refused)
    assert ward.engine.full_since == MORNING


def test_ft6_an_enhanced_mode_sender_gets_a_commit_error(ward: Hospital) -> None:
    fill(ward)
    message = oru(ADA, Obx("NOTE^Text^L", noise(90_000), kind="TX"), at=MORNING, accept="AL", application_ack="NE")
    assert texts(ward.send(message)) == ["CE"]


def test_ft6_nothing_acknowledged_is_lost_and_nothing_refused_is_half_there(ward: Hospital) -> None:
    taken, _ = fill(ward)
    assert len(list(ward.log.messages(limit=10_000))) == 2 + taken
    assert len([event for event in ward.events(Measured) if event.value.concept == "potassium"]) == taken
    oracle.check(ward)


def test_ft6_the_house_works_again_when_there_is_room_and_resent_messages_are_taken(ward: Hospital) -> None:
    taken, _ = fill(ward)
    ward.log.make_room()  # type: ignore[attr-defined]
    again = [ward.send(message)[0] for message in flood()]
    assert set(texts(again)) == {"AA"}
    assert ward.engine.full_since is None
    assert len([event for event in ward.events(Measured) if event.value.concept == "potassium"]) == MOST
    assert taken < MOST
    oracle.check(ward)


def test_ft6_screens_keep_what_they_have_and_timers_wait(ward: Hospital) -> None:
    fill(ward)
    ward.clock.step(hours(13))
    ward.turn()
    assert ward.answer(ADA).value == 14  # type: ignore[union-attr]
    ward.log.make_room()  # type: ignore[attr-defined]
    ward.turn()
    assert ward.answer(ADA).outcome == "unknown"  # type: ignore[union-attr]
    oracle.check(ward)


def test_ft6_what_a_person_wants_recorded_is_refused_aloud(ward: Hospital) -> None:
    fill(ward)

    async def assign() -> None:
        ward.engine.start()
        big = noise(200_000)
        await ward.engine.record(lambda house, now: [Statement(Assigned("nurse", big), ward.key(ADA), now)], actor="eve")

    with pytest.raises(StorageFull):
        asyncio.run(assign())
    assert ward.timeline(ADA).assigned == {}


def test_ft6_a_snapshot_that_does_not_fit_costs_nobody_an_answer(ward: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*arguments: object) -> None:
        raise StorageFull("the disk is full")

    monkeypatch.setattr("wardline.engine.loop.STEPS_PER_SNAPSHOT", 1)
    monkeypatch.setattr(SmallDisk, "save", no_room)
    assert texts(ward.send(oru(ADA, Obx("2823-3", 4.5), at=MORNING, order="L1"))) == ["AA"]
    assert ward.engine.broken is None
    oracle.check(ward)


def test_ft7_after_a_failed_durable_write_nothing_is_acknowledged_and_nothing_retried(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=BAD)
    ward.send(adt("A01", ADA, at=MORNING))
    ward.log.fails = True  # type: ignore[attr-defined]
    assert ward.send_together(vitals(ADA, ILL, at=MORNING), vitals(BEN, WELL, at=MORNING)) == []
    assert isinstance(ward.engine.broken, StorageBroken)
    ward.log.fails = False  # type: ignore[attr-defined]
    assert ward.send(vitals(BEN, WELL, at=MORNING)) == []
    assert ward.engine.is_full


def test_ft7_whoever_waits_for_the_broken_house_hears_of_it(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=BAD)
    ward.log.fails = True  # type: ignore[attr-defined]

    async def two_commands() -> list[BaseException | object]:
        ward.engine.start()
        statement = [Statement(Assigned("nurse", "eve"), ward.key(ADA), MORNING)]
        first = ward.engine.record(lambda house, now: statement, actor="eve")
        together = await asyncio.gather(first, return_exceptions=True)
        later = await asyncio.gather(
            ward.engine.record(lambda house, now: statement, actor="eve"), ward.engine.repair(1, b"", actor="eve"), return_exceptions=True
        )
        return [*together, *later]

    assert [type(error) for error in asyncio.run(two_commands())] == [StorageBroken] * 3


def test_ft7_the_process_is_told_to_stop_and_restarts_from_the_last_durable_point(open_hospital: OpenHospital) -> None:
    told: list[Exception] = []
    ward = open_hospital(kit=BAD)
    ward.engine.on_broken = told.append
    ward.send(adt("A01", ADA, at=MORNING))
    ward.log.fails = True  # type: ignore[attr-defined]
    message = vitals(ADA, ILL, at=MORNING)
    ward.send(message)
    assert [type(error) for error in told] == [StorageBroken]
    again = ward.crashed_copy(ward.path.with_name("again"))
    assert again.answer(ADA) is None
    assert texts(again.send(message)) == ["AA"]
    oracle.check(again)
    again.abandon()


def test_ft8_a_log_that_became_read_only_refuses_and_does_not_stop(open_hospital: OpenHospital) -> None:
    ward = open_hospital()
    ward.send(adt("A01", ADA, at=MORNING))
    ward.log._file.run("PRAGMA query_only = ON")
    assert texts(ward.send(vitals(ADA, ILL, at=MORNING))) == ["AE"]
    assert ward.engine.broken is None
    ward.log._file.run("PRAGMA query_only = OFF")
    assert texts(ward.send(vitals(ADA, ILL, at=MORNING))) == ["AA"]
    oracle.check(ward)


def test_ft8_a_log_somebody_else_holds_locked_refuses_and_does_not_stop(open_hospital: OpenHospital) -> None:
    ward = open_hospital()
    ward.send(adt("A01", ADA, at=MORNING))
    ward.log._file.run("PRAGMA busy_timeout = 20")
    other = LogFile(ward.path / "log" / "0001.db")
    other.begin()
    assert texts(ward.send(vitals(ADA, ILL, at=MORNING))) == ["AE"]
    other.rollback()
    other.close()
    assert texts(ward.send(vitals(ADA, ILL, at=MORNING))) == ["AA"]
    oracle.check(ward)


def test_ft6_a_full_disk_under_the_key_file_is_a_full_disk(open_hospital: OpenHospital) -> None:
    ward = open_hospital()
    ward.send(adt("A01", ADA, at=MORNING))
    (pages,) = ward.seal._connection.execute("PRAGMA page_count").fetchone()
    ward.seal._connection.execute(f"PRAGMA max_page_count = {pages}")
    answers = [ward.send(vitals(ADA._replace(number=f"{number}"), WELL, at=MORNING))[0] for number in range(80)]
    assert set(texts(answers)) == {"AA", "AE"}
    ward.seal._connection.execute("PRAGMA max_page_count = 1000000")
    assert texts(ward.send(vitals(ADA._replace(number="5000"), WELL, at=MORNING))) == ["AA"]
    oracle.check(ward)


def test_ft6_a_copy_taken_while_the_disk_was_full_opens(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=SMALL)
    taken, _ = fill(ward)
    again = Hospital(copy_of(ward.path, ward.path.with_name("again")), ward.clock, SMALL)
    assert len(list(again.log.messages(limit=10_000))) == taken
    oracle.check(again)
    again.abandon()
