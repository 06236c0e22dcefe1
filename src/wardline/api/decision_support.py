"""Asking everything at once: what every capability says about a patient, about resources somebody sends, and what an order would change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.hooks.looking import completed
from wardline.api.patients import seen
from wardline.api.services import Services
from wardline.api.shapes import decision_support as shapes
from wardline.core.assessment import Assessor
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Found, Ordered
from wardline.core.findings import Severity
from wardline.core.people import Person
from wardline.core.timeline import Timeline
from wardline.delivery.hooks.asking import ANSWERED, answers, changes
from wardline.delivery.hooks.services import in_running_order
from wardline.formats.cds_hooks.request import resources_in
from wardline.formats.fhir.facts import draft_events, timeline_of

doors: Final = Doors("clinical support")
MOST: Final = 5000
"""Resources of one question."""


class Wanted(BaseModel):
    """At least a patient or resources. What both say of a kind, the record says."""

    model_config = ConfigDict(extra="forbid")

    patient: str | None = Field(None, max_length=100, description="A record's key.")
    resources: list[dict[str, Any]] = Field([], max_length=MOST, description="FHIR R4 resources or Bundles of one patient.")
    proposed: list[dict[str, Any]] = Field([], max_length=100, description="Orders (or an allergy, a problem) to be judged before they are made.")
    capabilities: list[str] = Field([], max_length=500, description="Only these; all when left out.")


class OnePatient(BaseModel):
    model_config = ConfigDict(extra="forbid")

    patient: str = Field(max_length=100, description="A record's key.")


@doors.post("/api/v1/clinical/decision-support", who="patient.chart", answers=shapes.Support)
async def decision_support(wanted: Wanted, seen_by: SeenBy, house: House) -> Response:
    """What the capabilities say, and what the proposed orders would change. Nothing is stored and nobody is alerted."""
    unknown = [each for each in wanted.capabilities if each not in house.capabilities]
    if unknown:
        raise NotFound(f"there is no capability {unknown[0]!r} here")
    if wanted.patient is None and not wanted.resources:
        raise Refused("name a patient, or send FHIR resources of one", where="patient")
    timeline, as_of, restricted = await _timeline(wanted, seen_by, house)
    if wanted.patient is None:
        await house.audit.record(seen_by, "resources assessed", count=str(len(wanted.resources)))
    return json_response(_support(wanted, timeline, as_of, restricted, house))


@doors.post("/api/v1/ehr/process-patient", who="patient.chart", answers=shapes.Support)
async def process_patient(wanted: OnePatient, seen_by: SeenBy, house: House) -> Response:
    """Run every capability on a patient's record and return what each of them says."""
    asked = Wanted(patient=wanted.patient)
    timeline, as_of, restricted = await _timeline(asked, seen_by, house)
    return json_response(_support(asked, timeline, as_of, restricted, house))


async def _timeline(wanted: Wanted, seen_by: Person, house: Services) -> tuple[Timeline, datetime, int]:
    resources = [resource for each in wanted.resources for resource in resources_in(each)]
    if wanted.patient is None:
        as_of = house.sessions.now()
        return timeline_of(resources, known_at=as_of), as_of, 0
    allowed(seen_by, "patient.chart", house.engine.house.survivor(wanted.patient), house)
    shown, as_of = await seen(wanted.patient, None, seen_by, house, "every capability asked")
    return completed(shown.timeline, resources, as_of), as_of, shown.known


def _support(wanted: Wanted, timeline: Timeline, as_of: datetime, restricted: int, house: Services) -> dict[str, Any]:
    ids = wanted.capabilities or list(house.engine.assessments.askable)
    runs, site = in_running_order(ids, house.engine.assessments.askable), house.engine.assessments.site
    said = answers(runs, timeline, as_of, site)
    return {
        "as_of": as_of, "restricted": restricted, **({"patient": timeline.about} if wanted.patient is not None else {}),
        "findings": [_line(each, house) for each in said.of(ids)],
        "unanswered": [_gap(each) for each in said.by_question.values() if each.outcome not in ANSWERED and each.capability in ids],
        "failed": list(said.failed),
        "changes": _changes(wanted, runs, ids, timeline, as_of, house) if wanted.proposed else [],
    }  # fmt: skip


def _changes(
    wanted: Wanted, runs: tuple[Assessor, ...], ids: Iterable[str], timeline: Timeline, as_of: datetime, house: Services,
) -> list[dict[str, Any]]:  # fmt: skip
    proposed = [resource for each in wanted.proposed for resource in resources_in(each)]
    drafts = draft_events(proposed, about=timeline.about, as_of=as_of)
    found, _ = changes(runs, ids, timeline, drafts, as_of, house.engine.assessments.site)
    return [
        {**_line(each.found, house), "because_of": [event.value.what for event in each.because_of if isinstance(event.value, Ordered)]}
        for each in found
    ]  # fmt: skip


def _line(found: Found, house: Services) -> dict[str, Any]:
    capability = house.capabilities[found.capability]
    return {
        "capability": found.capability, "key": found.key, "title": capability.title, "standing": found.standing, "outcome": found.outcome,
        "value": found.value, "unit": found.unit, "severity": Severity(found.severity).word, "summary": found.summary,
        "because": [{"input": str(line[0]), "value": line[1], "points": line[2], "band": line[3]} for line in found.because],
        "missing": list(found.missing), "population": found.population, "reference": capability.reference,
        "suggestions": [text for text, _, _ in found.suggestions],
    }  # fmt: skip


def _gap(found: Found) -> dict[str, Any]:
    return {
        "capability": found.capability, "key": found.key, "outcome": found.outcome, "missing": list(found.missing), "reason": found.reason,
    }  # fmt: skip
