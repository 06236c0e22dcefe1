"""FT-17: corrected, deleted, wrong, promoted and resent results (faults.md A.3), as they come over the wire."""

import pytest

from support import oracle
from support.bell import Bell
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS, WORRY
from wardline.api import views
from wardline.core import concepts as c
from wardline.core.events import Alerted, Found, Incident, Resolved
from wardline.engine.assessing import GONE

KIT = Kit(capabilities=(NEWS2, WORRY, OUT_OF_LIMITS), reactions=lambda: (Bell(),))


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    """Ada is in, and her bell rings when an answer is worrying."""
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING))
    return hospital


def send_later(ward: Hospital, message: bytes, minutes: float = 10) -> None:
    ward.clock.step(hours(minutes / 60))
    ward.send(message)


def potassium(ward: Hospital, value: float | str | None, status: str = "F", **more: str) -> bytes:
    """The same order each time, issued now."""
    return oru(ADA, Obx("2823-3", value, status, **more), at=ward.clock.now(), observed=MORNING, order="L1")


def current(ward: Hospital, concept: str = "potassium") -> list[object]:
    return [event.value.value for event in ward.timeline(ADA).observations.of(concept)]


def test_ft17_a_preliminary_result_is_replaced_by_the_final_and_by_two_corrections(ward: Hospital) -> None:
    for value, status, expected in ((4.9, "P", 4.9), (5.0, "F", 5.0), (7.1, "C", 7.1), (4.1, "C", 4.1)):
        ward.clock.step(hours(1))
        ward.send(potassium(ward, value, status))
        assert current(ward) == [expected]
        oracle.check(ward)
    assert len(ward.timeline(ADA).observations.removed()) == 3


