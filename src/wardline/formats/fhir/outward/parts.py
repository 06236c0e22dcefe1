"""The small parts of resources that are made from events: ids, codes, references, times."""

import hashlib
from datetime import datetime
from typing import Any, Final

from wardline.core.codings import system_of
from wardline.core.events import Event
from wardline.formats.fhir.resources import Resource, instant

# Our names of code systems (core.codings) as FHIR writes them: http://hl7.org/fhir/R4/terminologies-systems.html
SYSTEMS: Final = {
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm", "atc": "http://www.whocc.no/atc", "snomed": "http://snomed.info/sct",
    "icd10": "http://hl7.org/fhir/sid/icd-10", "icd9": "http://hl7.org/fhir/sid/icd-9-cm", "loinc": "http://loinc.org",
    "cvx": "http://hl7.org/fhir/sid/cvx", "ndc": "http://hl7.org/fhir/sid/ndc", "cpt": "http://www.ama-assn.org/go/cpt",
    "icd10pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
}  # fmt: skip
UCUM: Final = "http://unitsofmeasure.org"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
OF_OURS: Final = "urn:wardline"
"""Beginning of the systems that this house itself gives codes and numbers in."""


def id_of(record: str, *what: object) -> str:
    """The id of something a feed has said: the record, and a digest of what identifies it, so that it can be found again."""
    digest = hashlib.sha256("\x1f".join(map(str, what)).encode()).hexdigest()
    return f"{record}.{digest[:20]}"


def record_of(id: str) -> str:
    """The record in such an id; "" for an id that is none."""
    record, dot, digest = id.rpartition(".")
    return record if dot and len(digest) == 20 else ""


def made(type: str, id: str, event: Event, **elements: Any) -> Resource:
    """A resource with what is there; `event` says which version it is and since when it is known."""
    meta = {"versionId": str(max(event.id, 1)), "lastUpdated": instant(event.recorded_at), "source": f"{OF_OURS}:feed:{event.source or 'unknown'}"}
    return {
        "resourceType": type,
        "id": id,
        "meta": meta,
        **{name.rstrip("_"): value for name, value in elements.items() if value not in (None, "", [], {})},
    }


def patient(record: str) -> dict[str, str]:
    return {"reference": f"Patient/{record}"}


def coded(system: str, code: str, display: str = "") -> dict[str, Any]:
    coding = {"system": system, "code": code, "display": display}
    return {"coding": [{name: value for name, value in coding.items() if value}]}


def concept_of(field: str, text: str = "") -> dict[str, Any] | None:
    """A coded field as events keep it (HL7 CWE) as CodeableConcept: the code, the alternate code, and the words."""
    parts = field.split("^")
    codings = []
    for place in range(0, min(len(parts), 6), 3):
        code, display, system = (*parts[place : place + 3], "", "")[:3]
        if code and system:
            known = SYSTEMS.get(system_of(system), system if ":" in system else f"{OF_OURS}:system:{system}")
            codings.append({name: value for name, value in (("system", known), ("code", code), ("display", display)) if value})
    words = text or next((part for part in parts[1:2] if part), "") or (parts[0] if not codings else "")
    found: dict[str, Any] = {name: value for name, value in (("coding", codings), ("text", words)) if value}
    return found or None


def time_of(moment: datetime | None) -> str | None:
    return instant(moment) if moment is not None else None


def quantity(value: float, unit: str, comparator: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {"value": value, "comparator": comparator if comparator in ("<", "<=", ">", ">=") else "", "unit": unit}
    if unit:
        said |= {"system": UCUM, "code": unit}
    return {name: part for name, part in said.items() if part != ""}
