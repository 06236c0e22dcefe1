"""MELD-Na: how likely is this cirrhosis to kill within three months, sodium included?

OPTN policy 9.1, 2016: only if MELD(i) is above 11, MELD = MELD(i) + 1.32 (137 - Na) - 0.033 MELD(i) (137 - Na), sodium held within 125
and 137, 6 to 40. This is not the formula of Kim 2008, which some calculators print under the same name: a normal patient scores 6,
not 9. Three independent vectors agree (see the cases); the policy's own text was not read here.
"""

from dataclasses import dataclass

from wardline.capabilities.liver.meld_equation import DIALYSIS_UNKNOWN, HIGHEST, initial_score, reasons
from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, latest
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

SODIUM = (125.0, 137.0)  # mmol/L
COUNTS_FROM = 11
"""Sodium counts only above this MELD(i)."""


@dataclass(frozen=True)
class LiverFunction(Inputs):
    creatinine: float = latest(c.CREATININE, within=days(7))
    bilirubin: float = latest(c.BILIRUBIN, within=days(7))
    inr: float = latest(c.INR, within=days(7))
    sodium: float = latest(c.SODIUM, within=days(7))
    dialysis: bool | None = given(required=False)


@capability(
    id="meld_na",
    version="optn2016",
    standing="verified",
    about="patient",
    reference="OPTN policy 9.1 (2016), after Kim et al., N Engl J Med 2008;359:1018-26",
    not_for="under 12 years (PELD is used instead)",
    ages=(12, None),
    unit="{score}",
    caution="Anticoagulants raise INR without liver disease. Dialysis twice in the last week counts as a creatinine of 4.0.",
    live=False,
)
def meld_na(v: LiverFunction) -> Finding:
    initial = initial_score(v.creatinine, v.bilirubin, v.inr, dialysis=v.dialysis)
    low, high = SODIUM
    below = high - min(max(v.sodium, low), high)
    counts = initial > COUNTS_FROM
    score = min(rounded(initial + 1.32 * below - 0.033 * initial * below), HIGHEST) if counts else initial
    sodium = Evidence("sodium", v.sodium, band=f"held within {low:g} and {high:g}" if counts else f"does not count up to a MELD of {COUNTS_FROM}")
    unknown = DIALYSIS_UNKNOWN if v.dialysis is None else ""
    because = (*reasons(v.creatinine, v.bilirubin, v.inr, dialysis=v.dialysis), sodium)
    return Finding(score, f"MELD-Na {score:g}{unknown}", unit="{score}", because=because)
