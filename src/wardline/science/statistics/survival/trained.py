"""A trained survival model as a file says it: a curve for one person, with how uncertain the model itself is about it.

The file is plain JSON with its own digest: coefficients or trees, a baseline, and the same again for models trained on resamples of the
same people. How far those differ is the uncertainty that is shown. Nothing in the file is ever executed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from wardline.core.errors import Refused
from wardline.science.statistics.survival.observed import Floats
from wardline.science.statistics.survival.trees import Trees, trees

FORMAT: Final = "wardline survival 1"
FEWEST_MEMBERS: Final = 20
"""Fewer resamples say too little about the spread. Our own choice."""
Z: Final = 1.96


class Feature(NamedTuple):
    name: str
    mean: float
    spread: float
    """Standard deviation."""
    low: float
    high: float
    """What was seen in training; outside of it the model knows nothing."""


@dataclass(frozen=True, slots=True)
class Member:
    """One fitted model: log risk of standardised features, and the cumulative hazard at each of the model's times."""

    risk: Trees | tuple[float, ...]
    hazard: Floats

    def survival(self, features: Floats) -> Floats:
        """Shape (people, times), of standardised features."""
        log_risk = self.risk.log_risk(features) if isinstance(self.risk, Trees) else features @ np.asarray(self.risk, np.float64)
        found: Floats = np.exp(-self.hazard * np.exp(log_risk)[:, None])
        return found


class Curve(NamedTuple):
    """For one person: the chance to be free of it at each time, and its 95 % interval as the resampled models tell it."""

    months: tuple[float, ...]
    survival: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """`members`: the model of everybody first, then those of resamples. Without any there is no model."""

    kind: str = ""
    title: str = ""
    outcome: str = ""
    digest: str = ""
    months: tuple[float, ...] = ()
    features: tuple[Feature, ...] = ()
    members: tuple[Member, ...] = ()
    processing: Mapping[str, Any] | None = None
    """How images were measured for the features of the table, where there are such."""
    card: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return self.title if self.members else "no model"

    @property
    def horizon(self) -> float:
        return self.months[-1]

    def curve(self, values: Mapping[str, float]) -> Curve:
        """Raises `Refused` for a value outside of what was seen in training. Every feature must be in `values`."""
        for each in self.features:
            if not each.low <= values[each.name] <= each.high:
                raise Refused(
                    f"{each.name} is {values[each.name]:.6g}; the people the model was trained with had {each.low:.6g} to {each.high:.6g}, "
                    "and outside of that it knows nothing",
                    code="survival",
                )
        given = np.array([[(values[each.name] - each.mean) / each.spread for each in self.features]])
        every = np.array([member.survival(given)[0] for member in self.members])
        survival = every[0]
        low, high = _interval(survival, every[1:])
        return Curve(self.months, *(tuple(map(float, each)) for each in (survival, low, high)))


def _interval(survival: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """By the spread of log(-log S); where that is no number, because some resample says 0 or 1, by the resamples' percentiles."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(-np.log(drawn))
        known = np.isfinite(logs).all(axis=0) & (survival > 0) & (survival < 1)
        spread = np.where(known, np.where(known, logs, 0.0).std(axis=0, ddof=1), 0.0)
    least, most = np.quantile(drawn, (0.025, 0.975), axis=0)
    low = np.where(known, survival ** np.exp(Z * spread), np.minimum(least, survival))
    return low, np.where(known, survival ** np.exp(-Z * spread), np.maximum(most, survival))


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the file's content, its own digest left out."""
    plain = {name: value for name, value in content.items() if name != "digest"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()


def trained(content: Any) -> Trained:
    """The model of a file's content. Raises `Refused` for anything that is not whole."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Refused(f'a survival model is a JSON object whose format is "{FORMAT}", as `wardline train survival` writes it', code="survival")
    try:
        changed = digest_of(content) != content["digest"]
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"the survival model has no digest that could be checked: {error!r}", code="survival") from None
    if changed:
        raise Refused("the survival model was changed after it was trained: its digest is another; take the file as it was written", code="survival")
    try:
        return _read(content)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Refused(f"the survival model is not whole: {error!r}; train it again", code="survival") from None


def _read(content: Mapping[str, Any]) -> Trained:
    features = tuple(Feature(str(each["name"]), *(float(each[name]) for name in Feature._fields[1:])) for each in content["features"])
    months = tuple(float(each) for each in content["months"])
    if len({each.name for each in features}) != len(features) or not features or any(each.spread <= 0 for each in features):
        raise ValueError("the features")
    if len(months) < 2 or months[0] != 0 or any(later <= month for month, later in pairwise(months)):
        raise ValueError("the months")
    members = tuple(_member(each, len(features), len(months)) for each in content["members"])
    if len(members) <= FEWEST_MEMBERS:
        raise ValueError(f"fewer than {FEWEST_MEMBERS} resamples")
    processing, card = content["processing"], content["card"]
    if not isinstance(card, dict) or not isinstance(processing, dict | None):
        raise ValueError("the card")
    kind, title, outcome, digest = (str(content[name]) for name in ("kind", "title", "outcome", "digest"))
    return Trained(kind, title, outcome, digest, months, features, members, processing, card)


def _member(given: Mapping[str, Any], features: int, times: int) -> Member:
    hazard = np.asarray(given["hazard"], np.float64)
    if hazard.shape != (times,) or not np.isfinite(hazard).all() or (np.diff(hazard) < 0).any() or hazard[0] < 0:
        raise ValueError("a baseline")
    return Member(log_risk_of(given, features), hazard)


def log_risk_of(given: Mapping[str, Any], features: int) -> Trees | tuple[float, ...]:
    """Trees or coefficients, as the file says them. Raises `ValueError`."""
    if "trees" in given:
        return trees(given["trees"]["nodes"], given["trees"]["roots"], features)
    beta: Sequence[Any] = given["coefficients"]
    if len(beta) != features or not np.isfinite(np.asarray(beta, np.float64)).all():
        raise ValueError("the coefficients")
    return tuple(float(each) for each in beta)
