"""Hot spots on FDG-PET: what takes up more sugar than the liver, parted where spots touch, with the places of normal uptake marked.

A candidate is no diagnosis. The threshold is, in this order: what the caller gives; 1.5 times the mean of the liver plus two standard deviations
(the lowest measurable uptake of PERCIST 1.0) where liver is found on the CT; SUV 4.0.
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.codings import Coding
from wardline.core.imaging import Label, LabelMap, Vector, Volume
from wardline.science.imaging.segmentation.extents import axes_mm
from wardline.science.imaging.segmentation.liver import reference_in
from wardline.science.imaging.segmentation.morphology import Mask, regions
from wardline.science.imaging.segmentation.orientation import Upright, upright
from wardline.science.imaging.segmentation.pet_anatomy import PetAnatomy, anatomy_of, require_suv
from wardline.science.imaging.segmentation.sites import physiological, site_of
from wardline.science.imaging.segmentation.splitting import parted

FIXED_THRESHOLD: Final = 4.0
MADE_BY: Final = "wardline PET lesion candidates, by threshold and watershed"
_SMALLEST_ML: Final = 0.5
# SNOMED CT as DICOM PS3.16 uses it: morphologically abnormal structure and lesion, body structure and the organ.
_ALTERED: Final = Coding("49755003", "snomed")
_LESION: Final = Coding("52988006", "snomed")
_ANATOMY: Final = Coding("123037004", "snomed")
_ORGANS: Final = {
    "brain": Coding("12738006", "snomed"), "heart": Coding("80891009", "snomed"), "kidney": Coding("64033007", "snomed"),
    "bladder": Coding("89837001", "snomed"), "liver": Coding("10200004", "snomed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One hot spot."""

    number: int
    """Its number in the label map, the hottest lesion first."""
    position: Vector
    """Its hottest voxel in the patient, mm."""
    volume_ml: float
    suv_max: float
    suv_mean: float
    long_axis_mm: float
    short_axis_mm: float
    physiological: str
    """The organ whose normal uptake this may be ("kidney", "bladder" ...); "" for a suspected lesion."""
    site: str
    """lung, bone, liver, "lymph node, mediastinum" ..., soft tissue; "" without a CT that shows lung."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """All hot spots of one scan."""

    label_map: LabelMap
    """On the grid of the PET; suspected lesions first, then normal uptake."""
    spots: tuple[Candidate, ...]
    threshold: float
    threshold_from: str
    """ "given", "liver" or "fixed"."""

    @property
    def lesions(self) -> tuple[Candidate, ...]:
        return tuple(spot for spot in self.spots if not spot.physiological)

    @property
    def nodes(self) -> tuple[Candidate, ...]:
        """Suspected lymph nodes: lesions of a node's size in a place where nodes lie."""
        return tuple(spot for spot in self.lesions if spot.site.startswith("lymph node"))


class _Spot(NamedTuple):
    box: tuple[slice, slice, slice]
    mask: Mask
    """Within the box."""
    whole_ml: float
    """Volume of everything it hangs together with."""


def lesion_candidates(pet: Volume, ct: Volume | None = None, *, threshold: float | None = None, smallest_ml: float = _SMALLEST_ML) -> Candidates:
    """Without a CT nothing is marked as normal uptake and no site is named."""
    require_suv(pet)
    view = upright(pet)
    suv = np.asarray(view.array, np.float32)
    anatomy = anatomy_of(view, pet, ct) if ct is not None else None
    placed = reference_in(suv, anatomy) if anatomy is not None else ""
    liver = np.zeros(suv.shape, bool) if isinstance(placed, str) else placed[2]
    if threshold is not None:
        level, source = threshold, "given"
    elif isinstance(placed, str):
        level, source = FIXED_THRESHOLD, "fixed"
    else:
        inside = suv[placed[1]]
        level, source = 1.5 * float(inside.mean()) + 2 * float(inside.std(ddof=1)), "liver"
    spots = [(each, _described(each, suv, view, anatomy, liver)) for each in _spots(suv, view.grid.voxel_ml, level, smallest_ml, anatomy)]
    spots.sort(key=lambda pair: (pair[1].physiological != "", -pair[1].suv_max))
    notes = _notes(anatomy, placed if isinstance(placed, str) else "", source)
    return _result(spots, view, pet, level, source, notes)


