"""Kaplan-Meier, Cox and Breslow against an independent implementation and by hand."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.science.statistics.survival.cox import breslow, cox
from wardline.science.statistics.survival.kaplan_meier import kaplan_meier
from wardline.science.statistics.survival.observed import Floats, Observed, censoring, observed
from wardline.science.statistics.survival.partial_likelihood import risk_sets, terms

SIX = observed([1, 2, 2, 3, 4, 5], [True, True, False, True, False, True])


def people(count: int, seed: int, *, ties: bool = True) -> tuple[Floats, Observed]:
    """Three features, of which the last does nothing; about a third censored, many at the same time."""
    drawn = np.random.default_rng(seed)
    features = drawn.normal(size=(count, 3))
    time = drawn.exponential(np.exp(-features @ [0.8, -0.4, 0.0])) * 20
    ended = drawn.exponential(25, size=count)
    seen = np.minimum(time, ended)
    return features, observed(np.ceil(seen) if ties else seen, time <= ended)


def test_survival_by_hand() -> None:
    curve = kaplan_meier(SIX)

    assert curve.time.tolist() == [1, 2, 3, 5]
    assert curve.at_risk.tolist() == [6, 5, 3, 1]
    assert curve.survival == pytest.approx([5 / 6, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5 * 2 / 3, 0])
    assert curve.at(np.array([0.5, 2, 2.9, 9])) == pytest.approx([1, 2 / 3, 2 / 3, 0])
    assert curve.at(2, just_before=True) == pytest.approx(5 / 6)


def test_nothing_is_claimed_before_the_first_event_and_when_nobody_is_left() -> None:
    curve = kaplan_meier(SIX)

    assert np.isnan(curve.interval_at(0.5)).all()
    assert np.isnan(curve.interval_at(5)).all()


def test_survival_and_greenwood_are_those_of_another_implementation() -> None:
    _, seen = people(300, 1)
    other = sm.SurvfuncRight(seen.time, seen.happened.astype(int))
    curve = kaplan_meier(seen)

    assert curve.survival == pytest.approx(other.surv_prob)
    z = 1.959963984540054
    spread = z * other.surv_prob_se / other.surv_prob / np.abs(np.log(other.surv_prob))
    assert curve.low == pytest.approx(other.surv_prob ** np.exp(spread))
    assert curve.high == pytest.approx(other.surv_prob ** np.exp(-spread))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40))
def test_survival_never_rises_and_lies_within_its_interval(lines: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(observed([time for time, _ in lines], [happened for _, happened in lines]))

    assert (np.diff(curve.survival) <= 0).all()
    known = ~np.isnan(curve.low)
    assert (curve.low[known] <= curve.survival[known]).all()
    assert (curve.survival[known] <= curve.high[known]).all()


def test_the_other_way_round_those_who_were_watched_to_the_end_are_the_events() -> None:
    assert censoring(SIX).happened.tolist() == [False, False, True, False, True, False]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ties", [True, False], ids=["ties", "no ties"])
def test_cox_is_that_of_another_implementation(seed: int, ties: bool) -> None:
    features, seen = people(250, seed, ties=ties)
    other: Any = sm.PHReg(seen.time, features, seen.happened.astype(float), ties="efron").fit()
    found = cox(features, seen)

    assert found.coefficients == pytest.approx(other.params, abs=1e-8)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(other.bse, rel=1e-7)
    assert found.log_likelihood == pytest.approx(other.llf)


def test_the_baseline_is_that_of_another_implementation() -> None:
    features, seen = people(250, 5)
    other: Any = sm.PHReg(seen.time, features, seen.happened.astype(float), ties="breslow").fit()
    time, hazard, _ = other.baseline_cumulative_hazard[0]
    found = breslow(features @ other.params, seen)

    # It states the hazard just before each time, this one at it.
    assert found.at(np.asarray(time))[:-1] == pytest.approx(hazard[1:])
    assert found.at(np.array([0.0]))[0] == 0


def test_the_slopes_are_those_of_small_steps() -> None:
    features, seen = people(40, 2)
    log_risk, sets = features @ [0.3, 0.2, 0.1], risk_sets(seen)
    now, step = terms(log_risk, sets), 1e-4
    for person in range(0, 40, 7):
        up, down = log_risk.copy(), log_risk.copy()
        up[person] += step
        down[person] -= step
        above, below = terms(up, sets).log_likelihood, terms(down, sets).log_likelihood
        assert seen.happened[person] - now.expected[person] == pytest.approx((above - below) / (2 * step), abs=1e-6)
        assert now.curvature[person] == pytest.approx((2 * now.log_likelihood - above - below) / step**2, abs=1e-5)


def test_a_ridge_draws_coefficients_towards_nothing() -> None:
    features, seen = people(120, 3)
    sizes = [np.abs(cox(features, seen, ridge=ridge).coefficients).sum() for ridge in (0.0, 10.0, 1000.0)]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.2 * sizes[0]


def test_large_numbers_do_not_overflow() -> None:
    features, seen = people(100, 4)

    assert cox(features * 1e4 + 1e6, seen).coefficients * 1e4 == pytest.approx(cox(features, seen).coefficients, abs=1e-6)


def test_a_feature_that_knows_everything_is_refused_not_estimated() -> None:
    seen = observed(np.arange(1.0, 21.0), [True] * 20)

    with pytest.raises(Refused, match="grow without limit"):
        cox(-np.arange(20.0)[:, None], seen)
    with pytest.raises(Refused, match="same value for everybody"):
        cox(np.ones((20, 1)), seen)
    with pytest.raises(Refused, match="happened to nobody"):
        cox(np.ones((2, 1)), observed([1, 2], [False, False]))


@pytest.mark.parametrize("time", [[-1.0], [float("nan")], [float("inf")], []], ids=str)
def test_what_is_no_time_is_refused(time: list[float]) -> None:
    with pytest.raises(Refused):
        observed(time, [True] * len(time))
