"""Free water deficit: how much water is missing when sodium is too high?

Total body water x (sodium / 140 - 1), with body water as a share of the weight: men 0.6 and women 0.5, from 65 years on 0.5 and 0.45,
children 0.6. Adrogue HJ, Madias NE. N Engl J Med 2000;342:1493-9 (citation not read here; an independent implementation agrees).
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, hours, latest, sex
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

AIMED_AT = 140.0  # mmol/L
CHILD = 0.6
ADULT = {"F": 0.5, "M": 0.6}
OLD = {"F": 0.45, "M": 0.5}
GROWN_UP, OLD_FROM = 18, 65


@dataclass(frozen=True)
class Water(Inputs):
    sodium: float = latest(c.SODIUM, within=hours(24))
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()


@capability(
    id="free_water_deficit",
    version="2000",
    standing="verified",
    about="patient",
    reference="Adrogue and Madias, Hypernatremia, N Engl J Med 2000;342:1493-9",
    not_for="a sodium of 140 mmol/L or less",
    unit="L",
    caution="An estimate of what is missing now, not a rate of giving it: losses go on, and sodium must not fall fast.",
    live=False,
)
def free_water_deficit(v: Water) -> Outcome:
    if v.sodium <= AIMED_AT:
        return NotValid(f"sodium is not above {AIMED_AT:g} mmol/L: no water is missing")
    share = CHILD if v.age_years < GROWN_UP else (OLD if v.age_years >= OLD_FROM else ADULT)[v.sex]
    deficit = rounded(share * v.weight * (v.sodium / AIMED_AT - 1), 1)
    because = (
        Evidence("sodium", v.sodium), Evidence("weight", v.weight, band=f"{share:g} of it is water"),
        Evidence("age_years", v.age_years), Evidence("sex", v.sex),
    )  # fmt: skip
    return Finding(deficit, f"Free water deficit {deficit:.1f} L", unit="L", because=because)
