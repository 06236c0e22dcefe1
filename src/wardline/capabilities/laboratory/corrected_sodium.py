"""Corrected sodium: what would sodium be if glucose were normal?

For each 100 mg/dL of glucose above 100: 1.6 mmol/L more (Katz MA. N Engl J Med 1973;289:843-4) or 2.4 (Hillier TA, Abbott RD, Barrett EJ.
Am J Med 1999;106:399-403; citations not read here, the formulas are those of several calculators). Both are shown; which one counts is
the site's decision (`corrected_sodium_formula`: katz or hillier), Katz until it has decided.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, site
from wardline.core.errors import Refused
from wardline.core.findings import Evidence, Finding, NotValid, Outcome
from wardline.core.quantities import rounded

FORMULAS = {"katz": 1.6, "hillier": 2.4}  # mmol/L per 100 mg/dL
NORMAL_GLUCOSE = 100.0  # mg/dL


def formula(content: Any) -> str:
    """The name of the formula the site has chosen."""
    if not isinstance(content, str) or content not in FORMULAS:
        raise Refused(f"corrected_sodium_formula is one of {', '.join(FORMULAS)}", code="site-table")
    return content


@dataclass(frozen=True)
class Sample(Inputs):
    # Glucose moves fast: the two must come from one draw, or nearly so. The half hour is our choice.
    sodium: float = latest(c.SODIUM, within=hours(12), together=hours(0.5))
    glucose: float = latest(c.GLUCOSE, within=hours(12), together=hours(0.5))
    corrected_sodium_formula: str = site("corrected_sodium_formula", read=formula, default="katz")


@capability(
    id="corrected_sodium",
    version="1",
    standing="verified",
    about="patient",
    reference="Katz, N Engl J Med 1973;289:843-4; Hillier et al., Am J Med 1999;106:399-403",
    not_for="a glucose of 100 mg/dL or less: there is nothing to correct",
    unit="mmol/L",
)
def corrected_sodium(v: Sample) -> Outcome:
    if v.glucose <= NORMAL_GLUCOSE:
        return NotValid("Glucose is not above 100 mg/dL: there is nothing to correct")
    corrected = {name: rounded(v.sodium + factor * (v.glucose - NORMAL_GLUCOSE) / 100, 1) for name, factor in FORMULAS.items()}
    chosen = corrected[v.corrected_sodium_formula]
    both = ", ".join(f"{value:.1f} by {name.title()}" for name, value in corrected.items())
    because = (
        Evidence("sodium", v.sodium),
        Evidence("glucose", rounded(v.glucose, 1)),
        *(Evidence(name, value, band="counts" if name == v.corrected_sodium_formula else "") for name, value in corrected.items()),
    )
    return Finding(chosen, f"Corrected sodium {both} (mmol/L)", unit="mmol/L", because=because)
