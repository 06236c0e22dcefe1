"""What only people can settle: a result on the wrong chart, two records that contradict each other."""

from collections.abc import Iterator
from typing import Protocol

from wardline.core.events import Disputed, Event, Incident, Measured, Merged, Registered
from wardline.core.timeline import Timeline


class Viewers(Protocol):
    """Who has looked at a patient: asked when a result turns out to be somebody else's."""

    def viewers(self, about: str) -> tuple[str, ...]: ...


def wrong_patient(event: Event, seen_by: tuple[str, ...]) -> Incident:
    """OBX-11 W: a result was filed on the wrong patient's chart. Names the observation, never its value."""
    measured: Measured = event.value  # type: ignore[assignment]
    return Incident("result on the wrong patient", f"{measured.concept or measured.code}, order {measured.order or 'without number'}", seen_by)


def disputes(event: Event, timeline: Timeline) -> Iterator[Disputed]:
    """Birth dates or sexes that differ among the records a merge has joined."""
    if not isinstance(event.value, Merged):
        return
    people = [registered.value for registered in timeline.registered if isinstance(registered.value, Registered)]
    for what, values in (("birth date", {person.born for person in people}), ("sex", {person.sex for person in people})):
        known = sorted(values - {"", "U"})
        if len(known) > 1:
            yield Disputed(what, tuple(known), event.value.retired)
