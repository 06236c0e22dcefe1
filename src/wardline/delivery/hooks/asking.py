"""Asking many capabilities about one timeline at once, and what a draft changes: the same answers as live, from the same functions.

Nothing is stored and nobody is alerted.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.assessment import Assessor, found
from wardline.core.events import Event, Found
from wardline.core.findings import Severity
from wardline.core.timeline import Timeline
from wardline.core.whatif import supposing, without_answers

Question: TypeAlias = tuple[str, str]
"""(capability, key)"""
ANSWERED: Final = frozenset({"finding", "at_least"})


class Answers(NamedTuple):
    """What each question was answered, and the capabilities that failed to answer."""

    by_question: Mapping[Question, Found]
    failed: tuple[str, ...] = ()

    def of(self, capabilities: Iterable[str]) -> list[Found]:
        """Findings of these capabilities, the most severe first."""
        wanted = frozenset(capabilities)
        known = _without_totals(each for each in self.by_question.values() if each.capability in wanted and each.outcome in ANSWERED)
        return sorted(known, key=lambda each: (-each.severity, each.capability, each.key))


def _without_totals(found: Iterable[Found]) -> list[Found]:
    """Without the sum ("2 of 77 criteria met") of a capability that also names each of them."""
    listed = list(found)
    named = {each.capability for each in listed if each.key}
    return [each for each in listed if each.key or each.capability not in named]


def answers(runs: Iterable[Assessor], timeline: Timeline, as_of: datetime, site: Any) -> Answers:
    """Run these, in this order, each on what those before it answered."""
    thinking = without_answers(timeline)
    by_question: dict[Question, Found] = {}
    failed: list[str] = []
    for assessor in runs:
        try:
            answered = [found(assessor.capability, each) for each in assessor.assess(timeline=thinking, as_of=as_of, site=site)]
        except Exception:  # as in the engine: a capability that raises must not silence the others; whoever asked is told its name
            failed.append(assessor.capability.id)
            continue
        for value in answered:
            by_question[value.capability, value.key] = value
            thinking.apply(Event(value, timeline.about, as_of, as_of))
    return Answers(by_question, tuple(failed))


class Change(NamedTuple):
    """What a draft would bring about, and the drafts without which it would not."""

    found: Found
    because_of: tuple[Event, ...]


def changes(
    runs: tuple[Assessor, ...], asked: Iterable[str], timeline: Timeline, drafts: tuple[Event, ...], as_of: datetime, site: Any,
) -> tuple[list[Change], tuple[str, ...]]:  # fmt: skip
    """Findings that are new or worse with the drafts than without them, the most severe first; and the capabilities that failed."""
    wanted = tuple(asked)
    before = answers(runs, timeline, as_of, site).by_question
    whole = answers(runs, supposing(timeline, drafts), as_of, site)
    worse = [each for each in whole.of(wanted) if _is_worse(each, before.get((each.capability, each.key)))]
    causes = _causes(worse, runs, timeline, drafts, as_of, site) if len(drafts) > 1 else {}
    return [Change(each, causes.get((each.capability, each.key), drafts)) for each in worse], whole.failed


def _causes(
    worse: list[Found], runs: tuple[Assessor, ...], timeline: Timeline, drafts: tuple[Event, ...], as_of: datetime, site: Any,
) -> dict[Question, tuple[Event, ...]]:  # fmt: skip
    """Of each finding the drafts without which it would not be so: each is left out once, and only what is concerned runs again."""
    again = _needed(runs, {each.capability for each in worse})
    causes: dict[Question, tuple[Event, ...]] = {(each.capability, each.key): () for each in worse}
    for draft in drafts if worse else ():
        rest = answers(again, supposing(timeline, [other for other in drafts if other is not draft]), as_of, site).by_question
        for each in worse:
            without = rest.get((each.capability, each.key))
            if without is None or without.outcome not in ANSWERED or without.severity < each.severity:
                causes[each.capability, each.key] += (draft,)
    return causes


def _needed(runs: tuple[Assessor, ...], wanted: set[str]) -> tuple[Assessor, ...]:
    """These capabilities and those whose answers they use, in running order."""
    needed = set(wanted)
    for assessor in reversed(runs):
        if assessor.capability.id in needed:
            needed |= {need.name for _, need in assessor.capability.needs if need.kind == "finding"}
    return tuple(each for each in runs if each.capability.id in needed)


def _is_worse(found: Found, before: Found | None) -> bool:
    """Something to act on that was not so without the drafts."""
    if found.severity == Severity.NONE:
        return False
    return before is None or before.outcome not in ANSWERED or before.severity < found.severity
