"""What one more answer means for an open alert: still bad, better, well, or impossible to tell."""

import heapq
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from wardline.core.events import Event, EventId, Found, Measured
from wardline.core.observations import REMOVED
from wardline.core.quantities import plain
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import Episode
from wardline.delivery.policy.terms import Rule

WRONG_PATIENT: Final = "input belongs to another patient"
"""Why an alert is withdrawn whose result was never this patient's (OBX-11 W)."""

MOMENTS_KEPT: Final = 200
"""As many past answers as a correction can revise."""


class Reading(Enum):
    """An answer, seen from the rule that raised the alert."""

    ABOVE = auto()
    BETWEEN = auto()
    """No longer bad enough to raise it, not yet well enough to end it (hysteresis)."""
    CLEAR = auto()
    GONE = auto()
    """A complete run no longer finds it at all."""
    UNCLEAR = auto()
    """Unknown, or at least something that is not bad enough: the truth may be worse. Never ends an alert."""
    NOT_VALID = auto()


def reading_of(found: Found, rule: Rule) -> Reading:
    if found.outcome == "not_valid":
        return Reading.NOT_VALID
    if rule.raises.is_met_by(found):
        return Reading.ABOVE
    if found.outcome != "finding":
        return Reading.UNCLEAR
    if found.value is None and not found.severity:
        return Reading.GONE
    return Reading.CLEAR if rule.clears.is_met_by(found) else Reading.BETWEEN


def observed(episode: Episode, found: Found, at: datetime, rule: Rule, one_reading: timedelta) -> Episode:
    """The episode with one more answer counted. Answers closer together than `one_reading` are one reading."""
    reading = reading_of(found, rule)
    episode = replace(episode, supports=_supports(episode.supports, found, reading, at), heard_at=at if not found.revised else episode.heard_at)
    if found.revised or reading in (Reading.UNCLEAR, Reading.NOT_VALID):
        return episode
    if reading is Reading.ABOVE:
        return replace(episode, is_above=True, clear_readings=0, cleared_at=None)
    if reading is Reading.BETWEEN:
        return replace(episode, is_above=False, clear_readings=0, cleared_at=None)
    if reading is Reading.GONE:
        return replace(episode, is_above=False, clear_readings=rule.clears.readings, cleared_at=at)
    is_new = episode.cleared_at is None or at - episode.cleared_at >= one_reading
    return replace(
        episode, is_above=False, clear_readings=episode.clear_readings + is_new, cleared_at=at if is_new else episode.cleared_at
    )  # fmt: skip


def _supports(supports: tuple[datetime, ...], found: Found, reading: Reading, at: datetime) -> tuple[datetime, ...]:
    """The moments at which it was bad enough. Only a revised answer about the same moment takes one away."""
    if reading is Reading.ABOVE:
        return supports if at in supports else (*supports, at)[-MOMENTS_KEPT:]
    return tuple(moment for moment in supports if moment != at) if found.revised else supports


def newest_input(found: Found, timeline: Timeline) -> datetime | None:
    """When the freshest of the measurements behind an answer was made; None when it rests on none that is known here."""
    ids = {line[4] for line in found.because if line[4]}
    if not ids:
        return None
    # From the newest observation back: the answer is a few steps away, however long the stay has been.
    newest_first = heapq.merge(*(reversed(timeline.observations.of(name)) for name in timeline.observations), key=_occurred, reverse=True)
    return next((event.occurred_at for event in newest_first if event.id in ids), None)


def _occurred(event: Event) -> datetime:
    return event.occurred_at


def correction(caused_by: tuple[EventId, ...], timeline: Timeline) -> str:
    """In words, the correction among the causes of an answer: "input corrected 7.1 -> 4.1". Empty when there is none."""
    if not caused_by:
        return ""
    observations, ids = timeline.observations, set(caused_by)
    for event in observations.removed():
        if event.id in ids and event.value.status in REMOVED:
            return WRONG_PATIENT if event.value.status == "W" else "input deleted"
    for name in observations:
        for event in observations.of(name):
            if event.id in ids:
                older = observations.versions(event)
                return f"input corrected {_shown(older[-1].value)} -> {_shown(event.value)}" if older else "input corrected"
    return ""


def _shown(measured: Measured) -> str:
    return plain(measured.value) if isinstance(measured.value, int | float) else str(measured.value)
