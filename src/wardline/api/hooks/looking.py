"""Which timeline a hook is answered from: our own record where we know the patient, else what the EHR sends or lets us read.

What our record has nothing of (no diagnosis at all, no order) is taken from what was sent; what both have, ours says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.api import sight
from wardline.api.doors import allowed
from wardline.api.hooks.calling import ACTION, Caller
from wardline.api.hooks.fetching import fetched, rest_of
from wardline.api.hooks.refusals import NotEnough
from wardline.api.patients import seen
from wardline.api.services import Services
from wardline.core.errors import Refused
from wardline.core.events import Administered, Allergic, Diagnosed, Event, Identifier, Immunised, Kept, Measured, Ordered, Performed, Registered
from wardline.core.timeline import Timeline
from wardline.core.whatif import supposing
from wardline.delivery.hooks.advice import ELSEWHERE
from wardline.delivery.hooks.services import Service
from wardline.formats.cds_hooks.prefetch import PATIENT, filled
from wardline.formats.cds_hooks.request import HookRequest, need_same_patient, next_page, resources_in
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.facts import facts_of, timeline_of, told_apart
from wardline.formats.fhir.people import registered

DRUGS: Final = ("MedicationRequest", "MedicationStatement")
MOST_DRUGS: Final = 200
ANOTHER: Final = "Wardline knows another person under this number; its own record was not used."


class Looked(NamedTuple):
    """The patient as far as could be seen. `about` is our record, or `ELSEWHERE`."""

    timeline: Timeline
    as_of: datetime
    about: str
    unread: tuple[str, ...] = ()
    """Prefetch keys that were neither sent nor could be read."""
    notes: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        return self.about != ELSEWHERE


async def look(request: HookRequest, service: Service, caller: Caller, house: Services) -> Looked:
    """Raises `NotEnough`, or `Refused` for what cannot be read."""
    record = _directly(request, caller, house)
    sent = {} if record else await _sent(request, {PATIENT: service.prefetch[PATIENT]}, caller, house)
    notes: tuple[str, ...] = ()
    if not record:
        record, notes = _known(sent.get(PATIENT, ()), caller, house)
    if record:
        return await _from_record(record, request, caller, house)
    sent |= await _sent(request, {key: each for key, each in service.prefetch.items() if key != PATIENT}, caller, house)
    unread = tuple(sorted(service.prefetch.keys() - sent.keys()))
    if service.essential.intersection(unread) or not sent:
        raise NotEnough(f"not enough to go on: send {', '.join(unread)} along, or a token for a FHIR server that is listed here")
    as_of = house.sessions.now()
    resources = [resource for listed in sent.values() for resource in listed]
    return Looked(timeline_of(_distinct(resources), about=ELSEWHERE, known_at=as_of), as_of, ELSEWHERE, unread, notes)


async def _from_record(record: str, request: HookRequest, caller: Caller, house: Services) -> Looked:
    person = allowed(caller.person, ACTION, record, house)
    house.edge.limits.patient(person, record)
    shown, as_of = await seen(record, None, person, house, "asked at a hook")
    resources = [resource for value in request.prefetch.values() for resource in _checked(value, request)]
    return Looked(completed(shown.timeline, resources, as_of), as_of, record)


async def _sent(request: HookRequest, templates: Mapping[str, str], caller: Caller, house: Services) -> dict[str, tuple[Element, ...]]:
    """Resources by key: as sent along, with the pages that follow, else as the EHR's server gives them."""
    found = {key: request.prefetch[key] for key in templates if key in request.prefetch}
    resources = {key: _checked(value, request) for key, value in found.items()}
    authorization, client = request.authorization, caller.client
    if authorization is None or client is None or not client.fhir_server or authorization.server != client.fhir_server:
        return {key: each for key, each in resources.items() if not next_page(found[key])}
    for key in [key for key, value in found.items() if next_page(value)]:
        pages = await rest_of(found[key], authorization, house.outside)
        if pages is None:
            del resources[key]
        else:
            resources[key] += _checked(pages, request)
    missing = {key: filled(template, request.context) for key, template in templates.items() if key not in found}
    return resources | {key: _checked(pages, request) for key, pages in (await fetched(missing, authorization, house.outside)).items()}


