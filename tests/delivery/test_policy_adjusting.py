"""Moving a number of the policy: only that number changes, and it changes to what was asked."""

from typing import Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.delivery.policy import default_policy, problems, read_policy
from wardline.delivery.policy.adjusting import Slider, adjusted, sliders

TODAY: Final = default_policy()
HIGH: Final = "rules.news2-high.raise.at_least"
SECOND_STEP: Final = "escalation.steps.1.after_minutes"


def lines(text: str) -> list[str]:
    return text.splitlines()


def test_a_moved_threshold_takes_its_clearing_limit_along() -> None:
    """AL-3: an alert ends lower than it began; the shipped rule clears one below where it is raised."""
    rule = read_policy(adjusted(TODAY, {HIGH: 9})).rule("news2-high")

    assert rule is not None
    assert (rule.raises.at_least, rule.clears.below) == (9, 8)


def test_every_other_line_stays_with_the_sources_beside_its_numbers() -> None:
    before, after = lines(TODAY.text), lines(adjusted(TODAY, {SECOND_STEP: 30}))

    assert len(before) == len(after)
    assert [line for line, was in zip(after, before, strict=True) if line != was and "version" not in line] == [
        "    - {after_minutes: 30, tell: [charge_nurse, rapid_response]}"
    ]


def test_a_moved_policy_has_a_version_of_its_own_and_the_same_move_has_the_same() -> None:
    once = read_policy(adjusted(TODAY, {HIGH: 9})).version

    assert once != TODAY.version
    assert once == read_policy(adjusted(TODAY, {HIGH: 9})).version
    assert once != read_policy(adjusted(TODAY, {HIGH: 8})).version


def test_a_version_does_not_grow_with_every_move() -> None:
    moved = read_policy(adjusted(TODAY, {HIGH: 9}))

    assert read_policy(adjusted(moved, {HIGH: 8})).version.count("+") == 1


def test_nothing_moved_is_the_policy_itself() -> None:
    assert adjusted(TODAY, {}) == TODAY.text


def test_a_policy_written_in_blocks_is_moved_as_well() -> None:
    policy = read_policy(yaml.safe_dump(yaml.safe_load(TODAY.text), sort_keys=False))

    rule = read_policy(adjusted(policy, {HIGH: 8})).rule("news2-high")

    assert rule is not None
    assert rule.raises.at_least == 8


def test_a_number_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="not a number of this policy"):
        adjusted(TODAY, {"rules.news2-high.action": 1})


def test_a_number_out_of_reach_is_refused() -> None:
    with pytest.raises(Refused, match="not between 3 and 11"):
        adjusted(TODAY, {HIGH: 20})


def test_a_quiet_time_set_to_none_can_be_given_back() -> None:
    path = "rules.news2-medium.refractory_minutes"

    assert path in {slider.path for slider in sliders(read_policy(adjusted(TODAY, {path: 0})))}


def test_what_is_high_is_not_offered_a_quiet_time() -> None:
    """AL-5: every new episode of danger to life pages."""
    assert "rules.news2-high.refractory_minutes" not in {slider.path for slider in sliders(TODAY)}


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sliders(TODAY)), st.data())
def test_whatever_is_moved_reads_back_where_it_was_put_and_nothing_speaks_against_it(slider: Slider, data: st.DataObject) -> None:
    steps = int((slider.high - slider.low) / slider.step)
    value = slider.low + slider.step * data.draw(st.integers(0, steps))

    moved = read_policy(adjusted(TODAY, {slider.path: value}))

    assert {each.path: each.value for each in sliders(moved)} == {
        **{each.path: each.value for each in sliders(TODAY)}, slider.path: value,
    }  # fmt: skip
    assert problems(moved) == ()
