"""A patient's chart to write on, and to ask capabilities about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wardline.core.assessment import Assessor, found
from wardline.core.capability import ATTRIBUTE
from wardline.core.concepts import Concept
from wardline.core.events import Event, Identifier, Measured, Registered
from wardline.core.findings import Outcome
from wardline.core.timeline import Timeline

START = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


class PatientChart:
    """Times are hours after the start; negative ones lie before it."""

    def __init__(self) -> None:
        self.timeline = Timeline("patient")
        self._events = 0

    def born(self, date: str, sex: str = "F") -> "PatientChart":
        return self._write(Registered((Identifier("1"),), born=date, sex=sex), 0)

    def measured(self, concept: Concept, value: float | str, hours: float = 0, *, issued: float | None = None, **fields: Any) -> "PatientChart":
        issued_at = START + timedelta(hours=hours if issued is None else issued)
        return self._write(Measured(concept.id, value, concept.unit, issued_at=issued_at, **fields), hours)

    def _write(self, value: Any, hours: float) -> "PatientChart":
        self._events += 1
        at = START + timedelta(hours=hours)
        self.timeline.apply(Event(value, "patient", at, at, id=self._events))
        return self

    def ask(self, capability: Any, hours: float = 0, site: Mapping[str, Any] | None = None) -> Outcome:
        (outcome,) = self.ask_all(capability, hours, site)
        return outcome

    def ask_all(self, capability: Any, hours: float = 0, site: Mapping[str, Any] | None = None) -> tuple[Outcome, ...]:
        assessed = Assessor.of(getattr(capability, ATTRIBUTE)).assess(self.timeline, START + timedelta(hours=hours), site or {})
        return tuple(each.outcome for each in assessed)

    def note(self, capability: Any, hours: float = 0) -> "PatientChart":
        """Ask, and put the answer on the chart as the engine does."""
        declared = getattr(capability, ATTRIBUTE)
        for assessed in Assessor.of(declared).assess(self.timeline, START + timedelta(hours=hours), {}):
            self._write(found(declared, assessed), hours)
        return self

    def valid_until(self, capability: Any, hours: float = 0) -> float | None:
        """Hours after the start."""
        (assessed,) = Assessor.of(getattr(capability, ATTRIBUTE)).assess(self.timeline, START + timedelta(hours=hours), {})
        return None if assessed.valid_until is None else (assessed.valid_until - START) / timedelta(hours=1)


@pytest.fixture
def patient() -> PatientChart:
    return PatientChart()
