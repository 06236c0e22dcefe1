"""Osmolal gap: is something in the blood that nobody measured, an alcohol perhaps?

Measured osmolality less 2 x sodium + glucose / 18 + urea nitrogen / 2.8 (mg/dL); above 10 mosm/kg it is raised (IFCC's critical list, as
the reference read it). Measured ethanol explains ethanol / 4.6 of it, its molar mass; other sources divide by 3.7, so that line is provisional
and the gap itself stays without it.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.findings import Evidence, Finding, Severity
from wardline.core.quantities import rounded

RAISED = 10.0  # mosm/kg, above
ETHANOL_PER_MOSM = 4.6  # mg/dL


@dataclass(frozen=True)
class Sample(Inputs):
    # One draw: glucose and alcohol move fast. The hour is our choice.
    osmolality: float = latest(c.OSMOLALITY, within=hours(12), together=hours(1))
    sodium: float = latest(c.SODIUM, within=hours(12), together=hours(1))
    glucose: float = latest(c.GLUCOSE, within=hours(12), together=hours(1))
    urea_nitrogen: float = latest(c.UREA_NITROGEN, within=hours(12), together=hours(1))
    ethanol: float | None = latest(c.ETHANOL, within=hours(12), required=False, together=hours(1))


@capability(
    id="osmolal_gap",
    version="1",
    standing="verified",
    about="patient",
    reference="Calculated osmolality 2 Na + glucose / 18 + urea nitrogen / 2.8 (mg/dL); gap above 10 mosm/kg raised",
    unit="mosm/kg",
    caution="A normal gap does not exclude poisoning: late, the alcohol has become acid and the gap is gone.",
    live=False,
)
def osmolal_gap(v: Sample) -> Finding:
    calculated = 2 * v.sodium + v.glucose / 18 + v.urea_nitrogen / 2.8
    gap = rounded(v.osmolality - calculated, 1)
    explained = "" if v.ethanol is None else f"explains {v.ethanol / ETHANOL_PER_MOSM:.1f} mosm/kg (provisional)"
    return Finding(
        value=gap,
        unit="mosm/kg",
        severity=Severity.LOW if gap > RAISED else Severity.NONE,
        summary=f"Osmolal gap {gap:.1f} mosm/kg{', raised' if gap > RAISED else ''}",
        because=(
            Evidence("osmolality", v.osmolality),
            Evidence("sodium", v.sodium),
            Evidence("glucose", rounded(v.glucose, 1)),
            Evidence("urea_nitrogen", rounded(v.urea_nitrogen, 1)),
            Evidence("calculated_osmolality", rounded(calculated, 1)),
            *([Evidence("ethanol", rounded(v.ethanol, 1), band=explained)] if v.ethanol is not None else ()),
        ),
    )
