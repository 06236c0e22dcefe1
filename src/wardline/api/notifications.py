"""Notifications: who was told, by which channel, whether it arrived; trying a channel; and what alerts have been to people."""

import secrets
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from wardline.api.doors import Doors, House, SeenBy, allowed
from wardline.api.encoding import json_response
from wardline.api.queue import seen_of
from wardline.api.services import Services
from wardline.api.shapes import notifications as shapes
from wardline.api.waiting import while_waited_for
from wardline.core.errors import Fault, NotFound
from wardline.core.findings import Severity
from wardline.core.ports import Notification
from wardline.delivery.alerts.episode import Episode
from wardline.delivery.alerts.telling import alert_of
from wardline.delivery.notifications.contacts import Channel

doors = Doors("notifications")


@doors.get("/api/v1/notifications", who="patient.read", answers=shapes.Notifications)
async def notifications(seen_by: SeenBy, house: House, unit: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Of every open alert that told somebody: whom, and what became of each message."""
    told = [episode for episode in seen_of(seen_by, house, unit) if episode.told]
    await house.audit.record(seen_by, "notifications opened", [episode.about for episode in told], detail=unit)
    return json_response({"as_of": house.engine.house.now, "items": [_told(episode) for episode in told]})


@doors.post("/api/v1/notifications/{id}/received", who="patient.read", status_code=204)
async def received(id: str, seen_by: SeenBy, house: House, channel: Annotated[str, Query(max_length=100)] = "device") -> None:
    """A device confirms that it has a notification: that, not sending, closes the loop. Only for patients whom its owner may see."""
    episode = house.alerts.alert(alert_of(id))
    if episode is not None:  # nobody else's tries to reach somebody end because of a stranger
        allowed(seen_by, "patient.read", episode.about, house)
    await house.audit.record(seen_by, "notification received", episode.about if episode is not None else "", notification=id)
    await house.couriers.received(id, recipient=seen_by.id, channel=channel)


@doors.get("/api/v1/notifications/channels", who="system.read", answers=shapes.Channels)
async def channels(house: House) -> Response:
    """How people can be reached. Addresses are secrets of the site and are not told, so everybody here may see it."""
    reached = {role.name: house.contacts.of(role.contact) for role in house.alerts.policy.roles}
    return json_response({
        "channels": [
            {
                "contact": channel.contact, "name": channel.name, "roles": [role for role, each in reached.items() if channel in each],
                "tries": channel.tries, "confirm_within_seconds": channel.confirm_within.total_seconds() if channel.confirm_within else None,
            }
            for channel in house.contacts.all()
        ],
        "without": [role for role, each in reached.items() if not each],
    })  # fmt: skip


@doors.post("/api/v1/notifications/channels/{contact}/{name}/test", who="channel.test", answers=shapes.Tested)
async def test(contact: str, name: str, seen_by: SeenBy, house: House) -> Response:
    """Send a message that says it is a test, and say what became of it."""
    channel = _channel(contact, name, house)
    await house.audit.record(seen_by.id, "channel tested", detail=channel.id)
    body = f"A test from {house.hospital}. Nothing needs to be done."
    message = Notification(f"test-{secrets.token_hex(4)}", "test", "Wardline test", body, Severity.LOW, channel.id)
    try:
        return json_response({"outcome": await house.notifier.send(message), "detail": ""})
    except Fault as fault:
        return json_response({"outcome": "failed", "detail": str(fault)})


@doors.get("/api/v1/nurse/analytics", who="policy.read", answers=shapes.AlertBurden)
async def analytics(
    seen_by: SeenBy, house: House, request: Request, since: AwareDatetime | None = None, until: AwareDatetime | None = None,
    unit: Annotated[str, Query(max_length=100, pattern="^[^-]|^$")] = "",
) -> Response:  # fmt: skip
    """What alerts have been to people: per patient-day, how fast they were answered, how they ended, why they were overridden. Leaving ends it."""
    await house.audit.record(seen_by.id, "alert burden counted", detail=unit)
    return await while_waited_for(request, house.burden(since, until, unit))


def _told(episode: Episode) -> dict[str, Any]:
    return {
        "alert": episode.alert, "patient": episode.about, "unit": episode.unit, "bed": episode.bed, "severity": Severity(episode.severity).word,
        "state": episode.status.value, "told": [told._asdict() for told in episode.told], "unreachable": list(episode.unreachable),
        "deliveries": [{"at": entry.at, "text": entry.detail} for entry in episode.history if entry.kind == "Notified"],
    }  # fmt: skip


def _channel(contact: str, name: str, house: Services) -> Channel:
    channel = next((each for each in house.contacts.of(contact) if each.name == name), None)
    if channel is None:
        raise NotFound("the site's contacts have no such channel")
    return channel
