"""Hypercalcaemia: how high is calcium, and does the parathyroid drive it?

Society for Endocrinology, Emergency guidance: acute hypercalcaemia in adults. Endocr Connect 2016;5:G9-11 (recalled, not read here):
corrected calcium below 3.0 mmol/L (12.0 mg/dL) mild, 3.0 to 3.5 moderate, above 3.5 (14.0 mg/dL) severe; with it parathyrin that is not
suppressed means primary hyperparathyroidism or familial hypocalciuric hypercalcaemia, a suppressed one malignancy and others. Albumin corrects
as in `corrected_calcium` (Payne 1973). What counts as suppressed is the laboratory's lower limit, which must be said.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, latest
from wardline.core.findings import Finding, Reasons, Severity, Suggestion
from wardline.core.quantities import rounded

UPPER = 10.5  # mg/dL: the higher of the two upper limits of the reference tables (8.5 to 10.5 and 8.6 to 10.2)
MODERATE, SEVERE = 12.0, 14.0  # mg/dL: from; above
NORMAL_ALBUMIN, PER_ALBUMIN = 4.0, 0.8  # g/dL; mg/dL per g/dL


@dataclass(frozen=True)
class Calcium(Inputs):
    calcium: float = latest(c.CALCIUM, within=days(3))
    albumin: float = latest(c.ALBUMIN, within=days(7))
    parathyrin: float | None = latest(c.PARATHYRIN, within=days(90), required=False)
    parathyrin_lower_limit: float | None = given(required=False)


@capability(
    id="hypercalcaemia",
    version="2016",
    standing="provisional",
    about="patient",
    reference="Society for Endocrinology, Acute hypercalcaemia in adults, Endocr Connect 2016;5:G9-11",
    not_for="under 18 years",
    ages=(18, None),
    unit="mg/dL",
    live=False,
    caution="Ionised calcium decides where it is measured.",
)
def hypercalcaemia(v: Calcium) -> Finding:
    because = Reasons()
    corrected = rounded(v.calcium + PER_ALBUMIN * (NORMAL_ALBUMIN - v.albumin), 2)
    grade = "none" if corrected <= UPPER else "mild" if corrected < MODERATE else "moderate" if corrected <= SEVERE else "severe"
    because.add("calcium", rounded(v.calcium, 2), band=f"{corrected:g} mg/dL corrected for albumin")
    because.add("albumin", rounded(v.albumin, 1))
    if grade == "none":
        return Finding(grade, f"No hypercalcaemia: {corrected:g} mg/dL corrected", because=tuple(because.lines))
    cause, suggestion = _cause(v, because)
    severity = Severity.LOW if grade == "mild" else Severity.MEDIUM
    summary = f"{grade.capitalize()} hypercalcaemia, {corrected:g} mg/dL corrected: {cause}"
    return Finding(grade, summary, severity, because=tuple(because.lines), suggestions=(Suggestion(suggestion),))


def _cause(v: Calcium, because: Reasons) -> tuple[str, str]:
    if v.parathyrin is None or v.parathyrin_lower_limit is None:
        because.add("parathyrin", v.parathyrin, band="lower limit not known" if v.parathyrin is not None else "")
        return "cause not known", "Ask for parathyrin with its limits, phosphate, creatinine and vitamin D; look at thiazides, lithium, vitamin D"
    suppressed = v.parathyrin < v.parathyrin_lower_limit
    because.add("parathyrin", v.parathyrin, band="suppressed" if suppressed else "not suppressed")
    if suppressed:
        return "parathyrin suppressed", "Look for malignancy; ask for protein electrophoresis and vitamin D metabolites"
    return "driven by parathyrin", "Ask for urine calcium and creatinine: familial hypocalciuric hypercalcaemia needs no surgery"
