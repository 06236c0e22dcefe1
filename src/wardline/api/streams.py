"""Live screens: server-sent events, written straight to the server's connection.

One change is encoded once per topic and the same bytes go to every screen of it. A screen that is slow never holds memory or
the others up: what it misses is dropped, and it is told to fetch the present state again (`resync`).

These routes are raw ASGI, because a framework's per-client queue and task cost three times the writing (bench: fan-out).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, MutableMapping
from typing import Any, Final, NamedTuple

from wardline.api import problems
from wardline.api.doors import allowed, bearer
from wardline.api.edge.headers import Headers, with_missing
from wardline.api.encoding import ENCODER
from wardline.api.services import Services
from wardline.api.trail import asked_of, refused
from wardline.core.errors import NotAllowed, WardlineError
from wardline.core.people import Person
from wardline.core.trail import ASKED, Asked
from wardline.security.authorisation.question import UNIT
from wardline.security.refusals import NotSignedIn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]

PREFIX: Final = "/api/v1/stream/"
WHO: Final = "patient.read"
OPENED: Final = "live view opened"
SHOWN: Final = "shown in a live view"
"""To whoever had it open already when the patient came."""
TOPICS: Final = {
    "board/{unit}": "The board of a unit: `present`, then `rows`, `tick`, `feeds` as they change; `resync`: ask for all of it again; `signed-out`.",
    "patient/{id}": "That something about a patient has changed: `present`, then `changed`.",
}
HEARTBEAT_SECONDS: Final = 10.0
GOODBYE_SECONDS: Final = 1.0
"""How long a slow client is waited for when its stream ends."""
_HEADERS: Final = ((b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no"))
RESYNC: Final = b"event: resync\ndata: {}\n\n"
SIGNED_OUT: Final = b"event: signed-out\ndata: {}\n\n"
STILL_HERE: Final = b": still here\n\n"


def sse(event: str, content: Any) -> bytes:
    return b"event: " + event.encode() + b"\ndata: " + ENCODER.encode(content) + b"\n\n"


class Look(NamedTuple):
    """Who looks at a live view, the request in whose name the audit trail says so, and whose records it says they were shown."""

    person: Person
    asked: Asked
    shown: set[str]


class Screen:
    """One open stream. `offer` never waits."""

    __slots__ = ("_gone", "_headers", "_is_opening", "_pending", "_send", "missed", "sent_away", "session", "topic")

    def __init__(self, topic: str, session: str, send: Send, headers: Headers = ()) -> None:
        self.topic = topic
        self._headers = headers
        self.session = session
        self.missed = False
        self._is_opening = False
        self._send = send
        self._pending: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()
        self.sent_away = asyncio.Event()
        """Set when it must ask anew whether it may look."""

    async def open(self, present: bytes) -> None:
        """Show the present state. What changes while it is on its way counts as missed."""
        self._is_opening = True
        await self._send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await self._send({"type": "http.response.body", "body": present, "more_body": True})
        self._is_opening = False
        self._catch_up()

    async def close(self, last: bytes) -> None:
        """Say why, and end in good order."""
        if self._pending is not None:
            await asyncio.wait((self._pending,), timeout=GOODBYE_SECONDS)
        if not self._gone.is_set():
            self._gone.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self._send({"type": "http.response.body", "body": last, "more_body": False})

    def offer(self, chunk: bytes) -> None:
        """Write now if the connection takes it; otherwise remember that this screen must fetch everything again."""
        if self._gone.is_set():
            return
        if self._pending is not None or self._is_opening:
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
            self._catch_up()
        except Exception:  # as above
            self._gone.set()

    def _catch_up(self) -> None:
        if self.missed:
            self.missed = False
            self.offer(RESYNC)

    def leave(self) -> None:
        self._gone.set()

    async def gone(self) -> None:
        await self._gone.wait()


class Streams:
    """Every open screen, by topic."""

    def __init__(self) -> None:
        self._screens: dict[str, set[Screen]] = {}
        self._looks: dict[Screen, Look] = {}
        self._seen: dict[str, set[str]] = {}
        """By topic, the records that every screen of it has been shown."""
        self._ending = asyncio.Event()

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

    def looks(self, topic: str) -> list[tuple[Screen, Look]]:
        return [(screen, self._looks[screen]) for screen in self._screens.get(topic, ())]

    def unseen(self, topic: str, records: Collection[str]) -> set[str]:
        """Those that not every screen of the topic has been shown. Asked for every change, so it asks no screen."""
        seen = self._seen.get(topic) or set()
        return set() if seen.issuperset(records) else set(records) - seen

    def note_seen(self, topic: str, records: Iterable[str]) -> None:
        """Look again which of these every screen of the topic has been shown."""
        looks = self.looks(topic)
        if looks:
            self._seen[topic].update(record for record in records if all(record in look.shown for _, look in looks))

    def send_away(self, screen: Screen) -> None:
        """It hears of nothing more; it comes back, and is told why it may not look."""
        self._forget(screen)
        screen.sent_away.set()

    def end(self) -> None:
        """Wardline stops: every stream ends now, so that nobody waits for the end of one that has none."""
        self._ending.set()

    async def serve(self, services: Services, first: Callable[[str], Any], scope: Scope, receive: Receive, answer: "Answer") -> None:
        """GET /api/v1/stream/TOPIC. `first` gives the present state of a topic, or raises when there is no such topic."""
        topic = scope["path"][len(PREFIX) :]
        header = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")
        asked = asked_of(scope, "GET", PREFIX + next((each for each in TOPICS if topic.startswith(each.partition("{")[0])), ""))
        ASKED.set(asked)
        try:
            asked.person = services.sessions.person(bearer(header), address=asked.address)
            look, present = await let_look(services, asked.person, asked, topic, first)
        except WardlineError as error:
            if isinstance(error, NotAllowed):
                await refused(services, asked, error, _known(topic, services))
            await problems.of(error)(scope, receive, answer)
            return
        answer.has_begun = True
        await self.show(Screen(topic, look.person.session, answer.send, (*_HEADERS, *answer.headers)), present, look, services, receive)

    async def show(self, screen: Screen, present: bytes, look: Look, services: Services, receive: Receive) -> None:
        """Until it is gone or may not look any more."""
        # From here on it hears of changes: nothing may happen between reading the present state and this.
        self._screens.setdefault(screen.topic, set()).add(screen)
        self._looks[screen] = look
        self._seen.setdefault(screen.topic, set(look.shown)).intersection_update(look.shown)
        try:
            await screen.open(present)
            await self._until_gone(screen, services, receive, lambda: _still_may(look.person, screen.topic, services))
        finally:
            self._forget(screen)

    def _forget(self, screen: Screen) -> None:
        screens = self._screens.get(screen.topic, set())
        screens.discard(screen)
        self._looks.pop(screen, None)
        if not screens:
            self._screens.pop(screen.topic, None)
            self._seen.pop(screen.topic, None)

    async def _until_gone(self, screen: Screen, services: Services, receive: Receive, is_allowed: Callable[[], bool]) -> None:
        """Until the client goes, the connection breaks, its session ends, it may not look any more, or Wardline stops."""
        waits = [asyncio.ensure_future(each) for each in (_disconnected(receive), screen.gone(), screen.sent_away.wait(), self._ending.wait())]
        try:
            while True:
                ended, _ = await asyncio.wait(waits, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if self._ending.is_set():
                    await screen.close(b"")
                elif screen.sent_away.is_set():
                    await screen.close(RESYNC)
                elif not ended and services.sessions.is_over(screen.session):
                    await screen.close(SIGNED_OUT)
                elif not ended and not is_allowed():
                    await screen.close(b"")  # it comes back, and is told why not
                elif not ended:
                    screen.offer(STILL_HERE)
                    continue
                return
        finally:
            for each in waits:
                each.cancel()
            screen.leave()


async def let_look(services: Services, person: Person, asked: Asked, topic: str, first: Callable[[str], Any]) -> tuple[Look, bytes]:
    """The look and what it begins with, once it is certain that they may, that there is such a topic, and that all of it is in the audit trail."""
    services.edge.limits.person(person)
    about = about_of(topic, services)
    asked.person = person = allowed(person, WHO, about, services)
    if topic.startswith("patient/"):
        services.edge.limits.patient(person, about)
    said = "patient" if topic.startswith("patient/") else topic  # whose record it is, the entry says in its own place
    shown = _records_in(first(topic), about)
    await services.audit.record(person, OPENED, sorted(shown), topic=said)
    # Whoever has come while that was being written is shown, too, and so is written first.
    while new := _records_in(present := first(topic), about) - shown:
        await services.audit.record(person, SHOWN, sorted(new), topic=said)
        shown |= new
    return Look(person, asked, shown), sse("present", present)


def _records_in(present: Mapping[str, Any], about: str) -> set[str]:
    """Whose records the present state of a topic shows."""
    return {row["about"] for row in present["rows"] if row["about"] is not None} if "rows" in present else {about}


def _known(topic: str, services: Services) -> str:
    """The record a live view is about, if there is such a patient: what somebody typed into an address is not kept."""
    record = about_of(topic, services)
    return record if record in services.engine.house.directory else ""


def _still_may(person: Person, topic: str, services: Services) -> bool:
    """Asked again while a view stays open: relations end, and a program's account may have been narrowed."""
    try:
        now = services.sessions.as_now(person)
    except NotSignedIn:
        return False
    return services.access.may(now, WHO, about_of(topic, services))


