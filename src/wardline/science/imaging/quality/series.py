"""What every series is asked: is it whole, does it lie straight, does its header make sense?"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wardline.core.imaging import SeriesProblem, Stack
from wardline.science.imaging.quality.check import DOUBTFUL, TO_KNOW, USELESS, Check, passed_if, unseen

INCOMPLETE: Final = frozenset({"missing-slices", "incomplete"})
DISORDER: Final = {
    "uneven-spacing": DOUBTFUL, "mixed-spacing": DOUBTFUL, "mixed-orientation": DOUBTFUL, "mixed-size": DOUBTFUL, "several-at-one-place": TO_KNOW,
    "repeated-image": TO_KNOW, "tilted": TO_KNOW, "no-position": DOUBTFUL, "no-spacing": DOUBTFUL, "bad-orientation": DOUBTFUL,
}  # fmt: skip
PAIRED: Final = frozenset(
    {"HAND", "WRIST", "ELBOW", "SHOULDER", "KNEE", "ANKLE", "FOOT", "HIP", "BREAST", "LEG", "ARM", "FEMUR", "CLAVICLE", "FOREARM"}
)
"""Body Part Examined (PS3.16 Annex L) of which everybody has two."""
PLAUSIBLE: Final[Mapping[str, tuple[float, float, str]]] = {
    "KVP": (10, 160, "kV"), "SliceThickness": (0.05, 50, "mm"), "MagneticFieldStrength": (0.01, 12, "T"), "RepetitionTime": (0.1, 60_000, "ms"),
}  # fmt: skip
"""Outside of these a number is a slip of the pen (this house's limits, wide on purpose). What only SUV needs is judged where SUV is."""


def whole_and_straight(stack: Stack) -> Iterator[Check]:
    """Slices complete; spacing and orientation the same throughout. Each kind of disorder is one check that failed."""
    count, problems = len(stack.headers), stack.problems
    missing = [each for each in problems if each.code in INCOMPLETE]
    expected = first(stack, "NumberOfSlices") or first(stack, "ImagesInAcquisition")
    shown = f"{count} of {int(expected)}" if isinstance(expected, int | float) and expected >= count else str(count)
    yield passed_if(not missing, "Slices complete", shown, _reasons(missing), USELESS)
    disorder = [each for each in problems if each.code in DISORDER]
    worst = max((DISORDER[each.code] for each in disorder), default=0.0)
    yield passed_if(not disorder, "Spacing and orientation", "even" if not disorder else "uneven", _reasons(disorder), worst)


def header(stack: Stack) -> Iterator[Check]:
    """Numbers that can be true, the side of a paired part, and whether the sender says that there is writing in the pixels."""
    wrong = [f"{name} {value:g} {unit}" for name, (low, high, unit) in PLAUSIBLE.items() if _is_outside(value := first(stack, name), low, high)]
    yield passed_if(not wrong, "Header", "plausible" if not wrong else ", ".join(wrong), "the header says what cannot be", DOUBTFUL)
    part = str(first(stack, "BodyPartExamined") or "").upper()
    if part in PAIRED:
        side = first(stack, "ImageLaterality") or first(stack, "Laterality") or ""
        known = str(side).upper() in ("L", "R", "B")
        yield passed_if(known, "Side", str(side) or "not said", f"{part.lower()}, and the header does not say which side (0020,0062)", DOUBTFUL)


def first(stack: Stack, keyword: str) -> Any:
    """The value of the first image that has one."""
    return next((head[keyword] for head in stack.headers if head.get(keyword) is not None), None)


def written_on(stack: Stack, looks_written: bool | None) -> Check:
    """What the header says and what the pixels look like."""
    said = str(first(stack, "BurnedInAnnotation") or "").upper()
    if said == "YES":
        return Check("Writing in the pixels", False, "the header says so", "who gets a copy may read a name in it (0028,0301)", TO_KNOW)
    if looks_written is None:
        return unseen("Writing in the pixels", "the pixels could not be decoded")
    shown = "none seen" if not looks_written else "suspected"
    return passed_if(not looks_written, "Writing in the pixels", shown, "marks in a line look like letters; look before it is passed on", TO_KNOW)


def _is_outside(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not low <= value <= high


def _reasons(problems: list[SeriesProblem]) -> str:
    return "; ".join(dict.fromkeys(each.reason for each in problems))
