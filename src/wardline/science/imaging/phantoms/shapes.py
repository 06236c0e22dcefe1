"""Simple bodies (ball, column, tube, ring) that know how deep inside them a point lies: an invented person is built from them.

Points are DICOM patient coordinates in mm (towards left, back, head). Depth is positive inside and near the border about the distance to
it in mm, so a voxel on the border can be filled in part, as a scanner would see it.
"""

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wardline.core.imaging import Vector

Axes: TypeAlias = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
"""x, y, z of the voxels, shaped so that they broadcast to [slice, row, column]."""
Box: TypeAlias = tuple[Vector, Vector]


class Shape(Protocol):
    """What can be painted."""

    def box(self) -> Box:
        """Lowest and highest corner."""

    def depth(self, at: Axes) -> NDArray[Any]:
        """How deep inside each point lies, in mm; negative outside."""


def _around(centre: Vector, reach: Vector) -> Box:
    low, high = ((centre[0] + way * reach[0], centre[1] + way * reach[1], centre[2] + way * reach[2]) for way in (-1, 1))
    return low, high


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    centre: Vector
    radii: Vector

    def box(self) -> Box:
        return _around(self.centre, self.radii)

    def depth(self, at: Axes) -> NDArray[Any]:
        away = [(p - c) / r for p, c, r in zip(at, self.centre, self.radii, strict=True)]
        near = np.sqrt(sum(a * a for a in away))
        slope = np.sqrt(sum((a / r) ** 2 for a, r in zip(away, self.radii, strict=True)))
        inside: NDArray[Any] = np.where(slope > 0, near * (1 - near) / np.maximum(slope, 1e-12), min(self.radii))
        return inside


@dataclass(frozen=True, slots=True)
class Column:
    """An upright column of elliptic section, from `low` to `high`."""

    centre: tuple[float, float]
    radii: tuple[float, float]
    low: float
    high: float

    def box(self) -> Box:
        (x, y), (a, b) = self.centre, self.radii
        return (x - a, y - b, self.low), (x + a, y + b, self.high)

    def depth(self, at: Axes) -> NDArray[Any]:
        x, y, z = at
        across = _across((x - self.centre[0], y - self.centre[1]), self.radii)
        inside: NDArray[Any] = np.minimum(across, np.minimum(z - self.low, self.high - z))
        return inside


@dataclass(frozen=True, slots=True)
class Tube:
    """A straight tube with round ends."""

    start: Vector
    end: Vector
    radius: float

    def box(self) -> Box:
        low = tuple(min(a, b) - self.radius for a, b in zip(self.start, self.end, strict=True))
        high = tuple(max(a, b) + self.radius for a, b in zip(self.start, self.end, strict=True))
        return low, high  # type: ignore[return-value]

    def depth(self, at: Axes) -> NDArray[Any]:
        way = [b - a for a, b in zip(self.start, self.end, strict=True)]
        long = sum(w * w for w in way) or 1.0
        along = np.clip(sum((p - a) * w for p, a, w in zip(at, self.start, way, strict=True)) / long, 0, 1)
        off = sum((p - a - along * w) ** 2 for p, a, w in zip(at, self.start, way, strict=True))
        inside: NDArray[Any] = self.radius - np.sqrt(off)
        return inside


@dataclass(frozen=True, slots=True)
class Ring:
    """A rib: an elliptic ring around the body, `slant` mm lower per mm towards the front."""

    centre: Vector
    radii: tuple[float, float]
    thickness: float
    slant: float

    def box(self) -> Box:
        a, b = (radius + self.thickness for radius in self.radii)
        return _around(self.centre, (a, b, self.thickness * math.hypot(1, self.slant) + abs(self.slant) * b))

    def depth(self, at: Axes) -> NDArray[Any]:
        x, y, z = (p - c for p, c in zip(at, self.centre, strict=True))
        inside: NDArray[Any] = self.thickness - np.hypot(_across((x, y), self.radii), z - self.slant * y)
        return inside


def _across(point: tuple[NDArray[Any], NDArray[Any]], radii: tuple[float, float]) -> NDArray[Any]:
    """Depth inside an ellipse."""
    (x, y), (a, b) = point, radii
    near = np.hypot(x / a, y / b)
    slope = np.hypot(x / a**2, y / b**2)
    inside: NDArray[Any] = np.where(slope > 0, near * (1 - near) / np.maximum(slope, 1e-12), min(radii))
    return inside
