"""What a message says, as flat facts, once from Wardline's statements and once from a FHIR bundle, so that the two can be compared.

A fact is (kind, key, attribute, value): ("observation", "8867-4", "value", "72"). Times are UTC, to the second or, where only a date
was sent, to the day.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wardline.core.events import (
    Administered,
    Admitted,
    Allergic,
    Diagnosed,
    Discharged,
    Documented,
    Measured,
    Ordered,
    Registered,
    Scheduled,
    Transferred,
)  # fmt: skip
from wardline.core.quantities import plain, ucum
from wardline.core.statements import Statement

Resource = dict[str, Any]


class Fact(NamedTuple):
    kind: str
    key: str
    attribute: str
    value: str


GENDERS = {"male": "M", "female": "F", "other": "O", "unknown": "U"}
CLASSES = {"IMP": "I", "AMB": "O", "EMER": "E", "PRENC": "P", "ACUTE": "I", "NONAC": "I", "OBSENC": "O"}


# --- from a FHIR bundle ---


def facts_of_bundle(bundle: Resource) -> list[Fact]:
    resources = [entry["resource"] for entry in bundle["entry"]]
    by_id = {f"{resource['resourceType']}/{resource['id']}": resource for resource in resources if "id" in resource}
    facts: list[Fact] = []
    for resource in resources:
        reader = _BUNDLE.get(resource["resourceType"])
        if reader is not None:
            facts += reader(resource, by_id)
    return facts


def _patient(patient: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    for name in patient.get("name", []):
        yield from _filled("patient", "", family=name.get("family"), given=(name.get("given") or [""])[0])
    yield from _filled("patient", "", born=patient.get("birthDate"), sex=GENDERS.get(patient.get("gender", "")))
    for identifier in patient.get("identifier", []):
        yield from _filled("identifier", identifier.get("value", ""), number=identifier.get("value"))


def _encounter(encounter: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    period = encounter.get("period", {})
    status = {"class": CLASSES.get(encounter.get("class", {}).get("code", ""), encounter.get("class", {}).get("code"))}
    yield from _filled("visit", "", start=_time(period.get("start")), end=_time(period.get("end")), **status)
    for identifier in encounter.get("identifier", []):
        yield from _filled("visit", "", number=identifier.get("value"))
    for place in encounter.get("location", []):
        if place.get("status") == "active":
            for name in _location(place["location"]["reference"], by_id):
                yield from _filled("visit", "", place=name)


def _location(reference: str, by_id: dict[str, Resource]) -> list[str]:
    """The names of a place and of everything it is a part of."""
    location = by_id.get(reference)
    if location is None:
        return []
    above = _location(location.get("partOf", {}).get("reference", ""), by_id)
    return [*above, location.get("name", ""), *(each.get("value", "") for each in location.get("identifier", []))]


def _observation(observation: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    key = _code(observation.get("code", {}))
    parts = [_value(part) for part in observation.get("component") or [observation]]
    # They make a component of each repetition of OBX-5; Wardline keeps the field.
    value, unit = "~".join(value for value, _ in parts), parts[0][1]
    yield from _filled("observation", key, time=_time(observation.get("effectiveDateTime")), status=observation.get("status"), value=value, unit=unit)


def _value(part: Resource) -> tuple[str, str]:
    if "valueQuantity" in part:
        quantity = part["valueQuantity"]
        number = f"{quantity.get('comparator', '')}{quantity.get('value', '')}"
        return number, quantity.get("code") or quantity.get("unit") or ""
    if "valueCodeableConcept" in part:
        concept = part["valueCodeableConcept"]
        return _words(concept), ""
    for name in ("valueString", "valueDateTime", "valueTime", "valueInteger"):
        if name in part:
            return str(part[name]), ""
    return "", ""


def _allergy(allergy: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    reactions = [text for reaction in allergy.get("reaction", []) for each in reaction.get("manifestation", []) for text in [_words(each)]]
    key = _code(allergy.get("code", {}))
    yield from _filled("allergy", key, substance=_words(allergy.get("code", {})), reaction=", ".join(reactions))


def _condition(condition: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    key = _code(condition.get("code", {}))
    yield from _filled("condition", key, name=_words(condition.get("code", {})), onset=_time(condition.get("onsetDateTime")))


def _medication(request: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    medication = by_id.get(request.get("medicationReference", {}).get("reference", ""), {}).get("code") or request.get(
        "medicationCodeableConcept", {}
    )
    yield from _filled("medication", _code(medication), drug=_words(medication), ordered=_time(request.get("authoredOn")))


def _document(document: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    key = document.get("masterIdentifier", {}).get("value", "")
    yield from _filled("document", key, type=_words(document.get("type", {})), date=_time(document.get("context", {}).get("period", {}).get("start")))


def _appointment(appointment: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    key = next((each.get("value", "") for each in appointment.get("identifier", [])), "")
    yield from _filled("appointment", key, start=_time(appointment.get("start")), status=appointment.get("status"))


def _immunization(immunization: Resource, by_id: dict[str, Resource]) -> Iterator[Fact]:
    vaccine = immunization.get("vaccineCode", {})
    quantity = immunization.get("doseQuantity", {})
    dose = f"{quantity.get('value', '')} {quantity.get('unit', '')}".strip()
    yield from _filled("dose", _code(vaccine), drug=_words(vaccine), given=_time(immunization.get("occurrenceDateTime")), dose=dose)


_BUNDLE: dict[str, Callable[[Resource, dict[str, Resource]], Iterator[Fact]]] = {
    "Patient": _patient, "Encounter": _encounter, "Observation": _observation, "AllergyIntolerance": _allergy, "Condition": _condition,
    "MedicationRequest": _medication, "DocumentReference": _document, "Appointment": _appointment, "Immunization": _immunization,
}  # fmt: skip


def _code(concept: Resource) -> str:
    return next((coding["code"] for coding in concept.get("coding", []) if coding.get("code")), concept.get("text", ""))


def _words(concept: Resource) -> str:
    return next((coding["display"] for coding in concept.get("coding", []) if coding.get("display")), concept.get("text") or _code(concept))


def _time(text: str | None) -> str:
    if not text:
        return ""
    if len(text) <= 10:
        return text
    at = datetime.fromisoformat(text)
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _filled(kind: str, key: str, **attributes: str | None) -> Iterator[Fact]:
    for attribute, value in attributes.items():
        if value:
            yield Fact(kind, key, attribute, value.strip())


# --- from what Wardline states ---

STATUSES = {
    "F": "final", "P": "preliminary", "R": "registered", "C": "corrected", "A": "amended", "X": "cancelled", "D": "entered-in-error",
    "W": "entered-in-error", "I": "registered", "S": "preliminary", "U": "final", "O": "registered", "N": "unknown", "B": "final", "V": "final",
}  # fmt: skip
APPOINTMENTS = {"booked": "booked", "rescheduled": "booked", "changed": "booked", "cancelled": "cancelled", "no show": "noshow"}


def facts_of_statements(statements: Iterable[Statement]) -> list[Fact]:
    facts: list[Fact] = []
    for statement in statements:
        reader = _STATEMENTS.get(type(statement.value))
        if reader is not None:
            facts += reader(statement.value, _shown(statement.occurred_at))
    return facts


def _registered(person: Registered, at: str) -> Iterator[Fact]:
    yield from _filled("patient", "", family=person.family, given=person.given, born=person.born, sex=person.sex)
    for identifier in person.identifiers:
        yield from _filled("identifier", identifier.number, number=identifier.number)


def _moved(moved: Admitted | Transferred, at: str) -> Iterator[Fact]:
    start = at if isinstance(moved, Admitted) else ""
    yield from _filled("visit", "", **{"class": moved.patient_class, "start": start, "number": moved.encounter, "place": moved.unit})


def _discharged(left: Discharged, at: str) -> Iterator[Fact]:
    yield from _filled("visit", "", end=at, number=left.encounter)


def _measured(measured: Measured, at: str) -> Iterator[Fact]:
    key = measured.code.split("^", 1)[0]
    number, _, unit = measured.received.partition(" ") if measured.received else ("", "", measured.unit)
    if not number:
        number = measured.comparator + (plain(measured.value) if isinstance(measured.value, int | float) else measured.value or "")
    yield from _filled("observation", key, time=at, status=STATUSES[measured.status], value=number, unit=ucum(unit))


def _allergic(allergic: Allergic, at: str) -> Iterator[Fact]:
    yield from _filled("allergy", allergic.code, substance=allergic.text, reaction=allergic.reaction)


def _diagnosed(diagnosed: Diagnosed, at: str) -> Iterator[Fact]:
    yield from _filled("condition", diagnosed.code, name=diagnosed.text or diagnosed.code, onset=at)


def _ordered(ordered: Ordered, at: str) -> Iterator[Fact]:
    if ordered.category == "medication":
        yield from _filled("medication", ordered.code.split("^", 1)[0], drug=ordered.what, ordered=at)


def _documented(documented: Documented, at: str) -> Iterator[Fact]:
    yield from _filled("document", documented.document, type=documented.title, date=at)


def _scheduled(scheduled: Scheduled, at: str) -> Iterator[Fact]:
    start = _shown(scheduled.starts_at) if scheduled.starts_at is not None else ""
    yield from _filled("appointment", scheduled.appointment, start=start, status=APPOINTMENTS.get(scheduled.status, scheduled.status))


def _administered(given: Administered, at: str) -> Iterator[Fact]:
    yield from _filled("dose", given.code.split("^", 1)[0], drug=given.what, given=at, dose=given.dose)


_STATEMENTS: dict[type, Callable[[Any, str], Iterator[Fact]]] = {
    Registered: _registered, Admitted: _moved, Transferred: _moved, Discharged: _discharged, Measured: _measured, Allergic: _allergic,
    Diagnosed: _diagnosed, Ordered: _ordered, Documented: _documented, Scheduled: _scheduled, Administered: _administered,
}  # fmt: skip


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
