"""MELD 3.0: how likely is this cirrhosis to kill within three months, by the score that allocates livers today?

Kim WR, Mannalithara A, Heimbach JK et al. Gastroenterology 2021;161:1887-95. Equation and bounds as three implementations have them;
they agree on six vectors (see the cases). From 12 to 17 years everybody gets the 1.33 that women get.
"""

from dataclasses import dataclass
from math import log
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, latest, sex
from wardline.core.findings import Evidence, Finding
from wardline.core.quantities import rounded

LOWEST = 1.0  # bilirubin, INR and creatinine
HIGHEST_CREATININE = 3.0  # mg/dL; also on dialysis
SODIUM = (125.0, 137.0)  # mmol/L
ALBUMIN = (1.5, 3.5)  # g/dL
FEMALE = 1.33
GROWN_UP = 18
HIGHEST = 40


@dataclass(frozen=True)
class LiverFunction(Inputs):
    creatinine: float = latest(c.CREATININE, within=days(7))
    bilirubin: float = latest(c.BILIRUBIN, within=days(7))
    inr: float = latest(c.INR, within=days(7))
    sodium: float = latest(c.SODIUM, within=days(7))
    albumin: float = latest(c.ALBUMIN, within=days(7))
    sex: Literal["F", "M"] = sex()
    age_years: int | None = age_years()
    dialysis: bool | None = given(required=False)


@capability(
    id="meld_3",
    version="3.0",
    standing="verified",
    about="patient",
    reference="Kim et al., MELD 3.0: the model for end-stage liver disease updated for the modern era, Gastroenterology 2021;161:1887-95",
    not_for="under 12 years (PELD is used instead)",
    ages=(12, None),
    unit="{score}",
    caution="Anticoagulants raise INR without liver disease. Dialysis twice in the last week counts as a creatinine of 3.0.",
    live=False,
)
def meld_3(v: LiverFunction) -> Finding:
    score = min(rounded(equation(v)), HIGHEST)
    unknown = "; whether on dialysis is not known" if v.dialysis is None else ""
    because = (
        Evidence("creatinine", rounded(v.creatinine, 2), band="dialysis: counts as 3.0" if v.dialysis else ""),
        Evidence("bilirubin", rounded(v.bilirubin, 1)), Evidence("inr", rounded(v.inr, 2)), Evidence("sodium", v.sodium),
        Evidence("albumin", v.albumin), Evidence("sex", v.sex), Evidence("age_years", v.age_years),
    )  # fmt: skip
    return Finding(score, f"MELD 3.0 {score:g}{unknown}", unit="{score}", because=because)


def equation(v: LiverFunction) -> float:
    creatinine = HIGHEST_CREATININE if v.dialysis else held(v.creatinine, LOWEST, HIGHEST_CREATININE)
    bilirubin, inr = max(v.bilirubin, LOWEST), max(v.inr, LOWEST)
    sodium, albumin = 137 - held(v.sodium, *SODIUM), 3.5 - held(v.albumin, *ALBUMIN)
    as_female = v.sex == "F" or (v.age_years is not None and v.age_years < GROWN_UP)
    return (
        (FEMALE if as_female else 0.0)
        + 4.56 * log(bilirubin) + 0.82 * sodium - 0.24 * sodium * log(bilirubin)
        + 9.09 * log(inr) + 11.14 * log(creatinine)
        + 1.85 * albumin - 1.83 * albumin * log(creatinine)
        + 6
    )  # fmt: skip


def held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
