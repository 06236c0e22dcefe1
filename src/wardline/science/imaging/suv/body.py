"""The body sizes an uptake can be related to: weight, lean body mass, ideal weight, body surface.

All formulas as the IBSI SUV manual gives them (read in the reference digest); W in kg, H in cm. For sex O the manual takes the mean of the two.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.pet import PetAcquisition

GRAMS_ABOVE: Final = 1000.0
"""A weight above this is in grams (IBSI SUV manual)."""
TALLEST_METRES: Final = 3.0
"""(0010,1020) is in metres (PS3.3 C.7.2.2). Above this, and for 0, it is not; a plausibility limit of our own."""

Formula = Callable[[float, float], float]
"""(weight in kg, height in cm) -> kg."""


def james128_men(weight: float, height: float) -> float:
    return 1.10 * weight - 128.0 * (weight / height) ** 2


def james_women(weight: float, height: float) -> float:
    return 1.07 * weight - 148.0 * (weight / height) ** 2


def morgan_men(weight: float, height: float) -> float:
    return 1.10 * weight - 120.0 * (weight / height) ** 2


def janmahasatian_men(weight: float, height: float) -> float:
    return 9270.0 * weight / (6680.0 + 216.0 * _bmi(weight, height))


def janmahasatian_women(weight: float, height: float) -> float:
    return 9270.0 * weight / (8780.0 + 244.0 * _bmi(weight, height))


def ideal_men(_weight: float, height: float) -> float:
    return 48.0 + 1.06 * (height - 152.0)


def ideal_women(_weight: float, height: float) -> float:
    return 45.5 + 0.91 * (height - 152.0)


def surface_cm2(weight: float, height: float) -> float:
    """Du Bois: 0.007184 H^0.725 W^0.425 square metres."""
    return float(0.007184 * height**0.725 * weight**0.425 * 10_000.0)


class BySex(NamedTuple):
    """A formula for men and one for women."""

    men: Formula
    women: Formula

    def kg(self, weight: float, height: float, sex: str) -> float:
        both = {"M": (self.men,), "F": (self.women,), "O": (self.men, self.women)}[sex]
        return sum(formula(weight, height) for formula in both) / len(both)


MASSES: Final = {
    "LBMJAMES128": BySex(james128_men, james_women),
    "LBM": BySex(morgan_men, james_women),
    "LBMJANMA": BySex(janmahasatian_men, janmahasatian_women),
    "IBW": BySex(ideal_men, ideal_women),
}
"""By DICOM's SUV Type (0054,1006)."""


def weight_kg(acquisition: PetAcquisition) -> float:
    """Raises `Refused` when there is none."""
    weight = acquisition.weight
    if weight is None or weight <= 0:
        reason = "is missing" if weight is None else f"is {weight:g}"
        raise Refused(f"(0010,1030) Patient's Weight {reason}", code="weight", where="(0010,1030)")
    return weight / 1000.0 if weight > GRAMS_ABOVE else weight


def height_cm(acquisition: PetAcquisition) -> float:
    """Raises `Refused` when there is none or it is not in metres."""
    height = acquisition.height_metres
    if height is None or not 0 < height <= TALLEST_METRES:
        reason = "is missing" if height is None else f"is {height:g}, which are no metres"
        raise Refused(f"(0010,1020) Patient's Size {reason}", code="height", where="(0010,1020)")
    return height * 100.0


def norm(acquisition: PetAcquisition, suv_type: str) -> float:
    """What an SUV of this type divides the dose by: grams, or square centimetres for BSA. Raises `Refused` with the tag that is missing."""
    weight = weight_kg(acquisition)
    if suv_type == "BW":
        return weight * 1000.0
    height = height_cm(acquisition)
    if suv_type == "BSA":
        return surface_cm2(weight, height)
    if acquisition.sex not in ("M", "F", "O"):
        reason = f"is {acquisition.sex}" if acquisition.sex else "is missing"
        raise Refused(f"(0010,0040) Patient's Sex {reason}", code="sex", where="(0010,0040)")
    mass = MASSES[suv_type].kg(weight, height, acquisition.sex)
    if mass <= 0:
        reason = f"(0010,1020) Patient's Size and (0010,1030) Patient's Weight give no {suv_type} above 0"
        raise Refused(reason, code="height", where="(0010,1020)")
    return mass * 1000.0


def _bmi(weight: float, height: float) -> float:
    return weight / (height / 100.0) ** 2
