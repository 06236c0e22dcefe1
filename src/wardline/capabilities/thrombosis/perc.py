"""PERC, the pulmonary embolism rule-out criteria: can an embolism be ruled out without any test?

Kline JA et al. Clinical criteria to prevent unnecessary diagnostic testing in emergency department patients with suspected pulmonary
embolism. J Thromb Haemost 2004;2:1247-55 (citation not read here; the criteria agree in three sources). Only where the clinician thinks
an embolism unlikely, below 15 %, to begin with. One criterion that is not met, or not known, and the rule does not apply.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, given, has, hours, latest
from wardline.core.diseases import VENOUS_THROMBOEMBOLISM
from wardline.core.findings import Finding, NotValid, Outcome, Severity
from wardline.core.scoring import bands, flag, points

CHART = points(
    age_years=bands((49, 0), above=1),
    pulse=bands((99, 0), above=1),
    oxygen_saturation=bands((94, 1), above=0),
    one_leg_swollen=flag(1),
    haemoptysis=flag(1),
    operated_or_injured=flag(1),
    earlier_thromboembolism=flag(1),
    oestrogen=flag(1),
)


@dataclass(frozen=True)
class Suspicion(Inputs):
    unlikely_beforehand: bool = given()
    age_years: int = age_years()
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True)
    oxygen_saturation: float = latest(c.OXYGEN_SATURATION, within=hours(12), preliminary=True)
    one_leg_swollen: bool = given()
    haemoptysis: bool = given()
    # In the last four weeks, with hospital treatment.
    operated_or_injured: bool = given()
    earlier_thromboembolism: bool = has(VENOUS_THROMBOEMBOLISM)
    oestrogen: bool = given()


@capability(
    id="perc",
    version="2004",
    standing="verified",
    about="encounter",
    reference="Kline et al., J Thromb Haemost 2004;2:1247-55",
    not_for="children (the limit of 18 years is ours); pregnancy; anybody whose risk is not judged low beforehand",
    ages=(18, None),
    pregnancy=False,
    unit="{criteria}",
    caution="A saturation on added oxygen does not count; the criteria are for one on air.",
    live=False,
)
def perc(v: Suspicion) -> Outcome:
    if not v.unlikely_beforehand:
        return NotValid("PERC only applies where an embolism is judged unlikely, below 15 %, beforehand")
    score = CHART(v)
    if score.total == 0:
        summary = "PERC: no criterion met, an embolism is ruled out without further tests"
        return Finding(0, summary, Severity.NONE, "{criteria}", score.rows)
    summary = f"PERC: {score.total} of 8 criteria met, an embolism is not ruled out"
    return Finding(score.total, summary, Severity.LOW, "{criteria}", score.rows)
