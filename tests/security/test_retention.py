"""Retention: how long a record is kept, from the site's own rules and nothing else."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.security.retention.deciding import Facts, checks, kept_until, latest_birthday, years_after
from wardline.security.retention.rules import NONE, Rule, read_rules
from wardline.security.retention.suggested import SUGGESTED

GERMANY = next(each.rule for each in SUGGESTED if each.jurisdiction == "Germany")
ENGLAND = next(each.rule for each in SUGGESTED if each.jurisdiction == "England")
LAST = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SITE = """owner: Privacy office
version: "1"
date: 2026-01-01
signed_by: Dr Amsel
jurisdiction: Germany
rules:
  patient: {keep_years: 10, basis: "§ 630f (3) BGB"}
"""


def test_ten_years_after_the_end_of_treatment() -> None:
    """§ 630f (3) BGB."""
    assert kept_until(GERMANY, Facts(LAST, "1950-01-01")) == date(2036, 3, 2)


@pytest.mark.parametrize(
    ("born", "until"),
    [
        ("1980-05-01", date(2034, 3, 2)),
        ("2020-05-01", date(2046, 5, 1)),
        ("2008-03-03", date(2034, 3, 3)),
        ("2008-03-02", date(2034, 3, 2)),
        ("2020", date(2046, 12, 31)),
        ("2020-02", date(2046, 3, 1)),
        ("", date(2052, 3, 2)),
        ('""', date(2052, 3, 2)),
    ],
)
def test_a_child_s_record_is_kept_until_they_are_grown_up(born: str, until: date) -> None:
    """Records Management Code of Practice 2021 (England): adults 8 years, children until the 25th or 26th birthday. Of whom less is known,
    the later day counts.
    """
    assert kept_until(ENGLAND, Facts(LAST, born)) == until


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 60), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_later_contact_or_a_longer_rule_never_ends_earlier(last: date, years: int, born: date) -> None:
    at = datetime(last.year, last.month, last.day, tzinfo=UTC)
    facts, later = Facts(at, born.isoformat()), Facts(at + timedelta(days=40), born.isoformat())
    rule, longer = (Rule(keep_years=keep, minors_until_age=25, basis="test") for keep in (years, years + 1))
    until = kept_until(rule, facts)
    assert until is not None
    assert until >= last
    assert (kept_until(longer, facts) or until) >= until
    if last >= years_after(born, 18):  # the day somebody grows up is the one day on which the end can come nearer
        assert (kept_until(rule, later) or until) >= until


@given(st.dates(date(1900, 1, 1), date(2300, 1, 1)), st.integers(0, 200))
def test_a_year_later_is_the_same_day_or_the_one_after_the_29th_of_february(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (3, 1)}


def test_half_a_year_is_six_months() -> None:
    assert years_after(date(2026, 8, 31), 0.5) == date(2027, 3, 1)


@pytest.mark.parametrize(("born", "day"), [("2000", date(2000, 12, 31)), ("2000-02", date(2000, 2, 29)), ("x", None)])
def test_of_whom_only_a_year_is_known_the_last_day_of_it_counts(born: str, day: date | None) -> None:
    assert latest_birthday(born) == day


def failed(facts: Facts, site: str = SITE, now: datetime = LAST + timedelta(days=4000)) -> dict[str, str]:
    """Check -> law, of what stands in the way."""
    return {check.name: check.basis for check in checks(facts, read_rules(site, "retention.yaml"), now) if not check.passed}


def test_nothing_stands_in_the_way_when_the_time_is_over() -> None:
    assert failed(Facts(LAST, "1950-01-01")) == {}


def test_each_thing_that_binds_is_said_with_its_law() -> None:
    """SEC-16: the legal basis of a refusal is recorded."""
    assert failed(Facts(LAST), now=LAST) == {"retention": "§ 630f (3) BGB; GDPR Art. 17(3)(b)"}
    assert failed(Facts(LAST, holds=1)) == {"hold": "GDPR Art. 17(3)(e)"}
    assert failed(Facts(LAST, is_in=True)) == {"care": "GDPR Art. 17(3)(c) with Art. 9(2)(h)"}
    assert failed(Facts(LAST, shared_visits=1)) == {"records": ""}


def test_a_site_that_has_said_nothing_erases_nobody() -> None:
    (refusal,) = [check for check in checks(Facts(LAST), NONE, LAST + timedelta(days=36500)) if not check.passed]
    assert refusal.name == "retention"
    assert "config/retention.yaml" in refusal.sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: {patient: {keep_years: 10, basis: law}}", "must say owner"),
        (SITE.replace("keep_years: 10", "keep_years: -1"), "rules.patient.keep_years"),
        (SITE.replace("patient:", "patients:"), "rules.patients"),
        (SITE.replace("  patient", "  colour: red\n  patient"), "rules.colour"),
        (SITE + "more: 1\n", "more"),
        ("{", "not valid YAML"),
    ],
)
def test_rules_that_are_not_right_are_refused_with_their_place(text: str, words: str) -> None:
    with pytest.raises(Refused, match=r"retention\.yaml") as refused:
        read_rules(text, "retention.yaml")
    assert words in str(refused.value)


def test_the_rules_of_the_guide_are_rules() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operating" / "security" / "backup-and-erasure.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)

    assert set(read_rules(written, "the guide").rules) == {"patient", "audit", "session"}


def test_every_suggestion_says_which_law_and_how_well_it_is_known() -> None:
    assert all(each.rule.basis and each.standing in ("read", "reported", "from memory") for each in SUGGESTED)
