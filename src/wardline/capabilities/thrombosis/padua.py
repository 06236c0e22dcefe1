"""Padua prediction score: does this medical inpatient need protection from thrombosis?

Barbar S et al. A risk assessment model for the identification of hospitalized medical patients at risk for venous thromboembolism. J Thromb
Haemost 2010;8:2450-7 (citation not read here; two independent implementations agree on 600 random patients, one of which was read).
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, has, latest
from wardline.core.diseases import HEART_FAILURE, THROMBOPHILIA, VENOUS_THROMBOEMBOLISM
from wardline.core.findings import Finding, Severity, Suggestion
from wardline.core.scoring import bands, flag, points

CHART = points(
    active_cancer=flag(3),
    earlier_thromboembolism=flag(3),
    reduced_mobility=flag(3),
    thrombophilia=flag(3),
    injured_or_operated=flag(2),
    age_years=bands((69, 0), above=1),
    heart_or_respiratory_failure=flag(1),
    acute_infarction_or_stroke=flag(1),
    infection_or_rheumatic_disease=flag(1),
    body_mass_index=bands((29.9, 0), above=1, step=0.1),
    hormonal_treatment=flag(1),
)
HIGH = 4


@dataclass(frozen=True)
class Risks(Inputs):
    # Metastases, or chemotherapy or radiotherapy in the last six months.
    active_cancer: bool = given()
    # Superficial vein thrombosis does not count.
    earlier_thromboembolism: bool = has(VENOUS_THROMBOEMBOLISM)
    # In bed but for the bathroom, for three days at least.
    reduced_mobility: bool = given()
    thrombophilia: bool = has(THROMBOPHILIA)
    # In the last month.
    injured_or_operated: bool = given()
    age_years: int = age_years()
    heart_or_respiratory_failure: bool = has(HEART_FAILURE)
    acute_infarction_or_stroke: bool = given()
    infection_or_rheumatic_disease: bool = given()
    body_mass_index: float = latest(c.BODY_MASS_INDEX, within=days(90))
    hormonal_treatment: bool = given()


@capability(
    id="padua",
    version="2010",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Barbar et al., J Thromb Haemost 2010;8:2450-7",
    not_for="surgical patients; children (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Says who is at risk of thrombosis, not who may bleed: weigh both before anticoagulants.",
    live=False,
)
def padua(v: Risks) -> Finding:
    score = CHART(v)
    is_high = score.total >= HIGH
    return Finding(
        value=score.total,
        unit="{score}",
        severity=Severity.LOW if is_high else Severity.NONE,
        summary=f"Padua {score.total}, {'high' if is_high else 'low'} risk of thrombosis",
        because=score.rows,
        suggestions=(Suggestion("Consider drugs against thrombosis unless the risk of bleeding forbids them"),) if is_high else (),
    )
