"""FT-16: what comes late is put where it belongs in time; answers about the past are revised and marked, nobody is paged for them."""

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.core.events import Alerted, Event, Found

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    """Ada is in and well; her temperature of eight o'clock was never sent."""
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING))
    hospital.send(vitals(ADA, {code: value for code, value in WELL.items() if code != "8310-5"}, at=MORNING))
    return hospital


def late_temperature(ward: Hospital, *, delay: float, value: float = 39.5) -> list[Event]:
    """Send the temperature of eight o'clock `delay` hours later; returns the answers recorded since."""
    ward.clock.step(hours(delay))
    ward.turn()
    before = len(ward.events(Found))
    ward.send(oru(ADA, Obx("8310-5", value), at=ward.clock.now(), observed=MORNING, application="MONITOR"))
    return ward.events(Found)[before:]


@pytest.mark.parametrize("delay", [1, 3 * 24])
def test_ft16_a_late_result_is_on_the_timeline_at_its_own_time(ward: Hospital, delay: float) -> None:
    late_temperature(ward, delay=delay)
    assert [event.occurred_at for event in ward.timeline(ADA).observations.of("temperature")] == [MORNING]
    oracle.check(ward)


@pytest.mark.parametrize("delay", [1, 3 * 24])
def test_ft16_an_answer_about_the_past_is_given_again_and_marked(ward: Hospital, delay: float) -> None:
    revised = [event for event in late_temperature(ward, delay=delay) if event.value.revised]
    # RCP 2017, chart 1: 39.1 and above scores 2. Before, the temperature was missing.
    assert [(event.occurred_at, event.value.outcome, event.value.value) for event in revised] == [(MORNING, "finding", 2)]
    at_eight = [event.value for event in ward.timeline(ADA).answers_over_time["news2", ""] if event.occurred_at == MORNING]
    assert [(found.outcome, found.value) for found in at_eight] == [("finding", 2)]


def test_ft16_what_was_shown_at_the_time_stays_in_the_log(ward: Hospital) -> None:
    late_temperature(ward, delay=1)
    shown = [event.value for event in ward.events(Found) if event.occurred_at == MORNING]
    assert [(found.outcome, found.revised) for found in shown] == [("at_least", False), ("finding", True)]


def test_ft16_a_result_after_the_discharge_revises_the_stay_and_changes_nothing_now(ward: Hospital) -> None:
    ward.clock.step(hours(1))
    ward.send(adt("A03", ADA, at=ward.clock.now()))
    news = late_temperature(ward, delay=5)
    assert [event.value.revised for event in news] == [True]
    assert not ward.timeline(ADA).place.is_in
    assert ward.events(Alerted) == []
    oracle.check(ward)


def test_ft16_a_result_older_than_any_question_looks_back_pages_nobody(ward: Hospital) -> None:
    ward.clock.step(hours(25))
    ward.send(oru(ADA, Obx("2823-3", 7.9), at=ward.clock.now(), observed=MORNING - hours(1), order="L1"))
    assert [event.value.value for event in ward.timeline(ADA).observations.of("potassium")] == [7.9]
    assert ward.events(Alerted) == []


def test_ft16_a_late_set_of_vital_signs_that_still_counts_does_alert(ward: Hospital) -> None:
    ward.clock.step(hours(1))
    ward.send(vitals(ADA, ILL, at=ward.clock.now() - hours(0.5)))
    assert len(ward.events(Alerted)) == 1
    oracle.check(ward)


def test_ft16_a_late_result_after_a_newer_one_does_not_become_the_latest(ward: Hospital) -> None:
    ward.clock.step(hours(2))
    ward.send(oru(ADA, Obx("2823-3", 4.1), at=ward.clock.now(), order="L2"))
    ward.send(oru(ADA, Obx("2823-3", 7.9), at=ward.clock.now(), observed=MORNING, order="L1"))
    assert ward.events(Alerted) == []
    assert ward.answer(ADA, "out_of_limits", "potassium") is None
    oracle.check(ward)
