"""X-ray, mammography, ultrasound: pictures without a third dimension. Exposure, side, clipping, contrast, writing."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Stack
from wardline.science.imaging.quality import pixels
from wardline.science.imaging.quality.check import DOUBTFUL, TO_KNOW, Check, passed_if, unseen
from wardline.science.imaging.quality.sections import clipping
from wardline.science.imaging.quality.series import first, header, written_on
from wardline.science.imaging.quality.text import looks_written

DEVIATION: Final = 3.0
"""Deviation index (0018,1413; IEC 62494-1): 10 log10 of exposure over its target. Beyond 3 either way, half or double (AAPM TG-116; not read)."""
LEAST_CONTRAST: Final = 0.05


def x_ray(stack: Stack) -> Iterator[Check]:
    yield from header(stack)
    yield from _exposure(stack)
    yield from _picture(stack)


def mammography(stack: Stack) -> Iterator[Check]:
    yield from header(stack)
    side = str(first(stack, "ImageLaterality") or first(stack, "Laterality") or "").upper()
    yield passed_if(side in ("L", "R"), "Side", side or "not said", "the header does not say which breast (0020,0062)", DOUBTFUL)
    view = first(stack, "ViewPosition") or first(stack, "ViewCodeSequence")
    yield passed_if(bool(view), "View", "said" if view else "not said", "the header does not say which view (0018,5101 or 0054,0220)", TO_KNOW)
    yield from _exposure(stack)
    yield from _picture(stack)


def ultrasound(stack: Stack) -> Iterator[Check]:
    yield from header(stack)
    yield passed_if(
        bool(first(stack, "SequenceOfUltrasoundRegions")) or bool(first(stack, "PixelSpacing")), "Calibration", "checked",
        "the picture says no length (0018,6011): nothing can be measured in it", TO_KNOW,
    )  # fmt: skip
    yield from _picture(stack)


def _exposure(stack: Stack) -> Iterator[Check]:
    deviation = first(stack, "DeviationIndex")
    if not isinstance(deviation, int | float):
        yield unseen("Exposure", "the header says no deviation index (0018,1413)")
        return
    reason = "too little: noisy" if deviation < 0 else "too much: more dose than needed, and it may be clipped"
    yield passed_if(abs(deviation) <= DEVIATION, "Exposure", f"deviation index {deviation:+.1f}", reason, DOUBTFUL)


def _picture(stack: Stack) -> Iterator[Check]:
    try:
        picture = _grey(stack.stored(0), first(stack, "SamplesPerPixel"))
    except Refused as refused:
        yield Check("Pixels", False, "not readable", refused.reason, DOUBTFUL)
        return
    yield clipping(picture)
    spread = np.quantile(picture, 0.98) - np.quantile(picture, 0.02)
    reach = float(2 ** int(first(stack, "BitsStored") or 16) - 1)
    contrast = float(spread) / reach
    yield passed_if(contrast >= LEAST_CONTRAST, "Contrast", f"{100 * contrast:.0f} % of the range", "nearly one grey: empty or not exposed", DOUBTFUL)
    ratio = pixels.signal_to_noise(picture.astype(np.float32))
    if ratio is not None:
        yield passed_if(ratio >= 5.0, "Signal to noise", f"{ratio:.0f}", "less than 5", DOUBTFUL)
    yield written_on(stack, looks_written(picture))


def _grey(array: Any, samples: Any) -> Any:
    """One picture of a run of frames, one channel of a coloured one."""
    picture = np.asarray(array)
    if samples == 3:
        picture = picture[..., 1]
    return picture[len(picture) // 2] if picture.ndim == 3 else picture
