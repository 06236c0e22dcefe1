"""Which images a model says it is for: in which plane they were taken, how fine they are and how much of the body they show."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from wardline.core.errors import Refused
from wardline.core.imaging import AXIAL, Grid

Range: TypeAlias = tuple[float, float]
ANY: Final[Range] = (0.0, math.inf)
PLANES: Final = ("axial", "coronal", "sagittal")
"""In the order of the body's axes: slices that follow each other towards the head, the back, the left."""
_ROUNDED: Final = 1e-3
"""Millimetres by which headers round."""
_RANGES: Final = {"slice_mm": "slices {} mm apart", "pixel_mm": "pixels of {} mm", "extent_mm": "stacks {} mm long"}


@dataclass(frozen=True, slots=True)
class Suits:
    """Limits include their ends; what is not said is not limited."""

    planes: tuple[str, ...] = PLANES
    slice_mm: Range = ANY
    """From slice to slice."""
    pixel_mm: Range = ANY
    """Both sides of a pixel."""
    extent_mm: Range = ANY
    """From the first slice to the last, both included."""

    def check(self, grid: Grid) -> None:
        """Raises `Refused` with what these images are and what the model is for."""
        plane = plane_of(grid)
        if plane not in self.planes:
            raise Refused(f"This model is for {' or '.join(self.planes)} images; these are {plane}.", code="not-for", where="planes")
        there = {"slice_mm": grid.spacing[:1], "pixel_mm": grid.spacing[1:], "extent_mm": (grid.shape[0] * grid.spacing[0],)}
        for name, words in _RANGES.items():
            low, high = getattr(self, name)
            for value in there[name]:
                if not low - _ROUNDED <= value <= high + _ROUNDED:
                    raise Refused(f"This model is for {words.format(f'{low:g} to {high:g}')}; these have {value:.4g} mm.", code="not-for", where=name)


def plane_of(grid: Grid) -> str:
    """By the body's axis along which the slices follow each other most."""
    along = [abs(sum(a * b for a, b in zip(grid.directions[0], axis, strict=True))) for axis in AXIAL]
    return PLANES[along.index(max(along))]


def suits_of(given: Any) -> Suits:
    """Raises `Refused` naming the key that is unknown or senseless."""
    if not isinstance(given, Mapping):
        raise _senseless("suits", "an object")
    unknown = sorted(str(each) for each in given if each not in ("planes", *_RANGES))
    if unknown:
        raise Refused(f"The manifest's suits do not know the key {unknown[0]}.", code="manifest", where="suits")
    planes = given.get("planes", list(PLANES))
    if not isinstance(planes, list) or not planes or any(each not in PLANES for each in planes):
        raise _senseless("suits.planes", f"a list of {', '.join(PLANES)}")
    return Suits(tuple(planes), *(_range(f"suits.{name}", given.get(name)) for name in _RANGES))


def _range(key: str, given: Any) -> Range:
    if given is None:
        return ANY
    if not isinstance(given, list) or len(given) != 2 or any(isinstance(each, bool) or not isinstance(each, int | float) for each in given):
        raise _senseless(key, "two numbers, the lower first")
    low, high = float(given[0]), float(given[1])
    if not 0 <= low < high < math.inf:
        raise _senseless(key, "two numbers, the lower first")
    return low, high


def _senseless(key: str, wanted: str) -> Refused:
    return Refused(f"In the manifest, {key} is {wanted}.", code="manifest", where=key)
