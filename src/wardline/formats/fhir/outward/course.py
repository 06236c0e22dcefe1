"""The course of care as feeds have told it: measurements, diagnoses, allergies, drugs, procedures, vaccinations, documents, appointments, images."""

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

from wardline.core.concepts import BY_ID
from wardline.core.events import (
    TAKEN_BACK,
    WAITING,
    WITHDRAWN,
    Administered,
    Allergic,
    Diagnosed,
    Documented,
    Event,
    Imaged,
    Immunised,
    Measured,
    Ordered,
    Performed,
    ReportSigned,
    ReportWithdrawn,
)
from wardline.core.observations import name_of
from wardline.core.resources import SOURCE
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.imaging import diagnostic_report, imaging_study, not_valid
from wardline.formats.fhir.outward.parts import SYSTEMS, TERMINOLOGY, coded, concept_of, id_of, made, patient, quantity, time_of
from wardline.formats.fhir.resources import Resource

# HL7 v2-to-FHIR concept maps "ObservationStatus" (table 0085) and "OrderControlCode" (0119), but for CA: to us it comes as an order that was
# cancelled, as the chart shows it. FHIR's own words stay as they are; a drug's request has other words than a service's.
OBSERVED: Final = {
    "F": "final", "V": "final", "U": "final", "B": "final", "P": "preliminary", "R": "preliminary", "S": "preliminary", "C": "corrected",
    "A": "amended",
}  # fmt: skip
_RUNNING: Final = {
    **dict.fromkeys(("NW", "OK", "SC", "IP", "XO", "RO", "RL", "HD"), "active"), "HR": "on-hold", "OH": "on-hold", "CM": "completed",
}  # fmt: skip
_OWN: Final = {each: each for each in ("active", "on-hold", "completed", "entered-in-error", "draft", "unknown")}
SERVICES: Final = _OWN | _RUNNING | dict.fromkeys(("CA", "CR", "OC", "DC", "DR", "OD", "UA", "DE", "revoked", "cancelled", "stopped"), "revoked")
DRUGS: Final = {
    **_OWN, **_RUNNING, **dict.fromkeys(("CA", "CR", "OC", "UA", "DE", "cancelled", "revoked"), "cancelled"),
    **dict.fromkeys(("DC", "DR", "OD", "stopped"), "stopped"),
}  # fmt: skip
SEVERITIES: Final = {"SV": "severe", "MO": "moderate", "MI": "mild"}
"""HL7 table 0128."""
CATEGORIES: Final = {"DA": "medication", "FA": "food", "EA": "environment", "MA": "medication"}
"""HL7 table 0127."""


def course(timeline: Timeline) -> Iterator[tuple[Resource, Event]]:
    """Each resource with the event it stands for. What came in as FHIR is left out: it is there as it was received."""
    for resource, event in _everything(timeline):
        if event.source != SOURCE:
            yield resource, event


def _everything(timeline: Timeline) -> Iterator[tuple[Resource, Event]]:
    about = timeline.about
    for name in timeline.observations:
        for event in timeline.observations.of(name):
            if event.source != SOURCE:
                yield observation(about, event), event
    for event in timeline.diagnoses:
        yield _condition(about, event), event
    for event in timeline.allergies:
        yield _allergy(about, event), event
    for event in timeline.orders.values():
        yield _order(about, event), event
    for event in timeline.administered:
        yield _dose(about, event), event
    for event in timeline.performed.values():
        yield _procedure(about, event), event
    for event in timeline.immunised.values():
        yield _vaccination(about, event), event
    for event in timeline.documents.values():
        yield _document(about, event), event
    for event in timeline.scheduled.values():
        yield _appointment(about, event), event
    for event in timeline.imaged.values():
        yield imaging_study(about, event), event
    for event in timeline.reports.values():
        yield _report(timeline, event), event


def observation_id(about: str, event: Event) -> str:
    """The same for every correction of a value at its time."""
    measured: Measured = event.value
    return id_of(about, "Observation", measured.order, name_of(measured), measured.part, event.occurred_at.timestamp())


