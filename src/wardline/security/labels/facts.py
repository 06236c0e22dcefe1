"""What an event says, as far as labels care: the kind of fact, which one it is, its codes and its words."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from wardline.core.concepts import BY_ID
from wardline.core.events import (
    Administered,
    Admitted,
    Allergic,
    Diagnosed,
    Discharged,
    Documented,
    Event,
    Imaged,
    Immunised,
    Kept,
    Measured,
    Ordered,
    Performed,
    ReportSigned,
    ReportWithdrawn,
    Scheduled,
    Transferred,
)
from wardline.core.observations import name_of
from wardline.security.labels.resources import Code, said_in

KINDS: Final = (
    "Patient", "Observation", "Condition", "AllergyIntolerance", "MedicationRequest", "ServiceRequest", "DocumentReference", "Appointment",
    "Encounter", "Procedure", "Immunization", "ImagingStudy",
)  # fmt: skip
"""FHIR's names for what can be labelled and consented to. A dose that was given goes with its order."""


class Fact(NamedTuple):
    kind: str
    key: str
    codes: tuple[Code, ...] = ()
    words: tuple[str, ...] = ()


def fact_of(event: Event) -> Fact | None:
    """None for what is no fact about the course: who somebody is, what Wardline answered, what people did about alerts."""
    match event.value:
        case Measured() as measured:
            return Fact("Observation", name_of(measured), (*_codes(measured.code), *_loinc(measured.concept)), _said(measured))
        case Diagnosed(code=code, text=text, system=system):
            return Fact("Condition", code or text, ((code, system),), (text,))
        case Allergic(code=code, text=text):
            return Fact("AllergyIntolerance", code or text, (*_codes(code), (code, "")), (text,))
        case Ordered(order=order, what=what, code=code, category=category):
            return Fact("MedicationRequest" if category == "medication" else "ServiceRequest", order or what, _codes(code), (what,))
        case Administered(order=order, what=what, code=code):
            return Fact("MedicationRequest", order or what, _codes(code), (what,))
        case Performed(procedure=procedure, what=what, code=code):
            return Fact("Procedure", procedure, _codes(code), (what,))
        case Immunised(vaccination=vaccination, what=what, code=code):
            return Fact("Immunization", vaccination, _codes(code), (what,))
        case Documented(document=document, title=title, text=text):
            return Fact("DocumentReference", document, (), (title, text))
        case Scheduled(appointment=appointment, what=what):
            return Fact("Appointment", appointment, _codes(what), (what,))
        case Admitted(encounter=encounter, reason=reason, service=service) | Transferred(encounter=encounter, reason=reason, service=service):
            return Fact("Encounter", encounter, (), (reason, service))
        case Discharged(encounter=encounter):
            return Fact("Encounter", encounter)
        case Imaged(study=study, description=description):
            return Fact("ImagingStudy", study, (), (description,))
        case ReportSigned(report=report, title=title, text=text):
            return Fact("DocumentReference", report, (), (title, text))
        case ReportWithdrawn(report=report, title=title, text=text, reason=reason):
            return Fact("DocumentReference", report, (), (title, text, reason))
        case Kept(resource=resource, id=id) as kept:
            return Fact(resource, id, *said_in(kept)) if resource != "Patient" else None
        case _:
            return None


def _said(measured: Measured) -> tuple[str, ...]:
    """The name its sender gives it, and a result in words; a coded answer ("alert") says nothing sensitive by itself."""
    if measured.concept or not isinstance(measured.value, str):
        return (measured.code,)
    return measured.code, measured.value


def _codes(field: str) -> tuple[Code, ...]:
    """The code and the alternate code of a field: "7917-8^HIV 1 Ab^LN^HIV^^L"."""
    return tuple(_pairs(field.split("^")))


def _pairs(parts: list[str]) -> Iterator[Code]:
    for place in range(0, min(len(parts), 6), 3):
        if parts[place]:
            yield parts[place], parts[place + 2] if len(parts) > place + 2 else ""


def _loinc(concept: str) -> Iterator[Code]:
    known = BY_ID.get(concept)
    return ((code, "LN") for code in known.loinc) if known is not None else iter(())
