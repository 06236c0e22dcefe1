"""The region to be measured: cut out of its images, resampled, rounded, and freed of the voxels that do not count.

Steps and their order: IBSI reference manual, arXiv 1612.07003, chapter 2.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Vector
from wardline.science.imaging.filters import Filter
from wardline.science.imaging.radiomics.interpolation import Box, Resampled, resampled
from wardline.science.imaging.radiomics.settings import Settings

MARGIN_MM: Final = 7.0
"""Around the region: the sphere of local intensity has a radius of 6.2 mm."""
NEARLY: Final = 1e-12
"""Of equal numbers none is an outlier, though their mean is only nearly that number."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A region as it was drawn on the whole of the images, which are looked at only where it lies."""

    array: Any
    label: int | None = None
    """The number of its voxels; without it all that are not 0."""

    def __getitem__(self, part: Any) -> Any:
        cut = self.array[part]
        if self.label is not None:
            return cut == self.label
        return cut if cut.dtype == bool else cut != 0

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.array.shape)

    @cached_property
    def box(self) -> Box:
        filled = box_of(self.array)  # of all structures; only there is it worth comparing numbers
        return tuple(slice(of.start + at.start, of.start + at.stop) for of, at in zip(filled, box_of(self[filled]), strict=True))  # type: ignore[return-value]

    @cached_property
    def voxels(self) -> int:
        return int(np.count_nonzero(self[self.box]))


@dataclass(frozen=True, eq=False)
class Region:
    """All three arrays have one shape: the region's box and a margin of its surroundings, as far as there are images."""

    image: Any
    """float64, the surroundings included."""
    shape: Any
    """bool: the region as it was drawn (IBSI: morphological mask)."""
    counted: Any
    """bool: the part of it whose intensities count (IBSI: intensity mask)."""
    spacing: Vector
    lowest: float | None
    """Lower end of the range asked for, from which bins of a fixed size are counted."""
    highest: float | None

    @cached_property
    def intensities(self) -> Any:
        """Of the voxels that count, in one row."""
        return self.image[self.counted]

    @cached_property
    def box(self) -> Box:
        """Of the shape."""
        return box_of(self.shape)


def region(image: Any, drawn: Drawn, spacing: Vector, settings: Settings) -> Region:
    """Refuses a region that is empty, before or after the voxels outside the range are taken away."""
    made: Resampled = resampled(image, drawn, spacing, drawn.box, settings, margin_mm=MARGIN_MM if settings.filter is None else inf)
    if not made.mask.any():
        raise Refused("the region is empty after resampling: it is thinner than the voxels asked for", code="region-empty")
    values = np.rint(made.image) if settings.rounded else made.image
    if not np.isfinite(values[made.mask]).all():
        raise Refused("the images have voxels without a number (NaN or infinite) inside the region", code="image-numbers")
    counted = _counted(values, made.mask, settings)
    if settings.filter is not None:
        return _filtered(settings.filter, Region(values, made.mask, counted, made.spacing, None, None))
    return Region(values, made.mask, counted, made.spacing, *settings.range)


def _filtered(filter: Filter, whole: Region) -> Region:
    """The filter sees the whole image; what is kept is the region's box and margin. The range was one of the image, not of the response."""
    margin = [int(MARGIN_MM / side) + 1 for side in whole.spacing]
    near = tuple(slice(max(0, side.start - more), side.stop + more) for side, more in zip(whole.box, margin, strict=True))
    response = filter.response(whole.image, whole.spacing)[near]
    return Region(response, whole.shape[near], whole.counted[near], whole.spacing, None, None)


def box_of(mask: Any) -> Box:
    """Around all that is not 0."""
    sides = []
    for axis in range(3):  # what is cut off along one axis need not be looked at along the next
        filled = np.flatnonzero(mask.any(axis=tuple(other for other in range(3) if other != axis)))
        if not filled.size:
            raise Refused("the region has no voxel: nothing to measure", code="region-empty")
        sides.append(slice(int(filled[0]), int(filled[-1]) + 1))
        mask = mask[(slice(None),) * axis + (sides[-1],)]
    return sides[0], sides[1], sides[2]


def _counted(values: Any, drawn: Any, settings: Settings) -> Any:
    low, high = settings.range
    counted = drawn.copy()
    if low is not None:
        counted &= values >= low
    if high is not None:
        counted &= values <= high
    if settings.outlier_sigma is not None and counted.any():
        inside = values[counted]
        away = settings.outlier_sigma * inside.std() + NEARLY * float(np.abs(inside).max())
        counted &= np.abs(values - inside.mean()) <= away
    if not counted.any():
        raise Refused("no voxel of the region lies within the range of intensities asked for", code="region-empty")
    return counted
