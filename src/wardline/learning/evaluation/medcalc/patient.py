"""One case of MedCalc-Bench: what its note says of the patient, in the units of our concepts.

The set writes values as [number, unit] and judgements as true or false. What a note does not mention, the set takes for absent; `said`
does the same here and nowhere else in this house.
"""

import ast
import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.core.concepts import Concept
from wardline.core.errors import NotFound
from wardline.core.quantities import conversion

UNITS: Final = {
    "µL": "/uL", "L": "/L", "msec": "ms", "mm hg": "mm[Hg]", "mm Hg": "mm[Hg]", "mmHg": "mm[Hg]", "kg/m^2": "kg/m2", "lbs": "[lb_av]",
    "degrees celsius": "Cel", "degrees celsisus": "Cel", "degrees fahrenheit": "[degF]", "degrees fahreinheit": "[degF]",
    "beats per minute": "/min", "bpm": "/min", "breaths per minute": "/min", "mL/day": "mL/(24.h)", "µmol/L": "umol/L",
}  # fmt: skip
"""What the set writes, and the UCUM unit it means."""

FEWEST_CELLS: Final = 1e7
"""In a litre. Below it the count was taken in another unit than it says."""


class Unreadable(Exception):
    """A value whose unit cannot be what it says."""


class Patient(NamedTuple):
    """A case: its row in the set, the calculator asked for, what is known, and the answer with the limits that still count as right."""

    row: str
    calculator: str
    known: Mapping[str, Any]
    answer: str
    lower: str
    upper: str

    def has(self, *names: str) -> bool:
        return all(name in self.known for name in names)

    def said(self, name: str) -> bool:
        """A judgement; what is not mentioned counts as no, as in the set."""
        return self.known.get(name) is True

    def plain(self, name: str) -> float:
        """A number without a unit."""
        value = self.known[name]
        return float(value[0] if isinstance(value, list) else value)

    def measured(self, name: str, concept: Concept) -> float:
        """A value in the concept's unit. Raises `Unreadable`."""
        value, unit = self.known[name][:2]
        exact = conversion(UNITS.get(unit, unit), concept.unit) or concept.conversion(UNITS.get(unit, unit))
        if exact is None or (unit == "L" and value < FEWEST_CELLS):
            raise Unreadable(f"{concept.name} {value:g} in {unit}")
        return exact(float(value))

    @property
    def age(self) -> int:
        value, unit = self.known["age"]
        return int(value / 12) if unit == "months" else int(value)

    @property
    def sex(self) -> str:
        return str(self.known["sex"])[0]

    def day(self, name: str) -> str:
        """ "11/01/2003" as ISO 8601."""
        month, day, year = self.known[name].split("/")
        return f"{year}-{month}-{day}"


def patients(folder: Path) -> Iterator[Patient]:
    """Every case of the set in its order. Raises `NotFound`."""
    file = folder / "knowledge" / "medcalc_bench" / "cases.jsonl.gz"
    if not file.exists():
        raise NotFound(f"there is no {file}; WARDLINE_REFERENCE_DATA names the folder of the reference data sets")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            known = case["Relevant Entities"]
            yield Patient(
                case["Row Number"], case["Calculator Name"], ast.literal_eval(known) if isinstance(known, str) else known,
                str(case["Ground Truth Answer"]), str(case["Lower Limit"]), str(case["Upper Limit"]),
            )  # fmt: skip
