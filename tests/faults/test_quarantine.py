"""FT-25: messages put aside are repaired and taken in, one or ten thousand: once each, in order, and nobody is paged for old news."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING
from support.events import hours
from support.faults import FastLog, FastSeal
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit, texts
from support.messages import ADA, BEN, ILL, Obx, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.core.events import Alerted, GapAhead, GapClosed, Measured
from wardline.core.statements import Fate

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))
NOBODY = (b"\rPID|", b"\rPIX|")
"""How a message comes to speak about nobody, and how it is repaired."""


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    return open_hospital(kit=KIT)


def broken(message: bytes) -> bytes:
    return message.replace(*NOBODY)


def repaired(message: bytes) -> bytes:
    return message.replace(*reversed(NOBODY))


def work(ward: Hospital, task: Coroutine[Any, Any, Any]) -> Any:
    """Run the engine in an event loop until the task is done."""

    async def running() -> Any:
        ward.engine.start()
        return await task

    return asyncio.run(running())


def repair(ward: Hospital, seq: int, raw: bytes | None = None, actor: str = "eve") -> Fate:
    return work(ward, ward.engine.repair(seq, raw or repaired(ward.log.raw(seq)), actor=actor))  # type: ignore[no-any-return]


def test_ft25_a_repaired_message_is_taken_in_and_says_by_whom(ward: Hospital) -> None:
    ward.send(broken(oru(ADA, Obx("2823-3", 4.9), at=MORNING, order="L1")))
    ((seq, _, _),) = ward.log.quarantined()
    fate = repair(ward, seq)
    assert fate.state == "stored"
    (measured,) = ward.events(Measured)
    assert (measured.value.value, measured.actor) == (4.9, "eve")
    assert list(ward.log.quarantined()) == []
    assert ward.log.settlement(seq) == "replayed"
    oracle.check(ward)


def test_ft25_a_message_repaired_twice_is_taken_in_once(ward: Hospital) -> None:
    ward.send(broken(oru(ADA, Obx("2823-3", 4.9), at=MORNING, order="L1")))
    ((seq, _, _),) = ward.log.quarantined()
    raw = repaired(ward.log.raw(seq))

    async def both() -> list[Fate]:
        return list(await asyncio.gather(*(ward.engine.repair(seq, raw, actor=actor) for actor in ("eve", "mal"))))

    first, second = work(ward, both())
    again = repair(ward, seq, raw)
    assert (first.state, second.state, again.state) == ("stored", "refused", "refused")
    assert again.problem is not None
    assert again.problem.code == "settled"
    assert len(ward.events(Measured)) == 1
    oracle.check(ward)


def test_ft25_a_message_its_sender_has_repaired_in_the_meantime_is_not_taken_in_twice(ward: Hospital) -> None:
    good = oru(ADA, Obx("2823-3", 4.9), at=MORNING, order="L1", control="77")
    ward.send(broken(good))
    ((seq, _, _),) = ward.log.quarantined()
    resent = good.replace(b"|77|", b"|78|")
    ward.send(resent)
    fate = repair(ward, seq, resent)
    assert fate.state == "stored"
    assert ward.log.settlement(seq) == "replayed"
    assert len(list(ward.log.messages())) == 2
    assert len(ward.events(Measured)) == 1


def test_ft25_a_repair_that_is_still_wrong_changes_nothing(ward: Hospital) -> None:
    ward.send(broken(oru(ADA, Obx("2823-3", 4.9), at=MORNING, order="L1")))
    ((seq, _, _),) = ward.log.quarantined()
    fate = repair(ward, seq, ward.log.raw(seq))
    assert fate.state == "refused"
    assert len(list(ward.log.quarantined())) == 1
    assert len(list(ward.log.messages())) == 1


def test_ft25_a_repair_that_names_another_patient_closes_the_gap_of_the_first(ward: Hospital) -> None:
    wrong = oru(BEN, Obx("2823-3", 4.9), at=MORNING, order="L1", control="77")
    ward.send(oru(BEN, Obx("2951-2", 140, unit="mmol/L"), at=MORNING, control="77"), wrong)
    (gap,) = ward.events(GapAhead)
    assert gap.about == ward.key(BEN)
    repair(ward, gap.value.message, wrong.replace(BEN.pid().encode(), ADA.pid().encode()).replace(b"|77|", b"|78|"))
    assert [event.about for event in ward.events(GapClosed)] == [ward.key(BEN)]
    assert [event.value.value for event in ward.timeline(ADA).observations.of("potassium")] == [4.9]
    oracle.check(ward)


def test_ft25_a_dismissed_message_closes_its_gap_and_waits_no_longer(ward: Hospital) -> None:
    ward.send(oru(BEN, Obx("2823-3", 4.5), at=MORNING, control="77"), oru(BEN, Obx("2823-3", 4.9), at=MORNING, control="77"))
    ((seq, _, _),) = ward.log.quarantined()
    work(ward, ward.engine.dismiss(seq, actor="eve", note="the sender restarted its counter"))
    assert ward.log.settlement(seq) == "dismissed"
    assert list(ward.log.quarantined()) == []
    assert ward.timeline(BEN).gaps == {}
    oracle.check(ward)


def test_ft25_old_messages_taken_in_late_page_nobody(ward: Hospital) -> None:
    ward.send(broken(vitals(ADA, ILL, at=MORNING)), broken(oru(ADA, Obx("2823-3", 7.9), at=MORNING, order="L1")))
    waiting = sorted(seq for seq, _, _ in ward.log.quarantined())
    ward.clock.step(hours(48))
    for seq in waiting:
        repair(ward, seq)
    assert ward.events(Alerted) == []
    assert [event.occurred_at for event in ward.timeline(ADA).observations.of("potassium")] == [MORNING]
    oracle.check(ward)


@pytest.mark.parametrize("count", [1, 10_000])
def test_ft25_any_number_of_repaired_messages_is_taken_in_once_and_in_order(open_hospital: OpenHospital, count: int) -> None:
    ward = open_hospital(kit=Kit(log=FastLog, seal=FastSeal, capabilities=(OUT_OF_LIMITS,), reactions=lambda: (Bell(),)))
    for number in range(count):
        at, order = MORNING + hours(number / 3600), f"L{number // 20}"
        ward.hand_in(broken(oru(ADA, Obx("2823-3", 3.0 + number % 7 / 10, "C" if number % 20 else "F"), at=at, observed=MORNING, order=order)))
    while ward.engine._deliveries:
        ward.turn()
    assert set(texts(answer for _, answer in ward.acknowledged)) == {"AE"}
    ward.clock.step(hours(count / 3600 + 48))
    waiting = sorted(seq for seq, _, _ in ward.log.quarantined(limit=count + 1))
    assert len(waiting) == count

    async def everything() -> list[Fate]:
        return list(await asyncio.gather(*(ward.engine.repair(seq, repaired(ward.log.raw(seq)), actor="eve") for seq in waiting)))

    fates = work(ward, everything())
    assert {fate.state for fate in fates} == {"stored"}
    assert [fate.seq for fate in fates] == sorted(fate.seq for fate in fates)
    standing = {event.value.order: event.value.value for event in ward.timeline(ADA).observations.of("potassium")}
    last_of_each = {f"L{number // 20}": 3.0 + number % 7 / 10 for number in range(count)}
    assert standing == pytest.approx(last_of_each)
    assert list(ward.log.quarantined()) == []
    assert ward.events(Alerted) == []
