"""The statements the alert policy makes: which circumstances hold, whom an alert tells, and what its events say."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.events import Alerted, Escalated, Event, EventId, Found, HandedOver, Resolved, Value, Withdrawn
from wardline.core.reactions import Patients
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import MOVED, Episode, Status, last_paged
from wardline.delivery.alerts.loudness import Circumstances, Loudness
from wardline.delivery.alerts.readings import newest_input
from wardline.delivery.alerts.register import Mark, Question, Register
from wardline.delivery.policy.terms import OVERDUE, Policy, Rule, Tier

ACTS: Final = ("Shown", "Acknowledged", "Overridden", "Escalated")


class Leader(NamedTuple):
    """An alert whose page can carry others of the same patient."""

    alert: str
    severity: int
    roles: frozenset[str]


def alert_id(rule: str, question: Question, trigger: EventId, key: bytes) -> str:
    """The same trigger under the same rule gives the same alert in one house; without its key nobody can tell what an id is about."""
    name = "\x1f".join((rule, *question, str(trigger)))
    return hashlib.blake2b(name.encode(), digest_size=8, key=key).hexdigest()


def told_names(episode: Episode) -> tuple[str, ...]:
    """Everyone who was told: the roles, and the persons who looked or answered."""
    persons = (entry.actor for entry in episode.history if entry.actor and entry.kind in ACTS)
    return tuple(dict.fromkeys((*(told.role for told in episode.told), *persons)))


class Statements:
    """One look at the alerts and their patients, at one moment."""

    def __init__(self, register: Register, patients: Patients, now: datetime) -> None:
        self.register = register
        self.policy: Policy = register.policy
        self.patients = patients
        self.now = now

    # --- circumstances ---

    def case(
        self, rule: Rule, question: Question, timeline: Timeline, *, episode: Episode | None = None, level_since: datetime | None = None,
        answer: Event | None = None, is_reading: bool = True, due_at: datetime | None = None,
    ) -> Circumstances:  # fmt: skip
        """What decides how loud an alert for this question may be now. `episode` is None for a new one."""
        found: Found | None = answer.value if answer is not None else None
        return Circumstances(
            now=self.now, level_since=level_since or self.now, is_reading=is_reading, due_at=due_at,
            is_verified=found is None or found.standing == "verified", is_past=found is not None and found.revised,
            lateness=_lateness(answer, timeline) if answer is not None and rule.tier is Tier.PAGE else None,
            mark=self._mark(rule, question),
            last_paged=last_paged(episode.paged if episode is not None else self.register.paged_before(question), rule.severity),
            is_budget_spent=self.register.spending.is_spent(
                rule, timeline.place.unit, patients=self.register.census.patients, policy=self.policy, now=self.now
            ),
        )  # fmt: skip

    def _mark(self, rule: Rule, question: Question) -> Mark | None:
        person, capability, key = question
        allowed = (mark for mark in self.register.marks(person, capability, key, self.now) if mark.reason in rule.quiet)
        return max(allowed, key=lambda mark: mark.until, default=None)

    def leaders(self, person: str) -> list[Leader]:
        """Pages that went out a moment ago and that nobody has answered yet."""
        return [
            Leader(episode.alert, episode.severity, frozenset(told.role for told in episode.told))
            for episode in self.register.of(person)
            if episode.is_loud and episode.status in (Status.RAISED, Status.SHOWN) and self.now - episode.told_at <= self.policy.bundle
        ]

    def reachable(self, roles: Iterable[str], unit: str) -> tuple[str, ...]:
        """The roles that can be reached for this unit. In place of one that cannot, and beside all of them for a patient without a
        unit, stands whoever answers for patients nobody owns (AL-7).
        """
        unowned = self.policy.unowned_role
        reached = [role if self.policy.contact(role, unit) else unowned for role in roles]
        return tuple(dict.fromkeys((*reached, *(() if unit else (unowned,)))))

    # --- statements ---

    def alerted(self, alert: str, rule: Rule, level: Loudness, answer: Event, timeline: Timeline, leaders: list[Leader]) -> Alerted:
        """An alert because of an answer, or of something overdue."""
        place, value = timeline.place, answer.value
        roles = self.reachable(rule.tell, place.unit)
        leader = next((each for each in leaders if each.severity >= rule.severity and each.roles >= set(roles)), None) if _is_page(level) else None
        is_answer = isinstance(value, Found)
        return Alerted(
            alert, value.capability if is_answer else OVERDUE, value.key if is_answer else rule.key, level.tier, int(rule.severity),
            value.summary if is_answer else f"{rule.key} overdue".capitalize(), answer.id, place.unit, place.bed, roles, rule.action,
            self._escalates_at(rule) if _is_page(level) and leader is None else None, f"{rule.id}@{self.policy.version}", level.quiet,
            leader.alert if leader is not None else "", level.until, owner_role=self.reachable((rule.owner_role,), place.unit)[0],
        )  # fmt: skip

    def restated(self, episode: Episode, rule: Rule, level: Loudness, why: str) -> Event:
        """The same alert, as loud as it is from now on."""
        alerted = Alerted(
            episode.alert, episode.capability, episode.key, level.tier, episode.severity, episode.summary, episode.finding, episode.unit, episode.bed,
            self.reachable(rule.tell, episode.unit), episode.action, self._escalates_at(rule) if _is_page(level) else None,
            f"{rule.id}@{self.policy.version}", level.quiet, "", level.until, why, episode.owner_role,
        )  # fmt: skip
        return self.event(alerted, episode.about, episode.encounter)

    def _escalates_at(self, rule: Rule) -> datetime:
        return self.now + self.policy.ladder_of(rule).step(1).after

    def escalated(self, episode: Episode, comment: str = "") -> Event:
        """The next people on the ladder."""
        step = episode.step + 1
        roles = self.policy.ladder_of(self.policy.rule(episode.rule)).step(step).tell
        return self._about(episode, Escalated(episode.alert, step, self.reachable(roles, episode.unit), comment=comment))

    def handed_over(self, episode: Episode, why: str, *, home: str = "", encounter: str = "") -> Event:
        """Others answer for it: where the patient is now, or under the record that is theirs now."""
        person = home or episode.about
        place, rule = self.patients.timeline(person).place, self.policy.rule(episode.rule)
        has_other_people = why == MOVED and place.unit != episode.unit
        roles = self.reachable(rule.tell, place.unit) if has_other_people and rule is not None else ()
        return self.event(HandedOver(episode.alert, why, place.unit, place.bed, roles), person, encounter or place.encounter or episode.encounter)

    def withdrawn(self, episode: Episode, why: str, *causes: EventId) -> Event:
        return self._about(episode, Withdrawn(episode.alert, why, told_names(episode)), *causes)

    def resolved(self, episode: Episode, why: str, *causes: EventId) -> Event:
        return self._about(episode, Resolved(episode.alert, why), *causes)

    def _about(self, episode: Episode, value: Value, *causes: EventId) -> Event:
        return self.event(value, episode.about, episode.encounter, causes=causes)

    def event(
        self, value: Value, person: str, encounter: str, *, occurred_at: datetime | None = None, causes: tuple[EventId, ...] = ()
    ) -> Event:  # fmt: skip
        return Event(value, person, occurred_at or self.now, self.now, "wardline", "", causes, encounter)


def _lateness(answer: Event, timeline: Timeline) -> timedelta | None:
    """How old the freshest of its measurements was when the answer was given."""
    freshest = newest_input(answer.value, timeline) if isinstance(answer.value, Found) else None
    return answer.recorded_at - freshest if freshest is not None else None


def _is_page(level: Loudness) -> bool:
    return level.tier is Tier.PAGE and not level.quiet
