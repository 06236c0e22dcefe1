"""The MELD equation that MELD and MELD-Na share, with the bounds its values are held within.

MELD(i) = 0.957 ln creatinine + 0.378 ln bilirubin + 1.120 ln INR + 0.643, rounded to a tenth and multiplied by ten; values below 1.0 are
set to 1.0, creatinine above 4.0 to 4.0, and on dialysis twice in the week before to 4.0. OPTN policy 9.1, 2016 (citation not read here;
an independent implementation gives the same for four vectors).
"""

from math import log

from wardline.core.findings import Evidence
from wardline.core.quantities import rounded

LOWEST = 1.0
HIGHEST_CREATININE = 4.0  # mg/dL
HIGHEST = 40
DIALYSIS_UNKNOWN = "; whether on dialysis is not known"


def initial_score(creatinine: float, bilirubin: float, inr: float, *, dialysis: bool | None) -> float:
    """MELD(i), a whole number; the rounding is part of the definition."""
    filtered = HIGHEST_CREATININE if dialysis else min(max(creatinine, LOWEST), HIGHEST_CREATININE)
    index = 0.957 * log(filtered) + 0.378 * log(max(bilirubin, LOWEST)) + 1.120 * log(max(inr, LOWEST)) + 0.643
    return rounded(rounded(index, 1) * 10)


def reasons(creatinine: float, bilirubin: float, inr: float, *, dialysis: bool | None) -> tuple[Evidence, ...]:
    """The values as measured, and what the bounds made of them."""
    held = "dialysis: counts as 4.0" if dialysis else "counts as 1.0" if creatinine < LOWEST else "counts as 4.0" if creatinine > 4 else ""
    return (
        Evidence("creatinine", rounded(creatinine, 2), band=held),
        Evidence("bilirubin", rounded(bilirubin, 1), band="counts as 1.0" if bilirubin < LOWEST else ""),
        Evidence("inr", rounded(inr, 2), band="counts as 1.0" if inr < LOWEST else ""),
        Evidence("dialysis", None if dialysis is None else "yes" if dialysis else "no", band="not known" if dialysis is None else ""),
    )
