"""Anion gap: are there acids in the blood that nobody measured?

Sodium minus chloride and bicarbonate, without potassium. Emmett M, Narins RG. Medicine (Baltimore) 1977;56:38-54. Each g/dL of albumin
below 4.0 hides 2.5 mmol/L: Figge J, Jabor A, Kazda A, Fencl V. Crit Care Med 1998;26:1807-10 (citations not read here; several
independent implementations agree on both formulas). What is normal depends on the laboratory's method, so no limit is set here.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, hours, latest
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

NORMAL_ALBUMIN = 4.0  # g/dL
PER_ALBUMIN = 2.5  # mmol/L per g/dL


@dataclass(frozen=True)
class Electrolytes(Inputs):
    # One sample; an hour lets two tubes of one draw count. Albumin changes slowly.
    sodium: float = latest(c.SODIUM, within=hours(24), together=hours(1))
    chloride: float = latest(c.CHLORIDE, within=hours(24), together=hours(1))
    bicarbonate: float = latest(c.BICARBONATE, within=hours(24), together=hours(1))
    albumin: float | None = latest(c.ALBUMIN, within=days(3), required=False)


@capability(
    id="anion_gap",
    version="1977",
    standing="verified",
    about="patient",
    reference="Emmett and Narins, Medicine (Baltimore) 1977;56:38-54; Figge et al., Crit Care Med 1998;26:1807-10",
    unit="mmol/L",
    caution="What is normal depends on the laboratory. A low albumin hides a raised gap: look at the corrected value.",
)
def anion_gap(v: Electrolytes) -> Finding:
    gap = v.sodium - (v.chloride + v.bicarbonate)
    because = [Evidence("sodium", v.sodium), Evidence("chloride", v.chloride), Evidence("bicarbonate", v.bicarbonate)]
    summary = f"Anion gap {rounded(gap, 1):g} mmol/L, albumin not known"
    if v.albumin is not None:
        corrected = rounded(gap + PER_ALBUMIN * (NORMAL_ALBUMIN - v.albumin), 1)
        because += [Evidence("albumin", rounded(v.albumin, 2)), Evidence("corrected_for_albumin", corrected)]
        summary = f"Anion gap {rounded(gap, 1):g} mmol/L, {corrected:g} corrected for albumin"
    return Finding(rounded(gap, 1), summary, unit="mmol/L", because=tuple(because))
