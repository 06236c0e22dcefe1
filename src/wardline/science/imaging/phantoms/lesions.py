"""Invented tumours: where each lies, how large it is and how much sugar it takes up, known exactly because we put it there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from wardline.core.imaging import Vector
from wardline.science.imaging.phantoms.anatomy import HEART_SHAPE, LEFT_LUNG_SHAPE, LIVER_SHAPE, RIGHT_LUNG_SHAPE
from wardline.science.imaging.phantoms.shapes import Ellipsoid

_STATIONS: Final[tuple[Vector, ...]] = (
    (-22, -30, 150), (24, -34, 152), (0, 25, 105), (-38, 5, 118), (40, 5, 120), (-40, -10, 255), (40, -10, 255), (0, 35, -190), (-30, 20, -290),
)  # fmt: skip
"""Where lymph nodes are put: beside the windpipe, below its fork, at the roots of the lungs, neck, before the spine, pelvis."""
_RADII: Final[dict[str, tuple[float, float]]] = {"lung": (4, 16), "node": (6, 13), "liver": (8, 20), "bone": (7, 13)}
_HOUNSFIELD: Final[dict[str, float]] = {"lung": 40, "node": 45, "liver": 40, "bone": 180}
_APART_MM: Final = 12.0
_MARGIN_MM: Final = 6.0
"""Bodies differ in size (`variation`): a lesion stays this far from the border of its organ."""


@dataclass(frozen=True, slots=True)
class Lesion:
    """One tumour, an ellipsoid."""

    position: Vector
    """Its centre in the patient, mm."""
    radii: Vector
    suv: float
    hounsfield: float = 40.0
    site: str = ""

    @property
    def volume_ml(self) -> float:
        return 4 / 3 * math.pi * math.prod(self.radii) / 1000

    @property
    def shape(self) -> Ellipsoid:
        return Ellipsoid(self.position, self.radii)


def random_lesions(
    rng: np.random.Generator, count: int, *, sites: Sequence[str] = ("lung", "node", "liver", "bone"), extent: tuple[float, float] = (-90.0, 270.0)
) -> tuple[Lesion, ...]:
    """Lesions in the given sites, wholly between two heights (mm), that do not touch each other; fewer than asked where no room is left."""
    found: list[Lesion] = []
    for _ in range(count * 40):
        if len(found) == count:
            break
        new = _lesion(rng, str(rng.choice(list(sites))))
        inside = extent[0] < new.position[2] - new.radii[2] and new.position[2] + new.radii[2] < extent[1]
        if inside and all(math.dist(new.position, old.position) > max(new.radii) + max(old.radii) + _APART_MM for old in found):
            found.append(new)
    return tuple(found)


def _lesion(rng: np.random.Generator, site: str) -> Lesion:
    radius = rng.uniform(*_RADII[site])
    x, y, z = (float(radius * rng.uniform(0.85, 1.15)) for _ in range(3))
    return Lesion(_place(rng, site, max(x, y, z)), (x, y, z), float(rng.uniform(4, 16)), _HOUNSFIELD[site], site)


def _place(rng: np.random.Generator, site: str, reach: float) -> Vector:
    match site:
        case "lung":
            return _clear_of_the_heart(rng, (RIGHT_LUNG_SHAPE, LEFT_LUNG_SHAPE)[int(rng.integers(2))], reach)
        case "liver":
            return _inside(rng, LIVER_SHAPE, reach)
        case "bone":
            return (0.0, 72.0, float(rng.uniform(-350, 200)))
        case "node":
            x, y, z = (float(each + rng.normal(0, 3)) for each in _STATIONS[int(rng.integers(len(_STATIONS)))])
            return x, y, z
    raise KeyError(site)


def _inside(rng: np.random.Generator, organ: Ellipsoid, reach: float) -> Vector:
    """A place in an organ whose surroundings, `reach` mm wide, lie in it too."""
    way = rng.normal(size=3)
    share = rng.uniform() ** (1 / 3) / float(np.linalg.norm(way))
    x, y, z = (float(c + (r - reach - _MARGIN_MM) * share * w) for c, r, w in zip(organ.centre, organ.radii, way, strict=True))
    return x, y, z


def _clear_of_the_heart(rng: np.random.Generator, lung: Ellipsoid, reach: float) -> Vector:
    """A place in the lung that neither heart nor liver covers."""
    while True:
        place = _inside(rng, lung, reach)
        at = tuple(np.array(each) for each in place)
        if all(float(organ.depth(at)) < -reach - _MARGIN_MM for organ in (HEART_SHAPE, LIVER_SHAPE)):  # type: ignore[arg-type]
            return place
