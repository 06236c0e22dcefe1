"""Live changes of one patient over a WebSocket: the same content, rules and audit trail as the stream, for programs that speak only that.

`WS /ws/patients/{id}`, opened with the ticket of POST /api/v1/auth/tickets as a subprotocol beside ours, never in the address:

    new WebSocket("wss://ward/ws/patients/k7q2", ["wardline.v1", "ticket." + ticket])
"""

from collections.abc import Callable, MutableMapping
from typing import Any, Final

import structlog

from wardline.api import problems
from wardline.api.dicomweb.watching import CHANNEL
from wardline.api.edge.edge import FOREIGN, ForeignPage
from wardline.api.edge.tickets import NO_GOOD
from wardline.api.edge.visitors import Visitor, visitor
from wardline.api.services import Services
from wardline.api.streams import SIGNED_OUT, STILL_HERE, Receive, Scope, Screen, Send, Streams, let_look
from wardline.api.subscriptions.socket import PATH as SUBSCRIPTIONS
from wardline.api.subscriptions.socket import bound
from wardline.api.trail import asked_of, refused
from wardline.core.errors import NotAllowed, NotFound, WardlineError
from wardline.core.people import Person
from wardline.core.trail import ASKED, Asked
from wardline.security.refusals import NotSignedIn

log = structlog.get_logger()

PREFIX: Final = "/ws/patients/"
PROTOCOL: Final = "wardline.v1"
TICKET: Final = "ticket."
SESSION_ENDED: Final = 4401
"""Our own close code (RFC 6455 7.4.2 leaves 4000 to 4999 to applications): sign in again, do not just reconnect."""
NORMAL: Final = 1000


class Sockets:
    """Every WebSocket there is."""

    def __init__(self, services: Services, live: Streams, first: Callable[[str], Any]) -> None:
        self.services = services
        self.live = live
        self.first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = asked_of(scope, "GET", PREFIX + "{id}")
        ASKED.set(asked)
        await receive()  # "websocket.connect": the handshake is here
        try:
            if scope["path"] == SUBSCRIPTIONS:
                await bound(self.services, receive, send)
                return
            if scope["path"].startswith(CHANNEL):
                await self.services.work_reports.serve(scope, receive, send)
                return
            await self._show(scope, receive, send, asked)
        except WardlineError as refusal:
            if isinstance(refusal, NotAllowed):
                await refused(self.services, asked, refusal)
            await _decline(problems.of(refusal), send, self.services.edge.headers.of_answer(scope["scheme"].replace("ws", "http")))
        except Exception as error:  # the outermost door of a WebSocket: a bug ends this one, and is logged without what it was about
            log.error("socket_crashed", error=type(error).__name__, at=problems.place_of(error))
            await send({"type": "websocket.close", "code": 1011})

    async def _show(self, scope: Scope, receive: Receive, send: Send, asked: Asked) -> None:
        met = visitor(scope, self.services.edge.rules)
        person = self._holder(scope, met)
        topic = "patient/" + str(scope["path"]).removeprefix(PREFIX)
        look, present = await let_look(self.services, person, asked, topic, self.first)
        screen = Screen(topic, person.session, as_messages(send))
        self.services.edge.open_sockets += 1
        try:
            await self.live.show(screen, present, look, self.services, receive)
        finally:
            self.services.edge.open_sockets -= 1

    def _holder(self, scope: Scope, met: Visitor) -> Person:
        """Whose ticket it is. Raises unless path, origin and session are those it was made for."""
        path = str(scope["path"])
        if not path.startswith(PREFIX):
            raise NotFound("there is nothing here")
        if not self.services.edge.lets_ask(met, path):
            raise ForeignPage(FOREIGN)
        offered = scope["subprotocols"]
        words = next((each.removeprefix(TICKET) for each in offered if each.startswith(TICKET)), "")
        if PROTOCOL not in offered or not words:
            raise NotSignedIn(f"open this with the subprotocols {PROTOCOL} and {TICKET}..., from POST /api/v1/auth/tickets")
        person = self.services.edge.tickets.take(words, path, met.origin)
        if self.services.sessions.is_over(person.session):
            raise NotSignedIn(NO_GOOD)
        return person


def as_messages(send: Send) -> Send:
    """What a stream writes, as WebSocket messages: {"event": ..., "data": ...}. Being alive is shown by pings, not by messages."""

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            return
        chunk: bytes = message["body"]
        if chunk and chunk != STILL_HERE:
            event, _, data = chunk.removeprefix(b"event: ").removesuffix(b"\n\n").partition(b"\ndata: ")
            await send({"type": "websocket.send", "text": f'{{"event":"{event.decode()}","data":{data.decode()}}}'})
        if not message["more_body"]:
            await send({"type": "websocket.close", "code": SESSION_ENDED if chunk == SIGNED_OUT else NORMAL})

    return sent


async def _decline(response: Any, send: Send, headers: Any) -> None:
    """A refusal before the connection is a WebSocket is an answer like any other (ASGI: WebSocket denial response)."""
    await send({"type": "websocket.http.response.start", "status": response.status_code, "headers": [*response.raw_headers, *headers]})
    await send({"type": "websocket.http.response.body", "body": response.body})
