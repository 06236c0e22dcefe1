"""FINDRISC: how likely is type 2 diabetes within ten years?

Lindstroem J, Tuomilehto J. Diabetes Care 2003;26:725-31, with the two questions and the bands of the Finnish form (form transcribed; the paper
was not read here). 0 to 26: below 7 low, 7-11 slightly raised, 12-14 moderate, 15-20 high, above 20 very high. Some calculators put 7
into the lowest band.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, days, given, has, latest, sex
from wardline.core.diseases import DIABETES
from wardline.core.findings import Finding, NotValid, Outcome
from wardline.core.scoring import bands, choice, codes, flag, points

CHART = points(
    age_years=bands((44, 0), (54, 2), (64, 3), above=4),
    body_mass_index=bands((24.9, 0), (30.0, 1), above=3, step=0.1),
    waist=choice("sex", {"M": bands((93, 0), (102, 3), above=4), "F": bands((79, 0), (88, 3), above=4)}),  # cm
    daily_activity=codes({True: 0, False: 2}, {True: "yes", False: "no"}),
    daily_vegetables=codes({True: 0, False: 1}, {True: "yes", False: "no"}),
    pressure_treated=flag(2),
    high_glucose_ever=flag(5),
    relatives=codes({"none": 0, "second degree": 3, "first degree": 5}),
)
BANDS = bands((6, 0), (11, 1), (14, 2), (20, 3), above=4)
WORDS = ("low", "slightly raised", "moderate", "high", "very high")


@dataclass(frozen=True)
class RiskFactors(Inputs):
    age_years: int = age_years()
    body_mass_index: float = latest(c.BODY_MASS_INDEX, within=days(365), preliminary=True)
    waist: float = given()
    """cm, at the navel."""
    sex: Literal["F", "M"] = sex()
    daily_activity: bool = given()
    """Half an hour a day."""
    daily_vegetables: bool = given()
    pressure_treated: bool = given()
    high_glucose_ever: bool = given()
    relatives: Literal["none", "second degree", "first degree"] = given()
    """The nearest with diabetes: parent, sibling or child is first degree."""
    diabetes: bool | None = has(DIABETES, required=False)


@capability(
    id="findrisc",
    version="2003",
    standing="verified",
    about="patient",
    additive=True,
    reference="Lindstroem and Tuomilehto, The diabetes risk score, Diabetes Care 2003;26:725-31; FINDRISC form of the Finnish Diabetes Association",
    not_for="under 18 years; people who have diabetes",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Made in Finland; other peoples need other limits for weight and waist.",
    live=False,
)
def findrisc(v: RiskFactors) -> Outcome:
    if v.diabetes:
        return NotValid("this patient has diabetes already")
    score = CHART(v)
    return Finding(score.total, f"FINDRISC {score.total} of 26, {WORDS[BANDS.lookup(score.total)[0]]}", unit="{score}", because=score.rows)
