"""What a feed usually does at this hour of the week: how much it sends, how long its pauses are, and how long to wait before asking.

Messages come in bursts: a laboratory sends thirty results at once and nothing for half an hour. So what counts is not how many
messages an hour brings but how long the pauses are: one of an hour weighs as much as sixty of a minute.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

SHORTEST_SILENCE: Final = timedelta(minutes=5)
LONGEST_SILENCE: Final = timedelta(days=2)
LEARNING: Final = 20
"""Pauses after which a feed's pace is known well enough to miss it; those within a burst hardly count beside those between bursts."""
MISSED: Final = 8.0
"""A feed is silent when this many usual pauses have passed."""
OF_BURSTS: Final = 0.85
"""Of messages that come at random one finds oneself in a pause twice as long as the mean. This share of it, eight times, is 13.6
mean pauses: by chance that happens once in e^13.6 = 800,000 times."""
AT_LEAST: Final = 1.5
"""Nor is a feed silent before it has said nothing for this many times the longest pause of the last day at this hour."""
WEEKS_REMEMBERED: Final = 8
"""A feed that changes its habits is known by the new ones after about as many weeks."""
WEEKS_KNOWN: Final = 2
"""From so many weeks on an hour of the week is known; before, what counts is the day before and the last hour."""
_HOURS_IN_WEEK: Final = 168
_HOURS_IN_DAY: Final = 24
_FIRST_HOUR: Final = 72
"""1970 began on a Thursday."""
_HOUR: Final = timedelta(hours=1)
_AS_FAR_BACK: Final = 4 * _HOURS_IN_WEEK
"""A pause of months teaches nothing more than one of four weeks."""


@dataclass(slots=True)
class Pauses:
    """What some stretch of time was like."""

    seconds: float = 0.0
    weighed: float = 0.0
    """Its seconds, each weighed with the length of the pause it lies in."""
    ended: int = 0
    longest: float = 0.0

    def lay(self, seconds: float, pause: float) -> None:
        """So much of a pause lies in it."""
        self.seconds += seconds
        self.weighed += seconds * pause
        self.longest = max(self.longest, pause)

    def worth(self) -> float:
        """How many equal pauses would tell as much: (sum of their lengths)^2 / sum of the squares."""
        return self.seconds**2 / self.weighed if self.weighed else 0.0

    def usual(self) -> float:
        """Seconds: the mean pause; where messages come at random or in bursts, the one in which one finds oneself. 0: not known."""
        mean = self.seconds / self.ended if self.ended else 0.0
        return max(mean, OF_BURSTS * self.weighed / self.seconds) if self.seconds else 0.0


