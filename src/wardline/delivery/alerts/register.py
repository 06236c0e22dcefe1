"""Every alert of the house, folded from events: the open ones by question and person, and those closed lately.

State changes only in `apply`. It depends on nothing but the event and the state, so that a rebuild ends in the same place.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from wardline.core.events import (
    Acknowledged,
    Admitted,
    Alerted,
    Cancelled,
    Discharged,
    Erased,
    Escalated,
    Event,
    EventId,
    Found,
    HandedOver,
    Notified,
    Overridden,
    PolicyActivated,
    Quieted,
    Resolved,
    Shown,
    StoodDown,
    Transferred,
    Withdrawn,
)
from wardline.delivery.alerts.census import Census
from wardline.delivery.alerts.episode import Episode, Pages, Status, after, begin, interrupts
from wardline.delivery.alerts.readings import observed
from wardline.delivery.alerts.spending import Page, Spending
from wardline.delivery.alerts.timers import Timers, due_at
from wardline.delivery.policy import Policy, read_policy

Question: TypeAlias = tuple[str, str, str]
"""(person, capability, key)"""

KEPT: Final = timedelta(days=3)
"""How long closed alerts stay in memory, for the board and for refractory times; the log keeps them for good."""


class Mark(NamedTuple):
    """A person's reason why a patient's alerts must not interrupt."""

    reason: str
    since: datetime
    until: datetime
    capability: str = ""
    key: str = ""
    by: str = ""
    comment: str = ""

    def holds_for(self, capability: str, key: str, now: datetime) -> bool:
        return now < self.until and self.capability in ("", capability) and (not self.capability or self.key == key)


class Register:
    """The folded state of the alert policy."""

    def __init__(self, policy: Policy, key: bytes) -> None:
        self._shipped = policy
        self.key = key
        self.load(None)

    # --- looking ---

    def find(self, alert: str) -> Episode | None:
        return self.open.get(alert) or self.closed.get(alert)

    def at(self, question: Question) -> Episode | None:
        """The open alert of a question."""
        alert = self._by_question.get(question)
        return self.open[alert] if alert is not None else None

    def __contains__(self, question: Question) -> bool:
        """Whether the question has an open alert."""
        return question in self._by_question

    def last_closed(self, question: Question) -> Episode | None:
        alert = self._last_closed.get(question)
        return self.closed.get(alert) if alert is not None else None

    def paged_before(self, question: Question) -> Pages:
        """When people were last interrupted about a question that has no open alert. A page that was withdrawn does not count: it
        should not have been.
        """
        last = self.last_closed(question)
        return last.paged if last is not None and last.status is Status.RESOLVED else ()

    def of(self, person: str) -> list[Episode]:
        """The open alerts of a person, the oldest first."""
        return sorted((self.open[alert] for alert in self._by_person.get(person, ())), key=_age)

    def carried_by(self, leader: str) -> list[Episode]:
        """The open alerts that share the page of this one, wherever their records have gone since."""
        return [episode for episode in self.open.values() if episode.joined == leader]

    def closed_of(self, person: str) -> list[Episode]:
        return [episode for episode in self.closed.values() if episode.about == person]

    def marks(self, person: str, capability: str, key: str, now: datetime) -> Iterator[Mark]:
        return (mark for mark in self.quieted.get(person, ()) if mark.holds_for(capability, key, now))

    # --- folding ---

    def apply(self, event: Event) -> None:
        fold = _FOLDS.get(type(event.value))
        if fold is not None:
            fold(self, event)

    def _found(self, event: Event) -> None:
        found: Found = event.value
        alert = self._by_question.get((event.about, found.capability, found.key))
        if alert is None:
            return
        episode = self.open[alert]
        rule = self.policy.rule(episode.rule)
        if rule is not None:
            self._put(observed(episode, found, event.occurred_at, rule, self.policy.one_reading))

    def _alerted(self, event: Event) -> None:
        value: Alerted = event.value
        before = self.open.get(value.alert)
        self._put(after(before, event) if before is not None else begin(event, self.paged_before((event.about, value.capability, value.key))))
        if interrupts(value):
            rule = self.policy.rule(value.rule.partition("@")[0])
            is_model_driven = rule is not None and rule.driven_by == "model"
            self.spending.add(Page(event.recorded_at, value.capability, value.unit, is_model_driven, event.about), self.policy.budget)

    def _happened(self, event: Event) -> None:
        """Something happened to one alert. News about an alert closed too long ago to be remembered are for the log only."""
        before = self.find(event.value.alert)
        if before is not None:
            self._put(after(before, event))

    def _put(self, episode: Episode) -> None:
        before = self.open.get(episode.alert)
        if before is not None and (not episode.is_open or episode.about != before.about):
            self._leave(before)
            before = None
        if not episode.is_open:
            self._close(episode)
        else:
            self.open[episode.alert] = episode
            if before is None:
                self._by_question[episode.question] = episode.alert
                self._by_person.setdefault(episode.about, set()).add(episode.alert)
        self.timers.set(episode.alert, due_at(episode, self.policy))

    def _leave(self, episode: Episode) -> None:
        del self.open[episode.alert]
        # Within a step the events of different records may be folded in any order: another alert can have its place already.
        if self._by_question.get(episode.question) == episode.alert:
            del self._by_question[episode.question]
        alerts = self._by_person[episode.about]
        alerts.discard(episode.alert)
        if not alerts:
            del self._by_person[episode.about]

    def _close(self, episode: Episode) -> None:
        is_new = episode.alert not in self.closed
        self.closed[episode.alert] = episode
        if is_new:
            last = self.last_closed(episode.question)
            if last is None or _closing(last) <= _closing(episode):
                self._last_closed[episode.question] = episode.alert
            self._forget(episode)

    def _forget(self, newest: Episode) -> None:
        """Drop what was closed long before the one just closed."""
        assert newest.closed_at is not None
        for alert, episode in list(self.closed.items()):
            if episode.closed_at is None or newest.closed_at - episode.closed_at <= KEPT:
                return
            del self.closed[alert]
            if self._last_closed.get(episode.question) == alert:
                del self._last_closed[episode.question]

    def _quieted(self, event: Event) -> None:
        value: Quieted = event.value
        at = event.recorded_at
        for person, marks in list(self.quieted.items()):
            standing = tuple(mark for mark in marks if mark.until > at)
            if person == event.about:
                standing = tuple(mark for mark in standing if (mark.capability, mark.key) != (value.capability, value.key))
            if standing:
                self.quieted[person] = standing
            else:
                del self.quieted[person]
        if value.until > at:
            mark = Mark(value.reason, at, value.until, value.capability, value.key, event.actor, value.comment)
            self.quieted[event.about] = (*self.quieted.get(event.about, ()), mark)

    def _activated(self, event: Event) -> None:
        value: PolicyActivated = event.value
        self._follow(read_policy(value.text, f"policy {value.version}"))

    def _follow(self, policy: Policy) -> None:
        """Keep every alert as it is; only when it is looked at next may change with the policy."""
        self.policy = policy
        for episode in self.open.values():
            self.timers.set(episode.alert, due_at(episode, policy))

    def _moved(self, event: Event) -> None:
        self.census.apply(event)

    def _erased(self, event: Event) -> None:
        records = set(event.value.records)
        self.census.apply(event)
        self.spending.erase(records)
        for episode in [each for each in (*self.open.values(), *self.closed.values()) if each.about in records]:
            if episode.is_open:
                self._leave(episode)
            else:
                del self.closed[episode.alert]
                self._last_closed.pop(episode.question, None)
            self.timers.set(episode.alert, None)
        for record in records:
            self.quieted.pop(record, None)

    # --- keeping ---

    def dump(self) -> Any:
        """Plain containers, equal for equal states."""
        return [
            self.policy.text, [_plain(self.open[alert]) for alert in sorted(self.open)],
            [_plain(episode) for episode in sorted(self.closed.values(), key=_closing)],
            [[person, [list(mark) for mark in marks]] for person, marks in sorted(self.quieted.items())],
            self.census.dump(), self.spending.dump(),
        ]  # fmt: skip

    def load(self, state: Any) -> None:
        self.policy = self._shipped
        self.open: dict[str, Episode] = {}
        self.closed: dict[str, Episode] = {}
        """In the order in which they were closed."""
        self.quieted: dict[str, tuple[Mark, ...]] = {}
        self.census = Census()
        self.spending = Spending()
        self.timers = Timers()
        self._by_question: dict[Question, str] = {}
        self._by_person: dict[str, set[str]] = {}
        self._last_closed: dict[Question, str] = {}
        if state is None:
            return
        text, opened, closed, quieted, census, spending = state
        if text != self.policy.text:
            self.policy = read_policy(text, "the policy in force")
        for episode in (*opened, *closed):
            self._put(msgspec.convert(episode, Episode))
        self.quieted = {person: tuple(Mark(*mark) for mark in marks) for person, marks in quieted}
        self.census.load(census)
        self.spending.load(spending)


def _plain(episode: Episode) -> Any:
    return msgspec.to_builtins(episode, builtin_types=(datetime,))


def _closing(episode: Episode) -> tuple[datetime, EventId]:
    assert episode.closed_at is not None
    return episode.closed_at, episode.closed_by


def _age(episode: Episode) -> tuple[datetime, str]:
    return episode.raised_at, episode.alert


_FOLDS: Final[dict[type, Callable[[Register, Event], None]]] = {
    Found: Register._found, Alerted: Register._alerted, Quieted: Register._quieted, PolicyActivated: Register._activated,
    Admitted: Register._moved, Transferred: Register._moved, Discharged: Register._moved, Cancelled: Register._moved,
    Shown: Register._happened, Acknowledged: Register._happened, Overridden: Register._happened, Escalated: Register._happened,
    StoodDown: Register._happened, Resolved: Register._happened, Withdrawn: Register._happened, Notified: Register._happened,
    HandedOver: Register._happened, Erased: Register._erased,
}  # fmt: skip
