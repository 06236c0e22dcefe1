"""Asking a capability as of a moment: fresh inputs only, missing said aloud, every reason with its event."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from support.events import event, hours, potassium, pulse
from support.questions import OUT_OF_LIMITS, WORRY
from wardline.capabilities.deterioration.news2 import news2
from wardline.core.assessment import Assessor, found, population_of
from wardline.core.capability import ATTRIBUTE, Capability
from wardline.core.events import Event, Found, Measured, Registered
from wardline.core.findings import AtLeast, Finding, NotValid, Unknown
from wardline.core.timeline import Timeline

NEWS2: Capability = getattr(news2, ATTRIBUTE)
VITALS = {"respiratory_rate": 16.0, "oxygen_saturation": 97.0, "systolic_pressure": 120.0, "pulse": 70.0, "temperature": 37.0}
"""RCP 2017, chart 1: every one of these scores 0."""


def measured(concept: str, value: float | str, *, after: float = 0, status: str = "F") -> Event:
    at = MORNING + hours(after)
    return event(Measured(concept, value, status=status, issued_at=at), at=at)


def well(*, without: str = "") -> list[Event]:
    taken = [measured(concept, value) for concept, value in VITALS.items()]
    taken += [measured("consciousness", "A"), measured("supplemental_oxygen", "air")]
    return [each for each in taken if each.value.concept != without]


def asked(*events: Event, after: float = 1, capability: Capability = NEWS2) -> tuple[Finding | AtLeast | Unknown | NotValid, ...]:
    timeline = Timeline("ada").apply_all(events)
    return tuple(each.outcome for each in Assessor.of(capability).assess(timeline, MORNING + hours(after), {}))  # type: ignore[misc]


def test_a_complete_set_of_normal_vital_signs_scores_nought() -> None:
    (outcome,) = asked(*well())
    assert isinstance(outcome, Finding)
    assert outcome.value == 0


def test_every_reason_points_at_the_event_it_rests_on() -> None:
    taken = well()
    (assessed,) = Assessor.of(NEWS2).assess(Timeline("ada").apply_all(taken), MORNING + hours(1), {})
    by_input = {name: event for name, _, _, _, event in found(NEWS2, assessed).because}
    assert by_input["pulse"] == next(each.id for each in taken if each.value.concept == "pulse")


def test_an_additive_score_with_a_missing_input_is_at_least_what_it_says() -> None:
    (outcome,) = asked(*well(without="temperature"), measured("pulse", 135.0, after=0.5))
    assert isinstance(outcome, AtLeast)
    assert (outcome.finding.value, outcome.missing, outcome.at_most) == (3, ("temperature",), 6)  # pulse >= 131: 3; temperature at most 3


def test_with_nothing_measured_even_an_additive_score_is_unknown() -> None:
    (outcome,) = asked(measured("weight", 70.0))
    assert isinstance(outcome, Unknown)
    assert "pulse" in outcome.missing


def test_a_score_is_never_computed_from_an_input_that_is_too_old() -> None:
    (outcome,) = asked(*well(), after=12.01)
    assert isinstance(outcome, Unknown)


def test_the_answer_is_valid_until_its_first_input_expires_and_not_a_moment_longer() -> None:
    timeline = Timeline("ada").apply_all([*well(without="pulse"), measured("pulse", 70.0, after=-2)])
    assessor = Assessor.of(NEWS2)
    (assessed,) = assessor.assess(timeline, MORNING, {})
    assert assessed.valid_until == MORNING + hours(10)
    (still,) = assessor.assess(timeline, MORNING + hours(10), {})
    (lapsed,) = assessor.assess(timeline, MORNING + hours(10) + timedelta(microseconds=1), {})
    assert isinstance(still.outcome, Finding)
    assert isinstance(lapsed.outcome, AtLeast)


def test_what_is_measured_after_the_moment_asked_about_is_not_used() -> None:
    (outcome,) = asked(*well(), measured("pulse", 135.0, after=2), after=1)
    assert isinstance(outcome, Finding)
    assert outcome.value == 0


def test_saturation_scale_two_counts_only_when_it_was_recorded() -> None:
    low = [*well(without="oxygen_saturation"), measured("oxygen_saturation", 90.0)]
    (scale_1,) = asked(*low)
    (scale_2,) = asked(*low, measured("saturation_scale", "2"))
    assert isinstance(scale_1, Finding)
    assert isinstance(scale_2, Finding)
    assert (scale_1.value, scale_2.value) == (3, 0)


def person(born: str) -> Event:
    return event(Registered((), "Moss", "Ada", born, "F", issued_at=MORNING))


def test_a_child_gets_no_adult_score_and_hears_why() -> None:
    (outcome,) = asked(*well(), person("2015-01-01"))
    assert outcome == NotValid("NEWS2, the National Early Warning Score 2 is not valid under 16 years")


@pytest.mark.parametrize(
    ("age", "pregnant", "valid"), [(16, None, True), (15, None, False), (None, None, True), (30, True, False), (30, False, True)]
)
def test_the_population_is_checked_as_far_as_it_is_known(age: int | None, pregnant: bool | None, valid: bool) -> None:
    refusal, population = population_of(NEWS2, age, pregnant)
    assert (refusal is None) is valid
    assert population == ("not checked" if valid and (age is None or pregnant is None) else "")


def test_one_question_can_have_an_answer_for_each_key() -> None:
    outcomes = asked(potassium(7.1), capability=OUT_OF_LIMITS)
    assert [(outcome.key, outcome.value) for outcome in outcomes if isinstance(outcome, Finding)] == [("potassium", 7.1)]
    assert asked(potassium(4.1), capability=OUT_OF_LIMITS) == ()


def answered(value: int, *, after: float, valid: float = 12, outcome: str = "finding") -> Event:
    at = MORNING + hours(after)
    return event(Found("news2", "2017", "", outcome, "", value, valid_until=at + hours(valid)), at=at)


def test_an_answer_that_rests_on_another_one_uses_the_one_of_its_moment() -> None:
    early, late = answered(3, after=0), answered(9, after=4)
    ((before,), (after,)) = (asked(early, late, after=moment, capability=WORRY) for moment in (2, 5))
    assert isinstance(before, Finding)
    assert isinstance(after, Finding)
    assert (before.value, after.value) == ("no", "yes")


def test_an_answer_that_has_lapsed_is_a_missing_input() -> None:
    (outcome,) = asked(answered(9, after=0, valid=1), after=2, capability=WORRY)
    assert outcome == Unknown(("news2",))


def test_an_answer_that_is_unknown_is_a_missing_input() -> None:
    (outcome,) = asked(answered(9, after=0, outcome="unknown"), after=1, capability=WORRY)
    assert outcome == Unknown(("news2",))


def test_what_is_recorded_of_an_answer_says_everything_needed_to_explain_it() -> None:
    timeline = Timeline("ada").apply_all([*well(without="temperature"), pulse(135.0, at=MORNING + hours(0.5))])
    (assessed,) = Assessor.of(NEWS2).assess(timeline, MORNING + hours(1), {})
    recorded = found(NEWS2, assessed, revised=True)
    assert (recorded.capability, recorded.version, recorded.outcome, recorded.value) == ("news2", "2017", "at_least", 3)
    assert (recorded.missing, recorded.revised, recorded.population) == (("temperature",), True, "not checked")
    # RCP 2017, chart 4: 3 in a single parameter, at least hourly.
    assert recorded.suggestions[0][1:] == (3600.0, "vital signs")


SCORED = {
    "respiratory_rate": st.floats(4, 40), "oxygen_saturation": st.floats(75, 100), "systolic_pressure": st.floats(60, 240),
    "pulse": st.floats(30, 160), "temperature": st.floats(33, 41),
}  # fmt: skip


@given(st.fixed_dictionaries(SCORED), st.sets(st.sampled_from(sorted(SCORED))))
def test_leaving_inputs_out_never_raises_an_additive_score(values: dict[str, float], left_out: set[str]) -> None:
    rest = [measured("consciousness", "A"), measured("supplemental_oxygen", "air")]
    (whole,) = asked(*rest, *(measured(concept, value) for concept, value in values.items()))
    (part,) = asked(*rest, *(measured(concept, value) for concept, value in values.items() if concept not in left_out))
    assert isinstance(whole, Finding)
    assert isinstance(whole.value, int)
    if left_out:
        assert isinstance(part, AtLeast)
        assert isinstance(part.finding.value, int)
        assert part.at_most is not None
        assert part.finding.value <= whole.value <= part.at_most
