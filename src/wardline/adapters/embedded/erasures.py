"""The register of erasures: which records were erased and when, kept apart from the data so that no restore brings anybody back.

One line of JSON each, every line signed together with the one before it. It names records by their keyed hash, never a person.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from wardline.core.errors import Fault

_FIRST: Final = ""


class Entry(NamedTuple):
    """One erasure that was carried out. `owners` are those whose keys it destroyed."""

    erasure: str
    at: datetime
    owners: tuple[str, ...]
    mark: str
    """Its signature, over everything before it as well."""


class ErasureRegister:
    """Only ever longer. What stands in it holds for every copy of the data, however old."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def begin(self) -> None:
        """Make an empty one where there is none."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))

    def entries(self) -> list[Entry]:
        """All of them, the oldest first. Raises `Fault` naming the first line that is not as it was written."""
        found: list[Entry] = []
        mark = _FIRST
        for number, line in enumerate(self._lines(), 1):
            try:
                content = json.loads(line)
                entry = Entry(content["erasure"], datetime.fromisoformat(content["at"]), tuple(content["owners"]), content["mark"])
            except (ValueError, KeyError, TypeError) as error:
                raise Fault(f"line {number} of {self.path} is damaged; put the register back from where it is copied to") from error
            mark = self._mark(mark, entry.erasure, entry.at, entry.owners)
            if not hmac.compare_digest(mark, entry.mark):
                raise Fault(f"line {number} of {self.path} is not as it was written; put the register back from where it is copied to")
            found.append(entry)
        return found

    def add(self, erasure: str, at: datetime, owners: Iterable[str]) -> Entry:
        """Durable when this returns. From here on there is no way back: whatever opens the data carries it out."""
        known = self.entries()
        names = tuple(sorted(owners))
        entry = Entry(erasure, at, names, self._mark(known[-1].mark if known else _FIRST, erasure, at, names))
        self.begin()
        with self.path.open("r+b") as stream:
            stream.truncate(sum(len(line) + 1 for line in self._lines()))  # what a crash left of a line that was never finished
            stream.seek(0, os.SEEK_END)
            stream.write(json.dumps({**entry._asdict(), "at": at.isoformat()}).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        return entry

    def _lines(self) -> list[bytes]:
        """Finished lines: one without its end was being written when the machine stopped, and nobody had been told yet."""
        content = self.path.read_bytes() if self.exists else b""
        return content.split(b"\n")[:-1]

    def _mark(self, before: str, erasure: str, at: datetime, owners: tuple[str, ...]) -> str:
        said = json.dumps([before, erasure, at.isoformat(), owners]).encode()
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()
