"""Looking at the past: a patient's timeline exactly as it was known at a moment, from the log alone."""

from collections.abc import Iterator
from datetime import datetime

from wardline.core.events import Event, Merged, Moved, Unmerged
from wardline.core.ports import EventLog
from wardline.core.timeline import Timeline, WholeTimeline
from wardline.engine.identity import Links
from wardline.engine.patients import folded


def timeline_as_of(log: EventLog, about: str, known_until: datetime | None, links: Links | None = None) -> Timeline:
    """The person `about` was read as at `known_until` (None: now), with everything that had been recorded by then.

    `links` are the current ones if the caller has them; otherwise the links are folded from the whole log.
    """
    joined = links if links is not None else links_of(log)
    if known_until is not None:
        joined = joined.as_of(known_until)
    person = joined.survivor(about)
    scopes = {scope.record: scope for scope in joined.scopes(person)}
    return folded(person, scopes, log.events_of(scopes, known_until=known_until), WholeTimeline)


def events_as_of(log: EventLog, about: str, known_until: datetime | None, links: Links) -> Iterator[Event]:
    """Everything that had been recorded by then about the person `about` was read as, in the order it was."""
    joined = links.as_of(known_until) if known_until is not None else links
    scopes = {scope.record: scope for scope in joined.scopes(joined.survivor(about))}
    return (event for event in log.events_of(scopes, known_until=known_until) if scopes[event.about].includes(event))


def links_of(log: EventLog) -> Links:
    links = Links()
    for step in log.steps():
        for _, events in step.rows:
            for event in events:
                if isinstance(event.value, Merged | Unmerged | Moved):
                    links.apply(event)
    return links
