"""Every workitem of the imaging worklist: what is to be done with whose images, who does it, how it stands, and who follows it.

What may become of a workitem is decided here, on the state inside the engine's turn: of any number who claim one, one has it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from wardline.core.events import Erased, Event, EventId, WorkitemStated, WorklistWatched
from wardline.core.reactions import Memory
from wardline.formats.dicom import ups
from wardline.formats.dicom.matching import Condition, met

ABOUT: Final = "imaging/worklist"
WORKLIST, FILTERED = "1.2.840.10008.5.1.4.34.5", "1.2.840.10008.5.1.4.34.5.1"
"""The well-known UIDs of everything, and of everything that matches (PS3.18 11.1.1)."""
SUBSCRIBED, SUSPENDED, ENDED = "subscribed", "suspended", "ended"
KEPT: Final = timedelta(days=7)
"""A finished workitem can be asked for so long, and longer while somebody holds a Deletion Lock."""


class Workitem(NamedTuple):
    """One workitem as it stands."""

    stated: WorkitemStated
    about: str
    changed_at: datetime
    claimed: EventId = 0
    """The event by which somebody took it; what was found after it was found for it."""

    @property
    def uid(self) -> str:
        return self.stated.workitem

    @property
    def state(self) -> str:
        return self.stated.state

    @property
    def attributes(self) -> dict[str, Any]:
        return _read(self.stated.attributes)


@dataclass
class Subscriber:
    """A system that follows workitems. `person` and `client` are whose it is: nobody else takes its name."""

    person: str
    client: str
    of: dict[str, bool] = field(default_factory=dict)
    """Workitems it is told about, and whether it locks them."""
    everything: bool | None = None
    """Subscribed to each new one, locking it or not; None where it is not."""
    filters: dict[str, bool] = field(default_factory=dict)
    """The same for new ones that match these keys."""

    @property
    def follows_nothing(self) -> bool:
        return not self.of and self.everything is None and not self.filters


class Workitems(Memory):
    """A `Reaction` that only remembers."""

    name = "workitems"

    def __init__(self) -> None:
        self.all: dict[str, Workitem] = {}
        self.gone: dict[str, str] = {}
        """Those that were here, and whose they were: their UIDs are not used again."""
        self.subscribers: dict[str, Subscriber] = {}
        self._finished: dict[str, datetime] = {}

    def of_studies(self, study: str) -> Iterator[Workitem]:
        return (each for each in self.all.values() if study in each.stated.studies)

    def told_of(self, uid: str) -> list[str]:
        """AE titles that hear of what becomes of this one."""
        return [title for title, each in self.subscribers.items() if uid in each.of]

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case WorkitemStated() as stated:
                self._stated(event, stated)
                self._let_go(event.recorded_at)
            case WorklistWatched() as watched:
                self._watched(watched)
            case Erased(records=records):
                self._erase(frozenset(records))
            case _:
                pass

    def _stated(self, event: Event, stated: WorkitemStated) -> None:
        before = self.all.get(stated.workitem)
        is_claim = stated.state == ups.IN_PROGRESS and (before is None or before.state != ups.IN_PROGRESS)
        claimed = event.id if is_claim else before.claimed if before is not None else 0
        self.all[stated.workitem] = item = Workitem(stated, event.about, event.recorded_at, claimed)
        if before is None:
            for subscriber in self.subscribers.values():
                self._follow_new(subscriber, item)
        if stated.state in ups.FINAL:
            self._finished.setdefault(stated.workitem, event.recorded_at)

    def _follow_new(self, subscriber: Subscriber, item: Workitem) -> None:
        if subscriber.everything is not None:
            subscriber.of[item.uid] = subscriber.everything
        for filter, lock in subscriber.filters.items():
            if met(conditions_in(filter), item.attributes):
                subscriber.of[item.uid] = subscriber.of.get(item.uid, False) or lock

    def _let_go(self, now: datetime) -> None:
        """Of what was finished long ago and nobody holds, only the UID is kept."""
        locked = {uid for each in self.subscribers.values() for uid, lock in each.of.items() if lock}
        for uid, finished_at in list(self._finished.items()):
            if finished_at > now - KEPT:
                return
            if uid not in locked:
                self.gone[uid] = self.all[uid].about
                self._forget(uid)

    def _forget(self, uid: str) -> None:
        self.all.pop(uid, None)
        self._finished.pop(uid, None)
        for each in self.subscribers.values():
            each.of.pop(uid, None)

    def _watched(self, watched: WorklistWatched) -> None:
        """PS3.4 Table CC.2.3-2, as far as PS3.18 11.10 to 11.12 tell it: what was said of one workitem goes before what was said of all."""
        who = self.subscribers.setdefault(watched.subscriber, Subscriber(watched.person, watched.client))
        is_global = watched.workitem in (WORKLIST, FILTERED)
        if watched.state == SUBSCRIBED and not is_global:
            who.of[watched.workitem] = watched.lock
        elif watched.state == SUBSCRIBED:
            self._follow_all(who, watched)
        elif not is_global:
            who.of.pop(watched.workitem, None)
        else:
            self._leave(who, watched)
        if who.follows_nothing:
            del self.subscribers[watched.subscriber]

    def _follow_all(self, who: Subscriber, watched: WorklistWatched) -> None:
        if watched.workitem == WORKLIST:
            who.everything, found = watched.lock, list(self.all)
        else:
            who.filters[watched.filter] = watched.lock
            found = [uid for uid, each in self.all.items() if met(conditions_in(watched.filter), each.attributes)]
        for uid in found:
            who.of.setdefault(uid, watched.lock)

    def _leave(self, who: Subscriber, watched: WorklistWatched) -> None:
        """Suspended: told of what it follows already, of nothing new. Ended: told of nothing."""
        if watched.workitem == WORKLIST:
            who.everything = None
        else:
            who.filters.clear()
        if watched.state == ENDED:
            who.of.clear()

    def _erase(self, records: frozenset[str]) -> None:
        for uid in [uid for uid, each in self.all.items() if each.about in records]:
            self._forget(uid)
        self.gone = {uid: about for uid, about in self.gone.items() if about not in records}
        self.subscribers = {title: each for title, each in self.subscribers.items() if not each.follows_nothing}

    def dump(self) -> Any:
        return [
            [tuple(each) for _, each in sorted(self.all.items())],
            sorted(self.gone.items()),
            list(self._finished.items()),
            [
                [title, each.person, each.client, sorted(each.of.items()), each.everything, sorted(each.filters.items())]
                for title, each in sorted(self.subscribers.items())
            ],
        ]

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        every, gone, finished, subscribers = state or ((), (), (), ())
        for stated, *rest in every:
            plain: list[Any] = [tuple(each) if isinstance(each, list) else each for each in stated]
            item = Workitem(WorkitemStated(*plain), *rest)
            self.all[item.uid] = item
        self.gone, self._finished = dict(gone), dict(finished)
        for title, person, client, of, everything, filters in subscribers:
            self.subscribers[title] = Subscriber(person, client, dict(of), everything, dict(filters))


@lru_cache(maxsize=256)
def conditions_in(filter: str) -> tuple[Condition, ...]:
    """A filter as it is kept, as conditions."""
    return tuple(_condition(each) for each in msgspec.json.decode(filter))


def filter_of(conditions: Iterable[Condition]) -> str:
    """The opposite: the same for the same conditions, whatever their order."""
    return msgspec.json.encode(sorted(conditions)).decode()


def _condition(said: Any) -> Condition:
    tag, vr, kind, values, items = said
    return Condition(tag, vr, kind, tuple(values), tuple(_condition(each) for each in items))


@lru_cache(maxsize=4096)
def _read(attributes: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(attributes)
    return found
