"""HL7 v2 files as a feed: a file, a folder of *.hl7 files, or a .tar.gz of them, in name order.

Collections of sample messages use one control id (MSH-10) again and again, which a receiver rightly takes for an error. A message
whose id was already sent with other content gets a new one made of the id and a digest of the message, so that replaying the
same files twice still shows as duplicates. Nothing else of a message is changed.
"""

import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path

from wardline.core.errors import NotFound, Refused
from wardline.formats.hl7v2.message import header_of, split_batch
from wardline.intake.datasets.timed import Feed, Timed


def feed(path: Path, limit: int | None = None) -> Feed:
    """Every message; at most `limit` files. A file may hold one message, several after each other, or a batch (FHS/BHS)."""
    files = _Archive(path) if path.name.endswith((".tar.gz", ".tgz")) else _Folder(path)
    if not files.names:
        raise NotFound(f"there is no *.hl7 file in {path}")
    names = files.names[:limit]
    return Feed(len(names), _messages(files, names))


def _messages(files: "_Archive | _Folder", names: list[str]) -> Iterator[tuple[int, Timed]]:
    sent: dict[tuple[str, str, str], bytes] = {}
    for number, name in enumerate(names, 1):
        content = files.read(name)
        several = split_batch(content)
        parts = several if several is not None else [content]
        for part, raw in enumerate(parts, 1):
            yield number, Timed(None, f"{name}#{part}" if len(parts) > 1 else name, _distinct(raw, sent))


def _distinct(raw: bytes, sent: dict[tuple[str, str, str], bytes]) -> bytes:
    """The message, with another control id where its own names a different message already."""
    try:
        header = header_of(raw)
    except Refused:
        return raw
    digest = hashlib.sha256(raw).digest()
    identity = (header.sending_application, header.sending_facility, header.control_id)
    if not header.control_id or sent.setdefault(identity, digest) == digest:
        return raw
    start = raw.index(b"MSH")
    separator = raw[start + 3 : start + 4]
    fields = raw[start:].split(separator, 10)  # MSH-1 is the separator itself: MSH-10 is the tenth piece
    fields[9] = fields[9][:180] + b"-" + digest[:4].hex().encode()
    return raw[:start] + separator.join(fields)


class _Folder:
    """A folder with all that is below it, or a single file."""

    def __init__(self, path: Path) -> None:
        self.path = path if path.is_dir() else path.parent
        files = sorted(path.rglob("*.hl7")) if path.is_dir() else [path]
        self.names = [file.relative_to(self.path).as_posix() for file in files]

    def read(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise NotFound(f"{self.path / name} cannot be read: {error.strerror}") from None


class _Archive:
    """Members are read, never unpacked to disk."""

    def __init__(self, path: Path) -> None:
        try:
            with tarfile.open(path, "r:gz") as archive:
                self._contents = {
                    member.name: content.read()
                    for member in archive
                    if member.name.endswith(".hl7") and (content := archive.extractfile(member)) is not None
                }
        except tarfile.TarError as error:
            raise Refused(f"{path.name} is not a gzipped tar archive: {error}", code="dataset", where=path.name) from None
        except OSError as error:
            raise NotFound(f"{path} cannot be read: {error.strerror or error}") from None
        self.names = sorted(self._contents)

    def read(self, name: str) -> bytes:
        return self._contents[name]
