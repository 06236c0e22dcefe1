"""Horowitz index, the P/F ratio: how well does this patient's blood take up the oxygen that is given?

Arterial oxygen pressure divided by the inspired fraction of oxygen. 300, 200 and 100 mm Hg part mild, moderate and severe in the Berlin
definition of ARDS (JAMA 2012;307:2526-33, citation not read here; the same three limits stand in the SOFA table, which was read). The limits
alone are not ARDS: that also needs timing, imaging, an origin outside the heart, and at least 5 cm H2O of end-expiratory pressure.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.findings import Evidence, Finding, Severity
from wardline.core.quantities import rounded

BANDS = ((100, "100 or less", Severity.MEDIUM), (200, "101 to 200", Severity.MEDIUM), (300, "201 to 300", Severity.LOW))


@dataclass(frozen=True)
class BloodGas(Inputs):
    # The fraction must be the one at which the blood was drawn; four hours is how long a setting is trusted here, our choice.
    arterial_oxygen: float = latest(c.ARTERIAL_OXYGEN, within=hours(12), together=hours(4))
    inspired_oxygen: float = latest(c.INSPIRED_OXYGEN, within=hours(12), preliminary=True, together=hours(4))


@capability(
    id="horowitz_index",
    version="1",
    standing="verified",
    about="encounter",
    reference="PaO2 / FiO2; ARDS Definition Task Force, The Berlin Definition, JAMA 2012;307:2526-33",
    unit="mm[Hg]",
    caution="The ratio alone does not make ARDS; it also falls with the end-expiratory pressure taken away.",
    live=False,
)
def horowitz_index(v: BloodGas) -> Finding:
    ratio = rounded(v.arterial_oxygen / (v.inspired_oxygen / 100))
    band, severity = next(((band, severity) for most, band, severity in BANDS if ratio <= most), ("above 300", Severity.NONE))
    return Finding(
        value=ratio,
        unit="mm[Hg]",
        severity=severity,
        summary=f"P/F ratio {ratio:.0f} mm Hg, {band}",
        because=(Evidence("arterial_oxygen", rounded(v.arterial_oxygen, 1)), Evidence("inspired_oxygen", v.inspired_oxygen)),
    )
