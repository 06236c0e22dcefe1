"""Notifications over a WebSocket: `WS /ws/fhir`, then `bind-with-token TOKEN`, and what the subscription is told arrives as text."""

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

from wardline.core.errors import WardlineError
from wardline.security.refusals import NotSignedIn

if TYPE_CHECKING:
    from wardline.api.services import Services

PATH: Final = "/ws/fhir"
BIND: Final = "bind-with-token "
PATIENCE_SECONDS: Final = 10
POLICY_VIOLATION: Final = 1008
"""RFC 6455 7.4.1."""


async def bound(house: "Services", receive: Any, send: Any) -> None:
    """One connection. It brings no credentials with its handshake and gets nothing until it is bound."""
    await send({"type": "websocket.accept"})
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            id = _binding(house, await receive())
    except (NotSignedIn, TimeoutError):
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return

    async def tell(text: str) -> None:
        await send({"type": "websocket.send", "text": text})

    teller = house.subscriptions
    standing = teller.register.get(id)
    assert standing is not None
    await tell(json.dumps(teller.bundle(standing, "handshake", ())))
    listening = teller.sockets.setdefault(id, set())
    listening.add(tell)
    house.edge.open_sockets += 1
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        house.edge.open_sockets -= 1
        listening.discard(tell)


def _binding(house: "Services", message: Any) -> str:
    """The subscription that the token is for. Raises `NotSignedIn`."""
    words = str(message.get("text") or "")
    id, _, token = words.removeprefix(BIND).strip().partition(".")
    if not words.startswith(BIND):
        raise NotSignedIn("send bind-with-token and the token first")
    person = house.edge.tickets.take(token, f"{PATH}#{id}", "")
    try:
        standing = house.subscriptions.register.get(id)
        if standing is None or standing.stated.person != person.id:
            raise NotSignedIn("this is not your subscription")
        house.subscriptions.asked(standing)
    except WardlineError as refusal:
        raise NotSignedIn(str(refusal)) from None
    return id
