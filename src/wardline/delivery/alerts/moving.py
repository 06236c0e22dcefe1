"""Alerts follow their patients: to another bed, out of the hospital, to the record they are known by now."""

from collections.abc import Callable, Iterator
from datetime import datetime

from wardline.core.events import Cancelled, Event, Merged, Moved, Unmerged
from wardline.core.reactions import Patients
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.deciding import Decisions, has_died
from wardline.delivery.alerts.episode import FILED, JOINED, MOVED, PARTED, Episode
from wardline.delivery.alerts.register import Question, Register
from wardline.delivery.alerts.stating import Statements


class Moves:
    """Decides what a movement or a joining of records means for alerts, at one moment."""

    def __init__(self, register: Register, patients: Patients, now: datetime) -> None:
        self.say = Statements(register, patients, now)
        self.decide = Decisions(register, patients, now)
        self.register = register
        self.policy = register.policy
        self.patients = patients
        self.now = now

    def moved(self, event: Event) -> Iterator[Event]:
        """The patient came, went, changed place or died."""
        person = self.patients.survivor(event.about)
        timeline = self.patients.timeline(person)
        place = timeline.place
        for episode in self.register.of(person):
            rule = self.policy.rule(episode.rule)
            if has_died(timeline):
                yield self.say.resolved(episode, "the patient has died", event.id)
            elif timeline.movements and not place.is_in:
                yield self.say.resolved(episode, "the patient has left the hospital", event.id)
            elif rule is not None and not rule.concerns(episode.key, place.unit):
                yield self.say.resolved(episode, f"not watched for in {place.unit}", event.id)
            elif (place.unit, place.bed) != (episode.unit, episode.bed):
                yield self.say.handed_over(episode, MOVED)
        if isinstance(event.value, Cancelled) and place.is_in:
            yield from self.decide.opened(self._standing(timeline), timeline, trigger=event.id)

    def joined(self, event: Event) -> Iterator[Event]:
        """Two records are one person: their alerts live on under the surviving record, one for each question."""
        value: Merged = event.value
        yield from self._rehomed(self._alerts_of(event.about, value.retired), JOINED, lambda episode: self.patients.survivor(episode.about))

    def parted(self, event: Event) -> Iterator[Event]:
        """They are two persons after all: every alert goes back, and a condition whose alert had been joined gets its own again."""
        value: Unmerged = event.value
        episodes = self._alerts_of(event.about, value.other)
        yield from self._rehomed(episodes, PARTED, lambda episode: self.patients.survivor(episode.origin))
        taken = frozenset((self.patients.survivor(each.origin), each.capability, each.key) for each in episodes)
        for person in sorted({self.patients.survivor(event.about), self.patients.survivor(value.other)}):
            timeline = self.patients.timeline(person)
            if timeline.place.is_in or not timeline.movements:
                yield from self.decide.opened(self._standing(timeline), timeline, trigger=event.id, taken=taken)

    def filed(self, event: Event) -> Iterator[Event]:
        """A visit belongs to another patient: so do its alerts."""
        value: Moved = event.value
        target = self.patients.survivor(event.about)
        episodes = [each for each in self._alerts_of(event.about, value.origin) if each.encounter == value.encounter or each.about == target]
        yield from self._rehomed(episodes, FILED, lambda episode: target)

    def _alerts_of(self, *records: str) -> list[Episode]:
        persons = {*records, *(self.patients.survivor(record) for record in records)}
        return [episode for person in sorted(persons) for episode in self.register.of(person)]

    def _rehomed(self, episodes: list[Episode], why: str, home_of: Callable[[Episode], str]) -> Iterator[Event]:
        """Every alert under the record it belongs to now, one for each question. Those that give way go first."""
        homes: dict[Question, list[Episode]] = {}
        for episode in episodes:
            homes.setdefault((home_of(episode), episode.capability, episode.key), []).append(episode)
        moving: list[Event] = []
        for (home, _, _), same in sorted(homes.items()):
            kept, *others = sorted(same, key=_standing_order)
            for other in others:
                yield self.say.withdrawn(other, f"one with alert {kept.alert}: {why}")
            if kept.about != home:
                moving.append(self.say.handed_over(kept, why, home=home, encounter=kept.encounter))
        yield from moving

    def _standing(self, timeline: Timeline) -> list[Event]:
        """The answers that hold now."""
        return [answer for answer in timeline.answers.values() if answer.value.valid_until is None or answer.value.valid_until >= self.now]


def _standing_order(episode: Episode) -> tuple[int, bool, datetime, str]:
    """Of several alerts for one question the worst stays; of equal ones the one somebody has answered, then the oldest."""
    return -episode.severity, episode.is_waiting, episode.raised_at, episode.alert
