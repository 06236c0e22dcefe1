"""An alert policy is read exactly, or refused with the place of the mistake."""

from datetime import timedelta

import pytest

from delivery.ward import changed
from wardline.core.errors import Refused
from wardline.core.findings import Severity
from wardline.delivery.policy import Tier, default_policy, read_policy


def test_the_shipped_policy_pages_at_the_limits_of_the_news2_report() -> None:
    # RCP 2017, chart 2: 5-6 medium, 7 or more high, 3 in a single input low to medium.
    rules = {rule.id: rule for rule in default_policy().rules}

    assert rules["news2-high"].raises.at_least == 7
    assert rules["news2-medium"].raises.at_least == 5
    assert rules["news2-high"].severity is Severity.HIGH
    assert rules["news2-high"].tier is rules["news2-medium"].tier is Tier.PAGE
    assert rules["news2-single"].tier is Tier.WORKLIST


def test_numbers_come_with_their_unit_in_the_key() -> None:
    policy = default_policy()

    assert policy.undo == timedelta(seconds=10)
    assert policy.bundle == timedelta(minutes=5)
    assert policy.rule("news2-medium").refractory == timedelta(minutes=60)
    assert policy.quiet_reason("comfort_care").longest == timedelta(hours=168)


def test_without_a_word_about_clearing_an_alert_clears_where_it_no_longer_raises() -> None:
    policy = changed(("    clear: {below: 6, readings: 2}\n", ""))

    assert policy.rule("news2-high").clears.below == 7
    assert policy.rule("news2-high").clears.readings == 1


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    tier: page", "    tier: pager", "rules[0].tier is 'pager'; it must be one of page, worklist, chip"),
        ("refractory_minutes: 60", "refractory_minutes: an hour", "rules[1].refractory_minutes must be a number"),
        ("refractory_minutes: 60", "refractory_minuts: 60", "rules[1].refractory_minuts is not known here"),
        ("    capability: news2\n", "", "rules[0].capability is missing"),
        ("    raise: {at_least: 7}", "    raise: {at_least: 7, severity: high}", "raise.at_least must be exactly one of severity, at_least, at_most"),
        ("    clear: {below: 6, readings: 2}", "    clear: {below: 6, readings: 0}", "rules[0].clear.readings is 0; it must be 1 or more"),
        ("show_place: false", "show_place: sometimes", "show_place must be true or false"),
        ("zone: UTC", "zone: Mars/Olympus", "shifts.zone is 'Mars/Olympus'; it must be a time zone such as Europe/London"),
        ('"07:00"', '"7 o clock"', "shifts.starts has '7 o clock'; a shift starts at a time such as 07:00"),
        ("needs: [until]", "needs: [patience]", "override_reasons[5].needs names 'patience'; a reason can need a comment or until"),
        ("units: {}", "units: {Ward 7: {nurses: 2.5}}", "units.Ward 7.nurses must be a whole number"),
        ("undo_seconds: 10", "undo_seconds: 10\nundo_seconds: 20", "undo_seconds is given twice"),
        ("  nurse: {title: Nurse looking", "  nurse: [title, Nurse looking", "this is not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_key(old: str, new: str, sentence: str) -> None:
    text = default_policy().text
    assert old in text
    line = text[: text.index(old)].count("\n") + 1

    with pytest.raises(Refused) as refused:
        read_policy(text.replace(old, new, 1), "ward.yaml")

    assert sentence in refused.value.reason
    assert refused.value.reason.startswith("ward.yaml, line ")
    assert abs(int(refused.value.reason.split("line ")[1].split(":")[0].split(",")[0]) - line) <= 3


def test_a_document_that_is_not_a_mapping_is_refused() -> None:
    with pytest.raises(Refused, match=r"ward\.yaml, line 1: the document must be a mapping"):
        read_policy("- a\n- b\n", "ward.yaml")


def test_a_wait_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match="must not be shorter than after_minutes"):
        changed(("    stale_after_minutes: 60", "    stale_after_minutes: 60\n    second_reading: {after_minutes: 10, at_latest_minutes: 5}"))


def test_a_rule_is_found_by_capability_key_unit_and_severity() -> None:
    policy = changed(("    quiet: [comfort_care, already_treated, artefact]", '    quiet: []\n    key: "pot*"\n    units: ["Ward *"]'))
    from delivery.ward import critical, news2

    assert policy.rule_for(critical("potassium", 7.1), "Ward 7").id == "critical-value"
    assert policy.rule_for(critical("sodium", 110), "Ward 7") is None
    assert policy.rule_for(critical("potassium", 7.1), "Theatre") is None
    assert policy.rule_for(news2(8), "Ward 7").id == "news2-high"
    assert policy.rule_for(news2(6), "Ward 7").id == "news2-medium"
    assert policy.rule_for(news2(4), "Ward 7") is None


def test_whom_a_unit_has_on_call_comes_before_the_roles_own_contact() -> None:
    policy = changed(("units: {}", 'units: {"Ward 7": {on_call: {doctor: doctor-medicine}}, "*": {on_call: {doctor: doctor-night}}}'))

    assert policy.contact("doctor", "Ward 7") == "doctor-medicine"
    assert policy.contact("doctor", "Ward 9") == "doctor-night"
    assert policy.contact("nurse", "Ward 7") == "ward-nurse"
    assert policy.contact("gardener", "Ward 7") == ""
