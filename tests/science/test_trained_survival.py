"""A trained survival model is read whole or not at all, and tells a curve with its uncertainty."""

import json
from math import exp
from typing import Any

import pytest

from support.survival_models import AGE, MEAN_UPTAKE, made_by_hand
from wardline.core.errors import Refused
from wardline.science.statistics.survival.trained import digest_of, trained
from wardline.science.statistics.survival.trees import trees

MODEL = made_by_hand(AGE, MEAN_UPTAKE, coefficients=(0.5, 0.25))
STUMP: list[list[Any]] = [[0, 0, 0], [0.5, 0.0, 0.0], [1, 1, 2], [2, 1, 2], [0.0, -1.0, 1.0]]


def signed(**changed: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps(MODEL)) | changed
    return content | {"digest": digest_of(content)}


def test_a_curve_is_the_baseline_raised_to_the_risk() -> None:
    curve = trained(MODEL).curve({"age_years": 70.0, "stat_mean": 7.0})

    assert list(curve.months) == [0, 6, 12]
    assert curve.survival == pytest.approx([exp(-hazard * exp(0.75)) for hazard in (0, 0.2, 0.4)])
    assert curve.low[0] == curve.high[0] == 1, "at the start everybody is free of it"
    assert all(low < at < high for low, at, high in zip(curve.low[1:], curve.survival[1:], curve.high[1:], strict=True))


def test_the_interval_is_wider_where_the_resamples_differ_more() -> None:
    members = [dict(each) for each in MODEL["members"]]
    apart = [{**each, "coefficients": [0.5 + (0.3 if place % 2 else -0.3), 0.25]} if place else each for place, each in enumerate(members)]
    person = {"age_years": 80.0, "stat_mean": 7.0}
    near, far = trained(MODEL).curve(person), trained(signed(members=apart)).curve(person)

    assert far.survival == near.survival
    assert far.high[-1] - far.low[-1] > near.high[-1] - near.low[-1]


def test_where_some_resamples_know_of_no_event_yet_the_interval_does_not_shrink_to_nothing() -> None:
    members = [{**each, "hazard": [0.0, 0.0, 0.4]} if place % 2 else each for place, each in enumerate(MODEL["members"])]
    curve = trained(signed(members=members)).curve({"age_years": 60.0, "stat_mean": 5.0})

    assert (curve.low[1], curve.high[1]) == (pytest.approx(exp(-0.22), abs=0.02), 1.0)
    assert curve.low[1] <= curve.survival[1] <= curve.high[1]


def test_outside_of_what_was_seen_it_does_not_answer() -> None:
    with pytest.raises(Refused, match="age_years is 95; the people the model was trained with had 40 to 90"):
        trained(MODEL).curve({"age_years": 95.0, "stat_mean": 7.0})


def test_a_model_that_was_changed_after_training_is_refused() -> None:
    content = json.loads(json.dumps(MODEL))
    content["members"][0]["coefficients"][0] = 0.6

    with pytest.raises(Refused, match="changed after it was trained"):
        trained(content)


@pytest.mark.parametrize(
    "changed",
    [
        {"months": [0, 12, 6]},
        {"months": [0]},
        {"features": []},
        {"features": [AGE, AGE]},
        {"features": [AGE, MEAN_UPTAKE | {"spread": 0.0}]},
        {"members": MODEL["members"][:5]},
        {"members": [{"coefficients": [0.5], "hazard": [0, 0.1, 0.2]}] * 25},
        {"members": [{"coefficients": [0.5, 0.2], "hazard": [0, 0.2, 0.1]}] * 25},
        {"members": [{"trees": {"nodes": STUMP, "roots": [3]}, "hazard": [0, 0.1, 0.2]}] * 25},
        {"members": None},
        {"card": None},
        {"processing": 5},
    ],
    ids=str,
)
def test_a_model_that_is_not_whole_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="not whole"):
        trained(signed(**changed))


def test_trees_are_walked_from_the_root_to_a_leaf() -> None:
    import numpy as np

    walked = trees(STUMP, [0, 0], 1)

    assert walked.log_risk(np.array([[0.5], [0.51]])).tolist() == [-2, 2]


@pytest.mark.parametrize(
    "nodes",
    [
        [[0, 0, 0], [0.5, 0.0, 0.0], [1, 0, 2], [2, 1, 2], [0.0, -1.0, 1.0]],
        [[0, 0, 0], [0.5, 0.0, 0.0], [1, 1, 9], [2, 1, 2], [0.0, -1.0, 1.0]],
        [[3, 0, 0], [0.5, 0.0, 0.0], [1, 1, 2], [2, 1, 2], [0.0, -1.0, 1.0]],
        [[0, 0, 0], [float("nan"), 0.0, 0.0], [1, 1, 2], [2, 1, 2], [0.0, -1.0, 1.0]],
        [[0, 0], [0.5, 0.0, 0.0], [1, 1, 2], [2, 1, 2], [0.0, -1.0, 1.0]],
    ],
    ids=["a circle", "a child that is not there", "a feature that is not there", "no number", "columns of different length"],
)
def test_nodes_that_form_no_trees_are_refused(nodes: list[list[Any]]) -> None:
    with pytest.raises(ValueError, match=r"node|threshold"):
        trees(nodes, [0], 1)
