"""Textures put together: each matrix by slice or in space, its features averaged over matrices or taken from their sum.

Names of the aggregations, IBSI reference manual, arXiv 1612.07003, 3.6: 2D averaged, 2D slice-merged, 2.5D direction-merged, 2.5D merged, 3D
averaged, 3D merged; for matrices without a direction 2D, 2.5D, 3D.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from wardline.science.imaging.radiomics import cooccurrence, runs, zones
from wardline.science.imaging.radiomics.neighbourhoods import dependence_features, neighbourhoods, tone_features
from wardline.science.imaging.radiomics.neighbours import IN_SLICE, IN_SPACE, Levels
from wardline.science.imaging.radiomics.settings import Family, Texture
from wardline.science.imaging.radiomics.statistics import Values

Stack = dict[str, Any]


def textures(levels: Levels, drawn: Any, wanted: tuple[Texture, ...], families: tuple[Family, ...]) -> Values:
    """Every texture feature asked for; `drawn` is the region as it was drawn, for depths."""
    found: Values = {}
    if "cooccurrence" in families:
        found |= _directed("cm", cooccurrence, levels.number**2, levels, wanted)
    if "run_length" in families:
        found |= _directed("rlm", runs, levels.number * max(levels.shape), levels, wanted)
    for by_slice, spaces in ((True, ("2D", "2.5D")), (False, ("3D",))):
        if some := [each for each in wanted if each in spaces]:
            found |= _zones(levels, drawn, some, families, by_slice=by_slice)
            found |= _neighbourhoods(levels, some, families, by_slice=by_slice)
    return found


def _directed(prefix: str, family: ModuleType, numbers: int, levels: Levels, wanted: tuple[Texture, ...]) -> Values:
    found: Values = {}
    if "3D" in wanted:
        ways = levels.offsets(IN_SPACE)
        found |= _by_direction(prefix, "3D", family, family.matrices(levels, ways, by_slice=False)[0], _filled(levels))
    if "2D" not in wanted and "2.5D" not in wanted:
        return found
    averaged: list[Stack] = []
    merged: list[Stack] = []
    total: Any = 0
    for some in levels.slices_together(numbers * len(IN_SLICE)):
        counts = family.matrices(some, some.offsets(IN_SLICE), by_slice=True)
        voxels = _filled_by_slice(some)
        if "2D" in wanted:
            averaged.append(family.features(counts.reshape(-1, *counts.shape[2:]), np.repeat(voxels, len(IN_SLICE))))
            merged.append(family.features(counts.sum(axis=1), voxels * len(IN_SLICE)))
        total = total + counts.sum(axis=0)
    if "2D" in wanted:
        found |= _averaged(prefix, "2D_avg", averaged) | _averaged(prefix, "2D_comb", merged)
    if "2.5D" in wanted:
        found |= _by_direction(prefix, "2_5D", family, total, _filled(levels))
    return found


def _by_direction(prefix: str, space: str, family: ModuleType, counts: Any, voxels: int) -> Values:
    """Of [direction, ...]: the features of each averaged, and those of their sum."""
    each = family.features(counts, np.full(len(counts), voxels))
    together = family.features(counts.sum(axis=0, keepdims=True), np.array([voxels * len(counts)]))
    return _averaged(prefix, f"{space}_avg", [each]) | _averaged(prefix, f"{space}_comb", [together])


def _zones(levels: Levels, drawn: Any, wanted: list[Texture], families: tuple[Family, ...], *, by_slice: bool) -> Values:
    if "size_zone" not in families and "distance_zone" not in families:
        return {}
    each = zones.zones(levels, drawn, by_slice=by_slice)
    found: Values = {}
    if "size_zone" in families:
        found |= _undirected("szm", *zones.matrices(each, each.size, levels.number), zones.size_features, levels, wanted, by_slice=by_slice)
    if "distance_zone" in families:
        found |= _undirected("dzm", *zones.matrices(each, each.depth, levels.number), zones.distance_features, levels, wanted, by_slice=by_slice)
    return found


def _undirected(
    prefix: str, counts: Any, sizes: Any, features: Callable[[Any, Any, Any], Stack], levels: Levels, wanted: list[Texture], *, by_slice: bool
) -> Values:
    found: Values = {}
    for space in wanted:
        if space == "2D":
            found |= _averaged(prefix, space, [features(counts, sizes, _filled_by_slice(levels))])
        else:
            found |= _averaged(prefix, space.replace(".", "_"), [features(counts.sum(axis=0, keepdims=True), sizes, np.array([_filled(levels)]))])
    return found


def _neighbourhoods(levels: Levels, wanted: list[Texture], families: tuple[Family, ...], *, by_slice: bool) -> Values:
    if "tone_difference" not in families and "level_dependence" not in families:
        return {}
    around = neighbourhoods(levels, by_slice=by_slice)
    found: Values = {}
    for space in wanted:
        single = space == "2D"
        name = space.replace(".", "_")
        if "tone_difference" in families:
            some = (each if single else each.sum(axis=0, keepdims=True) for each in (around.voxels, around.differences))
            found |= _averaged("ngt", name, [tone_features(*some)])
        if "level_dependence" in families:
            counts = around.dependences if single else around.dependences.sum(axis=0, keepdims=True)
            found |= _averaged("ngl", name, [dependence_features(counts, counts.sum(axis=(1, 2)))])
    return found


def _averaged(prefix: str, suffix: str, stacks: list[Stack]) -> Values:
    """Over all matrices that counted anything: those of slices without a voxel, or without a pair, say nothing."""
    values = np.array([np.concatenate([stack[name] for stack in stacks]) for name in stacks[0]])
    there = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        means = np.where(there, values, 0.0).sum(axis=1) / there.sum(axis=1)
    return {f"{prefix}_{name}_{suffix}": float(mean) for name, mean in zip(stacks[0], means, strict=True)}


def _filled(levels: Levels) -> int:
    return int(levels.inside.size)


def _filled_by_slice(levels: Levels) -> Any:
    filled = np.count_nonzero(levels.flat.reshape(levels.shape), axis=(1, 2))
    return filled[filled > 0]
