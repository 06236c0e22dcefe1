"""What a length, an ellipse or a sphere that a person has put on images measures: its size, and the values of the voxels in it.

A voxel counts when its centre lies inside; of an ellipse those of the one layer of voxels that it lies in.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.core.imaging import Vector, Volume
from wardline.science.imaging.uptake.cutting import Box, box_at, cut_round
from wardline.science.imaging.uptake.measures import peak_of

POINTS: Final = {"length": 2, "ellipse": 4, "sphere": 2}
"""Ends; ends of one axis, then of the other; centre and a point on it."""
ASKEW: Final = 0.02
"""Cosine of the angle between an ellipse's axes, and the part of an axis by which their middles may lie apart. Our own choice."""


class Value(NamedTuple):
    """One number of a mark."""

    id: str
    name: str
    value: float | None
    unit: str
    why: str = ""
    """Why there is none."""


def mark_values(volume: Volume, kind: str, points: Sequence[Vector], *, why_none: str = "") -> tuple[Value, ...]:
    """`why_none`: why the volume's numbers mean nothing (a PET without a weight); sizes are measured all the same. Raises `Refused`."""
    if len(points) != POINTS.get(kind):
        raise Refused(f"a mark is one of {', '.join(f'{each} ({count} points)' for each, count in POINTS.items())}", code="mark")
    _check_inside(volume, points if kind != "sphere" else points[:1])
    match kind:
        case "length":
            return (Value("length", "Length", _round(_positive(math.dist(*points))), "mm"),)
        case "sphere":
            return _sphere(volume, points[0], _positive(math.dist(*points)), why_none)
        case _:
            return _ellipse(volume, points, why_none)


def _check_inside(volume: Volume, points: Sequence[Vector]) -> None:
    for point in points:
        if not all(math.isfinite(each) for each in point) or not all(
            -0.5 <= at <= size - 0.5 for at, size in zip(volume.grid.index(point), volume.grid.shape, strict=True)
        ):
            raise Refused("a point of the mark lies outside the images of its series", code="outside")


def _positive(length: float) -> float:
    if not length > 0:
        raise Refused("the points of a mark lie apart", code="mark")
    return length


def _sphere(volume: Volume, centre: Vector, radius: float, why_none: str) -> tuple[Value, ...]:
    if not radius <= math.hypot(*(size * step for size, step in zip(volume.grid.shape, volume.grid.spacing, strict=True))):
        raise Refused("the sphere is larger than the images of its series", code="outside")
    box = _box(volume, centre, radius)
    inside = _where(volume, box, centre, lambda away: np.sum(away**2, axis=-1) <= radius**2)
    size = Value("volume", "Volume", _round(int(inside.sum()) * volume.grid.voxel_ml), "ml")
    values = _values(volume, box, inside, why_none)
    if not volume.unit.startswith("{SUV") or why_none:
        return (size, *values)
    piece, cut = cut_round(volume, box)
    within = np.zeros(piece.grid.shape, np.bool_)
    within[tuple(slice(each.start - whole.start, each.stop - whole.start) for each, whole in zip(box, cut, strict=True))] = inside
    return (size, *values, Value("suv_peak", "SUVpeak", _round(peak_of(piece, within).value), volume.unit))


def _ellipse(volume: Volume, points: Sequence[Vector], why_none: str) -> tuple[Value, ...]:
    ends = [np.array(each, float) for each in points]
    middle, other = (ends[0] + ends[1]) / 2, (ends[2] + ends[3]) / 2
    one, two = (ends[1] - ends[0]) / 2, (ends[3] - ends[2]) / 2
    long, short = _positive(float(np.linalg.norm(one))), _positive(float(np.linalg.norm(two)))
    if abs(float(one @ two)) > ASKEW * long * short or float(np.linalg.norm(middle - other)) > ASKEW * max(long, short):
        raise Refused("the axes of an ellipse cross at right angles in its middle", code="mark")
    normal = np.cross(one, two) / (long * short)
    centre: Vector = (float(middle[0]), float(middle[1]), float(middle[2]))
    box = _box(volume, centre, max(long, short))
    half = sum(abs(float(normal @ np.array(way))) * step for way, step in zip(volume.grid.directions, volume.grid.spacing, strict=True)) / 2

    def is_inside(away: NDArray[np.float64]) -> NDArray[np.bool_]:
        depth = away @ normal - 1e-6 * half  # midway between two layers it is in one of them, whatever rounding says
        found = ((away @ one / long**2) ** 2 + (away @ two / short**2) ** 2 <= 1) & (depth > -half) & (depth <= half)
        return np.asarray(found, np.bool_)

    inside = _where(volume, box, centre, is_inside)
    return (Value("area", "Area", _round(math.pi * long * short / 100), "cm2"), *_values(volume, box, inside, why_none))


def _box(volume: Volume, centre: Vector, radius: float) -> Box:
    box = box_at(volume, centre, radius)
    if box is None:
        raise Refused("the mark lies outside the images of its series", code="outside")
    return box


def _where(volume: Volume, box: Box, centre: Vector, holds: Callable[[NDArray[np.float64]], NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """The voxels of the box for which that holds. Slice by slice: where each voxel lies takes more room than a whole study."""
    slices, rows, columns = box
    return np.concatenate([holds(_away(volume, (slice(at, at + 1), rows, columns), centre)) for at in range(slices.start, slices.stop)])


def _away(volume: Volume, box: Box, centre: Vector) -> NDArray[np.float64]:
    """From the centre to each voxel of the box, mm."""
    steps = [
        (np.arange(cut.start, cut.stop) - at)[:, None] * step * np.array(way)
        for cut, at, step, way in zip(box, volume.grid.index(centre), volume.grid.spacing, volume.grid.directions, strict=True)
    ]
    return np.asarray(steps[0][:, None, None] + steps[1][None, :, None] + steps[2][None, None, :])


def _values(volume: Volume, box: Box, inside: NDArray[np.bool_], why_none: str) -> tuple[Value, ...]:
    id, word = _named(volume)
    if why_none:
        return tuple(Value(f"{id}{part}", f"{word}{part}", None, volume.unit, why_none) for part in ("max", "mean"))
    found: Any = volume.array[box][inside]
    if not found.size:
        raise Refused("no voxel has its centre in the mark; draw it larger", code="empty")
    return (
        Value(f"{id}max", f"{word}max", _round(float(found.max())), volume.unit),
        Value(f"{id}mean", f"{word}mean", _round(float(found.mean(dtype=np.float64))), volume.unit),
    )


def _named(volume: Volume) -> tuple[str, str]:
    """How the numbers of such images are called."""
    if volume.modality == "PT":
        return "suv_", "SUV"
    return ("attenuation_", "CT number ") if volume.modality == "CT" else ("", "Value ")


def _round(value: float) -> float:
    return round(value, 4)
