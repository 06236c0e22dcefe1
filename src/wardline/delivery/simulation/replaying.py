"""Replaying the log under another policy: same facts, same code, other rules."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from wardline.core.errors import Conflict
from wardline.core.events import (
    DELETED,
    Acknowledged,
    Admitted,
    Alerted,
    Discharged,
    Escalated,
    Event,
    Found,
    HandedOver,
    Notified,
    Overridden,
    PolicyActivated,
    Resolved,
    Shown,
    StoodDown,
    Transferred,
    Withdrawn,
)
from wardline.core.ports import Outgoing, Step
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.census import PatientDays
from wardline.delivery.alerts.deciding import has_died
from wardline.delivery.alerts.episode import interrupts
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.policy import Policy
from wardline.delivery.simulation.rehearsal import Rehearsal
from wardline.delivery.simulation.results import Outcome, Page, Question, Result, Stated

OutcomeOf: TypeAlias = Callable[[Event, Timeline, str], str]
"""(event, the patient as known then, the unit before it) -> what outcome the event is, or "" for none."""

LOOKBACK: Final = timedelta(hours=24)
COMFORT_CARE: Final = "comfort_care"
_OF_THE_OLD_POLICY: Final = (
    Alerted, Shown, Acknowledged, Overridden, Escalated, StoodDown, Resolved, Withdrawn, Notified, PolicyActivated, HandedOver,
)  # fmt: skip
"""What the policy of that time decided, and what people did about it: not facts about patients."""


def deterioration(policy: Policy) -> OutcomeOf:
    """Death in hospital or transfer to intensive care, for patients who were not in comfort care."""

    def outcome(event: Event, timeline: Timeline, unit_before: str) -> str:
        match event.value:
            case Discharged() if has_died(timeline):
                return "death in hospital"
            case Admitted(unit=unit) | Transferred(unit=unit):
                before, after = policy.unit(unit_before), policy.unit(unit)
                was_there = before is not None and before.intensive_care
                return "intensive care" if unit_before and after is not None and after.intensive_care and not was_there else ""
            case _:
                return ""

    return outcome


def simulate(steps: Iterable[Step], policy: Policy, *, outcome: OutcomeOf | None = None, lookback: timedelta = LOOKBACK) -> Result:
    """Replay recorded steps under a policy. Nothing is recorded and nobody is told."""
    return simulate_each(steps, (policy,), outcome=outcome, lookback=lookback)[0]


def simulate_each(
    steps: Iterable[Step], policies: Iterable[Policy], *, outcome: OutcomeOf | None = None, lookback: timedelta = LOOKBACK
) -> list[Result]:
    """Several policies over the very same steps, in one reading of the log: a hospital at work goes on writing it."""
    replays = [Replay(policy, outcome or deterioration(policy), lookback) for policy in policies]
    for step in steps:
        events = sorted((event for _, events in step.rows for event in events), key=_number)
        for replay in replays:
            replay.hear(events, step.recorded_at)
    return [replay.result() for replay in replays]


class Replay:
    """One run. Counts as it goes, so that a month of a hospital fits in memory."""

    def __init__(self, policy: Policy, outcome: OutcomeOf, lookback: timedelta) -> None:
        self.policy = policy
        self._outcome_of = outcome
        self._lookback = lookback
        self._alerts = AlertPolicy(policy, key=b"")  # its alerts are counted and thrown away
        self._house: Rehearsal | None = None
        self._people = _People()
        self._days = PatientDays()
        self._persons: set[str] = set()
        self._units: dict[str, str] = {}
        self._unit_names: set[str] = set()
        self._pages: list[Page] = []
        self._stated: list[Stated] = []
        self._opened: Counter[str] = Counter()
        self._quiet: set[tuple[str, str]] = set()
        self._escalations = 0
        self._outcomes: list[Outcome] = []

    def hear(self, events: list[Event], now: datetime) -> None:
        if self._house is None:
            self._house = Rehearsal(self._alerts, now, self._witness)
        self._days.advance(now)
        self._people_answer(self._house, now)
        self._house.advance(now)
        facts = [event for event in events if not isinstance(event.value, _OF_THE_OLD_POLICY)]
        for event in facts:
            self._note(event)
        if facts:
            self._house.hear(facts, now)
        for event in facts:
            self._note_outcome(event, self._house)
        for event in events:
            self._as_recorded(event, self._house)

    def _note(self, event: Event) -> None:
        self._days.apply(event)
        if isinstance(event.value, Found | Admitted):
            self._persons.add(event.about)
        if isinstance(event.value, Admitted | Transferred) and event.value.unit not in ("", DELETED):
            self._unit_names.add(event.value.unit)

    def _note_outcome(self, event: Event, house: Rehearsal) -> None:
        if not isinstance(event.value, Admitted | Transferred | Discharged):
            return
        person = house.survivor(event.about)
        what = self._outcome_of(event, house.timeline(person), self._units.get(person, ""))
        in_comfort_care = any(mark.reason == COMFORT_CARE for mark in self._alerts.register.marks(person, "", "", house.now))
        if what and not in_comfort_care:
            self._outcomes.append(Outcome(person, event.occurred_at, what))
        if isinstance(event.value, Discharged):
            self._units.pop(person, None)
        elif event.value.unit:
            self._units[person] = event.value.unit

    # --- what the policy says ---

    def _witness(self, events: list[Event], outgoing: list[Outgoing]) -> None:
        for event in events:
            match event.value:
                case Alerted() as alerted:
                    self._alerted(event, alerted)
                case Escalated(by_person=False, alert=alert):
                    self._escalations += 1
                    self._people.told(alert, event.recorded_at + self.policy.acknowledged_after)
                case _:
                    pass

    def _alerted(self, event: Event, alerted: Alerted) -> None:
        question = (event.about, alerted.capability, alerted.key)
        self._stated.append(Stated(event.recorded_at, question, alerted.tier, alerted.quiet))
        if alerted.quiet:
            self._quiet.add((alerted.quiet, alerted.alert))
        if not alerted.why:
            self._opened[alerted.tier] += 1
        if interrupts(alerted):
            self._people.told(alerted.alert, event.recorded_at + self.policy.acknowledged_after)
            self._pages.append(Page(
                event.recorded_at, event.about, alerted.capability, alerted.key, alerted.rule.partition("@")[0], alerted.severity, alerted.unit,
                alerted.alert, alerted.why, alerted.summary,
            ))  # fmt: skip

    # --- what people did, or are assumed to have done ---

    def _people_answer(self, house: Rehearsal, now: datetime) -> None:
        """Pages that the log knows nothing about are answered after the policy's usual time, those it knows when it says so."""
        while (due := self._people.next_due(now)) is not None:
            at, alert = due
            house.advance(at)
            episode = self._alerts.register.open.get(alert)
            if episode is None or not episode.is_waiting or episode.question in self._people.waiting:
                continue
            if episode.told_at + self.policy.acknowledged_after > at:
                continue  # told again since then; that has a moment of its own
            self._people.assumed += 1
            house.state(self._alerts.acts.acknowledge(alert, by="assumed", now=house.now), "assumed")

    def _as_recorded(self, event: Event, house: Rehearsal) -> None:
        question, is_answered = self._people.recorded(event, house)
        episode = self._alerts.register.at(question) if question is not None else None
        if episode is None or not episode.is_waiting:
            return
        if not is_answered:
            self._people.told(episode.alert, house.now + self.policy.acknowledged_after)
            return
        try:
            statements = self._alerts.acts.acknowledge(episode.alert, by=event.actor, now=house.now)
        except Conflict:  # answered together with another alert of the same page a moment before
            return
        self._people.as_recorded += 1
        house.state(statements, event.actor)

    # --- the end ---

    def result(self) -> Result:
        since, until = self._days.since, self._days.until
        if self._house is not None and until is not None:
            self._people_answer(self._house, until)
        hours = (until - since).total_seconds() / 3600 if since and until else 0.0
        nurses = {unit: terms.nurses for unit in self._unit_names if (terms := self.policy.unit(unit)) is not None and terms.nurses is not None}
        zone = ZoneInfo(self.policy.shifts.zone)
        by_hour = Counter(page.at.astimezone(zone).hour for page in self._pages)
        quiet = Counter(reason for reason, _ in sorted(self._quiet))
        return Result(
            policy=self.policy.version, since=since, until=until, patients=len(self._persons),
            patient_days=self._days.value, nurse_hours=sum(nurses.values()) * hours if nurses else None,
            pages_with_nurses=sum(1 for page in self._pages if page.unit in nurses),
            units_without_nurses=tuple(sorted(self._unit_names - set(nurses))), pages=tuple(self._pages), escalations=self._escalations,
            worklist=self._opened["worklist"], chips=self._opened["chip"], quiet=tuple(quiet.most_common()),
            outcomes=tuple(self._outcomes), lookback=self._lookback, stated=tuple(self._stated),
            hour_of_day=tuple(by_hour[hour] for hour in range(24)),
            answered_as_recorded=self._people.as_recorded, answered_as_assumed=self._people.assumed, assumption=self._assumption(),
        )  # fmt: skip

    def _assumption(self) -> str:
        minutes = self.policy.acknowledged_after.total_seconds() / 60
        return (
            f"{self._people.as_recorded} pages were answered when the log says so. {self._people.assumed} were assumed to be acknowledged "
            f"{minutes:g} minutes after they went out, because the log holds no such page. What people would have done otherwise is not known."
        )


