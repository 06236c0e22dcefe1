"""Every topic subscription: how it stands, with whose rights it sees, and its numbered events."""

from collections import deque
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.core.events import Erased, Event, Noticed, Subscribed
from wardline.core.reactions import Memory

ABOUT: Final = "fhir/Subscription/"
KEPT: Final = 10_000
"""Events of one subscription that can be asked for again."""


class Notice(NamedTuple):
    """One numbered event."""

    number: int
    resource: str
    id: str
    version: int
    at: datetime
    about: str


class Standing(NamedTuple):
    """A subscription as it stands, with how many events it has had."""

    stated: Subscribed
    events: int = 0
    since: datetime | None = None


class Subscriptions(Memory):
    """A `Reaction` that remembers."""

    name = "subscriptions"

    def __init__(self) -> None:
        self._standing: dict[str, Standing] = {}
        self._notices: dict[str, deque[Notice]] = {}

    def get(self, id: str) -> Standing | None:
        return self._standing.get(id)

    def all(self) -> list[Standing]:
        return list(self._standing.values())

    def active(self) -> list[Standing]:
        return [each for each in self._standing.values() if each.stated.status == "active"]

    def notices(self, id: str, since: int, until: int | None = None) -> list[Notice]:
        """Events with since <= number <= until, as far as they are kept."""
        return [each for each in self._notices.get(id, ()) if since <= each.number and (until is None or each.number <= until)]

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Subscribed() as stated:
                before = self._standing.get(stated.subscription)
                count, since = (before.events, before.since) if before is not None else (0, event.recorded_at)
                self._standing[stated.subscription] = Standing(stated, count, since)
            case Noticed(subscription=id, number=number, resource=resource, id=of, version=version):
                notice = Notice(number, resource, of, version, event.recorded_at, event.about)
                self._notices.setdefault(id, deque(maxlen=KEPT)).append(notice)
                if (standing := self._standing.get(id)) is not None:
                    self._standing[id] = standing._replace(events=max(standing.events, number))
            case Erased(records=records):
                for id, notices in self._notices.items():
                    self._notices[id] = deque((each for each in notices if each.about not in records), maxlen=KEPT)
            case _:
                pass

    def dump(self) -> Any:
        return {
            "standing": [(tuple(each.stated), each.events, each.since) for _, each in sorted(self._standing.items())],
            "notices": {id: [tuple(each) for each in notices] for id, notices in sorted(self._notices.items())},
        }

    def load(self, state: Any) -> None:
        self._standing, self._notices = {}, {}
        for stated, count, since in (state or {}).get("standing", ()):
            self._standing[stated[0]] = Standing(Subscribed(*stated), count, since)
        for id, notices in (state or {}).get("notices", {}).items():
            self._notices[id] = deque((Notice(*each) for each in notices), maxlen=KEPT)
