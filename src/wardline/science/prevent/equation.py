"""From a person's values to PREVENT's terms, and from the terms to the risks.

Khan 2024, supplement: cholesterol in mmol/L; each term is measured from its centre or, beyond the knot of a broken line, from the knot.
"""

from math import exp, log
from typing import Final, Literal, NamedTuple, TypeAlias

from wardline.science.prevent import ten_years, thirty_years

Model: TypeAlias = Literal["base", "hba1c", "urine albumin", "deprivation", "full"]
OUTCOMES: Final = ("cardiovascular disease", "atherosclerotic disease", "heart failure")
HORIZONS: Final = {10: ten_years.MODELS, 30: thirty_years.MODELS}
PER_MMOL: Final = 38.67  # mg/dL of cholesterol


class Values(NamedTuple):
    """What the equations ask. Cholesterol in mg/dL, pressure in mm[Hg], eGFR in mL/min/1.73 m2, HbA1c in %, ACR in mg/g, deprivation a decile."""

    age: float
    sex: Literal["F", "M"]
    cholesterol: float
    hdl: float
    pressure: float
    body_mass_index: float
    egfr: float
    diabetes: bool
    smoker: bool
    pressure_treated: bool
    statin: bool
    hba1c: float | None = None
    urine_albumin: float | None = None
    deprivation: int | None = None


def model_for(values: Values) -> Model:
    """One of the optional values has its own model; with more the full one, whose terms for what is missing are part of the publication."""
    optional: tuple[tuple[Model, object], ...] = (
        ("hba1c", values.hba1c), ("urine albumin", values.urine_albumin), ("deprivation", values.deprivation),
    )  # fmt: skip
    there = [model for model, value in optional if value is not None]
    return "base" if not there else there[0] if len(there) == 1 else "full"


def risks(values: Values, years: Literal[10, 30], model: Model) -> tuple[float, float, float]:
    """Probabilities of cardiovascular disease, its atherosclerotic part, and heart failure, within so many years."""
    terms = terms_of(values)
    first = 0 if values.sex == "F" else 3
    table = HORIZONS[years][model]
    whole, vessels, failure = (sum(row[place] * terms[name] for name, row in table.items()) for place in range(first, first + 3))
    return probability(whole), probability(vessels), probability(failure)


def probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def terms_of(v: Values) -> dict[str, float]:
    age = (v.age - 55) / 10
    non_hdl, hdl = (v.cholesterol - v.hdl) / PER_MMOL - 3.5, (v.hdl / PER_MMOL - 1.3) / 0.3
    pressure, kidneys, weight = (max(v.pressure, 110) - 130) / 20, (min(v.egfr, 60) - 60) / -15, (max(v.body_mass_index, 30) - 30) / 5
    return {
        "constant": 1.0, "age": age, "age_squared": age * age, "non_hdl": non_hdl, "hdl": hdl,
        "pressure_below_110": (min(v.pressure, 110) - 110) / 20, "pressure_from_110": pressure,
        "diabetes": float(v.diabetes), "smoker": float(v.smoker),
        "bmi_below_30": (min(v.body_mass_index, 30) - 25) / 5, "bmi_from_30": weight,
        "egfr_below_60": kidneys, "egfr_from_60": (max(v.egfr, 60) - 90) / -15,
        "pressure_treated": float(v.pressure_treated), "statin": float(v.statin),
        "treated_pressure_from_110": v.pressure_treated * pressure, "treated_non_hdl": v.statin * non_hdl,
        "age_non_hdl": age * non_hdl, "age_hdl": age * hdl, "age_pressure_from_110": age * pressure,
        "age_diabetes": age * v.diabetes, "age_smoker": age * v.smoker, "age_bmi_from_30": age * weight, "age_egfr_below_60": age * kidneys,
        **_optional(v),
    }  # fmt: skip


def _optional(v: Values) -> dict[str, float]:
    above = 0.0 if v.hba1c is None else v.hba1c - 5.3
    decile = v.deprivation or 0
    return {
        "hba1c_with_diabetes": above * v.diabetes, "hba1c_without_diabetes": above * (not v.diabetes), "hba1c_missing": float(v.hba1c is None),
        "ln_acr": 0.0 if v.urine_albumin is None else log(v.urine_albumin), "acr_missing": float(v.urine_albumin is None),
        "deprivation_4_to_6": float(4 <= decile <= 6), "deprivation_7_to_10": float(decile >= 7),
        "deprivation_missing": float(v.deprivation is None),
    }  # fmt: skip