def _checked(value: Any, request: HookRequest) -> tuple[Element, ...]:
    resources = tuple(resources_in(value))
    for each in resources:
        need_same_patient(each, request.patient)
    return resources


def _directly(request: HookRequest, caller: Caller, house: Services) -> str:
    """Our own record's key as the patient's id: what our own screens, and EHRs on our FHIR server, send."""
    record = house.engine.house.survivor(request.patient)
    return record if record in house.engine.house.directory and _may_open(record, caller, house) else ""


def _known(patients: Iterable[Element], caller: Caller, house: Services) -> tuple[str, tuple[str, ...]]:
    """The record that one of the EHR's patient numbers names, if it is of the same person."""
    if caller.client is None:
        return "", ()
    for resource in patients:
        said = registered(resource)
        for each in said.identifiers:
            assigner = caller.client.assigners.get(each.assigner)
            record = house.engine.house.survivor(house.hooks.key_of(Identifier(each.number, assigner))) if assigner else ""
            if record and record in house.engine.house.directory and _may_open(record, caller, house):
                return (record, ()) if _is_same_person(house.engine.house.timeline(record).person, said) else ("", (ANOTHER,))
    return "", ()


def _may_open(record: str, caller: Caller, house: Services) -> bool:
    return house.access.may(caller.person, ACTION, record) and sight.closed(caller.person, record, house) is None


def _is_same_person(ours: Registered | None, theirs: Registered) -> bool:
    """Numbers are given out twice and typed wrong: a birth date or sex that contradicts means another person."""
    if ours is None:
        return True
    return all(not a or not b or a == b for a, b in ((ours.born[:10], theirs.born[:10]), (ours.sex, theirs.sex)))


def completed(timeline: Timeline, resources: Iterable[Element], as_of: datetime) -> Timeline:
    """The timeline with what it has nothing of, from resources. Their events have negative ids: stored nowhere, and no drafts."""
    facts = [fact for each in told_apart(_distinct(resources)) for fact in facts_of(each, about=timeline.about, stated_at=as_of)]
    lacking = tuple(kind for kind, known in _stated(timeline).items() if not known)
    events = [
        Event(fact.value, timeline.about, fact.occurred_at, as_of, encounter=fact.encounter, id=-number)
        for number, fact in enumerate(facts, 1)
        if isinstance(fact.value, lacking) or (isinstance(fact.value, Measured) and not timeline.observations.of(fact.value.concept))
    ]
    return supposing(timeline, events) if events else timeline


def _stated(timeline: Timeline) -> dict[type, Any]:
    return {
        Diagnosed: timeline.diagnoses, Allergic: timeline.allergies, Administered: timeline.administered, Performed: timeline.performed,
        Immunised: timeline.immunised, Ordered: timeline.orders, Kept: timeline.kept,
    }  # fmt: skip


def _distinct(resources: Iterable[Element]) -> list[Element]:
    """Each resource once: a patient may come with every search. Raises `Refused` for one without a type."""
    found: dict[tuple[str, str] | int, Element] = {}
    for place, each in enumerate(resources):
        if not isinstance(each.get("resourceType"), str):
            raise Refused("a resource has no resourceType", where="prefetch")
        found.setdefault((each["resourceType"], str(each["id"])) if "id" in each else place, each)
    drugs = sum(each["resourceType"] in DRUGS for each in found.values())
    if drugs > MOST_DRUGS:  # each is held against each
        raise Refused(f"{drugs} prescriptions are more than {MOST_DRUGS}; send those that run", where="prefetch")
    return list(found.values())
