"""Escalation ladders and shifts on a virtual clock: over midnight, a change of the clocks, a restart (AL-7, AL-10, FT-12, FT-28, FT-32)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from delivery.ward import MORNING, Ward, changed, minutes
from wardline.core.events import HandedOver, Notified
from wardline.delivery.alerts.episode import Status
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.alerts.timers import next_shift
from wardline.delivery.policy.terms import Shifts

LADDER = [(15, "doctor"), (30, "charge_nurse"), (30, "rapid_response"), (45, "charge_nurse"), (45, "rapid_response"), (60, "charge_nurse")]
LONDON = ("zone: UTC", "zone: Europe/London")


@pytest.mark.parametrize(
    "start",
    [
        MORNING,
        datetime(2026, 3, 2, 23, 40, tzinfo=UTC),  # over midnight
        datetime(2026, 3, 29, 0, 50, tzinfo=UTC),  # London: 01:00 becomes 02:00
        datetime(2026, 10, 25, 0, 50, tzinfo=UTC),  # London: 02:00 becomes 01:00
        datetime(2024, 12, 31, 23, 50, tzinfo=UTC),
    ],
)
def test_the_ladder_goes_by_minutes_whatever_the_clocks_on_the_wall_do(start: datetime) -> None:
    ward = Ward(changed(LONDON), at=start)
    ward.news2(7)

    ward.later(65)

    escalated = [(event.recorded_at - start, role) for event in ward.events if event.kind == "Escalated" for role in event.value.roles]
    assert escalated[: len(LADDER)] == [(minutes(count), role) for count, role in LADDER]


def test_the_ladder_never_ends_in_silence() -> None:
    ward = Ward()
    ward.news2(7)

    ward.later(10 * 60)

    times = sorted({event.recorded_at for event in ward.events if event.kind == "Escalated"})
    assert all(later - earlier == minutes(15) for earlier, later in pairwise(times))
    assert times[-1] >= ward.now - minutes(15)


def test_timers_survive_a_restart_because_they_are_nothing_but_state() -> None:
    ward = Ward()
    ward.news2(7)
    ward.later(14)

    restarted = AlertPolicy(key=b"alerts")
    restarted.load(ward.alerts.dump())

    assert restarted.next_due() == ward.alerts.next_due() == MORNING + minutes(15)


def test_the_next_step_is_announced() -> None:
    ward = Ward()
    ward.news2(7)

    assert ward.alerts.escalates_at(ward.alert.alert) == MORNING + minutes(15)
    assert ward.sent[0]["escalates_at"] == "2026-03-02T08:15:00Z"
    ward.acknowledge()
    assert ward.alerts.escalates_at(ward.alert.alert) is None


def test_ft28_when_nobody_of_a_step_can_be_reached_the_next_step_is_told_at_once() -> None:
    ward = Ward()
    ward.news2(7)
    alert = ward.alert.alert

    ward.state(*(row.value for row in _failed(ward, alert, "nurse")))
    assert ward.told("escalated") == []  # the doctor may have been reached
    ward.state(*(row.value for row in _failed(ward, alert, "doctor")))

    assert ward.told("escalated") == [("escalated", "doctor")]
    assert ward.alert.history[-1].detail == "to doctor: nobody could be reached"


def test_ft28_a_late_failure_of_the_first_people_does_not_skip_the_next() -> None:
    ward = Ward()
    ward.news2(7)
    for role in ("nurse", "doctor"):
        ward.state(*(row.value for row in _failed(ward, ward.alert.alert, role)))
    assert ward.alert.step == 1  # the doctor is told again, on all channels

    ward.state(*(row.value for row in _failed(ward, ward.alert.alert, "nurse")))

    assert ward.alert.step == 1


def test_ft28_at_the_end_of_the_ladder_failures_do_not_make_a_storm() -> None:
    ward = Ward()
    ward.news2(7)
    ward.later(30)
    assert ward.alert.step == 2

    for role in ("charge_nurse", "rapid_response"):
        ward.state(*(row.value for row in _failed(ward, ward.alert.alert, role)))

    assert ward.alert.step == 2
    ward.later(15)
    assert ward.alert.step == 3


def _failed(ward: Ward, alert: str, role: str) -> list[object]:
    return ward.alerts.acts.notified((Notified(alert, "n", "", "failed", role),), now=ward.now)  # type: ignore[return-value]


def test_al10_what_nobody_has_answered_is_handed_to_the_next_shift() -> None:
    ward = Ward(at=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))
    ward.news2(3, severity=1)

    ward.until(datetime(2026, 3, 2, 19, 0, tzinfo=UTC))
    assert [value.why for value in ward.of(HandedOver)] == ["new shift"]
    ward.until(datetime(2026, 3, 4, 8, 0, tzinfo=UTC))

    assert len(ward.of(HandedOver)) == 4  # 19:00, 07:00, 19:00, 07:00
    assert ward.sent == []


def test_al10_what_was_answered_is_not_handed_over() -> None:
    ward = Ward(at=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))
    ward.news2(7)
    ward.acknowledge()

    ward.later(24 * 60)

    assert ward.of(HandedOver) == []


def test_al10_a_promise_to_look_again_ends_with_the_shift() -> None:
    ward = Ward(at=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))
    ward.news2(7)

    ward.override("will_monitor", until=ward.now + timedelta(hours=10))
    ward.until(datetime(2026, 3, 2, 19, 0, tzinfo=UTC))

    assert ward.alert.status is Status.RAISED


@pytest.mark.parametrize(("reason", "ends"), [("already_treated", "19:00"), ("comfort_care", "04:30")])
def test_al10_a_quiet_reason_crosses_a_shift_only_where_the_policy_says_so(reason: str, ends: str) -> None:
    ward = Ward(at=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))

    ward.quiet(reason, 10 * 60, capability="news2")

    (mark,) = ward.alerts.register.quieted["okafor"]
    assert f"{mark.until:%H:%M}" == ends


def test_shifts_begin_at_local_time_all_year() -> None:
    shifts = Shifts("Europe/London", ("07:00", "19:00"))

    assert next_shift(shifts, datetime(2026, 3, 28, 20, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)  # 07:00 summer time
    assert next_shift(shifts, datetime(2026, 10, 24, 19, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)  # 07:00 winter time
    assert next_shift(Shifts("UTC", ()), MORNING) is None
