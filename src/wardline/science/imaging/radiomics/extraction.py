"""Radiomics: a region of an image as some hundred numbers that mean the same in every hospital, each with how it was made."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import LabelMap, Vector, Volume
from wardline.science.imaging.radiomics.discretisation import levels
from wardline.science.imaging.radiomics.local_intensity import local_intensity
from wardline.science.imaging.radiomics.morphology import morphology
from wardline.science.imaging.radiomics.neighbours import laid_out
from wardline.science.imaging.radiomics.region import Drawn, Region, region
from wardline.science.imaging.radiomics.settings import Family, Settings
from wardline.science.imaging.radiomics.spatial import spatial
from wardline.science.imaging.radiomics.statistics import Values, histogram_features, intensity_statistics
from wardline.science.imaging.radiomics.textures import textures
from wardline.science.imaging.radiomics.volume_histogram import volume_histogram

SHARING: Final[tuple[tuple[Family, ...], ...]] = (
    ("cooccurrence",), ("run_length",), ("size_zone", "distance_zone"), ("tone_difference", "level_dependence"),
)  # fmt: skip
"""Textures, those together that are made of the same zones or neighbourhoods."""
TEXTURES: Final = frozenset(family for group in SHARING for family in group)
DEFAULT: Final = Settings()
Part: TypeAlias = Callable[[], Values]
"""Some of the features, measured when called."""


@dataclass(frozen=True, slots=True)
class Result:
    """`values` by the tags of the published IBSI table ("stat_mean", "cm_contrast_3D_comb")."""

    values: dict[str, float]
    undefined: tuple[str, ...]
    """Features this region has no value of: the correlation of a region of one grey level, the flatness of one voxel."""
    declared: dict[str, Any]
    """How the values were made, as JSON: the settings, and what came of them."""


def features(volume: Volume, mask: LabelMap | Any, settings: Settings = DEFAULT, *, label: int | None = None, workers: int = 1) -> Result:
    """Every feature asked for of one region.

    `mask` is a label map on the grid of the volume, of which `label` names the structure (without it, any), or an array that is not 0 inside.
    `workers` is how many threads may measure: more make one region faster, not many regions, which are better given to a process each.
    """
    drawn = _drawn(volume, mask, label)
    spacing: Vector = volume.grid.spacing
    prepared = region(np.asarray(volume.array), drawn, spacing, settings)
    found, count = _measured(prepared, settings, workers)
    undefined = tuple(sorted(name for name, value in found.items() if not np.isfinite(value)))
    return Result(
        values={name: float(value) for name, value in found.items() if np.isfinite(value)},
        undefined=undefined,
        declared={
            "standard": "IBSI 1, reference manual arXiv 1612.07003",
            "settings": settings.declared(),
            "image": {"modality": volume.modality, "unit": volume.unit, "series": volume.series},
            "spacing_mm": {"given": list(spacing), "used": list(prepared.spacing)},
            "voxels": {"given": drawn.voxels, "shape": int(prepared.shape.sum()), "counted": prepared.intensities.size},
            "grey_levels": count,
        },
    )


def _drawn(volume: Volume, mask: LabelMap | Any, label: int | None) -> Drawn:
    if isinstance(mask, LabelMap):
        if not mask.grid.is_same_as(volume.grid):
            raise Refused("the region was drawn on other voxels than those of the images: resample it onto their grid first", code="mask-grid")
        if label is not None and all(each.number != label for each in mask.labels):
            raise Refused(f"the label map has no structure {label}; it has {', '.join(str(each.number) for each in mask.labels)}", code="mask-label")
        array = np.asarray(mask.array)
    else:
        array = np.asarray(mask)
    if array.shape != tuple(volume.grid.shape) or np.shape(volume.array) != tuple(volume.grid.shape):
        raise Refused(f"images of {np.shape(volume.array)} voxels and a region of {array.shape} do not belong together", code="mask-grid")
    return Drawn(array, label)


def _measured(prepared: Region, settings: Settings, workers: int) -> tuple[Values, int | None]:
    asked = set(settings.families)
    binned, count = levels(prepared.intensities, settings.bins, lowest=prepared.lowest) if asked & {"histogram", *TEXTURES} else (None, None)
    parts = [part for family, part in _plain_parts(prepared, settings, binned, count) if family in asked]
    if asked & TEXTURES:
        parts += _texture_parts(prepared, settings, binned, count)
    if workers == 1:
        return _together(part() for part in parts), count
    with ThreadPoolExecutor(workers) as pool:
        return _together(pool.map(lambda part: part(), parts)), count


def _plain_parts(prepared: Region, settings: Settings, binned: Any, count: Any) -> Iterator[tuple[Family, Part]]:
    x = prepared.intensities
    yield "morphology", lambda: morphology(prepared)
    yield "morphology", lambda: spatial(prepared)
    yield "local_intensity", lambda: local_intensity(prepared.image, prepared.counted, x, prepared.spacing)
    yield "statistics", lambda: intensity_statistics(x)
    yield "volume_histogram", lambda: volume_histogram(x, settings.volume_histogram_bins, lowest=prepared.lowest, highest=prepared.highest)
    yield "histogram", lambda: histogram_features(binned, count)


def _texture_parts(prepared: Region, settings: Settings, binned: Any, count: Any) -> Iterator[Part]:
    """In the box of the region alone: its surroundings have no level."""
    laid, drawn = laid_out(prepared.counted[prepared.box], binned, count), prepared.shape[prepared.box]
    for group in SHARING:
        if families := tuple(family for family in group if family in settings.families):
            yield partial(textures, laid, drawn, settings.textures, families)


def _together(found: Iterable[Values]) -> Values:
    return {name: value for values in found for name, value in values.items()}
