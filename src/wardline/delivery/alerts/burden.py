"""What alerts have been to the people who got them: how many there were, how fast they were answered, how they ended.

Counted from what the log recorded; nothing is replayed. It is the other side of a simulation: not what a policy would do, but
what the policies of that time did.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median, quantiles
from typing import Final

from wardline.core.events import Acknowledged, Alerted, Escalated, Event, Notified, Overridden, Resolved, Withdrawn
from wardline.delivery.alerts.census import PatientDays
from wardline.delivery.alerts.episode import interrupts

_ENOUGH_FOR_A_DECILE: Final = 10
"""Below ten answers a ninetieth percentile says nothing that the slowest answer does not."""


@dataclass(slots=True)
class Counted:
    """Alerts of one question, or of all."""

    alerts: int = 0
    pages: int = 0
    """Times that people were interrupted."""
    acknowledged: int = 0
    overridden: int = 0
    escalated: int = 0
    """Alerts that went on to the next people because nobody had answered."""
    withdrawn: int = 0
    ended_unanswered: int = 0
    """Resolved before anybody answered."""
    answer_seconds: list[float] = field(default_factory=list)
    """From the first page to the answer."""

    @property
    def median_answer_seconds(self) -> float | None:
        return median(self.answer_seconds) if self.answer_seconds else None

    @property
    def slow_answer_seconds(self) -> float | None:
        """Nine answers of ten came within this time; None when there are too few to say."""
        return quantiles(self.answer_seconds, n=10)[-1] if len(self.answer_seconds) >= _ENOUGH_FOR_A_DECILE else None


@dataclass(slots=True)
class _Open:
    """What is known of an alert while it is open."""

    capability: str
    paged_at: datetime | None = None
    is_answered: bool = False
    is_escalated: bool = False


class Burden:
    """Counts one stretch of recorded time, for one unit or for all."""

    def __init__(self, since: datetime | None = None, until: datetime | None = None, unit: str = "") -> None:
        self.since, self.until, self.unit = since, until, unit
        self.days = PatientDays(since, until, unit)
        self.by_capability: dict[str, Counted] = {}
        self.total = Counted()
        self.override_reasons: Counter[str] = Counter()
        self.deliveries: Counter[tuple[str, str]] = Counter()
        """By (channel, outcome). The channel is empty where every channel had failed."""
        self._open: dict[str, _Open] = {}

    def hear(self, events: Iterable[Event], now: datetime) -> None:
        """One recorded step. Alerts that opened before the stretch belong to the time before it."""
        self.days.advance(now)
        counts = (self.since is None or now >= self.since) and (self.until is None or now <= self.until)
        for event in events:
            self.days.apply(event)
            if counts:
                self._count(event)

    def _count(self, event: Event) -> None:
        match event.value:
            case Alerted() as alerted:
                self._alerted(alerted, event.recorded_at)
            case Acknowledged(alert=alert):
                self._answered(alert, event.recorded_at, "acknowledged")
            case Overridden(alert=alert, reason=reason):
                if self._answered(alert, event.recorded_at, "overridden"):
                    self.override_reasons[reason] += 1
            case Escalated(alert=alert, by_person=False):
                self._escalated(alert)
            case Resolved(alert=alert):
                self._closed(alert, "")
            case Withdrawn(alert=alert):
                self._closed(alert, "withdrawn")
            case Notified(alert=alert, channel=channel, outcome=outcome) if alert in self._open:
                self.deliveries[channel, outcome] += 1
            case _:
                pass

    def _alerted(self, alerted: Alerted, at: datetime) -> None:
        known = self._open.get(alerted.alert)
        if known is None:
            if alerted.why or (self.unit and alerted.unit != self.unit):
                return
            known = self._open[alerted.alert] = _Open(alerted.capability)
            self._add(known, "alerts")
        if interrupts(alerted):
            known.paged_at = known.paged_at or at
            self._add(known, "pages")

    def _answered(self, alert: str, at: datetime, how: str) -> bool:
        known = self._open.get(alert)
        if known is None:
            return False
        self._add(known, how)
        if known.paged_at is not None and not known.is_answered:
            for counted in (self.total, self.by_capability[known.capability]):
                counted.answer_seconds.append((at - known.paged_at).total_seconds())
        known.is_answered = True
        return True

    def _escalated(self, alert: str) -> None:
        known = self._open.get(alert)
        if known is not None and not known.is_escalated:
            known.is_escalated = True
            self._add(known, "escalated")

    def _closed(self, alert: str, how: str) -> None:
        known = self._open.pop(alert, None)
        if known is None:
            return
        if how:
            self._add(known, how)
        elif not known.is_answered:
            self._add(known, "ended_unanswered")

    def _add(self, known: _Open, what: str) -> None:
        for counted in (self.total, self.by_capability.setdefault(known.capability, Counted())):
            setattr(counted, what, getattr(counted, what) + 1)
