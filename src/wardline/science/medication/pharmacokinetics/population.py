"""Population models: what patients like this one do with the drug, before anything was measured in this one.

A model gives typical rates from weight and creatinine clearance, how far patients differ from them (variance of the natural
logarithm), and how far a measured level may lie from the truth. The constants are those of the papers' tables; the papers were not read
here. Each model states which public implementations were read and agree with one another in every constant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from wardline.science.medication.pharmacokinetics.compartments import Rates


class Patient(NamedTuple):
    """What the models ask about a patient."""

    weight: float
    """kg, as weighed."""
    creatinine_clearance: float
    """mL/min, Cockcroft-Gault."""
    on_dialysis: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A published population model. `variances` in the order of `Rates`; zero where the paper lets a rate not vary."""

    id: str
    drug: str
    source: str
    typical: Callable[[Patient], Rates]
    variances: tuple[float, float, float, float]
    additive: float
    """Standard deviation of a measured level that does not depend on it, mg/L."""
    proportional: float
    """The part that does, as a fraction of it."""
    standing: Literal["verified", "provisional"]
    constants_vary: bool = False
    """Whether the variances of the last two rates are those of the rate constants k12 and k21 instead."""


def _thomson(patient: Patient) -> Rates:
    # Linear in creatinine clearance around 66 mL/min; below 1 mL/min it would turn negative. Adults without dialysis.
    clearance = 2.99 * (1 + 0.0154 * (max(patient.creatinine_clearance, 5) - 66))
    return Rates(clearance, 0.675 * patient.weight, 2.28, 0.732 * patient.weight)


def _goti(patient: Patient) -> Rates:
    clearance = 4.5 * (patient.creatinine_clearance / 120) ** 0.8 * (0.7 if patient.on_dialysis else 1)
    return Rates(clearance, 58.4 * patient.weight / 70 * (0.5 if patient.on_dialysis else 1), 6.5, 38.4)


def _xuan(patient: Patient) -> Rates:
    # The paper gives rate constants: k12 = 0.092/h, k21 = 0.071/h.
    central = 0.28 * patient.weight
    return Rates(0.047 * patient.creatinine_clearance, central, 0.092 * central, 0.092 * central / 0.071)


VANCOMYCIN_THOMSON: Final = Model(
    "vancomycin-thomson-2009", "vancomycin",
    "Thomson AH et al. J Antimicrob Chemother 2009;63:1050-7 (398 adults; not read; two public implementations agree)",
    _thomson, (0.27**2, 0.15**2, 0.49**2, 1.30**2), 1.6, 0.15, "verified",
)  # fmt: skip
VANCOMYCIN_GOTI: Final = Model(
    "vancomycin-goti-2018", "vancomycin",
    "Goti V et al. Ther Drug Monit 2018;40:212-21 (with and without haemodialysis; not read; two public implementations agree)",
    _goti, (0.398**2, 0.816**2, 0.0, 0.571**2), 3.4, 0.227, "verified",
)  # fmt: skip
GENTAMICIN_XUAN: Final = Model(
    "gentamicin-xuan-2004", "gentamicin",
    "Xuan D et al. Int J Antimicrob Agents 2004;23:291-5, doi:10.1016/j.ijantimicag.2003.07.010 (not read; two public transcriptions agree)",
    _xuan, (0.084, 0.003, 0.398, 0.342), 0.230, 0.237, "verified", constants_vary=True,
)  # fmt: skip
MODELS: Final = {model.id: model for model in (VANCOMYCIN_THOMSON, VANCOMYCIN_GOTI, GENTAMICIN_XUAN)}
"""By id."""
