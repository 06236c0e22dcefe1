"""FHIR Condition, AllergyIntolerance, Procedure, Immunization, ServiceRequest, DiagnosticReport, DocumentReference: the course of care."""

import base64
import binascii
from datetime import datetime, tzinfo
from typing import Final

from wardline.core.course import RESOLVED
from wardline.core.events import TAKEN_BACK, Allergic, Diagnosed, Documented, Immunised, Ordered, Performed
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.parts import (
    amount,
    coded_field,
    codes_in,
    ended,
    first,
    issued,
    moment,
    name_of,
    part,
    parts,
    ranked,
    said,
    shown,
    status_codes,
    texts,
)  # fmt: skip
from wardline.formats.fhir.prescriptions import DRUG_SYSTEMS, number_of

_DISEASE_SYSTEMS: Final = ("icd10", "icd9", "snomed")
_PROCEDURE_SYSTEMS: Final = ("snomed", "icd10pcs", "cpt", "hcpcs", "loinc")
_NOT_SO: Final = frozenset({"refuted", "entered-in-error"})
_CATEGORIES: Final = {"108252007": "laboratory", "laboratory": "laboratory", "363679005": "imaging", "imaging": "imaging"}
"""SNOMED CT codes of FHIR's servicerequest-category, and the words senders use instead."""
LONGEST_TEXT: Final = 100_000
_SEVERITIES: Final = ("severe", "moderate", "mild")


def diagnosed(resource: Element, zone: tzinfo, as_of: datetime) -> Diagnosed:
    """Condition. Its ICD code goes before others: diseases are recognised by the beginning of one."""
    code = part(resource, "code")
    best = next(iter(ranked(code, _DISEASE_SYSTEMS)), {})
    if status_codes(resource, "verificationStatus") & _NOT_SO:
        status = TAKEN_BACK
    else:
        until = ended(resource, "abatementPeriod", zone) or moment(resource, "abatement", zone)
        is_over = bool(status_codes(resource, "clinicalStatus") & RESOLVED) or (until is not None and until <= as_of)
        status = "resolved" if is_over else ""
    return Diagnosed(said(best, "code"), name_of(code), said(best, "system"), issued(resource), status)


def allergic(resource: Element) -> Allergic:
    """AllergyIntolerance. One that is resolved or inactive is not an allergy any more."""
    code, reactions = part(resource, "code"), parts(resource, "reaction")
    gone = status_codes(resource, "verificationStatus") & _NOT_SO or status_codes(resource, "clinicalStatus") & RESOLVED
    substance = code or part(reactions[0] if reactions else {}, "substance")
    shown_by = dict.fromkeys(name_of(each) for reaction in reactions for each in parts(reaction, "manifestation"))
    severities = {said(reaction, "severity") for reaction in reactions}
    severity = next((each for each in _SEVERITIES if each in severities), "") or said(resource, "criticality")
    return Allergic(
        coded_field(substance, DRUG_SYSTEMS), name_of(substance), ", ".join(filter(None, shown_by)), severity,
        next(iter(texts(resource, "category")), ""), issued(resource), TAKEN_BACK if gone else "",
    )  # fmt: skip


def performed(resource: Element, zone: tzinfo) -> Performed:
    code = part(resource, "code")
    return Performed(
        number_of(resource), name_of(code), coded_field(code, _PROCEDURE_SYSTEMS), said(resource, "status"),
        ended(resource, "performedPeriod", zone), issued(resource),
    )  # fmt: skip


def immunised(resource: Element) -> Immunised:
    code = part(resource, "vaccineCode")
    return Immunised(
        number_of(resource), name_of(code), coded_field(code, ("cvx", "snomed", "ndc")), said(resource, "status"),
        amount(part(resource, "doseQuantity")), said(resource, "lotNumber"), issued(resource),
    )  # fmt: skip


def service_ordered(resource: Element, zone: tzinfo) -> Ordered | None:
    """ServiceRequest: a test, an examination, a service. A proposal is not an order."""
    if said(resource, "intent") in ("proposal", "option"):
        return None
    code = part(resource, "code")
    kinds = {_CATEGORIES[each] for category in parts(resource, "category") for each in codes_in(category) if each in _CATEGORIES}
    return Ordered(
        number_of(resource), name_of(code), coded_field(code, ("loinc", "snomed", "cpt")),
        "cancelled" if resource.get("doNotPerform") is True else said(resource, "status"), next(iter(sorted(kinds)), "other"),
        starts_at=moment(resource, "occurrence", zone), priority=said(resource, "priority"), issued_at=issued(resource),
        orderer=shown(part(resource, "requester")),
    )  # fmt: skip


def reported(resource: Element) -> Documented:
    """DiagnosticReport: what it concludes; its single results are Observations of their own."""
    text = said(resource, "conclusion") or _text(parts(resource, "presentedForm"))
    return Documented(
        number_of(resource), name_of(part(resource, "code")), text[:LONGEST_TEXT], said(resource, "status"), "text/plain",
        shown(first(resource, "performer")), issued(resource),
    )  # fmt: skip


def documented(resource: Element) -> Documented:
    """DocumentReference: its text where it holds one, else where the file is."""
    attachments = [part(content, "attachment") for content in parts(resource, "content")]
    kept = attachments[0] if attachments else {}
    title = said(resource, "description") or name_of(part(resource, "type")) or said(kept, "title")
    return Documented(
        number_of(resource), title, (_text(attachments) or said(kept, "url"))[:LONGEST_TEXT], said(resource, "status"),
        said(kept, "contentType").partition(";")[0] or "text/plain", shown(first(resource, "author")), issued(resource),
    )  # fmt: skip


def _text(attachments: list[Element]) -> str:
    """The first attachment that is a text, decoded. What is no base64 or no UTF-8 is not a text that can be shown."""
    for each in attachments:
        if said(each, "contentType").startswith("text/plain") and said(each, "data"):
            try:
                return base64.b64decode(said(each, "data"), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue
    return ""
