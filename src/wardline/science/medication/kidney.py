"""How well the kidneys clear a drug: creatinine clearance (Cockcroft-Gault) and estimated filtration (CKD-EPI 2021).

Drug labels up to today state limits mostly by creatinine clearance, metformin's by eGFR. The capabilities `cockcroft_gault` and
`egfr_ckd_epi_2021` answer the same questions with their reasons; a test holds both to the same numbers.
"""


def creatinine_clearance(creatinine_mg_dl: float, age_years: int, sex: str, weight_kg: float) -> float:
    """mL/min. Cockcroft DW, Gault MH, Nephron 1976;16:31-41: (140 - age) * weight / (72 * creatinine), women times 0.85."""
    return (140 - age_years) * weight_kg / (72 * creatinine_mg_dl) * (0.85 if sex == "F" else 1.0)


def egfr(creatinine_mg_dl: float, age_years: int, sex: str) -> float:
    """mL/min/1.73 m2. Inker LA et al., N Engl J Med 2021;385:1737-49, creatinine equation without race."""
    kappa, alpha = (0.7, -0.241) if sex == "F" else (0.9, -0.302)
    ratio = creatinine_mg_dl / kappa
    estimate = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age_years
    return float(estimate * (1.012 if sex == "F" else 1.0))
