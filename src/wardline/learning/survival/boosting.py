"""Gradient-boosted trees on the partial likelihood: each small tree corrects what those before got wrong about who is affected first."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.science.statistics.survival.observed import Floats, Observed, Places
from wardline.science.statistics.survival.partial_likelihood import risk_sets, terms

SETTINGS: Final[dict[str, Any]] = {
    "learning_rate": 0.05, "max_depth": 3, "num_leaves": 6, "lambda_l2": 1.0, "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1,
    "min_data_in_leaf": 10, "min_sum_hessian_in_leaf": 1.0, "num_threads": 1, "verbosity": -1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
"""Small steps and small trees, for tables of hundreds of people. Our own choice; nothing was tuned on the sets of the evaluation."""
MOST_TREES: Final = 400
PATIENCE: Final = 30
LEAST_CURVATURE: Final = 1e-6
"""A leaf divides by the sum of these."""


def trees_wanted(features: Floats, seen: Observed, fold: Places, seed: int) -> int:
    """After how many trees people who were set aside are told apart best; at least 5. `fold`: the number of each row's part."""
    lightgbm = _lightgbm()
    settings = SETTINGS | {"objective": _objective(seen), "metric": "None", "seed": seed}
    parts = [(np.flatnonzero(fold != part), np.flatnonzero(fold == part)) for part in range(int(fold.max()) + 1)]
    kept = lightgbm.cv(
        settings, _data(lightgbm, features), num_boost_round=MOST_TREES, folds=parts, feval=_lost(seen),
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )  # fmt: skip
    return max(5, len(kept["valid lost-mean"]))


def boosted(features: Floats, seen: Observed, count: int, seed: int) -> dict[str, Any]:
    """The trees as plain lists: feature, threshold, below, above, value of each node, and where each tree begins."""
    lightgbm = _lightgbm()
    settings = SETTINGS | {"objective": _objective(seen), "seed": seed}
    fitted = lightgbm.train(settings, _data(lightgbm, features), num_boost_round=count)
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    roots = [_add(each["tree_structure"], columns) for each in fitted.dump_model()["tree_info"]]
    return {"nodes": [list(each) for each in columns], "roots": roots}


def _add(node: dict[str, Any], columns: tuple[list[Any], ...]) -> int:
    """Put a node and what hangs on it behind the others."""
    feature, _, below, above, _ = columns
    here = len(feature)
    is_leaf = "leaf_value" in node
    for column, content in zip(columns, _row(node, here, is_leaf), strict=True):
        column.append(content)
    if not is_leaf:
        below[here], above[here] = _add(node["left_child"], columns), _add(node["right_child"], columns)
    return here


def _row(node: dict[str, Any], here: int, is_leaf: bool) -> tuple[int, float, int, int, float]:
    if is_leaf:
        return 0, 0.0, here, here, float(node["leaf_value"])
    if node["decision_type"] != "<=":
        raise Refused(f"a tree decides by {node['decision_type']!r}, which is not read here", code="survival")
    return int(node["split_feature"]), float(node["threshold"]), here, here, 0.0


def _objective(seen: Observed) -> Callable[[Floats, Any], tuple[Floats, Floats]]:
    def by_person(log_risk: Floats, data: Any) -> tuple[Floats, Floats]:
        here = seen.of(_rows(data))
        now = terms(log_risk, risk_sets(here))
        return now.expected - here.happened, np.maximum(now.curvature, LEAST_CURVATURE)

    return by_person


def _lost(seen: Observed) -> Callable[[Floats, Any], tuple[str, float, bool]]:
    def of_all(log_risk: Floats, data: Any) -> tuple[str, float, bool]:
        here = seen.of(_rows(data))
        return "lost", -terms(log_risk, risk_sets(here)).log_likelihood / max(here.events, 1), False

    return of_all


def _data(lightgbm: Any, features: Floats) -> Any:
    """Labels are row numbers: LightGBM keeps single precision, in which different times could become the same."""
    return lightgbm.Dataset(features, np.arange(len(features)), params={"verbosity": -1}, free_raw_data=False)


def _rows(data: Any) -> Places:
    return np.asarray(data.get_label()).astype(np.int64)


def _lightgbm() -> Any:
    try:
        import lightgbm
    except (ModuleNotFoundError, OSError) as missing:  # OSError: its OpenMP library is not on the machine
        raise Refused('boosted trees need LightGBM: install Wardline with the extra "learning", or train a Cox model', code="survival") from missing
    return lightgbm
