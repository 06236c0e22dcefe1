"""Everything that a patient's timeline says and no FHIR client has written, as FHIR resources."""

from collections.abc import Mapping
from typing import NamedTuple

from wardline.core.events import Event, EventId
from wardline.core.resources import SOURCE
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.answers import answers
from wardline.formats.fhir.outward.course import course
from wardline.formats.fhir.outward.people import encounters, patient_resource
from wardline.formats.fhir.resources import Resource


class Shown(NamedTuple):
    """A resource made on the spot, and the event it stands for."""

    resource: Resource
    event: Event


def resources_of(timeline: Timeline, titles: Mapping[str, str], *, has_patient: bool = False) -> list[Shown]:
    """`timeline` as whoever asks may see it; `has_patient`: the Patient itself is there as it was received."""
    shown: list[Shown] = []
    by_feed = [event for event in timeline.registered if event.source != SOURCE]
    if by_feed and not has_patient:
        shown.append(Shown(patient_resource(timeline, max(by_feed, key=lambda event: event.recorded_at)), by_feed[-1]))
    shown += [Shown(*each) for each in (*encounters(timeline), *course(timeline))]
    observed = {each.event.id: f"Observation/{each.resource['id']}" for each in shown if each.resource["resourceType"] == "Observation"}
    shown += [Shown(*each) for each in answers(timeline, {**_from_fhir(timeline), **observed}, titles)]
    return shown


def _from_fhir(timeline: Timeline) -> dict[EventId, str]:
    """Observations that came in as FHIR go by the number their facts carry: "Observation/17"."""
    return {
        event.id: event.value.order
        for name in timeline.observations
        for event in timeline.observations.of(name)
        if event.source == SOURCE and event.value.order
    }
