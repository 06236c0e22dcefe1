"""PET: is the series whole, corrected and timed, so that its numbers can be used?"""

from collections.abc import Iterator
from typing import Any, Final

from wardline.core.imaging import Stack
from wardline.science.imaging.quality.check import DOUBTFUL, TO_KNOW, Check, passed_if, unseen
from wardline.science.imaging.quality.series import first, header, whole_and_straight

UPTAKE_MINUTES: Final = (55.0, 75.0)
"""Between injection and scan for FDG (EANM guideline for tumour imaging, version 2.0, 2015; not read)."""


def pet(stack: Stack, refused: str, uptake_minutes: float | None) -> Iterator[Check]:
    """`refused`: why no SUV can be computed, "" where it can; `uptake_minutes`: between injection and scan, where both are known."""
    yield from whole_and_straight(stack)
    yield from header(stack)
    yield passed_if("ATTN" in _corrected(stack), "Attenuation", "corrected" if "ATTN" in _corrected(stack) else "not corrected",
        "uncorrected for attenuation (0028,0051): activity deep in the body reads too low", DOUBTFUL)  # fmt: skip
    yield passed_if(not refused, "Weight, dose, clock", "SUV can be computed" if not refused else "no SUV", refused, DOUBTFUL)
    if uptake_minutes is None:
        yield unseen("Uptake time", "the time of injection or of the scan is not known")
    else:
        low, high = UPTAKE_MINUTES
        reason = f"outside {low:g} to {high:g} min: not to be compared with a scan made at another time"
        yield passed_if(low <= uptake_minutes <= high, "Uptake time", f"{uptake_minutes:.0f} min", reason, TO_KNOW)


def _corrected(stack: Stack) -> set[str]:
    said: Any = first(stack, "CorrectedImage") or ()
    return {str(each).upper() for each in ((said,) if isinstance(said, str) else said)}
