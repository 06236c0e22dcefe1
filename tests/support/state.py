"""What a hospital knows at the end: current content, place, answers, links, directory, open alerts. Not how it came to know it.

Two runs that heard the same things in another order must agree on all of it; ids and times of recording do not count.
"""

from typing import Any, TypeAlias

from support.hospital import Hospital
from wardline.core.events import Event, Found
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.engine.assessing import GONE

State: TypeAlias = dict[str, Any]


def state_of(hospital: Hospital) -> State:
    """Everything that is shown, by person."""
    house = hospital.engine.house
    persons = list(dict(house.directory.items()))
    return {
        "persons": {about: person_of(house.timeline(about)) for about in persons},
        "links": {about: house.links.records(about) for about in persons},
        "directory": [house.directory.get(about) for about in persons],
        "alerts": [alert for reaction in house.reactions if isinstance(reaction, AlertPolicy) for alert in alerts_of(reaction)],
    }


def alerts_of(policy: AlertPolicy) -> list[tuple[Any, ...]]:
    """What is open, how loud it is and who answers for it. When people were told, and who took it on, depends on the way."""
    return sorted(
        (*each.question, each.rule, each.severity, each.tier, each.summary, each.unit, each.bed, each.quiet, each.owner_role)
        for each in policy.open_alerts()
    )


def person_of(timeline: Timeline) -> State:
    return {
        "person": timeline.person._replace(issued_at=None) if timeline.person is not None else None,
        "place": timeline.place,
        "measured": {name: [_said(event) for event in timeline.observations.of(name)] for name in sorted(timeline.observations)},
        "removed": sorted(repr(_said(event)) for event in timeline.observations.removed()),
        "orders": {order: _said(event) for order, event in sorted(timeline.orders.items())},
        "diagnoses": sorted(repr(_said(event)) for event in timeline.diagnoses),
        "answers": answers_of(timeline),
        "overdue": sorted(timeline.overdue),
        "disputes": sorted({(event.value.what, event.value.values) for event in timeline.disputes}),
    }


def answers_of(timeline: Timeline) -> State:
    """The answers that are shown. After a stay nothing about it is: nobody is watching any more."""
    if timeline.movements and not timeline.place.is_in:
        return {}
    return {f"{name}/{key}": content_of(event.value) for (name, key), event in sorted(timeline.answers.items()) if event.value.summary != GONE}


def content_of(found: Found) -> tuple[Any, ...]:
    """What an answer says, without saying which events it rests on."""
    reasons = tuple(line[:4] for line in found.because)
    return found.outcome, found.value, found.severity, found.summary, found.missing, found.reason, reasons, found.valid_until


def _said(event: Event) -> tuple[Any, ...]:
    return event.occurred_at, event.value._replace(issued_at=None)
