"""MEWS, the Modified Early Warning Score: is this adult medical patient at risk of getting worse?

Subbe CP, Kruger M, Rutherford P, Gemmel L. Validation of a modified Early Warning Score in medical admissions. QJM 2001;94:521-6,
doi 10.1093/qjmed/94.10.521 (abstract read here; the table is one that two implementations carry alike). Many hospitals use a
variant of their own: this is the table of 2001.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, codes, points

SYSTOLIC = bands((70, 3), (80, 2), (100, 1), (199, 0), above=2)
PULSE = bands((39, 2), (50, 1), (100, 0), (110, 1), (129, 2), above=3)
RESPIRATION = bands((8, 2), (14, 0), (20, 1), (29, 2), above=3)
TEMPERATURE = bands((34.9, 2), (38.4, 0), above=2, step=0.1)
# AVPU of 2001 knows no new confusion: such a patient was "alert". NEWS2 is the score that counts it.
CONSCIOUSNESS = codes(
    {"A": 0, "C": 0, "V": 1, "P": 2, "U": 3},
    {"A": "alert", "C": "new confusion, alert on AVPU", "V": "responds to voice", "P": "responds to pain", "U": "unresponsive"},
)

CHART = points(
    systolic_pressure=SYSTOLIC,
    pulse=PULSE,
    respiratory_rate=RESPIRATION,
    temperature=TEMPERATURE,
    consciousness=CONSCIOUSNESS,
)

AT_RISK = 5
"""Scores of 5 or more went with more deaths and admissions to intensive care (abstract)."""


@dataclass(frozen=True)
class Vitals(Inputs):
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(12), preliminary=True)
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True)
    respiratory_rate: float = latest(c.RESPIRATORY_RATE, within=hours(12), preliminary=True)
    temperature: float = latest(c.TEMPERATURE, within=hours(12), preliminary=True)
    consciousness: str = latest(c.CONSCIOUSNESS, within=hours(12), preliminary=True)


@capability(
    id="mews",
    version="2001",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Subbe et al., Validation of a modified Early Warning Score in medical admissions, QJM 2001;94:521-6",
    not_for="children: the score was made for adult medical admissions (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="New confusion counts as alert here, and oxygen is not looked at: NEWS2 sees both.",
)
def mews(v: Vitals) -> Finding:
    score = CHART(v)
    at_risk = score.total >= AT_RISK
    return Finding(
        value=score.total,
        unit="{score}",
        # The paper names a group at higher risk, not an emergency: a place on the worklist, no page.
        severity=Severity.MEDIUM if at_risk else Severity.NONE,
        summary=f"MEWS {score.total}, {'at higher risk' if at_risk else 'below the limit of 5'}",
        because=score.rows,
    )
