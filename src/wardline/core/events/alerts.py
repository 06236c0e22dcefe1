"""What people were told, what they did about it, and under which policy."""

from datetime import datetime
from typing import NamedTuple

from wardline.core.events.numbering import EventId


class Alerted(NamedTuple):
    """People are being told. One open alert per question and episode."""

    alert: str
    """Stable key of the episode; receivers drop repeats of it."""
    capability: str
    key: str = ""
    tier: str = "worklist"
    """"page", "worklist" or "chip"."""
    severity: int = 0
    summary: str = ""
    finding: EventId = 0
    unit: str = ""
    bed: str = ""
    roles: tuple[str, ...] = ()
    action: str = ""
    escalates_at: datetime | None = None
    rule: str = ""
    quiet: str = ""
    """Why nobody was interrupted, where that was the case: an alert that is kept quiet stays visible and counted."""
    joined: str = ""
    """The alert this one was bundled with."""
    quiet_until: datetime | None = None
    """When the reason for being quiet ends, where that is known."""
    why: str = ""
    """"" when the alert opens. The same alert stated again has changed: "worse", "better", "quiet", "quiet time over" ..."""
    owner_role: str = ""
    """The role that answers for it."""


class Shown(NamedTuple):
    """A person opened the alert."""

    alert: str


class Acknowledged(NamedTuple):
    """A person takes it on."""

    alert: str
    comment: str = ""


class Overridden(NamedTuple):
    """A person decides that it needs no action, for one of the coded reasons."""

    alert: str
    reason: str
    comment: str = ""
    until: datetime | None = None
    """When it must be looked at again, for reasons that are a promise to look again."""


class Escalated(NamedTuple):
    """Nobody answered in time, or a person asked for more help: the next roles are told."""

    alert: str
    step: int
    roles: tuple[str, ...] = ()
    by_person: bool = False
    comment: str = ""


class StoodDown(NamedTuple):
    """A person took back their last act on the alert (undo)."""

    alert: str
    undoes: str
    """Kind of the event that is taken back."""
    told: tuple[str, ...] = ()
    """Roles that had been told because of that act, and are told that it is taken back."""


class Resolved(NamedTuple):
    """What the alert was about is no longer true."""

    alert: str
    why: str = ""


class Withdrawn(NamedTuple):
    """The alert should not have been: its input was corrected, deleted or somebody else's. Everyone who was told is told."""

    alert: str
    why: str
    told: tuple[str, ...] = ()


class Notified(NamedTuple):
    """What became of one notification on one channel: "sent", "received" or "failed"."""

    alert: str
    notification: str
    channel: str
    outcome: str
    recipient: str = ""
    detail: str = ""


class PolicyActivated(NamedTuple):
    """From now on alerts follow this policy (about="policy/alerts")."""

    version: str
    text: str
    approved_by: tuple[str, ...] = ()


class HandedOver(NamedTuple):
    """Others answer for the alert from now on: a new shift, another unit or bed, a joined record, or a person who passed it on."""

    alert: str
    why: str
    unit: str = ""
    bed: str = ""
    roles: tuple[str, ...] = ()
    """Who is told now, where others than before must be."""
    owner: str = ""
    """A person's name, where it was handed to one person."""


class Quieted(NamedTuple):
    """A person says why a patient's alerts must not interrupt for a while. They stay visible and counted.

    With an empty `capability` it holds for every question about the patient. An `until` that is not later than the event ends it.
    """

    reason: str
    until: datetime
    capability: str = ""
    key: str = ""
    comment: str = ""
