"""The alert policy at work: it hears every event, decides what people are told, and remembers only what the events say."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from wardline.core.assessment import VITAL_SIGN_IDS
from wardline.core.events import (
    Admitted,
    Alerted,
    Cancelled,
    Discharged,
    Escalated,
    Event,
    Found,
    HandedOver,
    Measured,
    Merged,
    Moved,
    Notified,
    Overdue,
    Overridden,
    PolicyActivated,
    Quieted,
    Registered,
    Resolved,
    StoodDown,
    Transferred,
    Unmerged,
    Withdrawn,
)
from wardline.core.ports import Outgoing
from wardline.core.reactions import Patients
from wardline.core.timeline import VITAL_SIGNS_DUE
from wardline.delivery.alerts.acts import Acts
from wardline.delivery.alerts.deciding import Decisions
from wardline.delivery.alerts.episode import Entry, Episode
from wardline.delivery.alerts.moving import Moves
from wardline.delivery.alerts.register import Register
from wardline.delivery.alerts.telling import messages
from wardline.delivery.alerts.timers import escalates_at
from wardline.delivery.policy import Policy, default_policy
from wardline.delivery.policy.terms import OVERDUE


class AlertPolicy:
    """A `Reaction`. Commands are in `acts`; what screens read is below."""

    name = "alerts"

    def __init__(self, policy: Policy | None = None, *, key: bytes) -> None:
        """`key` draws the ids of new alerts. Those of older ones are in the log, whatever they were drawn with."""
        self.register = Register(policy or default_policy(), key)
        self.acts = Acts(self.register)
        self._leaving: list[Outgoing] = []

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        self.register.apply(event)

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        react = _REACTIONS.get(type(event.value))
        return react(self, event, patients, now) if react is not None else ()

    def next_due(self) -> datetime | None:
        return self.register.timers.next()

    def tick(self, now: datetime, patients: Patients) -> Iterable[Event]:
        decisions = Decisions(self.register, patients, now)
        for alert in self.register.timers.due(now):
            yield from decisions.due(self.register.open[alert])

    def outgoing(self) -> Iterable[Outgoing]:
        leaving, self._leaving = self._leaving, []
        return leaving

    def dump(self) -> Any:
        return self.register.dump()

    def load(self, state: Any) -> None:
        self._leaving = []
        self.register.load(state)

    # --- what screens read ---

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.register.policy

    def alert(self, alert: str) -> Episode | None:
        return self.register.find(alert)

    def open_alerts(self, unit: str | None = None) -> list[Episode]:
        """The open alerts of a unit or of the whole house, the most urgent first."""
        return sorted((each for each in self.register.open.values() if unit is None or each.unit == unit), key=_urgency)

    def alerts_of(self, about: str) -> list[Episode]:
        """A patient's alerts: the open ones by urgency, then those closed lately, the newest first. `about` is the surviving record."""
        return sorted(self.register.of(about), key=_urgency) + self.register.closed_of(about)[::-1]

    def history(self, alert: str) -> tuple[Entry, ...]:
        """Everything that happened to an alert, in order; empty for one that is no longer remembered (the log still has it)."""
        episode = self.register.find(alert)
        return episode.history if episode is not None else ()

    def escalates_at(self, alert: str) -> datetime | None:
        """When the next people are told if nobody answers."""
        episode = self.register.open.get(alert)
        return escalates_at(episode, self.policy) if episode is not None else None

    def owner(self, alert: str, patients: Patients) -> str:
        """Who answers for it: the person who took it on, else the patient's own nurse or doctor, else the role."""
        episode = self.register.find(alert)
        if episode is None:
            return ""
        return episode.owner or patients.timeline(episode.about).assigned.get(episode.owner_role, "") or episode.owner_role

    # --- reactions by kind ---

    def _answered(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        # Most answers are about nothing that is watched for; they end here.
        if not self.policy.watches(event.value.capability):
            return ()
        return Decisions(self.register, patients, now).answered(event)

    def _measured(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        if event.value.concept not in VITAL_SIGN_IDS or (patients.survivor(event.about), OVERDUE, VITAL_SIGNS_DUE) not in self.register:
            return ()
        return Decisions(self.register, patients, now).measured(event)

    def _moved(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        if not isinstance(event.value, Cancelled) and not self.register.of(patients.survivor(event.about)):
            return ()
        return Moves(self.register, patients, now).moved(event)

    def _overdue(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Decisions(self.register, patients, now).overdue(event)

    def _joined(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Moves(self.register, patients, now).joined(event)

    def _parted(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Moves(self.register, patients, now).parted(event)

    def _filed(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Moves(self.register, patients, now).filed(event)

    def _quieted(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Decisions(self.register, patients, now).quieted(event)

    def _activated(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Decisions(self.register, patients, now).activated()

    def _notified(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        return Decisions(self.register, patients, now).unreachable(event)

    def _told(self, event: Event, patients: Patients, now: datetime) -> Iterator[Event]:
        """Something happened to an alert: people are told, and alerts that shared its page are looked at."""
        episode = self.register.find(event.value.alert)
        if episode is not None:
            self._leaving.extend(messages(event, episode, self.policy, patients.timeline(episode.about)))
            yield from Decisions(self.register, patients, now).released(event)


def _urgency(episode: Episode) -> tuple[int, int, bool, datetime, str]:
    """Loud before listed before marked, severe before mild, unseen before seen, old before new."""
    return ("page", "worklist", "chip").index(episode.tier), -episode.severity, episode.is_seen, episode.raised_at, episode.alert


_REACTIONS: Final[dict[type, Callable[[AlertPolicy, Event, Patients, datetime], Iterable[Event]]]] = {
    Found: AlertPolicy._answered, Measured: AlertPolicy._measured, Overdue: AlertPolicy._overdue,
    Registered: AlertPolicy._moved, Admitted: AlertPolicy._moved, Transferred: AlertPolicy._moved, Discharged: AlertPolicy._moved,
    Cancelled: AlertPolicy._moved, Merged: AlertPolicy._joined, Unmerged: AlertPolicy._parted, Moved: AlertPolicy._filed,
    Quieted: AlertPolicy._quieted, PolicyActivated: AlertPolicy._activated, Notified: AlertPolicy._notified,
    Alerted: AlertPolicy._told, Escalated: AlertPolicy._told, HandedOver: AlertPolicy._told, StoodDown: AlertPolicy._told,
    Withdrawn: AlertPolicy._told, Resolved: AlertPolicy._told, Overridden: AlertPolicy._told,
}  # fmt: skip
