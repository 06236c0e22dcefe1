"""CURB-65: how dangerous is this adult's pneumonia?

Lim WS et al. Defining community acquired pneumonia severity on presentation to hospital. Thorax 2003;58:377-82 (citation not read here;
the criteria agree in three independent implementations except for urea). The original asks for urea above 7 mmol/L, which is 19.6 mg/dL of
urea nitrogen; implementations that round it to 19 or 20 mg/dL differ from this one in between.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, given, hours, latest
from wardline.core.findings import Finding, Outcome, Severity
from wardline.core.scoring import bands, flag, points
from wardline.core.tally import Tally

CHART = points(
    confusion=flag(1, yes="new confusion", no="no new confusion"),
    urea_nitrogen=bands((19.62, 0), above=1, step=0.01),  # above 7.00 mmol/L: 19.62 x 0.357 = 7.004
    respiratory_rate=bands((29, 0), above=1),
    age_years=bands((64, 0), above=1),
)
PRESSURE = (("systolic_pressure", bands((89, 1), above=0)), ("diastolic_pressure", bands((60, 1), above=0)))


@dataclass(frozen=True)
class Presentation(Inputs):
    confusion: bool = given()
    urea_nitrogen: float = latest(c.UREA_NITROGEN, within=hours(24))
    respiratory_rate: float = latest(c.RESPIRATORY_RATE, within=hours(24), preliminary=True)
    age_years: int = age_years()
    systolic_pressure: float | None = latest(c.SYSTOLIC_PRESSURE, within=hours(24), required=False, preliminary=True)
    diastolic_pressure: float | None = latest(c.DIASTOLIC_PRESSURE, within=hours(24), required=False, preliminary=True)


@capability(
    id="curb65",
    version="2003",
    standing="verified",
    about="encounter",
    additive=True,
    reference="Lim et al., Defining community acquired pneumonia severity on presentation to hospital, Thorax 2003;58:377-82",
    not_for="children (the limit of 18 years is ours); pneumonia that began in hospital",
    ages=(18, None),
    unit="{score}",
    caution="Made for community-acquired pneumonia at presentation; it does not make the diagnosis.",
    live=False,
)
def curb65(v: Presentation) -> Outcome:
    tally = Tally()
    tally.chart(CHART(v))
    tally.any_of(v, PRESSURE)
    return tally.outcome(_finding)


def _finding(total: int) -> Finding:
    severity, band = _meaning(total)
    return Finding(total, f"CURB-65 {total}, {band}", severity, "{score}")


def _meaning(total: int) -> tuple[Severity, str]:
    """The three groups of the paper's abstract: 0-1, 2, 3 or more."""
    if total >= 3:
        return Severity.MEDIUM, "severe"
    return (Severity.LOW, "intermediate") if total == 2 else (Severity.NONE, "low")
