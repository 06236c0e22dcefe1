"""Alerts follow their patients: merged and parted records, moved visits, other beds, discharge and death (FT-18, journey 4)."""

from delivery.ward import PATIENT, Ward, changed, critical
from wardline.core.events import Cancelled, HandedOver, Identifier, Merged, Moved, Registered, Resolved, Unmerged, Withdrawn
from wardline.delivery.alerts.episode import Status

OTHER = "okafor, second record"


def two_records() -> Ward:
    return Ward(admit=(PATIENT, OTHER))


def merge(ward: Ward) -> None:
    ward.state(Merged(OTHER), about=PATIENT)


def unmerge(ward: Ward) -> None:
    ward.state(Unmerged(OTHER), about=PATIENT)


def test_one_alert_remains_for_each_question_of_joined_records() -> None:
    ward = two_records()
    ward.news2(7, PATIENT)
    ward.later(10)
    ward.news2(8, OTHER)
    ward.answer(critical("potassium", 7.1), patient=OTHER)

    merge(ward)

    assert sorted((each.about, each.capability) for each in ward.alerts.open_alerts()) == [(PATIENT, "critical_values"), (PATIENT, "news2")]
    (withdrawn,) = ward.of(Withdrawn)
    assert withdrawn.why.startswith("one with alert ")


def test_of_two_alerts_the_worse_stays_and_of_equal_ones_the_answered() -> None:
    ward = two_records()
    ward.news2(5, PATIENT)
    ward.news2(7, OTHER)
    merge(ward)
    assert ward.alert.severity == 3

    ward = two_records()
    ward.news2(7, PATIENT)
    ward.later(1)
    ward.news2(7, OTHER)
    ward.acknowledge(ward.alerts.alerts_of(OTHER)[0])
    merge(ward)
    assert ward.alert.status is Status.ACKNOWLEDGED


def test_an_alert_of_the_retired_record_goes_on_under_the_surviving_one() -> None:
    ward = two_records()
    ward.news2(7, OTHER)
    alert = ward.alert.alert
    merge(ward)

    ward.later(30)
    ward.news2(7, PATIENT)
    assert (ward.alert.alert, ward.alert.about, len(ward.pages())) == (alert, PATIENT, 1)
    for _ in range(2):
        ward.later(30)
        ward.news2(2, PATIENT)

    assert ward.alerts.open_alerts() == []


def test_parting_gives_every_alert_back_and_what_was_joined_gets_its_own_again() -> None:
    ward = two_records()
    ward.news2(7, PATIENT)
    ward.news2(8, OTHER)
    merge(ward)
    assert len(ward.alerts.open_alerts()) == 1

    unmerge(ward)

    assert sorted(each.about for each in ward.alerts.open_alerts()) == sorted((PATIENT, OTHER))
    assert len({each.alert for each in ward.alerts.open_alerts()}) == 2


def test_an_alert_that_only_changed_its_home_goes_back_without_a_new_page() -> None:
    ward = two_records()
    ward.news2(7, OTHER)
    merge(ward)

    unmerge(ward)

    assert (ward.alert.about, len(ward.pages())) == (OTHER, 1)


def test_a_quiet_reason_of_a_retired_record_does_not_silence_the_surviving_patient() -> None:
    ward = two_records()
    ward.quiet("comfort_care", 24 * 60, OTHER)
    merge(ward)

    ward.news2(7, PATIENT)

    assert len(ward.pages()) == 1


def test_a_visit_that_belongs_to_another_patient_takes_its_alert_along() -> None:
    ward = Ward(admit=(PATIENT, OTHER))
    ward.news2(7, PATIENT)

    ward.state(Moved(f"visit of {PATIENT}", PATIENT), about=OTHER)

    assert ward.alert.about == OTHER
    assert ward.of(Withdrawn) == []


def test_another_unit_takes_over_and_its_people_are_told() -> None:
    ward = Ward(changed(("units: {}", 'units: {"Ward 9": {on_call: {nurse: nurse-9}}}')))
    ward.news2(7)
    ward.later(10)

    ward.transfer("Ward 9", "3")

    assert (ward.alert.unit, ward.alert.bed) == ("Ward 9", "3")
    assert [(row["transition"], row["contact"]) for row in ward.sent][-2:] == [("patient moved", "nurse-9"), ("patient moved", "doctor-on-call")]
    ward.later(14)
    assert ward.told("escalated") == []  # the new people have the full time
    ward.later(1)
    assert ward.told("escalated") == [("escalated", "doctor")]


def test_another_bed_of_the_same_unit_tells_nobody() -> None:
    ward = Ward()
    ward.news2(7)

    ward.transfer("Ward 7", "2")

    assert ward.alert.bed == "2"
    assert len(ward.sent) == 2


def test_an_answered_alert_moves_along_in_silence() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward.transfer("Ward 9")

    assert len(ward.sent) == 2
    assert ward.alert.status is Status.ACKNOWLEDGED


def test_an_alert_ends_where_its_rule_does_not_hold() -> None:
    ward = Ward(changed(("    quiet: [comfort_care, in_theatre]", '    quiet: []\n    units: ["Ward *"]')))
    ward.news2(7)

    ward.transfer("ITU")

    assert ward.of(Resolved)[0].why == "not watched for in ITU"


def test_discharge_ends_every_alert() -> None:
    ward = Ward()
    ward.news2(7)
    ward.answer(critical("potassium", 7.1))

    ward.discharge()
    ward.later(600)

    assert [value.why for value in ward.of(Resolved)] == ["the patient has left the hospital"] * 2
    assert ward.told("escalated") == []


def test_death_ends_every_alert_and_raises_no_other() -> None:
    ward = Ward()
    ward.news2(7)

    ward.discharge(disposition="20")
    ward.answer(critical("potassium", 7.1))

    assert ward.of(Resolved)[0].why == "the patient has died"
    assert ward.alerts.open_alerts() == []


def test_a_death_that_only_the_demographics_report_ends_every_alert() -> None:
    ward = Ward()
    ward.news2(7)

    ward.state(Registered((Identifier("4027"),), died=True))

    assert ward.of(Resolved)[0].why == "the patient has died"


def test_a_discharge_that_did_not_happen_brings_the_alert_back() -> None:
    ward = Ward()
    ward.news2(7)
    ward.discharge()

    ward.later(5)
    ward.state(Cancelled(f"visit of {PATIENT}", "Discharged"))

    assert (ward.alert.severity, len(ward.pages())) == (3, 2)


def test_what_ended_with_the_discharge_is_not_raised_again_by_the_next_answer_of_the_same_instant() -> None:
    ward = Ward()
    ward.answer(critical("potassium", 7.1))
    ward.discharge()

    ward.news2(7)

    assert [(each.capability, each.is_open) for each in ward.alerts.alerts_of(PATIENT)] == [("news2", True), ("critical_values", False)]


def test_a_late_critical_result_of_a_patient_who_has_gone_home_still_pages() -> None:
    ward = Ward()
    ward.discharge()

    ward.later(20)
    ward.answer(critical("potassium", 7.1))

    assert len(ward.pages()) == 1


def test_a_patient_without_a_unit_belongs_to_the_charge_nurse_too() -> None:
    ward = Ward(admit=())

    ward.news2(7)

    assert ward.told() == [("raised", "nurse"), ("raised", "doctor"), ("raised", "charge_nurse")]


def test_a_role_nobody_has_in_this_unit_is_replaced_by_the_charge_nurse() -> None:
    ward = Ward(changed(("  doctor: {title: Doctor on call, contact: doctor-on-call}", "  doctor: {title: Doctor on call}")))

    ward.news2(7)

    assert ward.told() == [("raised", "nurse"), ("raised", "charge_nurse")]


def test_an_answered_alert_that_is_never_heard_of_again_is_closed_after_a_week() -> None:
    ward = Ward(admit=())
    ward.news2(7)
    ward.acknowledge()

    ward.later(7 * 24 * 60)

    assert ward.alerts.open_alerts() == []
    assert ward.of(HandedOver) == []
