"""Alerts people can live with: change not repetition, hysteresis, bundling, quiet reasons, budget (reference AL-1 to AL-5, FT-16)."""

import pytest

from delivery.ward import PATIENT, Ward, changed, critical, news2
from wardline.core.events import Alerted, Found, Resolved, Withdrawn
from wardline.core.findings import Severity
from wardline.delivery.alerts.episode import Status
from wardline.delivery.policy import Tier

QUIET = "    quiet: [comfort_care, in_theatre]"
WAIT = (QUIET, "    second_reading: {after_minutes: 10, at_latest_minutes: 30}\n" + QUIET)
MODEL = ("\noverdue:\n", """
  - {id: sepsis-model, capability: sepsis_model, raise: {at_least: 0.8}, clear: {below: 0.6}, severity: high, tier: page, driven_by: model,
     tell: [nurse], owner_role: nurse, action: Look for sepsis, stale_after_minutes: 60}
overdue:
""")  # fmt: skip


@pytest.mark.parametrize(
    ("value", "tier", "severity"),
    [(4, None, 0), (5, Tier.PAGE, Severity.MEDIUM), (6, Tier.PAGE, Severity.MEDIUM), (7, Tier.PAGE, Severity.HIGH), (20, Tier.PAGE, Severity.HIGH)],
)
def test_al1_the_tier_is_the_one_the_rule_says(value: int, tier: Tier | None, severity: int) -> None:
    ward = Ward()

    ward.news2(value)

    alerts = ward.alerts.open_alerts()
    assert [(each.tier, each.severity) for each in alerts] == ([] if tier is None else [(tier, severity)])


def test_al1_a_single_input_at_three_goes_to_the_worklist_and_rings_nowhere() -> None:
    ward = Ward()

    ward.news2(3, severity=1)

    assert ward.alert.tier is Tier.WORKLIST
    assert ward.sent == []


def test_al3_a_score_that_swings_round_the_limit_pages_once() -> None:
    ward = Ward()

    for value in (7, 6, 7, 6, 7, 6, 7):
        ward.news2(value)
        ward.later(20)

    assert len(ward.pages()) == 1


def test_al3_an_alert_ends_after_as_many_clear_readings_as_the_rule_asks_for() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward.later(30)
    ward.news2(3)
    assert ward.alert.is_open
    ward.later(30)
    ward.news2(3)

    assert ward.alerts.open_alerts() == []


def test_al3_a_reading_in_between_starts_the_count_anew() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    for value in (3, 6, 3):
        ward.later(30)
        ward.news2(value)

    assert ward.alert.severity == Severity.HIGH


def test_al3_vital_signs_charted_one_after_the_other_are_one_reading() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    ward.later(30)

    for _ in range(6):
        ward.news2(3)
        ward.later(0.5)

    assert ward.alert.is_open


def test_al3_a_worse_band_pages_again_even_after_an_acknowledgement() -> None:
    ward = Ward()
    ward.news2(5)
    ward.acknowledge()

    ward.later(10)
    ward.news2(7)

    assert len(ward.pages()) == 2
    assert ward.told()[-2:] == [("worse", "nurse"), ("worse", "doctor")]
    assert (ward.alert.status, ward.alert.severity) == (Status.RAISED, Severity.HIGH)


def test_al3_a_higher_score_in_the_same_band_does_not_page_again() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward.later(10)
    ward.news2(12)

    assert len(ward.pages()) == 1


def test_a_milder_band_takes_over_without_a_word_and_can_get_worse_again() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    for _ in range(2):
        ward.later(30)
        ward.news2(5)
    assert (ward.alert.severity, ward.alert.rule, len(ward.pages())) == (Severity.MEDIUM, "news2-medium", 1)

    ward.later(30)
    ward.news2(8)

    assert len(ward.pages()) == 2


def test_a_milder_band_needs_its_own_clear_readings() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    for value in (5, 5, 3):
        ward.later(30)
        ward.news2(value)
    assert ward.alert.severity == Severity.MEDIUM

    ward.later(30)
    ward.news2(3)

    assert ward.alerts.open_alerts() == []


