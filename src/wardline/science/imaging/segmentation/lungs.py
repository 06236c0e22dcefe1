"""Lungs and large airways in CT: the air inside the body, without the windpipe, parted into right and left.

The steps are those of the classical method (Hu, Hoffman, Reinhardt, IEEE Trans Med Imaging 2001: a threshold from the scan itself, airways grown
from the windpipe, lungs parted, borders smoothed) with the leak test of Mori et al. (1996: the threshold of the airway is raised until its volume
explodes). Both papers from memory, not read again here; the numbers below are ours and were chosen on phantoms.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.codings import Coding
from wardline.core.imaging import Label, LabelMap, Vector, Volume
from wardline.science.imaging.segmentation.airways import airway_mask
from wardline.science.imaging.segmentation.body import body_masks, require_ct
from wardline.science.imaging.segmentation.morphology import Mask, Region, closed, grown, regions, shrunk
from wardline.science.imaging.segmentation.orientation import Upright, upright
from wardline.science.imaging.segmentation.resampling import Coarse, coarser

# SNOMED CT as DICOM PS3.16 uses it: body structure, lung, trachea.
_ANATOMY: Final = Coding("123037004", "snomed")
_LUNG: Final = Coding("39607008", "snomed")
RIGHT_LUNG: Final = Label(1, "right lung", _ANATOMY, _LUNG, "right")
LEFT_LUNG: Final = Label(2, "left lung", _ANATOMY, _LUNG, "left")
AIRWAYS: Final = Label(3, "trachea and main bronchi", _ANATOMY, Coding("44567001", "snomed"))
MADE_BY: Final = "wardline lungs, by density"

_WORKING_MM: Final = 3.0
_START_HU: Final = -500.0
_SOLID_HU: Final = -200.0
_GAS_HU: Final = -930.0
"""Gas in the bowel is emptier than lung, which always holds some blood."""
_SMALLEST_ML: Final = 10.0
_WIDEST_VESSEL_MM: Final = 9.0
_WALL_MM: Final = 3.0
_SKIN_MM: Final = 5.0
"""Voxels half air, half skin are as dense as lung; no lung lies this near the skin."""
_TALL_ENOUGH_MM: Final = 100.0
"""A windpipe is only looked for above this much lung."""


class Lungs(NamedTuple):
    """Masks on the blocks of the working grid."""

    right: Mask
    left: Mask
    airways: Mask
    body: Mask
    threshold: float
    notes: tuple[str, ...]


def lungs(ct: Volume) -> LabelMap:
    """Right and left lung (with their vessels and small airways) and the large airways."""
    require_ct(ct)
    view = upright(ct)
    small = coarser(view.array, view.grid, _WORKING_MM)
    found = lung_masks(small.array, small.grid.spacing)
    marked = np.zeros(view.array.shape, np.uint8)
    for label, mask in ((RIGHT_LUNG, found.right), (LEFT_LUNG, found.left), (AIRWAYS, found.airways)):
        marked[_refined(view, small, mask, found.threshold) & (marked == 0)] = label.number
    return LabelMap(view.as_stored(marked), ct.grid, (RIGHT_LUNG, LEFT_LUNG, AIRWAYS), ct.series, MADE_BY, notes=found.notes)


def lung_masks(hounsfield: NDArray[np.float32], spacing: Vector) -> Lungs:
    """The same on an upright stack of blocks of about 3 mm."""
    body, _ = body_masks(hounsfield, spacing)
    threshold = _between_air_and_tissue(hounsfield[body]) if body.any() else _START_HU
    air = shrunk(body, _SKIN_MM, spacing) & (hounsfield < threshold)
    airways = _airways(hounsfield, air, body, spacing)
    candidates = air & ~grown(airways, _WALL_MM, spacing)
    pieces = _lung_pieces(candidates, hounsfield, spacing)
    right, left, touching = _sides(pieces, body, spacing)
    smooth = [ndimage.binary_fill_holes(closed(side, _WIDEST_VESSEL_MM, spacing)) & body & ~airways for side in (right, left)]
    smooth[1] &= ~smooth[0]
    return Lungs(smooth[0], smooth[1], airways, body, threshold, _notes(smooth[0], smooth[1], airways, touching))


def _airways(hounsfield: NDArray[np.float32], air: Mask, body: Mask, spacing: Vector) -> Mask:
    """Windpipe and main bronchi, looked for only where enough lung is on the images: below it, gas in the bowel looks the same."""
    pieces = _lung_pieces(air, hounsfield, spacing)
    levels = np.flatnonzero(np.any(pieces, axis=(0, 2, 3))) if pieces else np.empty(0)
    if not len(levels) or (levels[-1] - levels[0]) * spacing[0] < _TALL_ENOUGH_MM:
        return np.zeros_like(air)
    return airway_mask(hounsfield, air, np.any(pieces, axis=0), body, spacing)


def _between_air_and_tissue(inside: NDArray[np.float32]) -> float:
    """Halfway between what is mostly air and what is solid. Not iterated over the whole body: there it would drift up to part fat from muscle."""
    airy, solid = inside[inside < _START_HU], inside[inside > _SOLID_HU]
    return (float(airy.mean()) + float(solid.mean())) / 2 if airy.size and solid.size else _START_HU


def _lung_pieces(air: Mask, hounsfield: NDArray[np.float32], spacing: Vector) -> list[Mask]:
    """The pieces of air that are lung: large, at the height of the largest, and not as empty as gas in the bowel."""
    numbered, found = regions(air)
    smallest = _SMALLEST_ML * 1000 / float(np.prod(spacing))
    kept: list[Region] = []
    for piece in found:
        if piece.voxels < smallest:
            break
        inside = shrunk(numbered[piece.box] == piece.number, max(spacing), spacing)
        values = hounsfield[piece.box][inside]
        if values.size and np.median(values) > _GAS_HU and (not kept or _is_level_with(piece, kept[0])):
            kept.append(piece)
    return [numbered == piece.number for piece in kept]


def _is_level_with(piece: Region, first: Region) -> bool:
    """Whether it is no crumb beside the first and lies at its height."""
    return piece.voxels > 0.05 * first.voxels and piece.box[0].start < first.box[0].stop and first.box[0].start < piece.box[0].stop


def _middle_column(body: Mask) -> float:
    columns = np.flatnonzero(body.any(axis=(0, 1)))
    return float(columns.mean()) if len(columns) else 0.0


def _sides(pieces: list[Mask], body: Mask, spacing: Vector) -> tuple[Mask, Mask, bool]:
    """Right, left, and whether one piece had to be parted. Columns count towards the patient's left."""
    right, left, touching = np.zeros_like(body), np.zeros_like(body), False
    middle = _middle_column(body)
    for piece in pieces:
        columns = np.nonzero(piece)[2]
        share = float(np.mean(columns < middle))
        if 0.2 < share < 0.8:
            touching = True
            one, other = _parted(piece, middle, spacing)
            right |= one
            left |= other
        elif share >= 0.5:
            right |= piece
        else:
            left |= piece
    return right, left, touching


