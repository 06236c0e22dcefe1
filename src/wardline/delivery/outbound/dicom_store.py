"""The wire to an archive that speaks DIMSE: one association for each object, C-STORE, and what its answers mean (PS3.4 annex B, PS3.8 9.3.4)."""

import asyncio
import logging
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from wardline.core.errors import Fault, NotFound, Refused
from wardline.delivery.outbound.archives import DicomArchive
from wardline.delivery.outbound.dicom import Load, item_in
from wardline.delivery.outbound.sending import Verdict

if TYPE_CHECKING:
    from pynetdicom import AE
    from pynetdicom.association import Association

Spot = Callable[[str, int], Awaitable[str]]
"""The address behind a host that may be reached. Raises `Fault`."""

CONNECT_SECONDS: Final = 5
"""How long an archive may take to accept a connection and an association. The library cannot be called off before."""
LARGEST_PDU: Final = 131072
TAKEN: Final = frozenset({0x0000, 0xB000, 0xB006, 0xB007})
"""PS3.4 table B.2-1: success, and warnings with which the object is stored all the same."""
DUPLICATE: Final = 0x0111
"""PS3.7 C.5.7: it has an object of this number already, and ours never change under their number."""
NEVER: Final = frozenset({0x0106, 0x0115, 0x0117, 0x0119, 0x0122})
"""PS3.7 annex C: what is wrong with the object itself, or that no object of its kind is taken."""
GONE: Final = Verdict(True, False, "erased")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One object on its way, by what the archive is asked with."""

    content: bytes
    address: str
    archive: DicomArchive


class DicomWire:
    """A `Wire`."""

    def __init__(self, archive: DicomArchive, load: Load, spot: Spot) -> None:
        self._archive = archive
        self._load = load
        self._spot = spot
        self._stop: Callable[[], None] = lambda: None

    async def send(self, payload: bytes) -> Verdict:
        item = item_in(payload)
        try:
            content = await self._load(item)
        except NotFound:
            return GONE  # its patient has been erased: there is nothing left to send
        except Refused as refused:  # no true object can be made of it, however often it is tried
            return Verdict(False, True, "no object", str(refused))
        address = await self._spot(self._archive.host, self._archive.port)
        return await self._in_thread(Parcel(content, address, self._archive))

    async def close(self) -> None:
        self._stop()

    async def _in_thread(self, parcel: Parcel) -> Verdict:
        """In a thread of its own that nobody waits for at the end: the library blocks, up to its time limits."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        told: list[Verdict | Exception] = []
        call = _Call(parcel)

        def work() -> None:
            try:
                told.append(call.store())
            except Exception as error:  # handed over to whoever waits, as it is
                told.append(error)
            if not loop.is_closed():
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=work, name=f"dicom to {self._archive.name}", daemon=True).start()
        self._stop = call.abort
        try:
            await done.wait()
        except asyncio.CancelledError:
            call.abort()
            raise
        (outcome,) = told
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class _Call:
    """One association with one C-STORE in it."""

    def __init__(self, parcel: Parcel) -> None:
        self._parcel = parcel
        self._association: Association | None = None

    def abort(self) -> None:
        """Let go, whatever it is waiting for, without waiting for the archive to hear of it."""
        association = self._association
        if association is not None and association.is_established:
            threading.Thread(target=association.abort, name=f"dicom to {self._parcel.archive.name}: abort", daemon=True).start()

    def store(self) -> Verdict:
        """Raises `Fault` where the archive gives no answer that says anything about the object."""
        from pydicom import dcmread

        archive, dataset = self._parcel.archive, dcmread(BytesIO(self._parcel.content))
        entity = _entity(archive, str(dataset.file_meta.MediaStorageSOPClassUID), str(dataset.file_meta.TransferSyntaxUID))
        tls = (_context(archive), archive.host) if archive.encryption is not None else None
        association = entity.associate(self._parcel.address, archive.port, ae_title=archive.called, max_pdu=LARGEST_PDU, tls_args=tls)
        self._association = association
        if not association.is_established:
            return _turned_away(association, archive)
        try:
            status = association.send_c_store(dataset)
        except (ValueError, RuntimeError) as error:
            raise Fault(f"{archive.name} has broken off the association") from error
        finally:
            if association.is_established:
                association.release()
        return _meaning(status.get("Status"), archive)


def _entity(archive: DicomArchive, sop_class: str, syntax: str) -> "AE":
    from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian
    from pynetdicom import AE

    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)  # what it would say of a failure stands on the system page, as our sentence
    entity = AE(ae_title=archive.calling)
    entity.dimse_timeout = entity.network_timeout = archive.timeout_seconds
    entity.acse_timeout = entity.connection_timeout = min(archive.timeout_seconds, CONNECT_SECONDS)
    is_plain = not UID(syntax).is_compressed
    entity.add_requested_context(sop_class, [ExplicitVRLittleEndian, ImplicitVRLittleEndian] if is_plain else [UID(syntax)])
    return entity


def _context(archive: DicomArchive) -> ssl.SSLContext:
    assert archive.encryption is not None
    return archive.encryption.context()


def _turned_away(association: "Association", archive: DicomArchive) -> Verdict:
    """No association: the archive is away, does not know us, or takes no such objects. Only the last is about the object."""
    answer = association.acceptor.primitive
    if association.is_rejected and answer is not None:
        raise Fault(f"{archive.name} turns us away: {answer.reason_str.lower()}; it must know {archive.calling} and be called {archive.called}")
    if answer is not None and not association.accepted_contexts:
        return Verdict(False, True, "no such objects", "it takes no objects of this kind, or not in this encoding")
    raise Fault(f"{archive.name} cannot be reached at {archive.host}:{archive.port}")


def _meaning(status: Any, archive: DicomArchive) -> Verdict:
    if status is None:
        raise Fault(f"{archive.name} did not answer within {archive.timeout_seconds:g} s")
    code = int(status)
    return Verdict(code in TAKEN or code == DUPLICATE, is_about_object(code), f"{code:04X}")


def is_about_object(code: int) -> bool:
    """Whether a status says that this object will never be taken, however often it is sent."""
    return code in NEVER or 0xA900 <= code <= 0xA9FF or 0xC000 <= code <= 0xCFFF
