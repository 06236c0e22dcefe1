"""Messages to measure with: varied patients, values and control ids, so that no cache sees the same thing twice by accident."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from wardline.formats.hl7v2 import builder

Test: TypeAlias = tuple[str, str, str, int, int]
"""LOINC code, name, unit, lowest and highest value."""

START = datetime(2026, 11, 14, 4, 0, tzinfo=UTC)

_VITALS = (
    ("9279-1", "Respiratory rate", "/min", 10, 30), ("59408-5", "Oxygen saturation", "%", 88, 100),
    ("8480-6", "Systolic blood pressure", "mm[Hg]", 85, 170), ("8462-4", "Diastolic blood pressure", "mm[Hg]", 50, 95),
    ("8867-4", "Heart rate", "/min", 50, 130), ("3151-8", "Inhaled oxygen flow rate", "L/min", 0, 4),
)  # fmt: skip
_PANEL = (
    ("2951-2", "Sodium", "mmol/L", 125, 150), ("2823-3", "Potassium", "mmol/L", 3, 6), ("2075-0", "Chloride", "mmol/L", 90, 112),
    ("1963-8", "Bicarbonate", "mmol/L", 15, 30), ("3094-0", "Urea nitrogen", "mg/dL", 7, 60), ("2160-0", "Creatinine", "mg/dL", 1, 4),
    ("2345-7", "Glucose", "mg/dL", 60, 300), ("17861-6", "Calcium", "mg/dL", 7, 11), ("19123-9", "Magnesium", "mg/dL", 1, 3),
    ("2777-1", "Phosphate", "mg/dL", 2, 6), ("1751-7", "Albumin", "g/dL", 2, 5), ("1975-2", "Bilirubin", "mg/dL", 0, 5),
    ("1920-8", "AST", "U/L", 10, 200), ("1742-6", "ALT", "U/L", 10, 200), ("718-7", "Hemoglobin", "g/dL", 7, 17),
    ("4544-3", "Hematocrit", "%", 22, 50), ("6690-2", "Leukocytes", "10*3/uL", 2, 20), ("777-3", "Platelets", "10*3/uL", 50, 400),
    ("6301-6", "INR", "{INR}", 1, 4), ("1988-5", "C reactive protein", "mg/L", 0, 300),
)  # fmt: skip


def vitals(number: int, patients: int = 2000, at: datetime | None = None) -> bytes:
    """An ORU with seven vital signs, as a monitor gateway sends it: about 1.25 kB, the size the aims were set with (7 results, 1.26 kB)."""
    temperature = f"OBX|7|NM|8310-5^Body temperature^LN||{36 + number % 30 / 10:.1f}|Cel|36-38|N|||F"
    return _oru(number, patients, at, _VITALS, _monitored, temperature)


def panel(number: int, patients: int = 2000, at: datetime | None = None) -> bytes:
    """An ORU with twenty laboratory results, as a laboratory sends it (range, flag, who measured it): about 2.7 kB.

    The aims were set with a message of this size (20 results, 2,692 bytes).
    """
    return _oru(number, patients, at, _PANEL, _judged)


def _monitored(test: Test, value: float) -> tuple[str, str, str]:
    """Alarm limits, flag, and OBX-15 to 18: the nurse who looked at it and the device."""
    _, _, _, low, high = test
    return f"{low}-{high}", "N", "||N2041^Okonjo^Maren||0012210000000000^MONITOR^0012210000000000^EUI-64"


def _judged(test: Test, value: float) -> tuple[str, str, str]:
    """Reference range, abnormal flag, and OBX-15 to 18: laboratory, person, method, device."""
    _, _, _, low, high = test
    normal_low, normal_high = low + (high - low) // 4, high - (high - low) // 4
    flag = "L" if value < normal_low else "H" if value > normal_high else "N"
    return f"{normal_low}-{normal_high}", flag, "|CHEM^Clinical Chemistry^L|2041||ANALYSER7^^BENCH"


def _oru(
    number: int, patients: int, at: datetime | None, tests: tuple[Test, ...], judged: Callable[[Test, float], tuple[str, str, str]], *more: str
) -> bytes:
    chance = random.Random(number)
    at = at or START + timedelta(milliseconds=number)
    patient = number % patients
    stamp = builder.timestamp(at.replace(microsecond=0))
    born, sex = f"19{40 + patient % 50}0{1 + patient % 9}15", "FM"[patient % 2]
    lines = [
        builder.header(application="GATEWAY", facility="BENCH", at=at.replace(microsecond=0), kind="ORU^R01^ORU_R01", control_id=f"B{number}"),
        f"PID|1||{100_000 + patient}^^^BENCH^MR||Family{patient % 977}^Given{patient % 89}||{born}|{sex}",
        f"PV1|1|I|W{patient % 40}^R{patient % 12}^{patient % 30}|||||||||||||||V{patient}",
        f"OBR|1||F{number}|85353-1^Panel^LN|||{stamp}",
    ]
    for place, test in enumerate(tests, 1):
        code, name, unit, low, high = test
        value = chance.randint(low * 10, high * 10) / 10
        normal, flag, performer = judged(test, value)
        lines.append(f"OBX|{place}|NM|{code}^{name}^LN||{value:g}|{unit}|{normal}|{flag}|||F|||{stamp}{performer}")
    return builder.message([*lines, *more])
