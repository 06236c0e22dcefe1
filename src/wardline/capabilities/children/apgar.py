"""Apgar score: how does this newborn do in the first minutes?

Apgar V. Curr Res Anesth Analg 1953;32:260-7; American Academy of Pediatrics and ACOG, The Apgar Score, Pediatrics 2015;136:819-22 (citations
not read here; the MSD Manual's table, read, has the same rows). A heart rate of exactly 100 gives 2 as the AAP has it; the older charts,
the MSD Manual's among them, print "more than 100". Newborn resuscitation does not wait for the score.
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core.capability import Inputs, capability, given
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, codes, points

CHART = points(
    colour=codes({"blue or pale": 0, "body pink, hands and feet blue": 1, "pink": 2}),
    heart_rate=bands((0, 0), (99, 1), above=2),
    reflexes=codes({"no response": 0, "grimace": 1, "cry, cough or sneeze": 2}),
    tone=codes({"limp": 0, "some flexion": 1, "active": 2}),
    breathing=codes({"absent": 0, "slow or irregular": 1, "good, crying": 2}),
)
REASSURING, MODERATE = 7, 4


@dataclass(frozen=True)
class Newborn(Inputs):
    colour: Literal["blue or pale", "body pink, hands and feet blue", "pink"] = given()
    # Beats a minute at the time of the score; 0 for none.
    heart_rate: float = given()
    reflexes: Literal["no response", "grimace", "cry, cough or sneeze"] = given()
    tone: Literal["limp", "some flexion", "active"] = given()
    breathing: Literal["absent", "slow or irregular", "good, crying"] = given()
    minute: Literal[1, 5, 10, 15, 20] = given()


@capability(
    id="apgar",
    version="2015",
    standing="verified",
    about="patient",
    reference="American Academy of Pediatrics and ACOG, The Apgar Score, Pediatrics 2015;136:819-22",
    not_for="anybody but a newborn in its first minutes",
    ages=(0, 0),
    unit="{score}",
    caution="Not for deciding on resuscitation, which begins before the first minute, nor a forecast for the single child.",
    live=False,
)
def apgar(v: Newborn) -> Finding:
    score = CHART(v)
    severity, band = _meaning(score.total)
    return Finding(score.total, f"Apgar {score.total} at {v.minute} min, {band}", severity, "{score}", score.rows, key=f"{v.minute} min")


def _meaning(total: int) -> tuple[Severity, str]:
    if total >= REASSURING:
        return Severity.NONE, "reassuring"
    return (Severity.LOW, "moderately abnormal") if total >= MODERATE else (Severity.MEDIUM, "low")
