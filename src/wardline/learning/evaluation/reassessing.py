"""Running today's capabilities over yesterday's timelines: does the stored answer still come out? A comparison, never a rewrite."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from wardline.core.assessment import Assessor, found
from wardline.core.events import EVENTS_PER_ROW, Event, Found, Lapsed, Measured
from wardline.core.gathering import Site
from wardline.core.timeline import Timeline


class Compared(NamedTuple):
    """One answer asked for again. `stored` is None where nothing had been said."""

    about: str
    at: datetime
    capability: str
    stored: Found | None
    again: Found

    @property
    def is_same(self) -> bool:
        """Value, outcome, severity, reasons and what is missing agree; version and digest may differ."""
        return self.stored is not None and _core(self.stored) == _core(self.again)


def compared(about: str, events: Iterable[Event], assessors: Iterable[Assessor], site: Site) -> Iterator[Compared]:
    """One person's events in the order of the log, folded step by step; at each step that concerned a capability it is asked again."""
    timeline, ready = Timeline(about), tuple(assessors)
    for _, step in groupby(events, key=lambda event: event.id // EVENTS_PER_ROW):
        row = list(step)
        answers = [event for event in row if isinstance(event.value, Found)]
        timeline.apply_all(event for event in row if not isinstance(event.value, Found))
        if timeline.place.is_in or not timeline.movements:
            for assessor in ready:
                yield from _step(timeline, row, answers, assessor, site)
        timeline.apply_all(answers)


def _step(timeline: Timeline, row: list[Event], answers: list[Event], assessor: Assessor, site: Site) -> Iterator[Compared]:
    capability = assessor.capability
    stored = {event.value.key: event.value for event in answers if event.value.capability == capability.id and not event.value.revised}
    if not stored and not _concerned(row, assessor):
        return
    at = row[-1].recorded_at
    for assessed in assessor.assess(timeline, at, site):
        again = found(capability, assessed)
        standing = timeline.answer(capability.id, again.key)
        yield Compared(timeline.about, at, capability.id, stored.get(again.key) or (standing.value if standing is not None else None), again)


def _concerned(row: list[Event], assessor: Assessor) -> bool:
    concepts, id = assessor.capability.concepts, assessor.capability.id
    return any(
        (isinstance(event.value, Measured) and event.value.concept in concepts) or (isinstance(event.value, Lapsed) and event.value.capability == id)
        for event in row
    )


def _core(value: Found) -> tuple[object, ...]:
    return value.outcome, value.value, value.severity, value.missing, value.reason, tuple(line[:4] for line in value.because)
