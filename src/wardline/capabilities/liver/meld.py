"""MELD, the Model for End-Stage Liver Disease: how likely is this cirrhosis to kill within three months?

Kamath PS et al. Hepatology 2001;33:464-70, with the bounds of OPTN policy 9.1 (citations not read here; see `meld_equation`). From 6 to
40. MELD-Na and MELD 3.0 have replaced it for allocating organs; it is kept for what was studied with it.
"""

from dataclasses import dataclass

from wardline.capabilities.liver.meld_equation import DIALYSIS_UNKNOWN, HIGHEST, initial_score, reasons
from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, latest
from wardline.core.findings import Finding


@dataclass(frozen=True)
class LiverFunction(Inputs):
    creatinine: float = latest(c.CREATININE, within=days(7))
    bilirubin: float = latest(c.BILIRUBIN, within=days(7))
    inr: float = latest(c.INR, within=days(7))
    dialysis: bool | None = given(required=False)


@capability(
    id="meld",
    version="optn2016",
    standing="verified",
    about="patient",
    reference="Kamath et al., Hepatology 2001;33:464-70; OPTN policy 9.1 (bounds)",
    not_for="under 12 years (PELD is used instead)",
    ages=(12, None),
    unit="{score}",
    caution="Anticoagulants raise INR without liver disease. Dialysis twice in the last week counts as a creatinine of 4.0.",
    live=False,
)
def meld(v: LiverFunction) -> Finding:
    score = min(initial_score(v.creatinine, v.bilirubin, v.inr, dialysis=v.dialysis), HIGHEST)
    unknown = DIALYSIS_UNKNOWN if v.dialysis is None else ""
    because = reasons(v.creatinine, v.bilirubin, v.inr, dialysis=v.dialysis)
    return Finding(score, f"MELD {score:g}{unknown}", unit="{score}", because=because)
