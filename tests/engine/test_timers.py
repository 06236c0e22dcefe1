"""What happens when time passes: answers lapse, measurements become overdue, and nothing is lost or early."""

import pytest

from support import oracle
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, ILL, WELL, Obx, Patient, adt, oru, vitals
from support.questions import WORRY
from wardline.core.events import Found, Lapsed, Overdue
from wardline.core.timeline import VITAL_SIGNS_DUE

KIT = Kit(capabilities=(NEWS2, WORRY))


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING))
    return hospital


def at(ward: Hospital, hour: float, *messages: bytes) -> None:
    ward.clock.at = MORNING + hours(hour)
    ward.send(*messages)
    ward.turn()


def test_an_answer_lapses_when_its_first_input_is_too_old(ward: Hospital) -> None:
    ward.send(vitals(ADA, WELL, at=MORNING))
    at(ward, 12)
    assert ward.events(Lapsed) == []
    at(ward, 12.001)
    assert {event.value.capability for event in ward.events(Lapsed)} == {"news2", "a_worry"}
    answer = ward.answer(ADA)
    assert answer is not None
    assert answer.outcome == "unknown"
    oracle.check(ward)


def test_an_answer_with_one_input_too_old_goes_on_with_the_others(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 6, vitals(ADA, {code: value for code, value in ILL.items() if code != "8310-5"}, at=MORNING + hours(6)))
    at(ward, 12.001)
    answer = ward.answer(ADA)
    assert answer is not None
    # RCP 2017, chart 1: 14 without the 2 of a temperature of 39.5.
    assert (answer.outcome, answer.value, answer.missing) == ("at_least", 12, ("temperature",))
    oracle.check(ward)


def test_what_rests_on_an_answer_is_asked_again_when_that_lapses(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    assert ward.answer(ADA, "a_worry").value == "yes"  # type: ignore[union-attr]
    at(ward, 12.001)
    assert ward.answer(ADA, "a_worry").outcome == "unknown"  # type: ignore[union-attr]
    oracle.check(ward)


def test_a_renewed_value_renews_the_answer_even_if_it_is_the_same(ward: Hospital) -> None:
    ward.send(vitals(ADA, WELL, at=MORNING))
    at(ward, 6, vitals(ADA, WELL, at=MORNING + hours(6)))
    at(ward, 12.001)
    assert ward.events(Lapsed) == []
    assert ward.answer(ADA).valid_until == MORNING + hours(18)  # type: ignore[union-attr]


def test_vital_signs_are_overdue_when_the_response_to_the_score_says_so(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 0.99)
    assert ward.events(Overdue) == []
    at(ward, 1)
    (overdue,) = ward.events(Overdue)
    # RCP 2017, chart 4: 7 or more means continuous monitoring; the hour bounds when a missing measurement is called overdue.
    assert (overdue.value.what, overdue.value.due_at, overdue.value.capability) == (VITAL_SIGNS_DUE, MORNING + hours(1), "news2")
    assert list(ward.timeline(ADA).overdue) == [VITAL_SIGNS_DUE]
    oracle.check(ward)


def test_measuring_in_time_or_at_last_ends_it(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 0.5, vitals(ADA, ILL, at=MORNING + hours(0.5)))
    at(ward, 1)
    assert ward.events(Overdue) == []
    at(ward, 2)
    assert len(ward.events(Overdue)) == 1
    at(ward, 2.5, vitals(ADA, ILL, at=MORNING + hours(2.5)))
    assert ward.timeline(ADA).overdue == {}


def test_a_late_value_from_before_the_question_does_not_end_it(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 2, oru(ADA, Obx("8867-4", 80), at=MORNING + hours(2), observed=MORNING - hours(1), application="MONITOR"))
    assert list(ward.timeline(ADA).overdue) == [VITAL_SIGNS_DUE]
    oracle.check(ward)


def test_overdue_is_said_once_however_many_answers_asked(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    for hour in (2, 7, 13):
        at(ward, hour)
    assert len(ward.events(Overdue)) == 1


def test_nobody_is_watched_after_the_discharge(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 0.5, adt("A03", ADA, at=MORNING + hours(0.5)))
    at(ward, 20)
    assert ward.events(Overdue, Lapsed) == []
    oracle.check(ward)


def test_what_fell_due_during_a_discharge_that_was_cancelled_is_not_lost(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 0.5, adt("A03", ADA, at=MORNING + hours(0.5)))
    at(ward, 2)
    at(ward, 3, adt("A13", ADA, at=MORNING + hours(3), event_at=MORNING + hours(0.5)))
    assert [event.value.due_at for event in ward.events(Overdue)] == [MORNING + hours(1)]
    at(ward, 12.001)
    assert ward.events(Lapsed)
    oracle.check(ward)


def test_an_answer_that_expired_during_a_discharge_that_was_cancelled_is_taken_down(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=MORNING))
    at(ward, 0.5, adt("A03", ADA, at=MORNING + hours(0.5)))
    at(ward, 13, adt("A13", ADA, at=MORNING + hours(13), event_at=MORNING + hours(0.5)))
    assert ward.answer(ADA).outcome == "unknown"  # type: ignore[union-attr]
    oracle.check(ward)


def test_everything_due_at_once_happens_however_much_it_is(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=Kit(capabilities=(NEWS2,)))
    patients = [ADA._replace(number=f"{number}") for number in range(1200)]
    for patient in patients:
        ward.hand_in(vitals(patient, ILL, at=MORNING))
    while ward.engine._deliveries:
        ward.turn()
    at(ward, 13)
    assert len(ward.events(Overdue)) == len(ward.events(Lapsed)) == 1200
    assert ward.engine.next_due() is None or ward.engine.next_due() > ward.clock.now()  # type: ignore[operator]


def test_timers_are_kept_across_a_restart(open_hospital: OpenHospital) -> None:
    before = open_hospital(kit=KIT)
    before.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    before.close()
    after = open_hospital(clock=before.clock, kit=KIT)
    at(after, 1)
    assert len(after.events(Overdue)) == 1
    at(after, 12.001)
    assert [event.value.outcome for event in after.events(Found) if event.value.capability == "news2"] == ["finding", "unknown"]
    oracle.check(after)


def test_a_score_for_adults_answers_from_the_sixteenth_birthday_on(ward: Hospital) -> None:
    eve = MORNING.replace(hour=22)
    young = Patient("1600", "Weiss", "Mia", born=f"{MORNING.year - 16}{eve + hours(2):%m%d}")
    ward.clock.at = eve
    ward.send(adt("A01", young, at=eve), vitals(young, WELL, at=eve))
    assert ward.answer(young).outcome == "not_valid"  # type: ignore[union-attr]

    ward.clock.at = eve + hours(2.001)
    ward.turn()

    # RCP 2017: NEWS2 is for those aged 16 years or more.
    assert ward.answer(young).outcome == "finding"  # type: ignore[union-attr]
    oracle.check(ward)
