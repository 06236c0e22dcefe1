"""Which weight to dose by, and how well the kidneys clear: ideal and adjusted body weight, Cockcroft-Gault.

Devine BJ. Drug Intell Clin Pharm 1974;8:650 (ideal weight) and Cockcroft DW, Gault MH. Nephron 1976;16:31 are recalled, not read; the
clearance agrees with the vectors of two implementations. The factor 0.4 of the adjusted weight is the usual one for aminoglycosides.
"""

from typing import Final, Literal

OBESE: Final = 1.2
"""From this multiple of the ideal weight on, the adjusted weight is used."""


def ideal_weight(height: float, sex: Literal["F", "M"]) -> float:
    """kg for a height in cm: 45.5 kg (women) or 50 kg (men), and 2.3 kg for every inch over 5 feet. Not below 5 feet."""
    return (45.5 if sex == "F" else 50.0) + 2.3 * max(height / 2.54 - 60, 0)


def dosing_weight(weight: float, ideal: float | None) -> tuple[float, str]:
    """The weight that renal clearance is worked out with, and its name: actual, or adjusted in obesity."""
    if ideal is None or weight <= OBESE * ideal:
        return weight, "actual weight"
    return ideal + 0.4 * (weight - ideal), "adjusted weight"


def creatinine_clearance(age: int, weight: float, creatinine: float, sex: Literal["F", "M"]) -> float:
    """Cockcroft-Gault, mL/min; creatinine in mg/dL."""
    return (140 - age) * weight / (72 * creatinine) * (0.85 if sex == "F" else 1)
