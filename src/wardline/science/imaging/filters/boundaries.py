"""What lies beyond the edge of the images, for filters that reach over it. IBSI 2 reference manual, arXiv 2006.05470, 3.1."""

from typing import Any, Final, Literal, TypeAlias

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Vector

Boundary: TypeAlias = Literal["zero", "nearest", "periodic", "mirror"]
SCIPY: Final[dict[Boundary, Any]] = {"zero": "constant", "nearest": "nearest", "periodic": "wrap", "mirror": "reflect"}
NUMPY: Final[dict[Boundary, Any]] = {"zero": "constant", "nearest": "edge", "periodic": "wrap", "mirror": "symmetric"}
"""The same four in the words of the two libraries; the mirror repeats the voxel at the edge."""
SAME: Final = 0.01
"""Spacings that differ by less than this share count as equal."""


def padded(image: Any, reach: tuple[int, int, int], boundary: Boundary) -> Any:
    return np.pad(image, [(each, each) for each in reach], mode=NUMPY[boundary])


def equal_spacing(spacing: Vector, *, in_slices: bool) -> float:
    """The side of a voxel. A filter of a size in millimetres is only round on voxels of equal sides."""
    sides = spacing[1:] if in_slices else spacing
    if max(sides) - min(sides) > SAME * max(sides):
        where = "rows and columns" if in_slices else "slices, rows and columns"
        raise Refused(f"the filter needs voxels of equal sides, not {spacing} mm: resample {where} to one spacing first", code="spacing")
    return sum(sides) / len(sides)