@dataclass(slots=True)
class Habit:
    """Learnt from the moments at which a feed has spoken. Lists are by hour of the week, `longest` by hour of the day."""

    since: datetime
    is_learnt: bool = False
    usual: list[float] = field(default_factory=lambda: [0.0] * _HOURS_IN_WEEK)
    """Messages an hour."""
    waits: list[float] = field(default_factory=lambda: [0.0] * _HOURS_IN_WEEK)
    """Seconds: the usual pause."""
    weeks: list[int] = field(default_factory=lambda: [0] * _HOURS_IN_WEEK)
    """How many weeks that rests on."""
    longest: list[float] = field(default_factory=lambda: [0.0] * _HOURS_IN_DAY)
    """Seconds: the longest pause that reached into this hour when it last came."""
    count: int = 1
    """Messages in the hour of the last one."""
    hour: Pauses = field(default_factory=Pauses)
    """That hour."""
    before: Pauses = field(default_factory=Pauses)
    """The hour before."""
    so_far: Pauses = field(default_factory=Pauses)
    """Everything; used on the first day, when there is no day before to go by."""

    def spoke(self, last_at: datetime, at: datetime, *, was_silent: bool) -> None:
        """The feed has spoken, for the first time since `last_at`. `was_silent` says that it had been missed."""
        pause = (at - last_at).total_seconds()
        first, now, since = _hour(last_at), _hour(at), last_at
        for hour in range(first, min(now, first + _AS_FAR_BACK)):
            end = _begin(since) + _HOUR
            self._lay(hour, (end - since).total_seconds(), pause, was_silent)
            self._close(hour, was_silent)
            since = end
        self._lay(now, (at - max(since, _begin(at))).total_seconds(), pause, was_silent)
        if pause > 0:
            self.hour.ended += 1
            self.so_far.ended += 1
        self.count += 1
        if not self.is_learnt and at - self.since >= SHORTEST_SILENCE:
            self.is_learnt = self.so_far.worth() >= LEARNING

    def usual_at(self, at: datetime) -> float | None:
        """Messages this hour of the week usually brings; as long as that is not known, what it brought yesterday. None: not known."""
        hour = _hour(at)
        if self._is_known(hour):
            return self.usual[hour % _HOURS_IN_WEEK]
        yesterday = _place(hour - _HOURS_IN_DAY)
        return self.usual[yesterday] if self.weeks[yesterday] else None

    def due_at(self, last_at: datetime) -> datetime:
        """When it will have been silent for so long that this is news. Counted hour by hour: a quiet night takes its time."""
        latest = last_at + LONGEST_SILENCE
        if not self.is_learnt:
            return latest
        missing, at = MISSED, last_at
        while at < latest:
            hour, end = _hour(at), _begin(at) + _HOUR
            wait = self._wait(hour)
            missed_at = at + timedelta(seconds=missing * wait) if wait else latest
            due = max(missed_at, last_at + max(SHORTEST_SILENCE, AT_LEAST * timedelta(seconds=self.longest[hour % _HOURS_IN_DAY])))
            if due < end:
                return due
            missing = max(0.0, missing - (end - at).total_seconds() / wait) if wait else missing
            at = end
        return latest

    def dump(self) -> list[Any]:
        return [
            self.since, self.is_learnt, list(self.usual), list(self.waits), list(self.weeks), list(self.longest), self.count,
            *(list(astuple(each)) for each in (self.hour, self.before, self.so_far)),
        ]  # fmt: skip

    @classmethod
    def load(cls, state: Sequence[Any]) -> "Habit":
        since, is_learnt, usual, waits, weeks, longest, count, *lately = state
        return cls(since, is_learnt, list(usual), list(waits), list(weeks), list(longest), count, *(Pauses(*each) for each in lately))

    def _wait(self, hour: int) -> float:
        """The usual pause at this hour, in seconds. 0: not known.

        As long as no week is known, a round may come an hour earlier or later than the day before: what counts is yesterday about
        this hour, or the last hour if its pauses were longer.
        """
        if self._is_known(hour):
            return self.waits[_place(hour)]
        lately = max(self.hour.usual(), self.before.usual())
        if not self.weeks[_place(hour - _HOURS_IN_DAY)]:
            return max(lately, self.so_far.usual())
        yesterday = [self.waits[_place(hour - _HOURS_IN_DAY + each)] for each in (-1, 0, 1)]
        return max(lately, sum(yesterday) / len(yesterday))

    def _is_known(self, hour: int) -> bool:
        return self.weeks[_place(hour)] >= WEEKS_KNOWN

    def _lay(self, hour: int, seconds: float, pause: float, was_silent: bool) -> None:
        """Part of a pause lies in this hour. An outage says nothing about an hour that is known; one that is not learns from it."""
        if seconds > 0 and not (was_silent and self._is_known(hour)):
            self.hour.lay(seconds, pause)
            self.so_far.lay(seconds, pause)

    def _close(self, hour: int, was_silent: bool) -> None:
        """An hour is over. The first one was not a whole hour."""
        over, count = self.hour, self.count
        self.hour, self.count = Pauses(), 0
        if was_silent and self._is_known(hour):
            return
        self.before = over
        self.longest[hour % _HOURS_IN_DAY] = over.longest
        if hour == _hour(self.since):
            return
        place = _place(hour)
        weeks = self.weeks[place] = min(self.weeks[place] + 1, WEEKS_REMEMBERED)
        self.usual[place] += (count - self.usual[place]) / weeks
        self.waits[place] += (over.usual() - self.waits[place]) / weeks


def _hour(at: datetime) -> int:
    """Hours since 1970, shifted so that every 168th is a Monday's first."""
    return int(at.timestamp() // 3600) + _FIRST_HOUR


def _place(hour: int) -> int:
    return hour % _HOURS_IN_WEEK


def _begin(at: datetime) -> datetime:
    """When the hour of `at` began."""
    return at.replace(minute=0, second=0, microsecond=0)
