"""What must happen if nothing else does: answers that lapse, measurements that become overdue."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from wardline.core.assessment import VITAL_SIGN_IDS
from wardline.core.events import Event, Found
from wardline.core.timeline import VITAL_SIGNS_DUE, Timeline

Kind: TypeAlias = Literal["lapse", "overdue"]
JUST_AFTER: Final = timedelta(microseconds=1)
"""Validity includes its last moment; this much later the input is too old."""
_new: Final = tuple.__new__


class Due(NamedTuple):
    """At this moment look whether it is so. `what` is a capability for a lapse, the missing thing for an overdue one."""

    at: datetime
    kind: Kind
    about: str
    what: str
    key: str = ""
    """Of the question that lapses; for an overdue thing the capability that asked for it."""
    asked_at: datetime | None = None


LAPSING: Final = ("finding", "at_least", "not_valid")
"""Outcomes that claim something of their inputs, and so end with them. "Unknown" claims nothing that could grow old."""


class Schedule:
    """A heap of dues. Entries are never removed early: when their time comes they are checked against the timeline."""

    def __init__(self) -> None:
        self._heap: list[Due] = []
        self._known: set[Due] = set()

    def apply(self, event: Event) -> None:
        """Note what an answer makes due."""
        found = event.value
        if not isinstance(found, Found) or found.revised:
            return
        if found.valid_until is not None and found.outcome in LAPSING:
            self._add(_new(Due, (found.valid_until + JUST_AFTER, "lapse", event.about, found.capability, found.key, None)))
        for _, seconds, repeats in found.suggestions:
            if repeats and seconds:
                due_at = event.occurred_at + timedelta(0, seconds)
                self._add(_new(Due, (due_at, "overdue", event.about, repeats, found.capability, event.occurred_at)))

    def _add(self, due: Due) -> None:
        known = len(self._known)
        self._known.add(due)
        if len(self._known) > known:
            heapq.heappush(self._heap, due)

    def next_due(self) -> datetime | None:
        return self._heap[0].at if self._heap else None

    def pop(self, now: datetime, limit: int | None = 500) -> list[Due]:
        """Take out what is due by `now`, in order; at most `limit`, or everything for None."""
        due: list[Due] = []
        while self._heap and self._heap[0].at <= now and (limit is None or len(due) < limit):
            due.append(heapq.heappop(self._heap))
            self._known.discard(due[-1])
        return due

    def __len__(self) -> int:
        return len(self._heap)

    def erase(self, records: Iterable[str]) -> None:
        """Nothing is due for them any more."""
        erased = set(records)
        self.load([due for due in self._heap if due.about not in erased])

    def dump(self) -> Any:
        return sorted(self._heap)

    def load(self, state: Any) -> None:
        self._heap = [Due(*entry) for entry in state]
        self._known = set(self._heap)
        heapq.heapify(self._heap)


def is_overdue(timeline: Timeline, what: str, asked_at: datetime) -> bool:
    """Whether nothing of what was asked for then has been measured since, and nobody has been told yet."""
    if what in timeline.overdue:
        return False
    wanted = VITAL_SIGN_IDS if what == VITAL_SIGNS_DUE else (what,)
    return all(events[-1].occurred_at <= asked_at for name in wanted if (events := timeline.observations.of(name)))


def missed(timeline: Timeline, now: datetime) -> Iterator[Due]:
    """What the standing answers asked for, is due, and fell due while nobody was watching: during a stay that seemed over."""
    for event in timeline.answers.values():
        for _, seconds, repeats in event.value.suggestions:
            due_at = event.occurred_at + timedelta(seconds=seconds)
            if repeats and seconds and due_at <= now and is_overdue(timeline, repeats, event.occurred_at):
                yield Due(due_at, "overdue", timeline.about, repeats, event.value.capability, event.occurred_at)
