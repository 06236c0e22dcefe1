"""Of several statements about one thing, which one stands: the later issued; about who somebody is, the one with more authority."""

from datetime import datetime

from wardline.core.events import Event, Registered


def occurred(event: Event) -> datetime:
    return event.occurred_at


def issued(event: Event) -> datetime:
    """When its sender said it; where that is not told, when we heard it."""
    return event.value.issued_at or event.recorded_at


def authority(event: Event) -> tuple[int, datetime, datetime]:
    registered: Registered = event.value
    return registered.authority, registered.issued_at or event.recorded_at, event.recorded_at


def keep_newest(events: list[Event], event: Event) -> None:
    """One entry per code; of two statements the later issued stands."""
    for place, before in enumerate(events):
        if before.value.code == event.value.code and before.value.text == event.value.text:
            if issued(event) >= issued(before):
                events[place] = event
            return
    events.append(event)
