"""One alert from the moment it opens until it is closed, as a state machine: what may happen to it next, and what may not.

An episode is made by the first `Alerted` event and changed only by events that name it. A step the table does not allow raises
`Conflict` with a sentence; because commands try the step before they record it, the log never holds one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from wardline.core.errors import Conflict
from wardline.core.events import (
    Acknowledged,
    Alerted,
    Escalated,
    Event,
    EventId,
    HandedOver,
    Notified,
    Overridden,
    Resolved,
    Shown,
    StoodDown,
    Withdrawn,
)
from wardline.delivery.policy.terms import Tier


class Status(StrEnum):
    """Where an alert is in its life. AL-6."""

    RAISED = "raised"
    SHOWN = "shown"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    OVERRIDDEN = "overridden"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


WAITING: Final = (Status.RAISED, Status.SHOWN, Status.ESCALATED)
"""Nobody has answered yet."""
CLOSED: Final = (Status.RESOLVED, Status.WITHDRAWN)

# Why the same alert is stated again.
WORSE: Final = "worse"
BETTER: Final = "better"
QUIET: Final = "quiet"
LOUD: Final = "quiet time over"
LOOK_AGAIN: Final = "time to look again"
ALONE: Final = "stands alone"

# Why others answer for it.
NEW_SHIFT: Final = "new shift"
MOVED: Final = "patient moved"
JOINED: Final = "records joined"
PARTED: Final = "records parted"
FILED: Final = "visit filed elsewhere"
PASSED_ON: Final = "passed on"

# From which status which act is possible. What is not here is impossible.
_LEGAL: Final[dict[type, tuple[Status, ...]]] = {
    Acknowledged: WAITING,
    Overridden: (*WAITING, Status.ACKNOWLEDGED),
    Escalated: (*WAITING, Status.ACKNOWLEDGED, Status.OVERRIDDEN),
    HandedOver: (*WAITING, Status.ACKNOWLEDGED, Status.OVERRIDDEN),
    Alerted: (*WAITING, Status.ACKNOWLEDGED, Status.OVERRIDDEN),
    StoodDown: (Status.ACKNOWLEDGED, Status.OVERRIDDEN, Status.ESCALATED, Status.SHOWN),
    Resolved: (*WAITING, Status.ACKNOWLEDGED, Status.OVERRIDDEN),
    Withdrawn: (*WAITING, Status.ACKNOWLEDGED, Status.OVERRIDDEN),
    Shown: tuple(Status),
    Notified: tuple(Status),
}  # fmt: skip

_VERBS: Final[dict[type, str]] = {
    Acknowledged: "acknowledge", Overridden: "override", Escalated: "escalate", HandedOver: "hand over", StoodDown: "undo",
    Alerted: "raise", Resolved: "resolve", Withdrawn: "withdraw",
}  # fmt: skip


Pages: TypeAlias = tuple[tuple[int, datetime], ...]
"""(severity, when people were last interrupted at that severity)"""


class Told(NamedTuple):
    """A role that was told, for the unit the patient was in then."""

    role: str
    unit: str


class Entry(NamedTuple):
    """One line of an alert's history."""

    kind: str
    at: datetime
    actor: str = ""
    detail: str = ""


class Standing(NamedTuple):
    """What a person's act changes, and undo restores."""

    status: Status
    tier: Tier
    quiet: str
    quiet_until: datetime | None
    joined: str
    step: int
    told: tuple[Told, ...]
    told_at: datetime
    owner: str
    look_again_at: datetime | None


class Undo(NamedTuple):
    """The last act a person can still take back."""

    kind: str
    at: datetime
    actor: str
    before: Standing


