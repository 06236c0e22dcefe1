"""The longest diameter of a spot in an axial slice and the diameter at right angles to it, as radiologists measure by hand."""

from typing import Final

import numpy as np

from wardline.core.imaging import Vector
from wardline.science.imaging.segmentation.morphology import Mask

_DEGREES: Final = np.radians(np.arange(0, 180, 5))


def axes_mm(mask: Mask, spacing: Vector) -> tuple[float, float]:
    """Long and short axis of the slice with the longest; widths run from edge to edge of the voxels (to 5 degrees)."""
    best = (0.0, 0.0)
    for level in np.flatnonzero(mask.any(axis=(1, 2))):
        rows, columns = np.nonzero(mask[level])
        # Both ends of a voxel along each direction: half of its projected width is added on either side.
        cos, sin = np.cos(_DEGREES)[:, None], np.sin(_DEGREES)[:, None]
        along = columns * spacing[2] * cos + rows * spacing[1] * sin
        widths = np.ptp(along, axis=1) + np.maximum(np.abs(cos[:, 0]) * spacing[2], np.abs(sin[:, 0]) * spacing[1])
        longest = int(widths.argmax())
        if widths[longest] > best[0]:
            best = float(widths[longest]), float(widths[(longest + len(_DEGREES) // 2) % len(_DEGREES)])
    return best
