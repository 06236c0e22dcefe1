"""PREVENT: how likely are heart attack, stroke or heart failure within ten and thirty years?

Khan SS et al. Circulation 2024;149:430-49 (citation not read here; the coefficients equal those of the preventr package, and its published
example comes out). Five models, chosen by what is known: base; with HbA1c; with urine albumin; with the decile of social deprivation;
or all three. PREVENT is a name of the American Heart Association. Thirty years only up to the age of 59.
"""

from dataclasses import dataclass
from typing import Final, Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, finding, given, has, latest, sex
from wardline.core.diseases import DIABETES
from wardline.core.errors import Refused
from wardline.core.events import Found
from wardline.core.findings import Evidence, Finding, NotValid, Outcome, Unknown
from wardline.core.quantities import rounded
from wardline.science.prevent.equation import OUTCOMES, Model, Values, model_for, risks

RANGES: Final = {
    "cholesterol": (130, 320), "hdl_cholesterol": (20, 100), "systolic_pressure": (90, 200), "body_mass_index": (18.5, 39.9), "egfr": (15, 140),
    "hba1c": (3, 15), "urine_albumin_creatinine": (0.1, 25_000),
}  # fmt: skip
"""What the equations were fitted for; body mass index below 40."""
OLDEST_FOR_THIRTY_YEARS: Final = 59
KEYS: Final = dict(zip(OUTCOMES, ("cardiovascular", "atherosclerotic", "heart_failure"), strict=True))


@dataclass(frozen=True)
class RiskFactors(Inputs):
    cholesterol: float = latest(c.CHOLESTEROL, within=days(365))
    hdl_cholesterol: float = latest(c.HDL_CHOLESTEROL, within=days(365))
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=days(365), preliminary=True)
    body_mass_index: float = latest(c.BODY_MASS_INDEX, within=days(365), preliminary=True)
    egfr_ckd_epi_2021: Found = finding("egfr_ckd_epi_2021")
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    smoker: bool = latest(c.SMOKING, within=days(365), convert=lambda status, concept: status == "current")
    diabetes: bool = has(DIABETES)
    pressure_treated: bool = given()
    statin: bool = given()
    hba1c: float | None = latest(c.HBA1C, within=days(365), required=False)
    urine_albumin_creatinine: float | None = latest(c.URINE_ALBUMIN_CREATININE, within=days(365), required=False)
    deprivation_decile: float | None = given(required=False)


@capability(
    id="prevent",
    version="2023",
    standing="verified",
    about="patient",
    reference="Khan et al., Development and validation of the AHA's PREVENT equations, Circulation 2024;149:430-49",
    not_for="under 30 or over 79 years; people who already have cardiovascular disease",
    ages=(30, 79),
    unit="%",
    caution="Fitted to people in the United States. A chance in a group like this one, not a diagnosis.",
    live=False,
)
def prevent(v: RiskFactors) -> tuple[Outcome, ...] | Outcome:
    egfr, decile = v.egfr_ckd_epi_2021.value, v.deprivation_decile
    if not isinstance(egfr, int | float):
        return Unknown(("egfr_ckd_epi_2021",))
    if decile is not None and (decile != int(decile) or not 1 <= decile <= 10):
        raise Refused("deprivation_decile is a whole number from 1 to 10")
    outside = _outside(v, float(egfr))
    if outside:
        return NotValid(outside)
    values = Values(
        v.age_years, v.sex, v.cholesterol, v.hdl_cholesterol, v.systolic_pressure, v.body_mass_index, float(egfr), v.diabetes, v.smoker,
        v.pressure_treated, v.statin, v.hba1c, v.urine_albumin_creatinine, None if decile is None else int(decile),
    )  # fmt: skip
    because = _reasons(v, float(egfr))
    horizons: tuple[Literal[10, 30], ...] = (10, 30) if v.age_years <= OLDEST_FOR_THIRTY_YEARS else (10,)
    return tuple(answer for years in horizons for answer in _answers(values, years, model_for(values), because))


def _answers(values: Values, years: Literal[10, 30], model: Model, because: tuple[Evidence, ...]) -> list[Finding]:
    named = (*because, Evidence("model", model))
    return [
        Finding(percent, f"{outcome.capitalize()} within {years} years: {percent:g} %", unit="%", because=named, key=f"{KEYS[outcome]}_{years}_years")
        for outcome, risk in zip(OUTCOMES, risks(values, years, model), strict=True)
        for percent in (rounded(risk * 100, 1),)
    ]


def _outside(v: RiskFactors, egfr: float) -> str:
    for name, (low, high) in RANGES.items():
        value = egfr if name == "egfr" else getattr(v, name)
        if value is not None and not low <= value <= high:
            return f"the equations were made for {name.replace('_', ' ')} of {low:g} to {high:g}"
    return ""


def _reasons(v: RiskFactors, egfr: float) -> tuple[Evidence, ...]:
    shown = {name: getattr(v, name) for name in v.__dataclass_fields__} | {"egfr_ckd_epi_2021": egfr}
    plain = {name: ("yes" if value else "no") if isinstance(value, bool) else value for name, value in shown.items()}
    return tuple(Evidence(name, value) for name, value in plain.items() if value is not None)