def test_an_answered_item_is_not_paged_when_the_refractory_time_is_over() -> None:
    ward = Ward()
    for value in (5, 2, 2, 5):
        ward.news2(value)
        ward.later(6)
        if value == 5:
            ward.acknowledge()

    ward.later(60)
    ward.news2(5)

    assert len(ward.pages()) == 1


def test_the_same_level_again_within_the_refractory_time_is_listed_and_pages_when_it_is_over() -> None:
    ward = Ward()
    ward.news2(5)
    ward.acknowledge()
    for _ in range(2):
        ward.later(6)
        ward.news2(2)
    assert ward.alerts.open_alerts() == []

    ward.later(8)
    ward.news2(5)
    assert (ward.alert.tier, ward.alert.quiet) == (Tier.WORKLIST, "told lately at this level")
    ward.later(39)
    assert len(ward.pages()) == 1
    ward.later(1)

    assert len(ward.pages()) == 2  # an hour after the first page: it still stands and nobody has answered


def test_al5_danger_to_life_is_never_quiet_for_having_been_told_lately() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    for _ in range(2):
        ward.later(6)
        ward.news2(2)

    ward.later(5)
    ward.news2(7)

    assert len(ward.pages()) == 2


def test_a_second_reading_is_waited_for_before_people_are_interrupted() -> None:
    ward = Ward(changed(WAIT))

    ward.news2(7)
    assert (ward.alert.tier, ward.alert.quiet, ward.pages()) == (Tier.WORKLIST, "waiting for a second reading", [])
    ward.later(5)
    ward.news2(7)
    assert ward.pages() == []
    ward.later(15)
    ward.news2(7)

    assert len(ward.pages()) == 1  # 20 minutes later, with the second reading


def test_a_second_reading_that_does_not_confirm_ends_it() -> None:
    ward = Ward(changed(WAIT))
    ward.news2(7)

    ward.later(8)
    ward.news2(6)

    assert ward.pages() == []
    assert ward.last.why == "a second reading did not confirm it"


def test_a_second_reading_that_never_comes_is_not_waited_for_for_ever() -> None:
    ward = Ward(changed(WAIT))
    ward.news2(7)

    ward.later(29)
    assert ward.pages() == []
    ward.later(1)

    assert len(ward.pages()) == 1


def test_an_unknown_answer_never_ends_an_alert() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    for _ in range(5):
        ward.later(30)
        ward.answer(Found("news2", "2017", "", "unknown", missing=("pulse",)))

    assert ward.alert.is_open


def test_at_least_can_raise_an_alert_but_never_end_one() -> None:
    ward = Ward()
    ward.news2(7, outcome="at_least", missing=("temperature",))
    assert len(ward.pages()) == 1
    ward.acknowledge()

    for _ in range(5):
        ward.later(30)
        ward.news2(2, outcome="at_least", missing=("temperature",))

    assert ward.alert.is_open


def test_an_incomplete_answer_does_not_interrupt_a_recovery() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward.later(30)
    ward.news2(3)
    ward.later(30)
    ward.news2(2, outcome="at_least", missing=("temperature",))
    ward.later(30)
    ward.news2(3)

    assert ward.alerts.open_alerts() == []


def test_what_a_complete_run_no_longer_finds_is_over() -> None:
    ward = Ward()
    ward.answer(critical("potassium", 7.1))
    ward.later(60)

    ward.answer(Found("critical_values", "1", "", "finding", key="potassium", summary="No longer found"))

    assert ward.last.status is Status.RESOLVED


def test_an_alert_about_a_patient_the_score_is_not_valid_for_is_withdrawn() -> None:
    ward = Ward()
    ward.news2(7)

    ward.answer(Found("news2", "2017", "", "not_valid", reason="NEWS2 is not valid under 16 years"))

    (withdrawn,) = ward.of(Withdrawn)
    assert withdrawn.why == "not valid for this patient: NEWS2 is not valid under 16 years"
    assert ward.told("withdrawn") == [("withdrawn", "nurse"), ("withdrawn", "doctor")]


