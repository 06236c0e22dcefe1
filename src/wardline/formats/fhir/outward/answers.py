"""What Wardline answered, as FHIR: the score as RiskAssessment and Observation, what needs acting on as DetectedIssue and Flag.

Each says from which observations it was derived, and a Provenance says which capability in which version made it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wardline.core.events import Event, EventId, Found
from wardline.core.findings import Severity
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.imaging import study_of
from wardline.formats.fhir.outward.parts import OF_OURS, TERMINOLOGY, coded, id_of, made, patient, quantity, time_of
from wardline.formats.fhir.resources import Resource

CAPABILITY: Final = f"{OF_OURS}:capability"
SEVERITIES: Final = {Severity.HIGH: "high", Severity.MEDIUM: "moderate", Severity.LOW: "low"}
"""FHIR detectedissue-severity."""
_ANSWERED: Final = frozenset({"finding", "at_least"})


def answers(timeline: Timeline, observed: Mapping[EventId, str], titles: Mapping[str, str]) -> Iterator[tuple[Resource, Event]]:
    """The answers that stand. `observed` names the Observation of each event, `titles` what capabilities are called."""
    for event in timeline.answers.values():
        found: Found = event.value
        if found.outcome in _ANSWERED:
            made_from = [{"reference": observed[line[4]]} for line in found.because if line[4] in observed] + study_of(timeline, found)
            yield from ((each, event) for each in resources_for(timeline.about, event, made_from, titles.get(found.capability, found.capability)))


def resources_for(about: str, event: Event, made_from: list[dict[str, Any]], title: str) -> Iterator[Resource]:
    found: Found = event.value
    key = (found.capability, found.key)
    severity = Severity(found.severity)
    code = coded(CAPABILITY, found.capability, title)
    status = "preliminary" if found.outcome == "at_least" or found.standing != "verified" else "final"
    made_ones = [
        made(
            "RiskAssessment", id_of(about, "RiskAssessment", *key), event, status=status, method=code, subject=patient(about),
            occurrenceDateTime=time_of(event.occurred_at), basis=made_from,
            prediction=[{"outcome": {"text": found.summary}, "qualitativeRisk": coded(f"{OF_OURS}:severity", severity.word)}],
            note=[{"text": _caution(found)}] if _caution(found) else None,
        ),
    ]  # fmt: skip
    if isinstance(found.value, int | float) and not isinstance(found.value, bool):
        made_ones.append(made(
            "Observation", id_of(about, "Answer", *key), event, status=status, category=[coded(f"{TERMINOLOGY}/observation-category", "survey")],
            code=code, subject=patient(about), effectiveDateTime=time_of(event.occurred_at), issued=time_of(event.recorded_at),
            valueQuantity=quantity(float(found.value), found.unit), derivedFrom=made_from, note=[{"text": found.summary}],
        ))  # fmt: skip
    if severity >= Severity.MEDIUM:
        made_ones.append(made(
            "DetectedIssue", id_of(about, "DetectedIssue", *key), event, status=status, code=code, severity=SEVERITIES[severity],
            patient=patient(about), identifiedDateTime=time_of(event.occurred_at), detail=found.summary,
            evidence=[{"detail": made_from}] if made_from else None,
            mitigation=[{"action": {"text": what}} for what, _, _ in found.suggestions],
        ))  # fmt: skip
    if severity is Severity.HIGH:
        made_ones.append(made(
            "Flag", id_of(about, "Flag", *key), event, status="active", category=[coded(f"{TERMINOLOGY}/flag-category", "clinical")],
            code={**code, "text": found.summary}, subject=patient(about), period={"start": time_of(event.occurred_at)},
        ))  # fmt: skip
    yield from made_ones
    yield _provenance(about, event, made_ones, made_from)


def _provenance(about: str, event: Event, targets: list[Resource], made_from: list[dict[str, Any]]) -> Resource:
    found: Found = event.value
    who = {"display": f"Wardline {found.capability} {found.version}", "identifier": {"system": CAPABILITY, "value": found.digest}}
    return made(
        "Provenance", id_of(about, "Provenance", found.capability, found.key), event,
        target=[{"reference": f"{each['resourceType']}/{each['id']}"} for each in targets] + [patient(about)],
        recorded=time_of(event.recorded_at), agent=[{"type": coded(f"{TERMINOLOGY}/provenance-participant-type", "assembler"), "who": who}],
        entity=[{"role": "source", "what": each} for each in made_from],
    )  # fmt: skip


def _caution(found: Found) -> str:
    parts: list[Any] = [f"missing: {', '.join(found.missing)}"] if found.missing else []
    if found.standing != "verified":
        parts.append(f"{found.standing}: waits for the site's named clinician")
    return "; ".join(parts)
