"""FT-24: what crashes a capability, the reader or the fold every time is put aside; everybody else goes on."""

import asyncio
from pathlib import Path

import pytest

from support import oracle
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Kit, texts
from support.messages import ADA, BEN, WELL, Obx, adt, oru, vitals
from support.questions import FATAL_PULSE, OUT_OF_LIMITS, STUMBLING
from support.served import Served
from wardline.core.events import Alerted, Event, GapAhead, GapClosed, Incident, Lapsed, Measured, Overdue
from wardline.core.ports import Outgoing
from wardline.core.statements import Received
from wardline.engine import loop
from wardline.engine.assessing import FAILED
from wardline.engine.turn import TRIES
from wardline.intake.hl7v2.reader import Hl7v2Reader

POISON = b"arsenic"


class Reader(Hl7v2Reader):
    """A reader with a bug: it fails on one word, wherever it stands."""

    tries = 0
    even_the_outline = False

    def read(self, raw, hear) -> Received:  # type: ignore[no-untyped-def]
        if POISON in raw:
            Reader.tries += 1
            raise RecursionError("a bug in the reader")
        return super().read(raw, hear)

    def outline(self, raw, hear) -> Received:  # type: ignore[no-untyped-def]
        if POISON in raw and self.even_the_outline:
            raise RecursionError("and in its first lines")
        return super().outline(raw, hear)


class Brittle:
    """A reaction with a bug: its fold fails on one value, and its timer whenever it is asked."""

    name = "brittle"
    fails_on_time = False

    def apply(self, event: Event) -> None:
        if isinstance(event.value, Lapsed) or (isinstance(event.value, Measured) and event.value.value == 6.66):
            raise KeyError("a bug in a fold")

    def react(self, event, patients, now):  # type: ignore[no-untyped-def]
        return ()

    def next_due(self):  # type: ignore[no-untyped-def]
        return MORNING if self.fails_on_time else None

    def tick(self, now, patients):  # type: ignore[no-untyped-def]
        raise KeyError("a bug in a timer")

    def outgoing(self) -> tuple[Outgoing, ...]:
        return ()

    def dump(self) -> list[int]:
        return []

    def load(self, state: object) -> None:
        """Nothing is kept."""


@pytest.fixture(autouse=True)
def _fresh_bugs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "tries", 0)
    monkeypatch.setattr(Reader, "even_the_outline", False)
    monkeypatch.setattr(Brittle, "fails_on_time", False)


def poisoned(control: str = "") -> bytes:
    return oru(ADA, Obx("2823-3", "arsenic", kind="ST"), at=MORNING, order="L1", control=control)


def test_ft24_a_capability_that_raises_is_isolated_and_its_last_answer_is_taken_down(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(capabilities=(NEWS2, STUMBLING)))
    ward.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))
    ward.clock.step(hours(1))
    assert texts(ward.send(vitals(ADA, WELL | {"8867-4": FATAL_PULSE}, at=ward.clock.now()))) == ["AA"]
    assert set(ward.engine.assessments.failures) == {"stumbling"}
    stumbling, news2 = ward.answer(ADA, "stumbling"), ward.answer(ADA)
    assert stumbling is not None
    assert news2 is not None
    assert (stumbling.outcome, stumbling.reason) == ("unknown", FAILED)
    assert (news2.outcome, news2.value) == ("finding", 1)  # RCP 2017, chart 1: pulse 91 to 110 scores 1
    oracle.check(ward)
    ward.clock.step(hours(1))
    ward.send(vitals(ADA, WELL, at=ward.clock.now()))
    assert ward.engine.assessments.failures == {}
    assert ward.answer(ADA, "stumbling").value == 70.0  # type: ignore[union-attr]


def test_ft24_one_patient_s_failure_does_not_take_down_another_s_answer(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(capabilities=(STUMBLING,)))
    for patient, pulse in ((BEN, 70), (ADA, FATAL_PULSE), (BEN, 71)):
        ward.send(oru(patient, Obx("8867-4", pulse), at=MORNING - hours(0.1 if pulse == 70 else 0)))
        oracle.check(ward)
    assert ward.answer(BEN, "stumbling").value == 71.0  # type: ignore[union-attr]
    assert ward.answer(ADA, "stumbling").outcome == "unknown"  # type: ignore[union-attr]


def test_ft24_a_message_the_reader_fails_on_is_kept_after_three_tries(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(reader=Reader))
    message = poisoned()
    assert texts(ward.send(message)) == ["AE"]
    assert Reader.tries == TRIES
    ((seq, _, record),) = ward.log.quarantined()
    assert record.fate.problem is not None
    assert record.fate.problem.code == "poison"
    assert ward.log.raw(seq) == message
    oracle.check(ward)


def test_ft24_the_lane_goes_on_and_the_patient_is_marked_gap_ahead(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(reader=Reader))
    before, after = oru(ADA, Obx("2823-3", 4.0), at=MORNING, order="L0"), oru(ADA, Obx("2823-3", 5.0), at=MORNING, order="L2")
    other = oru(BEN, Obx("2823-3", 4.5), at=MORNING, order="L3")
    assert texts(ward.send_together(before, poisoned(), other, after)) == ["AA", "AE", "AA", "AA"]
    assert list(ward.timeline(ADA).gaps) == [event.value.message for event in ward.events(GapAhead)]
    assert [event.value.value for event in ward.timeline(ADA).observations.of("potassium")] == [4.0, 5.0]
    assert ward.timeline(BEN).gaps == {}
    oracle.check(ward)


