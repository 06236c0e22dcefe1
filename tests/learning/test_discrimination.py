"""Areas under the curve and their intervals, held against scikit-learn and against counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from wardline.learning.evaluation.discrimination import areas, curve, discrimination, ratio, resamples

metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn, in the extra 'evaluation', is not installed")
ONCE = np.ones((1, 4), np.int64)


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_auroc_is_the_share_of_pairs_in_which_the_one_who_died_had_the_higher_score() -> None:
    # Pairs (dead, alive): 7 > 2, 7 > 5, 5 > 2, 5 = 5 counts half: 3.5 of 4.
    (auroc,), _ = areas(array(7, 5, 5, 2), np.array([True, True, False, False]), ONCE)

    assert auroc == 3.5 / 4


def test_auprc_is_the_precision_at_each_step_weighted_by_the_deaths_it_finds() -> None:
    # At 7 or more: 1 of 1 right, finds half. At 5 or more: 2 of 3 right, finds the other half. 1/2 * 1 + 1/2 * 2/3.
    _, (auprc,) = areas(array(7, 5, 5, 2), np.array([True, True, False, False]), ONCE)

    assert auprc == pytest.approx(5 / 6)


def test_a_score_that_is_the_same_for_all_tells_nothing() -> None:
    (auroc,), (auprc,) = areas(array(3, 3, 3, 3), np.array([True, False, False, False]), ONCE)

    assert auroc == 0.5
    assert auprc == 0.25  # the share that died


@given(
    scores=some.lists(some.integers(0, 20), min_size=2, max_size=60),
    seed=some.integers(0, 2**32 - 1),
)
def test_areas_and_curve_agree_with_scikit_learn(scores: list[int], seed: int) -> None:
    died = np.random.default_rng(seed).random(len(scores)) < 0.4
    died[0], died[1] = True, False
    values = array(*scores)

    (auroc,), (auprc,) = areas(values, died, np.ones((1, len(scores)), np.int64))

    assert auroc == pytest.approx(metrics.roc_auc_score(died, values))
    assert auprc == pytest.approx(metrics.average_precision_score(died, values))
    false_positive_rate, sensitivity, thresholds = metrics.roc_curve(died, values, drop_intermediate=False)
    ours = curve(values, died)
    assert ours.false_positive_rate == pytest.approx(false_positive_rate)
    assert ours.sensitivity == pytest.approx(sensitivity)
    assert ours.threshold == pytest.approx(thresholds)


def test_each_resample_is_what_scikit_learn_says_of_the_patients_drawn() -> None:
    chance = np.random.default_rng(5)
    scores, died = chance.integers(0, 12, 80).astype(float), chance.random(80) < 0.3
    drawn = resamples(80, 50, seed=9)

    aurocs, auprcs = areas(scores, died, drawn)

    for weights, auroc, auprc in zip(drawn, aurocs, auprcs, strict=True):
        assert weights.sum() == 80
        patients = np.repeat(np.arange(80), weights)
        assert auroc == pytest.approx(metrics.roc_auc_score(died[patients], scores[patients]))
        assert auprc == pytest.approx(metrics.average_precision_score(died[patients], scores[patients]))


def test_the_interval_is_that_of_the_middle_95_of_100_resamples_and_the_same_for_the_same_seed() -> None:
    chance = np.random.default_rng(1)
    died = chance.random(400) < 0.2
    scores = np.round(chance.normal(died * 1.0, 1.0), 1)

    first, again, other = (discrimination(scores, died, count=400, seed=seed) for seed in (3, 3, 4))

    assert first == again != other
    aurocs, _ = areas(scores, died, resamples(400, 400, seed=3))
    assert (first.auroc.low, first.auroc.high) == (np.quantile(aurocs, 0.025), np.quantile(aurocs, 0.975))
    assert first.auroc.low < first.auroc.estimate < first.auroc.high


def test_the_interval_is_as_wide_as_theory_says() -> None:
    """DeLong ER et al. Biometrics 1988;44:837-45: the variance of an AUROC from how each patient compares with the other group."""
    chance = np.random.default_rng(2)
    died = np.arange(1200) < 200
    scores = chance.normal(died * 1.0, 1.0)

    told = discrimination(scores, died)

    higher = scores[died][:, None] > scores[~died][None, :]
    variance = higher.mean(axis=1).var(ddof=1) / 200 + higher.mean(axis=0).var(ddof=1) / 1000
    assert told.auroc.high - told.auroc.low == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.1)


def test_patients_without_a_score_are_left_out_and_counted_out() -> None:
    told = discrimination(array(7, np.nan, 2, np.nan), np.array([True, True, False, False]), count=10)

    assert (told.patients, told.deaths, told.auroc.estimate) == (2, 1, 1.0)


@pytest.mark.parametrize("died", [[True, True], [False, False], []])
def test_without_both_deaths_and_survivors_there_is_no_area(died: list[bool]) -> None:
    told = discrimination(array(*range(len(died))), np.array(died, bool), count=10)

    assert np.isnan(told.auroc.estimate)
    assert np.isnan(told.auprc.low)


def test_a_ratio_is_of_sums_not_a_mean_of_ratios() -> None:
    # 6 alerts in 4 days, whoever had them.
    rate = ratio(array(6, 0), array(2, 2), resamples(2, 200))

    assert rate.estimate == 1.5
    assert (rate.low, rate.high) == (0.0, 3.0)  # both draws the same patient


def test_a_ratio_of_nothing_is_not_a_number() -> None:
    assert np.isnan(ratio(array(0, 0), array(0, 0), resamples(2, 20)).estimate)
