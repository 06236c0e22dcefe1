"""The ward board: for each patient one row that says who needs somebody now, why, and how old the facts are.

A row is a pure function of the patient's timeline, the open alerts, the policy and the moment. Words and layout are the screen's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from wardline.core.assessment import VITAL_SIGN_IDS
from wardline.core.concepts.vocabulary import BY_ID
from wardline.core.events import Event, Found, Overdue
from wardline.core.findings import Severity, words
from wardline.core.quantities import plain
from wardline.core.timeline import VITAL_SIGNS_DUE, Timeline
from wardline.delivery.alerts.episode import Episode, Status
from wardline.delivery.alerts.timers import escalates_at
from wardline.delivery.policy.terms import Policy, Tier

TREND: Final = timedelta(hours=24)
NEVER: Final = datetime.max.replace(tzinfo=UTC)
Natural: TypeAlias = list[tuple[int, int, str]]
MOST_CHANGES: Final = 2
"""Inputs named on the second line of "what changed"."""


class Mark(NamedTuple):
    """The severity mark: filled while nobody has seen it, outlined once somebody has."""

    severity: Severity
    is_seen: bool
    alert: str = ""
    alerts: int = 1
    """Open alerts of this patient that ask for action, this one included."""
    status: Status = Status.RAISED
    answered_by: str = ""
    escalates_at: datetime | None = None


class Point(NamedTuple):
    """One answer of the trend. A value that is at least this much is drawn as an open caret, never as a point."""

    at: datetime
    value: float
    is_at_least: bool = False


class Score(NamedTuple):
    """The headline score as it stands. `value` is None when it cannot be said; then `reason` or `missing` says why."""

    value: float | None = None
    is_at_least: bool = False
    missing: tuple[str, ...] = ()
    """In words: "temperature"."""
    previous: float | None = None
    """The value before this one, where there was another in the last day."""
    since: datetime | None = None
    """Since when the value has been what it is."""
    as_of: datetime | None = None
    reason: str = ""
    is_stale: bool = False
    """Its inputs are older than allowed, or the next ones are overdue."""
    is_provisional: bool = False


class Change(NamedTuple):
    """What changed: a fact and its context, when, and whether anybody has seen it."""

    fact: str = ""
    context: str = ""
    at: datetime | None = None
    is_new: bool = False


class VitalSigns(NamedTuple):
    """How old the newest vital sign is, and when the next ones are due."""

    measured_at: datetime | None = None
    due_at: datetime | None = None
    overdue_since: datetime | None = None


class Task(NamedTuple):
    """Something somebody should do, and by when."""

    text: str
    due_at: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One bed on the board."""

    about: str
    unit: str
    bed: str
    name: str
    number: str
    sex: str
    age: int | None
    mark: Mark | None
    """None: routine, nobody needs to act."""
    quiet: tuple[str, ...]
    """Why alerts of this patient are being kept quiet, if any are: they stay visible and counted."""
    score: Score
    trend: tuple[Point, ...]
    changed: Change
    vital_signs: VitalSigns
    task: Task | None
    nurse: str
    doctor: str
    has_gap: bool
    """A message about this patient has been put aside; what is shown may be incomplete."""
    silent_feeds: tuple[str, ...]
    """Feeds that should be talking and are not: nothing that comes from them is current."""

    @property
    def needs_action(self) -> bool:
        return self.mark is not None