def _spots(suv: NDArray[np.float32], voxel_ml: float, level: float, smallest_ml: float, anatomy: PetAnatomy | None) -> list[_Spot]:
    hot = suv > level if anatomy is None else (suv > level) & anatomy.body
    numbered, found = regions(hot, connectivity=26)
    spots = []
    for piece in found:
        if piece.voxels * voxel_ml < smallest_ml:
            break
        parts = parted(suv[piece.box], numbered[piece.box] == piece.number, level)
        for number in range(1, int(parts.max()) + 1):
            part = parts == number
            if float(np.count_nonzero(part)) * voxel_ml >= smallest_ml:
                spots.append(_Spot(piece.box, part, piece.voxels * voxel_ml))
    return spots


def _described(spot: _Spot, suv: NDArray[np.float32], view: Upright, anatomy: PetAnatomy | None, liver: Mask) -> Candidate:
    values = np.where(spot.mask, suv[spot.box], -np.inf)
    inside = values[spot.mask]
    hottest = tuple(cut.start + int(each) for cut, each in zip(spot.box, np.unravel_index(int(values.argmax()), values.shape), strict=True))
    volume = inside.size * view.grid.voxel_ml
    axes = axes_mm(spot.mask, view.grid.spacing)
    organ, site = "", ""
    if anatomy is not None and anatomy.has_lungs:
        z, y, x = (float(np.mean(each)) + cut.start for each, cut in zip(np.nonzero(spot.mask), spot.box, strict=True))
        place = anatomy.place((z, y, x))
        site = _site(spot, place, axes, anatomy, liver)
        organ = physiological(place, volume, spot.whole_ml, site)
    position = view.grid.position((float(hottest[0]), float(hottest[1]), float(hottest[2])))
    return Candidate(0, position, volume, float(inside.max()), float(inside.mean()), *axes, organ, "" if organ else site)


def _site(spot: _Spot, place: Vector, axes: tuple[float, float], anatomy: PetAnatomy, liver: Mask) -> str:
    whole = np.zeros(anatomy.grid.shape, bool)
    whole[spot.box] = spot.mask
    return site_of(whole, place, axes, anatomy, liver)


def _result(spots: list[tuple[_Spot, Candidate]], view: Upright, pet: Volume, level: float, source: str, notes: tuple[str, ...]) -> Candidates:
    marked = np.zeros(view.array.shape, np.uint16)
    labels, named = [], []
    for number, (spot, candidate) in enumerate(spots, start=1):
        marked[spot.box][spot.mask] = number
        named.append(replace(candidate, number=number))
        organ = candidate.physiological
        what = (f"{organ} uptake", _ANATOMY, _ORGANS[organ]) if organ else (f"lesion candidate {number}", _ALTERED, _LESION)
        labels.append(Label(number, *what))
    label_map = LabelMap(view.as_stored(marked), pet.grid, tuple(labels), pet.series, MADE_BY, notes=notes)
    return Candidates(label_map, tuple(named), level, source)


def _notes(anatomy: PetAnatomy | None, no_liver: str, source: str) -> tuple[str, ...]:
    said = []
    if anatomy is None:
        said.append("Without a CT, normal uptake (brain, heart, kidneys, bladder) is not told from lesions.")
    elif not anatomy.has_lungs:
        said.append("No lung is on the CT: normal uptake is not told from lesions.")
    if source == "fixed" and no_liver:
        said.append(f"{no_liver} The fixed threshold of SUV {FIXED_THRESHOLD} was used.")
    return tuple(said)
