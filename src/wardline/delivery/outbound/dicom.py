"""What goes out as DICOM: the objects of a signed report, and of answers a site wants in its archive. Each is sent by itself, in their order.

When a report is withdrawn, archives get a note that rejects its objects (IHE Imaging Object Change Management; a key object selection titled
"Rejected for Patient Safety Reasons"), behind the objects themselves if they still wait. The note is made when it is sent, out of the objects.

Whoever makes an object keeps it beside the images of its study and names it in an event; the outbox holds only where it is. An object that
is sent twice is the same object, and an archive that has it already says so.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from wardline.core.errors import Fault
from wardline.core.events import Event, Found, ReportSigned, ReportWithdrawn
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


class Rejection(NamedTuple):
    """A note to be made: these objects must not be used any more."""

    study: str
    digests: tuple[str, ...]
    at: datetime
    reason: str
    author: str

    @property
    def digest(self) -> str:
        """Tells it from everything else that leaves because of the same event."""
        return "rejection"


Load = Callable[[Item | Rejection], Awaitable[bytes]]
"""Reads an object where it is kept, or makes the note. Raises `NotFound` when it has been erased meanwhile."""


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
        items: tuple[Item | Rejection, ...] = rejection_of(event) if isinstance(event.value, ReportWithdrawn) else items_of(event)
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


def rejection_of(event: Event) -> tuple[Rejection, ...]:
    """Of a report that nothing went with as DICOM, none."""
    withdrawn: ReportWithdrawn = event.value
    digests = tuple(digest for _, media_type, digest in withdrawn.artefacts if media_type == MEDIA_TYPE)
    return (Rejection(withdrawn.study, digests, event.recorded_at, withdrawn.reason, withdrawn.author),) if digests else ()


def _wants(archive: Archive, event: Event) -> bool:
    if isinstance(event.value, Found):
        return event.value.capability in archive.findings
    return archive.reports


def payload_of(item: Item | Rejection) -> bytes:
    return msgspec.json.encode(tuple(item))


def item_in(payload: bytes) -> Item | Rejection:
    """Raises `Fault` for what is no such payload."""
    try:
        if len(msgspec.json.decode(payload, type=list[Any])) == len(Item._fields):
            return Item(*msgspec.json.decode(payload, type=tuple[str, str]))
        return Rejection(*msgspec.json.decode(payload, type=tuple[str, tuple[str, ...], datetime, str, str]))
    except msgspec.DecodeError as error:
        raise Fault("the outbox holds something that is no DICOM object") from error
