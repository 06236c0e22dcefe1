"""RCRI, the Revised Cardiac Risk Index: how much may this operation ask of the heart?

Lee TH et al. Circulation 1999;100:1043-9 (citation not read here; an independent implementation agrees). One point each, 0 to 6.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, has, latest
from wardline.core.diseases import CORONARY_DISEASE, HEART_FAILURE, STROKE
from wardline.core.findings import Finding
from wardline.core.scoring import bands, flag, points

CHART = points(
    elevated_risk_surgery=flag(1),
    ischaemic_heart_disease=flag(1),
    heart_failure=flag(1),
    cerebrovascular_disease=flag(1),
    insulin=flag(1),
    creatinine=bands((2.0, 0), above=1, step=0.01),  # mg/dL
)


@dataclass(frozen=True)
class BeforeSurgery(Inputs):
    elevated_risk_surgery: bool = given()
    """Within the abdomen or chest, or on vessels above the groin."""
    ischaemic_heart_disease: bool = has(CORONARY_DISEASE)
    heart_failure: bool = has(HEART_FAILURE)
    cerebrovascular_disease: bool = has(STROKE)
    insulin: bool = given()
    creatinine: float = latest(c.CREATININE, within=days(90))


@capability(
    id="revised_cardiac_risk",
    version="1999",
    standing="verified",
    about="patient",
    additive=True,
    reference="Lee et al., Derivation and prospective validation of a simple index for prediction of cardiac risk, Circulation 1999;100:1043-9",
    not_for="emergency operations",
    chart=CHART,
    unit="{score}",
    caution="No percentages are shown: the published ones differ by a factor of three between cohorts.",
    live=False,
)
def revised_cardiac_risk(v: BeforeSurgery) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"Revised Cardiac Risk Index {score.total} of 6", unit="{score}", because=score.rows)
