"""SUV: can this PET be measured, with which factor for each image, and where does every number in it come from?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardline.capabilities.imaging.pet_values import told
from wardline.core.capability import Inputs, capability, stacks
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import Stack

if TYPE_CHECKING:
    from wardline.science.imaging.suv import Suv

NOTHING: Final[Mapping[str, Any]] = {"factors": {}, "provenance": [], "refused": "", "warnings": [], "others": []}


@dataclass(frozen=True)
class Pet(Inputs):
    stacks: tuple[Stack, ...] = stacks("PT")


@capability(
    id="suv", version="1", about="study", live=False, standing="verified",
    reference="SUV manual of the Image Biomarker Standardisation Initiative (OncoRay, CC BY 4.0); agreement in docs/evaluation/suv.md",
    caution="The factors are as true as the weight, dose and times that were typed in at the scanner.",
)  # fmt: skip
def suv(v: Pet) -> Finding | Unknown:
    series = sorted((_series(stack) for stack in v.stacks), key=lambda each: (bool(each["refused"]), each["series"]))
    measured = [each for each in series if not each["refused"]]
    if not measured:
        return Unknown(reason="; ".join(dict.fromkeys(str(each["refused"]) for each in series)))
    refused = len(series) - len(measured)
    summary = f"SUV of {len(measured)} PET series" + (f"; {refused} without, see the reasons" if refused else "")
    because = tuple(
        Evidence(f"PET {place}", each["refused"] or "measured", None, "; ".join(each["warnings"])) for place, each in enumerate(series, 1)
    )
    return Finding(len(measured), summary, because=because, artefacts=(Artefact("suv", {"series": series}),))


def _series(stack: Stack) -> Mapping[str, Any]:
    from wardline.formats.dicom.pet import acquisition_of
    from wardline.science.imaging.suv import KINDS, Kind, by_slice, suv_of

    known = {"series": stack.series, "kind": "SUVbw", "label": "SUVbw", "unit": KINDS[Kind.BW].unit, **NOTHING}
    try:
        volume = stack.volume()
        found = suv_of(acquisition_of(volume))
    except Refused as refused:
        return known | {"refused": str(refused)}
    known |= {"provenance": told(found), "warnings": list(found.warnings)}
    if Kind.BW not in found.factors:
        return known | {"refused": found.unavailable[Kind.BW]}
    return known | {"factors": dict(by_slice(volume, found)), "others": list(_others(found))}


def _others(found: "Suv") -> Iterator[Mapping[str, Any]]:
    """The other kinds, as multiples of SUV by body weight."""
    from wardline.science.imaging.suv import KINDS, Kind

    for kind, words in KINDS.items():
        name = {"kind": kind.value, "label": words.label, "unit": words.unit}
        if kind in found.unavailable:
            yield name | {"refused": found.unavailable[kind]}
        elif kind is not Kind.BW:
            yield name | {"of_suvbw": found.factors[kind][0] / found.factors[Kind.BW][0]}
