"""The healthy liver as a yardstick for PET: a 3 cm sphere in its right part, placed automatically where the liver is deepest.

PERCIST 1.0 compares every lesion with the mean and standard deviation of this sphere (Wahl et al., J Nucl Med 2009, by its 2016 guide in Radiology).
How the place is found is ours: soft tissue on CT on the patient's right, around and below the base of the right lung, whose uptake stands out
from muscle and does not stand out from itself; the sphere goes where this is furthest from any border.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.imaging import Vector, Volume
from wardline.science.imaging.segmentation.morphology import Mask, box_of, largest, opened
from wardline.science.imaging.segmentation.orientation import upright
from wardline.science.imaging.segmentation.pet_anatomy import PetAnatomy, anatomy_of, require_suv

_RADIUS_MM: Final = 15.0
"""3 cm sphere: PERCIST 1.0."""
_SOFT_HU: Final = (0.0, 200.0)
"""Liver without and with contrast, generously; fat, lung and bone are outside."""
_ABOVE_BASE_MM: Final = 90.0
_BELOW_BASE_MM: Final = 140.0
_SMOOTHING_MM: Final = 4.0
_HOTTEST: Final = 1.6
"""Uptake above this multiple of the liver's middle value is something else: kidney, gut, lesion."""
_SMALLEST_ML: Final = 150.0


@dataclass(frozen=True, slots=True, eq=False)
class LiverReference:
    """The sphere and what was measured in it."""

    position: Vector
    """Its centre in the patient, mm."""
    mean: float
    sd: float
    voxels: Mask
    """On the grid of the PET as stored."""
    region: Mask
    """The part of the liver of ordinary uptake it was placed in."""
    unit: str


@dataclass(frozen=True, slots=True)
class NoReference:
    """Why there is none."""

    reason: str


def liver_reference(pet: Volume, ct: Volume) -> LiverReference | NoReference:
    """Mean and standard deviation of a 3 cm sphere in the right liver, in the unit of the PET (SUV by body weight or lean body mass)."""
    require_suv(pet)
    view = upright(pet)
    placed = reference_in(view.array, anatomy_of(view, pet, ct))
    if isinstance(placed, str):
        return NoReference(placed)
    index, sphere, region = placed
    inside = view.array[sphere]
    return LiverReference(
        view.grid.position(index), float(inside.mean()), float(inside.std(ddof=1)), view.as_stored(sphere), view.as_stored(region), pet.unit
    )


def reference_in(suv: NDArray[np.float32], anatomy: PetAnatomy) -> tuple[Vector, Mask, Mask] | str:
    """Centre (index), sphere and liver of ordinary uptake on the upright PET; or why not."""
    if not anatomy.has_lungs:
        return "No lung is on the CT, so the liver below it cannot be told from other organs."
    region = _ordinary_liver(suv, anatomy)
    box = box_of(region, 0.0, anatomy.grid.spacing)
    if box is None or float(np.count_nonzero(region)) * anatomy.grid.voxel_ml < _SMALLEST_ML:
        return "No piece of liver of even uptake was found below the right lung."
    depth = np.zeros(region.shape)
    depth[box] = ndimage.distance_transform_edt(np.pad(region[box], 1), anatomy.grid.spacing)[1:-1, 1:-1, 1:-1]
    deepest = tuple(int(each) for each in np.unravel_index(int(depth.argmax()), depth.shape))
    if depth[deepest] < _RADIUS_MM:
        return "The liver on these images has no place for a sphere of 3 cm in healthy tissue."
    sphere = _ball(region.shape, deepest, anatomy.grid.spacing)
    z, y, x = (float(each) for each in deepest)
    return (z, y, x), sphere, region


def _ordinary_liver(suv: NDArray[np.float32], anatomy: PetAnatomy) -> Mask:
    smooth = ndimage.gaussian_filter(suv.astype(np.float32), [_SMOOTHING_MM / step for step in anatomy.grid.spacing])
    soft = anatomy.body & (anatomy.hounsfield > _SOFT_HU[0]) & (anatomy.hounsfield < _SOFT_HU[1]) & _right_below_the_lung(anatomy)
    if not soft.any():
        return soft
    threshold = _above_muscle(smooth[soft])
    typical = float(np.median(smooth[soft & (smooth > threshold)])) if bool((soft & (smooth > threshold)).any()) else threshold
    even = soft & (smooth > threshold) & (smooth < _HOTTEST * typical)
    return largest(opened(even, 6.0, anatomy.grid.spacing))


def _above_muscle(values: NDArray[np.float32]) -> float:
    """Halfway between the uptake of muscle and of organs, by iteration; the hottest hundredth does not pull it up."""
    capped = np.minimum(values, np.percentile(values, 99))
    threshold = float(capped.mean())
    for _ in range(50):
        below, above = capped[capped < threshold], capped[capped >= threshold]
        if not (below.size and above.size):
            break
        threshold = (float(below.mean()) + float(above.mean())) / 2
    return threshold


def _right_below_the_lung(anatomy: PetAnatomy) -> Mask:
    shape = anatomy.grid.shape
    heights = np.array([anatomy.place((float(level), 0.0, 0.0))[2] for level in range(shape[0])])
    sides = np.array([anatomy.place((0.0, 0.0, float(column)))[0] for column in range(shape[2])])
    wanted = (heights > -_BELOW_BASE_MM) & (heights < _ABOVE_BASE_MM)
    inside: Mask = wanted[:, None, None] & (sides < 0)[None, None, :] & np.ones((1, shape[1], 1), bool)
    return inside


def _ball(shape: tuple[int, ...], centre: tuple[int, ...], spacing: Vector) -> Mask:
    lines = [(np.arange(n) - c) * step for n, c, step in zip(shape, centre, spacing, strict=True)]
    inside: Mask = lines[0][:, None, None] ** 2 + lines[1][None, :, None] ** 2 + lines[2][None, None, :] ** 2 <= _RADIUS_MM**2
    return inside
