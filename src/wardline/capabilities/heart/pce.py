"""PCE, the Pooled Cohort Equations: how likely is a heart attack or stroke within ten years?

Goff DC et al. 2013 ACC/AHA guideline on the assessment of cardiovascular risk. Circulation 2014;129(Suppl 2):S49-73 (citation not read here;
the coefficients were compared with three implementations, and vectors of all four equations agree). The equations exist for Black and for
White people only. "white" is also what the guideline uses for everybody else, with the warning that it may be wrong for them. It is
the questioner who chooses: the record's race is never used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Final, Literal, NamedTuple

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, has, latest, sex
from wardline.core.diseases import DIABETES
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded


class Equation(NamedTuple):
    """One of the four: baseline survival at ten years, the mean it is measured from, and the coefficients by term."""

    survival: float
    mean: float
    weights: Mapping[str, float]


EQUATIONS: Final = {
    ("F", "white"): Equation(0.9665, -29.18, {
        "ln_age": -29.799, "ln_age_squared": 4.884, "ln_cholesterol": 13.540, "ln_age_cholesterol": -3.114, "ln_hdl": -13.578,
        "ln_age_hdl": 3.149, "ln_treated": 2.019, "ln_untreated": 1.957, "smoker": 7.574, "ln_age_smoker": -1.665, "diabetes": 0.661,
    }),
    ("F", "black"): Equation(0.9533, 86.61, {
        "ln_age": 17.114, "ln_cholesterol": 0.940, "ln_hdl": -18.920, "ln_age_hdl": 4.475, "ln_treated": 29.291, "ln_age_treated": -6.432,
        "ln_untreated": 27.820, "ln_age_untreated": -6.087, "smoker": 0.691, "diabetes": 0.874,
    }),
    ("M", "white"): Equation(0.9144, 61.18, {
        "ln_age": 12.344, "ln_cholesterol": 11.853, "ln_age_cholesterol": -2.664, "ln_hdl": -7.990, "ln_age_hdl": 1.769, "ln_treated": 1.797,
        "ln_untreated": 1.764, "smoker": 7.837, "ln_age_smoker": -1.795, "diabetes": 0.658,
    }),
    ("M", "black"): Equation(0.8954, 19.54, {
        "ln_age": 2.469, "ln_cholesterol": 0.302, "ln_hdl": -0.307, "ln_treated": 1.916, "ln_untreated": 1.809, "smoker": 0.549, "diabetes": 0.645,
    }),
}  # fmt: skip
RANGES: Final = {"systolic_pressure": (90, 200), "cholesterol": (130, 320), "hdl_cholesterol": (20, 100)}
"""What the guideline's own calculator takes."""


@dataclass(frozen=True)
class RiskFactors(Inputs):
    cholesterol: float = latest(c.CHOLESTEROL, within=days(365))
    hdl_cholesterol: float = latest(c.HDL_CHOLESTEROL, within=days(365))
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=days(365), preliminary=True)
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    smoker: bool = latest(c.SMOKING, within=days(365), convert=lambda status, concept: status == "current")
    diabetes: bool = has(DIABETES)
    pressure_treated: bool = given()
    equation: Literal["white", "black"] = given()


@capability(
    id="pce",
    version="2013",
    standing="verified",
    about="patient",
    reference="Goff et al., 2013 ACC/AHA Guideline on the Assessment of Cardiovascular Risk, Circulation 2014;129(Suppl 2):S49-73",
    not_for="under 40 or over 79 years; people who have already had a heart attack or stroke",
    ages=(40, 79),
    unit="%",
    caution="Made from White and Black Americans; tends to overestimate today. PREVENT replaces it and asks for no race.",
    live=False,
)
def pce(v: RiskFactors) -> Outcome:
    for name, (low, high) in RANGES.items():
        if not low <= getattr(v, name) <= high:
            return NotValid(f"the equations were made for a {name.replace('_', ' ')} of {low} to {high}")
    survival, mean, weights = EQUATIONS[v.sex, v.equation]
    terms = _terms(v)
    risk = 1 - survival ** exp(sum(weight * terms[name] for name, weight in weights.items()) - mean)
    percent = rounded(risk * 100, 1)
    because = tuple(Evidence(name, _shown(getattr(v, name))) for name in v.__dataclass_fields__)
    return Finding(percent, f"Heart attack or stroke within 10 years: {percent:g} %", unit="%", because=because)


def _terms(v: RiskFactors) -> dict[str, float]:
    age, pressure = log(v.age_years), log(v.systolic_pressure)
    cholesterol, hdl, smoker = log(v.cholesterol), log(v.hdl_cholesterol), float(v.smoker)
    treated, untreated = (pressure, 0.0) if v.pressure_treated else (0.0, pressure)
    return {
        "ln_age": age, "ln_age_squared": age * age, "ln_cholesterol": cholesterol, "ln_age_cholesterol": age * cholesterol, "ln_hdl": hdl,
        "ln_age_hdl": age * hdl, "ln_treated": treated, "ln_age_treated": age * treated, "ln_untreated": untreated,
        "ln_age_untreated": age * untreated, "smoker": smoker, "ln_age_smoker": age * smoker, "diabetes": float(v.diabetes),
    }  # fmt: skip


def _shown(value: float | str | bool) -> float | str:
    return ("yes" if value else "no") if isinstance(value, bool) else value
