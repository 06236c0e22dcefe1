"""Which alert needs looking at next. Nothing is kept but what the alerts themselves say, so timers survive any restart."""

import heapq
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from wardline.delivery.alerts.episode import Episode
from wardline.delivery.policy.terms import Policy, Shifts, Tier

FORGOTTEN_AFTER: Final = timedelta(days=7)


def escalates_at(episode: Episode, policy: Policy) -> datetime | None:
    """When the next people are told if nobody answers; None when nobody is being waited for."""
    if not (episode.is_waiting and episode.is_loud):
        return None
    return episode.told_at + policy.ladder_of(policy.rule(episode.rule)).step(episode.step + 1).after


def due_at(episode: Episode, policy: Policy) -> datetime | None:
    """The next moment at which something happens to the alert by itself."""
    if not episode.is_open:
        return None
    moments: list[datetime | None] = [forgotten_at(episode)]
    if not episode.is_waiting:
        moments.append(episode.look_again_at)
    else:
        moments += [escalates_at(episode, policy), episode.quiet_until]
        moments.append(next_shift(policy.shifts, episode.owned_since) if episode.tier is not Tier.CHIP else None)
    return min((moment for moment in moments if moment is not None), default=None)


def forgotten_at(episode: Episode) -> datetime | None:
    """When an alert that asks nothing of anybody is closed, if its question is never answered again. One that waits for an answer never is."""
    if episode.is_waiting and episode.tier is not Tier.CHIP:
        return None
    return max(episode.history[-1].at, episode.heard_at or episode.raised_at) + FORGOTTEN_AFTER


@lru_cache(maxsize=4096)
def next_shift(shifts: Shifts, since: datetime) -> datetime | None:
    """The first start of a shift after `since`. Local wall time: on the nights the clocks change a shift is an hour longer or shorter."""
    zone = ZoneInfo(shifts.zone)
    today = since.astimezone(zone).date()
    starts = (
        datetime.combine(today + timedelta(days=day), time.fromisoformat(start), zone).astimezone(UTC) for day in (0, 1, 2) for start in shifts.starts
    )  # fmt: skip
    return min((start for start in starts if start > since), default=None)


class Timers:
    """The alerts by when they are due next."""

    def __init__(self) -> None:
        self._due: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []

    def set(self, alert: str, due: datetime | None) -> None:
        if due is None:
            self._due.pop(alert, None)
        elif self._due.get(alert) != due:
            self._due[alert] = due
            heapq.heappush(self._heap, (due, alert))

    def next(self) -> datetime | None:
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: datetime) -> list[str]:
        """The alerts that are due, in order. They stay due until something changes them."""
        return [alert for due, alert in sorted((due, alert) for alert, due in self._due.items() if due <= now)]
