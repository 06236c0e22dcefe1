"""What the healthy partner does in a simple acid-base disorder: the lungs for the kidneys, the kidneys for the lungs.

Every factor stands with the range in which sources that were read differ (Narins and Emmett's table as the Hong Kong Practitioner 2005;27
prints it, medicalalgorithms.com, OpenAnesthesia). Normal: PaCO2 40 mm Hg, bicarbonate 24 mmol/L. The two units of tolerance are Winters' own
for metabolic acidosis and our choice for the others.
"""

from typing import NamedTuple

NORMAL_CARBON_DIOXIDE = 40.0  # mm Hg
NORMAL_BICARBONATE = 24.0  # mmol/L
TOLERANCE = 2.0

FALL_OF_ACIDOSIS = 1.5  # Winters: 1.5 x bicarbonate + 8
RISE_OF_ALKALOSIS = (0.6, 0.75)  # mm Hg per mmol/L
ACUTE_ACIDOSIS, CHRONIC_ACIDOSIS = 0.1, (0.3, 0.4)  # mmol/L per mm Hg
ACUTE_ALKALOSIS, CHRONIC_ALKALOSIS = (0.2, 0.25), (0.4, 0.5)


class Expected(NamedTuple):
    """What simple compensation gives: from least to most, tolerance included."""

    least: float
    most: float


def carbon_dioxide_in_acidosis(bicarbonate: float) -> Expected:
    """Winters' formula."""
    middle = FALL_OF_ACIDOSIS * bicarbonate + 8
    return Expected(middle - TOLERANCE, middle + TOLERANCE)


def carbon_dioxide_in_alkalosis(bicarbonate: float) -> Expected:
    rise = bicarbonate - NORMAL_BICARBONATE
    low, high = (NORMAL_CARBON_DIOXIDE + factor * rise for factor in RISE_OF_ALKALOSIS)
    return Expected(low - TOLERANCE, high + TOLERANCE)


def bicarbonate_in_respiratory_acidosis(carbon_dioxide: float) -> tuple[Expected, Expected]:
    """Within hours and after days."""
    rise = carbon_dioxide - NORMAL_CARBON_DIOXIDE
    acute = NORMAL_BICARBONATE + ACUTE_ACIDOSIS * rise
    low, high = (NORMAL_BICARBONATE + factor * rise for factor in CHRONIC_ACIDOSIS)
    return Expected(acute - TOLERANCE, acute + TOLERANCE), Expected(low - TOLERANCE, high + TOLERANCE)


def bicarbonate_in_respiratory_alkalosis(carbon_dioxide: float) -> tuple[Expected, Expected]:
    """Within hours and after days."""
    fall = NORMAL_CARBON_DIOXIDE - carbon_dioxide
    (acute_high, acute_low), (chronic_high, chronic_low) = (
        (NORMAL_BICARBONATE - factors[0] * fall, NORMAL_BICARBONATE - factors[1] * fall) for factors in (ACUTE_ALKALOSIS, CHRONIC_ALKALOSIS)
    )
    return Expected(acute_low - TOLERANCE, acute_high + TOLERANCE), Expected(chronic_low - TOLERANCE, chronic_high + TOLERANCE)
