"""qSOFA, the quick SOFA: might this infection be harming the patient's organs?

Seymour CW et al. JAMA 2016;315:762-74 and Singer M et al. (Sepsis-3). JAMA 2016;315:801-10 (citations not read here). The three
criteria are the same in every implementation that was looked at; "altered mentation" is a Glasgow coma scale below 15.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.concepts import Concept
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, flag, points

RESPIRATION = bands((21, 0), above=1)
SYSTOLIC = bands((100, 1), above=0)
CHART = points(
    respiratory_rate=RESPIRATION,
    systolic_pressure=SYSTOLIC,
    altered_mentation=flag(1, yes="altered", no="not altered"),
)

POSITIVE = 2
FULLY_CONSCIOUS = 15


def is_altered(value: Any, concept: Concept) -> bool:
    """A Glasgow coma scale below 15, or anything but "alert" on ACVPU: confusion, voice and pain all cost points on the Glasgow scale."""
    return bool(value < FULLY_CONSCIOUS) if concept is c.GLASGOW_TOTAL else bool(value != "A")


@dataclass(frozen=True)
class Bedside(Inputs):
    respiratory_rate: float = latest(c.RESPIRATORY_RATE, within=hours(12), preliminary=True)
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(12), preliminary=True)
    altered_mentation: bool = latest(c.GLASGOW_TOTAL, c.CONSCIOUSNESS, within=hours(12), convert=is_altered, preliminary=True)


@capability(
    id="qsofa",
    version="2016",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Singer et al., The Third International Consensus Definitions for Sepsis and Septic Shock, JAMA 2016;315:801-10",
    not_for="children: made for adults with suspected infection (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Only means something when infection is suspected. The Surviving Sepsis Campaign 2021 advises against it as the single screening tool.",
)
def qsofa(v: Bedside) -> Finding:
    score = CHART(v)
    positive = score.total >= POSITIVE
    return Finding(
        value=score.total,
        unit="{score}",
        # Whether infection is suspected is not known here, and the guideline is against screening by it alone: never more than a hint.
        severity=Severity.LOW if positive else Severity.NONE,
        summary=f"qSOFA {score.total}, {'positive' if positive else 'not positive'}",
        because=score.rows,
    )
