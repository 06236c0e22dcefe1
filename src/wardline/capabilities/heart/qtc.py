"""Corrected QT: is the heart's electrical recovery too long at this heart rate?

With RR = 60 / heart rate in seconds and QT in ms: Bazett QT / RR^(1/2), Fridericia QT / RR^(1/3), Framingham QT + 154 (1 - RR), Hodges QT
+ 1.75 (heart rate - 60). Luo S et al. A comparison of commonly used QT correction formulae. J Electrocardiol 2004;37 Suppl:81-90 and an
openEHR guideline print all four (as the reference read them). Fridericia counts unless the site chooses another; Bazett misleads far from 60.

Above 500 ms is high risk in both sources. What is prolonged below that differs: 450 in men and 460 in women is used here; another guideline
says 440 and 460. Below 500 the severity therefore stays low.
"""

from dataclasses import dataclass
from typing import Any, Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, minutes, sex, site
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding, NotValid, Outcome, Severity
from wardline.core.quantities import rounded

PROLONGED = {"M": 450, "F": 460}  # ms, above
HIGH_RISK = 500  # ms, above
FORMULAS = ("fridericia", "bazett", "framingham", "hodges")


def formula(content: Any) -> str:
    """The name of the formula the site has chosen."""
    if content not in FORMULAS:
        raise Refused(f"qtc_formula is one of {', '.join(FORMULAS)}", code="site-table")
    return str(content)


@dataclass(frozen=True)
class Electrocardiogram(Inputs):
    # One tracing: a heart rate from another time corrects nothing. The five minutes are our choice.
    qt_interval: float = latest(c.QT_INTERVAL, within=hours(24), together=minutes(5))
    pulse: float = latest(c.PULSE, within=hours(24), preliminary=True, together=minutes(5))
    sex: Literal["F", "M"] | None = sex(required=False)
    qtc_formula: str = site("qtc_formula", read=formula, default="fridericia")


@capability(
    id="qtc",
    version="1",
    standing="verified",
    about="encounter",
    reference="Bazett 1920, Fridericia 1920, Sagie 1992 (Framingham), Hodges 1983; Luo et al., J Electrocardiol 2004;37 Suppl:81-90",
    not_for="bundle branch block and pacing, which lengthen QT by a wide QRS",
    unit="ms",
    caution="The formulas part company far from a rate of 60; compare only values by the same one.",
    live=False,
)
def qtc(v: Electrocardiogram) -> Outcome:
    if v.pulse == 0:
        return NotValid("no heart beat is counted")
    values = {name: rounded(value) for name, value in corrected(v.qt_interval, v.pulse).items()}
    chosen = values[v.qtc_formula]
    severity, band = _meaning(chosen, v.sex)
    return Finding(
        value=chosen,
        unit="ms",
        severity=severity,
        summary=f"QTc {chosen:.0f} ms by {v.qtc_formula.title()}{band}",
        because=(
            Evidence("qt_interval", v.qt_interval),
            Evidence("pulse", v.pulse),
            Evidence("sex", v.sex),
            *(Evidence(name, value, band="counts" if name == v.qtc_formula else "") for name, value in values.items()),
        ),
    )


def corrected(qt: float, rate: float) -> dict[str, float]:
    """QT in ms at a heart rate per minute, by each formula."""
    interval = 60 / rate
    return {
        "fridericia": qt / interval ** (1 / 3),
        "bazett": qt / interval**0.5,
        "framingham": qt + 154 * (1 - interval),
        "hodges": qt + 1.75 * (rate - 60),
    }


def _meaning(value: float, sex: Literal["F", "M"] | None) -> tuple[Severity, str]:
    if value > HIGH_RISK:
        return Severity.MEDIUM, ", above 500: high risk of torsades de pointes"
    limit = PROLONGED[sex] if sex is not None else max(PROLONGED.values())  # of somebody unknown only what is long in both
    return (Severity.LOW, f", above {limit}: prolonged") if value > limit else (Severity.NONE, "")
