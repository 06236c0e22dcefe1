"""Which grey levels lie side by side: the co-occurrence matrix (GLCM), and what it says about texture.

IBSI reference manual, arXiv 1612.07003, 3.6: neighbours at Chebyshev distance 1, symmetric, no weights by distance.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from wardline.science.imaging.radiomics.neighbours import Levels


class Shares(NamedTuple):
    """What the features are made of, for each matrix of a stack."""

    margin: Any
    """[n, level]; of a symmetric matrix both margins are the same."""
    apart: Any
    """[n, difference of levels from 0]"""
    together: Any
    """[n, sum of levels from 2]"""
    entropy: Any
    energy: Any
    highest: Any


def matrices(levels: Levels, offsets: Any, *, by_slice: bool) -> Any:
    """Pairs counted in one sense: [slice or all, direction, level, level]."""
    groups = levels.shape[0] - 2 if by_slice else 1
    found = np.zeros((groups, len(offsets), levels.number + 1, levels.number + 1), np.uint32)
    _count_pairs(levels.flat, levels.inside, offsets, levels.plane if by_slice else 0, found)
    return found[:, :, 1:, 1:]


def features(counts: Any, _voxels: Any) -> dict[str, Any]:
    """25 features of each matrix of a stack [n, level, level]."""
    of = _shares(counts)
    size = counts.shape[1]
    pairs = np.where(counts.any(axis=(1, 2)), 1.0, np.nan)
    i, d, s = np.arange(1.0, size + 1), np.arange(float(size)), np.arange(2.0, 2 * size + 1)
    mean, contrast = of.margin @ i, of.apart @ d**2
    variance = of.margin @ i**2 - mean**2
    auto = (of.together @ s**2 - contrast) / 4  # ij = ((i+j)^2 - (i-j)^2) / 4
    centred = s - 2 * mean[:, None]
    own = _entropy(of.margin)
    dissimilarity = of.apart @ d
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "joint_max": of.highest, "joint_avg": mean, "joint_var": variance, "joint_entr": of.entropy,
            "diff_avg": dissimilarity, "diff_var": contrast - dissimilarity**2, "diff_entr": _entropy(of.apart),
            "sum_avg": of.together @ s, "sum_var": _moment(of.together, centred, 2), "sum_entr": _entropy(of.together),
            "energy": of.energy, "contrast": contrast, "dissimilarity": dissimilarity,
            "inv_diff": of.apart @ (1 / (1 + d)), "inv_diff_norm": of.apart @ (1 / (1 + d / size)),
            "inv_diff_mom": of.apart @ (1 / (1 + d**2)), "inv_diff_mom_norm": of.apart @ (1 / (1 + (d / size) ** 2)),
            "inv_var": of.apart[:, 1:] @ (1 / d[1:] ** 2),
            "corr": np.where(variance > 1e-12, (auto - mean**2) / variance, np.nan), "auto_corr": auto,
            "clust_tend": _moment(of.together, centred, 2), "clust_shade": _moment(of.together, centred, 3),
            "clust_prom": _moment(of.together, centred, 4),
            # both margins are the same: HX = HY and HXY1 = HXY2 = 2 HX
            "info_corr1": np.where(own > 1e-12, (of.entropy - 2 * own) / own, np.nan),
            "info_corr2": np.sqrt(-np.expm1(-2 * np.maximum(2 * own - of.entropy, 0))),
        }  # fmt: skip
    return {name: value * pairs for name, value in found.items()}  # a slice of single voxels has no pair: no value rather than 0


def _moment(share: Any, centred: Any, power: int) -> Any:
    return (share * centred**power).sum(axis=1)


def _entropy(share: Any) -> Any:
    return -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=1)


def _shares(counts: Any) -> Shares:
    number, size = counts.shape[:2]
    margin, apart, together = np.zeros((number, size)), np.zeros((number, size)), np.zeros((number, 2 * size - 1))
    scalars = np.zeros((number, 3))
    _sum_up(np.ascontiguousarray(counts), margin, apart, together, scalars)
    return Shares(margin, apart, together, scalars[:, 0], scalars[:, 1], scalars[:, 2])


@njit(cache=True, nogil=True)
def _count_pairs(flat, inside, offsets, plane, found):  # type: ignore[no-untyped-def]
    """Direction by direction, so that one matrix stays in the processor's cache. Pairs with what is outside are counted too, as level 0, because
    asking costs more."""
    for way in range(len(offsets)):
        offset = offsets[way]
        for at in inside:
            group = at // plane - 1 if plane else 0
            found[group, way, flat[at], flat[at + offset]] += 1


@njit(cache=True, nogil=True)
def _sum_up(counts, margin, apart, together, scalars):  # type: ignore[no-untyped-def]
    number, size = counts.shape[:2]
    for n in range(number):
        total = 2.0 * counts[n].sum()
        if total == 0:
            continue
        for i in range(size):
            for j in range(i + 1):
                pairs = float(counts[n, i, j]) + float(counts[n, j, i])
                if pairs == 0:
                    continue
                share = pairs / total
                times = 1.0 if i == j else 2.0
                margin[n, i] += share
                if i != j:
                    margin[n, j] += share
                apart[n, i - j] += times * share
                together[n, i + j] += times * share
                scalars[n, 0] -= times * share * np.log2(share)
                scalars[n, 1] += times * share * share
                scalars[n, 2] = max(scalars[n, 2], share)
