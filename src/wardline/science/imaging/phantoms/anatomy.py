"""The invented person: which organs lie where, how dense they are on CT and how much sugar they take up on FDG-PET.

Places are mm towards left, back and head; 0 is the middle of the body at the height of the diaphragm. Densities (HU) and uptakes (SUV) are
choices of this phantom, of the usual order for an adult an hour after FDG; they are no reference values and nothing clinical rests on them.
"""

from typing import Final, NamedTuple

from wardline.core.codings import Coding
from wardline.core.imaging import Label
from wardline.science.imaging.phantoms.shapes import Column, Ellipsoid, Ring, Shape, Tube

# SNOMED CT as DICOM PS3.16 uses it: body structure, and each organ.
_ORGAN: Final = Coding("123037004", "snomed")


def _organ(number: int, name: str, code: str, side: str = "") -> Label:
    return Label(number, name, _ORGAN, Coding(code, "snomed"), side)


AIR: Final = Label(0, "air")
BODY: Final = Label(1, "body")
"""What belongs to the person and to no organ named here."""
TABLE: Final = Label(2, "table")
RIGHT_LUNG: Final = _organ(3, "right lung", "39607008", "right")
LEFT_LUNG: Final = _organ(4, "left lung", "39607008", "left")
AIRWAYS: Final = _organ(5, "trachea and main bronchi", "44567001")
HEART: Final = _organ(6, "heart", "80891009")
AORTA: Final = _organ(7, "aorta", "15825003")
LIVER: Final = _organ(8, "liver", "10200004")
SPLEEN: Final = _organ(9, "spleen", "78961009")
RIGHT_KIDNEY: Final = _organ(10, "right kidney", "64033007", "right")
LEFT_KIDNEY: Final = _organ(11, "left kidney", "64033007", "left")
BLADDER: Final = _organ(12, "bladder", "89837001")
BRAIN: Final = _organ(13, "brain", "12738006")
BONE: Final = _organ(14, "bone", "272673000")
LABELS: Final = (
    BODY, TABLE, RIGHT_LUNG, LEFT_LUNG, AIRWAYS, HEART, AORTA, LIVER, SPLEEN, RIGHT_KIDNEY, LEFT_KIDNEY, BLADDER, BRAIN, BONE,
)  # fmt: skip
RIGHT_LUNG_SHAPE: Final = Ellipsoid((-76, 0, 85), (62, 84, 125))
LEFT_LUNG_SHAPE: Final = Ellipsoid((76, 0, 85), (60, 84, 125))
LIVER_SHAPE: Final = Ellipsoid((-62, -8, -45), (92, 84, 78))
HEART_SHAPE: Final = Ellipsoid((25, -32, 40), (52, 46, 50))


class Organ(NamedTuple):
    """One thing to paint; later ones lie over earlier ones."""

    label: Label
    shape: Shape
    hounsfield: float
    suv: float


def _ribs() -> tuple[Organ, ...]:
    return tuple(Organ(BONE, Ring((0, 0, 15 + 24 * n), (147, 93), 5, 0.35), 350, 0.9) for n in range(8))


TORSO: Final[tuple[Organ, ...]] = (
    Organ(TABLE, Column((0, 300), (420, 155), -1000, 1000), -150, 0.0),
    Organ(AIR, Column((0, 304), (410, 151), -1000, 1000), -960, 0.0),
    Organ(BODY, Column((0, 0), (170, 116), -430, 230), -100, 0.3),
    Organ(BODY, Column((0, 0), (156, 103), -425, 225), 45, 0.7),
    Organ(BODY, Column((0, 5), (64, 66), 220, 300), -90, 0.4),
    Organ(BODY, Column((0, 5), (56, 58), 215, 300), 45, 0.8),
    Organ(BODY, Ellipsoid((0, -45, -190), (120, 45, 110)), -90, 0.4),  # fat around the bowel
    Organ(BODY, Ellipsoid((0, 0, 365), (78, 98, 105)), 40, 0.6),
    Organ(BONE, Ellipsoid((0, 0, 368), (72, 92, 97)), 900, 0.8),
    Organ(BRAIN, Ellipsoid((0, 0, 372), (64, 84, 86)), 35, 8.5),
    Organ(RIGHT_LUNG, RIGHT_LUNG_SHAPE, -850, 0.45),
    Organ(LEFT_LUNG, LEFT_LUNG_SHAPE, -850, 0.45),
    *_ribs(),
    Organ(BONE, Tube((0, 72, -400), (0, 72, 300), 19), 220, 1.2),
    Organ(BONE, Ellipsoid((0, -94, 110), (18, 6, 75)), 250, 0.9),
    Organ(BONE, Ellipsoid((-85, 50, -330), (45, 25, 55)), 300, 0.9),
    Organ(BONE, Ellipsoid((85, 50, -330), (45, 25, 55)), 300, 0.9),
    Organ(AORTA, Tube((24, 42, -260), (24, 42, 120), 12), 42, 1.6),
    Organ(HEART, HEART_SHAPE, 45, 3.4),
    Organ(HEART, Ellipsoid((25, -32, 40), (40, 34, 38)), 42, 1.6),
    Organ(LIVER, LIVER_SHAPE, 58, 2.2),
    Organ(SPLEEN, Ellipsoid((98, 38, -50), (34, 42, 52)), 50, 1.8),
    Organ(RIGHT_KIDNEY, Ellipsoid((-66, 48, -150), (27, 25, 52)), 32, 4.5),
    Organ(LEFT_KIDNEY, Ellipsoid((66, 48, -145), (27, 25, 52)), 32, 4.5),
    Organ(RIGHT_KIDNEY, Ellipsoid((-58, 42, -150), (10, 9, 18)), 12, 14.0),
    Organ(LEFT_KIDNEY, Ellipsoid((58, 42, -145), (10, 9, 18)), 12, 14.0),
    Organ(BLADDER, Ellipsoid((0, -40, -370), (36, 32, 32)), 6, 28.0),
)
"""Everything but the branches of airways and vessels, which are drawn anew for each person."""
