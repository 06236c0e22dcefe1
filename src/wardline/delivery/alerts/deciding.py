"""What follows for alerts from an answer, from a person's word, or from time: the decisions of the alert policy, as events.

Decisions look at the state as it is, not at what changed: asked twice about the same thing they find nothing left to do.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from wardline.core.events import Event, EventId, Found, Overdue
from wardline.core.reactions import Patients
from wardline.core.timeline import VITAL_SIGNS_DUE, Timeline
from wardline.delivery.alerts.episode import ALONE, BETTER, LOOK_AGAIN, LOUD, NEW_SHIFT, QUIET, WORSE, Episode, Status
from wardline.delivery.alerts.loudness import EASING, GRACE, SECOND, Loudness, loudness
from wardline.delivery.alerts.readings import Reading, correction, reading_of
from wardline.delivery.alerts.register import Question, Register
from wardline.delivery.alerts.stating import Leader, Statements, alert_id
from wardline.delivery.alerts.timers import escalates_at, forgotten_at
from wardline.delivery.policy.terms import OVERDUE, Rule, Tier

SILENT: Final = "silent"
"""Standing of a capability whose answers nobody sees until the site has signed it."""
QUIETEST_FIRST: Final = (Tier.CHIP, Tier.WORKLIST, Tier.PAGE)
_DIED: Final = frozenset({"20", "40", "41", "42"})
"""HL7 table 0112: expired."""


def has_died(timeline: Timeline) -> bool:
    return timeline.place.disposition in _DIED or bool(timeline.person and timeline.person.died)


class Decisions:
    """Decides about alerts, at one moment."""

    def __init__(self, register: Register, patients: Patients, now: datetime) -> None:
        self.say = Statements(register, patients, now)
        self.register = register
        self.policy = register.policy
        self.patients = patients
        self.now = now

    # --- an answer to a question without an alert ---

    def answered(self, event: Event) -> Iterator[Event]:
        """A capability has answered."""
        found: Found = event.value
        person = self.patients.survivor(event.about)
        episode = self.register.at((person, found.capability, found.key))
        if episode is not None:
            yield from self._went_on(episode, event)
        elif found.standing != SILENT and self.policy.rule_for(found, self.patients.timeline(person).place.unit) is not None:
            yield from self._newly_bad(person, event)

    def _newly_bad(self, person: str, event: Event) -> Iterator[Event]:
        timeline = self.patients.timeline(person)
        if not event.value.revised:
            # Everything that the same step found about this patient is decided together, so that it can share one page.
            together = [answer for answer in timeline.answers.values() if answer.recorded_at == event.recorded_at and not answer.value.revised]
            yield from self.opened(together or [event], timeline)
        elif self._is_news_about_the_past(event, timeline):
            yield from self.opened([event], timeline)

    def _is_news_about_the_past(self, event: Event, timeline: Timeline) -> bool:
        """It should have paged then, did not, and would not page now: it is listed (FT-16)."""
        found: Found = event.value
        unit = timeline.place.unit
        current = timeline.answer(found.capability, found.key)
        last = self.register.last_closed((timeline.about, found.capability, found.key))
        had_an_alert = last is not None and last.raised_at <= event.occurred_at <= (last.closed_at or self.now)
        is_bad_now = current is not None and not current.value.revised and self.policy.rule_for(current.value, unit) is not None
        rule = self.policy.rule_for(found, unit)
        return rule is not None and rule.tier is Tier.PAGE and not is_bad_now and not had_an_alert

    def opened(
        self, answers: Iterable[Event], timeline: Timeline, *, trigger: EventId = 0, taken: frozenset[Question] | None = None
    ) -> Iterator[Event]:  # fmt: skip
        """Alerts for answers that have none, the worst first: it leads, and its page carries the others.

        `trigger` is the event that opens them, where that is not the answer itself. `taken` are the questions that have an alert,
        where the register does not know it yet.
        """
        if has_died(timeline):
            return
        bad = [(rule, answer) for answer in answers if (rule := self.policy.rule_for(answer.value, timeline.place.unit)) is not None]
        leaders = self.say.leaders(timeline.about)
        for rule, answer in sorted(bad, key=lambda pair: (-pair[0].severity, pair[1].value.capability, pair[1].value.key)):
            question = (timeline.about, answer.value.capability, answer.value.key)
            alert = alert_id(f"{rule.id}@{self.policy.version}", question, trigger or answer.id, self.register.key)
            # What has opened an alert once does not open it again, even if it is looked at again within the same instant.
            is_new = question not in (self.register if taken is None else taken) and self.register.find(alert) is None
            if is_new and answer.value.standing != SILENT:
                yield self._opened(alert, rule, answer, timeline, leaders)

    def _opened(self, alert: str, rule: Rule, answer: Event, timeline: Timeline, leaders: list[Leader]) -> Event:
        question = (timeline.about, answer.value.capability, answer.value.key)
        level = loudness(rule, self.say.case(rule, question, timeline, answer=answer))
        alerted = self.say.alerted(alert, rule, level, answer, timeline, leaders)
        if level.tier is Tier.PAGE and not alerted.joined:
            leaders.append(Leader(alert, rule.severity, frozenset(alerted.roles)))
        encounter = answer.encounter or timeline.place.encounter
        return self.say.event(alerted, timeline.about, encounter, occurred_at=answer.occurred_at, causes=(answer.id,))

    # --- an answer to a question with an alert ---

    def _went_on(self, episode: Episode, event: Event) -> Iterator[Event]:
        """Of an answer about the past only what it means for the present counts."""
        timeline = self.patients.timeline(episode.about)
        is_past = event.value.revised
        answer = timeline.answer(event.value.capability, event.value.key) if is_past else event
        rule = self.policy.rule(episode.rule)
        if answer is None or rule is None:
            return
        worse = self.policy.rule_for(answer.value, episode.unit)
        reading = reading_of(answer.value, rule)
        if worse is not None and worse.severity > episode.severity:
            # The present answer of the same step, if it is new, decides this itself.
            if not is_past:
                yield self._became_worse(episode, worse, answer, timeline)
        elif reading is Reading.NOT_VALID:
            yield self.say.withdrawn(episode, f"not valid for this patient: {answer.value.reason}", answer.id)
        elif reading is not Reading.ABOVE:
            yield from self._no_longer_bad(episode, rule, reading, answer, event)
        elif not is_past:
            yield from self._again(episode, rule, answer, is_reading=True)

    def _no_longer_bad(self, episode: Episode, rule: Rule, reading: Reading, answer: Event, event: Event) -> Iterator[Event]:
        """Never was, or no longer is. Which of the two decides whether people hear that it was a false alarm."""
        timeline = self.patients.timeline(episode.about)
        corrected = correction(event.caused_by, timeline)
        if not episode.supports or (corrected and set(episode.supports) <= {event.occurred_at}):
            yield self.say.withdrawn(episode, corrected or "its input is no longer what it was", answer.id)
            taken = frozenset(other.question for other in self.register.of(episode.about) if other.alert != episode.alert)
            yield from self.opened([answer], timeline, trigger=event.id, taken=taken)
        elif reading is Reading.UNCLEAR or event.value.revised:
            return
        elif episode.quiet == SECOND:
            yield self.say.resolved(episode, "a second reading did not confirm it", answer.id)
        elif episode.clear_readings >= rule.clears.readings:
            yield self._became_better(episode, answer, timeline)

    def _became_worse(self, episode: Episode, rule: Rule, answer: Event, timeline: Timeline) -> Event:
        level = loudness(rule, self.say.case(rule, episode.question, timeline, episode=episode, answer=answer))
        leaders = [leader for leader in self.say.leaders(episode.about) if leader.alert != episode.alert]
        alerted = self.say.alerted(episode.alert, rule, level, answer, timeline, leaders)._replace(why=WORSE)
        return self.say.event(alerted, episode.about, episode.encounter, occurred_at=answer.occurred_at, causes=(answer.id,))

    def _became_better(self, episode: Episode, answer: Event, timeline: Timeline) -> Event:
        """Over, or what a milder rule still watches for: then the same alert goes on, more quietly."""
        milder = self.policy.rule_for(answer.value, episode.unit)
        if milder is None:
            return self.say.resolved(episode, answer.value.summary or "no longer found", answer.id)
        level = Loudness(_quieter(milder.tier, episode.tier), episode.quiet, episode.quiet_until)
        alerted = self.say.alerted(episode.alert, milder, level, answer, timeline, [])._replace(why=BETTER, joined=episode.joined)
        return self.say.event(alerted, episode.about, episode.encounter, causes=(answer.id,))

    # --- louder and quieter ---

    def _again(self, episode: Episode, rule: Rule, answer: Event | None = None, *, is_reading: bool = False, why: str = LOUD) -> Iterator[Event]:
        """Decide anew how loud it is. People who have answered are left in peace; a page that is out stays out unless a person quiets it."""
        if not episode.is_waiting:
            return
        timeline = self.patients.timeline(episode.about)
        answer = answer or timeline.answer(episode.capability, episode.key)
        due_at = episode.quiet_until - rule.grace if episode.quiet == GRACE and episode.quiet_until is not None else None
        case = self.say.case(
            rule, episode.question, timeline, episode=episode, answer=answer, level_since=episode.level_since, is_reading=is_reading, due_at=due_at
        )
        if episode.is_loud or (episode.joined and why != ALONE):
            if case.mark is None:
                return
            level = Loudness(_quieter(rule.tier, Tier.WORKLIST), case.mark.reason, case.mark.until)
        elif not episode.is_above:
            level = Loudness(_quieter(rule.tier, Tier.WORKLIST), EASING)
        else:
            level = loudness(rule, case)
        if level != (episode.tier, episode.quiet, episode.quiet_until) or episode.joined:
            yield self.say.restated(episode, rule, level, QUIET if level.quiet else why)

    def quieted(self, event: Event) -> Iterator[Event]:
        """A person has said, or taken back, why this patient's alerts must not interrupt."""
        for episode in self.register.of(self.patients.survivor(event.about)):
            rule = self.policy.rule(episode.rule)
            if rule is not None:
                yield from self._again(episode, rule)

    def released(self, event: Event) -> Iterator[Event]:
        """Alerts that share the page of one that no longer pages must page for themselves: those of this alert, and this alert itself."""
        alert = event.value.alert
        itself = self.register.open.get(alert)
        for episode in (*self.register.carried_by(alert), *((itself,) if itself is not None and itself.joined else ())):
            rule, leader = self.policy.rule(episode.rule), self.register.find(episode.joined)
            is_carried = leader is not None and leader.is_open and leader.is_loud and leader.status is not Status.OVERRIDDEN
            if rule is not None and not is_carried:
                yield from self._again(episode, rule, why=ALONE)

    # --- time ---

    def due(self, episode: Episode) -> Iterator[Event]:
        """The next thing that happens to the alert by itself; one thing at a time."""
        rule = self.policy.rule(episode.rule)
        forgotten, escalates = forgotten_at(episode), escalates_at(episode, self.policy)
        if rule is None or (forgotten is not None and forgotten <= self.now):
            yield self.say.resolved(episode, "nothing more was heard of it")
        elif not episode.is_waiting:
            level = Loudness(rule.tier) if episode.is_above else Loudness(_quieter(rule.tier, Tier.WORKLIST), EASING)
            yield self.say.restated(episode, rule, level, LOOK_AGAIN)
        elif episode.quiet_until is not None and episode.quiet_until <= self.now:
            yield from self._again(episode, rule)
        elif escalates is not None and escalates <= self.now:
            yield self.say.escalated(episode)
        else:
            yield self.say.handed_over(episode, NEW_SHIFT)

    def unreachable(self, event: Event) -> Iterator[Event]:
        """No channel could reach the people of this step: the next ones are told at once (FT-28)."""
        episode = self.register.find(event.value.alert)
        if episode is None or not (episode.is_waiting and episode.is_loud):
            return
        ladder = self.policy.ladder_of(self.policy.rule(episode.rule))
        if set(episode.roles) <= set(episode.unreachable) and episode.step < len(ladder.steps):
            yield self.say.escalated(episode, "nobody could be reached")

    # --- vital signs overdue ---

    def overdue(self, event: Event) -> Iterator[Event]:
        """Something that was due has not been done."""
        value: Overdue = event.value
        person = self.patients.survivor(event.about)
        timeline = self.patients.timeline(person)
        rule = self.policy.rule_for_overdue(value.what, timeline.place.unit)
        question = (person, OVERDUE, value.what)
        if rule is None or value.what not in timeline.overdue or has_died(timeline) or question in self.register:
            return
        level = loudness(rule, self.say.case(rule, question, timeline, due_at=value.due_at))
        alert = alert_id(f"{rule.id}@{self.policy.version}", question, event.id, self.register.key)
        yield self.say.event(self.say.alerted(alert, rule, level, event, timeline, []), person, timeline.place.encounter, causes=(event.id,))

    def measured(self, event: Event) -> Iterator[Event]:
        """Vital signs have come in: nothing is overdue any more."""
        person = self.patients.survivor(event.about)
        episode = self.register.at((person, OVERDUE, VITAL_SIGNS_DUE))
        if episode is not None and VITAL_SIGNS_DUE not in self.patients.timeline(person).overdue:
            yield self.say.resolved(episode, "measured", event.id)

    # --- the policy itself ---

    def activated(self) -> Iterator[Event]:
        """A new policy: what it no longer watches for is over; what it watches for differently is decided with the next answer."""
        for episode in list(self.register.open.values()):
            rule = self.policy.rule(episode.rule)
            if rule is None or not rule.concerns(episode.key, episode.unit):
                yield self.say.resolved(episode, f"policy {self.policy.version} does not watch for it")


def _quieter(one: Tier, other: Tier) -> Tier:
    return min(one, other, key=QUIETEST_FIRST.index)
