"""Numbers with units and comparators, and the conversions of the units seen on wards and in laboratories.

Units are UCUM (ucum.org), case-sensitive. Conversions between mass and amount of substance need to know the substance and
therefore live with the concept; everything here is true for any substance.
"""

from typing import Final, NamedTuple

COMPARATORS: Final = ("<=", ">=", "<", ">")


class Quantity(NamedTuple):
    """A value with its UCUM unit and, where the source gave one, its comparator: `Quantity(0.02, "ng/mL", "<")`."""

    value: float
    unit: str
    comparator: str = ""

    def __str__(self) -> str:
        return f"{self.comparator}{plain(self.value)} {self.unit}".strip()


class Scale(NamedTuple):
    """How a unit relates to the first unit of its dimension: base = value * factor + offset."""

    dimension: str
    factor: float
    offset: float = 0.0


# One line per dimension, the base unit first. Factors are exact by definition except where noted.
_DIMENSIONS: Final[dict[str, dict[str, float]]] = {
    "mass concentration": {
        "g/L": 1.0,
        "g/dL": 10.0,
        "mg/dL": 0.01,
        "mg/L": 1e-3,
        "ug/mL": 1e-3,
        "ug/dL": 1e-5,
        "ug/L": 1e-6,
        "ng/mL": 1e-6,
        "ng/dL": 1e-8,
        "ng/L": 1e-9,
        "pg/mL": 1e-9,
    },
    "amount concentration": {"mmol/L": 1.0, "mol/L": 1e3, "umol/L": 1e-3, "nmol/L": 1e-6, "pmol/L": 1e-9},
    "pressure": {"mm[Hg]": 1.0, "kPa": 7.50062, "cm[H2O]": 0.735559},  # NIST SP 811, table B.9
    "frequency": {"/min": 1.0, "/s": 60.0, "Hz": 60.0, "/h": 1 / 60},
    "fraction": {"%": 1.0, "1": 100.0},
    "volume": {"mL": 1.0, "L": 1000.0, "dL": 100.0},
    "flow": {"L/min": 1.0, "mL/min": 1e-3},
    "rate of volume": {"mL/h": 1.0, "L/h": 1000.0},
    "volume in a day": {"mL/(24.h)": 1.0, "L/(24.h)": 1000.0},
    "mass": {"kg": 1.0, "g": 1e-3, "[lb_av]": 0.45359237, "[oz_av]": 0.028349523125},
    "length": {"cm": 1.0, "m": 100.0, "mm": 0.1, "[in_i]": 2.54, "[ft_i]": 30.48},
    "count concentration": {
        "10*9/L": 1.0,
        "10*3/uL": 1.0,
        "/uL": 1e-3,
        "10*6/uL": 1000.0,
        "10*12/L": 1000.0,
        "/L": 1e-9,
    },
    "duration": {"ms": 1.0, "s": 1000.0, "min": 60_000.0, "h": 3_600_000.0},
    "activity concentration": {"U/L": 1.0, "[IU]/L": 1.0, "ukat/L": 60.0},  # 1 kat = 1 mol/s = 6e7 U
    "osmolality": {"mosm/kg": 1.0},
    "ratio to creatinine": {"mg/g{creat}": 1.0, "ug/mg{creat}": 1.0, "mg/mmol{creat}": 8.84},  # creatinine 113.12 g/mol
}

SCALES: Final[dict[str, Scale]] = {unit: Scale(dimension, factor) for dimension, units in _DIMENSIONS.items() for unit, factor in units.items()} | {
    "Cel": Scale("temperature", 1.0),
    "[degF]": Scale("temperature", 5 / 9, -160 / 9),
    "K": Scale("temperature", 1.0, -273.15),
}

