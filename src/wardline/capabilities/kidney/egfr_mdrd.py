"""eGFR, MDRD: what would the older equation say that drug labels and studies were written with?

175 x creatinine^-1.154 x age^-0.203, times 0.742 for women. Levey AS et al. Ann Intern Med 2006;145:247-54 (citation not read here; an
independent implementation agrees). Its factor 1.212 for "Black" patients is left out: CKD-EPI 2021 was made to end it.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, latest, sex
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

SCALE, CREATININE, AGE, FEMALE = 175.0, -1.154, -0.203, 0.742


@dataclass(frozen=True)
class Filtration(Inputs):
    creatinine: float = latest(c.CREATININE, within=days(90))
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()


@capability(
    id="egfr_mdrd",
    version="2006",
    standing="verified",
    about="patient",
    reference="Levey et al., Using standardized serum creatinine values in the MDRD study equation, Ann Intern Med 2006;145:247-54",
    not_for="under 18 years",
    ages=(18, None),
    unit="mL/min/{1.73_m2}",
    caution="Superseded by CKD-EPI 2021; unreliable above 60. Needs a steady creatinine.",
    live=False,
)
def egfr_mdrd(v: Filtration) -> Finding:
    egfr = rounded(SCALE * v.creatinine**CREATININE * v.age_years**AGE * (FEMALE if v.sex == "F" else 1), 1)
    return Finding(
        value=egfr,
        unit="mL/min/{1.73_m2}",
        summary=f"eGFR by MDRD {egfr:.0f} mL/min/1.73 m²",
        because=(Evidence("creatinine", rounded(v.creatinine, 2)), Evidence("age_years", v.age_years), Evidence("sex", v.sex)),
    )
