"""After a power cut: rows that were not flushed are made again from their files, and what never became an instance is removed.

A file that opens to its end was finished before anybody was told of it. The index remembers under which start of the machine it
was written; as long as that is the present one, nothing of it can be missing.
"""

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from wardline.adapters.embedded.images.arriving import Row, Told, read_row
from wardline.adapters.embedded.images.connections import changing
from wardline.adapters.embedded.images.keys import StudyKeys
from wardline.adapters.embedded.images.sealed_files import DERIVED, PIECE, SealedFile, key_number
from wardline.core.errors import Erased, Fault, Refused
from wardline.core.images import Stored
from wardline.formats.dicom.part10 import read_head
from wardline.formats.dicom.scanning import scan_bytes
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

log = structlog.get_logger()

_CLEANED: Final = "cleaned"
_START: Final = Path("/proc/sys/kernel/random/boot_id")
_ON_ITS_WAY: Final = timedelta(hours=24)
"""Nothing takes so long to arrive."""
_JUMP: Final = 1_000_000
"""Over numbers of journal entries that may have been read before the power cut and are not there any more."""


class Recovering:
    """Looks at the folders that have not been looked through for good."""

    def __init__(self, folder: Path, is_known: Callable[[str], bool]) -> None:
        """`is_known` says whether some row speaks of a file."""
        self._files = folder / "files"
        self._mark = folder / _CLEANED
        self._is_known = is_known

    def is_needed(self, connection: sqlite3.Connection) -> bool:
        """Whether the machine has been started anew since the index was last opened. If so, the journal goes on with new numbers."""
        if connection.execute("SELECT start FROM machine").fetchone() == (_present(),) or not any(self._files.iterdir()):
            return False
        with changing(connection):
            (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'journal'").fetchone()
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'journal'")
            connection.execute("INSERT INTO sqlite_sequence VALUES ('journal', ?)", (last + _JUMP,))
        return True

    def is_done(self, connection: sqlite3.Connection) -> None:
        """From here on nothing can be missing until the machine is started anew."""
        with changing(connection):
            connection.execute("DELETE FROM machine")
            connection.execute("INSERT INTO machine VALUES (?)", (_present(),))

    def run(self, keys: StudyKeys, commit: Callable[[Row], Stored], keep: Callable[[str, str, str], None]) -> int:
        """Instances first, then what was made from their studies. Returns how many instances got their rows back."""
        made, derived = 0, []
        for folder in sorted(self._files.iterdir()):
            for path in sorted(folder.iterdir()) if folder.name >= self._cleaned_to() else ():
                file = f"{folder.name}/{path.name}"
                if self._is_known(file):
                    continue
                match _read(path, file, keys):
                    case Row() as row:
                        made += commit(row).outcome in ("stored", "quarantined")
                    case (str(study), str(digest)):
                        derived.append((study, digest, file))
        for each in derived:
            keep(*each)
        log.warning("images_recovered", instances=made, derived=len(derived))
        return made

    def clean(self, now: datetime) -> int:
        until = f"{now - _ON_ITS_WAY:%Y%m%d%H}"
        removed = 0
        for folder in sorted(self._files.iterdir()):
            if self._cleaned_to() <= folder.name < until:
                left = [path for path in folder.iterdir() if not self._is_known(f"{folder.name}/{path.name}")]
                for path in left:
                    path.unlink(missing_ok=True)
                removed += len(left)
        self._mark.write_text(until, encoding="ascii")
        return removed

    def _cleaned_to(self) -> str:
        """Folders before this one have been looked through for good."""
        return self._mark.read_text(encoding="ascii") if self._mark.exists() else ""


def _present() -> str:
    """Names the machine's present start; where it has no name, every opening counts as one."""
    return _START.read_text(encoding="ascii").strip() if _START.exists() else str(datetime.now(UTC))


def _read(path: Path, file: str, keys: StudyKeys) -> Row | tuple[str, str] | None:
    """An instance's row, or the study and digest of what was made from one; None for what was never finished."""
    try:
        number = key_number(path)
        with SealedFile(path, keys.of(number)) as sealed:
            if sealed.kind == DERIVED:
                return keys.owner(number), hashlib.sha256(b"".join(sealed.pieces())).hexdigest()
            sealed.read(max(sealed.size - 1, 0), 1)
            head = read_head(sealed.read(0, PIECE))
            source = scan_bytes(sealed.read(144, head.length - 144), EXPLICIT_LITTLE, is_meta=True).text("00020016")
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            row = Row(Told(head.sop_class, head.sop_instance, head.syntax, source), at, file, number, sealed.size, head.length, "", "", None)
            return read_row(row, sealed.size - head.length, lambda position, length: sealed.read(head.length + position, length))
    except (Fault, Refused, Erased):
        return None