def row(timeline: Timeline, alerts: Iterable[Episode], now: datetime, policy: Policy, *, silent_feeds: Sequence[str] = ()) -> Row:
    """The row of one patient. Of the patient's `alerts` the open ones count."""
    standing = sorted((episode for episode in alerts if episode.is_open), key=_urgency)
    answer = timeline.answer(policy.headline)
    past = _answers(timeline, policy.headline, now)
    vital_signs = _vital_signs(timeline, answer, now)
    person, place = timeline.person, timeline.place
    asking = [episode for episode in standing if _asks_for_action(episode)]
    return Row(
        about=timeline.about, unit=place.unit, bed=place.bed,
        name=", ".join(part for part in (person.family, person.given) if part) if person is not None else "",
        number=person.identifiers[0].number if person is not None and person.identifiers else "",
        sex=person.sex if person is not None else "", age=timeline.age_years(now), mark=_mark(asking, policy),
        quiet=tuple(dict.fromkeys(episode.quiet for episode in standing if episode.quiet)),
        score=_score(answer, past, vital_signs, now), trend=_trend(past), changed=_changed(asking, past, policy), vital_signs=vital_signs,
        task=_task(timeline, asking, now), nurse=timeline.assigned.get("nurse", ""), doctor=timeline.assigned.get("doctor", "") or place.doctor,
        has_gap=bool(timeline.gaps), silent_feeds=tuple(silent_feeds),
    )  # fmt: skip