def observation(about: str, event: Event) -> Resource:
    measured: Measured = event.value
    known = BY_ID.get(measured.concept)
    code = concept_of(measured.code, known.name if known is not None else "") or {"text": name_of(measured)}
    if known is not None and known.loinc and not any(each.get("system") == SYSTEMS["loinc"] for each in code.get("coding", ())):
        code = {**code, "coding": [{"system": SYSTEMS["loinc"], "code": known.loinc[0], "display": known.name}, *code.get("coding", ())]}
    value: dict[str, Any] = {}
    if isinstance(measured.value, int | float):
        value["valueQuantity"] = quantity(float(measured.value), measured.unit, measured.comparator)
    elif measured.value:
        value["valueString"] = measured.received or measured.value
    else:
        value["dataAbsentReason"] = coded(f"{TERMINOLOGY}/data-absent-reason", "unknown")
    return made(
        "Observation", observation_id(about, event), event,
        status=OBSERVED.get(measured.status, "unknown"), code=code, subject=patient(about),
        encounter={"reference": f"Encounter/{id_of(about, 'Encounter', event.encounter)}"} if event.encounter else None,
        effectiveDateTime=time_of(event.occurred_at), issued=time_of(measured.issued_at or event.recorded_at), **value,
        interpretation=[coded(f"{TERMINOLOGY}/v3-ObservationInterpretation", measured.abnormal)] if measured.abnormal else None,
        referenceRange=[{"text": measured.reference_range}] if measured.reference_range else None,
        performer=[{"display": measured.performer.replace("^", " ").strip()}] if measured.performer else None,
    )  # fmt: skip


def _condition(about: str, event: Event) -> Resource:
    said = event.value
    status = said.status if said.status in ("resolved", "inactive", "remission") else "active"
    return made(
        "Condition", id_of(about, "Condition", said.system, said.code or said.text), event,
        clinicalStatus=coded(f"{TERMINOLOGY}/condition-clinical", status),
        verificationStatus=coded(f"{TERMINOLOGY}/condition-ver-status", "confirmed"),
        code=concept_of(f"{said.code}^{said.text}^{said.system}", said.text), subject=patient(about), recordedDate=time_of(event.occurred_at),
    )  # fmt: skip


def _allergy(about: str, event: Event) -> Resource:
    said = event.value
    reaction = {"manifestation": [{"text": said.reaction}], "severity": SEVERITIES.get(said.severity)} if said.reaction else {}
    return made(
        "AllergyIntolerance", id_of(about, "AllergyIntolerance", said.code or said.text), event,
        clinicalStatus=coded(f"{TERMINOLOGY}/allergyintolerance-clinical", "active"),
        verificationStatus=coded(f"{TERMINOLOGY}/allergyintolerance-verification", "confirmed"),
        category=[CATEGORIES[said.category]] if said.category in CATEGORIES else None,
        code=concept_of(said.code, said.text) or {"text": said.text}, patient=patient(about), recordedDate=time_of(event.occurred_at),
        reaction=[{name: value for name, value in reaction.items() if value}] if reaction else None,
    )  # fmt: skip


def _order(about: str, event: Event) -> Resource:
    said = event.value
    is_drug = said.category == "medication"
    what = concept_of(said.code, said.what) or {"text": said.what or "not said"}
    dosage = " ".join(part for part in (said.dose, said.route, said.frequency) if part)
    kind, words = ("MedicationRequest", DRUGS) if is_drug else ("ServiceRequest", SERVICES)
    category = {"laboratory": "108252007", "imaging": "363679005"}.get(said.category, "")  # SNOMED CT: laboratory procedure, imaging
    return made(
        kind, id_of(about, kind, said.order), event,
        identifier=[{"value": said.order}] if said.order else None,
        status=words.get(said.status, "unknown"), intent="order",
        category=[coded(SYSTEMS["snomed"], category)] if category and not is_drug else None,
        medicationCodeableConcept=what if is_drug else None, code=None if is_drug else what, subject=patient(about),
        authoredOn=time_of(event.occurred_at), requester={"display": said.orderer.replace("^", " ").strip()} if said.orderer else None,
        dosageInstruction=[{"text": dosage}] if is_drug and dosage else None,
    )  # fmt: skip


