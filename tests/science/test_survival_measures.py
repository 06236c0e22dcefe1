"""Concordance, Brier score and calibration against counting one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.science.statistics.survival import calibration
from wardline.science.statistics.survival.brier import brier, integrated
from wardline.science.statistics.survival.concordance import harrell, uno
from wardline.science.statistics.survival.kaplan_meier import kaplan_meier
from wardline.science.statistics.survival.observed import Observed, censoring, observed

LINES = st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 4)), min_size=2, max_size=30)


def counted(lines: list[tuple[int, bool, int]], weight: dict[int, float]) -> float:
    """Pair by pair, as the definition says it."""
    agreed = pairs = 0.0
    for time, happened, risk in lines:
        for other, other_happened, other_risk in lines:
            if happened and (time < other or (time == other and not other_happened)):
                pairs += weight[time]
                agreed += weight[time] * (1.0 if risk > other_risk else 0.5 if risk == other_risk else 0.0)
    return agreed / pairs if pairs else float("nan")


def split(lines: list[tuple[int, bool, int]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], Observed]:
    return np.array([float(risk) for *_, risk in lines]), observed([time for time, *_ in lines], [happened for _, happened, _ in lines])


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_harrells_c_is_what_counting_every_pair_gives(lines: list[tuple[int, bool, int]]) -> None:
    risk, seen = split(lines)

    assert harrell(risk, seen)[0] == pytest.approx(counted(lines, dict.fromkeys(range(10), 1.0)), nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_unos_c_weighs_each_pair_by_the_chance_to_have_been_watched(lines: list[tuple[int, bool, int]]) -> None:
    risk, seen = split(lines)
    free = kaplan_meier(censoring(seen))
    weight = {time: float(free.at(float(time), just_before=True)) for time in range(10)}

    expected = counted(lines, {time: each**-2 if each > 0 and time < 8 else 0.0 for time, each in weight.items()})
    assert uno(risk, seen, until=8)[0] == pytest.approx(expected, nan_ok=True)


def test_who_counts_twice_in_a_resample_counts_as_if_there_were_two() -> None:
    lines = [(2, True, 3), (5, True, 1), (3, False, 2), (7, False, 0), (4, True, 2)]
    risk, seen = split(lines)
    often = np.array([[2.0, 1, 0, 1, 3]])
    repeated = [line for line, times in zip(lines, (2, 1, 0, 1, 3), strict=True) for _ in range(times)]

    assert harrell(risk, seen, often)[0] == pytest.approx(counted(repeated, dict.fromkeys(range(10), 1.0)))


def test_without_censoring_the_brier_score_is_the_mean_squared_error() -> None:
    seen = observed([1, 2, 3, 4], [True] * 4)
    told = np.array([[0.2], [0.4], [0.7], [0.9]])

    assert brier(told, seen, np.array([2.0]))[0] == pytest.approx((0.2**2 + 0.4**2 + 0.3**2 + 0.1**2) / 4)


def test_who_was_not_watched_long_enough_is_made_up_for_by_the_others() -> None:
    """Two of four censored at 1, the others watched: at 2 each of them stands for two, and the score is that of the two alone."""
    seen = observed([1, 1, 3, 3], [False, False, True, True])

    assert brier(np.full((4, 1), 0.8), seen, np.array([2.0]))[0] == pytest.approx(0.2**2)


def test_the_score_over_time_is_its_mean() -> None:
    assert integrated(np.array([0.0, 0.1, 0.2]), np.array([0.0, 1.0, 2.0])) == pytest.approx(0.1)


def test_a_model_that_tells_the_truth_is_calibrated_and_one_that_exaggerates_is_not() -> None:
    drawn = np.random.default_rng(7)
    log_risk = drawn.normal(size=1500)
    time, ended = drawn.exponential(np.exp(-log_risk)) * 10, drawn.uniform(5, 30, 1500)
    seen, horizon = observed(np.minimum(time, ended), time <= ended), 5.0
    truth = np.exp(-horizon / 10 * np.exp(log_risk))

    found = calibration.groups(truth, seen, horizon, 5)
    assert [each.people for each in found] == [300] * 5
    assert sum(each.low <= each.told <= each.high for each in found) >= 4
    honest, exaggerated = calibration.slope(log_risk, seen), calibration.slope(2 * log_risk, seen)
    assert honest.low <= 1 <= honest.high
    assert exaggerated.estimate == pytest.approx(honest.estimate / 2)


def test_a_group_that_nobody_was_watched_long_enough_in_has_no_number() -> None:
    (group,) = calibration.groups(np.array([0.5, 0.6]), observed([1, 2], [True, False]), 3.0, 1)

    assert np.isnan(group.found)
