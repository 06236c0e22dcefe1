"""HAS-BLED: how likely is a major bleed in this adult with atrial fibrillation on anticoagulants?

Pisters R et al. A novel user-friendly score (HAS-BLED). Chest 2010;138:1093-100 (citation not read here; two independent implementations
agree on 600 random patients, one of which was read). Older than 65 counts, 65 does not. Hypertension counts while systolic pressure is above
160 mm Hg, not by its diagnosis; renal function by dialysis, transplant or a creatinine of 200 umol/L (2.26 mg/dL) or more.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, has, latest
from wardline.core.diseases import HAEMORRHAGIC_STROKE, LIVER_CIRRHOSIS, STROKE
from wardline.core.findings import Finding, Outcome, Severity
from wardline.core.scoring import bands, flag, points
from wardline.core.tally import Tally

FIRST = points(systolic_pressure=bands((160, 0), above=1))
RENAL = (("dialysis_or_transplant", flag(1)), ("creatinine", bands((2.25, 0), above=1, step=0.01)))
OTHERS = points(
    abnormal_liver=flag(1),
    stroke=flag(1),
    bleeding_or_anaemia=flag(1),
    labile_inr=flag(1),
    age_years=bands((65, 0), above=1),
    antiplatelet_or_nsaid=flag(1),
    alcohol=flag(1),
)
HIGH = 3


@dataclass(frozen=True)
class Risks(Inputs):
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=days(30), preliminary=True)
    dialysis_or_transplant: bool | None = given(required=False)
    creatinine: float | None = latest(c.CREATININE, within=days(90), required=False)
    # Or bilirubin above twice with AST, ALT or ALP above three times the upper limit.
    abnormal_liver: bool = has(LIVER_CIRRHOSIS)
    stroke: bool = has(STROKE, HAEMORRHAGIC_STROKE)
    bleeding_or_anaemia: bool = given()
    # Less than 60 % of the time within range; not for those without a vitamin K antagonist.
    labile_inr: bool = given()
    age_years: int = age_years()
    antiplatelet_or_nsaid: bool = given()
    # Eight drinks a week or more.
    alcohol: bool = given()


@capability(
    id="has_bled",
    version="2010",
    standing="verified",
    about="patient",
    additive=True,
    reference="Pisters et al., A novel user-friendly score (HAS-BLED), Chest 2010;138:1093-100",
    not_for="children (the limit of 18 years is ours)",
    ages=(18, None),
    unit="{score}",
    caution="A high score is no reason to withhold anticoagulants: it points at what can be put right. The record's stroke may be a TIA.",
    live=False,
)
def has_bled(v: Risks) -> Outcome:
    tally = Tally()
    tally.chart(FIRST(v))
    tally.any_of(v, RENAL)
    tally.chart(OTHERS(v))
    return tally.outcome(_finding)


def _finding(total: int) -> Finding:
    if total >= HIGH:
        return Finding(total, f"HAS-BLED {total} of 9, high risk of bleeding", Severity.LOW, "{score}")
    return Finding(total, f"HAS-BLED {total} of 9, low to moderate risk of bleeding", unit="{score}")
