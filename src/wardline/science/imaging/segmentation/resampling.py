"""The same place in two scans: values of one read off where the voxels of the other lie."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.imaging import Grid, Vector


def onto(array: NDArray[Any], source: Grid, target: Grid, *, order: int = 1, outside: float = 0.0) -> NDArray[Any]:
    """`array` of the grid `source` at the voxels of `target`: linear between voxels (order 1) or the nearest (order 0, for masks)."""
    if source.is_same_as(target):
        return array
    first = np.array(source.index(target.position((0.0, 0.0, 0.0))))
    units: tuple[Vector, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    steps = np.stack([np.array(source.index(target.position(unit))) - first for unit in units], axis=1)
    read: NDArray[Any] = ndimage.affine_transform(array, steps, first, target.shape, order=order, mode="constant", cval=outside)
    return read


def with_spacing(grid: Grid, spacing: Vector) -> Grid:
    """The grid that covers the same body with voxels of another size, its first voxel's outer corner in the same place."""
    shape = tuple(max(1, round(n * old / new)) for n, old, new in zip(grid.shape, grid.spacing, spacing, strict=True))
    corner = tuple((new / old - 1) / 2 for old, new in zip(grid.spacing, spacing, strict=True))
    return Grid((shape[0], shape[1], shape[2]), spacing, grid.position((corner[0], corner[1], corner[2])), grid.directions)


class Coarse(NamedTuple):
    """Blocks of voxels averaged, so that work on shapes of centimetres does not count every voxel."""

    array: NDArray[np.float32]
    grid: Grid
    factors: tuple[int, int, int]

    def finer(self, mask: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        """A mask of the blocks, on the voxels they were made of."""
        for axis, factor in enumerate(self.factors):
            mask = np.repeat(mask, factor, axis=axis) if factor > 1 else mask
        return mask[: shape[0], : shape[1], : shape[2]]


def coarser(array: NDArray[Any], grid: Grid, spacing_mm: float) -> Coarse:
    """Means of blocks about `spacing_mm` wide; voxels that are already that large stay as they are."""
    factors = tuple(max(1, round(spacing_mm / each)) for each in grid.spacing)
    for axis, factor in enumerate(factors):
        if factor > 1:
            starts = np.arange(0, array.shape[axis], factor)
            counts = np.diff(np.append(starts, array.shape[axis])).astype(np.float32)
            lined = counts.reshape([-1 if each == axis else 1 for each in range(3)])
            array = np.add.reduceat(array, starts, axis=axis, dtype=np.float32) / lined
    a, b, c = array.shape
    corner = grid.position(((factors[0] - 1) / 2, (factors[1] - 1) / 2, (factors[2] - 1) / 2))
    spacing = (grid.spacing[0] * factors[0], grid.spacing[1] * factors[1], grid.spacing[2] * factors[2])
    return Coarse(array.astype(np.float32, copy=False), Grid((a, b, c), spacing, corner, grid.directions), (factors[0], factors[1], factors[2]))
