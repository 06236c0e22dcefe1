"""FT-13 and FT-14: the same message again has one effect and one answer; another message under the same name is put aside."""

import random

import pytest

from support import oracle
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import Hospital, texts
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from wardline.core.events import GapAhead, Measured
from wardline.engine.turn import REMEMBERED


@pytest.mark.parametrize("copies", [2, 3, 10, 1000])
def test_ft13_any_number_of_copies_has_one_effect_and_one_answer(hospital: Hospital, copies: int) -> None:
    message = oru(ADA, Obx("2823-3", 4.9), at=MORNING, order="L1")
    answers = hospital.send_together(*[message] * (copies // 2)) + hospital.send(*[message] * (copies - copies // 2))
    while len(answers) < copies:
        answers += hospital.send_together()
    assert set(answers) == {answers[0]}
    assert len(hospital.events(Measured)) == 1
    assert hospital.engine.stats.duplicates == copies - 1
    oracle.check(hospital)


def test_ft13_copies_among_other_messages_have_one_effect_each(hospital: Hospital) -> None:
    script = [adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING), vitals(BEN, ILL, at=MORNING), oru(ADA, Obx("2823-3", 4.9), at=MORNING)]
    mixed = script * 25
    random.Random(13).shuffle(mixed)
    answers: dict[bytes, set[bytes]] = {}
    for message in mixed:
        answers.setdefault(message, set()).update(hospital.send(message))
    assert all(len(each) == 1 for each in answers.values())
    assert len(hospital.events(Measured)) == 7 + 7 + 1
    oracle.check(hospital)


def test_ft13_a_copy_sent_at_another_time_is_still_a_copy(hospital: Hospital) -> None:
    first, again = (oru(ADA, Obx("2823-3", 4.9), at=MORNING + hours(hour), observed=MORNING, control="77") for hour in (0, 1))
    hospital.clock.step(hours(1))
    assert hospital.send(first) == hospital.send(again)
    assert len(hospital.events(Measured)) == 1


def test_ft13_a_copy_after_a_restart_gets_the_stored_answer(open_hospital: OpenHospital) -> None:
    before = open_hospital()
    message = vitals(ADA, ILL, at=MORNING)
    first = before.send(message)
    before.close()
    after = open_hospital(clock=before.clock)
    assert after.send(message) == first
    oracle.check(after)


def test_ft13_a_copy_of_a_message_in_quarantine_gets_the_same_refusal(hospital: Hospital) -> None:
    broken = oru(ADA, Obx("2823-3", 4.9), at=MORNING).replace(b"PID|", b"PIX|")
    assert hospital.send(broken) == hospital.send(broken)
    assert len(list(hospital.log.quarantined())) == 1


def test_ft14_another_message_under_the_same_control_id_is_put_aside(hospital: Hospital) -> None:
    first, other = oru(ADA, Obx("2823-3", 4.9), at=MORNING, control="77"), oru(ADA, Obx("2823-3", 7.1), at=MORNING, control="77")
    assert texts(hospital.send(first, other)) == ["AA", "AE"]
    assert [event.value.value for event in hospital.events(Measured)] == [4.9]
    assert [event.value.reason for event in hospital.events(GapAhead)] == ["this control id (MSH-10) was already used for a different message"]
    oracle.check(hospital)


def test_ft14_after_a_reused_id_each_message_still_gets_its_own_answer_again(hospital: Hospital) -> None:
    first, other = oru(ADA, Obx("2823-3", 4.9), at=MORNING, control="77"), oru(ADA, Obx("2823-3", 7.1), at=MORNING, control="77")
    answers = hospital.send(first, other)
    assert hospital.send(first, other) == answers
    assert hospital.send_together(other, first, other) == [answers[1], answers[0], answers[1]]
    assert len(list(hospital.log.messages())) == 2


def test_ft14_in_one_turn_the_second_of_two_messages_under_one_id_is_put_aside(hospital: Hospital) -> None:
    first, other = oru(ADA, Obx("2823-3", 4.9), at=MORNING, control="77"), oru(BEN, Obx("2823-3", 7.1), at=MORNING, control="77")
    assert texts(hospital.send_together(first, other, first)) == ["AA", "AE", "AA"]
    oracle.check(hospital)


def test_ft14_two_senders_may_use_the_same_control_id(hospital: Hospital) -> None:
    lab, monitor = (oru(ADA, Obx("2823-3", 4.9), at=MORNING, control="77", application=name) for name in ("LAB", "MONITOR"))
    assert texts(hospital.send(lab, monitor)) == ["AA", "AA"]


def test_ft14_a_sender_that_restarts_its_counter_next_month_is_understood(hospital: Hospital) -> None:
    later = MORNING + REMEMBERED + hours(1)
    first = oru(ADA, Obx("2823-3", 4.9), at=MORNING, control="1")
    hospital.send(first)
    hospital.clock.at = later
    assert texts(hospital.send(oru(BEN, Obx("2823-3", 5.0), at=later, control="1"))) == ["AA"]
