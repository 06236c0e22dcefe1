"""One instance while it is being received: its bytes go to the disk sealed, and count only when the index says so."""

import errno
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec
import zstandard

from wardline.adapters.embedded.images import layouts
from wardline.adapters.embedded.images.keys import StudyKeys
from wardline.adapters.embedded.images.sealed_files import SealedWriter
from wardline.core.errors import Refused, StorageBroken, StorageFull
from wardline.core.images import Stored
from wardline.formats.dicom import levels
from wardline.formats.dicom.part10 import head_of
from wardline.formats.dicom.scanning import Scanned, scan

LONGEST_UID: Final = 64
_UID: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_FIRST: Final = 64 * 1024
"""In which nearly every header has room."""
_ENCODE: Final = msgspec.json.Encoder().encode


class Told(NamedTuple):
    """What the sender said before the object itself."""

    sop_class: str
    sop_instance: str
    syntax: str
    source: str


class Row(NamedTuple):
    """One instance on its way into the index."""

    told: Told
    at: datetime
    file: str
    key: int
    size: int
    dataset: int
    study: str
    series: str
    scanned: Scanned | None
    header: bytes = b""
    layout: bytes = b""
    reason: str = ""
    """Why it is put aside; "" for one that is taken."""
    code: str = ""


class Arriving:
    """Write the data set in any pieces, then `finish` or `abandon`. Not to be shared between threads."""

    def __init__(self, told: Told, writer: SealedWriter, file: str, keys: StudyKeys, commit: Callable[[Row], Stored]) -> None:
        self._told = told
        self._file = file
        self._keys = keys
        self._commit = commit
        head = head_of(sop_class=told.sop_class, sop_instance=told.sop_instance, syntax=told.syntax, source=told.source)
        self._begins = len(head)
        self._writer = writer
        with on_disk():
            self._writer.write(head)

    @property
    def size(self) -> int:
        """Bytes of the data set so far."""
        return self._writer.size - self._begins

    def write(self, content: bytes | memoryview) -> None:
        """Raises `StorageFull` or `StorageBroken`."""
        with on_disk():
            self._writer.write(content)

    def finish(self, *, wrong: str = "", agree: Callable[[str], None] | None = None) -> Stored:
        """Durable when this returns: stored, there already, or put aside with the reason. With `wrong` it is put aside whatever it is.

        `agree` hears the Study Instance UID; if it raises, the instance is not kept.
        """
        try:
            row = self._read(wrong)
            if agree is not None and row.study:
                agree(row.study)
            key = self._keys.make(row.study or f"stray/{self._file}")
            with on_disk():
                self._writer.close(*key)
            stored = self._commit(row._replace(key=key[0], size=self._writer.size))
        except StorageBroken:  # whether the index has it is not known: the next start looks, and until then the file stays
            raise
        except BaseException:  # whatever it was: what is not in the index is not kept
            self._writer.abandon()
            raise
        if stored.outcome == "already":
            self._writer.abandon()
        return stored

    def abandon(self) -> None:
        """The sender has gone, or does not want it any more."""
        self._writer.abandon()

    def _read(self, wrong: str) -> Row:
        row = Row(self._told, datetime.now(UTC), self._file, 0, 0, self._begins, "", "", None)
        return read_row(row, self.size, self._dataset, wrong=wrong)

    def _dataset(self, position: int, length: int) -> bytes:
        return self._writer.read(self._begins + position, length)


def read_row(row: Row, length: int, dataset: Callable[[int, int], bytes], *, wrong: str = "") -> Row:
    """The row of an object by its own header; with a reason where it cannot be filed."""
    try:
        scanned = scan(dataset(0, min(_FIRST, length)), length, dataset, row.told.syntax)
    except Refused as refused:
        return row._replace(reason=wrong or str(refused), code="mismatch" if wrong else "broken")
    study, series = (uid if is_uid(uid) else "" for uid in (scanned.text("0020000D"), scanned.text("0020000E")))
    row = row._replace(study=study, series=series, scanned=scanned)
    reason, code = (wrong, "mismatch") if wrong else contradiction(scanned, row.told)
    if reason:
        return row._replace(reason=reason, code=code)
    return row._replace(header=_compressed(_ENCODE(scanned.attributes)), layout=layouts.packed(scanned))


def _compressed(content: bytes) -> bytes:
    """With one engine for each thread: a new one costs ten times what it does here."""
    engine = getattr(_MINE, "engine", None)
    if engine is None:
        engine = _MINE.engine = zstandard.ZstdCompressor(level=1)
    return bytes(engine.compress(content))


_MINE: Final = threading.local()


def contradiction(scanned: Scanned, told: Told) -> tuple[str, str]:
    """Why an object cannot be filed, in words and as a code: what is missing in it, or not as its sender announced. Empty when all is well."""
    for tag, name, said in (("00080016", "SOP Class UID", told.sop_class), ("00080018", "SOP Instance UID", told.sop_instance)):
        if scanned.text(tag) != said:
            found = scanned.text(tag)
            what = (found if is_uid(found) else "no UID") if found else "missing"  # anything else may be somebody's name
            return f"{name} ({tag[:4]},{tag[4:]}) is {what}, the sender announced {said if is_uid(said) else 'no UID'}", "mismatch"
    for tag, name in (("00080018", "SOP Instance UID"), ("0020000D", "Study Instance UID"), ("0020000E", "Series Instance UID")):
        uid = scanned.text(tag)
        if not is_uid(uid):
            return f"{name} ({tag[:4]},{tag[4:]}) is {'no UID' if uid else 'missing'}", "broken"
    return "", ""


def is_uid(text: str) -> bool:
    """Digits and dots, 64 at most (PS3.5 9.1). Leading zeros, which the standard forbids and some devices write, are let pass."""
    return len(text) <= LONGEST_UID and _UID.fullmatch(text) is not None


def attributes_at(level: tuple[str, ...], scanned: Scanned) -> bytes:
    return _ENCODE(levels.of_level(level, scanned.attributes))


class on_disk:  # noqa: N801 - reads as a sentence where it is used
    """What a failing disk means for senders."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError):
            if error.errno in _FULL:
                raise StorageFull("the disk for images is full") from error
            raise StorageBroken(f"the disk for images does not take what is written: {error.strerror}") from error


_FULL: Final = (errno.EFBIG, errno.ENOSPC, errno.EDQUOT)
