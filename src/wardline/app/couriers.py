"""Everything that leaves the house from the outbox: notifications to people, messages to other systems."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from typing import Any

from wardline.adapters.outgoing.dialling import dialler
from wardline.adapters.outgoing.guard import guarded
from wardline.adapters.outgoing.http import HttpOutside
from wardline.adapters.outgoing.places import Places
from wardline.adapters.outgoing.pools import PoolBook
from wardline.app.bootstrap import Wardline
from wardline.app.imaging.objects import REJECTING
from wardline.app.imaging.opening import images_in
from wardline.app.outgoing import listed_in, named_by, named_by_ehrs
from wardline.app.sign_in_service import places_in
from wardline.core.events import Notified
from wardline.core.ports import Workers
from wardline.core.statements import Statement
from wardline.delivery.alerts.telling import TOPIC
from wardline.delivery.notifications.channels import AppriseNotifier
from wardline.delivery.notifications.courier import LOOK_EVERY, Courier
from wardline.delivery.outbound.archives import DicomArchive, WebArchive
from wardline.delivery.outbound.destinations import Destination, Receiver
from wardline.delivery.outbound.dicom import Item, Rejection
from wardline.delivery.outbound.dicom_store import DicomWire
from wardline.delivery.outbound.dicom_web import StowWire
from wardline.delivery.outbound.fhir_wire import FhirWire
from wardline.delivery.outbound.mllp import MllpWire
from wardline.delivery.outbound.sending import Sender, Wire
from wardline.engine.house import House


class Couriers:
    """One lane for notifications, one for each destination. What they learn is recorded through the engine."""

    def __init__(self, wardline: Wardline) -> None:
        self._engine = wardline.engine
        self._data = wardline.settings.data
        self._alerts = wardline.alerts
        self._log = wardline.log
        self.workers: Workers = None  # type: ignore[assignment]
        """Who makes DICOM objects; there as soon as the imaging department is."""
        self._has_channels = bool(wardline.contacts.all())
        listed = listed_in(wardline.settings.config_folder / "outgoing.yaml")
        named = (*named_by(wardline.contacts, wardline.destinations), *named_by_ehrs(wardline.ehrs))
        self.places = Places((*named, *places_in(wardline.settings), *listed))
        self.pools = PoolBook(lambda: datetime.now(UTC))
        self.outside = HttpOutside(self.places, self.pools)
        self.notifier = AppriseNotifier(wardline.contacts.all(), guard=lambda: guarded(self.places))
        self.courier = Courier(wardline.log, wardline.contacts, self.notifier, self._notified, self.pools)
        self.senders = tuple(self._sender(each, wardline) for each in wardline.destinations)

    def _sender(self, receiver: Receiver, wardline: Wardline) -> Sender:
        kind, wire = self._wire(receiver)
        return Sender(receiver, wardline.log, self._settled, wardline.clock.now, pool=self.pools.of(receiver.name, kind, 1), wire=wire)

    def _wire(self, receiver: Receiver) -> tuple[str, Wire]:
        if isinstance(receiver, Destination):
            return "hl7v2", MllpWire(receiver, dial=dialler(self.places))
        if isinstance(receiver, DicomArchive):
            return "dicom", DicomWire(receiver, self._kept, self._address)
        trust = receiver.encryption.context if receiver.encryption is not None else ssl.create_default_context
        outside = HttpOutside(self.places, self.pools, trust=trust, seconds=receiver.timeout_seconds)
        if isinstance(receiver, WebArchive):
            return "dicomweb", StowWire(receiver, self._kept, outside)
        return "fhir", FhirWire(receiver, outside)

    async def _kept(self, item: Item | Rejection) -> bytes:
        """A DICOM object where it lies beside the images of its study, or the note that rejects some of them."""
        if isinstance(item, Rejection):
            note: bytes = await self.workers.run(REJECTING, self._data, item)
            return note
        return await asyncio.to_thread(self._read, item)

    def _read(self, item: Item) -> bytes:
        with images_in(self._data) as images:
            return images.kept(item.study, item.digest)

    async def _address(self, host: str, port: int) -> str:
        return (await self.places.spot(host, port)).address

    def lanes(self) -> Iterable[Callable[[], Coroutine[Any, Any, None]]]:
        people = self.courier.run if self._has_channels else self._screens_only
        return (people, *(sender.run for sender in self.senders))

    async def _screens_only(self) -> None:
        """The site has listed no channels: alerts are shown on screens, and nothing waits for a phone nobody has."""
        while True:
            waiting = self._log.waiting(TOPIC)
            if waiting:
                await self._settled([id for id, _ in waiting], ())
            else:
                await asyncio.sleep(LOOK_EVERY)

    def wake(self) -> None:
        """A turn has been committed: there may be something to deliver."""
        self.courier.wake()
        for sender in self.senders:
            sender.wake()

    async def _notified(self, results: tuple[Notified, ...]) -> None:
        await self._engine.record(lambda house, now: self._alerts.acts.notified(results, now=now), actor="")

    async def _settled(self, done: Iterable[int], statements: Iterable[Statement]) -> None:
        def decide(house: House, now: datetime) -> Iterable[Statement]:
            self._log.done(done)
            return statements

        await self._engine.record(decide, actor="")
