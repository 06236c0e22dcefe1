"""Parting hot spots that touch: two lesions side by side are two where the uptake between them falls clearly below both peaks."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.science.imaging.segmentation.morphology import Mask, regions

_STEP: Final = 1.12
_PROMINENT: Final = 1.3
"""A peak counts by itself when it is this much higher than the saddle to its neighbour."""
_FEWEST_VOXELS: Final = 3


def parted(values: NDArray[Any], mask: Mask, threshold: float) -> NDArray[np.int32]:
    """Numbers 1..n for the parts of one connected spot, by watershed from its prominent peaks."""
    markers = np.zeros(mask.shape, np.int32)
    peaks = _peaks(values, mask, threshold)
    if len(peaks) < 2:
        return mask.astype(np.int32)
    for number, peak in enumerate(peaks, start=1):
        markers[peak] = number
    top = float(values[mask].max())
    uphill = np.where(mask, (1 - np.clip(values / top, 0, 1)) * 65000, 65535).astype(np.uint16)
    flooded: NDArray[np.int32] = ndimage.watershed_ift(uphill, markers, structure=np.ones((3, 3, 3), int))
    return np.where(mask, flooded, 0)


def _peaks(values: NDArray[Any], mask: Mask, level: float) -> list[Mask]:
    """The tops of a spot: raised level by level, it falls apart where a saddle is passed."""
    top = float(values[mask].max())
    while level * _STEP * _PROMINENT < top:
        level *= _STEP
        numbered, found = regions(mask & (values > level), connectivity=26)
        tops = [numbered == piece.number for piece in found if piece.voxels >= _FEWEST_VOXELS]
        tops = [piece for piece in tops if float(values[piece].max()) >= _PROMINENT * level]
        if len(tops) >= 2:
            return [peak for piece in tops for peak in _peaks(values, piece, level)]
    return [mask]
