"""Hyponatraemia work-up: why is sodium low, and which test comes next?

Spasovski G et al. Clinical practice guideline on diagnosis and treatment of hyponatraemia. Eur J Endocrinol 2014;170:G1-47, sections 6.1
and 6.2 (recalled, not read here): mild 130 to 134, moderate 125 to 129, profound below 125 mmol/L; hypotonic below 275 mOsm/kg; urine osmolality
100 mOsm/kg or less: too much water or too little solute; above it urine sodium 30 mmol/L or less: low effective arterial volume. The sodium
corrected for glucose is Hillier's (2.4 mmol/L for each 100 mg/dL above 100; Am J Med 1999;106:399-403).
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, hours, latest
from wardline.core.findings import Finding, Reasons, Severity, Suggestion
from wardline.core.quantities import rounded

LOW, MODERATE, PROFOUND = 135.0, 130.0, 125.0  # mmol/L, below
HYPOTONIC = 275.0  # mosm/kg, below
DILUTE = 100.0  # mosm/kg in urine, up to
SALT_SAVING = 30.0  # mmol/L in urine, up to
PER_GLUCOSE, NORMAL_GLUCOSE = 2.4, 100.0  # mmol/L per 100 mg/dL; mg/dL


@dataclass(frozen=True)
class Water(Inputs):
    sodium: float = latest(c.SODIUM, within=hours(48))
    glucose: float | None = latest(c.GLUCOSE, within=hours(48), required=False)
    osmolality: float | None = latest(c.OSMOLALITY, within=days(2), required=False)
    urine_osmolality: float | None = latest(c.URINE_OSMOLALITY, within=days(2), required=False)
    urine_sodium: float | None = latest(c.URINE_SODIUM, within=days(2), required=False)


@capability(
    id="hyponatraemia",
    version="2014",
    standing="provisional",
    about="patient",
    reference="Spasovski et al., Eur J Endocrinol 2014;170:G1-47",
    not_for="under 18 years",
    ages=(18, None),
    live=False,
    caution="Seizures, coma or vomiting are treated first. Correcting too fast harms.",
)
def hyponatraemia(v: Water) -> Finding:
    because = Reasons()
    depth = "profound" if v.sodium < PROFOUND else "moderate" if v.sodium < MODERATE else "mild"
    if v.sodium >= LOW:
        because.add("sodium", v.sodium, band=f"{LOW:g} mmol/L or more")
        return Finding("none", f"No hyponatraemia: sodium {v.sodium:g} mmol/L", unit="", because=tuple(because.lines))
    because.add("sodium", v.sodium, band=depth)
    cause, suggestion = _cause(v, because)
    severity = Severity.MEDIUM if v.sodium < PROFOUND else Severity.LOW
    summary = f"{depth.capitalize()} hyponatraemia, sodium {v.sodium:g} mmol/L: {cause}"
    return Finding(cause, summary, severity, because=tuple(because.lines), suggestions=(Suggestion(suggestion),))


def _cause(v: Water, because: Reasons) -> tuple[str, str]:
    if v.glucose is not None:
        corrected = rounded(v.sodium + PER_GLUCOSE * max(0.0, v.glucose - NORMAL_GLUCOSE) / 100, 1)
        because.add("glucose", rounded(v.glucose, 0), band=f"sodium corrected for it {corrected:g} mmol/L")
        if corrected >= LOW:
            return "explained by glucose", "Treat the glucose and measure sodium again"
    if v.osmolality is None:
        because.add("osmolality")
        return "tonicity not known", "Ask for serum osmolality, urine osmolality and urine sodium"
    because.add("osmolality", v.osmolality, band=f"below {HYPOTONIC:g}" if v.osmolality < HYPOTONIC else f"{HYPOTONIC:g} or more")
    if v.osmolality >= HYPOTONIC:
        return "not hypotonic", "Look for glucose, mannitol and contrast; exclude an artefact of high fat or protein"
    return _hypotonic(v, because)


def _hypotonic(v: Water, because: Reasons) -> tuple[str, str]:
    if v.urine_osmolality is None:
        because.add("urine_osmolality")
        return "hypotonic", "Ask for urine osmolality and urine sodium"
    dilute = v.urine_osmolality <= DILUTE
    because.add("urine_osmolality", v.urine_osmolality, band=f"{DILUTE:g} or less" if dilute else f"above {DILUTE:g}")
    if dilute:
        return "too much water or too little solute", "Ask about drinking, beer and food"
    if v.urine_sodium is None:
        because.add("urine_sodium")
        return "hypotonic, urine concentrated", "Ask for urine sodium"
    saving = v.urine_sodium <= SALT_SAVING
    because.add("urine_sodium", v.urine_sodium, band=f"{SALT_SAVING:g} or less" if saving else f"above {SALT_SAVING:g}")
    if saving:
        return "low effective arterial volume", "Look for heart failure, cirrhosis, nephrosis; for losses of gut and skin; for diuretics"
    return "urine salt not saved", "Ask about diuretics; look at kidneys and volume; ask for cortisol and TSH before calling it SIADH"
