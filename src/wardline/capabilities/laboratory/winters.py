"""Winters' formula: does breathing keep up with this metabolic acidosis?

Expected PaCO2 = 1.5 x bicarbonate + 8, plus or minus 2 mm Hg. Albert MS, Dell RB, Winters RW. Ann Intern Med 1967;66:312-22 (citation not
read here; two teaching pages that were read print the same). Only in metabolic acidosis: taken here as a bicarbonate below 22 mmol/L with a
pH below 7.40, so that a low bicarbonate that answers a respiratory alkalosis is not put into it.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, minutes
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

TOLERANCE = 2.0  # mm Hg
LOW_BICARBONATE = 22.0  # mmol/L
NEUTRAL = 7.40


@dataclass(frozen=True)
class BloodGas(Inputs):
    arterial_ph: float = latest(c.ARTERIAL_PH, within=hours(12), together=minutes(30))
    arterial_carbon_dioxide: float = latest(c.ARTERIAL_CARBON_DIOXIDE, within=hours(12), together=minutes(30))
    bicarbonate: float = latest(c.ARTERIAL_BICARBONATE, c.BICARBONATE, within=hours(12), together=minutes(30))


@capability(
    id="winters",
    version="1967",
    standing="verified",
    about="patient",
    reference="Albert, Dell, Winters, Quantitative displacement of acid-base equilibrium in metabolic acidosis, Ann Intern Med 1967;66:312-22",
    not_for="anything but metabolic acidosis",
    unit="mm[Hg]",
    live=False,
)
def winters(v: BloodGas) -> Outcome:
    if v.bicarbonate >= LOW_BICARBONATE or v.arterial_ph >= NEUTRAL:
        return NotValid("There is no metabolic acidosis: the formula is for a bicarbonate below 22 mmol/L with a pH below 7.40")
    expected, measured = rounded(1.5 * v.bicarbonate + 8, 1), v.arterial_carbon_dioxide
    return Finding(
        value=expected,
        unit="mm[Hg]",
        summary=f"Expected PaCO₂ {expected:.1f} ± 2 mm Hg, measured {measured:.1f}: {_meaning(measured - expected)}",
        because=(
            Evidence("arterial_ph", v.arterial_ph),
            Evidence("arterial_carbon_dioxide", rounded(measured, 1)),
            Evidence("bicarbonate", rounded(v.bicarbonate, 1)),
        ),
    )


def _meaning(excess: float) -> str:
    if excess > TOLERANCE:
        return "respiratory acidosis as well"
    return "respiratory alkalosis as well" if excess < -TOLERANCE else "breathing compensates"
