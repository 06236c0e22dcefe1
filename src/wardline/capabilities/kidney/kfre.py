"""KFRE, the Kidney Failure Risk Equation: will this chronic kidney disease end in dialysis or a transplant within two or five years?

Tangri N et al. JAMA 2011;305:1553-9 and 2016;315:164-74 (citations not read here): four variables, with the baseline survival of North
America or of the rest of the world, which the site states once. Six independent implementations have these coefficients and survivals, four of
them with the ratio in mg/g, as here; two divide it into mg/mmol first, which gives far lower risks and is taken for a mistake.
"""

from dataclasses import dataclass
from math import exp, log
from typing import Any, Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, finding, latest, sex, site
from wardline.core.errors import Refused
from wardline.core.events import Found
from wardline.core.findings import Evidence, Finding, NotValid, Outcome, Unknown
from wardline.core.quantities import rounded

# Per ten years, male, per 5 mL/min/1.73 m2 of eGFR, per unit of ln ACR (mg/g); each with the mean it is measured from.
AGE, MALE, EGFR, ACR = (-0.2201, 7.036), (0.2467, 0.5642), (-0.5567, 7.222), (0.4510, 5.137)
SURVIVAL = {"north america": {2: 0.9750, 5: 0.9240}, "elsewhere": {2: 0.9832, 5: 0.9365}}
EGFR_RANGE = (10.0, 60.0)


def region(content: Any) -> str:
    """Which of the two baseline survivals holds where this hospital is."""
    if not isinstance(content, str) or content not in SURVIVAL:
        raise Refused('kfre_region is "north america" or "elsewhere"', code="site-table")
    return str(content)


@dataclass(frozen=True)
class KidneyDisease(Inputs):
    egfr_ckd_epi_2021: Found = finding("egfr_ckd_epi_2021")
    urine_albumin_creatinine: float = latest(c.URINE_ALBUMIN_CREATININE, within=days(365))
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    kfre_region: str = site("kfre_region", read=region)


@capability(
    id="kfre",
    version="2016-4",
    standing="verified",
    about="patient",
    reference="Tangri et al., Multinational assessment of accuracy of equations for predicting risk of kidney failure, JAMA 2016;315:164-74",
    not_for="under 18 years; an eGFR below 10 or above 60; dialysis",
    ages=(18, None),
    unit="%",
    caution="Needs chronic kidney disease with a steady creatinine. Fitted with an older eGFR equation than the one used here.",
    live=False,
)
def kfre(v: KidneyDisease) -> tuple[Outcome, ...] | Outcome:
    egfr = v.egfr_ckd_epi_2021.value
    if not isinstance(egfr, int | float):
        return Unknown(("egfr_ckd_epi_2021",))
    low, high = EGFR_RANGE
    if not low <= egfr <= high:
        return NotValid(f"the equation was made for an eGFR of {low:g} to {high:g}; it is {egfr:g}")
    if v.urine_albumin_creatinine <= 0:
        return Unknown((), "the albumin/creatinine ratio must be above zero, its logarithm is taken")
    terms = ((v.age_years / 10, AGE), (float(v.sex == "M"), MALE), (egfr / 5, EGFR), (log(v.urine_albumin_creatinine), ACR))
    index = sum(weight * (value - mean) for value, (weight, mean) in terms)
    because = (
        Evidence("age_years", v.age_years), Evidence("sex", v.sex), Evidence("egfr_ckd_epi_2021", egfr),
        Evidence("urine_albumin_creatinine", v.urine_albumin_creatinine), Evidence("kfre_region", v.kfre_region),
    )  # fmt: skip
    return tuple(_risk(years, 1 - survival ** exp(index), because) for years, survival in SURVIVAL[v.kfre_region].items())


def _risk(years: int, risk: float, because: tuple[Evidence, ...]) -> Finding:
    percent = rounded(risk * 100, 1 if risk >= 0.01 else 2)
    return Finding(percent, f"Kidney failure within {years} years: {percent:g} %", unit="%", because=because, key=f"{years}_years")