@dataclass(frozen=True, slots=True)
class Episode:
    """An alert as it stands now."""

    alert: str
    about: str
    capability: str
    key: str
    rule: str
    """Id of the rule that gives it its present level."""
    severity: int
    tier: Tier
    summary: str
    raised_at: datetime
    told_at: datetime
    """When the people of the present step were told; the next step counts from here."""
    level_since: datetime
    owned_since: datetime
    finding: EventId = 0
    origin: str = ""
    """The record it was raised about: where it belongs if joined records part again."""
    encounter: str = ""
    unit: str = ""
    bed: str = ""
    roles: tuple[str, ...] = ()
    owner_role: str = ""
    action: str = ""
    status: Status = Status.RAISED
    step: int = 0
    owner: str = ""
    told: tuple[Told, ...] = ()
    quiet: str = ""
    quiet_until: datetime | None = None
    joined: str = ""
    look_again_at: datetime | None = None
    is_above: bool = True
    """Whether the last answer that could tell was still bad enough to raise it."""
    clear_readings: int = 0
    cleared_at: datetime | None = None
    heard_at: datetime | None = None
    """When its question was last answered."""
    supports: tuple[datetime, ...] = ()
    """The moments at which the answer was bad enough. When a correction takes the last of them away, it was a false alarm."""
    paged: Pages = ()
    """Earlier episodes of the same question included, so that a quiet one in between does not make people forget."""
    unreachable: tuple[str, ...] = ()
    """Roles of the present step whom no channel could reach."""
    undo: Undo | None = None
    closed_at: datetime | None = None
    closed_by: EventId = 0
    why: str = ""
    """Why it was closed."""
    history: tuple[Entry, ...] = ()

    @property
    def question(self) -> tuple[str, str, str]:
        """Whose question it answers: at most one alert is open for each."""
        return self.about, self.capability, self.key

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED

    @property
    def is_waiting(self) -> bool:
        """Nobody has answered yet."""
        return self.status in WAITING

    @property
    def is_seen(self) -> bool:
        return self.status not in (Status.RAISED, Status.ESCALATED)

    @property
    def is_loud(self) -> bool:
        """It has interrupted people, in its own name."""
        return self.tier is Tier.PAGE and not self.quiet and not self.joined


def interrupts(alerted: Alerted) -> bool:
    """Whether people are interrupted by this statement of the alert."""
    return alerted.tier == Tier.PAGE and not alerted.quiet and not alerted.joined and alerted.why != BETTER


def last_paged(paged: Pages, severity: int) -> datetime | None:
    """When people were last interrupted for this severity or a worse one."""
    return max((at for level, at in paged if level >= severity), default=None)


def begin(event: Event, paged: Pages = ()) -> Episode:
    """The episode that this `Alerted` event opens. `paged` is when people were last interrupted about the same question before."""
    value: Alerted = event.value
    at = event.recorded_at
    episode = Episode(
        value.alert, event.about, value.capability, value.key, "", 0, Tier.CHIP, "", raised_at=at, told_at=at, level_since=at, owned_since=at,
        origin=event.about, encounter=event.encounter, unit=value.unit, bed=value.bed, supports=(event.occurred_at,), paged=paged,
    )  # fmt: skip
    return after(episode, event)


def after(episode: Episode, event: Event) -> Episode:
    """The episode after one more event. Raises `Conflict` when that cannot happen to it."""
    value = event.value
    if episode.status not in _LEGAL[type(value)]:
        raise Conflict(_sentence(episode, type(value)))
    match value:
        case Alerted():
            return _alerted(episode, event, value)
        case Shown():
            seen = replace(episode, status=Status.SHOWN) if episode.status in (Status.RAISED, Status.ESCALATED) else episode
            return _noted(seen, event, "")
        case Acknowledged():
            taken_on = replace(episode, status=Status.ACKNOWLEDGED, owner=event.actor, owned_since=event.recorded_at, undo=_undo(episode, event))
            return _noted(taken_on, event, value.comment)
        case Overridden():
            overridden = replace(episode, status=Status.OVERRIDDEN, owner=event.actor, look_again_at=value.until, undo=_undo(episode, event))
            return _noted(overridden, event, f"{value.reason}: {value.comment}" if value.comment else value.reason)
        case Escalated():
            return _escalated(episode, event, value)
        case StoodDown():
            return _stood_down(episode, event, value)
        case HandedOver():
            return _handed_over(episode, event, value)
        case Resolved() | Withdrawn():
            status = Status.RESOLVED if isinstance(value, Resolved) else Status.WITHDRAWN
            closed = replace(episode, status=status, closed_at=event.recorded_at, closed_by=event.id, why=value.why, undo=None)
            return _noted(closed, event, value.why)
        case Notified():
            lost = value.outcome == "failed" and not value.channel
            unreachable = (*episode.unreachable, value.recipient) if lost else episode.unreachable
            return _noted(replace(episode, unreachable=unreachable), event, f"{value.recipient} by {value.channel or 'any channel'}: {value.outcome}")
        case _:
            raise TypeError(f"{event.kind} does not happen to an alert")


