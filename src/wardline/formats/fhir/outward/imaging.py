"""Studies from scanners as ImagingStudy, signed reports on them as DiagnosticReport."""

import base64
from typing import Any, Final

from wardline.core.events import ELSEWHERE, Event, Found, Imaged, ReportSigned, ReportWithdrawn
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.parts import SYSTEMS, TERMINOLOGY, coded, id_of, made, patient, time_of
from wardline.formats.fhir.resources import Resource

DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
"""System of modalities (R4 ImagingStudy.modality: PS3.16 CID 29)."""
UIDS: Final = "urn:dicom:uid"
STATES: Final = {"arriving": "registered", "complete": "available", ELSEWHERE: "entered-in-error"}
"""R4 imagingstudy-status."""
REPORT: Final = coded(SYSTEMS["loinc"], "18748-4", "Diagnostic imaging study")
"""The usual code of an imaging report (DICOM PS3.16 CID 7000 has it, too)."""
RADIOLOGY: Final = coded(f"{TERMINOLOGY}/v2-0074", "RAD", "Radiology")


def imaging_study_id(about: str, study: str) -> str:
    return id_of(about, "ImagingStudy", study)


def study_of(timeline: Timeline, found: Found) -> list[dict[str, str]]:
    """The study an answer is about, as a reference: its question begins with the study ("1.2.3" or "1.2.3/L1")."""
    study = found.key.partition("/")[0]
    return [{"reference": f"ImagingStudy/{imaging_study_id(timeline.about, study)}"}] if study in timeline.imaged else []


def imaging_study(about: str, event: Event) -> Resource:
    imaged: Imaged = event.value
    accession = {"type": coded(f"{TERMINOLOGY}/v2-0203", "ACSN"), "value": imaged.accession} if imaged.accession else None
    return made(
        "ImagingStudy", imaging_study_id(about, imaged.study), event,
        identifier=[{"system": UIDS, "value": f"urn:oid:{imaged.study}"}, *([accession] if accession else [])],
        status=STATES.get(imaged.state, "unknown"), modality=[_modality(each) for each in imaged.modalities], subject=patient(about),
        started=time_of(event.occurred_at), numberOfSeries=len(imaged.series) or None, numberOfInstances=imaged.instances,
        description=imaged.description, series=[_series(*each) for each in imaged.series],
    )  # fmt: skip


def _series(uid: str, modality: str, number: int, description: str, instances: int) -> dict[str, Any]:
    said = {"uid": uid, "number": number if number >= 0 else None, "modality": _modality(modality), "description": description}
    return {**{name: value for name, value in said.items() if value not in (None, "")}, "numberOfInstances": instances}


def _modality(code: str) -> dict[str, str]:
    return {"system": DICOM, "code": code}


def diagnostic_report(about: str, event: Event) -> Resource:
    """The newest version as it was signed: whole, so that who reads it needs no earlier one. Of one taken back, only that it was."""
    if isinstance(event.value, ReportWithdrawn):
        return not_valid(about, event, "entered-in-error", f"Withdrawn by {event.value.author}: {event.value.reason}")
    signed: ReportSigned = event.value
    return made(
        "DiagnosticReport", id_of(about, "DiagnosticReport", signed.report), event, status=_status(signed), category=[RADIOLOGY],
        code={**REPORT, **({"text": signed.title} if signed.title else {})}, subject=patient(about), issued=time_of(event.recorded_at),
        resultsInterpreter=[{"display": signed.author}] if signed.author else None,
        imagingStudy=[{"reference": f"ImagingStudy/{imaging_study_id(about, signed.study)}"}] if signed.study else None,
        presentedForm=[{"contentType": "text/plain; charset=utf-8", "title": signed.title, "data": base64.b64encode(signed.text.encode()).decode()}],
    )  # fmt: skip


def not_valid(about: str, event: Event, status: str, why: str) -> Resource:
    """A report without its words: whoever reads nothing but texts finds none to act on."""
    said: ReportSigned | ReportWithdrawn = event.value
    return made(
        "DiagnosticReport", id_of(about, "DiagnosticReport", said.report), event, status=status, category=[RADIOLOGY],
        code={**REPORT, **({"text": said.title} if said.title else {})}, subject=patient(about), issued=time_of(event.recorded_at), conclusion=why,
    )  # fmt: skip


def _status(signed: ReportSigned) -> str:
    """R4 diagnostic-report-status."""
    if signed.addendum:
        return "appended"
    return "corrected" if signed.version > 1 else "final"
