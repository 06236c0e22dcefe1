"""How many patients are in the house: what a page budget is measured against."""

from typing import Any, Final

from wardline.core.events import Admitted, Cancelled, Discharged, Event, Transferred

OUTPATIENT: Final = "O"
"""HL7 table 0004: comes and goes without being discharged, and so is not counted."""


class Census:
    """Inpatients by unit, from movements in the order in which they were heard: good enough to count, not to find a bed."""

    def __init__(self) -> None:
        self._unit: dict[str, str] = {}

    def apply(self, event: Event) -> None:
        match event.value:
            case Admitted() | Transferred() as moved:
                if moved.patient_class != OUTPATIENT:
                    self._unit[event.about] = moved.unit or self._unit.get(event.about, "")
            case Discharged() | Cancelled(what="Admitted"):
                self._unit.pop(event.about, None)
            case Cancelled(what="Discharged"):
                self._unit.setdefault(event.about, "")
            case _:
                pass

    @property
    def patients(self) -> int:
        return len(self._unit)

    def in_unit(self, unit: str) -> int:
        return sum(1 for each in self._unit.values() if each == unit)

    def units(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for unit in self._unit.values():
            counts[unit] = counts.get(unit, 0) + 1
        return counts

    def dump(self) -> Any:
        return sorted(self._unit.items())

    def load(self, state: Any) -> None:
        self._unit = dict(state)
