"""TIMI score for unstable angina and NSTEMI: how likely is death, infarction or urgent revascularisation within 14 days?

Antman EM et al. The TIMI risk score for unstable angina/non-ST elevation MI. JAMA 2000;284:835-42, table 3 (citation not read here; two
independent implementations agree on 600 random patients and on the rates).
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, age_years, capability, given
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, flag, points

CHART = points(
    age_years=bands((64, 0), above=1),
    three_risk_factors=flag(1),
    known_stenosis=flag(1),
    aspirin_last_week=flag(1),
    severe_angina=flag(1),
    st_deviation=flag(1),
    raised_marker=flag(1),
)
RATES = (4.7, 4.7, 8.3, 13.2, 19.9, 26.2, 40.9, 40.9)
"""Per cent within 14 days, by score; 0 and 1, 6 and 7 are printed together."""
HIGH, RAISED = 5, 3


@dataclass(frozen=True)
class AcuteCoronary(Inputs):
    age_years: int = age_years()
    # Family history, hypertension, high cholesterol, diabetes, smoking now.
    three_risk_factors: bool = given()
    # 50 % or more.
    known_stenosis: bool = given()
    aspirin_last_week: bool = given()
    # Two or more episodes in 24 hours.
    severe_angina: bool = given()
    # 0.5 mm or more.
    st_deviation: bool = given()
    raised_marker: bool = given()


@capability(
    id="timi_ua_nstemi",
    version="2000",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Antman et al., The TIMI risk score for unstable angina/non-ST elevation MI, JAMA 2000;284:835-42",
    not_for="heart attacks with ST elevation, which have another score; children (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="The rates are those of a trial of the 1990s.",
    live=False,
)
def timi_ua_nstemi(v: AcuteCoronary) -> Finding:
    score = CHART(v)
    severity = Severity.MEDIUM if score.total >= HIGH else Severity.LOW if score.total >= RAISED else Severity.NONE
    summary = f"TIMI {score.total}, {RATES[score.total]} % within 14 days in its trial"
    if score.missing:
        summary = f"TIMI {score.total}"
    return Finding(score.total, summary, severity, "{score}", score.rows)
