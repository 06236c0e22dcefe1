"""The queue: what waits for a decision, in order of urgency, and the acts that decide it."""

from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wardline.api import alerts, sight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.patients import AsOf, seen
from wardline.api.services import Services
from wardline.api.shapes import queue as shapes
from wardline.api.shapes.boards import DashboardMetrics
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.events import Assigned
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import Episode
from wardline.delivery.policy.terms import Tier
from wardline.engine.house import House as Folded
from wardline.engine.past import events_as_of

doors = Doors("queue")
URGENCIES = ("high", "medium", "low")


class Act(BaseModel):
    model_config = ConfigDict(extra="forbid")

    alert: str = Field(max_length=100)
    action: Literal["acknowledge", "override", "escalate", "undo", "shown", "hand_over"]
    reason: str = Field("", max_length=100, description="Code of an override reason.")
    comment: str = Field("", max_length=1000)
    until: AwareDatetime | None = Field(None, description="When you will look again, where the reason asks for it.")
    role: str = Field("", max_length=100, description="To whom it is handed over.")


class Assignment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: Literal["nurse", "doctor"]
    name: str = Field("", max_length=100, description="Somebody without an account here. Without a person too: nobody any more.")
    person: str = Field("", max_length=100, description="Their account; the name is then that of the account.")


class Quiet(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=100)
    minutes: float = Field(gt=0, le=60 * 24)
    capability: str = Field("", max_length=100)
    key: str = Field("", max_length=200)
    comment: str = Field("", max_length=1000)


@doors.get("/api/v1/nurse/queue", who="patient.read", answers=shapes.Queue)
async def queue(seen_by: SeenBy, house: House, urgency: str = "", unit: str = "", mine: bool = False, has_red_flags: bool | None = None) -> Response:
    """Open alerts that ask for a decision, the most urgent first."""
    if urgency and urgency not in URGENCIES:
        raise Refused(f"urgency is one of {', '.join(URGENCIES)}", where="urgency")
    folded = house.engine.house
    items = []
    for episode in seen_of(seen_by, house, unit):
        whole = folded.timeline(episode.about)
        shown = sight.at_a_glance(seen_by, whole, house)
        item = alerts.item(shown.episode(episode), shown.timeline, folded.now, house)
        wanted = (not urgency or item["severity"] == urgency) and (not mine or is_mine(whole, seen_by))
        if wanted and episode.tier is not Tier.CHIP and (has_red_flags is None or (item["severity"] == "high") is has_red_flags):
            items.append(item)
    await house.audit.record(seen_by, "queue opened", [item["patient"]["id"] for item in items], detail=unit)
    return json_response({"as_of": folded.now, "items": items, "override_reasons": alerts.reasons(house)})


@doors.post("/api/v1/nurse/queue/{patient_id}/action", who="alert.act", about="patient_id", answers=shapes.Alert)
async def act(patient_id: str, wanted: Act, seen_by: SeenBy, house: House) -> Response:
    """Acknowledge, override with a coded reason, escalate, hand over, or take back the last of these within seconds."""
    episode = _episode(wanted.alert, patient_id, house)
    await house.audit.record(seen_by.id, f"alert: {wanted.action}", episode.about, alert=wanted.alert)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        acts, by = house.alerts.acts, seen_by.id
        match wanted.action:
            case "shown":
                return acts.shown(wanted.alert, by=by, now=now)
            case "acknowledge":
                return acts.acknowledge(wanted.alert, comment=wanted.comment, by=by, now=now)
            case "override":
                return acts.override(wanted.alert, wanted.reason, comment=wanted.comment, until=wanted.until, by=by, now=now)
            case "escalate":
                return acts.escalate(wanted.alert, comment=wanted.comment, by=by, now=now)
            case "hand_over":
                return acts.hand_over(wanted.alert, wanted.role, by=by, now=now)
            case "undo":
                return acts.undo(wanted.alert, by=by, now=now)

    await house.engine.record(decide, actor=seen_by.id)
    after = _episode(wanted.alert, patient_id, house)
    folded = house.engine.house
    shown = sight.at_a_glance(seen_by, folded.timeline(after.about), house)
    return json_response(alerts.item(shown.episode(after), shown.timeline, folded.now, house))


