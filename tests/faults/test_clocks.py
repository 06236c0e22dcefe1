"""FT-12: steps of the clock forward and back, daylight saving, results from the future, messages from the year 9999."""

from datetime import UTC, datetime, timedelta

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING, ManualClock
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import MONITOR, NEWS2, Hospital, Kit, texts
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.adapters.embedded.clocks import FeedClock
from wardline.capabilities.laboratory.corrected_sodium import corrected_sodium
from wardline.core.capability import ATTRIBUTE, Capability
from wardline.core.events import Escalated, Found, GapAhead, Lapsed, Overdue
from wardline.core.flags import AMBIGUOUS, ASSUMED_ZONE, FUTURE, SENDER_AHEAD, SKIPPED
from wardline.intake.hl7v2.sources import Source, zone_named

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))
CORRECTED_SODIUM: Capability = getattr(corrected_sodium, ATTRIBUTE)
LONDON = Source("LAB", zone_named("Europe/London"), application="LAB", confirmed=True)


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    """Ada is very ill: vital signs are due within the hour, the bell rings again after a quarter of one."""
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    return hospital


def step(ward: Hospital, by: float) -> None:
    ward.clock.step(hours(by))
    ward.turn()


@pytest.mark.parametrize("back", [1 / 3600, 1, 24])
def test_ft12_a_clock_set_back_makes_nothing_happen_early_and_nothing_get_lost(ward: Hospital, back: float) -> None:
    step(ward, 0.2)
    step(ward, -back)
    assert ward.events(Escalated, Overdue) == []
    step(ward, back)
    assert ward.events(Escalated, Overdue) == []
    step(ward, 0.05)
    assert len(ward.events(Escalated)) == 1
    step(ward, 1)
    assert len(ward.events(Escalated)) == 1
    assert len(ward.events(Overdue)) == 1
    oracle.check(ward)


def test_ft12_with_the_clock_set_back_messages_are_still_taken_in_order(ward: Hospital) -> None:
    step(ward, -2)
    assert texts(ward.send(oru(BEN, Obx("2823-3", 7.1), at=ward.clock.now(), order="L1"))) == ["AA"]
    oracle.check(ward)


@pytest.mark.parametrize("forward", [1 / 3600, 1, 24])
def test_ft12_a_clock_set_forward_lets_everything_due_happen_once(ward: Hospital, forward: float) -> None:
    step(ward, forward)
    for _ in range(5):
        ward.turn()
    assert len(ward.events(Escalated)) == (1 if forward >= 1 else 0)
    assert len(ward.events(Lapsed)) == (1 if forward > 12 else 0)
    oracle.check(ward)


def test_ft12_what_fell_due_while_nobody_was_running_is_recorded_when_it_is_known(ward: Hospital, open_hospital: OpenHospital) -> None:
    ward.close()
    later = ManualClock(MORNING + hours(3))
    again = open_hospital(clock=later, kit=KIT)
    again.turn()
    (overdue,) = again.events(Overdue)
    assert (overdue.recorded_at, overdue.value.due_at) == (MORNING + hours(3), MORNING + hours(1))
    oracle.check(again)


def test_ft12_on_a_feed_s_clock_what_falls_due_between_messages_happens_at_its_own_time(open_hospital: OpenHospital) -> None:
    ward = open_hospital(clock=FeedClock(), kit=KIT, clock_kind="feed")
    ward.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING))
    ward.send(oru(BEN, Obx("2823-3", 4.1), at=MORNING + hours(3), order="L1"))
    (overdue,) = ward.events(Overdue)
    assert overdue.recorded_at == MORNING + hours(1)
    oracle.check(ward)


def test_ft12_an_observation_from_the_future_is_flagged_and_not_the_latest(ward: Hospital) -> None:
    tomorrow = MORNING + hours(24)
    ward.send(oru(ADA, Obx("2823-3", 7.9), at=MORNING, observed=tomorrow, order="L1"))
    (kept,) = ward.timeline(ADA).observations.of("potassium")
    assert (kept.value.value, kept.value.flags) == ("7.9", (FUTURE,))
    step(ward, 25)
    assert ward.answer(ADA, "out_of_limits", "potassium") is None
    oracle.check(ward)


def test_ft12_a_coded_answer_from_the_future_is_not_scored_either(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("67775-7", "U", kind="CWE"), at=MORNING, observed=MORNING + hours(2), application="MONITOR"))
    step(ward, 3)
    assert [line[1] for line in ward.answer(ADA).because if line[0] == "consciousness"] == ["A"]  # type: ignore[union-attr]


def test_ft12_a_sender_a_little_ahead_means_now(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("2823-3", 7.9), at=MORNING + timedelta(minutes=4), order="L1"))
    (kept,) = ward.timeline(ADA).observations.of("potassium")
    assert (kept.occurred_at, kept.value.value, kept.value.flags) == (MORNING, 7.9, (SENDER_AHEAD,))