class _People:
    """Who answers a page, and when."""

    def __init__(self) -> None:
        self.as_recorded = 0
        self.assumed = 0
        self.waiting: dict[Question, str] = {}
        """Questions whose recorded alert waits for its recorded answer -> that alert."""
        self._questions: dict[str, Question] = {}
        self._due: list[tuple[datetime, str]] = []

    def told(self, alert: str, answer_at: datetime) -> None:
        heapq.heappush(self._due, (answer_at, alert))

    def next_due(self, now: datetime) -> tuple[datetime, str] | None:
        return heapq.heappop(self._due) if self._due and self._due[0][0] <= now else None

    def recorded(self, event: Event, house: Rehearsal) -> tuple[Question | None, bool]:
        """Follow the recorded alerts; the question of one that has just ended, and whether a person answered it."""
        match event.value:
            case Alerted() as alerted if interrupts(alerted):
                question = (house.survivor(event.about), alerted.capability, alerted.key)
                self._questions[alerted.alert] = question
                self.waiting[question] = alerted.alert
            case Acknowledged(alert=alert) | Overridden(alert=alert):
                return self._ended(alert), True
            case Resolved(alert=alert) | Withdrawn(alert=alert):
                return self._ended(alert), False
            case _:
                pass
        return None, False

    def _ended(self, alert: str) -> Question | None:
        question = self._questions.pop(alert, None)
        if question is not None and self.waiting.get(question) == alert:
            del self.waiting[question]
        return question


def _number(event: Event) -> int:
    return event.id