def test_ft16_old_news_is_listed_and_interrupts_nobody() -> None:
    ward = Ward()
    old = ward.now
    ward.later(61)
    measured = ward.measure("potassium", 7.1, at=old)

    ward.answer(critical("potassium", 7.1, because=(("potassium", 7.1, None, "", measured.id),)))
    assert len(ward.pages()) == 1  # two hours are allowed for a critical value
    ward.news2(7, because=(("pulse", 140.0, 3, "≥131", measured.id),))

    item = next(each for each in ward.alerts.open_alerts() if each.capability == "news2")
    assert (item.tier, item.quiet) == (Tier.WORKLIST, "older than the limit")
    assert len(ward.pages()) == 1


def test_ft16_what_should_have_paged_in_the_past_is_listed() -> None:
    ward = Ward()
    past = ward.now
    ward.news2(2)
    ward.later(180)

    ward.answer(news2(8, revised=True), at=past)

    assert (ward.alert.tier, ward.alert.quiet) == (Tier.WORKLIST, "about the past")
    assert ward.sent == []
    for _ in range(2):
        ward.later(30)
        ward.news2(2)
    assert ward.alerts.open_alerts() == []


@pytest.mark.parametrize("standing", ["provisional", "silent"])
def test_content_that_nobody_has_signed_never_interrupts(standing: str) -> None:
    ward = Ward()

    ward.news2(9, standing=standing)
    ward.later(600)

    assert ward.sent == []
    listed = [(each.tier, each.quiet) for each in ward.alerts.open_alerts()]
    assert listed == ([(Tier.WORKLIST, "provisional content")] if standing == "provisional" else [])


def test_several_findings_of_one_moment_make_one_page_led_by_the_worst() -> None:
    ward = Ward(changed(("    tell: [doctor, nurse]\n", "    tell: [nurse]\n")))

    ward.answer(news2(5), critical("potassium", 7.1))

    assert len(ward.pages()) == 1
    leader, joined = sorted(ward.alerts.open_alerts(), key=lambda each: bool(each.joined))
    assert (leader.capability, joined.joined) == ("critical_values", leader.alert)


def test_what_is_found_a_little_later_joins_the_page_that_nobody_has_answered_yet() -> None:
    ward = Ward()
    ward.news2(7)

    ward.later(4)
    ward.answer(critical("potassium", 7.1))
    assert len(ward.pages()) == 1
    ward.later(2)
    ward.answer(critical("glucose", 2.0))

    assert len(ward.pages()) == 2  # the five minutes are over


def test_one_tap_answers_the_whole_page() -> None:
    ward = Ward()
    ward.answer(news2(7), critical("potassium", 7.1), critical("glucose", 2.0))
    leader = next(each for each in ward.alerts.open_alerts() if not each.joined)

    ward.acknowledge(leader)
    assert {each.status for each in ward.alerts.open_alerts()} == {Status.ACKNOWLEDGED}
    ward.undo(leader)

    assert {each.status for each in ward.alerts.open_alerts()} == {Status.RAISED}


def test_a_finding_that_shared_a_page_stands_alone_when_that_page_is_over() -> None:
    ward = Ward()
    ward.answer(critical("potassium", 7.1), news2(7))
    leader = next(each for each in ward.alerts.open_alerts() if not each.joined)
    assert leader.capability == "critical_values"

    ward.override("treated", leader)

    assert len(ward.pages()) == 2
    assert next(each for each in ward.alerts.open_alerts() if each.capability == "news2").joined == ""


def test_a_worse_finding_never_hides_behind_a_milder_page() -> None:
    ward = Ward(changed(("    tell: [doctor, nurse]\n", "    tell: [nurse]\n")))
    ward.news2(5)

    ward.later(1)
    ward.answer(critical("potassium", 7.1))

    assert len(ward.pages()) == 2


def test_a_finding_that_others_must_hear_of_does_not_share_a_page_they_did_not_get() -> None:
    ward = Ward(changed(("    tell: [doctor, nurse]\n", "    tell: [doctor, rapid_response]\n")))
    ward.answer(news2(7), critical("potassium", 7.1))

    assert len(ward.pages()) == 2


@pytest.mark.parametrize("reason", ["comfort_care", "already_treated", "already_escalated", "in_theatre", "artefact"])
def test_al4_each_reason_keeps_it_quiet_visible_counted_and_only_for_a_while(reason: str) -> None:
    ward = Ward()
    ward.quiet(reason, 60, capability="" if reason in ("comfort_care", "in_theatre") else "news2")

    ward.news2(5)
    assert (ward.alert.tier, ward.alert.quiet, ward.sent) == (Tier.WORKLIST, reason, [])
    assert [value.quiet for value in ward.of(Alerted)] == [reason]  # visible, counted, in the log
    ward.later(59)
    assert ward.sent == []
    ward.later(1)

    assert ward.told() == [("quiet time over", "nurse")]


