"""RECIST 1.1: did the tumour shrink, stay or grow, by the sum of its target lesions' diameters?"""

from dataclasses import dataclass
from typing import Literal

from wardline.core.capability import Inputs, capability, given
from wardline.core.findings import Evidence, Finding, Unknown


@dataclass(frozen=True)
class Diameters(Inputs):
    baseline_mm: float = given()
    smallest_mm: float = given()
    now_mm: float = given()
    all_targets_gone: bool = given()
    other_lesions: Literal["none", "CR", "non-CR/non-PD", "PD", "NE"] = given()
    new_lesion: bool = given()


@capability(
    id="recist", version="1.1", about="patient", live=False, standing="provisional",
    reference="Eisenhauer et al., Eur J Cancer 2009; 45:228 (not read here; numbers agree in two summaries, the joining table is recalled)",
    caution="Longest diameters, short axis of nodes; gone means nodes below 10 mm. The smallest sum includes the baseline.",
)  # fmt: skip
def recist(v: Diameters) -> Finding | Unknown:
    from wardline.science.imaging.response.recist import NonTarget, Target
    from wardline.science.imaging.response.recist import recist as response

    if v.baseline_mm <= 0 or not 0 <= v.smallest_mm <= v.baseline_mm or v.now_mm < 0:
        return Unknown(reason="the sum at baseline is above 0, and the smallest sum is not above it")
    sum_now = Target("targets", "", 0.0 if v.all_targets_gone else v.now_mm)
    if not v.all_targets_gone and v.now_mm == 0:
        return Unknown(reason="a sum of 0 mm means that all targets are gone")
    found = response((sum_now,), baseline_mm=v.baseline_mm, nadir_mm=v.smallest_mm, non_target=NonTarget(v.other_lesions), new_lesion=v.new_lesion)
    because = tuple(Evidence("reason", None, None, each) for each in found.because)
    return Finding(str(found.overall), f"RECIST {found.overall}; targets {found.target}", because=because)
