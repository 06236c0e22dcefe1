"""LDL cholesterol, Friedewald: how much LDL is in this blood when it was not measured?

Total cholesterol - HDL - triglycerides / 5 (mg/dL). Friedewald WT, Levy RI, Fredrickson DS. Clin Chem 1972;18:499-502 (citation not read
here; an independent implementation agrees). Not above 400 mg/dL of triglycerides.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, hours, latest
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

HIGHEST_TRIGLYCERIDES = 400.0  # mg/dL


@dataclass(frozen=True)
class Lipids(Inputs):
    cholesterol: float = latest(c.CHOLESTEROL, within=days(365), together=hours(1))
    hdl_cholesterol: float = latest(c.HDL_CHOLESTEROL, within=days(365), together=hours(1))
    triglycerides: float = latest(c.TRIGLYCERIDES, within=days(365), together=hours(1))


@capability(
    id="ldl_cholesterol",
    version="1972",
    standing="verified",
    about="patient",
    reference="Friedewald et al., Estimation of the concentration of low-density lipoprotein cholesterol in plasma, Clin Chem 1972;18:499-502",
    not_for="triglycerides above 400 mg/dL",
    unit="mg/dL",
    caution="For fasting blood. Too low when LDL is low or triglycerides are high: measure it then.",
    live=False,
)
def ldl_cholesterol(v: Lipids) -> Outcome:
    if v.triglycerides > HIGHEST_TRIGLYCERIDES:
        return NotValid("triglycerides are above 400 mg/dL, where the estimate does not hold: have LDL measured")
    ldl = rounded(v.cholesterol - v.hdl_cholesterol - v.triglycerides / 5, 1)
    because = tuple(Evidence(name, rounded(getattr(v, name), 1)) for name in v.__dataclass_fields__)
    return Finding(ldl, f"LDL cholesterol {ldl:g} mg/dL, estimated (Friedewald)", unit="mg/dL", because=because)
