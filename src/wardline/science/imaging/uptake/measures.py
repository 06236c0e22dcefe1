"""The numbers of a lesion in PET: SUVmax, SUVpeak, SUVmean, metabolic tumour volume (MTV) and total lesion glycolysis (TLG).

SUVpeak is the highest mean in a sphere of exactly 1 cm3 (radius 6.2 mm) round any voxel of the lesion: every position is tried. The sphere
holds every voxel whose centre lies in it, those outside the lesion too, as IBSI defines its global intensity peak (arXiv 1612.07003, 3.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.core.imaging import Vector, Volume
from wardline.science.imaging.radiomics.local_intensity import RADIUS_MM, sphere_means
from wardline.science.imaging.uptake.region import region
from wardline.science.imaging.uptake.thresholds import OfMaximum, Threshold


class Peak(NamedTuple):
    """The hottest cubic centimetre."""

    value: float
    position: Vector
    """Its centre in the patient, mm."""


@dataclass(frozen=True, slots=True)
class Uptake:
    """One lesion. Highest and peak are of the whole lesion, mean, volume and glycolysis of what the threshold holds."""

    maximum: float
    maximum_at: Vector
    peak: Peak
    mean: float | None
    """None when no voxel reaches the border: then volume and glycolysis are 0."""
    sd: float | None
    mtv_ml: float
    tlg: float
    """Mean times volume, in the unit of the volume times ml."""
    voxels: int
    unit: str
    threshold: str
    notes: tuple[str, ...] = ()


class Burden(NamedTuple):
    """All lesions together."""

    lesions: int
    mtv_ml: float
    tlg: float


def uptake_of(volume: Volume, lesion: NDArray[np.bool_], threshold: Threshold | None = None) -> Uptake:
    """The numbers of one lesion, drawn inside `lesion` by the threshold (41 % of its highest value when none is given).

    Raises `Refused` when the volume is no SUV or the lesion is empty.
    """
    if not volume.unit.startswith("{SUV"):
        raise Refused(f"uptake is measured in SUV, not in {volume.unit or 'numbers without a unit'}", code="no-suv")
    if not lesion.any():
        raise Refused("the lesion has no voxel", code="empty")
    threshold = threshold or OfMaximum()
    suv = volume.array
    drawn = region(suv, volume.grid, lesion, threshold)
    values = suv[drawn].astype(np.float64)
    hottest = np.unravel_index(int(np.argmax(np.where(lesion, suv, -np.inf))), suv.shape)
    volume_ml = values.size * volume.grid.voxel_ml
    mean, sd = (float(values.mean()), float(values.std())) if values.size else (None, None)
    return Uptake(
        maximum=float(suv[hottest]),
        maximum_at=volume.grid.position(_index(hottest)),
        peak=peak_of(volume, lesion),
        mean=mean,
        sd=sd,
        mtv_ml=volume_ml,
        tlg=0.0 if mean is None else mean * volume_ml,
        voxels=values.size,
        unit=volume.unit,
        threshold=threshold.words(),
        notes=_notes(volume, lesion, values.size),
    )


def peak_of(volume: Volume, lesion: NDArray[np.bool_]) -> Peak:
    """The hottest cubic centimetre round any voxel of the lesion; of equal ones the first in the stack."""
    spacing = volume.grid.spacing
    centres = np.argwhere(lesion)
    reach = [int(RADIUS_MM / each) + 1 for each in spacing]
    low = [max(0, int(centres[:, axis].min()) - reach[axis]) for axis in range(3)]
    high = [int(centres[:, axis].max()) + reach[axis] + 1 for axis in range(3)]
    cut = np.asarray(volume.array[low[0] : high[0], low[1] : high[1], low[2] : high[2]], np.float64)
    means = sphere_means(cut, centres - np.array(low), spacing, RADIUS_MM)
    best = int(np.argmax(means))
    return Peak(float(means[best]), volume.grid.position(_index(centres[best])))


def burden(uptakes: Iterable[Uptake]) -> Burden:
    """The sum over lesions: leave physiological uptake out before."""
    each = tuple(uptakes)
    return Burden(len(each), sum(one.mtv_ml for one in each), sum(one.tlg for one in each))


def _notes(volume: Volume, lesion: NDArray[np.bool_], voxels: int) -> tuple[str, ...]:
    notes = []
    edges = (lesion[0], lesion[-1], lesion[:, 0], lesion[:, -1], lesion[:, :, 0], lesion[:, :, -1])
    if any(bool(each.any()) for each in edges):
        notes.append("touches the edge of the images: part of it may be missing")
    if voxels * volume.grid.voxel_ml < 1.0:
        notes.append("smaller than 1 ml: the peak averages over its surroundings, and volume and mean are blurred")
    return tuple(notes)


def _index(found: Any) -> Vector:
    s, r, c = (float(each) for each in found)
    return s, r, c