def about_of(topic: str, services: Services) -> str:
    """What a live view is about, for the question whether somebody may see it: a record, a unit, or nothing there is."""
    if topic.startswith("patient/"):
        return services.engine.house.survivor(topic.removeprefix("patient/"))
    return UNIT + topic.removeprefix("board/") if topic.startswith("board/") else ""


def documented(problems_documented: Mapping[int | str, Any]) -> dict[str, Any]:
    """The paths of the OpenAPI document for these routes, which the framework does not know."""
    events = {"description": "Server-sent events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
    responses = {"200": events, **{str(code): problems_documented[code] for code in (401, 403, 404, 421, 429, 503)}}
    said = {"tags": ["live views"], "x-who": WHO, "responses": responses}
    return {
        PREFIX + topic: {
            "get": {
                **said, "summary": topic.partition("/")[0].capitalize(), "description": text,
                "parameters": [{"name": topic.partition("{")[2].rstrip("}"), "in": "path", "required": True, "schema": {"type": "string"}}],
            }
        }
        for topic, text in TOPICS.items()
    }  # fmt: skip


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] not in ("http.disconnect", "websocket.disconnect"):
        pass


class Answer:
    """The way to the client: knows whether an answer has begun, and adds the headers every answer of the API has."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.headers: Headers = ()
        self.has_begun = False
        self.status = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            self.status = message["status"]
            message["headers"] = with_missing(message.get("headers", ()), self.headers)
        await self.send(message)