def _alerted(episode: Episode, event: Event, value: Alerted) -> Episode:
    at = event.recorded_at
    stated = replace(
        episode, rule=value.rule.partition("@")[0], severity=value.severity, tier=Tier(value.tier), summary=value.summary, finding=value.finding,
        roles=value.roles, owner_role=value.owner_role, action=value.action, quiet=value.quiet, quiet_until=value.quiet_until, joined=value.joined,
        owned_since=at,
    )  # fmt: skip
    if value.why in ("", WORSE):
        stated = replace(stated, level_since=at, supports=(event.occurred_at,), is_above=True)
    if value.why in ("", WORSE, BETTER):
        stated = replace(stated, clear_readings=0, cleared_at=None)
    if value.why in (WORSE, LOOK_AGAIN) or interrupts(value):
        stated = replace(stated, status=Status.RAISED, step=0, told_at=at, owner="", look_again_at=None, undo=None, unreachable=())
    if interrupts(value):
        told = _with(stated.told, value.roles, stated.unit)
        stated = replace(stated, told=told, paged=(*(page for page in stated.paged if page[0] != value.severity), (value.severity, at)))
    detail = ", ".join(part for part in (value.why, value.tier, value.quiet and f"quiet: {value.quiet}", value.summary) if part)
    return _noted(stated, event, detail)


def _escalated(episode: Episode, event: Event, value: Escalated) -> Episode:
    return _noted(
        replace(
            episode, status=Status.ESCALATED, step=value.step, tier=Tier.PAGE, quiet="", quiet_until=None, joined="", told_at=event.recorded_at,
            told=_with(episode.told, value.roles, episode.unit), unreachable=(), look_again_at=None, roles=value.roles,
            owned_since=event.recorded_at if value.by_person else episode.owned_since,
            undo=_undo(episode, event) if value.by_person else None,
        ),
        event, f"to {' and '.join(value.roles)}" + (f": {value.comment}" if value.comment else ""),
    )  # fmt: skip


def _stood_down(episode: Episode, event: Event, value: StoodDown) -> Episode:
    undo = episode.undo
    if undo is None or undo.kind != value.undoes:
        raise Conflict("there is nothing left to undo: the alert has moved on since")
    return _noted(replace(episode, **undo.before._asdict(), undo=None), event, f"took back: {value.undoes}")


def _handed_over(episode: Episode, event: Event, value: HandedOver) -> Episode:
    at = event.recorded_at
    handed = replace(
        episode, about=event.about, unit=value.unit, bed=value.bed, roles=value.roles or episode.roles, owner=value.owner, owned_since=at, undo=None,
    )  # fmt: skip
    if value.why == FILED:
        handed = replace(handed, origin=event.about)
    if event.about != episode.about:
        # What counts from now on are the answers about the record it belongs to now.
        handed = replace(handed, supports=(episode.level_since,), is_above=True, clear_readings=0, cleared_at=None, heard_at=at)
    if value.why == PASSED_ON:
        handed = replace(handed, status=Status.RAISED, look_again_at=None, owner_role=next(iter(value.roles), episode.owner_role))
    elif not episode.is_waiting:
        handed = replace(handed, owner=episode.owner)
    if value.roles and handed.is_waiting and handed.is_loud:
        handed = replace(handed, step=0, told_at=at, told=_with(handed.told, value.roles, value.unit), unreachable=())
    return _noted(handed, event, ", ".join(part for part in (value.why, value.unit, value.bed, value.owner) if part))


def _undo(episode: Episode, event: Event) -> Undo:
    return Undo(event.kind, event.recorded_at, event.actor, Standing(*(getattr(episode, name) for name in Standing._fields)))


def _noted(episode: Episode, event: Event, detail: str) -> Episode:
    return replace(episode, history=(*episode.history, Entry(event.kind, event.recorded_at, event.actor, detail)))


def _with(told: tuple[Told, ...], roles: tuple[str, ...], unit: str) -> tuple[Told, ...]:
    return tuple(dict.fromkeys((*told, *(Told(role, unit) for role in roles))))


def _sentence(episode: Episode, act: type) -> str:
    verb = _VERBS[act]
    if act is StoodDown:
        return "there is nothing left to undo"
    if not episode.is_open:
        return f"this alert is already {episode.status}; there is nothing left to {verb}"
    if episode.status is Status.ACKNOWLEDGED:
        return f"{episode.owner or 'somebody'} has already acknowledged this alert"
    if episode.status is Status.OVERRIDDEN:
        return f"{episode.owner or 'somebody'} has overridden this alert; escalate it if you disagree"
    return f"this alert is {episode.status}; it is not possible to {verb} it now"