def in_order(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """(needs action, by urgency), (no action now, by bed)."""
    both = list(rows)
    return sorted((each for each in both if each.needs_action), key=_row_urgency), sorted((each for each in both if not each.needs_action), key=_bed)


# --- the mark ---


def _asks_for_action(episode: Episode) -> bool:
    """Chips are marks on a chart, and an overridden alert has been decided: neither asks anybody for anything."""
    return episode.tier is not Tier.CHIP and episode.status is not Status.OVERRIDDEN


def _mark(asking: list[Episode], policy: Policy) -> Mark | None:
    if not asking:
        return None
    first = asking[0]
    answered_by = first.owner if first.status is Status.ACKNOWLEDGED else ""
    return Mark(Severity(first.severity), first.is_seen, first.alert, len(asking), first.status, answered_by, escalates_at(first, policy))


def _urgency(episode: Episode) -> tuple[int, bool, datetime, str]:
    return -episode.severity, episode.is_seen, episode.raised_at, episode.alert


# --- the score ---


def _answers(timeline: Timeline, headline: str, now: datetime) -> list[Event]:
    """The headline's answers of the last day that have a value, in order."""
    past = timeline.answers_over_time.get((headline, ""), ())
    return [event for event in past if now - TREND <= event.occurred_at <= now and _value(event) is not None]


def _value(event: Event) -> float | None:
    found: Found = event.value
    return float(found.value) if found.outcome in ("finding", "at_least") and isinstance(found.value, int | float) else None


def _score(answer: Event | None, past: list[Event], vital_signs: VitalSigns, now: datetime) -> Score:
    if answer is None:
        return Score(reason="not assessed yet")
    found: Found = answer.value
    missing = tuple(words(name) for name in found.missing)
    if (value := _value(answer)) is None:
        return Score(missing=missing, reason=found.reason or found.outcome.replace("_", " "), as_of=answer.occurred_at)
    since, previous = answer.occurred_at, None
    for event in reversed(past):
        if _value(event) != value:
            previous = _value(event)
            break
        since = event.occurred_at
    is_stale = vital_signs.overdue_since is not None or (found.valid_until is not None and found.valid_until < now)
    return Score(
        value, found.outcome == "at_least", missing, previous, since, answer.occurred_at, is_stale=is_stale,
        is_provisional=found.standing != "verified",
    )  # fmt: skip


def _trend(past: list[Event]) -> tuple[Point, ...]:
    """Only where something changes: the line is a step line, equal values in between say nothing."""
    points: list[Point] = []
    for event in past:
        point = Point(event.occurred_at, _value(event) or 0.0, event.value.outcome == "at_least")
        if not points or points[-1][1:] != point[1:]:
            points.append(point)
    return tuple(points)


# --- what changed ---


def _changed(asking: list[Episode], past: list[Event], policy: Policy) -> Change:
    """The most urgent alert says what changed; without one, the last change of the headline score does."""
    first = asking[0] if asking else None
    if first is not None and first.capability != policy.headline:
        return Change(first.summary, _answered(first), first.raised_at, not first.is_seen)
    before, after = _last_change(past)
    if after is None:
        return Change("No change", "", past[0].occurred_at if past else None)
    fact = f"{policy.headline_title} {_shown(before)} → {_shown(after)}" if before is not None else f"{policy.headline_title} {_shown(after)}"
    context = _answered(first) if first is not None and first.is_seen else _inputs_changed(before, after)
    return Change(fact, context, after.occurred_at, first is not None and not first.is_seen)


def _answered(episode: Episode) -> str:
    if episode.status is Status.ACKNOWLEDGED and episode.owner:
        return f"Acknowledged by {episode.owner}"
    return "Seen" if episode.is_seen else ""


def _last_change(past: list[Event]) -> tuple[Event | None, Event | None]:
    """The last two answers that differ in value."""
    for place in range(len(past) - 1, 0, -1):
        if _value(past[place]) != _value(past[place - 1]):
            return past[place - 1], past[place]
    return None, None


def _shown(event: Event) -> str:
    value = _value(event)
    return f"{'≥ ' if event.value.outcome == 'at_least' else ''}{plain(value)}" if value is not None else "–"


def _inputs_changed(before: Event | None, after: Event) -> str:
    """The inputs whose points rose or fell most: "Systolic pressure 118 → 99"."""
    if before is None:
        return ""
    was = {line[0]: line for line in before.value.because}
    moved = [(abs((line[2] or 0) - (was[line[0]][2] or 0)), was[line[0]][1], line) for line in after.value.because if line[0] in was]
    most = sorted((each for each in moved if each[0]), key=lambda each: -each[0])[:MOST_CHANGES]
    return ", ".join(_input_change(line[0], old, line[1]) for _, old, line in most)


def _input_change(name: str, old: object, new: object) -> str:
    concept = BY_ID.get(name)
    title = concept.name if concept is not None else words(name).capitalize()
    return f"{title} {_plain(old)} → {_plain(new)}"


def _plain(value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, int | float) else str(value)


# --- vital signs and tasks ---


def _vital_signs(timeline: Timeline, answer: Event | None, now: datetime) -> VitalSigns:
    newest = [observed[-1].occurred_at for name in VITAL_SIGN_IDS if (observed := timeline.observations.of(name))]
    asked = answer.value.suggestions if answer is not None else ()
    due = [answer.occurred_at + timedelta(seconds=seconds) for _, seconds, repeats in asked if answer and repeats == VITAL_SIGNS_DUE and seconds]
    overdue = timeline.overdue.get(VITAL_SIGNS_DUE)
    value: Overdue | None = overdue.value if overdue is not None else None
    return VitalSigns(max(newest, default=None), min(due, default=None), value.due_at if value is not None else None)


def _task(timeline: Timeline, asking: list[Episode], now: datetime) -> Task | None:
    """The next thing to do: what the findings behind the open alerts ask for by a time, else what the most urgent alert asks for."""
    answers = (timeline.answer(episode.capability, episode.key) for episode in asking)
    timed = [
        Task(text, due_at, due_at < now)
        for answer in answers
        if answer is not None
        for text, seconds, repeats in answer.value.suggestions
        if seconds and not repeats
        for due_at in (answer.occurred_at + timedelta(seconds=seconds),)
    ]
    if timed:
        return min(timed, key=lambda task: task.due_at or now)
    return next((Task(episode.action) for episode in asking if episode.action), None)


# --- the order ---


def _row_urgency(each: Row) -> tuple[int, bool, datetime, Natural]:
    """Severe before mild, unseen before seen; among equals whose task is due first, then by bed."""
    due = each.task.due_at if each.task is not None else None
    severity, is_seen = (each.mark.severity, each.mark.is_seen) if each.mark is not None else (Severity.NONE, True)
    return -severity, is_seen, due or NEVER, natural(each.bed)


def _bed(each: Row) -> tuple[str, Natural, str]:
    return each.unit, natural(each.bed), each.about


def natural(text: str) -> Natural:
    """Beds in the order people count them: 2 before 10, "A2" before "A10"; no bed comes last."""
    if not text:
        return [(2, 0, "")]
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", text) if part]
