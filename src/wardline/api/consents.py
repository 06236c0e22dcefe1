"""What a patient permits and forbids, and how sensitive a fact is: recorded, read, withdrawn."""

import json
import secrets
from collections.abc import Iterator
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api import boards, sight
from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import consents as shapes
from wardline.core.concepts import BY_ID
from wardline.core.consent import PATIENT, Actor, Consent, Provision
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Consented, Event, Labelled, Measured, Value
from wardline.core.people import Person, Role
from wardline.core.statements import Statement
from wardline.formats.fhir import consent as fhir
from wardline.security.consent.register import Given
from wardline.security.consent.words import CONFIDENTIALITIES, KINDS, holds_in_emergencies, sentences
from wardline.security.labels import facts

doors = Doors("consents")
DAMAGED: Final = "This consent is damaged and cannot be read. Until it is withdrawn and recorded anew, only emergencies open the record."
LARGEST: Final = 64 * 1024
EXAMPLE: Final = {
    "resourceType": "Consent", "status": "active",
    "scope": {"coding": [{"system": fhir.SCOPE, "code": fhir.PRIVACY}]},
    "category": [{"coding": [{"system": fhir.ACT_CODE, "code": fhir.DISCLOSURE}]}],
    "patient": {"reference": "Patient/k7q2mfx3a4b5c6d7"}, "performer": [{"display": "the patient"}],
    "provision": {"type": "deny", "securityLabel": [{"system": fhir.ACT_CODE, "code": "PSY"}]},
}  # fmt: skip


class Label(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=40, description="What is labelled, by the name of its FHIR resource; Patient for the whole record.")
    key: str = Field("", max_length=300, description="Which one; empty for the whole record.", examples=["DOC17"])
    labels: list[str] = Field(max_length=10, description="Codes; an empty list takes back what was said.", examples=[["PSY"]])
    reason: str = Field(min_length=3, max_length=500)


@doors.post("/api/v1/consents", who="consent.write", answers=shapes.Consent, status_code=201, largest=LARGEST)
async def record(resource: Annotated[dict[str, Any], Body(examples=[EXAMPLE])], seen_by: SeenBy, house: House) -> Response:
    """Record a FHIR R4 Consent. It holds from now on, for everything that is shown of the patient, in every place."""
    consent = fhir.read(resource, ZoneInfo(house.zone))
    about = _known(consent.patient, house)
    allowed(seen_by, "consent.write", about, house)
    consent = consent._replace(patient=about, provision=_checked(consent.provision, house))
    id = secrets.token_hex(8)
    await house.audit.record(seen_by, "consent recorded", about, consent=id)
    written = json.dumps(fhir.write(consent, id=id), separators=(",", ":"))
    await _record(Consented(id, "active", written), about, seen_by, house)
    given = next(each for each in house.restrictions.given(sight.records_of(about, house)) if each.id == id)
    return json_response(_consent(given, house), 201)


@doors.get("/api/v1/patients/{id}/consents", who="consent.read", about="id", answers=shapes.Consents)
async def consents(id: str, seen_by: SeenBy, house: House) -> Response:
    """Every consent, withdrawn ones too, and what in the record is sensitive, as far as you may see that."""
    about = _known(id, house)
    await house.audit.record(seen_by, "consents opened", about)
    records = sight.records_of(about, house)
    said = house.restrictions.said(records)
    return json_response({
        "patient": about, "as_of": house.engine.house.now,
        "consents": [_consent(each, house) for each in house.restrictions.given(records)],
        "sensitive": list(_sensitive(about, seen_by, house)),
        "whole_record": sorted({label for each in said if each.kind == PATIENT for label in each.labels}),
        "choices": _choices(house),
        "may_write": house.access.may(seen_by, "consent.write", about),
        "may_label": house.access.may(seen_by, "label.write", about),
    })  # fmt: skip


@doors.delete("/api/v1/patients/{id}/consents/{consent}", who="consent.write", about="id", status_code=204)
async def withdraw(
    id: str, consent: str, seen_by: SeenBy, house: House, reason: Annotated[str, Query(max_length=500, description="Why, in a few words.")] = ""
) -> None:
    """Withdraw a consent. It ends at once; that it was there stays known."""
    about = _known(id, house)
    given = next((each for each in house.restrictions.given(sight.records_of(about, house)) if each.id == consent and each.is_active), None)
    if given is None:
        raise NotFound("there is no such consent (any more)")
    await house.audit.record(seen_by, "consent withdrawn", about, consent=consent)
    await _record(Consented(consent, "inactive", reason=reason.strip()), given.about, seen_by, house)


@doors.post("/api/v1/patients/{id}/labels", who="label.write", about="id", status_code=204)
async def label(id: str, wanted: Label, seen_by: SeenBy, house: House) -> None:
    """Say how sensitive a fact is, or the whole record. It counts at once; what the list says of it stays as it is."""
    about = _known(id, house)
    if wanted.kind not in facts.KINDS or (wanted.kind == PATIENT) != (not wanted.key):
        raise Refused(f"the kind is one of {', '.join(facts.KINDS)}; all but {PATIENT} have a key", where="kind")
    for code in wanted.labels:
        if code not in house.restrictions.labels.labels:
            raise Refused(f"there is no label {code!r}; there are {', '.join(house.restrictions.labels.labels)}", where="labels")
    if wanted.labels and wanted.kind != PATIENT and not _is_there(wanted, about, seen_by, house):
        raise NotFound("there is no such fact in this record")
    await house.audit.record(seen_by, "labelled", about, kind=wanted.kind, labels=" ".join(wanted.labels))
    for record in sight.records_of(about, house) if not wanted.labels else (about,):
        await _record(Labelled(wanted.kind, wanted.key, tuple(wanted.labels), wanted.reason.strip()), record, seen_by, house)


