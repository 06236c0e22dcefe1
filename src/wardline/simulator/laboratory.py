"""The laboratory's panels: what each contains, in which units and with which reference ranges it is reported.

Reference ranges are the made-up hospital's own, printed on its reports; nothing decides by them.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from wardline.core import concepts as c
from wardline.core.concepts import Concept
from wardline.simulator.observations import Code, Observed, decimal, loinc
from wardline.simulator.physiology import Body


class Analyte(NamedTuple):
    """`quantity` names what physiology.py knows; `low` and `high` are the printed range, None where there is no limit.

    `least` is the smallest amount the analyser can tell from nothing: below it the result is a comparator, "<1".
    """

    quantity: str
    code: Code
    unit: str
    places: int
    low: float | None
    high: float | None
    least: float = 0.0

    @property
    def range(self) -> str:
        if self.low is None:
            return f"<{self.high:g}"
        return f">{self.low:g}" if self.high is None else f"{self.low:g}-{self.high:g}"


class Panel(NamedTuple):
    code: Code
    analytes: tuple[Analyte, ...]
    minutes: tuple[float, float]
    """From the specimen's arrival to the result."""


def _analyte(
    quantity: str, concept: Concept, unit: str, places: int, low: float | None, high: float | None, *, code: str = "", least: float = 0.0
) -> Analyte:
    return Analyte(quantity, loinc(concept, code), unit, places, low, high, least)


BASIC: Final = Panel(
    Code("BMP", "Basic metabolic panel", "WGH"),
    (
        _analyte("sodium", c.SODIUM, "mmol/L", 0, 136, 145),
        _analyte("potassium", c.POTASSIUM, "mmol/L", 1, 3.5, 5.1),
        _analyte("chloride", c.CHLORIDE, "mmol/L", 0, 98, 107),
        _analyte("bicarbonate", c.BICARBONATE, "mmol/L", 0, 22, 29),
        _analyte("urea", c.UREA_NITROGEN, "mmol/L", 1, 2.8, 8.1, code="22664-7"),
        _analyte("creatinine", c.CREATININE, "umol/L", 0, 45, 104, code="14682-9"),
        _analyte("glucose", c.GLUCOSE, "mmol/L", 1, 3.9, 7.8, code="14749-6"),
        _analyte("calcium", c.CALCIUM, "mmol/L", 2, 2.15, 2.55, code="2000-8"),
    ),
    (25, 60),
)  # fmt: skip
BLOOD_COUNT: Final = Panel(
    Code("CBC", "Blood count", "WGH"),
    (
        _analyte("haemoglobin", c.HAEMOGLOBIN, "g/L", 0, 120, 170),
        _analyte("haematocrit", c.HAEMATOCRIT, "%", 0, 36, 50),
        _analyte("leukocytes", c.LEUKOCYTES, "10*9/L", 1, 4, 11),
        _analyte("neutrophils", c.NEUTROPHILS, "10*9/L", 1, 1.8, 7.7),
        _analyte("platelets", c.PLATELETS, "10*9/L", 0, 150, 400),
        _analyte("mean_cell_volume", c.MEAN_CELL_VOLUME, "fL", 0, 80, 100),
    ),
    (10, 35),
)  # fmt: skip
INFLAMMATION: Final = Panel(
    Code("CRP", "C-reactive protein", "WGH"), (_analyte("c_reactive_protein", c.C_REACTIVE_PROTEIN, "mg/L", 0, None, 5, least=1.0),), (25, 60)
)
BLOOD_GAS: Final = Panel(
    Code("ABG", "Blood gas, arterial", "WGH"),
    (
        _analyte("ph", c.ARTERIAL_PH, "[pH]", 2, 7.35, 7.45),
        _analyte("carbon_dioxide", c.ARTERIAL_CARBON_DIOXIDE, "kPa", 1, 4.7, 6.0),
        _analyte("oxygen", c.ARTERIAL_OXYGEN, "kPa", 1, 10, 13.3),
        _analyte("bicarbonate", c.ARTERIAL_BICARBONATE, "mmol/L", 1, 22, 27),
        _analyte("base_excess", c.BASE_EXCESS, "mmol/L", 1, -2, 2),
        _analyte("lactate", c.LACTATE, "mmol/L", 1, 0.5, 2.0),
        _analyte("potassium", c.POTASSIUM, "mmol/L", 1, 3.5, 5.1, code="6298-4"),
    ),
    (2, 6),
)  # fmt: skip
COAGULATION: Final = Panel(
    Code("COAG", "Coagulation", "WGH"),
    (
        _analyte("inr", c.INR, "{INR}", 1, 0.9, 1.2),
        _analyte("aptt", c.APTT, "s", 0, 25, 38),
        _analyte("fibrinogen", c.FIBRINOGEN, "mg/dL", 0, 180, 400),
    ),
    (25, 50),
)  # fmt: skip
LIVER: Final = Panel(
    Code("LFT", "Liver panel", "WGH"),
    (
        _analyte("alt", c.ALT, "U/L", 0, None, 50),
        _analyte("bilirubin", c.BILIRUBIN, "umol/L", 0, None, 21, code="14631-6"),
        _analyte("albumin", c.ALBUMIN, "g/L", 0, 35, 52),
        _analyte("magnesium", c.MAGNESIUM, "mmol/L", 2, 0.66, 1.07, code="2601-3"),
        _analyte("phosphate", c.PHOSPHATE, "mmol/L", 2, 0.81, 1.45, code="14879-1"),
    ),
    (30, 70),
)  # fmt: skip
HEART: Final = Panel(
    Code("TROP", "Troponin T, high sensitivity", "WGH"), (_analyte("troponin", c.TROPONIN_T_HS, "ng/L", 0, None, 14, least=5.0),), (30, 60)
)
BEDSIDE_GLUCOSE: Final = Panel(
    Code("POCGLU", "Glucose, bedside", "WGH"), (_analyte("glucose", c.GLUCOSE, "mmol/L", 1, 3.9, 7.8, code="15074-8"),), (1, 2)
)  # fmt: skip


