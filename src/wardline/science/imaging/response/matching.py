"""Which lesion of today is which lesion of the earlier scan: the nearest, one to one, once both scans are laid over each other.

A proposal for the reader, never the last word: a method of our own (centres, the overlay by one common shift), with how sure it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from wardline.core.imaging import Vector

FURTHEST_MM: Final = 30.0
"""Centres further apart are not the same lesion: breathing and positioning move an organ less. Our own choice."""
AMBIGUOUS: Final = 0.5
"""Another lesion so near as well (its distance at most 1 / 0.5 of the nearest one's) makes a pair doubtful."""


class Spot(NamedTuple):
    """A lesion as far as matching needs it."""

    key: str
    position: Vector
    radius_mm: float = 0.0


class Pair(NamedTuple):
    """The same lesion twice, probably."""

    earlier: str
    later: str
    distance_mm: float
    certainty: float
    """1 at the same place, 0 at the furthest; halved when another lesion is nearly as near."""


@dataclass(frozen=True, slots=True)
class Matches:
    """`gone` are earlier lesions without a later one, `new` later ones without an earlier one."""

    pairs: tuple[Pair, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    def earlier_of(self, later: str) -> Pair | None:
        return next((pair for pair in self.pairs if pair.later == later), None)


def matched(earlier: Sequence[Spot], later: Sequence[Spot], *, shift: Vector = (0.0, 0.0, 0.0), furthest_mm: float = FURTHEST_MM) -> Matches:
    """The pairing with the smallest sum of distances. `shift` is added to earlier positions: how the same landmark (the liver's sphere) moved.

    A large lesion's centre wanders as it shrinks: the reach of a pair grows by the earlier lesion's radius.
    """
    if not earlier or not later:
        return Matches((), tuple(each.key for each in earlier), tuple(each.key for each in later))
    before = np.array([each.position for each in earlier]) + np.array(shift)
    apart = np.linalg.norm(before[:, np.newaxis] - np.array([each.position for each in later])[np.newaxis], axis=2)
    reach = furthest_mm + np.array([each.radius_mm for each in earlier])[:, np.newaxis]
    # Out of reach costs more than every allowed pair together, so that it is never preferred to one.
    cost = np.where(apart <= reach, apart, 1e6)
    pairs = [
        Pair(earlier[i].key, later[j].key, float(apart[i, j]), _certainty(apart, int(i), int(j), float(reach[i, 0])))
        for i, j in zip(*linear_sum_assignment(cost), strict=True)
        if apart[i, j] <= reach[i, 0]
    ]
    paired = {each.earlier for each in pairs}, {each.later for each in pairs}
    gone = tuple(each.key for each in earlier if each.key not in paired[0])
    return Matches(tuple(pairs), gone, tuple(each.key for each in later if each.key not in paired[1]))


def _certainty(apart: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", i: int, j: int, reach: float) -> float:
    near = 1.0 - float(apart[i, j]) / reach
    others = np.concatenate([np.delete(apart[i], j), np.delete(apart[:, j], i)])
    doubtful = others.size > 0 and float(others.min()) * AMBIGUOUS <= float(apart[i, j])
    return near / 2.0 if doubtful else near
