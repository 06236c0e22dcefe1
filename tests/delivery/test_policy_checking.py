"""What the alarm-safety rules forbid cannot be switched on (reference AL-1 to AL-10)."""

import pytest

from delivery.ward import MORNING, Ward, changed
from wardline.core.errors import Conflict
from wardline.delivery.policy import default_policy, problems

HIGH_ACTION = "    action: Emergency assessment by a team with critical care competencies; monitor vital signs continuously\n"
DRIVEN = "    stale_after_minutes: 60\n    driven_by: model"
MODEL_RULE = """
  - {id: sepsis-model, capability: sepsis_model, raise: {at_least: 0.8}, clear: {below: 0.6}, severity: high, tier: page, driven_by: model,
     tell: [nurse], owner_role: nurse, action: Look for sepsis, stale_after_minutes: 60}
overdue:
"""


def test_nothing_speaks_against_the_shipped_policy() -> None:
    assert problems(default_policy()) == ()


@pytest.mark.parametrize(
    ("rule", "old", "new", "sentence"),
    [
        ("AL-1", HIGH_ACTION, "", "pages without saying what to do"),
        ("AL-1", "    owner_role: nurse\n", "", "has no owner"),
        ("AL-1", "    tell: [nurse, doctor]\n", "    tell: []\n", "tells nobody"),
        ("AL-1", "after_minutes: 15, tell: [doctor]", "after_minutes: 90, tell: [doctor]", "waits for more than an hour"),
        ("AL-2", "patient_days_per_page: 35", "patient_days_per_page: 20", "more than one page in 35 patient-days"),
        ("AL-2", "pages_per_nurse: 2,", "pages_per_nurse: 3,", "more than 2 pages for each nurse in 12 hours"),
        ("AL-3", "clear: {below: 6, readings: 2}", "clear: {below: 8, readings: 2}", "clears where it would still be raised"),
        ("AL-3", "clear: {below: 6, readings: 2}", "clear: {severity_below: high, readings: 2}", "one kind of limit and cleared by another"),
        ("AL-3", "refractory_minutes: 60", "refractory_minutes: 2000", "silence"),
        ("AL-4", "quiet: [comfort_care, in_theatre]", "quiet: [coffee]", "which is not among the quiet_reasons"),
        ("AL-4", "label: Artefact, longest_hours: 4", "label: Artefact", "never expires"),
        ("AL-5", "    stale_after_minutes: 60", DRIVEN, "cannot be driven by a model"),
        ("AL-7", "  repeat_minutes: 15", "  repeat_minutes: 0", "ends in silence"),
        ("AL-7", "tell: [charge_nurse, rapid_response]", "tell: [doctor]", "ends with nobody who surely answers"),
        ("AL-7", "contact: charge-nurse, ", "", "has no contact of its own"),
        ("AL-7", "    tell: [nurse, doctor]", "    tell: [nurse, wizard]", "'wizard', which is not among the roles"),
        ("AL-7", "tell: [doctor]}", "tell: [wizard]}", "'wizard', which is not among the roles"),
        ("AL-8", "  - {code: other, label: Other, needs: [comment]}", "  - {code: a, label: A}\n  - {code: b, label: B}", "nobody reads more than 7"),
        ("AL-10", 'starts: ["07:00", "19:00"]', "starts: []", "handed over when a shift begins"),
        ("", "    what: vital signs", "    what: lactate", "only 'vital signs' are watched so far"),
        ("", "  - id: news2-medium", "  - id: news2-high", "'news2-high' is used 2 times"),
    ],
)  # fmt: skip
def test_what_an_alarm_safety_rule_forbids_is_rejected(rule: str, old: str, new: str, sentence: str) -> None:
    objections = problems(changed((old, new)))

    assert any(each.rule == rule and sentence in each.sentence for each in objections), objections


def test_a_ladder_without_steps_is_rejected_not_followed() -> None:
    text = changed(("    - {after_minutes: 15, tell: [doctor]}\n    - {after_minutes: 15, tell: [charge_nurse, rapid_response]}\n", "    []\n"))

    assert any(each.rule == "AL-7" and "give the escalation a step" in each.sentence for each in problems(text))


def test_provisional_content_cannot_page_and_an_unknown_capability_is_named() -> None:
    objections = problems(default_policy(), {"news2": "provisional"})

    assert any("news2 is provisional: it must not interrupt anybody" in each.sentence and each.where.endswith("news2-high") for each in objections)
    assert not any(each.where.endswith("news2-single") for each in objections)  # the worklist does not interrupt
    assert any("there is no capability 'critical_values'" in each.sentence for each in objections)


def test_a_model_may_page_only_within_a_budget() -> None:
    with_budget = changed(("\noverdue:\n", MODEL_RULE))
    without = changed(
        ("\noverdue:\n", MODEL_RULE), ("model_budget: {patient_days_per_page: 35, pages_per_nurse: 2, nurse_hours: 12, over_days: 7}", "")
    )

    assert problems(with_budget) == ()
    assert any(each.rule == "AL-2" and "without a budget" in each.sentence for each in problems(without))


def test_a_policy_with_objections_cannot_be_activated() -> None:
    ward = Ward()
    text = default_policy().text.replace(HIGH_ACTION, "", 1)

    with pytest.raises(Conflict, match="pages without saying what to do"):
        ward.alerts.acts.activate(text, approved_by=("Holm", "Vance"), now=MORNING)


def test_a_policy_needs_two_different_people() -> None:
    ward = Ward()

    with pytest.raises(Conflict, match="approval of 2 people"):
        ward.alerts.acts.activate(default_policy().text, approved_by=("Holm", "Holm"), now=MORNING)


def test_an_activated_policy_is_followed_from_then_on() -> None:
    ward = Ward()
    text = default_policy().text.replace('version: "default-1"', 'version: "12"').replace("raise: {at_least: 7}", "raise: {at_least: 9}", 1)

    ward.house.state(ward.alerts.acts.activate(text, approved_by=("Holm", "Vance"), now=ward.now))
    ward.news2(8)

    assert ward.alerts.policy.version == "12"
    assert ward.alert.severity == 2  # 8 is now medium, high begins at 9
