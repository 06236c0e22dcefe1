"""The branching of airways and vessels in the lungs of an invented person, different in each."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wardline.core.imaging import Vector
from wardline.science.imaging.phantoms.anatomy import AIRWAYS, BODY, LEFT_LUNG, LEFT_LUNG_SHAPE, RIGHT_LUNG, RIGHT_LUNG_SHAPE, Organ
from wardline.science.imaging.phantoms.shapes import Ellipsoid, Tube

_Point: TypeAlias = NDArray[Any]
_GENERATIONS: Final = 5
_CARINA: Final[Vector] = (0, -2, 120)
_WALL_MM: Final = 2.0


def vessels(rng: np.random.Generator) -> Iterator[Organ]:
    """Lung vessels; they count as lung, as a reader draws it."""
    for lung, shape, side in ((RIGHT_LUNG, RIGHT_LUNG_SHAPE, -1), (LEFT_LUNG, LEFT_LUNG_SHAPE, 1)):
        for towards in ((1.0, 0.1, 0.6), (1.0, 0.4, -0.6), (1.0, -0.6, 0.0)):
            way = np.array([side * towards[0], towards[1], towards[2]])
            for tube in _branches(rng, np.array([side * 24.0, 4.0, 95.0]), way, 4.5, 45.0, shape, _GENERATIONS):
                yield Organ(lung, tube, 40, 1.2)


def airways(rng: np.random.Generator) -> Iterator[Organ]:
    """Windpipe, main bronchi and one branch further: first all the walls, then all the air, so that the air is one piece."""
    tubes = [Tube(_CARINA, (0, -8, 290), 9.0)]
    for lung, side in ((RIGHT_LUNG_SHAPE, -1), (LEFT_LUNG_SHAPE, 1)):
        hilum = (side * 42.0, 4.0 + float(rng.normal(0, 2)), 88.0)
        tubes.append(Tube(_CARINA, hilum, 6.0))
        for up in (0.8, -0.8):
            tubes += _branches(rng, np.array(hilum), np.array([side * 1.0, 0.2, up]), 3.2, 26.0, lung, 1)
    yield from (Organ(BODY, Tube(each.start, each.end, each.radius + _WALL_MM), 20, 0.7) for each in tubes)
    yield from (Organ(AIRWAYS, each, -1000, 0.1) for each in tubes)


def _branches(
    rng: np.random.Generator, start: _Point, way: _Point, radius: float, length: float, within: Ellipsoid, generations: int
) -> Iterator[Tube]:
    """One branch and those that leave it at its end, as far as they stay well inside the lung."""
    way = way / np.linalg.norm(way)
    end = start + way * length * rng.uniform(0.75, 1.1)
    if _out_of(within, end):
        return
    yield Tube(_vector(start), _vector(end), radius)
    if generations > 1:
        for _ in range(2):
            yield from _branches(rng, end, way + rng.normal(0, 0.5, 3), radius * 0.76, length * 0.8, within, generations - 1)


def _out_of(lung: Ellipsoid, point: _Point) -> bool:
    return bool(np.linalg.norm((point - np.array(lung.centre)) / np.array(lung.radii)) > 0.9)


def _vector(point: _Point) -> Vector:
    x, y, z = (float(each) for each in point)
    return x, y, z
