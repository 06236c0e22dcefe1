"""Radiomics: a region of an image as some hundred numbers that mean the same in every hospital, each with how it was made."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import LabelMap, Vector, Volume
from wardline.science.imaging.radiomics.discretisation import levels
from wardline.science.imaging.radiomics.local_intensity import local_intensity
from wardline.science.imaging.radiomics.morphology import morphology
from wardline.science.imaging.radiomics.neighbours import laid_out
from wardline.science.imaging.radiomics.region import Region, region
from wardline.science.imaging.radiomics.settings import Settings
from wardline.science.imaging.radiomics.statistics import Values, histogram_features, intensity_statistics
from wardline.science.imaging.radiomics.textures import textures
from wardline.science.imaging.radiomics.volume_histogram import volume_histogram

TEXTURES: Final = frozenset({"cooccurrence", "run_length", "size_zone", "distance_zone", "tone_difference", "level_dependence"})
DEFAULT: Final = Settings()


@dataclass(frozen=True, slots=True)
class Result:
    """`values` by the tags of the published IBSI table ("stat_mean", "cm_contrast_3D_comb")."""

    values: dict[str, float]
    undefined: tuple[str, ...]
    """Features this region has no value of: the correlation of a region of one grey level, the flatness of one voxel."""
    declared: dict[str, Any]
    """How the values were made, as JSON: the settings, and what came of them."""


def features(volume: Volume, mask: LabelMap | Any, settings: Settings = DEFAULT, *, label: int | None = None) -> Result:
    """Every feature asked for of one region.

    `mask` is a label map on the grid of the volume, of which `label` names the structure (without it, any), or an array that is not 0 inside.
    """
    chosen = _chosen(volume, mask, label)
    spacing: Vector = volume.grid.spacing
    prepared = region(np.asarray(volume.array), chosen, spacing, settings)
    found, count = _measured(prepared, settings)
    undefined = tuple(sorted(name for name, value in found.items() if not np.isfinite(value)))
    return Result(
        values={name: float(value) for name, value in found.items() if np.isfinite(value)},
        undefined=undefined,
        declared={
            "standard": "IBSI 1, reference manual arXiv 1612.07003",
            "settings": settings.declared(),
            "image": {"modality": volume.modality, "unit": volume.unit, "series": volume.series},
            "spacing_mm": {"given": list(spacing), "used": list(prepared.spacing)},
            "voxels": {"given": int(chosen.sum()), "shape": int(prepared.shape.sum()), "counted": int(prepared.counted.sum())},
            "grey_levels": count,
        },
    )


def _chosen(volume: Volume, mask: LabelMap | Any, label: int | None) -> Any:
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
    return array != 0 if label is None else array == label


def _measured(prepared: Region, settings: Settings) -> tuple[Values, int | None]:
    families = settings.families
    x = prepared.intensities
    found: Values = {}
    if "morphology" in families:
        found |= morphology(prepared)
    if "local_intensity" in families:
        found |= local_intensity(prepared.image, prepared.counted, prepared.spacing)
    if "statistics" in families:
        found |= intensity_statistics(x)
    if "volume_histogram" in families:
        found |= volume_histogram(x, settings.volume_histogram_bins, lowest=prepared.lowest, highest=prepared.highest)
    if "histogram" not in families and not TEXTURES & set(families):
        return found, None
    binned, count = levels(x, settings.bins, lowest=prepared.lowest)
    if "histogram" in families:
        found |= histogram_features(binned, count)
    if TEXTURES & set(families):
        found |= _textures(prepared, binned, count, settings)
    return found, count


def _textures(prepared: Region, binned: Any, count: int, settings: Settings) -> Values:
    """In the box of the region alone: its surroundings have no level."""
    box = tuple(slice(at.min(), at.max() + 1) for at in np.nonzero(prepared.shape))
    return textures(laid_out(prepared.counted[box], binned, count), prepared.shape[box], settings.textures, settings.families)
