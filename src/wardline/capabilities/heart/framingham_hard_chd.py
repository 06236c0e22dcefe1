"""Framingham, hard coronary heart disease: how likely is a heart attack within ten years, by the older American equation?

Adult Treatment Panel III, Circulation 2002;106:3143-421 (citation not read here; five implementations have the same coefficients). Above 70
years in men and 78 in women the age in the smoking term stands still.
"""

from dataclasses import dataclass
from math import exp, log
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, latest, sex
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded


@dataclass(frozen=True)
class RiskFactors(Inputs):
    cholesterol: float = latest(c.CHOLESTEROL, within=days(365))
    hdl_cholesterol: float = latest(c.HDL_CHOLESTEROL, within=days(365))
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=days(365), preliminary=True)
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    smoker: bool = latest(c.SMOKING, within=days(365), convert=lambda status, concept: status == "current")
    pressure_treated: bool = given()


@capability(
    id="framingham_hard_chd",
    version="2002",
    standing="verified",
    about="patient",
    reference="Third Report of the NCEP Adult Treatment Panel III, Circulation 2002;106:3143-421",
    not_for="under 30 or over 79 years; diabetes, a heart attack or stroke in the past (they count as high risk anyway)",
    ages=(30, 79),
    unit="%",
    caution="Superseded by the Pooled Cohort Equations and PREVENT; kept for what refers to it. Leaves out stroke.",
    live=False,
)
def framingham_hard_chd(v: RiskFactors) -> Finding:
    index, survival = (_woman(v), 0.98767) if v.sex == "F" else (_man(v), 0.9402)
    percent = rounded((1 - survival ** exp(index)) * 100, 1)
    because = tuple(
        Evidence(name, ("yes" if value else "no") if isinstance(value := getattr(v, name), bool) else value) for name in v.__dataclass_fields__
    )
    return Finding(percent, f"Heart attack within 10 years: {percent:g} %", unit="%", because=because)


def _man(v: RiskFactors) -> float:
    age, cholesterol = log(v.age_years), log(v.cholesterol)
    return (
        52.00961 * age + 20.014077 * cholesterol - 0.905964 * log(v.hdl_cholesterol) + 1.305784 * log(v.systolic_pressure)
        + 0.241549 * v.pressure_treated + 12.096316 * v.smoker - 4.605038 * age * cholesterol
        - 2.84367 * log(min(v.age_years, 70)) * v.smoker - 2.93323 * age * age - 172.300168
    )  # fmt: skip


def _woman(v: RiskFactors) -> float:
    age, cholesterol = log(v.age_years), log(v.cholesterol)
    return (
        31.764001 * age + 22.465206 * cholesterol - 1.187731 * log(v.hdl_cholesterol) + 2.552905 * log(v.systolic_pressure)
        + 0.420251 * v.pressure_treated + 13.07543 * v.smoker - 5.060998 * age * cholesterol
        - 2.996945 * log(min(v.age_years, 78)) * v.smoker - 146.5933061
    )  # fmt: skip
