"""Alerts in the words screens use: what it is about, who has seen it, who answers for it, what happens next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from wardline.api.services import Services
from wardline.core.events import Event
from wardline.core.findings import Severity
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import CLOSED, Entry, Episode, Status
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.alerts.readings import WRONG_PATIENT
from wardline.delivery.alerts.timers import escalates_at

KINDS = {
    "Alerted": "raised", "Shown": "opened", "Acknowledged": "acknowledged", "Overridden": "overridden", "Escalated": "escalated",
    "StoodDown": "taken back", "HandedOver": "handed over", "Resolved": "resolved", "Withdrawn": "withdrawn", "Notified": "notified",
}  # fmt: skip

FOREIGN: Final = "Raised by a result of another patient"


def item(episode: Episode, known: Timeline, now: datetime, house: Services, alerts: AlertPolicy | None = None) -> dict[str, Any]:
    """One alert with its patient and its history."""
    policy = (alerts or house.alerts).policy
    goes_on_at = escalates_at(episode, policy)
    steps = policy.ladder_of(policy.rule(episode.rule))
    person = known.person
    return {
        "alert": episode.alert,
        "patient": {
            "id": known.about, "family": person.family if person else "", "given": person.given if person else "",
            "number": person.identifiers[0].number if person and person.identifiers else "", "age_years": known.age_years(now),
            "sex": person.sex if person else "", "unit": known.place.unit, "bed": known.place.bed,
        },
        "capability": episode.capability,
        "key": episode.key,
        "tier": episode.tier.value,
        "severity": Severity(episode.severity).word,
        "summary": FOREIGN if is_foreign(episode) else episode.summary,
        "reason": episode.why,
        "action": episode.action,
        "opened_at": episode.raised_at,
        "waiting_seconds": max(0.0, (now - episode.told_at).total_seconds()) if episode.is_waiting else 0.0,
        "limit_seconds": (goes_on_at - episode.told_at).total_seconds() if goes_on_at is not None else None,
        "state": episode.status.value,
        "seen": episode.is_seen,
        "quiet": episode.quiet,
        "quiet_until": episode.quiet_until,
        "joined": episode.joined,
        "owner": house.name_of(episode.owner) if episode.owner else episode.owner_role,
        "escalates_at": goes_on_at,
        "escalates_to": list(steps.step(episode.step + 1).tell) if goes_on_at is not None else [],
        "undo_until": episode.undo.at + policy.undo if episode.undo is not None else None,
        "closed_at": episode.closed_at,
        "history": [entry_json(entry, house) for entry in _told(episode)],
    }  # fmt: skip


def is_foreign(episode: Episode) -> bool:
    """Whether what raised it was another patient's: then nobody reads that here any more, not even in its history."""
    return episode.why == WRONG_PATIENT


def _told(episode: Episode) -> tuple[Entry, ...]:
    if not is_foreign(episode):
        return episode.history
    return tuple(entry._replace(detail="") if entry.kind == "Alerted" else entry for entry in episode.history)


def entry_json(entry: Entry, house: Services) -> dict[str, Any]:
    return {
        "at": entry.at,
        "what": KINDS.get(entry.kind, entry.kind),
        "who": house.name_of(entry.actor) if entry.actor else "Wardline",
        "comment": entry.detail,
    }


def reasons(house: Services) -> list[dict[str, Any]]:
    """The coded reasons for overriding."""
    return [
        {"code": each.code, "text": each.label, "needs_comment": each.needs_comment, "needs_until": each.needs_until}
        for each in house.alerts.policy.override_reasons
    ]  # fmt: skip


def answered_by(episode: Episode, house: Services) -> tuple[str, datetime | None]:
    """Who took it on, and when."""
    if episode.status is not Status.ACKNOWLEDGED:
        return "", None
    at = next((entry.at for entry in reversed(episode.history) if entry.kind == "Acknowledged"), None)
    return house.name_of(episode.owner), at


def as_known(events: Iterable[Event]) -> AlertPolicy:
    """The alerts of one patient as they stood after these events: folding is all it takes."""
    folded = AlertPolicy(key=b"")  # folding draws no ids
    for event in events:
        folded.apply(event)
    return folded


def is_closed(episode: Episode) -> bool:
    return episode.status in CLOSED
