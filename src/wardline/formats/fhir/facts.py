"""What a FHIR resource states about a patient, as events: one resource in, the facts it says out; a bundle becomes a timeline.

The resource itself is kept beside them verbatim (`Kept`); what has no event kind of its own (a CarePlan, a Coverage) states nothing here.
A code nobody has mapped stays an observation without a concept. Entered in error and refuted take back what was said before.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from wardline.core.events import TAKEN_BACK, Allergic, Diagnosed, Event, Kept, Ordered, Value
from wardline.core.statements import Statement
from wardline.core.timeline import Timeline, WholeTimeline
from wardline.formats.fhir.course import allergic, diagnosed, documented, immunised, performed, reported, service_ordered
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.measurements import measured
from wardline.formats.fhir.parts import id_in, moment, part, parts, said
from wardline.formats.fhir.people import registered, visits
from wardline.formats.fhir.prescriptions import Resolver, given, requested, taken

DRAFT: Final = "draft"
NAMELESS: Final = "nameless-"
"""How the stand-in for a missing id begins."""
# The element that says when it was clinically true, the first that is there.
_WHEN: Final[dict[str, tuple[str, ...]]] = {
    "Condition": ("onset", "recorded"), "AllergyIntolerance": ("onset", "recorded"), "MedicationRequest": ("authoredOn",),
    "MedicationStatement": ("effective", "dateAsserted"), "MedicationAdministration": ("effective",), "Procedure": ("performed",),
    "Immunization": ("occurrence", "recorded"), "ServiceRequest": ("authoredOn", "occurrence"), "DiagnosticReport": ("effective", "issued"),
    "DocumentReference": ("date",),
}  # fmt: skip


def nothing_known(reference: str) -> Element | None:
    """A resolver for resources that stand alone."""
    return None


def facts_of(
    resource: Element, *, about: str, stated_at: datetime, resolve: Resolver = nothing_known, zone: tzinfo = UTC, is_update: bool = False,
) -> tuple[Statement, ...]:  # fmt: skip
    """The facts of one resource. Draft orders state nothing. Raises `Refused` for an element of the wrong shape.

    `stated_at` is when we were told, and stands in for a time the resource does not give; `zone` is the site's, for days without a
    time; `is_update`: a version of it was stated before, so a final value is a correction.
    """
    if said(resource, "status") == DRAFT:
        return ()
    encounter = id_in(part(resource, "encounter")) or id_in(part(resource, "context"))
    return tuple(Statement(value, about, at, encounter) for value, at in _said(resource, stated_at, resolve, zone, is_update))


def changes(before: Element, after: Element, *, about: str, stated_at: datetime, resolve: Resolver = nothing_known, zone: tzinfo = UTC) -> tuple[
    Statement, ...
]:  # fmt: skip
    """What a new version of a resource states that the version before did not: an unchanged fact is not said twice."""
    known = {_timeless(each) for each in facts_of(before, about=about, stated_at=stated_at, resolve=resolve, zone=zone)}
    said_now = facts_of(after, about=about, stated_at=stated_at, resolve=resolve, zone=zone)
    corrected = facts_of(after, about=about, stated_at=stated_at, resolve=resolve, zone=zone, is_update=True)
    return tuple(as_correction for fact, as_correction in zip(said_now, corrected, strict=True) if _timeless(fact) not in known)


def _timeless(fact: Statement) -> Statement:
    return fact._replace(value=fact.value._replace(issued_at=None))  # type: ignore[call-arg]


def draft_events(proposed: Iterable[Element], *, about: str, as_of: datetime, resolve: Resolver = nothing_known) -> tuple[Event, ...]:
    """Orders somebody is about to sign, an allergy or problem about to be entered, as events without an id, for `core.whatif.supposing`.

    They count from now, whenever they are meant to begin.
    """
    found = []
    for each in told_apart(proposed):
        for value, _ in _said(each, as_of, resolve, UTC, False):
            if isinstance(value, Ordered):
                value = value._replace(starts_at=None)
            if isinstance(value, Ordered | Allergic | Diagnosed):
                found.append(Event(value, about, as_of, as_of))
    return tuple(found)


def timeline_of(
    resources: Iterable[Element], *, about: str = "", known_at: datetime, zone: tzinfo = UTC, resolve: Resolver | None = None,
) -> Timeline:  # fmt: skip
    """The timeline that these resources of one patient make, the resources themselves kept in it; all of it known at `known_at`.

    A resource without a time of its own is taken to have been true then. What was entered in error takes back nothing here, where
    no earlier version was ever said; of a disease that is stated resolved and again as active, the active one stands.
    """
    listed = told_apart(resources)
    look = resolve or resolver_of(listed)
    facts = [fact for each in listed for fact in facts_of(each, about=about, stated_at=known_at, resolve=look, zone=zone)]
    facts = [fact for fact in facts if getattr(fact.value, "status", "") != TAKEN_BACK]
    facts.sort(key=lambda fact: (not (isinstance(fact.value, Diagnosed) and fact.value.status), fact.occurred_at))
    timeline = WholeTimeline(about)
    for number, fact in enumerate(facts, 1):
        value = fact.value._replace(issued_at=None) if isinstance(fact.value, Diagnosed) else fact.value
        timeline.apply(Event(value, about, fact.occurred_at, known_at, encounter=fact.encounter, id=number))
    for number, each in enumerate(listed, len(facts) + 1):
        kept = Kept(said(each, "resourceType"), said(each, "id") or str(number), 1, json.dumps(each))
        timeline.apply(Event(kept, about, known_at, known_at, id=number))
    return timeline


def told_apart(resources: Iterable[Element]) -> list[Element]:
    """The same, those without an id under a stand-in of their content and place: two orders that nobody has numbered yet are two."""
    return [each if said(each, "id") else {**each, "id": f"{NAMELESS}{_digest(each)}-{place}"} for place, each in enumerate(resources)]


def is_nameless(order: str) -> bool:
    """Whether the number of an order is such a stand-in, which nobody outside knows."""
    return order.rpartition("/")[2].startswith(NAMELESS)


def _digest(resource: Element) -> str:
    return hashlib.sha256(json.dumps(resource, sort_keys=True, default=str).encode()).hexdigest()[:12]


def resolver_of(resources: Iterable[Element], urls: Mapping[str, Element] | None = None) -> Resolver:
    """Finds a resource among these by "Type/id", by a full URL that ends so, or by the entry's fullUrl (`urls`)."""
    by_reference = {f"{said(each, 'resourceType')}/{said(each, 'id')}": each for each in resources if said(each, "id")}
    by_url = urls or {}

    def resolve(reference: str) -> Element | None:
        tail = "/".join(reference.split("/_history/")[0].rsplit("/", 2)[-2:])
        return by_url.get(reference) or by_reference.get(tail)

    return resolve


