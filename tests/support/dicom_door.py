"""A DICOM door in this process, small objects to send, and a sender that can say anything, also what no decent one would."""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import A_ASSOCIATE, ImplementationClassUIDNotification, MaximumLengthNotification
from pynetdicom.presentation import PresentationContext

from wardline.adapters.embedded.images.store import ImageStore
from wardline.core.errors import StorageBroken
from wardline.core.images import Stored
from wardline.formats.dicom.part10 import head_of
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, syntax_of
from wardline.intake.dicom import commands, pdus
from wardline.intake.dicom.agreement import Agreement, open_agreement
from wardline.intake.dicom.association import Handler, Serving
from wardline.intake.dicom.commands import Command
from wardline.intake.dicom.listener import DicomListener

CT = "1.2.840.10008.5.1.4.1.1.2"
SECRET = b"the secret of a test's image st."
ROOT = "1.2.826.0.1.3680043.8.498.77"


def ct(number: int = 1, *, study: str = f"{ROOT}.1", patient: str = "4711", size: int = 32, **said: Any) -> Dataset:
    """A small CT slice, pixels 0, 1, 2 ..."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CT, f"{study}.1.{number}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, f"{study}.1"
    dataset.PatientID, dataset.PatientName, dataset.PatientBirthDate, dataset.PatientSex = patient, "Quillfeather^Odalys", "19500102", "F"
    dataset.StudyDate, dataset.StudyTime, dataset.AccessionNumber, dataset.StudyID = "20260301", "101500", "A1", "S1"
    dataset.Modality, dataset.SeriesNumber, dataset.InstanceNumber, dataset.StudyDescription = "CT", 1, number, "Thorax"
    dataset.Rows = dataset.Columns = size
    dataset.SamplesPerPixel, dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 1, 16, 12, 11, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = b"".join(struct.pack("<H", each % 4096) for each in range(size * size))
    for keyword, value in said.items():
        setattr(dataset, keyword, value)
    return dataset


def bytes_of(dataset: Dataset, syntax: str = EXPLICIT_LITTLE) -> bytes:
    """A data set without a file's head."""
    kind = syntax_of(syntax)
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = not kind.is_big, kind.is_implicit
    write_dataset(buffer, dataset)
    return bytes(buffer.getvalue())


def put(images: ImageStore, dataset: Dataset, *, content: bytes | None = None, syntax: str = EXPLICIT_LITTLE, source: str = "TEST") -> Stored:
    arriving = images.begin(sop_class=dataset.SOPClassUID, sop_instance=dataset.SOPInstanceUID, syntax=syntax, source=source)
    arriving.write(bytes_of(dataset, syntax) if content is None else content)
    return arriving.finish()


def files(images: ImageStore) -> list[Path]:
    """Sealed files in the store, without the empty ones that lie ready."""
    return [path for path in (images.folder / "files").rglob("*") if path.is_file() and path.stat().st_size]


class Door:
    """A listener on a free port of this machine."""

    def __init__(self, folder: Path, agreement: Agreement, handlers: Mapping[int, Handler], **options: Any) -> None:
        self.images = ImageStore(folder, SECRET)
        self.agreement = agreement
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.broken: list[StorageBroken] = []
        serving = Serving(self.images, lambda: self.agreement, handlers, self._ask, self.broken.append)
        self.listener = DicomListener(serving, **options)
        self.port = self.listener.listen("127.0.0.1", 0)
        self._thread = threading.Thread(target=self.listener.run, daemon=True)
        self._thread.start()

    def _ask(self, question: str, **fields: Any) -> dict[str, Any]:
        self.asked.append((question, fields))
        return {}

    def instances(self) -> list[str]:
        return [row.instance for row in self.images.find("instance")]

    def close(self) -> None:
        self.listener.close(2)
        self._thread.join(2)
        self.images.close()


@contextmanager
def door(folder: Path, agreement: Agreement | None = None, handlers: Mapping[int, Handler] | None = None, **options: Any) -> Iterator[Door]:
    opened = Door(folder, agreement or open_agreement(), handlers or {}, **options)
    try:
        yield opened
    finally:
        for sock in _SENDERS:
            sock.close()
        _SENDERS.clear()
        opened.close()


