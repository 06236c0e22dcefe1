"""Where a hot spot lies, and whether its place and size are those of an organ that always takes up sugar or empties it.

Location and size can only suggest: a name given here marks a spot for the reader, it never removes it. The borders are ours, for adults lying with
raised arms, and were checked on phantoms only.
"""

from typing import Final, NamedTuple

import numpy as np

from wardline.core.imaging import Vector
from wardline.science.imaging.segmentation.morphology import Mask, grown
from wardline.science.imaging.segmentation.pet_anatomy import PetAnatomy


class Between(NamedTuple):
    """A range of millimetres."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


class Organ(NamedTuple):
    """Where an organ's uptake lies: distance from the middle to the left, to the back, above the base of the lungs (mm), and its volume (ml)."""

    name: str
    left: Between
    back: Between
    above: Between
    volume_ml: Between


_ANY: Final = Between(-1e9, 1e9)
ORGANS: Final[tuple[Organ, ...]] = (
    Organ("brain",   Between(-60, 60),   _ANY,               Between(300, 1e9),   Between(200, 3000)),
    Organ("heart",   Between(5, 75),     Between(-110, 10),  Between(10, 120),    Between(30, 700)),
    Organ("kidney",  Between(30, 95),    Between(5, 110),    Between(-200, -15),  Between(3, 400)),
    Organ("kidney",  Between(-95, -30),  Between(5, 110),    Between(-200, -15),  Between(3, 400)),
    Organ("bladder", Between(-45, 45),   Between(-110, 45),  Between(-480, -230), Between(15, 1200)),
    Organ("liver",   Between(-160, 10),  _ANY,               Between(-140, 90),   Between(400, 4000)),
)  # fmt: skip
_ELSEWHERE: Final[dict[str, tuple[str, ...]]] = {"kidney": ("lung", "bone", "liver"), "bladder": ("bone",), "heart": ("bone", "liver")}
"""What surrounds a spot can rule an organ out."""
_SHELL_MM: Final = 6.0
_LUNG_HU: Final = -500.0
_BONE_HU: Final = 130.0
_LONGEST_NODE_MM: Final = 45.0


def physiological(place: Vector, volume_ml: float, whole_ml: float, site: str) -> str:
    """The organ whose place and size a spot has; "" when none. The brain and the liver count as a whole, their parts are not looked at one by one."""
    left, back, above = place
    for organ in ORGANS:
        if site in _ELSEWHERE.get(organ.name, ()):
            continue
        volume = whole_ml if organ.name in ("brain", "liver") else volume_ml
        if organ.left.holds(left) and organ.back.holds(back) and organ.above.holds(above) and organ.volume_ml.holds(volume):
            return organ.name
    return ""


def site_of(spot: Mask, place: Vector, axes_mm: tuple[float, float], anatomy: PetAnatomy, liver: Mask) -> str:
    """lung, bone, liver, a lymph node region, or soft tissue, by what the CT shows in and around the spot; "" where nothing is around it."""
    around = grown(spot, _SHELL_MM, anatomy.grid.spacing) & ~spot
    if not around.any():
        return ""
    if np.mean(anatomy.hounsfield[around] < _LUNG_HU) > 0.5:
        return "lung"
    if np.median(anatomy.hounsfield[spot]) > _BONE_HU:
        return "bone"
    if np.mean(liver[around]) > 0.5:
        return "liver"
    region = _nodal_region(place, anatomy) if axes_mm[0] <= _LONGEST_NODE_MM and axes_mm[0] <= 2.5 * axes_mm[1] else ""
    return f"lymph node, {region}" if region else "soft tissue"


def _nodal_region(place: Vector, anatomy: PetAnatomy) -> str:
    """The group of lymph nodes that lies where the spot does; "" where none does."""
    left, back, above = place
    height = anatomy.lung_top - anatomy.lung_base
    side = abs(left)
    if above > height - 20:
        return "neck" if side < 100 and above < height + 200 else ""
    if above > 0.55 * height and side > 0.7 * anatomy.half_width:
        return "axilla"
    if above > 10:
        return "mediastinum" if side < 65 else ""
    if above > -200:
        return "abdomen" if side < 50 and back > -20 else ""
    return "pelvis" if 15 < side < 120 else ""
