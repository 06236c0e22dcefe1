"""One fitted survival model of either kind, on standardised features, with the baseline at the times it will be asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from wardline.core.errors import Refused
from wardline.learning.survival import boosting
from wardline.learning.survival.table import Table
from wardline.science.statistics.survival.cox import breslow, cox
from wardline.science.statistics.survival.observed import Floats, Observed, Places
from wardline.science.statistics.survival.partial_likelihood import Impossible, risk_sets, terms
from wardline.science.statistics.survival.trained import Member, log_risk_of
from wardline.science.statistics.survival.trees import Trees

Kind = Literal["cox", "boosted"]
KINDS: Final[tuple[Kind, ...]] = ("cox", "boosted")
RIDGES: Final = (0.1, 1.0, 10.0, 100.0, 1000.0)
FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """What makes features comparable: each minus its mean, divided by its standard deviation."""

    mean: Floats
    spread: Floats

    def of(self, features: Floats) -> Floats:
        found: Floats = (features - self.mean) / self.spread
        return found


def scale_of(features: Floats) -> Scale:
    """A feature that is the same for everybody stays 0."""
    spread = features.std(axis=0)
    return Scale(features.mean(axis=0), np.where(spread > 0, spread, 1.0))


def strength(kind: Kind, features: Floats, table: Table, seed: int) -> float:
    """The one thing that is chosen, by people set aside: the ridge of a regression, the number of trees. `features`: the table's, standardised."""
    fold = table.folds(FOLDS, seed)
    return _ridge(features, table.seen, fold) if kind == "cox" else float(boosting.trees_wanted(features, table.seen, fold, seed))


def fitted(kind: Kind, features: Floats, seen: Observed, chosen: float, months: Floats, seed: int) -> dict[str, Any]:
    """A member as the model's file says it."""
    made: dict[str, Any]
    if kind == "cox":
        made = {"coefficients": coefficients(features, seen, chosen).tolist()}
    else:
        made = {"trees": boosting.boosted(features, seen, int(chosen), seed)}
    return made | {"hazard": breslow(_log_risk(made, features), seen).at(months).tolist()}


def coefficients(features: Floats, seen: Observed, ridge: float) -> Floats:
    """With more features than rows, fitted in the space the rows span: a ridge leaves nothing outside of it, and the search is much shorter."""
    if features.shape[1] <= len(features):
        return cox(features, seen, ridge=ridge).coefficients
    span = np.linalg.svd(features, full_matrices=False)[2].astype(np.float64)
    found: Floats = cox(features @ span.T, seen, ridge=ridge).coefficients @ span
    return found


def member_of(made: Mapping[str, Any], features: int) -> Member:
    return Member(log_risk_of(made, features), np.asarray(made["hazard"], np.float64))


def _log_risk(made: Mapping[str, Any], features: Floats) -> Floats:
    risk = log_risk_of(made, features.shape[1])
    found: Floats = risk.log_risk(features) if isinstance(risk, Trees) else features @ np.asarray(risk)
    return found


def _ridge(features: Floats, seen: Observed, fold: Places) -> float:
    """That with the highest cross-validated partial likelihood (P. Verweij and H. van Houwelingen, Stat Med 1993;12:2305; not read again)."""
    told = {ridge: _cross_validated(ridge, features, seen, fold) for ridge in RIDGES}
    best = max(told, key=lambda ridge: told[ridge])
    if not np.isfinite(told[best]):
        raise Refused(
            "no regression could be fitted, not even with the strongest ridge: there are too few events for these features", code="survival"
        )
    return best


def _cross_validated(ridge: float, features: Floats, seen: Observed, fold: Places) -> float:
    """What each part adds to the likelihood with coefficients that were fitted without it."""
    everybody, gained = risk_sets(seen), 0.0
    for part in range(int(fold.max()) + 1):
        rest = fold != part
        try:
            beta = coefficients(features[rest], seen.of(rest), ridge)
            gained += terms(features @ beta, everybody).log_likelihood - terms(features[rest] @ beta, risk_sets(seen.of(rest))).log_likelihood
        except (Refused, Impossible):
            return -np.inf
    return gained