_SENDERS: list[socket.socket] = []
"""What a test opened and did not close, because it was about something else."""


class Sender:
    """An association, byte by byte."""

    def __init__(
        self, port: int, *, contexts: Mapping[str, list[str]] | None = None, called: str = "WARDLINE", calling: str = "SENDER", request: bytes = b""
    ) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        _SENDERS.append(self.sock)
        self.sock.sendall(request or association_request(contexts or {CT: [EXPLICIT_LITTLE]}, called, calling))
        self.answer = self.pdu()

    def pdu(self) -> bytes:
        """The next one, b"" when the other side has hung up."""
        head = self._read(6)
        return head + self._read(int.from_bytes(head[2:6], "big")) if len(head) == 6 else b""

    def _read(self, length: int) -> bytes:
        found = b""
        while len(found) < length:
            try:
                part = self.sock.recv(length - len(found))
            except OSError:
                return found
            if not part:
                return found
            found += part
        return found

    def send_values(self, *values: tuple[int, bytes], context: int = 1) -> None:
        """One P-DATA of several values: (control, content)."""
        content = b"".join(struct.pack(">LBB", len(each) + 2, context, control) + each for control, each in values)
        self.sock.sendall(struct.pack(">BBL", pdus.P_DATA, 0, len(content)) + content)

    def store_command(self, dataset: Dataset, number: int = 1) -> bytes:
        return commands.encode({
            "AffectedSOPClassUID": str(dataset.SOPClassUID), "CommandField": commands.C_STORE, "MessageID": number, "Priority": 0,
            "CommandDataSetType": 1, "AffectedSOPInstanceUID": str(dataset.SOPInstanceUID),
        })  # fmt: skip

    def store(self, dataset: Dataset, content: bytes | None = None, *, number: int = 1, syntax: str = EXPLICIT_LITTLE) -> Command:
        """As an ordinary sender does."""
        self.send_values((3, self.store_command(dataset, number)))
        whole = bytes_of(dataset, syntax) if content is None else content
        parts = [whole[i : i + 16_000] for i in range(0, len(whole), 16_000)] or [b""]
        for part in parts[:-1]:
            self.send_values((0, part))
        self.send_values((2, parts[-1]))
        return self.response()

    def response(self) -> Command:
        pdu = self.pdu()
        assert pdu[:1] == bytes((pdus.P_DATA,)), pdu[:12]
        return commands.decode(pdu[12:])

    def release(self) -> None:
        self.sock.sendall(bytes((pdus.RELEASE_RQ, 0, 0, 0, 0, 4, 0, 0, 0, 0)))
        assert self.pdu() == pdus.RELEASED
        self.sock.close()

    def abort(self) -> None:
        self.sock.sendall(pdus.abort(0, 0))
        self.sock.close()


def association_request(contexts: Mapping[str, list[str]], called: str, calling: str, roles: list[Any] | None = None) -> bytes:
    said = A_ASSOCIATE()
    said.application_context_name, said.called_ae_title, said.calling_ae_title = "1.2.840.10008.3.1.1.1", called, calling
    wanted = []
    for number, (abstract, transfers) in enumerate(contexts.items()):
        context = PresentationContext()
        context.context_id, context.abstract_syntax, context.transfer_syntax = 2 * number + 1, abstract, transfers
        wanted.append(context)
    said.presentation_context_definition_list = wanted
    length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
    length.maximum_length_received, implementation.implementation_class_uid = 16_384, "1.2.3.4"
    said.user_information = [length, implementation, *(roles or [])]
    pdu = A_ASSOCIATE_RQ()
    pdu.from_primitive(said)
    return bytes(pdu.encode())


def as_file(dataset: Dataset, path: Path, syntax: str = EXPLICIT_LITTLE) -> Path:
    """A DICOM file for other programs to send."""
    head = head_of(sop_class=dataset.SOPClassUID, sop_instance=dataset.SOPInstanceUID, syntax=syntax, source="TEST")
    path.write_bytes(head + bytes_of(dataset, syntax))
    return path
