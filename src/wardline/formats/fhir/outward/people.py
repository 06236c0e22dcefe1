"""Who the patient is, and where they are and were: Patient and Encounter."""

from collections.abc import Iterator
from typing import Any, Final

from wardline.core.events import Discharged, Event, Registered
from wardline.core.resources import SOURCE
from wardline.core.stay import place_after, valid_movements
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.parts import OF_OURS, TERMINOLOGY, id_of, made, patient, time_of
from wardline.formats.fhir.resources import Resource

GENDERS: Final = {"F": "female", "M": "male", "O": "other", "A": "other", "U": "unknown", "N": "unknown"}
"""HL7 table 0001 and FHIR administrative-gender (HL7 v2-to-FHIR concept map "Sex")."""
CLASSES: Final = {"I": "IMP", "O": "AMB", "E": "EMER", "P": "PRENC", "R": "AMB", "B": "IMP"}
"""HL7 table 0004 and v3 ActEncounterCode (concept map "EncounterClass")."""
_BED: Final = (("bed", "bd"), ("room", "ro"), ("unit", "wa"))


def patient_resource(timeline: Timeline, event: Event) -> Resource:
    """`event` is the newest that says who they are."""
    person = timeline.person or Registered(())
    return made(
        "Patient", timeline.about, event,
        identifier=[_identifier(*each) for each in person.identifiers],
        active=True,
        name=[_named({"family": person.family, "given": person.given.split()})] if person.family or person.given else None,
        telecom=[{"system": "phone", "value": person.phone}] if person.phone else None,
        gender=GENDERS.get(person.sex),
        birthDate=person.born,
        deceasedBoolean=True if person.died else None,
        address=[{"text": person.address.replace("^", " ").strip()}] if person.address else None,
    )  # fmt: skip


def retired(record: str, survivor: str, event: Event) -> Resource:
    """A record that was joined to another: it says where the patient is now."""
    return made("Patient", record, event, active=False, link=[{"other": patient(survivor), "type": "replaced-by"}])


def _identifier(number: str, assigner: str, type: str) -> dict[str, Any]:
    system = assigner if ":" in assigner else f"{OF_OURS}:assigner:{assigner}" if assigner else ""
    kind = {"coding": [{"system": f"{TERMINOLOGY}/v2-0203", "code": type}]} if type else None
    return _named({"type": kind, "system": system, "value": number})


def _named(element: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in element.items() if value}


def encounters(timeline: Timeline) -> Iterator[tuple[Resource, Event]]:
    """One for each visit that a feed has told of, with the newest movement of it."""
    visits: dict[str, list[Event]] = {}
    for event in valid_movements(timeline.movements):
        if event.source != SOURCE and event.value.encounter:
            visits.setdefault(event.value.encounter, []).append(event)
    for number, moves in visits.items():
        place, newest = place_after(moves), moves[-1]
        left = newest.occurred_at if isinstance(newest.value, Discharged) else None
        where = [{"location": {"display": getattr(place, name)}, "physicalType": _kind(code)} for name, code in _BED if getattr(place, name)]
        yield made(
            "Encounter", id_of(timeline.about, "Encounter", number), newest,
            identifier=[{"system": f"{OF_OURS}:visit", "value": number}],
            status="finished" if left is not None else "in-progress",
            class_={"system": f"{TERMINOLOGY}/v3-ActCode", "code": CLASSES.get(place.patient_class, "IMP")},
            serviceType={"text": place.service} if place.service else None,
            subject=patient(timeline.about),
            participant=[{"individual": {"display": place.doctor.replace("^", " ").strip()}}] if place.doctor else None,
            period={name: value for name, value in (("start", time_of(place.admitted_at)), ("end", time_of(left))) if value},
            reasonCode=[{"text": place.reason.replace("^", " ").strip()}] if place.reason else None,
            location=where,
        ), newest  # fmt: skip


def _kind(code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{TERMINOLOGY}/location-physical-type", "code": code}]}
