"""Trees that each add a little to a risk: read from plain lists of numbers and walked here, so that no foreign file is ever executed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wardline.science.statistics.survival.observed import Floats, Places


@dataclass(frozen=True, slots=True)
class Trees:
    """The nodes of all trees one after another. A leaf is its own child, so walking too far does no harm."""

    roots: Places
    feature: Places
    threshold: Floats
    below: Places
    """Where a value of at most the threshold goes."""
    above: Places
    value: Floats
    depth: int

    def log_risk(self, features: Floats) -> Floats:
        """`features` has shape (people, features)."""
        at = np.broadcast_to(self.roots, (len(features), len(self.roots)))
        person = np.arange(len(features))[:, None]
        for _ in range(self.depth):
            at = np.where(features[person, self.feature[at]] <= self.threshold[at], self.below[at], self.above[at])
        found: Floats = self.value[at].sum(axis=1)
        return found


def trees(columns: Sequence[Sequence[Any]], roots: Sequence[int], features: int) -> Trees:
    """`columns`: feature, threshold, below, above, value of each node. Raises `ValueError` for nodes that form no trees."""
    feature, below, above = (np.asarray(columns[place], np.int64) for place in (0, 2, 3))
    threshold, value = (np.asarray(columns[place], np.float64) for place in (1, 4))
    count, begins = len(feature), np.asarray(roots, np.int64)
    if any(each.shape != (count,) for each in (feature, threshold, below, above, value)) or begins.ndim != 1:
        raise ValueError("the columns of the nodes differ in length")
    here = np.arange(count)
    for child in (below, above, begins):
        if len(child) and (child.min() < 0 or child.max() >= count):
            raise ValueError("a node that is not there")
    if ((below < here) | (above < here) | ((below == here) != (above == here))).any() or (feature < 0).any() or (feature >= features).any():
        raise ValueError("nodes that form no trees")
    if not (np.isfinite(threshold).all() and np.isfinite(value).all()):
        raise ValueError("a threshold or a value that is no number")
    return Trees(begins, feature, threshold, below, above, value, _depth(below, above))


def _depth(below: Places, above: Places) -> int:
    deep = np.zeros(len(below), np.int64)
    for node in range(len(below) - 1, -1, -1):  # children come after their node
        if below[node] != node:
            deep[node] = 1 + max(deep[below[node]], deep[above[node]])
    return int(deep.max(initial=0))
