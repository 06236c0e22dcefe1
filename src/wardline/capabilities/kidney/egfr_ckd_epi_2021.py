"""eGFR, CKD-EPI 2021: how much do this adult's kidneys filter?

Inker LA et al. New creatinine- and cystatin C-based equations to estimate GFR without race. N Engl J Med 2021;385:1737-49. The equation
and its constants as the National Kidney Foundation prints them (read here). It holds for a steady creatinine: during acute kidney
injury the number means nothing, so the answer is "not valid" then.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, finding, latest, sex
from wardline.core.events import Found
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

SCALE = 142
KAPPA = {"F": 0.7, "M": 0.9}  # mg/dL
ALPHA = {"F": -0.241, "M": -0.302}
ABOVE_KAPPA = -1.200
PER_YEAR = 0.9938
FEMALE = 1.012


@dataclass(frozen=True)
class Filtration(Inputs):
    creatinine: float = latest(c.CREATININE, within=days(90))
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    kdigo_aki: Found | None = finding("kdigo_aki", required=False)


@capability(
    id="egfr_ckd_epi_2021",
    version="2021",
    standing="verified",
    about="patient",
    reference="Inker et al., New creatinine- and cystatin C-based equations to estimate GFR without race, N Engl J Med 2021;385:1737-49",
    not_for="under 18 years; acute kidney injury",
    ages=(18, None),
    unit="mL/min/{1.73_m2}",
    caution="Needs a steady creatinine; anything but filtration that changes creatinine misleads it.",
)
def egfr_ckd_epi_2021(v: Filtration) -> Outcome:
    injury = v.kdigo_aki.value if v.kdigo_aki is not None else None
    if isinstance(injury, int | float) and injury >= 1:
        return NotValid(f"Creatinine is not steady: acute kidney injury, stage {injury:g}")
    egfr = rounded(_equation(v.creatinine, v.age_years, v.sex), 1)
    unchecked = "" if injury is not None else "; whether creatinine is steady is not known"
    return Finding(
        value=egfr,
        unit="mL/min/{1.73_m2}",
        summary=f"eGFR {egfr:.0f} mL/min/1.73 m²{unchecked}",
        because=(
            Evidence("creatinine", rounded(v.creatinine, 2)),
            Evidence("age_years", v.age_years),
            Evidence("sex", v.sex),
            Evidence("kdigo_aki", injury, band="no acute kidney injury" if injury is not None else "not known"),
        ),
    )


def _equation(creatinine: float, age: int, sex: Literal["F", "M"]) -> float:
    ratio = creatinine / KAPPA[sex]
    below, above = min(ratio, 1) ** ALPHA[sex], max(ratio, 1) ** ABOVE_KAPPA
    return float(SCALE * below * above * PER_YEAR**age * (FEMALE if sex == "F" else 1))