def _dose(about: str, event: Event) -> Resource:
    said = event.value
    return made(
        "MedicationAdministration", id_of(about, "MedicationAdministration", said.order, said.what, event.occurred_at.timestamp()), event,
        status="entered-in-error" if said.status == TAKEN_BACK else "completed",
        medicationCodeableConcept=concept_of(said.code, said.what) or {"text": said.what or "not said"}, subject=patient(about),
        effectiveDateTime=time_of(event.occurred_at),
        request={"reference": f"MedicationRequest/{id_of(about, 'MedicationRequest', said.order)}"} if said.order else None,
        dosage={"text": " ".join(part for part in (said.dose, said.route) if part)} if said.dose or said.route else None,
    )  # fmt: skip


def _procedure(about: str, event: Event) -> Resource:
    said = event.value
    return made(
        "Procedure", id_of(about, "Procedure", said.procedure), event, status=said.status or "unknown",
        code=concept_of(said.code, said.what) or {"text": said.what}, subject=patient(about),
        performedPeriod={name: value for name, value in (("start", time_of(event.occurred_at)), ("end", time_of(said.ended_at))) if value},
    )  # fmt: skip


def _vaccination(about: str, event: Event) -> Resource:
    said = event.value
    return made(
        "Immunization", id_of(about, "Immunization", said.vaccination), event, status=said.status or "completed",
        vaccineCode=concept_of(said.code, said.what) or {"text": said.what}, patient=patient(about), occurrenceDateTime=time_of(event.occurred_at),
        lotNumber=said.lot,
    )  # fmt: skip


def _document(about: str, event: Event) -> Resource:
    said = event.value
    kind = said.media_type or "text/plain"
    return made(
        "DocumentReference", id_of(about, "DocumentReference", said.document), event,
        status="entered-in-error" if said.status == WITHDRAWN else "current", type_={"text": said.title or "document"},
        subject=patient(about), date=time_of(event.occurred_at), author=[{"display": said.author.replace("^", " ").strip()}] if said.author else None,
        description=said.title, content=[{"attachment": {"contentType": kind, "title": said.title, **_data(said.text)}}],
    )  # fmt: skip


def _report(timeline: Timeline, event: Event) -> Resource:
    """While nobody knows whether its study is this patient's, its status is not known (R4 diagnostic-report-status) and it says nothing."""
    on_chart = timeline.documents.get(event.value.report)
    if on_chart is not None and on_chart.value.status == WAITING:
        return not_valid(timeline.about, event, "unknown", on_chart.value.text)
    return diagnostic_report(timeline.about, event)


def _data(text: str) -> dict[str, str]:
    return {"data": base64.b64encode(text.encode()).decode()} if text else {}


def _appointment(about: str, event: Event) -> Resource:
    said = event.value
    status = {"cancelled": "cancelled", "booked": "booked", "moved": "booked", "no-show": "noshow"}.get(said.status, "booked")
    return made(
        "Appointment", id_of(about, "Appointment", said.appointment), event, status=status, description=said.what.split("^")[0],
        start=time_of(said.starts_at), participant=[{"actor": patient(about), "status": "accepted"}],
    )  # fmt: skip


# --- one event alone, as it is sent to other servers ----------------------------------------------------------------------------

MAKERS: Final[dict[type, Callable[[str, Event], Resource]]] = {
    Measured: observation, Diagnosed: _condition, Allergic: _allergy, Ordered: _order, Administered: _dose, Performed: _procedure,
    Immunised: _vaccination, Documented: _document, Imaged: imaging_study, ReportSigned: diagnostic_report,
    ReportWithdrawn: diagnostic_report,
}  # fmt: skip
MADE_AS: Final[dict[type, tuple[str, ...]]] = {
    Measured: ("Observation",), Diagnosed: ("Condition",), Allergic: ("AllergyIntolerance",), Ordered: ("MedicationRequest", "ServiceRequest"),
    Administered: ("MedicationAdministration",), Performed: ("Procedure",), Immunised: ("Immunization",), Documented: ("DocumentReference",),
    Imaged: ("ImagingStudy",), ReportSigned: ("DiagnosticReport",), ReportWithdrawn: ("DiagnosticReport",),
}  # fmt: skip
_TAKEN_BACK: Final = frozenset({"D", "W"})
"""OBX-11 (table 0085): deleted, and posted as wrong."""


def resource_of(about: str, event: Event) -> Resource:
    """For an event of one of the kinds in `MADE_AS`."""
    resource = MAKERS[type(event.value)](about, event)
    is_error = type(event.value) is Measured and event.value.status in _TAKEN_BACK
    return {**resource, "status": "entered-in-error"} if is_error else resource
