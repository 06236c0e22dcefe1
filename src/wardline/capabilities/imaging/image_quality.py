"""Image quality: is this study good enough to read, or should something be repeated while the patient is here?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardline.core.capability import Inputs, capability, site, stacks
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Severity, Suggestion, Unknown
from wardline.core.imaging import Stack

if TYPE_CHECKING:
    from wardline.science.imaging.quality.check import Check, Verdict

ACCEPT: Final = "accept"
REPEAT: Final = "repeat"


def accept_from(content: Any) -> float:
    """The site's limit, from config/site/image_quality.yaml: a number from 0 to 1. Raises `Refused`."""
    if isinstance(content, bool) or not isinstance(content, int | float) or not 0 <= content <= 1:
        raise Refused("image_quality is one number from 0 to 1, the score from which images are accepted", code="site")
    return float(content)


@dataclass(frozen=True)
class Series(Inputs):
    stacks: tuple[Stack, ...] = stacks()
    accept_from: float = site("image_quality", read=accept_from, default=0.7)


@capability(
    id="image_quality", version="1", about="study", live=False, standing="provisional",
    reference="Checks and limits of this house, each named in docs/clinical/image-quality.md; not validated against readers",
    caution="A high score does not say that the images show what was asked for.",
)  # fmt: skip
def image_quality(v: Series) -> Finding | Unknown:
    looked_at = [(stack, checks_of(stack)) for stack in v.stacks if _is_looked_at(stack)]
    if not looked_at:
        return Unknown(reason="it holds no series of a kind that is checked")
    from wardline.science.imaging.quality.check import verdict

    verdicts = [(stack, verdict(checks, accept_from=v.accept_from)) for stack, checks in looked_at]
    worst = min(verdicts, key=lambda each: each[1].score)[1]
    return Finding(
        worst.score, _summary(worst), Severity.NONE if worst.accepted else Severity.LOW, because=tuple(_because(verdicts)),
        suggestions=() if worst.accepted else (Suggestion("Repeat the series while the patient is here"),),
        artefacts=(Artefact("quality", _told(verdicts, worst)),),
    )  # fmt: skip


def checks_of(stack: Stack) -> "tuple[Check, ...]":
    """Every check of this series' modality."""
    from wardline.science.imaging.quality import projections, sections

    by_modality: dict[str, Callable[[Stack], Iterable[Check]]] = {
        "CT": sections.ct, "MR": sections.mr, "PT": _pet, "CR": projections.x_ray, "DX": projections.x_ray, "MG": projections.mammography,
        "US": projections.ultrasound,
    }  # fmt: skip
    return tuple(by_modality[stack.modality](stack))


def _is_looked_at(stack: Stack) -> bool:
    kinds = {str(each).upper() for each in (stack.headers[0].get("ImageType") or ())} if stack.headers else set()
    return stack.modality in ("CT", "MR", "PT", "CR", "DX", "MG", "US") and not kinds & {"LOCALIZER", "SCREEN SAVE"}


def _pet(stack: Stack) -> "Iterator[Check]":
    from wardline.formats.dicom.pet import acquisition_of
    from wardline.science.imaging.quality.pet import pet
    from wardline.science.imaging.suv import suv_of
    from wardline.science.imaging.suv.decay import earliest, injection

    refused, minutes = "", None
    try:
        acquisition = acquisition_of(stack.volume())
    except Refused as why:
        return pet(stack, why.reason, None)
    try:
        suv_of(acquisition)
    except Refused as why:
        refused = why.reason
    try:
        minutes = (earliest(acquisition) - injection(acquisition)[0]).total_seconds() / 60
    except Refused:
        minutes = None
    return pet(stack, refused, minutes)


def _summary(worst: "Verdict") -> str:
    if worst.accepted and not worst.failed:
        return f"Quality accepted, {worst.score:.2f}"
    faults = ", ".join(each.name.lower() for each in worst.failed)
    return f"Quality accepted, {worst.score:.2f}; look at {faults}" if worst.accepted else f"Repeat: {faults} ({worst.score:.2f})"


def _because(verdicts: "list[tuple[Stack, Verdict]]") -> Iterator[Evidence]:
    for stack, judged in verdicts:
        for check in judged.failed:
            yield Evidence(f"{stack.modality}: {check.name}", check.shown, None, check.reason)


def _told(verdicts: "list[tuple[Stack, Verdict]]", worst: "Verdict") -> dict[str, Any]:
    return {
        "verdict": ACCEPT if worst.accepted else REPEAT,
        "score": worst.score,
        "series": [
            {
                "series": stack.series, "modality": stack.modality, "score": judged.score,
                "checks": [{"name": each.name, "value": each.shown, "ok": each.ok, "reason": each.reason} for each in judged.checks],
            }
            for stack, judged in verdicts
        ],
    }  # fmt: skip