def test_ft17_a_corrected_value_ends_the_alert_it_had_raised(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    (raised,) = ward.events(Alerted)
    ward.clock.step(hours(0.1))
    ward.send(potassium(ward, 4.1, "C"))
    (resolved,) = ward.events(Resolved)
    assert resolved.value.alert == raised.value.alert
    oracle.check(ward)


def test_ft17_a_correction_into_the_critical_range_raises_an_alert(ward: Hospital) -> None:
    ward.send(potassium(ward, 4.1))
    ward.clock.step(hours(0.1))
    ward.send(potassium(ward, 7.1, "C"))
    assert [event.value.key for event in ward.events(Alerted)] == ["potassium"]


def test_ft17_what_was_shown_before_a_correction_stays_visible_and_the_past_is_revised(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    shown_at = ward.clock.now()
    ward.clock.step(hours(2))
    ward.send(potassium(ward, 4.1, "C"))
    about_then = [event.value for event in ward.events(Found) if event.occurred_at == shown_at and event.value.key == "potassium"]
    assert [(found.value, found.summary, found.revised) for found in about_then] == [(7.1, "potassium 7.1", False), (None, GONE, True)]


def test_ft17_a_corrected_vital_sign_revises_every_score_that_used_it(ward: Hospital) -> None:
    ill = vitals(ADA, ILL, at=ward.clock.now(), order="OBS1")
    ward.send(ill)
    first = ward.clock.now()
    ward.clock.step(hours(1))
    ward.send(vitals(ADA, WELL, at=ward.clock.now(), order="OBS2"))
    corrected = [Obx(code, value, "C") for code, value in WELL.items()]
    ward.clock.step(hours(1))
    ward.send(oru(ADA, *corrected, at=ward.clock.now(), observed=MORNING, order="OBS1", application="MONITOR"))
    revised = [event for event in ward.events(Found) if event.value.revised]
    assert [(event.value.capability, event.occurred_at, event.value.value) for event in revised] == [("news2", first, 0), ("a_worry", first, "no")]
    assert all(event.caused_by for event in revised)
    oracle.check(ward)


def test_ft17_a_deleted_result_is_gone_for_every_question(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    send_later(ward, potassium(ward, None, "D"))
    assert current(ward) == []
    assert ward.events(Resolved)
    oracle.check(ward)


def test_ft17_a_result_of_the_wrong_patient_opens_an_incident_without_its_value(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    send_later(ward, potassium(ward, 7.1, "W"))
    assert current(ward) == []
    (incident,) = ward.events(Incident)
    assert incident.value.what == "result on the wrong patient"
    assert "7.1" not in str(incident.value)
    oracle.check(ward)


def test_ft17_a_deleted_result_is_struck_through_on_the_chart_and_one_of_another_patient_is_gone(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    ward.send(oru(ADA, Obx("2160-0", 1.3), at=ward.clock.now(), observed=MORNING, order="L2"))
    send_later(ward, potassium(ward, None, "D"))
    send_later(ward, oru(ADA, Obx("2160-0", 1.3, "W"), at=ward.clock.now(), observed=MORNING, order="L2"))
    shown = views.timeline(ward.timeline(ADA), MORNING - hours(1), ward.clock.now())
    assert {point["name"] for point in shown["removed"]} == {"potassium"}
    assert [point for series in shown["measured"] for point in series["points"]] == []
    oracle.check(ward)


def test_ft17_a_result_that_cannot_be_obtained_is_no_number(ward: Hospital) -> None:
    ward.send(potassium(ward, 4.9, "P"))
    send_later(ward, potassium(ward, None, "X"))
    assert current(ward) == []


@pytest.mark.parametrize("status", ["I", "O", "N"])
def test_ft17_a_status_without_a_value_is_never_nought_or_normal(ward: Hospital, status: str) -> None:
    ward.send(potassium(ward, "0", status))
    assert current(ward) == []
    assert ward.answer(ADA, "out_of_limits", "potassium") is None


def test_ft17_a_preliminary_value_is_promoted_without_being_sent_again(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1, "P"))
    assert ward.events(Alerted) == []
    send_later(ward, potassium(ward, None, "U"))
    assert current(ward) == [7.1]
    assert [event.value.key for event in ward.events(Alerted)] == ["potassium"]
    oracle.check(ward)


def test_ft17_a_correction_in_another_unit_is_the_same_quantity(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("2160-0", 1.2, unit="mg/dL"), at=MORNING, order="L2"))
    ward.clock.step(hours(1))
    ward.send(oru(ADA, Obx("2160-0", 212.16, "C", unit="umol/L"), at=ward.clock.now(), observed=MORNING, order="L2"))
    (creatinine,) = ward.timeline(ADA).observations.of(c.CREATININE.id)
    # LOINC 2160-0 is mass concentration; the unit contradicts it, so the corrected number is shown and not scored.
    assert (creatinine.value.value, creatinine.value.flags) == ("212.16", ("unit contradicts the code",))
    ward.clock.step(hours(1))
    ward.send(oru(ADA, Obx("14682-9", 212.16, "C", unit="umol/L"), at=ward.clock.now(), observed=MORNING, order="L2"))
    (creatinine,) = ward.timeline(ADA).observations.of(c.CREATININE.id)
    assert creatinine.value.value == pytest.approx(2.4)  # 88.4 umol/L is 1 mg/dL
    oracle.check(ward)


def test_ft17_the_same_value_sent_again_is_one_observation_and_one_alert(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    send_later(ward, potassium(ward, 7.1))
    assert current(ward) == [7.1]
    assert len(ward.events(Alerted)) == 1


def test_ft17_a_correction_of_the_time_revises_the_moments_between(ward: Hospital) -> None:
    ward.send(potassium(ward, 7.1))
    between = ward.clock.now()
    ward.clock.step(hours(3))
    moved = oru(ADA, Obx("2823-3", 7.1, "C"), at=ward.clock.now(), observed=MORNING + hours(2), order="L1")
    ward.send(moved)
    past = [event.value for event in ward.timeline(ADA).answers_over_time["out_of_limits", "potassium"] if event.occurred_at == between]
    assert [(found.summary, found.revised) for found in past] == [(GONE, True)]
    answer = ward.answer(ADA, "out_of_limits", "potassium")
    assert answer is not None
    assert answer.value == 7.1
    oracle.check(ward)


def test_ft17_a_correction_that_overtakes_its_original_stands(ward: Hospital) -> None:
    issued = MORNING + hours(1)
    correction = oru(ADA, Obx("2823-3", 4.1, "C"), at=issued, observed=MORNING, order="L1")
    original = oru(ADA, Obx("2823-3", 7.1), at=MORNING, order="L1")
    ward.clock.at = issued
    ward.send(correction, original)
    assert current(ward) == [4.1]
    assert ward.events(Alerted) == []
    oracle.check(ward)


def test_ft17_a_sender_whose_clock_was_a_year_ahead_does_not_outrank_its_own_correction(ward: Hospital) -> None:
    year_ahead = MORNING + hours(24 * 365)
    ward.send(oru(ADA, Obx("2823-3", 7.1), at=year_ahead, observed=MORNING, order="L1"))
    send_later(ward, oru(ADA, Obx("2823-3", 4.1, "C"), at=MORNING + hours(0.1), observed=MORNING, order="L1"))
    assert current(ward) == [4.1]


def test_ft17_a_correction_touches_nobody_else(ward: Hospital) -> None:
    ward.send(oru(BEN, Obx("2823-3", 4.9), at=MORNING, order="L1"))
    send_later(ward, potassium(ward, 7.1, "C"))
    assert [event.value.value for event in ward.timeline(BEN).observations.of("potassium")] == [4.9]
