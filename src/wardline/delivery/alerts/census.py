"""How many patients are in the house: what a page budget is measured against."""

from datetime import datetime
from typing import Any, Final

from wardline.core.events import DELETED, Admitted, Cancelled, Discharged, Erased, Event, Transferred

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
                    self._unit[event.about] = "" if moved.unit == DELETED else moved.unit or self._unit.get(event.about, "")
            case Discharged() | Cancelled(what="Admitted"):
                self._unit.pop(event.about, None)
            case Cancelled(what="Discharged"):
                self._unit.setdefault(event.about, "")
            case Erased(records=records):
                self._unit = {about: unit for about, unit in self._unit.items() if about not in records}
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


class PatientDays:
    """The time that inpatients spent in the house, or in one unit of it, between two moments."""

    def __init__(self, since: datetime | None = None, until: datetime | None = None, unit: str = "") -> None:
        self.census = Census()
        self.since: datetime | None = None
        """The first moment that counted; `until` the last."""
        self.until: datetime | None = None
        self._bounds = since, until
        self._unit = unit
        self._seconds = 0.0
        self._is_before = False
        """Whether something was heard before the stretch began: then it begins on the dot."""

    def advance(self, now: datetime) -> None:
        """Time has passed until now; whatever `apply` is told next happens after it."""
        first, last = self._bounds
        if first is not None and now < first:
            self._is_before = True
            return
        now = min(now, last) if last is not None else now
        if self.since is None:
            self.since = self.until = first if self._is_before else now
        if self.until is not None and now > self.until:
            patients = self.census.in_unit(self._unit) if self._unit else self.census.patients
            self._seconds += patients * (now - self.until).total_seconds()
            self.until = now

    def apply(self, event: Event) -> None:
        self.census.apply(event)

    @property
    def value(self) -> float:
        return self._seconds / 86_400
