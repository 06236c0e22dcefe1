"""Sepsis-3: is this adult's infection harming organs, and is it septic shock?

Singer M et al. The Third International Consensus Definitions for Sepsis and Septic Shock. JAMA 2016;315:801-10 (PMC4968574). Sepsis: suspected
infection and a SOFA rise of 2 or more; a baseline nobody knows is 0, as the definition says. Suspected: a culture within 24 h after an
antibiotic, or an antibiotic within 72 h after a culture; the SOFA counts from 48 h before to 24 h after (MIT-LCP mimic-code, sepsis3.sql, read
for the reference). Shock: besides, a vasopressor for a mean pressure of 65 and a lactate above 2 mmol/L in spite of fluids.

Cultures are recognised by the name of the procedure, so the answer is provisional.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wardline.capabilities.sepsis.antibiotics import suspected_since
from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, doses, finding, given, hours, latest, moment, procedures
from wardline.core.course import Given, Procedure
from wardline.core.events import Found
from wardline.core.findings import AtLeast, Evidence, Finding, Outcome, Severity, Unknown
from wardline.core.quantities import plain

RISE = 2
BEFORE, AFTER = timedelta(hours=48), timedelta(hours=24)
SOFA_LOOKS_BACK = timedelta(hours=24)
SHOCK_LACTATE = 2.0  # mmol/L, above


@dataclass(frozen=True)
class Infection(Inputs):
    sofa: Found = finding("sofa")
    # "The baseline SOFA score can be assumed to be zero in patients not known to have preexisting organ dysfunction" (box 3).
    baseline_sofa: float = given(default=0.0)
    suspected_infection: bool | None = given(required=False)
    doses: tuple[Given, ...] | None = doses(within=hours(96), required=False)
    procedures: tuple[Procedure, ...] | None = procedures(within=hours(96), required=False)
    asked_at: datetime | None = moment()
    vasopressor_for_pressure: bool | None = given(required=False)
    lactate: float | None = latest(c.LACTATE, within=hours(24), required=False)


@capability(
    id="sepsis_3",
    version="2016",
    standing="provisional",
    about="encounter",
    reference="Singer et al., The Third International Consensus Definitions for Sepsis and Septic Shock, JAMA 2016;315:801-10",
    not_for="under 18 years",
    ages=(18, None),
    caution="A definition, not a screening tool: treatment does not wait for two points.",
    live=False,
)
def sepsis_3(v: Infection) -> Outcome:
    is_suspected, told = _suspicion(v)
    if is_suspected is None:
        return Unknown(("suspected_infection",), told)
    known = float(v.sofa.value) - v.baseline_sofa if isinstance(v.sofa.value, int | float) else 0.0
    rows = (
        Evidence("suspected_infection", "yes" if is_suspected else "no", band=told),
        Evidence("sofa", v.sofa.value, band=f"rise of {plain(known)} from {plain(v.baseline_sofa)}"),
        Evidence("lactate", v.lactate),
        Evidence("vasopressor_for_pressure", None if v.vasopressor_for_pressure is None else "yes" if v.vasopressor_for_pressure else "no"),
    )
    if not is_suspected:
        return Finding("no sepsis", "No sepsis: infection is not suspected", because=rows)
    if known >= RISE:
        return _sepsis(v, rows)
    answer = Finding("no sepsis", f"No sepsis by this definition: SOFA rose by {plain(known)}", because=rows)
    # An incomplete SOFA that is too low proves nothing.
    return AtLeast(answer, ("sofa",)) if v.sofa.outcome == "at_least" else answer


def _sepsis(v: Infection, rows: tuple[Evidence, ...]) -> Finding:
    if v.vasopressor_for_pressure and v.lactate is not None and v.lactate > SHOCK_LACTATE:
        return Finding("septic shock", "Septic shock: vasopressor and lactate above 2 mmol/L", Severity.MEDIUM, because=rows)
    unknown = v.vasopressor_for_pressure is None or (v.vasopressor_for_pressure and v.lactate is None)
    return Finding("sepsis", f"Sepsis{'; whether shock is not known' if unknown else ''}", Severity.MEDIUM, because=rows)


def _suspicion(v: Infection) -> tuple[bool | None, str]:
    """What the asker says goes before the record; a record without the pair leaves it open, it does not say no."""
    if v.suspected_infection is not None:
        return v.suspected_infection, "said"
    since = suspected_since(v.doses or (), v.procedures or ())
    if since is None:
        return None, "no antibiotic and culture on record that belong together"
    if v.asked_at is not None and not since - BEFORE <= v.asked_at <= since + AFTER + SOFA_LOOKS_BACK:
        return None, "the antibiotic and the culture on record are too long ago for this SOFA"
    return True, f"antibiotic and culture, since {since:%Y-%m-%d %H:%M}"
