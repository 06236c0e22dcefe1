"""Both ends of sending DICOM objects: a shelf of objects with an outbox, the wires to an archive, and an archive that is hard to please."""

import asyncio
import gc
import threading
import warnings
from collections.abc import Awaitable, Coroutine, Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.dul import DULServiceProvider
from pynetdicom.sop_class import SegmentationStorage

from delivery.outbound.receiving import eventually
from support.scans import SERIES, STUDY, grid, series
from wardline.adapters.outgoing.http import HttpOutside
from wardline.adapters.outgoing.places import Place, Places
from wardline.adapters.outgoing.pools import PoolBook
from wardline.core.errors import NotFound
from wardline.core.events import Incident
from wardline.core.imaging import Label, LabelMap
from wardline.core.ports import Outgoing
from wardline.core.statements import Statement
from wardline.delivery.outbound.archives import DicomArchive, WebArchive
from wardline.delivery.outbound.dicom import Item, Rejection, payload_of
from wardline.delivery.outbound.dicom_store import DicomWire
from wardline.delivery.outbound.dicom_web import StowWire
from wardline.delivery.outbound.sending import Sender, Wire
from wardline.formats.dicom.measurement_reports import Measurement, Region, measurement_report
from wardline.formats.dicom.segmentations import Kind, segmentation_object

AT = datetime(2026, 9, 1, 12, 30, 15, tzinfo=UTC)


def segmentation(kind: Kind = "binary", *, lesion: int = 1) -> bytes:
    array = np.zeros((4, 6, 5), np.uint8)
    array[1:3, 2:4, lesion : lesion + 2] = 1
    return segmentation_object(LabelMap(array, grid(), (Label(1, "L1"),), series=SERIES), series(), at=AT, kind=kind)


def measurements() -> bytes:
    region = Region("L1", (Measurement("volume", 11.2, "ml"),), segment=1)
    return measurement_report([region], series(), at=AT, segmentation=segmentation(), author="Okonkwo^Ada", signed=True)


class Shelf:
    """Objects kept beside the images, and an outbox that holds where they are."""

    def __init__(self, *objects: bytes) -> None:
        self.objects = {str(number): content for number, content in enumerate(objects)}
        self.rows = {number: Outgoing(str(number), "dicom/pacs", payload_of(Item(STUDY, str(number)))) for number in range(len(objects))}
        self.incidents: list[Incident] = []
        self.opened: list[HttpOutside] = []

    async def load(self, item: Item | Rejection) -> bytes:
        if item.digest not in self.objects:
            raise NotFound("erased")
        return self.objects[item.digest]

    def waiting(self, topic: str, limit: int = 100) -> list[tuple[int, Outgoing]]:
        return list(self.rows.items())[:limit]

    def done(self, ids: Iterable[int]) -> None:
        for id in ids:
            del self.rows[id]

    async def settle(self, done: Iterable[int], statements: Iterable[Statement]) -> None:
        self.done(done)
        self.incidents += [each.value for each in statements]


async def _here(host: str, port: int) -> str:
    return "127.0.0.1"


def archive(port: int, **more: Any) -> DicomArchive:
    return DicomArchive(**{"name": "pacs", "reports": True, "timeout_seconds": 5, "host": "127.0.0.1", "port": port, "called": "ORTHANC", **more})


def dimse(shelf: Shelf, port: int, **more: Any) -> DicomWire:
    return DicomWire(archive(port, **more), shelf.load, _here)


def web(shelf: Shelf, port: int) -> StowWire:
    outside = HttpOutside(Places([Place("127.0.0.1", port, private=True, in_clear=True)]), PoolBook(lambda: datetime.now(UTC)), seconds=5)
    shelf.opened.append(outside)
    return StowWire(WebArchive("pacs", reports=True, base=f"http://127.0.0.1:{port}/dicom-web"), shelf.load, outside)


def sender(shelf: Shelf, wire: Wire) -> Sender:
    pool = PoolBook(lambda: datetime.now(UTC)).of("pacs", "dicom", 1)
    return Sender(archive(1), shelf, shelf.settle, lambda: AT, pool=pool, wire=wire)


async def emptied(shelf: Shelf, lane: Sender, until: Awaitable[None] | None = None) -> None:
    running = asyncio.create_task(lane.run())
    await (until if until is not None else eventually(lambda: not shelf.rows))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    for each in shelf.opened:
        await each.close()


def run(story: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(story)


class Strict:
    """A listener that knows only "WARDLINE", is called "PACS", takes nothing but binary segmentations, and answers each with `status`."""

    def __init__(self, tls: Any = None) -> None:
        self.status = 0
        self.came: list[str] = []
        self.answers = threading.Event()
        """While it is not set nothing is answered."""
        entity = AE(ae_title="PACS")
        entity.require_called_aet, entity.require_calling_aet = True, ["WARDLINE"]
        entity.add_supported_context(SegmentationStorage)
        self._server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, self._store)], ssl_context=tls)
        self.port: int = self._server.socket.getsockname()[1]

    def _store(self, event: evt.Event) -> int:
        self.came.append(str(event.request.AffectedSOPInstanceUID))
        self.answers.wait(5)
        return self.status

    def close(self) -> None:
        self._server.shutdown()
        del self._server  # it holds on to associations that have ended, and those to their sockets
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            let_go()


def let_go(seconds: float = 8) -> None:
    """Wait for the threads of our calls and the library's, and collect the sockets of associations that did not come about.

    pynetdicom leaves those to the garbage: Python warns of them, and should not do so in whichever test comes next.
    """
    for thread in threading.enumerate():
        if thread.name.startswith("dicom to ") or isinstance(thread, Association | DULServiceProvider):
            thread.join(seconds)
            assert not thread.is_alive(), f"{thread.name} is still at it"
    gc.collect()