def test_ft24_the_same_poison_again_gets_the_stored_answer_and_is_not_tried_again(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(reader=Reader))
    message = poisoned()
    first = ward.send(message)
    assert ward.send(message) == first
    assert len(list(ward.log.quarantined())) == 1


def test_ft24_a_message_whose_first_lines_are_poison_is_kept_too(open_hospital: OpenHospital, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = open_hospital(kit=Kit(reader=Reader))
    monkeypatch.setattr(Reader, "even_the_outline", True)
    ward.send_together(poisoned(), vitals(BEN, WELL, at=MORNING))
    ((seq, _, record),) = ward.log.quarantined()
    assert (record.feed, POISON in ward.log.raw(seq)) == ("unreadable", True)
    assert ward.answer(BEN) is not None


def test_ft24_a_message_the_fold_fails_on_is_put_aside_and_nothing_of_it_stays(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(reactions=lambda: (Brittle(),), capabilities=(OUT_OF_LIMITS,)))
    good, bad = oru(ADA, Obx("2823-3", 4.0), at=MORNING, order="L0"), oru(ADA, Obx("2823-3", 6.66), at=MORNING, order="L1")
    assert texts(ward.send_together(good, bad, vitals(BEN, WELL, at=MORNING))) == ["AA", "AE", "AA"]
    assert [event.value.value for event in ward.timeline(ADA).observations.of("potassium")] == [4.0]
    assert ward.events(Alerted, Incident) == []
    assert ward.answer(BEN, "out_of_limits", "potassium") is None
    oracle.check(ward)


def test_ft24_something_due_that_fails_every_time_does_not_stop_messages(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(reactions=lambda: (Brittle(),)))
    ward.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))
    ward.clock.step(hours(13))
    assert texts(ward.send(oru(BEN, Obx("2823-3", 4.5), at=ward.clock.now(), order="L3"))) == ["AA"]
    assert "timers" in ward.engine.assessments.failures
    assert ward.events(Lapsed) == []
    oracle.the_log_is_in_order(ward)
    oracle.folding_again_gives_the_same(ward)


def test_ft24_a_timer_that_fails_does_not_stop_messages(open_hospital: OpenHospital, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = open_hospital(kit=Kit(reactions=lambda: (Brittle(),)))
    monkeypatch.setattr(Brittle, "fails_on_time", True)
    assert texts(ward.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))) == ["AA", "AA"]
    ward.clock.step(hours(3))
    ward.turn()
    assert len(ward.events(Overdue)) == 0
    assert "brittle" in ward.engine.assessments.failures
    oracle.check(ward)


def test_ft24_a_repaired_poison_closes_the_gap(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(reader=Reader))
    ward.send(poisoned(control="77"))
    ((seq, _, _),) = ward.log.quarantined()

    async def repair() -> str:
        ward.engine.start()
        fate = await ward.engine.repair(seq, poisoned(control="77").replace(POISON, b"4.9"), actor="eve")
        return fate.state

    assert asyncio.run(repair()) == "stored"
    assert [event.value.message for event in ward.events(GapClosed)] == [seq]
    assert ward.timeline(ADA).gaps == {}
    oracle.check(ward)


# After a crash: the message that kills the process ------------------------------------------------------------------------------


class Killer(Hl7v2Reader):
    """Reading one message kills the process: nothing in it can catch that."""

    def read(self, raw, hear) -> Received:  # type: ignore[no-untyped-def]
        if POISON in raw:
            raise SystemExit("out of memory")
        return super().read(raw, hear)


def test_ft24_a_message_that_kills_the_process_is_put_aside_after_three_crashes(open_hospital: OpenHospital) -> None:
    kit, message, innocent = Kit(reader=Killer), poisoned(), oru(ADA, Obx("2823-3", 4.0), at=MORNING, order="L0")
    crashes = 0
    while True:
        ward = open_hospital(kit=kit)
        ward.engine.cautious = crashes > 0
        for each in (message, innocent):
            ward.hand_in(each)
        try:
            ward.turn()
            ward.turn()
            break
        except SystemExit:
            crashes += 1
            ward.abandon()
    assert crashes == TRIES + 1  # the first one was not counted: nobody was careful yet
    assert texts(answer for _, answer in ward.acknowledged) == ["AE", "AA"]
    assert list(ward.timeline(ADA).gaps) == [seq for seq, _, _ in ward.log.quarantined()]
    assert [event.value.value for event in ward.timeline(ADA).observations.of("potassium")] == [4.0]
    oracle.check(ward)


def test_ft24_caution_ends_when_enough_messages_went_without_trouble(open_hospital: OpenHospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "CALM_AFTER", 40)
    ward = open_hospital()
    ward.engine.cautious = True
    for number in range(40):
        ward.hand_in(oru(BEN, Obx("2823-3", 4.0), at=MORNING, order=f"L{number}"))
    while ward.engine._deliveries:
        ward.turn()
    assert not ward.engine.cautious
    assert not (ward.path / "log" / "attempts.db").exists()


def test_ft24_only_after_a_crash_are_messages_taken_one_by_one(tmp_path: Path) -> None:
    """Being careful costs a durable write for each message: a house that ended in order begins at full speed."""
    attempts = tmp_path / "data" / "log" / "attempts.db"
    with Served(tmp_path / "data") as first:
        first.send(oru(BEN, Obx("2823-3", 4.0), at=MORNING, order="L1"))
    with Served(tmp_path / "data") as second:
        second.send(oru(BEN, Obx("2823-3", 4.0), at=MORNING, order="L2"))
        assert not attempts.exists()
        second.kill()
    with Served(tmp_path / "data") as third:
        third.send(oru(BEN, Obx("2823-3", 4.0), at=MORNING, order="L3"))
        assert attempts.exists()