def _is_there(wanted: Label, about: str, seen_by: Person, house: Services) -> bool:
    shown = sight.seen_by(seen_by, house.engine.house.timeline(about), house)
    known = (facts.fact_of(event) for event in shown.timeline.stated())
    return any(fact is not None and (fact.kind, fact.key) == (wanted.kind, wanted.key) for fact in known)


async def _record(value: Value, about: str, seen_by: Person, house: Services) -> None:
    await house.engine.record(lambda folded, now: [Statement(value, about, now)], actor=seen_by.id)


def _known(id: str, house: Services) -> str:
    about = house.engine.house.survivor(id)
    if about not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    return about


def _checked(rule: Provision, house: Services) -> Provision:
    """The rule with accounts by their own key. Raises `Refused` for what this house does not know: it would hold nobody back."""
    unknown = sorted(rule.labels - house.restrictions.labels.labels.keys() - CONFIDENTIALITIES.keys())
    if unknown:
        raise Refused(f"there is no label {unknown[0]!r} here; there are {', '.join(house.restrictions.labels.labels)}", where="securityLabel")
    unknown = sorted(rule.kinds - set(facts.KINDS))
    if unknown:
        raise Refused(f"nothing here is a {unknown[0]}; there are {', '.join(facts.KINDS)}", where="class")
    actors = tuple(_actor(actor, house) for actor in rule.actors)
    return rule._replace(actors=actors, exceptions=tuple(_checked(each, house) for each in rule.exceptions))


def _actor(actor: Actor, house: Services) -> Actor:
    match actor.kind:
        case "person":
            user = house.sessions.identities.user(actor.id) or house.sessions.identities.user_named(actor.id)
            if user is None:
                raise Refused(f"there is no account {actor.id!r}; give the sign-in name of the person", where="actor")
            return Actor("person", user.id)
        case "unit" if actor.id not in boards.units(house):
            raise Refused(f"there is no unit {actor.id!r}", where="actor")
        case "role" if actor.id not in {role.value for role in Role}:
            raise Refused(f"there is no role {actor.id!r}; there are {', '.join(role.value for role in Role)}", where="actor")
        case _:
            return actor


# --- as it is shown ---


def _consent(given: Given, house: Services) -> dict[str, Any]:
    consent: Consent = house.restrictions.read(given)
    rule = consent.provision
    return {
        "id": given.id, "status": given.status, "words": list(_words(consent, house)),
        "text": consent.text, "performer": consent.performer, "stated_at": consent.stated_at, "recorded_at": given.recorded_at,
        "recorded_by": house.name_of(given.actor), "starts_at": rule.starts_at, "ends_at": rule.ends_at,
        "in_emergencies": holds_in_emergencies(rule), "reason": given.reason, "resource": fhir.write(consent, id=given.id, status=given.status),
    }  # fmt: skip


def _words(consent: Consent, house: Services) -> Iterator[str]:
    if consent.is_damaged:
        yield DAMAGED
    yield from sentences(consent, house.restrictions.labels.labels, _namer(house))


def _namer(house: Services) -> Any:
    def name_of(actor: Actor) -> str:
        match actor.kind:
            case "person":
                return house.name_of(actor.id)
            case "unit":
                return f"the people of {boards.label(actor.id, house)}"
            case "role":
                return f"every {actor.id}"
            case "program":
                return f"the app {actor.id}"

    return name_of


def _sensitive(about: str, seen_by: Person, house: Services) -> Iterator[dict[str, Any]]:
    """Labelled facts that the person may see anyway, each once."""
    records = sight.records_of(about, house)
    shown = sight.at_a_glance(seen_by, house.engine.house.timeline(about), house)
    said = {(each.kind, each.key): each for each in house.restrictions.said(records)}
    found: dict[tuple[str, str], tuple[Event, frozenset[str]]] = {}
    for event in shown.timeline.stated():
        fact = facts.fact_of(event)
        labels = house.restrictions.labels_of(event, records)
        if fact is not None and labels:
            found[fact.kind, fact.key] = event, labels
    for (kind, key), (event, labels) in sorted(found.items()):
        person = said.get((kind, key))
        yield {
            "kind": kind, "key": key, "title": _title(event), "labels": sorted(labels), "source": "list" if person is None else "person",
            "reason": person.reason if person else "", "by": house.name_of(person.actor) if person else "", "at": person.at if person else None,
        }  # fmt: skip


def _title(event: Event) -> str:
    """What people call it."""
    concept = BY_ID.get(event.value.concept) if isinstance(event.value, Measured) else None
    if concept is not None:
        return concept.name
    fact = facts.fact_of(event)
    words = [word for word in (fact.words if fact is not None else ()) if word]
    parts = (words[0] if words else fact.key if fact is not None else "").split("^")
    return (parts[1] if len(parts) > 1 and parts[1] else parts[0])[:200].replace("_", " ")


def _choices(house: Services) -> dict[str, Any]:
    return {
        "labels": [{"code": label.code, "title": label.title} for label in house.restrictions.labels.labels.values()],
        "kinds": [{"code": code, "title": title} for code, title in KINDS.items()],
        "units": [{"code": unit, "title": boards.label(unit, house)} for unit in boards.units(house)],
        "roles": [{"code": role.value, "title": role.value} for role in Role if role is not Role.PATIENT],
    }
