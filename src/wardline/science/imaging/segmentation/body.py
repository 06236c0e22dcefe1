"""The body and the table it lies on, found in CT by density and thickness."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Label, LabelMap, Vector, Volume
from wardline.science.imaging.segmentation.morphology import Mask, filled_slices, grown, opened, regions
from wardline.science.imaging.segmentation.orientation import upright
from wardline.science.imaging.segmentation.resampling import coarser

# SNOMED CT as DICOM PS3.16 uses it: body structure, entire body; physical object.
BODY: Final = Label(1, "body", Coding("123037004", "snomed"), Coding("38266002", "snomed"))
TABLE: Final = Label(2, "table", Coding("260787004", "snomed"), Coding("260787004", "snomed"))
MADE_BY: Final = "wardline body and table, by density and thickness"
DENSE_HU: Final = -500
"""Halfway between air (-1000) and water (0), by the definition of the Hounsfield scale."""
_WORKING_MM: Final = 3.0
_THIN_MM: Final = 6.0
"""Table tops, blankets and cables are thinner than twice this, bodies and limbs are not."""
_SMALLEST_ML: Final = 50.0


def body_and_table(ct: Volume) -> LabelMap:
    """Body (with lungs and gas inside it) and the dense parts of the table."""
    require_ct(ct)
    view = upright(ct)
    small = coarser(view.array, view.grid, _WORKING_MM)
    body, table = body_masks(small.array, small.grid.spacing)
    found = np.zeros(view.array.shape, np.uint8)
    found[small.finer(body, found.shape)] = BODY.number
    found[small.finer(table, found.shape)] = TABLE.number
    notes = () if body.any() else ("No body was found on these images.",)
    return LabelMap(view.as_stored(found), ct.grid, (BODY, TABLE), ct.series, MADE_BY, notes=notes)


def body_masks(hounsfield: NDArray[np.float32], spacing: Vector) -> tuple[Mask, Mask]:
    """Body and table of an upright stack of blocks of about 3 mm."""
    dense = hounsfield > DENSE_HU
    thick = opened(dense, _THIN_MM, spacing)
    numbered, pieces = regions(thick)
    smallest = _SMALLEST_ML * 1000 / float(np.prod(spacing))
    kept = [piece.number for piece in pieces if piece.voxels >= smallest]
    core = np.isin(numbered, kept) & (numbered > 0)
    numbered, pieces = regions(dense & ~core)
    lying = [piece.number for piece in pieces if piece.voxels >= smallest and _is_behind(piece.centre[1], core)]
    table = np.isin(numbered, lying) & (numbered > 0)
    # Opening rounds off skin folds and ears: they are given back where they touch what was kept. The table is not, or the air between
    # it and the back would be enclosed and counted as inside.
    return filled_slices(grown(core, _THIN_MM, spacing) & dense & ~table), table


def require_ct(volume: Volume) -> None:
    """Raises `Refused` for anything but CT in Hounsfield units: the thresholds mean nothing elsewhere."""
    if volume.modality != "CT" or volume.unit != "[hnsf'U]":
        seen = f"{volume.modality or 'of unknown modality'} in {volume.unit or 'no unit'}"
        raise Refused(f"This needs a CT in Hounsfield units; these images are {seen}.", code="modality")


def _is_behind(row: float, body: Mask) -> bool:
    rows = np.flatnonzero(body.any(axis=(0, 2)))
    return bool(len(rows)) and row > float(rows.mean())