# What senders write for a unit, folded to lower case without blanks, and the UCUM unit they mean.
_SPELLINGS: Final[dict[str, str]] = {
    "mmhg": "mm[Hg]",
    "mm(hg)": "mm[Hg]",
    "torr": "mm[Hg]",
    "cmh2o": "cm[H2O]",
    "c": "Cel",
    "degc": "Cel",
    "°c": "Cel",
    "celsius": "Cel",
    "degreescelsius": "Cel",
    "deg_c": "Cel",
    "f": "[degF]",
    "degf": "[degF]",
    "°f": "[degF]",
    "fahrenheit": "[degF]",
    "deg_f": "[degF]",
    "bpm": "/min",
    "1/min": "/min",
    "min-1": "/min",
    "permin": "/min",
    "beats/min": "/min",
    "breaths/min": "/min",
    "br/min": "/min",
    "beats/minute": "/min",
    "breaths/minute": "/min",
    "rpm": "/min",
    "lpm": "L/min",
    "l/min": "L/min",
    "percent": "%",
    "pct": "%",
    "meq/l": "meq/L",
    "k/ul": "10*3/uL",
    "thou/ul": "10*3/uL",
    "x10e3/ul": "10*3/uL",
    "10*3/ul": "10*3/uL",
    "10^3/ul": "10*3/uL",
    "x10^3/ul": "10*3/uL",
    "x10*3/ul": "10*3/uL",
    "10e3/ul": "10*3/uL",
    "10e9/l": "10*9/L",
    "10^9/l": "10*9/L",
    "x10^9/l": "10*9/L",
    "x10*9/l": "10*9/L",
    "x10e9/l": "10*9/L",
    "g/l": "g/L",
    "m/ul": "10*6/uL",
    "10^6/ul": "10*6/uL",
    "x10^6/ul": "10*6/uL",
    "10*6/ul": "10*6/uL",
    "x10e6/ul": "10*6/uL",
    "10^12/l": "10*12/L",
    "x10^12/l": "10*12/L",
    "mg/dl": "mg/dL",
    "g/dl": "g/dL",
    "ug/dl": "ug/dL",
    "mcg/dl": "ug/dL",
    "mcg/ml": "ug/mL",
    "ug/ml": "ug/mL",
    "mcg/l": "ug/L",
    "ug/l": "ug/L",
    "ng/ml": "ng/mL",
    "ng/dl": "ng/dL",
    "ng/l": "ng/L",
    "pg/ml": "pg/mL",
    "mg/l": "mg/L",
    "mmol/l": "mmol/L",
    "mol/l": "mol/L",
    "µmol/l": "umol/L",
    "μmol/l": "umol/L",
    "umol/l": "umol/L",
    "mcmol/l": "umol/L",
    "nmol/l": "nmol/L",
    "pmol/l": "pmol/L",
    "u/l": "U/L",
    "iu/l": "[IU]/L",
    "units/l": "U/L",
    "ml": "mL",
    "cc": "mL",
    "l": "L",
    "ml/h": "mL/h",
    "ml/hr": "mL/h",
    "ml/24h": "mL/(24.h)",
    "ml/(24.h)": "mL/(24.h)",
    "l/24h": "L/(24.h)",
    "kg": "kg",
    "kgs": "kg",
    "g": "g",
    "gm": "g",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "[lb_av]": "[lb_av]",
    "oz": "[oz_av]",
    "cm": "cm",
    "m": "m",
    "in": "[in_i]",
    "inch": "[in_i]",
    "inches": "[in_i]",
    "[in_i]": "[in_i]",
    "ft": "[ft_i]",
    "sec": "s",
    "seconds": "s",
    "msec": "ms",
    "msecs": "ms",
    "kpa": "kPa",
    "mosm/kg": "mosm/kg",
    "mosmol/kg": "mosm/kg",
    "mmol/kg": "mosm/kg",
    "inr": "{INR}",
    "ratio": "1",
    "ph": "[pH]",
    "phunits": "[pH]",
    "[ph]": "[pH]",
    "score": "{score}",
    "points": "{score}",
    "fl": "fL",
    "pg": "pg",
    "mm/hr": "mm/h",
    "mm/h": "mm/h",
}

UNITLESS: Final = frozenset({"", "1", "[pH]", "{INR}", "{score}"})


def ucum(unit: str) -> str:
    """The UCUM spelling of a unit as received: annotations dropped, common spellings understood, unknown ones unchanged."""
    unit = unit.strip()
    if unit in SCALES or unit in UNITLESS:
        return unit
    bare = _without_annotation(unit)
    if bare in SCALES:
        return bare
    return _SPELLINGS.get(unit.replace(" ", "").lower()) or _SPELLINGS.get(bare.replace(" ", "").lower()) or unit


def _without_annotation(unit: str) -> str:
    start, end = unit.find("{"), unit.rfind("}")
    if start < 0 or end < start or unit[start : end + 1] == "{creat}":
        return unit
    return unit[:start] + unit[end + 1 :] or unit


class Conversion(NamedTuple):
    """wanted = value * factor + offset."""

    factor: float
    offset: float = 0.0

    def __call__(self, value: float) -> float:
        return value * self.factor + self.offset


SAME: Final = Conversion(1.0)


def conversion(received: str, wanted: str) -> Conversion | None:
    """How to turn a number in `received` into one in `wanted` (both UCUM), or None when the units do not measure the same."""
    if received == wanted:
        return SAME
    source, target = SCALES.get(received), SCALES.get(wanted)
    if source is None or target is None or source.dimension != target.dimension:
        return None
    return Conversion(source.factor / target.factor, (source.offset - target.offset) / target.factor)


def plain(value: float) -> str:
    """A number as people write it: no trailing zeros, no exponent for everyday sizes."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.6g}"


def rounded(value: float, decimals: int = 0) -> float:
    """Round half up, as charts do; 38.05 is 38.1 although its binary form lies a hair below. Returns a float."""
    scale: float = 10.0**decimals
    return steps(value, 1 / scale) / scale


HAIR: Final = 1e-6


def steps(value: float, step: float) -> int:
    """The value in whole steps of the chart's precision, halves up: `steps(38.05, 0.1) == 381`.

    `HAIR` absorbs binary representation (38.05 is stored as 38.04999...); it is far below any charted precision.
    """
    shifted = value / step + 0.5 + HAIR
    whole = int(shifted)
    return whole - 1 if shifted < whole else whole
