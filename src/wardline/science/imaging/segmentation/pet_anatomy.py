"""Where on a PET the organs of the CT taken with it lie: densities, lungs and a few landmarks on the voxels of the PET."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Vector, Volume
from wardline.science.imaging.segmentation.body import require_ct
from wardline.science.imaging.segmentation.lungs import lung_masks
from wardline.science.imaging.segmentation.morphology import Mask
from wardline.science.imaging.segmentation.orientation import Upright, upright
from wardline.science.imaging.segmentation.resampling import coarser, onto

_WORKING_MM: Final = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class PetAnatomy:
    """All arrays lie on the upright PET; places are patient coordinates in mm."""

    grid: Grid
    hounsfield: NDArray[np.float32]
    body: Mask
    lungs: Mask
    middle: tuple[float, float]
    """x and y of the middle of the body."""
    half_width: float
    lung_base: float
    """Height below which little of the lungs lies; NaN where there are none, as is the next."""
    lung_top: float

    @property
    def has_lungs(self) -> bool:
        return not np.isnan(self.lung_base)

    def place(self, index: Vector) -> Vector:
        """From the middle of the body: mm to the left, to the back, and above the base of the lungs."""
        x, y, z = self.grid.position(index)
        return x - self.middle[0], y - self.middle[1], z - self.lung_base


def require_suv(pet: Volume) -> None:
    """Raises `Refused` for anything but SUV: the thresholds mean nothing in becquerels."""
    if pet.modality != "PT" or not pet.unit.startswith("{SUV"):
        raise Refused(f"This needs a PET in SUV; these images are {pet.modality or 'of unknown modality'} in {pet.unit or 'no unit'}.", code="unit")


def anatomy_of(pet: Upright, pet_volume: Volume, ct: Volume) -> PetAnatomy:
    """Raises `Refused` where CT and PET do not lie in the same coordinates."""
    require_ct(ct)
    if pet_volume.frame_of_reference != ct.frame_of_reference:
        raise Refused("PET and CT have different frames of reference (0020,0052): they cannot be laid over each other.", code="frame")
    view = upright(ct)
    small = coarser(view.array, view.grid, _WORKING_MM)
    found = lung_masks(small.array, small.grid.spacing)
    lungs = _read(found.right | found.left, small.grid, pet.grid)
    body = _read(found.body, small.grid, pet.grid)
    low, high = _heights(found.right | found.left, small.grid)
    (x, y), half = _middle(found.body, small.grid)
    hounsfield = onto(small.array, small.grid, pet.grid, outside=-1000.0)
    return PetAnatomy(pet.grid, hounsfield, body, lungs, (x, y), half, low, high)


def _read(mask: Mask, source: Grid, target: Grid) -> Mask:
    return onto(mask.astype(np.uint8), source, target, order=0).astype(bool)


def _heights(lungs: Mask, grid: Grid) -> tuple[float, float]:
    """Heights between which all but the lowest and highest hundredth of the lungs lies."""
    slices: NDArray[Any] = np.nonzero(lungs)[0]
    if not slices.size:
        return float("nan"), float("nan")
    low, high = (grid.position((float(level), 0.0, 0.0))[2] for level in np.percentile(slices, (1, 99)))
    return low, high


def _middle(body: Mask, grid: Grid) -> tuple[tuple[float, float], float]:
    rows, columns = np.flatnonzero(body.any(axis=(0, 2))), np.flatnonzero(body.any(axis=(0, 1)))
    if not len(columns):
        return (float("nan"), float("nan")), float("nan")
    x, y, _ = grid.position((0.0, float(rows.mean()), float(columns.mean())))
    return (x, y), len(columns) * grid.spacing[2] / 2