@doors.get("/api/v1/patients/{id}/alerts", who="patient.chart", about="id", answers=shapes.PatientAlerts)
async def of_patient(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """A patient's alerts: open ones and those closed lately; with `as_of`, as they stood then."""
    shown, moment = await seen(id, as_of, seen_by, house, "alerts opened")
    known = shown.timeline
    folded_alerts = house.alerts
    if as_of is not None:
        folded_alerts = alerts.as_known(events_as_of(house.engine.log, id, moment, house.engine.house.links))
    found = [alerts.item(shown.episode(episode), known, moment, house, folded_alerts) for episode in folded_alerts.alerts_of(known.about)]
    closed = [item for item in found if item["closed_at"] is not None]
    return json_response({"patient": known.about, "as_of": moment, "open": [item for item in found if item["closed_at"] is None], "history": closed})


@doors.post("/api/v1/patients/{id}/assign", who="patient.assign", about="id", status_code=204)
async def assign(id: str, assignment: Assignment, seen_by: SeenBy, house: House) -> None:
    """Say who looks after the patient."""
    about = _person(id, house)
    value = _assigned(assignment, house)
    await house.audit.record(seen_by.id, "assigned", about, role=assignment.role, **({"person": value.person} if value.person else {}))
    await house.engine.record(lambda folded, now: [Statement(value, about, now)], actor=seen_by.id)


@doors.post("/api/v1/patients/{id}/quiet", who="alert.act", about="id", status_code=204)
async def quiet(id: str, wanted: Quiet, seen_by: SeenBy, house: House) -> None:
    """Say why this patient's alerts must not interrupt for a while. What is quiet stays visible and counted."""
    about = _person(id, house)
    await house.audit.record(seen_by.id, "quiet", about, reason=wanted.reason)

    def decide(folded: Folded, now: datetime) -> list[Statement]:
        until = now + timedelta(minutes=wanted.minutes)
        return house.alerts.acts.quiet(about, wanted.reason, until, now=now, capability=wanted.capability, key=wanted.key, comment=wanted.comment)

    await house.engine.record(decide, actor=seen_by.id)


@doors.get("/api/v1/nurse/dashboard/metrics", who="patient.read", traceless=True, answers=DashboardMetrics)
async def metrics(seen_by: SeenBy, house: House, unit: str = "") -> Response:
    """How many alerts are open, how long they wait, how fast they are answered."""
    folded = house.engine.house
    opened = seen_of(seen_by, house, unit)
    waiting = [(folded.now - episode.told_at).total_seconds() for episode in opened if episode.is_waiting]
    answered = [(entry.at - episode.raised_at).total_seconds() for episode in opened for entry in episode.history if entry.kind == "Acknowledged"]
    return json_response({
        "as_of": folded.now,
        "open": len(opened),
        "by_tier": {tier.value: sum(1 for episode in opened if episode.tier is tier) for tier in Tier},
        "unseen": sum(1 for episode in opened if not episode.is_seen),
        "longest_wait_seconds": max(waiting, default=0.0),
        "median_answer_seconds": median(answered) if answered else None,
        "quiet": sum(1 for episode in opened if episode.quiet),
    })  # fmt: skip


def seen_of(seen_by: Person, house: Services, unit: str = "") -> list[Episode]:
    """Open alerts of patients the person may see."""
    return [episode for episode in house.alerts.open_alerts(unit or None) if house.access.may(seen_by, "patient.read", episode.about)]


def is_mine(timeline: Timeline, person: Person) -> bool:
    """Whether the patient is assigned to them: by their account, or by name where only a name was given."""
    accounts = timeline.assigned_accounts
    return any(accounts[role] == person.id if accounts[role] else name == person.name for role, name in timeline.assigned.items())


def _assigned(wanted: Assignment, house: Services) -> Assigned:
    """Raises `Refused` for an account that is not of somebody who works in this role, or that has another name."""
    if not wanted.person:
        return Assigned(wanted.role, wanted.name)
    user = house.sessions.identities.user(wanted.person)
    if user is None or not user.active or wanted.role not in user.roles:
        raise Refused(f"this is no account of a {wanted.role} here; give another person, or only a name", where="person")
    if wanted.name not in ("", user.name):
        raise Refused("the account has another name; leave the name out", where="name")
    return Assigned(wanted.role, user.name, user.id)


def _episode(alert: str, patient_id: str, house: Services) -> Episode:
    episode = house.alerts.alert(alert)
    if episode is None:
        raise NotFound("there is no such alert (any more)")
    if house.engine.house.survivor(episode.about) != house.engine.house.survivor(patient_id):
        raise Conflict("this alert belongs to another patient")
    return episode


def _person(id: str, house: Services) -> str:
    about = house.engine.house.survivor(id)
    if about not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    return about
