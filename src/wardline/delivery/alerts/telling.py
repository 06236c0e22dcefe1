"""What goes out to people when an alert changes: one message for each role, never twice for one change, never about the patient."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from wardline.core.events import Acknowledged, Alerted, Escalated, Event, HandedOver, StoodDown, Withdrawn
from wardline.core.findings import Severity
from wardline.core.ports import Outgoing
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import CLOSED, Episode, Told, interrupts
from wardline.delivery.alerts.timers import escalates_at
from wardline.delivery.policy.terms import Policy

TOPIC = "notify"


class Message(msgspec.Struct, frozen=True):
    """The payload of one row of the outbox. `id` stays the same however often it is sent: receivers drop repeats by it."""

    id: str
    alert: str
    transition: str
    severity: str
    role: str
    contact: str
    """A name in the site's list of channels."""
    person: str = ""
    """Whoever has this role for this patient now, where the hospital says so: told on their own channels if they have any."""
    step: int = 0
    unit: str = ""
    bed: str = ""
    title: str = ""
    body: str = ""
    escalates_at: datetime | None = None


def alert_of(notification: str) -> str:
    """The alert a notification's id belongs to."""
    return notification.partition("-")[0]


def messages(event: Event, episode: Episode, policy: Policy, timeline: Timeline) -> Iterator[Outgoing]:
    """What has to leave the house because of this event."""
    for transition, recipients in _due(event, episode):
        for number, told in enumerate(recipients):
            # The event is the change; one message for each recipient of one change. The id goes out of the house: it names nobody.
            message = _message(f"{episode.alert}-{event.id:x}-{number}", event, episode, policy, timeline, transition, told)
            yield Outgoing(message.id, TOPIC, msgspec.json.encode(message), episode.about)


def _due(event: Event, episode: Episode) -> Iterator[tuple[str, Iterable[Told]]]:
    match event.value:
        case Alerted() as alerted if interrupts(alerted) and episode.status not in CLOSED:
            yield alerted.why or "raised", _at(alerted.roles, episode.unit)
        case Escalated(roles=roles):
            yield "escalated", _at(roles, episode.unit)
        case HandedOver(roles=roles, why=why) if episode.is_loud and episode.is_waiting:
            yield why, _at(roles, episode.unit)
        case Withdrawn():
            yield "withdrawn", (*episode.told, *_answered_by(episode))
        case StoodDown(told=roles):
            yield "stood down", _at(roles, episode.unit)
        case _:
            pass


def _at(roles: Iterable[str], unit: str) -> tuple[Told, ...]:
    return tuple(Told(role, unit) for role in roles)


def _answered_by(episode: Episode) -> Iterator[Told]:
    """The person who took it on, as a role of their own: they rely on it most."""
    if episode.told and any(entry.kind == Acknowledged.__name__ and entry.actor == episode.owner for entry in episode.history):
        yield Told(f"person:{episode.owner}", episode.unit)


def _message(id: str, event: Event, episode: Episode, policy: Policy, timeline: Timeline, transition: str, told: Told) -> Message:
    role, _, person = told.role.partition(":")
    severity = Severity(episode.severity).word
    title, body = _words(transition, severity, isinstance(event.value, Escalated) and event.value.by_person)
    where = ", ".join(part for part in (episode.unit, f"bed {episode.bed}" if episode.bed else "") if part) if policy.show_place else ""
    return Message(
        id=id, alert=episode.alert, transition=transition, severity=severity, role=told.role,
        contact=policy.contact(role, told.unit) if not person else "", person=person or timeline.assigned.get(role, ""), step=episode.step,
        unit=episode.unit if policy.show_place else "", bed=episode.bed if policy.show_place else "",
        title=f"{title}, {where}" if where else title, body=body, escalates_at=escalates_at(episode, policy),
    )  # fmt: skip


def _words(transition: str, severity: str, is_asked_for: bool) -> tuple[str, str]:
    level = severity.capitalize()
    match transition:
        case "withdrawn":
            return "Alert withdrawn", "An alert you were told about has been withdrawn. Open Wardline to see why."
        case "stood down":
            return "Stand down", "You were asked for help; that has been taken back. Open Wardline to see why."
        case "escalated" if is_asked_for:
            return f"{level} alert, help asked for", "A colleague asks for your help with a patient. Open Wardline to see who and why."
        case "escalated":
            return f"{level} alert, not answered", "Nobody has answered yet. A patient needs you: open Wardline to see who and why."
        case _:
            return f"{level} alert", "A patient needs you: open Wardline to see who and why."
