"""Illnesses as patterns: what each does to vital signs and laboratory values, and how it comes and goes.

A simulation, not a clinical source: the directions and the order of signs are what textbooks of medicine describe, the sizes
are chosen so that trends on screen look right. Nothing here may be used to judge a patient.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

_EFFECT_AFTER: Final = timedelta(hours=1)
"""Treatment needs this long to show."""


@dataclass(frozen=True)
class Pattern:
    """What an illness does at full severity (1.0), by the quantities of physiology.py."""

    name: str
    shifts: Mapping[str, float] = field(default_factory=dict)
    """Added to the patient's own value."""
    factors: Mapping[str, float] = field(default_factory=dict)
    """What the value is multiplied with."""
    lags: Mapping[str, float] = field(default_factory=dict)
    """Hours by which a quantity follows the illness."""
    late: frozenset[str] = frozenset()
    """Quantities that the body holds steady until the illness is severe: they follow the square of the severity."""


class Illness:
    """One patient's illness: it builds up from `onset`, stays, and fades after treatment if it responds."""

    def __init__(
        self, pattern: Pattern, onset: datetime, *, hours_to_peak: float, peak: float = 1.0, half_life_hours: float = 6.0, responds: bool = True
    ) -> None:
        self.pattern = pattern
        self.onset = onset
        self.hours_to_peak = hours_to_peak
        self.peak = peak
        self.half_life_hours = half_life_hours
        self.responds = responds
        self.treated_at: datetime | None = None

    def treat(self, at: datetime) -> None:
        if self.treated_at is None and self.responds:
            self.treated_at = at

    def severity(self, at: datetime) -> float:
        """0 is healthy, 1 the full picture of the pattern."""
        turns = self.treated_at + _EFFECT_AFTER if self.treated_at is not None else None
        if turns is None or at <= turns:
            return self._untreated(at)
        half_lives = (at - turns).total_seconds() / 3600 / self.half_life_hours
        return self._untreated(turns) * math.exp2(-half_lives)

    def is_over(self, at: datetime) -> bool:
        return self.treated_at is not None and at > self.treated_at + _EFFECT_AFTER and self.severity(at) < 0.02

    def _untreated(self, at: datetime) -> float:
        passed = (at - self.onset).total_seconds() / 3600 / self.hours_to_peak
        if passed <= 0:
            return 0.0
        return self.peak * (passed * passed * (3 - 2 * passed) if passed < 1 else 1.0)

    def effect(self, quantity: str, at: datetime) -> tuple[float, float]:
        """What it adds to a quantity, and what it multiplies it with."""
        pattern = self.pattern
        shift, factor = pattern.shifts.get(quantity, 0.0), pattern.factors.get(quantity, 1.0)
        if shift == 0.0 and factor == 1.0:
            return 0.0, 1.0
        lag = pattern.lags.get(quantity)
        severity = self.severity(at - timedelta(hours=lag) if lag else at)
        if quantity in pattern.late:
            severity *= severity
        return shift * severity, factor**severity


# Infection with a failing circulation: warm, fast, breathless, then a falling pressure and confusion; lactate and white cells
# rise with it, C-reactive protein half a day later; platelets, kidneys and clotting follow.
SEPSIS: Final = Pattern(
    "sepsis",
    shifts={
        "respiratory_rate": 13, "air_saturation": -6, "systolic_pressure": -42, "diastolic_pressure": -24, "pulse": 46, "temperature": 2.1,
        "drowsiness": 0.85, "leukocytes": 12, "c_reactive_protein": 230, "lactate": 4.2, "bicarbonate": -8, "platelets": -110, "glucose": 3,
        "bilirubin": 18, "albumin": -8, "carbon_dioxide": -0.9, "potassium": 0.3,
    },
    factors={"creatinine": 1.9, "urea": 1.7, "urine": 0.3, "inr": 1.35, "fibrinogen": 1.3},
    lags={
        "c_reactive_protein": 10, "leukocytes": 2, "platelets": 14, "creatinine": 8, "urea": 8, "bilirubin": 16, "albumin": 18, "inr": 10,
        "lactate": 0.5, "fibrinogen": 10,
    },
    late=frozenset({"drowsiness"}),
)  # fmt: skip

