"""HEART score: how risky is this chest pain in the emergency department?

Six AJ, Backus BE, Kelder JC. Neth Heart J 2008;16:191-6; Backus BE et al. Int J Cardiol 2013;168:2153-8 (citations not read here; two
independent implementations agree, and were read for the reference). No percentage is shown: the sources print two for the high band.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core.capability import Inputs, age_years, capability, given
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, codes, points

CHART = points(
    history=codes({"slightly suspicious": 0, "moderately suspicious": 1, "highly suspicious": 2}),
    ecg=codes({"normal": 0, "non-specific repolarisation": 1, "significant ST deviation": 2}),
    age_years=bands((44, 0), (64, 1), above=2),
    risk_factors=codes({"none": 0, "one or two": 1, "three or more, or known atherosclerosis": 2}),
    troponin=codes({"within the limit": 0, "one to three times the limit": 1, "above three times the limit": 2}),
)
LOW, MODERATE = 3, 6


@dataclass(frozen=True)
class ChestPain(Inputs):
    history: Literal["slightly suspicious", "moderately suspicious", "highly suspicious"] = given()
    ecg: Literal["normal", "non-specific repolarisation", "significant ST deviation"] = given()
    age_years: int = age_years()
    risk_factors: Literal["none", "one or two", "three or more, or known atherosclerosis"] = given()
    # The limit is that of the assay and the sex, which the number alone does not tell.
    troponin: Literal["within the limit", "one to three times the limit", "above three times the limit"] = given()


@capability(
    id="heart_score",
    version="2008",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Six et al., Neth Heart J 2008;16:191-6; Backus et al., Int J Cardiol 2013;168:2153-8",
    not_for="children (the limit of 18 years is ours); a heart attack that the ECG already shows",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="A low score is no reason to send somebody home before the second troponin.",
    live=False,
)
def heart_score(v: ChestPain) -> Finding:
    score = CHART(v)
    severity, band = _meaning(score.total)
    return Finding(score.total, f"HEART {score.total}, {band} risk", severity, "{score}", score.rows)


def _meaning(total: int) -> tuple[Severity, str]:
    if total > MODERATE:
        return Severity.MEDIUM, "high"
    return (Severity.LOW, "moderate") if total > LOW else (Severity.NONE, "low")
