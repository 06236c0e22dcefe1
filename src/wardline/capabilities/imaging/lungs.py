"""Lung volumes: how much lung does this CT show, on each side?"""

from dataclasses import dataclass
from typing import Any, Final

from wardline.core.capability import Inputs, capability, volume
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import LabelMap, Volume

STEP_ML: Final = 10
"""Volumes are told to ten millilitres: the border of the lungs is not known better."""


@dataclass(frozen=True)
class Chest(Inputs):
    ct: Volume = volume("CT")


@capability(
    id="lungs", version="1", about="study", live=False, standing="provisional",
    reference="Classical segmentation by density after Hu, Hoffman, Reinhardt 2001 (not read); measured in docs/evaluation/segmentation.md",
    caution="Only lung that holds air is found: fluid, collapse, consolidation and large masses at the border are missing from the volume.",
)  # fmt: skip
def lungs(v: Chest) -> Finding | Unknown:
    from wardline.science.imaging.segmentation import lungs as outlined

    try:
        found = outlined(v.ct)
    except Refused as refused:
        return Unknown(reason=str(refused))
    sides = {label.name: _ml(found, label.number) for label in found.labels}
    total = sides["right lung"] + sides["left lung"]
    if not total:
        return Unknown(reason="no lung was found on these images")
    because = [Evidence(name, _rounded(volume_ml), None, "mL") for name, volume_ml in sides.items() if volume_ml]
    because += [Evidence("note", None, None, note) for note in found.notes]
    return Finding(_rounded(total), _summary(sides), unit="mL", because=tuple(because), artefacts=(Artefact("mask", found),))


def _ml(found: LabelMap, number: int) -> float:
    voxels: Any = found.array == number
    return float(voxels.sum()) * found.grid.voxel_ml


def _rounded(volume_ml: float) -> float:
    return float(round(volume_ml / STEP_ML) * STEP_ML)


def _summary(sides: dict[str, float]) -> str:
    shown = [f"{side} {_rounded(sides[f'{side} lung']):.0f} mL" for side in ("right", "left") if sides[f"{side} lung"]]
    return f"Air-filled lung: {', '.join(shown)}"
