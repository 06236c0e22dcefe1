"""A ward for alert tests: one alert policy, patients in memory, a clock that moves when told to, and everything that left the house."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from wardline.core.events import (
    Admitted,
    Alerted,
    Discharged,
    Event,
    Found,
    Measured,
    Overdue,
    Transferred,
    Value,
)
from wardline.core.ports import Outgoing
from wardline.core.statements import Statement
from wardline.delivery.alerts.episode import Episode
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.policy import Policy, default_policy, read_policy
from wardline.delivery.simulation.rehearsal import Rehearsal

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PATIENT = "okafor"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def changed(*changes: tuple[str, str]) -> Policy:
    """The default policy with some of its text replaced."""
    text = default_policy().text
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_policy(text)


class Ward:
    """Drives the alert policy as the engine does."""

    def __init__(self, policy: Policy | None = None, at: datetime = MORNING, admit: Iterable[str] = (PATIENT,)) -> None:
        self.alerts = AlertPolicy(policy or default_policy(), key=b"alerts")
        self.events: list[Event] = []
        self.steps: list[list[Event]] = []
        self.sent: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.house = Rehearsal(self.alerts, at, self._witness)
        for bed, patient in enumerate(admit, 12):
            self.admit(patient, bed=str(bed))

    def _witness(self, events: list[Event], outgoing: list[Outgoing]) -> None:
        self.events.extend(events)
        self.steps.append(events)
        self.keys.extend(row.key for row in outgoing)
        self.sent.extend(msgspec.json.decode(row.payload) for row in outgoing)

    def rebuilt(self) -> AlertPolicy:
        """Folded anew from what was recorded: step by step, in each step record by record, as the log gives it back."""
        alerts = AlertPolicy(self.alerts.register._shipped, key=b"alerts")
        for step in self.steps:
            for about in dict.fromkeys(event.about for event in step):
                for event in step:
                    if event.about == about:
                        alerts.apply(event)
        return alerts

    # --- what happens ---

    @property
    def now(self) -> datetime:
        return self.house.now

    def later(self, count: float) -> None:
        self.house.advance(self.now + minutes(count))

    def until(self, moment: datetime) -> None:
        self.house.advance(moment)

    def state(
        self, *values: Value, about: str = PATIENT, at: datetime | None = None, by: str = "", because_of: tuple[int, ...] = (), encounter: str = ""
    ) -> list[Event]:  # fmt: skip
        return self.house.state([Statement(value, about, at or self.now, encounter) for value in values], by, because_of)

    def admit(self, patient: str = PATIENT, unit: str = "Ward 7", bed: str = "12") -> None:
        self.state(Admitted(f"visit of {patient}", unit, bed=bed, patient_class="I"), about=patient)

    def transfer(self, unit: str, bed: str = "1", patient: str = PATIENT) -> None:
        self.state(Transferred(f"visit of {patient}", unit, bed=bed), about=patient)

    def discharge(self, patient: str = PATIENT, disposition: str = "01") -> None:
        self.state(Discharged(f"visit of {patient}", disposition), about=patient)

    def news2(self, value: int, patient: str = PATIENT, **fields: Any) -> Event:
        """One more NEWS2, with the severity that the report's chart 2 gives it."""
        return self.answer(news2(value, **fields), patient=patient)

    def answer(self, *found: Found, patient: str = PATIENT, at: datetime | None = None, because_of: tuple[int, ...] = ()) -> Event:
        return self.state(*found, about=patient, at=at, because_of=because_of)[0]

    def together(self, *answers: tuple[Found, datetime], because_of: tuple[int, ...] = (), patient: str = PATIENT) -> None:
        """Answers about several moments in one step, as the engine writes them after a correction."""
        self.house.state([Statement(found, patient, at) for found, at in answers], caused_by=because_of)

    def measure(self, concept: str, value: float, *, patient: str = PATIENT, at: datetime | None = None, **fields: Any) -> Event:
        return self.state(Measured(concept, float(value), **fields), about=patient, at=at)[0]

    def overdue(self, patient: str = PATIENT) -> None:
        self.state(Overdue("vital signs", self.now, "news2"), about=patient)

    # --- what people do ---

    def acknowledge(self, alert: Episode | None = None, by: str = "Brandt") -> None:
        self._do(self.alerts.acts.acknowledge((alert or self.alert).alert, by=by, now=self.now), by)

    def escalate(self, alert: Episode | None = None, by: str = "Brandt", **fields: Any) -> None:
        self._do(self.alerts.acts.escalate((alert or self.alert).alert, by=by, now=self.now, **fields), by)

    def override(self, reason: str, alert: Episode | None = None, by: str = "Brandt", **fields: Any) -> None:
        self._do(self.alerts.acts.override((alert or self.alert).alert, reason, by=by, now=self.now, **fields), by)

    def undo(self, alert: Episode | None = None, by: str = "Brandt") -> None:
        self._do(self.alerts.acts.undo((alert or self.alert).alert, by=by, now=self.now), by)

    def show(self, alert: Episode | None = None, by: str = "Brandt") -> None:
        self._do(self.alerts.acts.shown((alert or self.alert).alert, by=by, now=self.now), by)

    def quiet(self, reason: str, for_minutes: float, patient: str = PATIENT, by: str = "Brandt", **fields: Any) -> None:
        self._do(self.alerts.acts.quiet(patient, reason, self.now + minutes(for_minutes), now=self.now, **fields), by)

    def _do(self, statements: list[Statement], by: str) -> None:
        self.house.state(statements, by)

    # --- what there is to see ---

    @property
    def alert(self) -> Episode:
        """The only open alert."""
        (episode,) = self.alerts.open_alerts()
        return episode

    @property
    def last(self) -> Episode:
        """The alert closed last."""
        return self.alerts.alerts_of(PATIENT)[-1] if not self.alerts.register.closed else list(self.alerts.register.closed.values())[-1]

    def told(self, *transitions: str) -> list[tuple[str, str]]:
        """(transition, role) of everything that left the house, in order; only these transitions if any are given."""
        return [(row["transition"], row["role"]) for row in self.sent if not transitions or row["transition"] in transitions]

    def pages(self) -> list[datetime]:
        """When people were interrupted by an alert that opened or changed, not by its escalation."""
        return [event.recorded_at for event in self.events if isinstance(event.value, Alerted) and _pages(event.value)]

    def of(self, *kinds: type[Value]) -> list[Any]:
        """The values of every event of these kinds, in order."""
        return [event.value for event in self.events if isinstance(event.value, kinds)]


def _pages(alerted: Alerted) -> bool:
    return alerted.tier == "page" and not alerted.quiet and not alerted.joined and alerted.why != "better"


def news2(value: int, **fields: Any) -> Found:
    severity = 3 if value >= 7 else 2 if value >= 5 else 0
    return Found(**{"capability": "news2", "version": "2017", "digest": "", "outcome": "finding", "value": float(value), "unit": "{score}",
                    "severity": severity, "summary": f"NEWS2 {value}"} | fields)  # fmt: skip


def critical(analyte: str, value: float, severity: int = 3, **fields: Any) -> Found:
    return Found(**{"capability": "critical_values", "version": "1", "digest": "", "outcome": "finding", "key": analyte, "value": value,
                    "severity": severity, "summary": f"{analyte} {value:g}".capitalize()} | fields)  # fmt: skip
