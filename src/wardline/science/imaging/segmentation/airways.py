"""The windpipe and main bronchi in CT: grown from the windpipe outwards until the growth would leak into the lung."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.imaging import Vector
from wardline.science.imaging.segmentation.morphology import Mask, regions

_TRACHEA_MM2: Final = (60.0, 800.0)
"""Area of an adult's or child's windpipe in cross-section, generous on both sides."""
_OFF_MIDDLE_MM: Final = 40.0
_EMPTY_HU: Final = -800.0
_SEEN_OVER_MM: Final = 15.0
_ABOVE_LUNGS_MM: Final = 40.0
_STEPS_HU: Final = tuple(range(-975, -674, 25))
_LARGEST_ML: Final = 150.0
_LEAK: Final = (1.5, 12.0)
"""Growth of one step to more than this multiple and by more than these millilitres is a leak."""


def airway_mask(hounsfield: NDArray[np.float32], air: Mask, lungs: Mask, body: Mask, spacing: Vector) -> Mask:
    """Windpipe and main bronchi; empty where no windpipe is on the images. `lungs` is air that is surely lung, with or without them."""
    seed = _trachea(hounsfield, air, lungs, body, spacing)
    if seed is None:
        return np.zeros_like(air)
    voxel_ml = float(np.prod(spacing)) / 1000
    grown: Mask = np.zeros_like(air)
    before = 0.0
    for threshold in _STEPS_HU:
        numbered, _ = regions(air & (hounsfield < threshold), connectivity=6)
        number = numbered[seed]
        if number == 0:
            continue
        now = numbered == number
        volume = float(np.count_nonzero(now)) * voxel_ml
        if volume > _LARGEST_ML or (before and volume > before * _LEAK[0] and volume - before > _LEAK[1]):
            break
        grown, before = now, volume
    return grown


def _trachea(hounsfield: NDArray[np.float32], air: Mask, lungs: Mask, body: Mask, spacing: Vector) -> tuple[int, int, int] | None:
    """The emptiest voxel of the first round hole near the middle that goes on for a while, from above the lungs downwards."""
    middle = float(np.flatnonzero(body.any(axis=(0, 1))).mean())
    lasting, previous = 0.0, None
    for level in range(_start(lungs, spacing), -1, -1):
        hole = _round_hole(air[level] & (hounsfield[level] < _EMPTY_HU), middle, spacing, previous)
        if hole is None:
            lasting, previous = 0.0, None
            continue
        lasting, previous = lasting + spacing[0], hole
        if lasting >= _SEEN_OVER_MM:
            row, column = np.unravel_index(int(np.where(hole, hounsfield[level], np.inf).argmin()), hole.shape)
            return level, int(row), int(column)
    return None


def _start(lungs: Mask, spacing: Vector) -> int:
    """The slice from which to look: somewhat above the top of the lungs."""
    area = lungs.sum(axis=(1, 2)) * spacing[1] * spacing[2]
    level = int(area.argmax())
    while level < len(area) - 1 and area[level] > 1000:
        level += 1
    return min(len(area) - 1, level + round(_ABOVE_LUNGS_MM / spacing[0]))


def _round_hole(empty: Mask, middle: float, spacing: Vector, previous: Mask | None) -> Mask | None:
    """The hole in one slice that could be the windpipe; below the first it must overlap the one above."""
    numbered, _ = ndimage.label(empty)
    for number, box in enumerate(ndimage.find_objects(numbered), start=1):
        hole: Mask = numbered == number
        area = float(np.count_nonzero(hole)) * spacing[1] * spacing[2]
        high, wide = ((cut.stop - cut.start) * step for cut, step in zip(box, spacing[1:], strict=True))
        centred = abs(float(np.nonzero(hole)[1].mean()) - middle) * spacing[2] < _OFF_MIDDLE_MM
        is_round = 0.4 < high / wide < 2.5 and area > 0.5 * high * wide
        if _TRACHEA_MM2[0] <= area <= _TRACHEA_MM2[1] and centred and is_round and (previous is None or bool((hole & previous).any())):
            return hole
    return None