def test_al4_a_page_that_is_out_becomes_quiet_when_a_person_says_why() -> None:
    ward = Ward()
    ward.news2(7)

    ward.quiet("comfort_care", 24 * 60)
    ward.later(120)

    assert ward.alert.quiet == "comfort_care"
    assert ward.told("escalated") == []


def test_al4_a_reason_taken_back_lets_the_page_out() -> None:
    ward = Ward()
    ward.quiet("comfort_care", 24 * 60)
    ward.news2(7)
    assert ward.sent == []

    ward._do(ward.alerts.acts.end_quiet(PATIENT, now=ward.now), "Vance")

    assert len(ward.pages()) == 1


def test_al4_a_reason_the_rule_does_not_allow_changes_nothing() -> None:
    ward = Ward()
    ward.quiet("already_treated", 60, capability="news2")

    ward.news2(7)  # for NEWS2 of 7 and more the policy allows comfort care and theatre only

    assert len(ward.pages()) == 1


def test_al2_a_model_that_has_spent_its_budget_is_listed_and_counted() -> None:
    patients = [f"patient {number}" for number in range(5)]  # 5 patients for 7 days: 35 patient-days, one page
    ward = Ward(changed(MODEL), admit=patients)
    model = Found("sepsis_model", "1", "", "finding", value=0.9, severity=3)

    ward.answer(model, patient=patients[0])
    ward.answer(model, patient=patients[1])

    assert [(each.tier, each.quiet) for each in ward.alerts.open_alerts()] == [
        (Tier.PAGE, ""), (Tier.WORKLIST, "page budget of the model spent"),
    ]  # fmt: skip


def test_al5_the_budget_never_binds_news2_or_critical_values() -> None:
    patients = [f"patient {number}" for number in range(5)]
    ward = Ward(changed(MODEL), admit=patients)
    ward.answer(Found("sepsis_model", "1", "", "finding", value=0.9, severity=3), patient=patients[0])

    for patient in patients[1:]:
        ward.news2(7, patient)
        ward.answer(critical("potassium", 7.1), patient=patient)

    assert {each.quiet for each in ward.alerts.open_alerts()} == {""}


def test_al2_the_pages_of_a_units_nurses_are_counted_whatever_caused_them() -> None:
    patients = [f"patient {number}" for number in range(40)]
    ward = Ward(changed(MODEL, ("units: {}", 'units: {"Ward 7": {nurses: 1}}')), admit=patients)  # two pages in 12 hours
    ward.news2(7, patients[0])
    ward.news2(7, patients[1])

    ward.answer(Found("sepsis_model", "1", "", "finding", value=0.9, severity=3), patient=patients[2])

    assert [each.quiet for each in ward.alerts.open_alerts() if each.capability == "sepsis_model"] == ["page budget of the model spent"]


def test_overdue_vital_signs_are_a_mark_first_and_an_item_after_the_grace_time() -> None:
    ward = Ward()

    ward.overdue()
    assert (ward.alert.tier, ward.alert.quiet) == (Tier.CHIP, "within the grace time")
    ward.later(60)
    assert (ward.alert.tier, ward.alert.quiet, ward.alert.severity) == (Tier.WORKLIST, "", Severity.LOW)
    ward.measure("pulse", 80)

    assert ward.alerts.open_alerts() == []
    assert ward.of(Resolved)[0].why == "measured"
    assert ward.sent == []  # shown on the board, never a page


def test_a_new_policy_ends_what_it_no_longer_watches_for() -> None:
    ward = Ward()
    ward.news2(7)
    text = ward.alerts.policy.text.replace('version: "default-1"', 'version: "2"')
    start, end = text.index("  - id: news2-high"), text.index("  - id: news2-medium")

    ward.house.state(ward.alerts.acts.activate(text[:start] + text[end:], approved_by=("Holm", "Vance"), now=ward.now))

    assert ward.last.why == "policy 2 does not watch for it"
