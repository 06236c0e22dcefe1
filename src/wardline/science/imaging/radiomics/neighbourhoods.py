"""How a voxel differs from what surrounds it: tone differences (NGTDM) and level dependences (NGLDM).

IBSI reference manual, arXiv 1612.07003, 3.10 and 3.11: neighbourhood of Chebyshev distance 1; levels depend on each other when equal (alpha = 0).
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from wardline.science.imaging.radiomics.emphases import emphases
from wardline.science.imaging.radiomics.names import DEPENDENCES
from wardline.science.imaging.radiomics.neighbours import IN_SLICE, IN_SPACE, Levels

COARSEST: float = 1e6
"""Coarseness of a region whose every voxel equals its neighbours (IBSI 3.10.1)."""


class Neighbourhoods(NamedTuple):
    """Each for a slice or for all."""

    voxels: Any
    """[slice or all, level]: how many have a neighbour in the region."""
    differences: Any
    """[slice or all, level]: how far they are from the mean of their neighbours, added up."""
    dependences: Any
    """[slice or all, level, number of equal neighbours]"""


def neighbourhoods(levels: Levels, *, by_slice: bool) -> Neighbourhoods:
    directions = IN_SLICE if by_slice else IN_SPACE
    ahead = levels.offsets(directions)
    around = np.concatenate((ahead, -ahead))
    groups = levels.shape[0] - 2 if by_slice else 1
    voxels, differences = np.zeros((groups, levels.number)), np.zeros((groups, levels.number))
    dependences = np.zeros((groups, levels.number, len(around) + 1), np.uint32)
    lines = 1 + levels.shape[2] * np.unique(levels.inside // levels.shape[2])
    _look_around(levels.flat, lines, levels.shape[2] - 2, around, levels.plane if by_slice else 0, voxels, differences, dependences)
    return Neighbourhoods(voxels, differences, dependences)


def tone_features(voxels: Any, differences: Any) -> dict[str, Any]:
    """5 features of each row of [n, level]."""
    rows = [_tone(n, s) for n, s in zip(voxels, differences, strict=True)]
    return {name: np.array([row[name] for row in rows]) for name in ("coarseness", "contrast", "busyness", "complexity", "strength")}


def dependence_features(counts: Any, voxels: Any) -> dict[str, Any]:
    """17 features of each matrix of a stack; a voxel without an equal neighbour depends on itself: size 1."""
    return emphases(DEPENDENCES, counts, np.arange(1, counts.shape[2] + 1), voxels)


def _tone(voxels: Any, differences: Any) -> dict[str, float]:
    there = np.flatnonzero(voxels)
    total = voxels.sum()
    if not total:
        return dict.fromkeys(("coarseness", "contrast", "busyness", "complexity", "strength"), float("nan"))
    i, p, s = there + 1.0, voxels[there] / total, differences[there]
    weighted = float(p @ s)
    apart = i[:, None] - i
    unlike = np.abs((i * p)[:, None] - i * p).sum()
    pairs = p[:, None] + p
    several = there.size > 1
    return {
        "coarseness": 1 / weighted if weighted else COARSEST,
        "contrast": float(p @ apart**2 @ p) / (there.size * (there.size - 1)) * s.sum() / total if several else 0.0,
        "busyness": weighted / unlike if several and unlike else 0.0,
        "complexity": float((np.abs(apart) * ((p * s)[:, None] + p * s) / pairs).sum()) / total,
        "strength": float((pairs * apart**2).sum()) / s.sum() if s.sum() else 0.0,
    }


@njit(cache=True, nogil=True)
def _look_around(flat, lines, width, around, plane, voxels, differences, dependences):  # type: ignore[no-untyped-def]
    """A line of voxels at a time, its gaps included: the same sum for many neighbours is done at a stretch."""
    total, neighbours, equal = np.zeros(width, np.int32), np.zeros(width, np.int32), np.zeros(width, np.int32)
    for begin in lines:
        here = flat[begin : begin + width]
        total[:], neighbours[:], equal[:] = 0, 0, 0
        for way in range(len(around)):
            there = flat[begin + around[way] : begin + around[way] + width]
            for n in range(width):
                total[n] += there[n]
                neighbours[n] += there[n] != 0
                equal[n] += there[n] == here[n]
        group = begin // plane - 1 if plane else 0
        for n in range(width):
            level = here[n]
            if level:
                dependences[group, level - 1, equal[n]] += 1
                if neighbours[n]:
                    voxels[group, level - 1] += 1
                    differences[group, level - 1] += abs(level - total[n] / neighbours[n])
