"""Less of a resource, where less was asked for: its summary, its text, everything but its text, or some elements."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.formats.fhir.resources import Resource
from wardline.formats.fhir.summaries import SUMMARY

SUMMARIES: Final = ("true", "text", "data", "count", "false")
ALWAYS: Final = frozenset({"resourceType", "id", "meta", "implicitRules"})
SUBSETTED: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
# What a resource cannot do without (http://hl7.org/fhir/R4/resource.html, 1..* elements of those that are read most).
MANDATORY: Final[dict[str, frozenset[str]]] = {
    "Observation": frozenset({"status", "code"}), "Encounter": frozenset({"status", "class"}), "Condition": frozenset({"subject"}),
    "AllergyIntolerance": frozenset({"patient"}), "MedicationRequest": frozenset({"status", "intent", "subject"}),
    "Procedure": frozenset({"status", "subject"}), "Immunization": frozenset({"status", "vaccineCode", "patient"}),
    "DiagnosticReport": frozenset({"status", "code"}), "DocumentReference": frozenset({"status", "content"}),
    "ServiceRequest": frozenset({"status", "intent", "subject"}),
}  # fmt: skip


class Shortened(NamedTuple):
    """What is wanted of each resource. Elements go before a summary."""

    summary: str = "false"
    elements: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        return not self.elements and self.summary in ("false", "count")


def asked_for(pairs: Iterable[tuple[str, str]]) -> Shortened:
    """Raises `Refused` for a summary that there is not."""
    given = dict(pairs)
    summary = given.get("_summary", "false")
    if summary not in SUMMARIES:
        raise Refused(f"_summary is one of {', '.join(SUMMARIES)}", code="value", where="_summary")
    elements = frozenset(part.strip().rpartition(".")[2] for part in given.get("_elements", "").split(",") if part.strip())
    return Shortened(summary, elements)


def shortened(resource: Resource, how: Shortened) -> Resource:
    """The resource with what is wanted, marked as being not all of it."""
    kept = _kept(resource, how)
    meta: dict[str, Any] = dict(resource.get("meta") or {})
    tags = [each for each in meta.get("tag", ()) if each.get("code") != SUBSETTED["code"]]
    return {**{name: value for name, value in resource.items() if name in kept}, "meta": {**meta, "tag": [*tags, SUBSETTED]}}


def _kept(resource: Resource, how: Shortened) -> frozenset[str]:
    type, all_names = resource["resourceType"], frozenset(resource)
    needed = ALWAYS | MANDATORY.get(type, frozenset())
    if how.elements:
        return needed | how.elements
    match how.summary:
        case "text":
            return needed | {"text"}
        case "data":
            return all_names - {"text"}
        case _:
            listed = SUMMARY.get(type)
            return needed | listed if listed is not None else all_names - {"text", "contained", "extension"}