def _parted(piece: Mask, middle: float, spacing: Vector) -> tuple[Mask, Mask]:
    """Two lungs that touch: shrunk until they come apart, then each voxel to the nearer one; cut at the middle where they never do."""
    depth = ndimage.distance_transform_edt(piece, spacing)
    for mm in (3.0, 5.0, 8.0, 12.0, 16.0):
        numbered, found = regions(depth > mm)
        if len(found) >= 2 and found[1].voxels > 0.2 * found[0].voxels:
            to_first, to_second = (ndimage.distance_transform_edt(numbered != each.number, spacing) for each in found[:2])
            first = piece & (to_first <= to_second)
            return (first, piece & ~first) if found[0].centre[2] < found[1].centre[2] else (piece & ~first, first)
    columns = np.arange(piece.shape[2]) < middle
    return piece & columns, piece & ~columns


def _refined(view: Upright, small: Coarse, mask: Mask, threshold: float) -> Mask:
    """The mask on the scan's own voxels: its rim decided anew by density, its inside kept with vessels and nodules."""
    if small.factors == (1, 1, 1):
        return mask
    rim = max(small.grid.spacing)
    wide, core = grown(mask, rim, small.grid.spacing), shrunk(mask, rim, small.grid.spacing)
    shape = view.array.shape
    decided: Mask = small.finer(core, shape) | (small.finer(wide, shape) & (view.array < threshold))
    return decided


def _notes(right: Mask, left: Mask, airways: Mask, touching: bool) -> tuple[str, ...]:
    said = []
    if not (right.any() or left.any()):
        return ("No lung was found on these images.",)
    said += [f"The {side} lung was not found." for side, mask in (("right", right), ("left", left)) if not mask.any()]
    if not airways.any():
        said.append("The windpipe was not found; large airways may be counted as lung.")
    if touching:
        said.append("The lungs touch each other; the border between them is a guess.")
    both = right | left
    if both[0].any():
        said.append("The lungs reach the lowest slice; part of them may be missing.")
    if both[-1].any():
        said.append("The lungs reach the highest slice; part of them may be missing.")
    return tuple(said)