def unpacked(bundle: Element) -> tuple[list[Element], dict[str, Element]]:
    """The resources of a Bundle, and each by its fullUrl."""
    entries = [(said(entry, "fullUrl"), part(entry, "resource")) for entry in parts(bundle, "entry") if part(entry, "resource")]
    return [resource for _, resource in entries], {url: resource for url, resource in entries if url}


def subject_of(resource: Element) -> str:
    """The reference to the patient a resource is about ("Patient/12", "urn:uuid:..."); empty where it is about none."""
    if said(resource, "resourceType") == "Patient":
        return f"Patient/{said(resource, 'id')}"
    for name in ("subject", "patient", "beneficiary", "individual", "for"):
        reference = resource.get(name)
        text = said(reference, "reference") if isinstance(reference, Mapping) else ""
        if text and (name in ("patient", "beneficiary") or text.startswith("urn:") or "Patient/" in text):
            return text
    return ""


def _said(resource: Element, stated_at: datetime, resolve: Resolver, zone: tzinfo, is_update: bool) -> Iterator[tuple[Value, datetime]]:
    kind = said(resource, "resourceType")
    match kind:
        case "Patient":
            yield registered(resource), stated_at
        case "Encounter":
            yield from visits(resource, stated_at, zone)
        case "Observation":
            yield from measured(resource, stated_at, zone, is_update=is_update)
        case _ if kind in _WHEN:
            value = _stated(kind, resource, resolve, zone, stated_at)
            if value is not None:
                at = next(filter(None, (moment(resource, name, zone) for name in _WHEN[kind])), None)
                yield value, at or stated_at


def _stated(kind: str, resource: Element, resolve: Resolver, zone: tzinfo, stated_at: datetime) -> Any:
    """The one fact of a resource that states one; None where it states none."""
    match kind:
        case "Condition":
            return diagnosed(resource, zone, stated_at)
        case "AllergyIntolerance":
            return allergic(resource)
        case "MedicationRequest":
            return requested(resource, resolve, zone)
        case "MedicationStatement":
            return taken(resource, resolve, zone, stated_at)
        case "MedicationAdministration":
            return given(resource, resolve)
        case "Procedure":
            return performed(resource, zone)
        case "Immunization":
            return immunised(resource)
        case "ServiceRequest":
            return service_ordered(resource, zone)
        case "DiagnosticReport":
            return reported(resource)
        case _:
            return documented(resource)
