"""The ward board: who needs somebody now, why, and how old the facts are (SCREENS "Ward board", reference AL-11, AL-13)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from delivery.ward import PATIENT, Ward, critical, minutes
from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Kit
from support.messages import ADA, ILL, WELL, adt, vitals
from wardline.core.events import Admitted, Assigned, Found, GapAhead, GapClosed, Identifier, Registered
from wardline.core.findings import Severity
from wardline.delivery.alerts.episode import Status
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.worklists.board import Change, Point, Row, Score, Task, in_order, natural, row

HOURLY = (("Measure vital signs", 3600.0, "vital signs"), ("Urgent assessment", 3600.0, ""))


def board_row(ward: Ward, patient: str = PATIENT, **more: Any) -> Row:
    return row(ward.house.timeline(patient), ward.alerts.alerts_of(patient), ward.now, ward.alerts.policy, **more)


def because(pulse: float, pulse_points: int, pressure: float, pressure_points: int) -> tuple[tuple[str, float, int, str, int], ...]:
    return (("pulse", pulse, pulse_points, "", 0), ("systolic_pressure", pressure, pressure_points, "", 0))


def test_nothing_known_yet_is_said_in_words_never_as_zero() -> None:
    ward = Ward()

    each = board_row(ward)

    assert (each.unit, each.bed, each.mark, each.task) == ("Ward 7", "12", None, None)
    assert each.score == Score(reason="not assessed yet")
    assert each.trend == ()
    assert each.changed.fact == "No change"


def test_who_the_patient_is_and_who_looks_after_them() -> None:
    ward = Ward()
    ward.state(Registered((Identifier("4027 1936"),), "Okafor", "Daniel", "1955-03-03", "M"))
    ward.state(Assigned("nurse", "Brandt"), Assigned("doctor", "Iyer"))

    each = board_row(ward)

    assert (each.name, each.number, each.sex, each.age) == ("Okafor, Daniel", "4027 1936", "M", 70)
    assert (each.nurse, each.doctor) == ("Brandt", "Iyer")


def test_the_doctor_of_the_admission_stands_in_where_nobody_is_assigned() -> None:
    ward = Ward()
    ward.state(Admitted(f"visit of {PATIENT}", "Ward 7", bed="12", doctor="Vance"))

    assert board_row(ward).doctor == "Vance"


def test_an_unseen_alert_is_filled_and_a_seen_one_outlined() -> None:
    ward = Ward()
    ward.news2(7)
    assert board_row(ward).mark[:2] == (Severity.HIGH, False)

    ward.show()
    assert board_row(ward).mark[:2] == (Severity.HIGH, True)
    ward.acknowledge()

    mark = board_row(ward).mark
    assert (mark.status, mark.answered_by, mark.escalates_at) == (Status.ACKNOWLEDGED, "Brandt", None)


def test_the_next_escalation_is_on_the_mark() -> None:
    ward = Ward()
    ward.news2(7)

    assert board_row(ward).mark.escalates_at == MORNING + minutes(15)


def test_of_several_alerts_the_most_urgent_is_shown_and_all_are_counted() -> None:
    ward = Ward()
    ward.news2(5)
    ward.later(10)
    ward.answer(critical("potassium", 7.1))

    mark = board_row(ward).mark

    assert (mark.severity, mark.alerts) == (Severity.HIGH, 2)


def test_of_equally_severe_alerts_the_unseen_one_is_shown() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    ward.later(10)
    ward.answer(critical("potassium", 7.1))

    assert (board_row(ward).mark.is_seen, board_row(ward).changed.fact) == (False, "Potassium 7.1")


def test_a_mark_on_the_chart_or_an_overridden_alert_asks_nobody_for_anything() -> None:
    ward = Ward()
    ward.overdue()  # within the grace time
    assert board_row(ward).mark is None

    ward.news2(7)
    ward.override("treated", next(each for each in ward.alerts.open_alerts() if each.capability == "news2"))

    assert board_row(ward).mark is None


def test_what_is_kept_quiet_stays_on_the_board_with_its_reason() -> None:
    ward = Ward()
    ward.quiet("comfort_care", 600)

    ward.news2(7)

    assert board_row(ward).quiet == ("comfort_care",)
    assert board_row(ward).mark.severity is Severity.HIGH


def test_the_score_says_what_it_was_before_and_since_when() -> None:
    ward = Ward()
    for value in (2, 7, 7):
        ward.news2(value)
        ward.later(30)

    assert board_row(ward).score == Score(7.0, previous=2.0, since=MORNING + minutes(30), as_of=MORNING + minutes(60))


def test_an_incomplete_score_says_at_least_and_what_is_missing() -> None:
    ward = Ward()

    ward.news2(7, outcome="at_least", missing=("temperature", "respiratory_rate"))

    score = board_row(ward).score
    assert (score.value, score.is_at_least, score.missing) == (7.0, True, ("temperature", "respiratory rate"))


@pytest.mark.parametrize(
    ("outcome", "reason", "shown"),
    [("unknown", "", "unknown"), ("not_valid", "NEWS2 is not valid under 16 years", "NEWS2 is not valid under 16 years")],
)
def test_a_score_that_cannot_be_said_says_why(outcome: str, reason: str, shown: str) -> None:
    ward = Ward()

    ward.answer(Found("news2", "2017", "", outcome, reason=reason, missing=("pulse",)))

    score = board_row(ward).score
    assert (score.value, score.reason, score.missing) == (None, shown, ("pulse",))


def test_a_score_whose_inputs_are_too_old_is_stale() -> None:
    ward = Ward()
    ward.news2(3, valid_until=ward.now + minutes(60))
    assert not board_row(ward).score.is_stale

    ward.later(61)
    assert board_row(ward).score.is_stale


def test_provisional_content_is_marked() -> None:
    ward = Ward()
    ward.news2(3, standing="provisional")

    assert board_row(ward).score.is_provisional


def test_the_trend_is_the_steps_of_the_last_day() -> None:
    ward = Ward()
    ward.news2(9)
    ward.later(25 * 60)
    start = ward.now
    for value, outcome in ((2, "finding"), (2, "finding"), (5, "at_least"), (5, "finding")):
        ward.news2(value, outcome=outcome)
        ward.later(60)

    assert board_row(ward).trend == (
        Point(start, 2.0), Point(start + minutes(120), 5.0, True), Point(start + minutes(180), 5.0),
    )  # fmt: skip


def test_what_changed_names_the_score_and_the_inputs_that_moved_it_most() -> None:
    ward = Ward()
    ward.news2(1, because=because(80, 0, 118, 0))
    ward.later(10)
    ward.news2(7, because=because(104, 1, 99, 2))

    assert board_row(ward).changed == Change("NEWS2 1 → 7", "Systolic pressure 118 → 99, Pulse 80 → 104", MORNING + minutes(10), True)
    ward.acknowledge()
    assert board_row(ward).changed.context == "Acknowledged by Brandt"
    assert not board_row(ward).changed.is_new


def test_what_changed_is_the_most_urgent_alert_where_that_is_not_the_score() -> None:
    ward = Ward()
    ward.news2(1)
    ward.later(5)
    ward.answer(critical("potassium", 6.9))

    assert board_row(ward).changed[:2] == ("Potassium 6.9", "")


def test_nothing_changed_since_the_first_answer() -> None:
    ward = Ward()
    ward.news2(1)
    ward.later(60)
    ward.news2(1)

    assert board_row(ward).changed == Change("No change", "", MORNING)


def test_vital_signs_show_their_age_when_the_next_are_due_and_since_when_they_are_overdue() -> None:
    ward = Ward()
    ward.measure("pulse", 80)
    ward.news2(5, suggestions=HOURLY)
    ward.later(61)
    ward.overdue()

    signs = board_row(ward).vital_signs

    assert (signs.measured_at, signs.due_at, signs.overdue_since) == (MORNING, MORNING + minutes(60), MORNING + minutes(61))
    assert board_row(ward).score.is_stale


def test_the_open_task_is_what_is_due_first_else_what_the_alert_asks_for() -> None:
    ward = Ward()
    ward.news2(5, suggestions=HOURLY)
    assert board_row(ward).task == Task("Urgent assessment", MORNING + minutes(60))
    ward.later(61)
    assert board_row(ward).task == Task("Urgent assessment", MORNING + minutes(60), True)

    ward.news2(7)
    assert board_row(ward).task == Task("Emergency assessment by a team with critical care competencies; monitor vital signs continuously")


def test_a_gap_and_a_silent_feed_are_marked() -> None:
    ward = Ward()
    ward.state(GapAhead(7, "no PID segment"))

    assert board_row(ward, silent_feeds=["LAB"]).has_gap
    assert board_row(ward, silent_feeds=["LAB"]).silent_feeds == ("LAB",)
    ward.state(GapClosed(7))
    assert not board_row(ward).has_gap


def test_beds_are_counted_as_people_count_them() -> None:
    beds = ["10", "2", "A10", "a2", "", "1", "12B", "12A", "Bay 2-1", "Bay 2-10", "Bay 2-2"]

    assert sorted(beds, key=natural) == ["1", "2", "10", "12A", "12B", "a2", "A10", "Bay 2-1", "Bay 2-2", "Bay 2-10", ""]


def test_those_who_need_somebody_come_first_by_urgency_the_others_by_bed() -> None:
    names = ["calm 10", "calm 2", "low", "medium seen", "medium new", "high seen", "high new"]
    ward = Ward(admit=())
    for bed, name in zip(("10", "2", "5", "1", "7", "3", "11"), names, strict=True):
        ward.admit(name, bed=bed)
    for name, value, severity in (
        ("low", 3, 1), ("medium seen", 5, 2), ("medium new", 6, 2), ("high seen", 9, 3), ("high new", 7, 3),
    ):  # fmt: skip
        ward.news2(value, name, severity=severity)
        if name.endswith("seen"):
            ward.acknowledge(ward.alerts.alerts_of(name)[0])

    needs, calm = in_order(board_row(ward, name) for name in names)

    assert [each.about for each in needs] == ["high new", "high seen", "medium new", "medium seen", "low"]
    assert [each.about for each in calm] == ["calm 2", "calm 10"]


def test_among_equals_the_one_whose_task_is_due_first_comes_first() -> None:
    ward = Ward(admit=("a", "b"))
    ward.news2(5, "a", suggestions=HOURLY)
    ward.news2(5, "b", suggestions=(("Now", 600.0, ""),))

    needs, _ = in_order(board_row(ward, name) for name in ("a", "b"))

    assert [each.about for each in needs] == ["b", "a"]


def test_an_overdue_mark_ages_into_an_item_that_asks_for_vital_signs() -> None:
    ward = Ward()
    ward.overdue()
    ward.later(60)

    each = board_row(ward)

    assert (each.mark.severity, each.changed.fact, each.task) == (Severity.LOW, "Vital signs overdue", Task("Measure vital signs"))


def test_journey_1_the_row_of_a_real_message(open_hospital: OpenHospital) -> None:
    hospital = open_hospital(kit=Kit(capabilities=(NEWS2,), reactions=lambda: (AlertPolicy(key=b"alerts"),)))
    hospital.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))
    hospital.clock.step(timedelta(minutes=30))
    hospital.send(vitals(ADA, ILL, at=hospital.clock.now()))
    alerts: AlertPolicy = hospital.engine.house.reactions[1]  # type: ignore[assignment]

    each = row(hospital.timeline(ADA), alerts.alerts_of(hospital.key(ADA)), hospital.clock.now(), alerts.policy)

    assert each.mark.severity is Severity.HIGH
    assert (each.score.value, each.score.previous, each.score.is_at_least) == (14.0, 0.0, False)
    assert each.changed.fact == "NEWS2 0 → 14"
    assert each.changed.context == "Respirations 16 → 26, SpO₂ 97 → 90"  # three points each, in the order of the chart
    assert each.vital_signs.measured_at == hospital.clock.now()
    assert each.vital_signs.due_at == hospital.clock.now() + timedelta(hours=1)
    assert replace(each, mark=None).needs_action is False
