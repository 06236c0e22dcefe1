"""CT and MR: slices through the body. Noise, signal, clipping, sharpness.

Limits are this house's (provisional): wide enough that what fails is visibly poor, to be set by the site's physicist.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Stack
from wardline.science.imaging.quality import pixels
from wardline.science.imaging.quality.check import DOUBTFUL, TO_KNOW, Check, passed_if, unseen
from wardline.science.imaging.quality.series import header, whole_and_straight

SOFT_TISSUE_HU: Final = (0.0, 100.0)
NOISE_HU: Final = 40.0
SIGNAL_TO_NOISE: Final = 8.0
CLIPPED: Final = 0.02
BLURRED_PX: Final = 6.0
METAL_HU: Final = 3_000.0


def ct(stack: Stack) -> Iterator[Check]:
    yield from whole_and_straight(stack)
    yield from header(stack)
    volume = _volume(stack)
    if isinstance(volume, str):
        yield unseen("Noise in soft tissue", volume)
        return
    middle = _middle(volume)
    tissue = (middle >= SOFT_TISSUE_HU[0]) & (middle <= SOFT_TISSUE_HU[1])
    noise = pixels.noise(middle, tissue)
    if noise is None:
        yield unseen("Noise in soft tissue", "the middle slice shows too little soft tissue")
    else:
        yield passed_if(noise <= NOISE_HU, "Noise in soft tissue", f"{noise:.0f} HU", f"more than {NOISE_HU:g} HU: small differences drown", DOUBTFUL)
    metal = float((np.asarray(volume) >= METAL_HU).mean())
    yield passed_if(metal < 0.001, "Metal", f"{100 * metal:.2f} %", "metal in the field: streaks, and PET corrected by it is too high there", TO_KNOW)
    yield from _sharp(middle)


def mr(stack: Stack) -> Iterator[Check]:
    yield from whole_and_straight(stack)
    yield from header(stack)
    try:
        middle = np.asarray(stack.stored(len(stack.headers) // 2), np.float32)
    except Refused as refused:
        yield unseen("Signal to noise", refused.reason)
        return
    middle = middle[len(middle) // 2] if middle.ndim == 3 else middle
    ratio = pixels.signal_to_noise(middle)
    if ratio is None:
        yield unseen("Signal to noise", "the middle slice has nothing that stands out")
    else:
        yield passed_if(ratio >= SIGNAL_TO_NOISE, "Signal to noise", f"{ratio:.0f}", f"less than {SIGNAL_TO_NOISE:g}", DOUBTFUL)
    yield clipping(middle)
    yield ghosts(middle)
    yield from _sharp(middle)


def clipping(picture: Any) -> Check:
    share = pixels.clipped(picture)
    reason = "a plateau at the largest number: what is brighter is lost"
    return passed_if(share <= CLIPPED, "Clipping", f"{100 * share:.1f} %", reason, DOUBTFUL)


GHOST: Final = 0.12


def ghosts(picture: Any) -> Check:
    """Movement in MR repeats the body along the phase direction: signal in the air beside it along one axis and not the other."""
    bright = pixels.foreground(picture)
    rows, columns = np.flatnonzero(bright.any(1)), np.flatnonzero(bright.any(0))
    if len(rows) == 0 or bright.mean() > 0.9:
        return unseen("Movement", "there is no air around the body to look at")
    across = _outside(picture, columns, axis=1)
    along = _outside(picture, rows, axis=0)
    if across is None or along is None:
        return unseen("Movement", "the body fills the picture from edge to edge")
    level = abs(across - along) / float(picture[bright].mean())
    return passed_if(level <= GHOST, "Movement", f"ghosts {100 * level:.0f} %", "the body repeats itself beside itself: it has moved", DOUBTFUL)


def _outside(picture: Any, inside: Any, axis: int) -> float | None:
    """Mean signal beside the body along an axis; None where fewer than four lines lie there."""
    first, last = int(inside[0]), int(inside[-1])
    lines = [*range(max(0, first - 2)), *range(min(picture.shape[axis], last + 3), picture.shape[axis])]
    return float(np.take(picture, lines, axis).mean()) if len(lines) >= 4 else None


def _volume(stack: Stack) -> Any:
    """The numbers, or why there are none."""
    try:
        return stack.volume().array
    except Refused as refused:
        return refused.reason


def _middle(array: Any) -> Any:
    return np.asarray(array[len(array) // 2], np.float32)


def _sharp(picture: Any) -> Iterator[Check]:
    width = pixels.sharpness(picture)
    if width is None:
        yield unseen("Sharpness", "no edge stands out of the noise")
    else:
        yield passed_if(width <= BLURRED_PX, "Sharpness", f"edges {width:.1f} pixels wide", "blurred: moved, or smoothed too much", DOUBTFUL)
