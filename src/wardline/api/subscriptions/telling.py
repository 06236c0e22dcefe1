"""Watches what is written, numbers what each subscription is to hear, and delivers it: at least once, in order, with that owner's rights.

A change is numbered in the log before it is sent; a subscriber who missed some asks for them again ($events). What its owner may not
see is neither sent nor counted.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from wardline.api.fhir.changing import made_to_happen
from wardline.api.fhir.reading import finding_of
from wardline.api.services import Services
from wardline.core.errors import Fault, NotAllowed, NotFound, Refused, WardlineError
from wardline.core.events import Event, Kept, Noticed, Subscribed
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.delivery.subscriptions.register import ABOUT, Notice, Standing, Subscriptions
from wardline.engine.loop import Change
from wardline.formats.fhir.bundles import Request as Asked
from wardline.formats.fhir.resources import plainly
from wardline.formats.fhir.subscriptions import Told, Wanted, notification, status_of, wanted
from wardline.security.refusals import NotSignedIn

log = structlog.get_logger()

TRIES: Final = 6
FIRST_WAIT: Final = 0.5
"""Seconds before the second try; each further wait is twice as long."""
SUBSCRIPTION: Final = "Subscription"
SendText = Callable[[str], Awaitable[None]]


class Teller:
    """One for the house."""

    def __init__(self, house: Services, register: Subscriptions, *, first_wait: float = FIRST_WAIT) -> None:
        self.house = house
        self.register = register
        self.sockets: dict[str, set[SendText]] = {}
        """Open WebSockets by subscription."""
        self._first_wait = first_wait
        self._heard: asyncio.Queue[tuple[Event, ...]] = asyncio.Queue()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._last: dict[str, datetime] = {}
        """When each was last told anything."""

    @property
    def topic(self) -> str:
        """The one topic there is: a resource was written or deleted."""
        return f"{self.house.fhir.base()}/SubscriptionTopic/resource-changed"

    # --- hearing ---

    def hear(self, change: Change) -> None:
        """After a commit; must be quick."""
        kept = tuple(event for event in change.events if type(event.value) is Kept and event.value.resource != SUBSCRIPTION)
        if kept and self.register.active():
            self._heard.put_nowait(kept)

    async def run(self) -> None:
        """Until the house closes: what was left over from before first."""
        for standing in self.register.active():
            self._deliver(standing.stated.subscription)
        heartbeat = asyncio.create_task(self._heartbeats())
        try:
            while True:
                await self._number(await self._heard.get())
        finally:
            heartbeat.cancel()
            for lane in self._lanes.values():
                lane.cancel()

    async def _number(self, events: tuple[Event, ...]) -> None:
        """Number these for every subscription they concern, durably, and then tell it."""
        concerned = [(standing, event) for standing in self.register.active() for event in events if self._concerns(standing, event)]
        if not concerned:
            return

        def decide(folded: Any, now: datetime) -> list[Statement]:
            counts: dict[str, int] = {}
            said = []
            for standing, event in concerned:
                id, kept = standing.stated.subscription, event.value
                known = self.register.get(id)
                counts[id] = counts.get(id, known.events if known is not None else 0) + 1
                said.append(Statement(Noticed(id, counts[id], kept.resource, kept.id, kept.version), event.about, now))
            return said

        await self.house.engine.record(decide, actor="")
        for id in {standing.stated.subscription for standing, _ in concerned}:
            self._deliver(id)

    def _concerns(self, standing: Standing, event: Event) -> bool:
        """Whether it meets a filter, and the owner may see it. Of what was deleted only its type can be told apart."""
        try:
            asked, person = self.asked(standing), self.owner(standing)
            kept: Kept = event.value
            filters = [search for type, search in asked.filters if type == kept.resource]
            if kept.deleted:
                return any(not search for search in filters) and finding_of(person, self.house).seeing.as_reader(event.about) is not None
            resource = plainly(kept.body)
            if not any(self.house.fhir.matches(kept.resource, search, resource) for search in filters):
                return False
            finding_of(person, self.house).one(kept.resource, kept.id)
        except WardlineError:  # not there for them: neither sent nor counted
            return False
        return True

    # --- who and what ---

    def asked(self, standing: Standing) -> Wanted:
        """What the subscription says. Raises `NotFound` where it has been deleted, or `Refused`.

        Only in its owner's words: whoever else changes it would have the owner's view sent to a place of their own.
        """
        finding = finding_of(self.owner(standing), self.house)
        hit = finding.one(SUBSCRIPTION, standing.stated.subscription)
        written_by = self.house.engine.log.event(hit.stored.event)
        if written_by is None or written_by.actor != standing.stated.person:
            raise Refused("somebody else has changed this subscription; its owner has to state it again")
        return wanted(finding.body(hit), self.topic)

    def owner(self, standing: Standing) -> Person:
        """Whoever made it, with the rights they have now. Raises `NotSignedIn` where the account or the key is closed."""
        stated = standing.stated
        user = self.house.sessions.identities.user(stated.person)
        if user is None or not user.active:
            raise NotSignedIn("the account that made this subscription is closed")
        person = Person(user.id, user.name, user.roles, user.units, session=stated.session, client=stated.client)
        return self.house.sessions.as_now(person) if stated.session else person

    async def stand(self, stated: Subscribed, actor: str = "") -> None:
        await self.house.engine.record(lambda folded, now: [Statement(stated, f"{ABOUT}{stated.subscription}", now)], actor=actor)

    # --- telling ---

    async def begin(self, id: str, person: Person) -> str:
        """The handshake of a new or changed subscription. Returns the status that it has from now on."""
        before = self.register.get(id)
        told = before.events if before is not None else 0
        stated = Subscribed(id, "requested", person.id, person.client, person.session if person.client else "", told)
        await self.stand(stated, person.id)
        standing = self.register.get(id)
        assert standing is not None
        asked = self.asked(standing)
        reason = ""
        if asked.channel == "rest-hook":
            try:
                await self._post(asked, self.bundle(standing._replace(stated=stated), "handshake", ()))
            except Fault as refusal:
                reason = str(refusal)
        stated = stated._replace(status="error" if reason else "active", reason=reason)
        await self.stand(stated, person.id)
        await self._say_in_the_resource(id, person, stated)
        return stated.status

    async def _say_in_the_resource(self, id: str, person: Person, stated: Subscribed) -> None:
        finding = finding_of(person, self.house)
        resource = dict(finding.body(finding.one(SUBSCRIPTION, id))) | {"status": stated.status}
        if stated.reason:
            resource["error"] = stated.reason
        await made_to_happen(person, self.house, [Asked(0, "PUT", SUBSCRIPTION, id, resource)])

    def bundle(self, standing: Standing, kind: str, notices: Iterable[Notice], content: str = "") -> dict[str, Any]:
        """A notification. What the owner may not see (any more) goes without its resource."""
        id, base = standing.stated.subscription, self.house.fhir.base()
        content = content or self.asked(standing).content
        told = [self._told(standing, each, content) for each in notices]
        status = status_of(
            id, self.topic, kind, standing.stated.status, standing.events, told, base=base, content=content, reason=standing.stated.reason,
        )  # fmt: skip
        return notification(status, told, id=id, base=base, at=self.house.fhir.now())

    def _told(self, standing: Standing, notice: Notice, content: str) -> Told:
        resource = None
        if content == "full-resource":
            try:
                finding = finding_of(self.owner(standing), self.house)
                resource = finding.body(finding.one(notice.resource, notice.id))
            except WardlineError:
                resource = None
        return Told(notice.number, notice.at, f"{notice.resource}/{notice.id}", resource)

    def _deliver(self, id: str) -> None:
        """One lane for each subscription, so that a slow one holds up nobody else."""
        lane = self._lanes.get(id)
        if lane is None or lane.done():
            self._lanes[id] = asyncio.create_task(self._lane(id), name=f"subscription {id}")

    async def _lane(self, id: str) -> None:
        told = standing.stated.told if (standing := self.register.get(id)) is not None else 0
        while (standing := self.register.get(id)) is not None and standing.stated.status == "active" and told < standing.events:
            try:
                asked = self.asked(standing)
                notices = self.register.notices(id, told + 1)[: asked.at_once]
                if not notices:
                    return
                await self._tell(asked, self.bundle(standing, "event-notification", notices))
            except (NotAllowed, NotFound, Refused) as refusal:  # deleted, closed, or changed into something that cannot be kept
                await self._came_to(id, status="off", reason=str(refusal))
                return
            except Fault as failure:
                log.warning("subscription_failed", subscription=id, reason=type(failure).__name__)
                await self._came_to(id, status="error", reason=str(failure), told=told)
                return
            told = notices[-1].number
            self._last[id] = self.house.fhir.now()
            await self._came_to(id, told=told)

    async def _came_to(self, id: str, **change: Any) -> None:
        """What became of a delivery, on top of how the subscription stands by now: whoever switched it off meanwhile is heeded."""

        def decide(folded: Any, now: datetime) -> list[Statement]:
            standing = self.register.get(id)
            if standing is None or standing.stated.status != "active":
                return []
            return [Statement(standing.stated._replace(**change), f"{ABOUT}{id}", now)]

        await self.house.engine.record(decide, actor="")

    async def _tell(self, asked: Wanted, bundle: dict[str, Any]) -> None:
        """Raises `Fault` after the last try."""
        if asked.channel == "websocket":
            text = json.dumps(bundle)
            for send in list(self.sockets.get(asked.id, ())):
                await send(text)
            return
        wait = self._first_wait
        for last in (*[False] * (TRIES - 1), True):
            try:
                await self._post(asked, bundle)
            except Fault:
                if last:
                    raise
                await asyncio.sleep(wait)
                wait *= 2
            else:
                return

    async def _post(self, asked: Wanted, bundle: dict[str, Any]) -> None:
        headers = {**asked.headers, "content-type": "application/fhir+json"}
        reply = await self.house.outside.request("POST", asked.endpoint, headers=headers, content=json.dumps(bundle).encode())
        if not 200 <= reply.status < 300:
            raise Fault(f"the subscriber answered {reply.status}")

    async def _heartbeats(self) -> None:
        """Every second: whoever wants one and has heard nothing for so long."""
        while True:
            await asyncio.sleep(1.0)
            now = self.house.fhir.now()
            for standing in self.register.active():
                id = standing.stated.subscription
                try:
                    period = self.asked(standing).heartbeat
                    if period and now >= self._last.setdefault(id, now) + timedelta(seconds=period):
                        await self.beat(id)
                except WardlineError as refusal:
                    log.warning("heartbeat_failed", subscription=id, reason=type(refusal).__name__)

    async def beat(self, id: str) -> None:
        """Tell a subscriber that it has missed nothing."""
        standing = self.register.get(id)
        if standing is not None:
            self._last[id] = self.house.fhir.now()
            await self._tell(self.asked(standing), self.bundle(standing, "heartbeat", ()))
