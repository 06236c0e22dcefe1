"""What each type of resource can be searched by: the tables of http://hl7.org/fhir/R4/searchparameter-registry.html that hold here.

A line is: name, kind, where it stands. A path that ends in `[x]` is a choice ("effective[x]" is effectiveDateTime, effectivePeriod
...); `|` separates places that all count. Types that are not listed here can be found by the common parameters alone.
"""

from functools import cache
from typing import Final, NamedTuple, cast

from wardline.core.resources import Kind
from wardline.formats.fhir.search.administrative import ADMINISTRATIVE
from wardline.formats.fhir.search.clinical import CLINICAL

COMMON: Final = """
_id token id
_lastUpdated date meta.lastUpdated
_tag token meta.tag
_profile uri meta.profile
_security token meta.security
_source uri meta.source
"""
COMMON_TYPES: Final = (
    "Account", "AdverseEvent", "AuditEvent", "Basic", "Binary", "BodyStructure", "ChargeItem", "ClinicalImpression", "CommunicationRequest",
    "DeviceRequest", "DeviceUseStatement", "Endpoint", "EpisodeOfCare", "GuidanceResponse", "HealthcareService", "Library", "Measure", "Media",
    "NutritionOrder", "Person", "PlanDefinition", "RequestGroup", "ResearchStudy", "ResearchSubject", "Schedule", "Slot", "Substance",
    "SupplyDelivery", "SupplyRequest", "VisionPrescription",
)  # fmt: skip
"""Types that can be found by the common parameters alone."""
TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "patient": ("Patient",), "subject": ("Patient", "Group", "Device", "Location"), "encounter": ("Encounter",), "context": ("Encounter",),
    "medication": ("Medication",), "organization": ("Organization",), "practitioner": ("Practitioner",), "location": ("Location",),
    "performer": ("Practitioner", "Organization", "PractitionerRole", "Patient"), "recorder": ("Practitioner", "Patient"),
    "requester": ("Practitioner", "Organization", "PractitionerRole"), "asserter": ("Practitioner", "Patient"),
    "general-practitioner": ("Practitioner", "Organization", "PractitionerRole"), "specimen": ("Specimen",), "device": ("Device",),
    "participant": ("Practitioner", "PractitionerRole", "RelatedPerson"), "author": ("Practitioner", "Organization", "Patient"),
    "result": ("Observation",), "has-member": ("Observation",), "derived-from": ("Observation",), "care-team": ("CareTeam",),
    "condition": ("Condition",), "goal": ("Goal",), "prescription": ("MedicationRequest",), "request": ("MedicationRequest",),
    "service-provider": ("Organization",), "beneficiary": ("Patient",), "diagnosis": ("Condition", "Procedure"), "payor": ("Organization",),
    "source": ("Patient", "Practitioner", "RelatedPerson"), "manufacturer": ("Organization",), "partof": ("Organization", "Location"),
    "member": ("Patient", "Practitioner", "Device"),
}  # fmt: skip
"""What a reference points at, where whoever asks beyond it does not say (`patient.name`)."""
_TABLES: Final = CLINICAL | ADMINISTRATIVE


class Parameter(NamedTuple):
    """One thing a type can be searched by."""

    name: str
    kind: Kind
    paths: tuple[tuple[str, ...], ...]
    only: str = ""
    """Of references those to this type; of contacts those of this system."""


@cache
def parameters_of(type: str) -> dict[str, Parameter]:
    """Every parameter of a type by its name, the common ones included."""
    return {each.name: each for each in (*_read(COMMON), *_read(_TABLES.get(type, "")))}


@cache
def known_types() -> tuple[str, ...]:
    """Types with parameters of their own."""
    return tuple(sorted(_TABLES))


def _read(table: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(*line.split(" ", 2)) for line in table.strip().splitlines() if line)


def _parameter(name: str, kind: str, where: str) -> Parameter:
    where, _, only = where.partition(":")
    return Parameter(name, cast("Kind", kind), tuple(tuple(path.split(".")) for path in where.split("|")), only)
