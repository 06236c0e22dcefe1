"""The whole set as one feed: stays staggered over a calendar, their messages in the order of time, a bounded number in memory."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Final, NamedTuple

from wardline.core.errors import NotFound
from wardline.intake.datasets.cinc2012.messages import BEGINNING, RECORDED, admission, admitted, closing, observed
from wardline.intake.datasets.cinc2012.stays import Outcome, Stay, outcomes, outcomes_beside, stays
from wardline.intake.datasets.timed import Feed, Timed

INTERVAL: Final = timedelta(minutes=48)
"""One admission every 48 minutes keeps 60 patients in the four units: 60 of them fit into the 48 hours that are recorded."""


class _Next(NamedTuple):
    """The next message of one stay; ordered by time, then by which stay came first."""

    at: datetime
    number: int
    message: Timed
    following: Iterator[Timed]


def feed(path: Path, limit: int | None = None) -> Feed:
    """Messages of the stays in `path` (at most `limit` stays), with the outcomes file that lies beside it."""
    ended = outcomes(outcomes_beside(path))
    return Feed(min(len(ended), limit or len(ended)), messages(islice(stays(path), limit), ended))


def messages(stays: Iterable[Stay], ended: Mapping[str, Outcome]) -> Iterator[tuple[int, Timed]]:
    """Every message of every stay, in the order of time."""
    waiting: list[_Next] = []
    numbers = count()
    beds = Beds()
    begun = 0
    for stay in stays:
        at = BEGINNING + begun * INTERVAL
        for message in _before(at, waiting):
            yield begun, message
        if stay.record not in ended:
            raise NotFound(f"the outcomes file does not say how record {stay.record} ended")
        person = admission(stay, ended[stay.record], beds.take(stay.unit, at), at)
        for course in (iter((admitted(person),)), observed(person, stay), closing(person)):
            _wait(waiting, next(numbers), course)
        begun += 1
    for message in _before(None, waiting):
        yield begun, message


def _before(moment: datetime | None, waiting: list[_Next]) -> Iterator[Timed]:
    """Give out, in order, what comes before the moment; everything for None."""
    while waiting and (moment is None or waiting[0].at < moment):
        each = heapq.heappop(waiting)
        yield each.message
        _wait(waiting, each.number, each.following)


def _wait(waiting: list[_Next], number: int, course: Iterator[Timed]) -> None:
    message = next(course, None)
    if message is not None and message.at is not None:
        heapq.heappush(waiting, _Next(message.at, number, message, course))


class Beds:
    """Each unit's beds, numbered from 1; a patient gets the lowest that is free and keeps it while the stay is recorded."""

    def __init__(self) -> None:
        self._free: dict[str, list[int]] = {}
        self._taken: dict[str, list[tuple[datetime, int]]] = {}
        self._made: dict[str, int] = {}

    def take(self, unit: str, at: datetime) -> int:
        free, taken = self._free.setdefault(unit, []), self._taken.setdefault(unit, [])
        while taken and taken[0][0] <= at:
            heapq.heappush(free, heapq.heappop(taken)[1])
        if not free:
            self._made[unit] = self._made.get(unit, 0) + 1
            free.append(self._made[unit])
        bed = heapq.heappop(free)
        heapq.heappush(taken, (at + RECORDED, bed))
        return bed