def test_ft12_the_year_9999_does_not_move_a_feed_s_clock(open_hospital: OpenHospital) -> None:
    ward = open_hospital(clock=FeedClock(), clock_kind="feed")
    ward.send(adt("A01", ADA, at=MORNING))
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    absurd = oru(ADA, Obx("2823-3", 7.9), at=never, observed=MORNING, order="L1")
    assert texts(ward.send(absurd)) == ["AE"]
    assert ward.clock.now() == MORNING
    (gap,) = ward.events(GapAhead)
    assert gap.value.reason == f"the message time (MSH-7) is {(never - MORNING).days} days ahead of the feeds' clock"
    assert texts(ward.send(vitals(ADA, WELL, at=MORNING + hours(1)))) == ["AA"]
    oracle.check(ward)


def test_ft12_a_feed_s_clock_does_not_begin_in_the_year_9999(open_hospital: OpenHospital) -> None:
    ward = open_hospital(clock=FeedClock(), clock_kind="feed")
    absurd = adt("A01", BEN, at=datetime(9999, 1, 1, tzinfo=UTC))
    assert texts(ward.send(absurd, adt("A01", ADA, at=MORNING))) == ["AE", "AA"]
    assert ward.clock.now() == MORNING


def test_ft12_on_the_wall_clock_a_message_from_the_year_9999_decides_nothing_for_later_ones(ward: Hospital) -> None:
    end_of_time = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    ward.send(oru(ADA, Obx("2823-3", 7.9), at=end_of_time, observed=MORNING, order="L1"))
    ward.send(adt("A08", ADA._replace(family="Wrong"), at=end_of_time))
    step(ward, 1)
    ward.send(adt("A08", ADA, at=ward.clock.now()))
    assert ward.timeline(ADA).person.family == "Moss"  # type: ignore[union-attr]
    oracle.check(ward)


@pytest.mark.parametrize(
    ("written", "meant", "flags"),
    [
        ("20260329003000", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), (ASSUMED_ZONE,)),
        ("20260329013000", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), (ASSUMED_ZONE, SKIPPED)),  # from 01:00 GMT clocks show 02:00 BST
        ("20260329023000", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), (ASSUMED_ZONE,)),
        ("20261025013000", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), (ASSUMED_ZONE, AMBIGUOUS)),  # 01:30 comes twice
        ("20261025013000+0000", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ()),
        ("20261025020000", datetime(2026, 10, 25, 2, 0, tzinfo=UTC), (ASSUMED_ZONE,)),
    ],
)  # fmt: skip
def test_ft12_a_time_without_a_zone_is_read_in_the_configured_one_and_labelled(
    open_hospital: OpenHospital, written: str, meant: datetime, flags: tuple[str, ...]
) -> None:
    ward = open_hospital(clock=ManualClock(datetime(2026, 12, 1, tzinfo=UTC)), kit=KIT._replace(sources=(MONITOR, LONDON)))
    message = oru(ADA, Obx("2823-3", 4.1), at=datetime(2026, 12, 1, tzinfo=UTC), order="L1")
    obr = next(line for line in message.split(b"\r") if line.startswith(b"OBR"))
    ward.send(message.replace(obr, b"|".join([*obr.split(b"|")[:7], written.encode()])))
    (kept,) = ward.timeline(ADA).observations.of("potassium")
    assert (kept.occurred_at, kept.value.flags) == (meant, flags)
    assert kept.value.value == 4.1


def test_ft12_an_answer_given_before_the_clocks_change_lapses_twelve_hours_later(open_hospital: OpenHospital) -> None:
    """The night of 29 March 2026 has one hour less on the wall and as many hours as any other for a patient."""
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    ward = open_hospital(clock=ManualClock(evening), kit=KIT._replace(sources=(MONITOR, LONDON), zone="Europe/London"))
    ward.send(adt("A01", ADA, at=evening), vitals(ADA, WELL, at=evening))
    step(ward, 12)
    assert ward.events(Lapsed) == []
    step(ward, 0.01)
    assert [event.value.outcome for event in ward.events(Found)] == ["finding", "unknown"]


def test_ft12_an_answer_that_is_not_valid_because_of_a_value_ends_with_that_value(open_hospital: OpenHospital) -> None:
    """A glucose of 90 mg/dL leaves nothing to correct; when it is too old to say so, nothing is known."""
    ward = open_hospital(kit=KIT._replace(capabilities=(CORRECTED_SODIUM,)))
    ward.send(adt("A01", ADA, at=MORNING))
    ward.send(oru(ADA, Obx("2951-2", 130, unit="mmol/L"), Obx("2345-7", 90, unit="mg/dL"), at=MORNING, order="L1"))
    assert ward.answer(ADA, "corrected_sodium").outcome == "not_valid"  # type: ignore[union-attr]
    step(ward, 25)
    assert ward.answer(ADA, "corrected_sodium").outcome == "unknown"  # type: ignore[union-attr]
    oracle.check(ward)
