"""Corrected calcium: what would calcium be if albumin were normal?

Payne RB, Little AJ, Williams RB, Milner JR. BMJ 1973;4:643-6 (citation not read here; two implementations agree): 0.8 mg/dL more for
each g/dL of albumin below 4.0. It is an estimate: an ionised calcium, where there is one, is to be preferred, and the answer says so.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

NORMAL_ALBUMIN = 4.0  # g/dL
PER_ALBUMIN = 0.8  # mg/dL per g/dL


@dataclass(frozen=True)
class Calcium(Inputs):
    calcium: float = latest(c.CALCIUM, within=hours(48), together=hours(24))
    albumin: float = latest(c.ALBUMIN, within=hours(48), together=hours(24))
    ionised_calcium: float | None = latest(c.IONISED_CALCIUM, within=hours(24), required=False)


@capability(
    id="corrected_calcium",
    version="1973",
    standing="verified",
    about="patient",
    reference="Payne et al., Interpretation of serum calcium in patients with abnormal serum proteins, BMJ 1973;4:643-6",
    unit="mg/dL",
    caution="An estimate: measure ionised calcium where it matters.",
)
def corrected_calcium(v: Calcium) -> Finding:
    corrected = rounded(v.calcium + PER_ALBUMIN * (NORMAL_ALBUMIN - v.albumin), 2)
    because = [Evidence("calcium", rounded(v.calcium, 2)), Evidence("albumin", rounded(v.albumin, 2))]
    summary = f"Corrected calcium {corrected:.2f} mg/dL"
    if v.ionised_calcium is not None:
        because.append(Evidence("ionised_calcium", v.ionised_calcium, band="mmol/L, measured: prefer it"))
        summary += f"; ionised calcium was measured, prefer it: {v.ionised_calcium:g} mmol/L"
    return Finding(corrected, summary, unit="mg/dL", because=tuple(because))
