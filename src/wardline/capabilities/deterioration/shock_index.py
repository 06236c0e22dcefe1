"""Shock index: is the pulse high for this blood pressure?

Pulse divided by systolic pressure; usually 0.5 to 0.7. Rady MY, Smithline HA, Blake H, Nowak R, Rivers E. Ann Emerg Med
1994;24:685-90 (abstract read here): above 0.9 adults who looked stable often needed treatment at once. Koch E, Lovett S, Nghiem T,
Riggs RA, Rech MA. Open Access Emerg Med 2019;11:179-99 (abstract read here): above 1.0 goes with higher mortality.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, minutes, site
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding, Severity
from wardline.core.quantities import rounded

RAISED = 0.9  # Rady 1994; the site may set its own
WITH_MORTALITY = 1.0  # Koch 2019


def limit(content: Any) -> float:
    """The site's own limit above which the index counts as raised."""
    if isinstance(content, bool) or not isinstance(content, int | float) or not 0 < content < 3:
        raise Refused("shock_index_limit must be a number such as 0.9", code="site-table")
    return float(content)


@dataclass(frozen=True)
class Circulation(Inputs):
    # The two belong to one set of observations; the quarter of an hour is our choice.
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True, together=minutes(15))
    systolic_pressure: float = latest(c.SYSTOLIC_PRESSURE, within=hours(12), preliminary=True, together=minutes(15))
    shock_index_limit: float = site("shock_index_limit", read=limit, default=RAISED)


@capability(
    id="shock_index",
    version="1994",
    standing="verified",
    about="encounter",
    reference="Rady et al., Ann Emerg Med 1994;24:685-90; Koch et al., Open Access Emerg Med 2019;11:179-99",
    not_for="children: studied in adults (the limit of 18 years is ours)",
    ages=(18, None),
    unit="1",
    caution="Drugs that act on pulse or blood pressure confound it.",
)
def shock_index(v: Circulation) -> Finding:
    index = rounded(v.pulse / v.systolic_pressure, 2)
    severity, band = _meaning(index, v.shock_index_limit)
    return Finding(
        value=index,
        unit="1",
        severity=severity,
        summary=f"Shock index {index:.2f}, {band}",
        because=(Evidence("pulse", v.pulse), Evidence("systolic_pressure", v.systolic_pressure)),
    )


def _meaning(index: float, raised: float) -> tuple[Severity, str]:
    """Neither source calls it an emergency: it says "look again", and more urgently above 1.0."""
    if index <= raised:
        return Severity.NONE, "not raised"
    if index > WITH_MORTALITY:
        return Severity.MEDIUM, "raised, above 1.0"
    return Severity.LOW, f"raised, above {raised:g}"
