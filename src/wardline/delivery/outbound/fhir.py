"""What goes out as FHIR: a finding as RiskAssessment, Observation, DetectedIssue and Flag; what feeds tell, as the resources that were asked for.

Each message is a transaction that updates by our own identifiers, so that sending it twice changes nothing, and it is written in the
step that made it. The patient is named by a number both sides know. What is not true any more is taken back by a later message.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from wardline.core.events import Erased, Event, Found, Identifier, Kept, Registered
from wardline.core.ports import Outgoing
from wardline.core.reactions import Forwarding, Patients
from wardline.core.resources import ABOUT_NOBODY, SOURCE
from wardline.core.timeline import Timeline
from wardline.delivery.outbound.fhir_answers import Standing, resources_of_answer
from wardline.delivery.outbound.fhir_servers import FhirServer
from wardline.formats.fhir.outward.course import MADE_AS, resource_of
from wardline.formats.fhir.outward.parts import OF_OURS
from wardline.formats.fhir.outward.people import GENDERS
from wardline.formats.fhir.resources import Resource, plainly, written

RECORD: Final = f"{OF_OURS}:record"
"""System of our own numbers of patients, where nobody else has given them one."""
NEW_PATIENT: Final = "urn:uuid:6b2f6b0e-5c0e-4d8a-9a51-7d1f5b8f0001"
"""Name of the patient inside a transaction that creates them where they are not there yet."""


class FhirOutbound(Forwarding):
    """A reaction: puts transactions for every FHIR server into the outbox. Remembers which resources of each answer they have."""

    name = "outbound-fhir"

    def __init__(
        self, servers: Iterable[FhirServer], titles: Mapping[str, str], withheld: Callable[[Event, Timeline], bool] = lambda event, timeline: False
    ) -> None:
        self.servers = tuple(servers)
        self.titles = titles
        self.withheld = withheld
        """Whether something is too sensitive to leave the house, whoever it is sent to."""
        self._standing = Standing(frozenset(finding for server in self.servers for finding in server.findings))
        self.going: list[Outgoing] = []

    def apply(self, event: Event) -> None:
        kind = type(event.value)
        if kind is Found:
            self._standing.apply(event)
        elif kind is Erased:
            self._standing.forget(event.value.records)

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        for server in self.servers:
            if not self._concerns(event, server):
                continue
            timeline = patients.timeline(event.about)
            if self.withheld(event, timeline):
                continue
            entries = list(self._entries(event, timeline, server))
            if entries:
                bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [*_newcomer(timeline, server), *entries]}
                self.going.append(Outgoing(f"{server.topic}/{event.id}", server.topic, written(bundle), event.about))
        return ()

    def dump(self) -> Any:
        return self._standing.dump()

    def load(self, state: Any) -> None:
        self._standing.load(state)
        self.going = []

    def _entries(self, event: Event, timeline: Timeline, server: FhirServer) -> Iterable[dict[str, Any]]:
        value = event.value
        if isinstance(value, Found):
            stand = self._standing.of(event)
            title = self.titles.get(value.capability, value.capability)
            resources: Iterable[Resource] = resources_of_answer(event, stand, timeline, title) if stand is not None else ()
        elif isinstance(value, Kept):
            if value.deleted:
                yield {"request": {"method": "DELETE", "url": _place(value.resource, value.id, server)}}
                return
            resources = (plainly(value.body),)
        else:
            resources = (resource_of(timeline.about, event),)
        who, records = patient_of(timeline, server), frozenset({timeline.about, event.about})
        for resource in resources:
            yield {
                "resource": _sent(resource, records, who, server),
                "request": {"method": "PUT", "url": _place(resource["resourceType"], resource["id"], server)},
            }

    def _concerns(self, event: Event, server: FhirServer) -> bool:
        """Facts that came in as FHIR go out as they came, in the resource they stood in."""
        value = event.value
        if isinstance(value, Found):
            return value.capability in server.findings and self._standing.of(event) is not None
        if isinstance(value, Kept):
            return value.resource in server.resources and not event.about.startswith(ABOUT_NOBODY)
        kinds = MADE_AS.get(type(value), ())
        is_wanted = event.source != SOURCE and not server.resources.isdisjoint(kinds)
        return is_wanted and (len(kinds) == 1 or resource_of(event.about, event)["resourceType"] in server.resources)


def _place(type: str, id: str, server: FhirServer) -> str:
    return f"{type}?identifier={quote(f'{server.identifiers}|{id}', safe='')}"


def _sent(resource: Resource, records: frozenset[str], who: dict[str, Any], server: FhirServer) -> Resource:
    """As another server can keep it: under our identifier, about the patient it knows, pointing at nothing that may not be there."""
    ours = {"system": server.identifiers, "value": resource["id"]}
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in ("versionId", "lastUpdated")}
    others = [each for each in resource.get("identifier", ()) if each != ours]
    said = {name: value for name, value in resource.items() if name not in ("id", "meta", "identifier", "resourceType")}
    head = {"resourceType": resource["resourceType"], **({"meta": meta} if meta else {}), "identifier": [ours, *others]}
    return {**head, **_pointing(said, records, who, server)}


def _pointing(element: Any, records: frozenset[str], who: dict[str, Any], server: FhirServer) -> Any:
    """The patient by a number; everything else of ours by our identifier, as a logical reference that needs not be there."""
    if isinstance(element, list):
        return [_pointing(each, records, who, server) for each in element]
    if not isinstance(element, dict):
        return element
    reference = element.get("reference")
    if not isinstance(reference, str) or reference.startswith("#") or ":" in reference:
        return {name: _pointing(value, records, who, server) for name, value in element.items()}
    type, _, id = reference.partition("/")
    if type == "Patient" and id in records:
        return who
    named = {name: value for name, value in element.items() if name == "display"}
    return {"type": type, "identifier": {"system": server.identifiers, "value": id.partition("/")[0]}, **named}


# --- who -------------------------------------------------------------------------------------------------------------------------


def patient_of(timeline: Timeline, server: FhirServer) -> dict[str, Any]:
    if server.creates_patients:
        return {"reference": NEW_PATIENT}
    system, number = _number(timeline, server)
    return {"reference": f"Patient?identifier={quote(f'{system}|{number}', safe='')}"}


def _newcomer(timeline: Timeline, server: FhirServer) -> Iterable[dict[str, Any]]:
    """The patient, for a server that has none with this number yet."""
    if not server.creates_patients:
        return
    person, (system, number) = timeline.person or Registered(()), _number(timeline, server)
    resource: dict[str, Any] = {"resourceType": "Patient", "identifier": [{"system": system, "value": number}]}
    if person.family or person.given:
        resource["name"] = [{name: value for name, value in (("family", person.family), ("given", person.given.split())) if value}]
    resource |= {name: value for name, value in (("gender", GENDERS.get(person.sex)), ("birthDate", person.born)) if value}
    condition = f"identifier={quote(f'{system}|{number}', safe='')}"
    yield {"fullUrl": NEW_PATIENT, "resource": resource, "request": {"method": "POST", "url": "Patient", "ifNoneExist": condition}}


def _number(timeline: Timeline, server: FhirServer) -> tuple[str, str]:
    """(system, number): of those the site has listed the first, else as our own FHIR door writes it, else our own number."""
    known: tuple[Identifier, ...] = timeline.person.identifiers if timeline.person is not None else ()
    for assigner, system in server.systems:
        for each in known:
            if each.assigner == assigner:
                return system, each.number
    for each in known:
        if each.assigner:
            return each.assigner if ":" in each.assigner else f"{OF_OURS}:assigner:{each.assigner}", each.number
    return RECORD, timeline.about
