"""Urine output: how much urine does this patient make per kilogram and hour?

The charted volumes of at least the last 6 hours divided by weight and time; over 12 and 24 hours too where charting allows. What a
low output means for the kidneys is answered by KDIGO AKI, which alerts; this only measures.
"""

from dataclasses import dataclass

from wardline.capabilities.kidney.urine_rate import urine_rates
from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, capability, days, hours, latest, series
from wardline.core.findings import Finding, Outcome, Reasons, Unknown
from wardline.core.quantities import plain, rounded

WINDOWS = (6, 12, 24)
"""Hours over which KDIGO 2012 looks at urine output."""


@dataclass(frozen=True)
class Urine(Inputs):
    urine_output: tuple[Reading, ...] = series(c.URINE_OUTPUT, within=hours(48), newest=hours(6), preliminary=True)
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)


@capability(
    id="urine_output",
    version="1",
    standing="verified",
    about="encounter",
    reference="KDIGO Clinical Practice Guideline for Acute Kidney Injury, Kidney Int Suppl 2012;2:1-138 (the windows)",
    unit="mL/kg/h",
    caution="Only as complete as the charting: urine nobody measured is not in it.",
)
def urine_output(v: Urine) -> Outcome:
    because = Reasons()
    because.add("weight", v.weight)
    rates = urine_rates(v.urine_output, v.weight, WINDOWS)
    if WINDOWS[0] not in rates:
        return Unknown(("urine_output",), "urine is not charted without a gap over the last 6 hours")
    for rate in rates.values():
        because.add("urine_output", rounded(rate.per_kg_hour, 2), band=f"{plain(rate.millilitres)} mL in {plain(rounded(rate.hours, 1))} hours")
    shown = ", ".join(f"{rounded(rate.per_kg_hour, 2):.2f} over {window} hours" for window, rate in rates.items())
    value = rounded(rates[WINDOWS[0]].per_kg_hour, 2)
    return Finding(value, f"Urine output {shown} (mL/kg/h)", unit="mL/kg/h", because=tuple(because.lines))
