"""What if: a patient's timeline with events that have not happened, to ask about and never to be stored.

The draft orders of a hook, a diagnosis a doctor is considering, a value typed in to see what it would change. Events without an id
are drafts; nothing made from them becomes a finding, and nobody is alerted.
"""

from collections.abc import Iterable
from copy import copy, deepcopy

from wardline.core.events import Event, Measured
from wardline.core.timeline import Timeline


def supposing(timeline: Timeline, events: Iterable[Event]) -> Timeline:
    """The same patient had these events happened, too. The timeline itself stays as it is."""
    supposed = list(events)
    other = copy(timeline)
    other.orders, other._orders = dict(timeline.orders), {order: dict(versions) for order, versions in timeline._orders.items()}
    other.administered, other._diagnoses, other._allergies = list(timeline.administered), list(timeline._diagnoses), list(timeline._allergies)
    other.performed, other.immunised, other.kept = dict(timeline.performed), dict(timeline.immunised), dict(timeline.kept)
    other.imaged, other.reports = dict(timeline.imaged), dict(timeline.reports)
    other.overdue, other.answers, other.answers_over_time = dict(timeline.overdue), dict(timeline.answers), dict(timeline.answers_over_time)
    if any(isinstance(event.value, Measured) for event in supposed):
        other.observations = deepcopy(timeline.observations)
    for event in supposed:
        other.apply(event)
    return other


def without_answers(timeline: Timeline) -> Timeline:
    """The same facts with nothing concluded from them yet, for whoever lets capabilities answer anew, one after the other."""
    other = supposing(timeline, ())
    other.answers, other.answers_over_time, other._keys = {}, {}, {}
    other.last_answered_at = None
    return other
