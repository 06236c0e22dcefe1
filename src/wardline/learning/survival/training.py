"""Training a survival model on the site's own table: the model of everybody, those of resamples, what it is worth, and its card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.learning.survival.fitting import Kind, Scale, fitted, scale_of, strength
from wardline.learning.survival.measuring import Interval, Measured, measured, times_until
from wardline.learning.survival.table import Table
from wardline.science.statistics.survival.trained import FEWEST_MEMBERS, FORMAT, Trained, digest_of, trained

FEWEST_EVENTS: Final = 30
FEWEST_WATCHED: Final = 10
"""Persons affected before the horizon, and persons still watched at it. Our own choice: with fewer the intervals tell nothing."""
EVENTS_A_FEATURE: Final = 10
"""A rule of thumb (P. Peduzzi, J Clin Epidemiol 1995;48:1503; from memory, not read): below it a regression mostly learns its table by heart."""
SUSPICIOUS: Final = 0.70
"""Of image features and clinical data together, the best of an open challenge reached 0.68 (HECKTOR 2022, head and neck, recurrence)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the site says about the model it wants."""

    kind: Kind
    horizon: float
    """In months: further than that the model answers nothing."""
    title: str
    outcome: str = "death"
    """What the curve is free of, in words."""
    population: str = ""
    """Who was in the table, in words."""
    seed: int = 1
    resamples: int = 50
    processing: Mapping[str, Any] | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    """Where the table came from: goes into the card as it is."""


def train(table: Table, wish: Wish, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """The model's file. Raises `Refused` for a table nothing can be learnt from."""
    _check(table, wish)
    say(f"measuring on {len(table)} lines, five parts")
    worth = measured(wish.kind, table, wish.horizon, seed=wish.seed)
    months, scale = times_until(wish.horizon), scale_of(table.features)
    features = scale.of(table.features)
    chosen = strength(wish.kind, features, table, wish.seed)
    members = [fitted(wish.kind, features, table.seen, chosen, months, wish.seed)]
    for number in range(wish.resamples):
        say(f"resample {number + 1} of {wish.resamples}")
        rows = _resampled(table, np.random.default_rng([wish.seed, number]))
        members.append(fitted(wish.kind, features[rows], table.seen.of(rows), chosen, months, wish.seed + number + 1))
    content = {
        "format": FORMAT, "kind": wish.kind, "title": wish.title, "outcome": wish.outcome, "months": months.tolist(),
        "features": _features(table, scale), "processing": wish.processing, "members": members, "card": _card(table, wish, worth, chosen),
    }  # fmt: skip
    return content | {"digest": digest_of(content)}


def read_back(content: Any) -> Trained:
    """What the bedside will read: training ends with it, so that a file that cannot be used is never written."""
    return trained(content)


def _check(table: Table, wish: Wish) -> None:
    seen, horizon = table.seen, wish.horizon
    if not np.isfinite(horizon) or horizon <= 0:
        raise Refused("the horizon is a number of months above 0", code="survival")
    if wish.resamples < FEWEST_MEMBERS:
        raise Refused(f"take {FEWEST_MEMBERS} resamples or more: their spread is the uncertainty that is shown", code="survival")
    affected = len(np.unique(table.patient[seen.happened & (seen.time <= horizon)]))
    watched = int((seen.time >= horizon).sum())
    if affected < FEWEST_EVENTS:
        raise Refused(f"{affected} persons of the table were affected within {horizon:g} months; {FEWEST_EVENTS} are needed", code="survival")
    if watched < FEWEST_WATCHED:
        raise Refused(
            f"{watched} persons of the table were watched for {horizon:g} months; {FEWEST_WATCHED} are needed: take a nearer horizon", code="survival"
        )
    for name, spread in zip(table.names, table.features.std(axis=0), strict=True):
        if spread == 0:
            raise Refused(f"{name} is the same for everybody; leave it out", code="survival")


def _resampled(table: Table, drawn: np.random.Generator) -> Any:
    """Rows of as many persons as there are, some of them several times."""
    persons, whose = np.unique(table.patient, return_inverse=True)
    by_person = np.split(np.argsort(whose, kind="stable"), np.cumsum(np.bincount(whose))[:-1])
    return np.concatenate([by_person[person] for person in drawn.integers(len(persons), size=len(persons))])


def _features(table: Table, scale: Scale) -> list[dict[str, Any]]:
    rows = zip(table.names, scale.mean, scale.spread, table.features.min(axis=0), table.features.max(axis=0), strict=True)
    return [{"name": name, **dict(zip(("mean", "spread", "low", "high"), map(float, numbers), strict=True))} for name, *numbers in rows]


def _card(table: Table, wish: Wish, worth: Measured, chosen: float) -> dict[str, Any]:
    return {
        "population": wish.population, "rows": len(table), "persons": len(np.unique(table.patient)), "events": table.seen.events,
        "left_out": table.left_out, "seed": wish.seed, "resamples": wish.resamples,
        "chosen": {("ridge" if wish.kind == "cox" else "trees"): chosen}, "measured": as_json(worth),
        "warnings": list(_warnings(table, worth)), "origin": dict(wish.origin),
    }  # fmt: skip


def as_json(worth: Measured) -> dict[str, Any]:
    """Numbers that are none become null."""
    told = {
        "c_harrell": _three(worth.harrell), "c_uno": _three(worth.uno), "brier": worth.brier, "brier_kaplan_meier": worth.brier_of_all,
        "slope": list(worth.slope), "calibration": [list(each) for each in worth.groups],
    }  # fmt: skip
    return {name: _known(value) for name, value in told.items()}


def _three(interval: Interval) -> list[float]:
    return [interval.estimate, interval.low, interval.high]


def _known(value: Any) -> Any:
    if isinstance(value, list):
        return [_known(each) for each in value]
    return value if not isinstance(value, float) or np.isfinite(value) else None


def _warnings(table: Table, worth: Measured) -> list[str]:
    found = []
    if table.seen.events < EVENTS_A_FEATURE * len(table.names):
        found.append(f"{table.seen.events} events for {len(table.names)} features: fewer than {EVENTS_A_FEATURE} each")
    if worth.harrell.estimate > SUSPICIOUS:
        found.append(
            f"a C-index of {worth.harrell.estimate:.2f} is above {SUSPICIOUS:.2f}: look for a feature that was only known later, "
            "and for one person under two numbers, before you believe it"
        )
    if worth.harrell.low <= 0.5:
        found.append("the interval of the C-index holds 0.5: it may tell nobody apart")
    if worth.gain <= 0:
        found.append("Kaplan-Meier alone, the same for everybody, was nearer to what happened: do not use this model")
    if not worth.slope.low <= 1 <= worth.slope.high:
        found.append(f"the calibration slope is {worth.slope.estimate:.2f}: differences between persons are told too {_sized(worth.slope.estimate)}")
    return found


def _sized(slope: float) -> str:
    return "large" if slope < 1 else "small"
