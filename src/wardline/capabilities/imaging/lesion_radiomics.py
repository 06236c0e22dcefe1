"""Lesion radiomics: what are the shape, the uptake and the texture of each lesion candidate, in numbers other hospitals can reproduce?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from wardline.capabilities.imaging.pet_values import values_of
from wardline.core.capability import Inputs, capability, finding, volume
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import LabelMap, Result, Volume

if TYPE_CHECKING:
    from wardline.science.imaging.radiomics import Settings

FEWEST_VOXELS: Final = 64
"""Of a region, for textures: below it they mostly tell its size (F. Orlhac, J Nucl Med 2014, 55:414; from memory, not read: provisional)."""
BIN_SUV: Final = 0.5
"""Width of a grey level (R. Leijenaar, Sci Rep 2015, 5:11075; from memory, not read: provisional)."""


@dataclass(frozen=True)
class Lesions(Inputs):
    pet: Volume = volume("PT")
    lesions: Result = finding("pet_lesions")


@capability(
    id="lesion_radiomics", version="1", about="study", live=False, standing="provisional",
    reference="Image Biomarker Standardisation Initiative, arXiv 1612.07003; agreement measured in docs/evaluation/ibsi.md",
    caution="Measurements of automatic lesion candidates; no number here predicts anything by itself.",
)  # fmt: skip
def lesion_radiomics(v: Lesions) -> Finding | Unknown:
    mask = v.lesions.artefacts.get("mask")
    if not isinstance(mask, LabelMap):
        return Unknown(reason="the lesion candidates have no mask")
    try:
        suv = values_of(v.pet).suv
        regions = [_region(suv, mask, each) for each in v.lesions.artefacts.get("lesions") or ()]
    except Refused as refused:
        return Unknown(reason=str(refused))
    measured = [each for each in regions if not each["refused"]]
    return Finding(
        len(measured), _summary(measured, regions), because=tuple(Evidence(each["key"], each["voxels"], None, "voxels") for each in measured[:5]),
        artefacts=(Artefact("radiomics", {"settings": _settings(suv).declared(), "regions": regions}),),
    )  # fmt: skip


def _region(suv: Volume, mask: LabelMap, lesion: Mapping[str, Any]) -> Mapping[str, Any]:
    """One lesion's features. What cannot be measured says why and keeps the others."""
    from wardline.science.imaging.radiomics import feature, features

    told: dict[str, Any] = {"key": lesion["key"], "name": lesion.get("site") or "site not known", "features": [], "undefined": [], "refused": ""}
    try:
        settings = _without_textures_if_small(_settings(suv), suv, mask, int(lesion["label"]))
        found = features(suv, mask, settings, label=int(lesion["label"]))
    except Refused as refused:
        return told | {"voxels": 0, "refused": str(refused)}
    named = [(feature(tag), value) for tag, value in found.values.items()]
    rows = [{"id": each.tag, "family": each.family, "name": each.name, "value": value, "unit": _unit(each.unit, suv.unit)} for each, value in named]
    return told | {"voxels": found.declared["voxels"]["counted"], "features": rows, "undefined": list(found.undefined), "declared": found.declared}


def _settings(suv: Volume) -> "Settings":
    """Voxels of equal sides, as long as those within the slices; grey levels of a fixed width from SUV 0."""
    from wardline.science.imaging.radiomics import FixedSize, Settings

    side = suv.grid.spacing[2]
    return Settings(spacing_mm=(side, side, side), range=(0.0, None), bins=FixedSize(BIN_SUV), volume_histogram_bins=FixedSize(0.1))


def _without_textures_if_small(settings: "Settings", suv: Volume, mask: LabelMap, label: int) -> "Settings":
    from wardline.science.imaging.radiomics import features

    counted = features(suv, mask, replace(settings, families=("statistics",)), label=label).declared["voxels"]["counted"]
    if counted >= FEWEST_VOXELS:
        return settings
    return replace(settings, families=("morphology", "local_intensity", "statistics", "volume_histogram"))


def _unit(words: str, image: str) -> str:
    """The image's own unit where a feature is measured in it."""
    match words:
        case "intensity":
            return image
        case "intensity2":
            return f"({image})2"
        case "intensity.mm3":
            return f"{image}.mm3"
        case _:
            return words


def _summary(measured: list[Mapping[str, Any]], regions: list[Mapping[str, Any]]) -> str:
    if not regions:
        return "No lesion candidate to measure"
    refused = len(regions) - len(measured)
    return f"{len(measured)} lesion candidate{'s' if len(measured) != 1 else ''} measured" + (f"; {refused} could not be" if refused else "")
