"""What goes out as DICOM: the objects of a signed report, and of answers a site wants in its archive. Each is sent by itself, in their order.

Whoever makes an object keeps it beside the images of its study and names it in an event; the outbox holds only where it is. An object that
is sent twice is the same object, and an archive that has it already says so.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from wardline.core.errors import Fault
from wardline.core.events import Event, Found, ReportSigned
from wardline.core.ports import Outgoing
from wardline.core.reactions import Forwarding, Patients
from wardline.core.timeline import Timeline
from wardline.delivery.outbound.archives import Archive

MEDIA_TYPE: Final = "application/dicom"
"""Of artefacts that are DICOM files (RFC 3240)."""


class Item(NamedTuple):
    """Where an object is that must go out."""

    study: str
    digest: str


Load = Callable[[Item], bytes]
"""Reads an object where it is kept. Raises `NotFound` when it has been erased meanwhile."""


class DicomOutbound(Forwarding):
    """A reaction: puts DICOM objects for every archive into the outbox. Keeps no state."""

    name = "outbound-dicom"

    def __init__(self, archives: Iterable[Archive], withheld: Callable[[Event, Timeline], bool] = lambda event, timeline: False) -> None:
        self.archives = tuple(archives)
        self.withheld = withheld
        """Whether something is too sensitive to leave the house, whoever it is sent to."""
        self.going: list[Outgoing] = []

    def react(self, event: Event, patients: Patients, now: datetime) -> Iterable[Event]:
        if not self.archives:
            return ()
        items = items_of(event)
        wanting = [archive for archive in self.archives if _wants(archive, event)] if items else []
        if wanting and not self.withheld(event, patients.timeline(event.about)):
            for archive in wanting:
                for item in items:
                    self.going.append(Outgoing(f"{archive.topic}/{event.id}/{item.digest}", archive.topic, payload_of(item), event.about))
        return ()


def items_of(event: Event) -> tuple[Item, ...]:
    """The DICOM objects an event names, in its order: a segmentation before the report that points at it."""
    match event.value:
        case Found(key=key, artefacts=artefacts) if artefacts:
            study = key.partition("/")[0]  # the question of an answer about a study begins with it: "1.2.3" or "1.2.3/L1"
        case ReportSigned(study=study, artefacts=artefacts):
            pass
        case _:
            return ()
    return tuple(Item(study, digest) for _, media_type, digest in artefacts if media_type == MEDIA_TYPE)


def _wants(archive: Archive, event: Event) -> bool:
    if isinstance(event.value, Found):
        return event.value.capability in archive.findings
    return archive.reports


def payload_of(item: Item) -> bytes:
    return msgspec.json.encode([item.study, item.digest])


def item_in(payload: bytes) -> Item:
    """Raises `Fault` for what is no such payload."""
    try:
        return Item(*msgspec.json.decode(payload, type=tuple[str, str]))
    except msgspec.DecodeError as error:
        raise Fault("the outbox holds something that is no DICOM object") from error
