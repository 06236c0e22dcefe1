"""Where a lesion ends: the ways to draw its border in PET. Each answers another question and gives another volume, so a result names its own."""

from dataclasses import dataclass
from typing import Final, NamedTuple


class Reference(NamedTuple):
    """Uptake of healthy tissue of the same person: mean and standard deviation in a sphere of the liver, or a cylinder of the aorta."""

    mean: float
    sd: float
    tissue: str = "liver"


@dataclass(frozen=True, slots=True)
class Fixed:
    """Everything from this value on. 4.0 is the value the field uses most for tumour burden."""

    value: float = 4.0

    def words(self) -> str:
        return f"fixed, from {self.value:g}"


@dataclass(frozen=True, slots=True)
class OfMaximum:
    """Everything from a part of the lesion's own highest value on; 41 % is usual."""

    part: float = 0.41

    def words(self) -> str:
        return f"{self.part:.0%} of the highest value"


@dataclass(frozen=True, slots=True)
class OfReference:
    """Everything from a multiple of healthy tissue's mean plus a multiple of its standard deviation on."""

    times_mean: float
    times_sd: float
    reference: Reference

    @property
    def value(self) -> float:
        return self.times_mean * self.reference.mean + self.times_sd * self.reference.sd

    def words(self) -> str:
        return f"{self.times_mean:g} x {self.reference.tissue} mean + {self.times_sd:g} SD = {self.value:.2f}"


@dataclass(frozen=True, slots=True)
class Gradient:
    """The border lies where the values fall most steeply (the second derivative along the gradient crosses zero, looked at over 3 mm).

    Needs no value and does not mind a warm background. An algorithm of our own after that idea: on blurred balls it draws somewhat too small.
    """

    def words(self) -> str:
        return "steepest fall"


Threshold = Fixed | OfMaximum | OfReference | Gradient

PERCIST_LIVER: Final = (1.5, 2.0)
"""PERCIST 1.0: measurable from 1.5 x mean + 2 SD of a 3 cm sphere in the right liver (Radiology 2016, PMC4976461, as quoted in the digest)."""
PERCIST_AORTA: Final = (2.0, 2.0)
"""PERCIST 1.0 with a diseased liver: 2.0 x mean + 2 SD of a cylinder of 1 cm x 2 cm in the aorta (same source)."""
