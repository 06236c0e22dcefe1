"""Creatinine clearance, Cockcroft-Gault: by how much must doses follow this adult's kidneys?

(140 - age) x weight / (72 x creatinine), times 0.85 for women. Cockcroft DW, Gault MH. Nephron 1976;16:31-41 (citation not read here; 600
random vectors agree between two implementations). The paper used the actual weight; which weight went in is said in every answer, and
with a height the ideal (Devine) and the adjusted weight (0.4 of the difference) can be asked for. "by bmi": actual if underweight, the
lower of ideal and actual at normal weight, adjusted above that.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, latest, sex
from wardline.core.findings import Evidence, Finding, Outcome, Unknown
from wardline.core.quantities import rounded

FEMALE = 0.85
IDEAL = {"F": 45.5, "M": 50.0}  # kg at 60 inches, Devine 1974
UNDERWEIGHT, OVERWEIGHT = 18.5, 25.0  # kg/m2


@dataclass(frozen=True)
class Clearance(Inputs):
    creatinine: float = latest(c.CREATININE, within=days(7))
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    height: float | None = latest(c.HEIGHT, within=days(3650), required=False, preliminary=True)
    # The paper's own choice, said in the answer.
    weight_used: Literal["actual", "ideal", "adjusted", "by bmi"] = given(default="actual")


@capability(
    id="cockcroft_gault",
    version="1976",
    standing="verified",
    about="patient",
    reference="Cockcroft and Gault, Prediction of creatinine clearance from serum creatinine, Nephron 1976;16:31-41",
    not_for="under 18 years",
    ages=(18, None),
    unit="mL/min",
    caution="Needs a steady creatinine. Not the eGFR: drug labels mean the one or the other, and say which.",
    live=False,
)
def cockcroft_gault(v: Clearance) -> Outcome:
    if v.weight_used != "actual" and v.height is None:
        return Unknown(("height",), f"the {v.weight_used} weight needs a height")
    weight, which = _weight(v)
    clearance = rounded((140 - v.age_years) * weight / (72 * v.creatinine) * (FEMALE if v.sex == "F" else 1), 1)
    return Finding(
        value=clearance,
        unit="mL/min",
        summary=f"Creatinine clearance {clearance:.1f} mL/min with the {which} weight, {rounded(weight, 1):.1f} kg",
        because=(
            Evidence("creatinine", rounded(v.creatinine, 2)), Evidence("age_years", v.age_years), Evidence("sex", v.sex),
            Evidence("weight", v.weight), Evidence("height", v.height), Evidence("weight_used", rounded(weight, 1), band=which),
        ),
    )  # fmt: skip


def _weight(v: Clearance) -> tuple[float, str]:
    if v.height is None or v.weight_used == "actual":
        return v.weight, "actual"
    ideal = max(IDEAL[v.sex] + 2.3 * (v.height / 2.54 - 60), 0.0)
    adjusted = ideal + 0.4 * (v.weight - ideal)
    match v.weight_used:
        case "ideal":
            return ideal, "ideal"
        case "adjusted":
            return adjusted, "adjusted"
    index = v.weight / (v.height / 100) ** 2
    if index < UNDERWEIGHT:
        return v.weight, "actual"
    if index >= OVERWEIGHT:
        return adjusted, "adjusted"
    return (v.weight, "actual") if v.weight <= ideal else (ideal, "ideal")
