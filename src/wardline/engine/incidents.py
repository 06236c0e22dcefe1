"""What only people can settle: a result on the wrong chart, two records that contradict each other."""

from collections.abc import Iterator
from typing import Protocol

from wardline.core.events import Disputed, Event, Incident, Measured, Registered
from wardline.core.timeline import Timeline


class Viewers(Protocol):
    """Who has looked at a patient: asked when a result turns out to be somebody else's."""

    def viewers(self, about: str) -> tuple[str, ...]: ...


def wrong_patient(event: Event, seen_by: tuple[str, ...]) -> Incident:
    """OBX-11 W: a result was filed on the wrong patient's chart. Names the observation, never its value."""
    measured: Measured = event.value
    return Incident("result on the wrong patient", f"{measured.concept or measured.code}, order {measured.order or 'without number'}", seen_by)


def disputes(timeline: Timeline) -> Iterator[Disputed]:
    """Birth dates or sexes that differ among the records joined to one person, as far as nobody has been told yet."""
    people: dict[str, Registered] = {}
    for event in sorted(timeline.registered, key=lambda event: event.value.authority):
        people[event.about] = event.value
    if len(people) < 2:
        return
    told = {(event.value.what, event.value.values) for event in timeline.disputes}
    for what, said in (("birth date", {about: person.born for about, person in people.items()}), ("sex", _sexes(people))):
        values = _contradicting(set(said.values()))
        if values and (what, values) not in told:
            yield Disputed(what, values, next(about for about, value in said.items() if about != timeline.about and value in values))


def _sexes(people: dict[str, Registered]) -> dict[str, str]:
    return {about: "" if person.sex == "U" else person.sex for about, person in people.items()}


def _contradicting(values: set[str]) -> tuple[str, ...]:
    """The values that cannot all be true. "1955" does not contradict "1955-03-03": it only says less."""
    known = sorted(value for value in values if value and not any(other != value and other.startswith(value) for other in values))
    return tuple(known) if len(known) > 1 else ()