def values_of(panel: Panel, body: Body, saturation: float, at: datetime) -> dict[str, float]:
    """The true value of everything in the panel at the moment the specimen is taken."""
    names = [analyte.quantity for analyte in panel.analytes]
    return {name: _DERIVED[name](body, saturation, at) if name in _DERIVED else body.level(name, at) for name in names}


def reported(panel: Panel, values: Mapping[str, float], status: str, only: tuple[str, ...] = ()) -> list[Observed]:
    """The panel as the laboratory reports it; `only` some of its analytes."""
    return [_observed(analyte, values[analyte.quantity], status) for analyte in panel.analytes if not only or analyte.quantity in only]


def _observed(analyte: Analyte, value: float, status: str) -> Observed:
    code, unit, abnormal = analyte.code.field, analyte.unit, _abnormal(analyte, value)
    if 0 < analyte.least > value:
        return Observed("SN", code, f"<^{analyte.least:g}", unit, analyte.range, abnormal, status)
    return Observed("NM", code, decimal(value, analyte.places), unit, analyte.range, abnormal, status)


def _abnormal(analyte: Analyte, value: float) -> str:
    """HL7 table 0078, by the printed range: what is printed as the limit is not beyond it."""
    shown = round(value, analyte.places)
    if analyte.low is not None and shown < analyte.low:
        return "L"
    return "H" if analyte.high is not None and shown > analyte.high else "N"


def _ph(body: Body, saturation: float, at: datetime) -> float:
    """Henderson-Hasselbalch: pH = 6.1 + log10(bicarbonate / (0.0307 * carbon dioxide in mmHg))."""
    return 6.1 + math.log10(body.level("bicarbonate", at) / (0.0307 * body.level("carbon_dioxide", at) * 7.50062))


def _base_excess(body: Body, saturation: float, at: datetime) -> float:
    """Van Slyke's equation in its usual short form."""
    return 0.93 * (body.level("bicarbonate", at) - 24.4 + 14.8 * (_ph(body, saturation, at) - 7.4))


def _oxygen(body: Body, saturation: float, at: datetime) -> float:
    """Severinghaus's curve read backwards, in kPa, as far as a saturation can tell."""
    share = min(max(saturation, 50.0), 98.5) / 100
    mmhg = 27.0
    for _ in range(40):
        mmhg *= (share * (1 + 23_400 / (mmhg**3 + 150 * mmhg))) ** 0.8
    return mmhg / 7.50062


_DERIVED: Final[dict[str, Callable[[Body, float, datetime], float]]] = {
    "ph": _ph, "base_excess": _base_excess, "oxygen": _oxygen,
    "haematocrit": lambda body, saturation, at: 0.297 * body.level("haemoglobin", at),
    "neutrophils": lambda body, saturation, at: min(0.95, 0.58 + 0.014 * body.level("leukocytes", at)) * body.level("leukocytes", at),
}  # fmt: skip
