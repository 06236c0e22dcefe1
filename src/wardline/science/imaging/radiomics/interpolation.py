"""Other voxel sizes: the values images and masks would have on a grid of the spacing asked for.

The grids lie centre on centre (IBSI reference manual, arXiv 1612.07003, 2.4: the position of the interpolation grid), so nothing is moved
by resampling. Only the box of the region and what a kernel reaches beyond it is computed; the grid is that of the whole image.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final, TypeAlias

import numpy as np
from scipy import ndimage

from wardline.core.imaging import Vector
from wardline.science.imaging.radiomics.settings import Interpolation, Settings

Box: TypeAlias = tuple[slice, slice, slice]
SPLINE_REACH: Final = 24
"""Voxels beyond the box that are given to the cubic spline's recursive filter: its memory falls by 0.268 a voxel, here to 2e-14."""


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Box and margin on the new grid."""

    image: Any
    mask: Any
    spacing: Vector


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One axis of the grid asked for: where the wanted samples lie, as broken indices of the axis given."""

    positions: Any
    spacing: float

    @property
    def is_given(self) -> bool:
        """Whether samples fall onto voxels."""
        return bool(np.array_equal(self.positions, np.rint(self.positions)))


def axis_of(size: int, spacing: float, wanted: float | None) -> Axis:
    """The whole axis: as many samples as cover the extent, centred on the same point."""
    if wanted is None or wanted == spacing:
        return Axis(np.arange(size, dtype=np.float64), spacing)
    ratio = wanted / spacing
    count = ceil(round(size / ratio, 6))  # 6 digits: 40 voxels of 0.3 mm are 12.0 mm, not 12.000000000000002
    first = 0.5 * (size - 1 - (count - 1) * ratio)
    return Axis(first + ratio * np.arange(count), float(wanted))


def resampled(image: Any, mask: Any, spacing: Vector, box: Box, settings: Settings, *, margin_mm: float) -> Resampled:
    """Image and mask in the box and a margin around it."""
    wanted = [axis_of(size, old, new) for size, old, new in zip(mask.shape, spacing, settings.spacing_mm, strict=True)]
    axes = [_near(axis, old, side, margin_mm) for axis, old, side in zip(wanted, spacing, box, strict=True)]
    there = (axes[0].spacing, axes[1].spacing, axes[2].spacing)
    values = interpolated(image, axes, settings.interpolation)
    if all(axis.is_given for axis in axes):
        return Resampled(values, interpolated(mask, axes, "nearest", bool), there)
    share = interpolated(mask, axes, settings.mask_interpolation)
    return Resampled(values, share >= settings.mask_threshold - 1e-9, there)  # a tie at 0.5 belongs to the region, whatever rounding did


def _near(axis: Axis, spacing: float, side: slice, margin_mm: float) -> Axis:
    reach = margin_mm / spacing + 1
    close = (axis.positions >= side.start - reach) & (axis.positions <= side.stop - 1 + reach)
    return Axis(axis.positions[close], axis.spacing)


def interpolated(array: Any, axes: list[Axis], how: Interpolation, kind: type = np.float64) -> Any:
    """Separable, axis by axis. Positions beyond the last voxel take its value."""
    reach = SPLINE_REACH if how == "cubic" else 1
    starts = [max(0, int(np.floor(axis.positions[0])) - reach) for axis in axes]
    stops = [min(size, int(np.ceil(axis.positions[-1])) + reach + 1) for axis, size in zip(axes, array.shape, strict=True)]
    values = array[tuple(slice(a, b) for a, b in zip(starts, stops, strict=True))].astype(kind)
    for number, (axis, start) in enumerate(zip(axes, starts, strict=True)):
        values = _along(values, number, axis.positions - start, how)
    return values


def _along(values: Any, axis: int, positions: Any, how: Interpolation) -> Any:
    size = values.shape[axis]
    inside = np.clip(positions, 0, size - 1)
    if np.array_equal(inside, np.rint(inside)):
        voxels = inside.astype(np.intp)
        if np.all(np.diff(voxels) == 1):  # neighbours: nothing is to be moved
            return values[(slice(None),) * axis + (slice(voxels[0], voxels[-1] + 1),)]
        return np.take(values, voxels, axis)
    if how == "nearest":
        return np.take(values, np.floor(inside + 0.5).astype(np.intp).clip(0, size - 1), axis)
    if how == "cubic":
        values = ndimage.spline_filter1d(values, order=3, axis=axis, mode="mirror")
    first = np.floor(inside).astype(np.intp)
    weights = _linear(inside - first) if how == "linear" else _cubic(inside - first)
    begin = 0 if how == "linear" else -1
    shape = [-1 if number == axis else 1 for number in range(values.ndim)]
    return sum(np.take(values, _mirrored(first + begin + tap, size), axis) * weight.reshape(shape) for tap, weight in enumerate(weights))


def _linear(t: Any) -> list[Any]:
    return [1 - t, t]


def _cubic(t: Any) -> list[Any]:
    """Cubic B-spline at t+1, t, 1-t, 2-t."""
    return [(1 - t) ** 3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6, t**3 / 6]


def _mirrored(index: Any, size: int) -> Any:
    """Beyond the ends back again, the end voxel not repeated: as the spline's coefficients were made."""
    if size == 1:
        return np.zeros_like(index)
    period = 2 * (size - 1)
    folded = np.abs(index) % period
    return np.where(folded < size, folded, period - folded)
