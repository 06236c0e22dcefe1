"""Event reports of workitems over a WebSocket: `WS /dicom-web/subscribers/{aetitle}` (PS3.18 8.10.4, 8.10.5 and 11.13).

Opened with `Authorization: Bearer ...`, as every request here: it is for programs. Nothing is kept for whoever is not connected; whoever
opens it hears first how everything stands that they follow.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec

from wardline.api.dicomweb.seeing import READ
from wardline.api.dicomweb.watching import CHANNEL, need_title
from wardline.api.dicomweb.work_seeing import WorkSight
from wardline.api.doors import SHOW_IT, allowed, bearer
from wardline.api.edge.edge import FOREIGN, ForeignPage
from wardline.api.edge.visitors import visitor
from wardline.api.services import Services
from wardline.api.streams import Receive, Scope, Send
from wardline.core.errors import NotAllowed
from wardline.core.events import Event, WorkitemStated, WorklistWatched
from wardline.core.people import Person
from wardline.delivery.worklists.workitems import SUBSCRIBED, WORKLIST
from wardline.engine.loop import Change
from wardline.formats.dicom.ups_reports import STATE_REPORT, report
from wardline.security.refusals import NotSignedIn

WAITING: Final = 5_000
"""Reports that wait for a slow reader; whoever is slower has to connect again."""
LOOK_SECONDS: Final = 20.0
"""How often a quiet channel is asked whether its owner may still have it open."""
SESSION_ENDED, TOO_SLOW = 4401, 4408


class Told(NamedTuple):
    """One report that is due."""

    event: int
    workitem: str
    stated: WorkitemStated | None = None
    """As it was then; None for how it stands when it is told."""


NOTHING: Final = Told(STATE_REPORT, "")
"""No report, but a look at whether there are any."""


class Channel:
    """One open WebSocket."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.due: asyncio.Queue[Told] = asyncio.Queue(WAITING)
        self._standing: deque[str] = deque()
        """Workitems of which it is still to hear how they stand; however many there are, they are no news that it was too slow for."""
        self.is_too_slow = False
        self.told = 0

    def put(self, told: Told) -> None:
        try:
            self.due.put_nowait(told)
        except asyncio.QueueFull:
            self.is_too_slow = True

    def tell_how_stand(self, workitems: Iterable[str]) -> None:
        self._standing.extend(workitems)
        self.put(NOTHING)

    async def next(self) -> Told:
        if self._standing:
            return Told(STATE_REPORT, self._standing.popleft())
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self.due.get()
        except TimeoutError:
            return NOTHING


class Reporter:
    """One for the house: hears what is recorded, and knows who is listening."""

    def __init__(self, house: Services) -> None:
        self.house = house
        self.open: dict[str, list[Channel]] = {}

    def hear(self, change: Change) -> None:
        """After a commit; must be quick."""
        if self.open:
            for event in change.events:
                self._hear(event)

    def _hear(self, event: Event) -> None:
        match event.value:
            case WorkitemStated(workitem=uid, events=events) as stated:
                for title in self.house.workitems.told_of(uid):
                    self._tell(title, [Told(each, uid, stated) for each in events])
            # PS3.4 CC.2.4.3: whoever begins to follow one, or all with a lock, hears how it stands.
            case WorklistWatched(state=state, subscriber=title, workitem=uid, lock=lock) if state == SUBSCRIBED:
                known = self.house.workitems.all
                for channel in self.open.get(title, ()):
                    channel.tell_how_stand([uid] if uid in known else known if uid == WORKLIST and lock else ())
            case _:
                pass

    def _tell(self, title: str, told: list[Told]) -> None:
        for channel in self.open.get(title, ()):
            for each in told:
                channel.put(each)

    # --- the WebSocket ---

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what a door raises, before the connection is one."""
        title = str(scope["path"]).removeprefix(CHANNEL)
        person = self._holder(scope)
        need_title(title, person, self.house)
        await self.house.audit.record(person, READ, "", what="workitems followed", subscriber=title)
        channel = Channel(person)
        who = self.house.workitems.subscribers.get(title)
        channel.tell_how_stand(who.of if who is not None else ())
        self.open.setdefault(title, []).append(channel)
        self.house.edge.open_sockets += 1
        try:
            await send({"type": "websocket.accept"})
            await self._talk(title, channel, receive, send)
        finally:
            self.house.edge.open_sockets -= 1
            self.open[title].remove(channel)
            if not self.open[title]:
                del self.open[title]

    def _holder(self, scope: Scope) -> Person:
        met = visitor(scope, self.house.edge.rules)
        if not self.house.edge.lets_ask(met, str(scope["path"])):
            raise ForeignPage(FOREIGN)
        said = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")
        person = self.house.sessions.person(bearer(said), address=met.address)
        self.house.edge.limits.person(person, piece=False)
        if person.awaited:
            raise NotAllowed(SHOW_IT, remedy="second-factor")
        return allowed(person, READ, "", self.house)

    async def _talk(self, title: str, channel: Channel, receive: Receive, send: Send) -> None:
        telling = asyncio.create_task(self._report(title, channel, send))
        listening = asyncio.create_task(_until_gone(receive))
        try:
            done, _ = await asyncio.wait((telling, listening), return_when=asyncio.FIRST_COMPLETED)
            if telling in done:
                await send({"type": "websocket.close", "code": telling.result()})
        finally:
            for task in (telling, listening):
                task.cancel()
            await asyncio.gather(telling, listening, return_exceptions=True)

    async def _report(self, title: str, channel: Channel, send: Send) -> int:
        """Until it has to end; returns why."""
        while True:
            told = await channel.next()
            if channel.is_too_slow:
                return TOO_SLOW
            try:
                need_title(title, channel.person, self.house)  # nobody else may have taken it meanwhile
                content = await self._content(channel, told)
            except (NotSignedIn, NotAllowed):
                return SESSION_ENDED
            if content is not None:
                await send({"type": "websocket.send", "text": content})

    async def _content(self, channel: Channel, told: Told) -> str | None:
        """A report, with what its reader may see now. Raises `NotSignedIn` where they may see nothing any more."""
        house = self.house
        if house.sessions.is_over(channel.person.session):
            raise NotSignedIn("this session is over")
        item = house.workitems.all.get(told.workitem)
        if item is None:
            return None
        sight = WorkSight(house.sessions.as_now(channel.person), house)
        if not sight.sees(item):
            return None
        channel.told += 1
        if told.stated is not None:
            item = item._replace(stated=told.stated)
        stated: WorkitemStated = item.stated
        asked: dict[str, Any] | None = msgspec.json.decode(stated.asked) if stated.asked else None
        said = report(told.event, told.workitem, item.attributes, number=channel.told, asked=asked, asked_by=stated.asked_by)
        await house.audit.record(channel.person, READ, sight.record_of(item), workitem=told.workitem, what="event report")
        return msgspec.json.encode(said).decode()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass
