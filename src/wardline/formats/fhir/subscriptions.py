"""Topic subscriptions in FHIR R4, as the Subscriptions R5 Backport guide writes them: what is asked for, and how it is told.

Extensions and parameters from HL7 Subscriptions R5 Backport IG 1.1.0 (from memory; not read for this).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, uuid5

from wardline.formats.fhir.elements import Element, refused
from wardline.formats.fhir.parts import part, parts, said, texts

IG: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
FILTER: Final = f"{IG}backport-filter-criteria"
CONTENT: Final = f"{IG}backport-payload-content"
HEARTBEAT: Final = f"{IG}backport-heartbeat-period"
AT_ONCE: Final = f"{IG}backport-max-count"
STATUS: Final = f"{IG}backport-subscription-status-r4"
NOTIFICATION: Final = f"{IG}backport-subscription-notification-r4"
CHANNELS: Final = ("rest-hook", "websocket")
CONTENTS: Final = ("empty", "id-only", "full-resource")
SHORTEST_HEARTBEAT: Final = 5
MOST_FILTERS: Final = 20


class Wanted(NamedTuple):
    """A subscription, read. `filters` are searches by type; a change that meets any of them is told."""

    id: str
    topic: str
    filters: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    channel: str
    endpoint: str
    headers: Mapping[str, str]
    content: str
    heartbeat: int
    """Seconds; 0 for none."""
    at_once: int


def wanted(resource: Element, topic: str) -> Wanted:
    """Raises `Refused` for what cannot be kept. `topic` is the one there is here."""
    if said(resource, "criteria") != topic:
        raise refused("Subscription.criteria", f"is the topic's address; there is {topic}")
    channel = part(resource, "channel")
    kind, endpoint, payload = said(channel, "type"), said(channel, "endpoint"), said(channel, "payload")
    if kind not in CHANNELS:
        raise refused("Subscription.channel.type", f"is one of {', '.join(CHANNELS)}")
    if kind == "rest-hook" and not endpoint.startswith(("https://", "http://")):
        raise refused("Subscription.channel.endpoint", "is the address that is told")
    if payload not in ("application/fhir+json", "application/json", ""):
        raise refused("Subscription.channel.payload", "is application/fhir+json")
    content = _extension(part(channel, "_payload"), CONTENT, "valueCode") or "empty"
    if content not in CONTENTS:
        raise refused("Subscription.channel.payload", f"content is one of {', '.join(CONTENTS)}")
    heartbeat = int(_extension(channel, HEARTBEAT, "valueUnsignedInt") or 0)
    if 0 < heartbeat < SHORTEST_HEARTBEAT:
        raise refused("Subscription.channel", f"asks for a heartbeat every {heartbeat} s; every {SHORTEST_HEARTBEAT} s is the most often")
    headers = {name.strip(): value.strip() for name, _, value in (each.partition(":") for each in texts(channel, "header")) if value}
    at_once = int(_extension(channel, AT_ONCE, "valuePositiveInt") or 1)
    return Wanted(said(resource, "id"), topic, _filters(resource), kind, endpoint, headers, content, heartbeat, max(1, min(at_once, 100)))


def _filters(resource: Element) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    stated = [str(each.get("valueString", "")) for each in parts(part(resource, "_criteria"), "extension") if said(each, "url") == FILTER]
    if not 0 < len(stated) <= MOST_FILTERS:
        raise refused("Subscription._criteria", f"has one to {MOST_FILTERS} filters such as Observation?code=http://loinc.org|2823-3")
    found = []
    for each in stated:
        kind, _, search = each.partition("?")
        if not kind[:1].isupper() or not kind.isalpha():
            raise refused("Subscription._criteria", "begins with a type of resource, such as Observation")
        found.append((kind, tuple(parse_qsl(search))))
    return tuple(found)


def _extension(element: Element, url: str, name: str) -> Any:
    return next((each.get(name) for each in parts(element, "extension") if said(each, "url") == url), None)


# --- telling ---


class Told(NamedTuple):
    """One event in a notification: its number, when, and what changed, with the resource where that is sent along."""

    number: int
    at: datetime
    reference: str
    resource: Mapping[str, Any] | None = None


def status_of(id: str, topic: str, kind: str, status: str, count: int, told: Iterable[Told], *, base: str, content: str, reason: str = "") -> dict[
    str, Any
]:  # fmt: skip
    """SubscriptionStatus as R4 Parameters. `kind`: handshake, heartbeat, event-notification, query-status or query-event."""
    events = [
        {"name": "notification-event", "part": [
            {"name": "event-number", "valueString": str(each.number)}, {"name": "timestamp", "valueInstant": _instant(each.at)},
            *([{"name": "focus", "valueReference": {"reference": each.reference}}] if content != "empty" else []),
        ]}
        for each in told
    ]  # fmt: skip
    problem = [{"name": "error", "valueCodeableConcept": {"text": reason}}] if reason else []
    return {
        "resourceType": "Parameters", "id": str(uuid5(NAMESPACE_URL, f"{base}/Subscription/{id}/$status")), "meta": {"profile": [STATUS]},
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": f"{base}/Subscription/{id}"}}, {"name": "topic", "valueCanonical": topic},
            {"name": "status", "valueCode": status}, {"name": "type", "valueCode": kind},
            {"name": "events-since-subscription-start", "valueString": str(count)}, *events, *problem,
        ],
    }  # fmt: skip


def notification(status: dict[str, Any], told: Iterable[Told], *, id: str, base: str, at: datetime) -> dict[str, Any]:
    """The Bundle that is sent: the status first, then the resources where they are sent along."""
    entries: list[dict[str, Any]] = [{
        "fullUrl": f"urn:uuid:{status['id']}", "resource": status,
        "request": {"method": "GET", "url": f"{base}/Subscription/{id}/$status"}, "response": {"status": "200"},
    }]  # fmt: skip
    sent = [
        {
            "fullUrl": f"{base}/{each.reference}", "resource": each.resource,
            "request": {"method": "PUT", "url": each.reference}, "response": {"status": "200"},
        }
        for each in told if each.resource is not None
    ]  # fmt: skip
    return {"resourceType": "Bundle", "meta": {"profile": [NOTIFICATION]}, "type": "history", "timestamp": _instant(at), "entry": [*entries, *sent]}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
