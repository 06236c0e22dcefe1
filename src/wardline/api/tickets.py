"""Tickets for WebSockets: asked for with the token, used once within half a minute."""

from datetime import datetime
from typing import Final

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import SIGNED_IN, Doors, House, SeenBy
from wardline.api.edge.sockets import PREFIX
from wardline.api.edge.visitors import Visitor
from wardline.core.errors import NotAllowed

doors: Final = Doors("live views")


class TicketFor(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str = Field(max_length=200, pattern=rf"^{PREFIX}[A-Za-z0-9_-]+$", examples=[f"{PREFIX}k7q2mfx3a4b5c6d7"])


class TicketOut(BaseModel):
    ticket: str = Field(description="Goes with the handshake as the subprotocol `ticket.<this>`, beside `wardline.v1`.")
    expires_at: datetime


@doors.post("/api/v1/auth/tickets", who=SIGNED_IN, response_model=TicketOut)
async def ticket(wanted: TicketFor, request: Request, seen_by: SeenBy, house: House) -> TicketOut:
    """A ticket for one WebSocket, good once, for 30 seconds, from the page that asks for it. Whether it may look is asked when it is used."""
    if not seen_by.session:
        raise NotAllowed("tickets are for people who have signed in")
    met: Visitor = request.scope["wardline.visitor"]
    words, ends_at = house.edge.tickets.issue(seen_by, wanted.path, met.origin)
    return TicketOut(ticket=words, expires_at=ends_at)
