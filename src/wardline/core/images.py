"""The image store as the house sees it: studies as they arrive, what is asked of them, and what is kept of what was made from them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol


class JournalEntry(NamedTuple):
    """One change of a study in the image store; read in order, each is made into events once."""

    seq: int
    study: str
    what: str
    """"arriving", "complete", "reopened", "quarantined", "forgotten"."""
    at: datetime
    detail: Mapping[str, Any] = {}


class StudyRecord(NamedTuple):
    """A study as its instances say it. Names and numbers are the sender's, not checked against anybody."""

    uid: str
    patient_id: str
    issuer: str
    name: str
    birth_date: str
    sex: str
    accession: str
    description: str
    acquired_at: datetime | None
    """Study Date and Time, in the house's zone where it says no offset."""
    state: str
    """"arriving" or "complete"."""
    changed_at: datetime
    series: tuple["SeriesRecord", ...] = ()


class SeriesRecord(NamedTuple):
    """A series of a study in the store."""

    uid: str
    modality: str
    number: int
    description: str
    instances: tuple[str, ...] = ()
    """SOP Instance UIDs in the order of Instance Number."""


class Stored(NamedTuple):
    """What became of an instance that was received; durable when it is said."""

    outcome: Literal["stored", "already", "quarantined", "taken"]
    """"already": the same object was here. "taken" is said within the store only."""
    study: str
    series: str
    instance: str
    reason: str = ""
    """Why it was put aside."""
    code: str = ""
    """The same for programs: "broken", "mismatch" (it is not what its sender announced), "double" (another object under its UID), "patient"."""


class ArrivingInstance(Protocol):
    """An instance while it is being received: the data set in any pieces, then `finish` or `abandon`."""

    @property
    def size(self) -> int:
        """Bytes of the data set so far."""
        ...

    def write(self, content: bytes | memoryview) -> None:
        """Raises `StorageFull` or `StorageBroken`."""
        ...

    def finish(self, *, wrong: str = "", agree: Callable[[str], None] | None = None) -> Stored:
        """Durable when this returns. With `wrong`, the reason, it is put aside whatever it is. Raises `StorageFull`, `StorageBroken`, `Fault`.

        `agree` hears the Study Instance UID; if it raises, the instance is not kept.
        """
        ...

    def abandon(self) -> None:
        """As if nothing had come."""
        ...


class InstanceLayout(NamedTuple):
    """One stored instance, as it lies in its file."""

    study: str
    series: str
    sop_class: str
    syntax: str
    """Transfer Syntax UID, as it was received."""
    size: int
    """Bytes of the whole file (PS3.10)."""
    dataset: int
    """Where the data set begins in it."""
    frames: int
    """0 where there are no pixels."""


class ImageRow(NamedTuple):
    """A line of an answer: a study, a series (with `series`), or an instance (with both)."""

    study: str
    series: str
    instance: str
    record: str
    """Whose record the study is read with, "" where that is not certain."""
    attributes: bytes
    """DICOM JSON of this level and those above, with counts."""


class QuarantinedImage(NamedTuple):
    """An instance that was received and could not be filed; it is kept as it came."""

    number: int
    at: datetime
    reason: str
    source: str
    study: str
    instance: str
    sop_class: str
    syntax: str
    size: int


class Images(Protocol):
    """Studies instance by instance as they were received, and what was made from them: sealed, and gone when their patient is erased."""

    def begin(self, *, sop_class: str, sop_instance: str, syntax: str, source: str) -> ArrivingInstance:
        """A new instance. `source` is the AE title or account that sends it. Raises `StorageFull`, `StorageBroken`."""
        ...

    def expect(self, study: str, instances: int) -> None:
        """Somebody who knows has said how many instances the study has; it is complete as soon as they are here."""
        ...

    def complete(self, before: datetime) -> list[str]:
        """Studies to which nothing was added since then are complete now, as far as one can tell; returns them."""
        ...

    def clean(self, now: datetime) -> int:
        """Remove what a crash left of instances that never arrived whole; returns how many there were."""
        ...

    def place(self, study: str, record: str) -> None:
        """Whose record the study is read with; "" where that is not certain."""
        ...

    def journal(self, after: int = 0, limit: int = 500) -> list[JournalEntry]: ...

    def study(self, uid: str) -> StudyRecord | None: ...

    def find(
        self, level: Literal["study", "series", "instance"], *, studies: Collection[str] = (), series: Collection[str] = (),
        instances: Collection[str] = (), patient_id: str = "", accession: str = "", dates: tuple[str, str] = ("", ""),
        records: Collection[str] | None = None,
    ) -> Iterator[ImageRow]:  # fmt: skip
        """Newest study first, then by series and instance number. What is given narrows; dates are YYYYMMDD, the first and the last."""
        ...

    def metadata(self, study: str, series: str = "", instance: str = "") -> list[bytes]:
        """DICOM JSON of each instance; a long value is {"vr", "BulkDataURI": "@/PATH"}, to be replaced by an address."""
        ...

    def layout(self, instance: str) -> InstanceLayout:
        """Raises `NotFound`."""
        ...

    def instance(self, uid: str) -> bytes:
        """The file as it was received. Raises `NotFound`, or `Fault` where it does not open any more."""
        ...

    def chunks(self, instance: str) -> Iterator[bytes]:
        """The same, 1 MiB at a time."""
        ...

    def read(self, instance: str, offset: int, length: int) -> bytes:
        """A stretch of the file."""
        ...

    def frame(self, instance: str, number: int) -> bytes:
        """One frame as it is stored, from 1. Raises `NotFound`; `Refused` where the object does not let them be told apart."""
        ...

    def bulk(self, instance: str, path: str) -> Iterator[bytes]:
        """The value that metadata refers to by "@/" and this path, 1 MiB at a time. Raises `NotFound` before the first."""
        ...

    def quarantined(self, limit: int = 500) -> list[QuarantinedImage]:
        """Waiting for a person, the newest first."""
        ...

    def quarantined_bytes(self, number: int) -> bytes:
        """The file as it came. Raises `NotFound`."""
        ...

    def dismiss(self, number: int) -> None:
        """A person says that it is of no use: it is removed for good. Raises `NotFound`."""
        ...

    def keep(self, study: str, content: bytes) -> str:
        """Keep something that was made from a study, durably; returns its SHA-256 in hex. Kept twice it is there once."""
        ...

    def kept(self, study: str, digest: str) -> bytes:
        """Raises `NotFound`."""
        ...

    def forget(self, study: str) -> None:
        """Destroy its key, its files and its rows."""
        ...

    def names(self, records: Collection[str]) -> list[str]:
        """How the register of erasures names the studies that are read with these records."""
        ...

    def carry_out(self, erasures: Iterable[tuple[str, Collection[str]]]) -> int:
        """Forget what the register of erasures names and is still here, as after a restore; returns how many studies."""
        ...
