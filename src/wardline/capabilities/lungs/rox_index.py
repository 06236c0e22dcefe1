"""ROX index: is high-flow oxygen working for this patient?

Saturation divided by the inspired fraction of oxygen, divided by the respiratory rate. Roca O, Caralt B, Messika J et al. Am J Respir
Crit Care Med 2019;199:1368-76, doi 10.1164/rccm.201803-0589OC (abstract read here): adults with pneumonia on high-flow nasal oxygen;
4.88 or more at 2, 6 or 12 hours went with fewer intubations; below 2.85, 3.47 and 3.85 at 2, 6 and 12 hours predicted failure.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, hours, latest, minutes
from wardline.core.findings import Evidence, Finding, NotValid, Outcome, Severity
from wardline.core.quantities import rounded

SUCCESS = 4.88
FAILURE = ((12, 3.85), (6, 3.47), (2, 2.85))
"""(hours since high-flow oxygen began, limit below which it is failing)"""


@dataclass(frozen=True)
class Breathing(Inputs):
    # One set of observations; the half hour is our choice.
    oxygen_saturation: float = latest(c.OXYGEN_SATURATION, within=hours(12), preliminary=True, together=minutes(30))
    inspired_oxygen: float = latest(c.INSPIRED_OXYGEN, within=hours(12), preliminary=True, together=minutes(30))
    respiratory_rate: float = latest(c.RESPIRATORY_RATE, within=hours(12), preliminary=True, together=minutes(30))
    hours_on_high_flow: float | None = given(required=False)


@capability(
    id="rox_index",
    version="2019",
    standing="verified",
    about="encounter",
    reference="Roca et al., Am J Respir Crit Care Med 2019;199:1368-76",
    not_for="children (the limit of 18 years is ours); patients who are not on high-flow nasal oxygen",
    ages=(18, None),
    unit="{score}",
    caution="Only means something on high-flow nasal oxygen, which the record does not state. Found in pneumonia; elsewhere limits differ.",
)
def rox_index(v: Breathing) -> Outcome:
    if v.respiratory_rate == 0:
        return NotValid("no breath is counted")
    index = rounded(v.oxygen_saturation / (v.inspired_oxygen / 100) / v.respiratory_rate, 2)
    severity, band = _meaning(index, v.hours_on_high_flow)
    return Finding(
        value=index,
        unit="{score}",
        severity=severity,
        summary=f"ROX index {index:.2f}, {band}",
        because=(
            Evidence("oxygen_saturation", v.oxygen_saturation),
            Evidence("inspired_oxygen", v.inspired_oxygen),
            Evidence("respiratory_rate", v.respiratory_rate),
            Evidence("hours_on_high_flow", v.hours_on_high_flow),
        ),
    )


def _meaning(index: float, hours_on_high_flow: float | None) -> tuple[Severity, str]:
    """The limits of failure belong to hours of treatment; without these the index is shown and nobody is told."""
    if index >= SUCCESS:
        return Severity.NONE, "4.88 or more favours success"
    if hours_on_high_flow is None:
        return Severity.NONE, "below 4.88; the limit of failure depends on the hours on high-flow oxygen"
    for since, limit in FAILURE:
        if hours_on_high_flow >= since:
            failing = index < limit
            return (Severity.MEDIUM, f"failing: below {limit} at {since} hours") if failing else (Severity.NONE, f"between {limit} and 4.88")
    return Severity.NONE, "below 4.88; no limit of failure before 2 hours"