# Kidneys that stop: urine falls first, creatinine, urea and potassium climb over a day or two, acid builds up and is breathed
# off, pressure drifts up with the retained water.
KIDNEY_INJURY: Final = Pattern(
    "kidney injury",
    shifts={
        "potassium": 2.2, "bicarbonate": -9, "respiratory_rate": 4, "systolic_pressure": 12, "diastolic_pressure": 5, "pulse": 8,
        "air_saturation": -1.5, "carbon_dioxide": -0.9, "phosphate": 0.7, "calcium": -0.2, "drowsiness": 0.35,
    },
    factors={"creatinine": 3.6, "urea": 3.2, "urine": 0.12},
    lags={"creatinine": 8, "urea": 10, "potassium": 8, "bicarbonate": 8, "respiratory_rate": 10, "carbon_dioxide": 8, "phosphate": 12},
    late=frozenset({"drowsiness", "respiratory_rate"}),
)  # fmt: skip

# Blood loss: the pulse rises while the pressure still holds, then the pressure falls; haemoglobin follows only as the blood
# thins out, hours later; lactate rises, urine falls, urea rises from blood in the gut.
BLEEDING: Final = Pattern(
    "bleeding",
    shifts={
        "pulse": 50, "systolic_pressure": -48, "diastolic_pressure": -18, "respiratory_rate": 8, "temperature": -0.5, "air_saturation": -2,
        "drowsiness": 0.8, "haemoglobin": -58, "lactate": 3.8, "bicarbonate": -6, "platelets": -70, "carbon_dioxide": -0.7,
    },
    factors={"urine": 0.35, "urea": 1.9, "inr": 1.25, "creatinine": 1.25},
    lags={"haemoglobin": 3, "urea": 8, "platelets": 4, "lactate": 1, "creatinine": 10, "inr": 3},
    late=frozenset({"systolic_pressure", "diastolic_pressure", "drowsiness", "temperature"}),
)  # fmt: skip

# Lungs that fail: breathing faster, saturation falling and needing oxygen, pulse up; late carbon dioxide, acid, drowsiness.
RESPIRATORY_FAILURE: Final = Pattern(
    "respiratory failure",
    shifts={
        "respiratory_rate": 15, "air_saturation": -15, "pulse": 30, "systolic_pressure": 10, "temperature": 0.8, "drowsiness": 0.8,
        "carbon_dioxide": 2.6, "bicarbonate": 1.5, "leukocytes": 6, "c_reactive_protein": 110, "lactate": 1.0,
    },
    lags={"c_reactive_protein": 10, "leukocytes": 3, "bicarbonate": 12},
    late=frozenset({"drowsiness", "carbon_dioxide"}),
)  # fmt: skip

# What brings people in without threatening them: an infection, a failing heart, the days after an operation.
INFECTION: Final = Pattern(
    "infection",
    shifts={
        "respiratory_rate": 5, "air_saturation": -3.5, "pulse": 22, "temperature": 1.7, "systolic_pressure": -10, "leukocytes": 9,
        "c_reactive_protein": 160, "lactate": 0.6, "albumin": -5,
    },
    lags={"c_reactive_protein": 10, "leukocytes": 2},
)  # fmt: skip
HEART_FAILURE: Final = Pattern(
    "heart failure",
    shifts={"respiratory_rate": 7, "air_saturation": -6, "pulse": 18, "systolic_pressure": 14, "sodium": -5, "troponin": 30},
    factors={"creatinine": 1.4, "urea": 1.5, "urine": 0.7},
)
AFTER_OPERATION: Final = Pattern(
    "after an operation",
    shifts={
        "pulse": 14, "temperature": 0.8, "respiratory_rate": 2, "haemoglobin": -22, "c_reactive_protein": 110, "leukocytes": 4,
        "air_saturation": -1.5,
    },
    lags={"c_reactive_protein": 14},
)  # fmt: skip
OBSERVED: Final = Pattern("under observation", shifts={"pulse": 6, "systolic_pressure": 8})
