"""GRACE score, in hospital: how likely is it that this patient with an acute coronary syndrome dies during the stay?

Granger CB et al. Predictors of hospital mortality in the Global Registry of Acute Coronary Events. Arch Intern Med 2003;163:2345-53 (citation
not read here; the points agree in four transcriptions that were read, and two implementations agree on 1500 random patients). This is
GRACE 1.0 in points. GRACE 2.0 is a spline whose coefficients are not published with it; it is not offered. The three groups of risk, up to
108, up to 140, above, are those for a heart attack without ST elevation; with ST elevation other limits are in use, so none is stated.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, given, hours, latest
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, codes, flag, points

CHART = points(
    killip_class=codes({1: 0, 2: 20, 3: 39, 4: 59}, {1: "no heart failure", 2: "crackles or raised neck veins", 3: "lung oedema", 4: "shock"}),
    systolic_pressure=bands((79, 58), (99, 53), (119, 43), (139, 34), (159, 24), (199, 10), above=0),
    pulse=bands((49, 0), (69, 3), (89, 9), (109, 15), (149, 24), (199, 38), above=46),
    age_years=bands((29, 0), (39, 8), (49, 25), (59, 41), (69, 58), (79, 75), (89, 91), above=100),
    creatinine=bands((0.39, 1), (0.79, 4), (1.19, 7), (1.59, 10), (1.99, 13), (3.99, 21), above=28, step=0.01),
    cardiac_arrest=flag(39),
    st_deviation=flag(28),
    raised_enzymes=flag(14),
)
LOW, INTERMEDIATE = 108, 140


@dataclass(frozen=True)
class Admission(Inputs):
    killip_class: Literal[1, 2, 3, 4] = given()
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(24), preliminary=True)
    pulse: float = latest(c.PULSE, within=hours(24), preliminary=True)
    age_years: int = age_years()
    creatinine: float = latest(c.CREATININE, within=hours(24))
    cardiac_arrest: bool = given()
    st_deviation: bool = given()
    raised_enzymes: bool = given()
    st_elevation: bool | None = given(required=False)


@capability(
    id="grace",
    version="1.0",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Granger et al., Predictors of hospital mortality in the Global Registry of Acute Coronary Events, Arch Intern Med 2003;163:2345-53",
    not_for="children (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Made for the values at admission; later ones answer another question.",
    live=False,
)
def grace(v: Admission) -> Finding:
    score = CHART(v)
    severity, band = (Severity.NONE, "limits for ST elevation differ") if v.st_elevation else _meaning(score.total)
    return Finding(score.total, f"GRACE {score.total}, {band}", severity, "{score}", score.rows)


def _meaning(total: int) -> tuple[Severity, str]:
    if total > INTERMEDIATE:
        return Severity.MEDIUM, "high risk, above 3 % in hospital"
    return (Severity.LOW, "intermediate risk, 1 to 3 % in hospital") if total > LOW else (Severity.NONE, "low risk, below 1 % in hospital")
