"""Live screens: server-sent events, written straight to the server's connection.

One change is encoded once per topic and the same bytes go to every screen of it. A screen that is slow never holds memory or
the others up: what it misses is dropped, and it is told to fetch the present state again (`resync`).

These routes are raw ASGI, because a framework's per-client queue and task cost three times the writing (bench: fan-out).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Final

import structlog

from wardline.api import problems
from wardline.api.doors import bearer
from wardline.api.encoding import ENCODER
from wardline.api.services import Services
from wardline.core.errors import NotAllowed, WardlineError

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]

PREFIX: Final = "/api/v1/stream/"
HEARTBEAT_SECONDS: Final = 10.0
_HEADERS: Final = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
RESYNC: Final = b"event: resync\ndata: {}\n\n"


def sse(event: str, content: Any) -> bytes:
    return b"event: " + event.encode() + b"\ndata: " + ENCODER.encode(content) + b"\n\n"


class Screen:
    """One open stream. `offer` never waits."""

    __slots__ = ("_gone", "_pending", "_send", "missed", "person", "topic")

    def __init__(self, topic: str, person: str, send: Send) -> None:
        self.topic = topic
        self.person = person
        self.missed = False
        self._send = send
        self._pending: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()

    def offer(self, chunk: bytes) -> None:
        """Write now if the connection takes it; otherwise remember that this screen must fetch everything again."""
        if self._gone.is_set():
            return
        if self._pending is not None:
            self.missed = True
            return
        # The server's send finishes without waiting unless the client is slow, so it is run here and now, without a task.
        writing = self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        try:
            waits_for = writing.send(None)
        except StopIteration:
            return
        except Exception:  # the connection broke while writing: this screen is gone, the others go on
            self._gone.set()
            return
        self._pending = asyncio.ensure_future(self._finish(writing, waits_for))

    async def _finish(self, writing: Coroutine[Any, Any, None], waits_for: Any) -> None:
        """The client is slow: wait for it on the side, then tell it that it has missed something."""
        try:
            while True:
                if waits_for is not None:
                    waits_for._asyncio_future_blocking = False
                    await asyncio.wait([waits_for])
                else:
                    await asyncio.sleep(0)
                waits_for = writing.send(None)
        except StopIteration:
            self._pending = None
            if self.missed:
                self.missed = False
                self.offer(RESYNC)
        except Exception:  # as above
            self._gone.set()

    def leave(self) -> None:
        self._gone.set()

    async def gone(self) -> None:
        await self._gone.wait()


class Streams:
    """Every open screen, by topic."""

    def __init__(self) -> None:
        self._screens: dict[str, set[Screen]] = {}

    def __len__(self) -> int:
        return sum(len(screens) for screens in self._screens.values())

    def topics(self) -> list[str]:
        return list(self._screens)

    def watched(self, topic: str) -> bool:
        return topic in self._screens

    def publish(self, topic: str, chunk: bytes) -> None:
        for screen in list(self._screens.get(topic, ())):
            screen.offer(chunk)

    def publish_all(self, chunk: bytes) -> None:
        for topic in list(self._screens):
            self.publish(topic, chunk)

    def end_session(self, session: str) -> None:
        for screens in self._screens.values():
            for screen in screens:
                if screen.person == session:
                    screen.leave()

    async def serve(self, services: Services, first: Callable[[str], Any], scope: Scope, receive: Receive, send: Send) -> None:
        """GET /api/v1/stream/TOPIC. `first` gives the present state of a topic, or raises when there is no such topic."""
        topic = scope["path"][len(PREFIX) :]
        try:
            header = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")
            person = services.sessions.person(bearer(header))
            if not services.access.may(person, "patient.read"):
                raise NotAllowed("your role does not allow this; ask an administrator if it should")
            present = first(topic)
            await services.audit.record(
                person.id, "live view opened", topic.removeprefix("patient/") if topic.startswith("patient/") else "", topic=topic
            )
        except WardlineError as error:
            response = problems.of(error)
            await response(scope, receive, send)
            return
        screen = Screen(topic, person.session, send)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": sse("present", present), "more_body": True})
        self._screens.setdefault(topic, set()).add(screen)
        try:
            await self._until_gone(screen, services, header, receive)
        finally:
            screens = self._screens.get(topic, set())
            screens.discard(screen)
            if not screens:
                self._screens.pop(topic, None)

    @staticmethod
    async def _until_gone(screen: Screen, services: Services, header: str, receive: Receive) -> None:
        """Until the client goes, the connection breaks, or its session ends."""
        leaving = asyncio.ensure_future(_disconnected(receive))
        broken = asyncio.ensure_future(screen.gone())
        try:
            while not (leaving.done() or broken.done()):
                await asyncio.wait((leaving, broken), timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                session = services.sessions.identities.session(screen.person)
                if session is None or session.ended is not None or services.sessions.now() >= session.ends_at:
                    screen.offer(b"event: signed-out\ndata: {}\n\n")
                    return
                screen.offer(b": still here\n\n")
        finally:
            leaving.cancel()
            broken.cancel()
            screen.leave()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
