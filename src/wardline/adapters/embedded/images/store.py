"""The image store: instances in sealed files, an index that answers questions about them, and a journal of what became of each study.

images/index.db   what is here; images/keys.db   a key per study; images/files/YYYYMMDDHH/   the files, by the hour they came in

Any number of processes and threads may use one folder at once. An instance counts from the moment its row is in the index.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final, Literal

from wardline.adapters.embedded.images import index, schema
from wardline.adapters.embedded.images.arriving import Arriving, Row, Told, on_disk
from wardline.adapters.embedded.images.committing import Committing, complete, note
from wardline.adapters.embedded.images.connections import Readers, changing, connected, opened
from wardline.adapters.embedded.images.frames import content_of, frame_of
from wardline.adapters.embedded.images.index_sealing import IndexSealing
from wardline.adapters.embedded.images.keys import StudyKeys
from wardline.adapters.embedded.images.layouts import Layout
from wardline.adapters.embedded.images.places import Places
from wardline.adapters.embedded.images.recovering import Recovering
from wardline.adapters.embedded.images.sealed_files import DERIVED, SealedFile, SealedWriter, key_number, stretches
from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.errors import NotFound
from wardline.core.images import ImageRow, InstanceLayout, JournalEntry, QuarantinedImage, StudyRecord

INDEX: Final = "index.db"
KEYS: Final = "keys.db"


class ImageStore:
    """`Images` on this machine's disk."""

    def __init__(self, folder: Path, secret: bytes, *older: bytes, zone: tzinfo = UTC) -> None:
        """`secret` wraps the studies' keys; `older` are former ones that may still wrap some."""
        self.folder = folder
        self._zone = zone
        self._files = folder / "files"
        self._files.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.keys = StudyKeys(folder / KEYS, secret, *older)
        self._sealing = IndexSealing(self.keys)
        self._connection = opened(folder / INDEX, schema.VERSIONS)
        self._quick = connected(folder / INDEX, is_quick=True)
        self._committing = Committing(self._quick, self._connection, self._sealing, self._is_same)
        self._places = Places(self._files)
        self._readers = Readers(folder / INDEX)

    # --- coming in ---

    def begin(self, *, sop_class: str, sop_instance: str, syntax: str, source: str) -> Arriving:
        """A new instance. `source` is the AE title or account that sends it. Raises `StorageFull`, `StorageBroken`."""
        file, writer = self._new_file()
        return Arriving(Told(sop_class, sop_instance, syntax, source), writer, file, self.keys, self._committing.commit)

    def expect(self, study: str, instances: int) -> None:
        """Somebody who knows has said how many instances the study has; it is complete as soon as they are here."""
        with self._committing.lock, changing(self._connection) as connection:
            connection.execute("UPDATE studies SET expected = ? WHERE uid = ?", (instances, study))
            row = connection.execute("SELECT 1 FROM studies WHERE uid = ? AND state = 'arriving' AND instances >= expected", (study,)).fetchone()
            if row is not None and instances:
                complete(connection, study, datetime.now(UTC), "every expected instance is here")

    def complete(self, before: datetime) -> list[str]:
        """Studies to which nothing was added since then are complete now, as far as one can tell; returns them."""
        question = "SELECT uid FROM studies WHERE state = 'arriving' AND changed_at < ?"
        if self._one(f"{question} LIMIT 1", microseconds(before)) is None:
            return []
        with self._committing.lock, changing(self._connection) as connection:
            found = [uid for (uid,) in connection.execute(question, (microseconds(before),))]
            for uid in found:
                complete(connection, uid, datetime.now(UTC), "nothing came for a while")
        return found

    def place(self, study: str, record: str) -> None:
        """Whose record the study is read with; "" where that is not certain."""
        with self._committing.lock, changing(self._connection) as connection:
            connection.execute("UPDATE studies SET record = ? WHERE uid = ?", (record, study))

    # --- questions ---

    def journal(self, after: int = 0, limit: int = 500) -> list[JournalEntry]:
        with self._readers.one() as connection:
            return index.journal(connection, after, limit)

    def journal_end(self) -> int:
        """Number of the last entry there has been."""
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'journal'")
        return int(row[0]) if row is not None else 0

    def study(self, uid: str) -> StudyRecord | None:
        with self._readers.one() as connection:
            return index.study_record(connection, self._sealing.opener(), uid, self._zone)

    def find(
        self, level: Literal["study", "series", "instance"], *, studies: Collection[str] = (), series: Collection[str] = (),
        instances: Collection[str] = (), patient_id: str = "", accession: str = "", dates: tuple[str, str] = ("", ""),
        records: Collection[str] | None = None,
    ) -> Iterator[ImageRow]:  # fmt: skip
        with self._readers.one() as connection:
            yield from index.rows(
                connection, self._sealing.opener(), level, studies=studies, series=series, instances=instances,
                patient=self._sealing.digest(patient_id), accession=self._sealing.digest(accession), dates=dates, records=records,
            )  # fmt: skip

    def metadata(self, study: str, series: str = "", instance: str = "") -> list[bytes]:
        with self._readers.one() as connection:
            return index.headers(connection, self._sealing.opener(), study, series, instance)

    def layout(self, instance: str) -> InstanceLayout:
        found = self._layout(instance)
        return InstanceLayout(found.study, found.series, found.sop_class, found.syntax, found.size, found.dataset, found.frames)

    def _layout(self, instance: str) -> Layout:
        with self._readers.one() as connection:
            return index.layout_of(connection, instance)

    # --- bytes ---

    def instance(self, uid: str) -> bytes:
        return b"".join(self.chunks(uid))

    def chunks(self, instance: str) -> Iterator[bytes]:
        with self._open(instance) as file:
            yield from file.pieces()

    def read(self, instance: str, offset: int, length: int) -> bytes:
        with self._open(instance) as file:
            return file.read(offset, length)

    def frame(self, instance: str, number: int) -> bytes:
        """One frame as it is stored, from 1. Raises `NotFound`; `Refused` where the object does not let them be told apart."""
        layout = self._layout(instance)
        with self._open(instance) as file:
            return frame_of(content_of(file, layout), layout, number)

    def bulk(self, instance: str, path: str) -> Iterator[bytes]:
        """The value that metadata refers to by "@/" and this path, 1 MiB at a time. Raises `NotFound` before the first."""
        layout = self._layout(instance)
        found = next((each for each in layout.bulk if each.path == path), None)
        if found is None:
            raise NotFound("the instance has no such value")
        return self._stretch(instance, layout, layout.dataset + found.offset, found.length)

    def _stretch(self, instance: str, layout: Layout, begin: int, length: int) -> Iterator[bytes]:
        with self._open(instance) as file:
            content = content_of(file, layout)
            for offset, size in stretches(begin, length):
                yield content.read(offset, size)

    def _open(self, instance: str) -> SealedFile:
        with self._readers.one() as connection:
            file, key = index.place_of(connection, instance)
        return SealedFile(self._files / file, self.keys.of(key))

    # --- what was made from studies ---

    def keep(self, study: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        row = self._one("SELECT id, key FROM studies WHERE uid = ?", study)
        if row is None:
            raise NotFound("there is no such study here")
        if self._kept(study, digest) is not None:
            return digest
        file, writer = self._new_file()
        try:
            with on_disk():
                writer.write(content)
                writer.close(row[1], self.keys.of(row[1]), DERIVED)
            self._keep_row(study, digest, file)
        except BaseException:  # whatever it was: what is not in the index is not kept
            writer.abandon()
            raise
        return digest

    def kept(self, study: str, digest: str) -> bytes:
        found = self._kept(study, digest)
        if found is None:
            raise NotFound("nothing of this name was made from the study")
        with SealedFile(self._files / found[0], self.keys.of(found[1])) as file:
            return b"".join(file.pieces())

    def _kept(self, study: str, digest: str) -> tuple[str, int] | None:
        question = "SELECT kept.file, studies.key FROM kept JOIN studies ON studies.id = kept.study WHERE studies.uid = ? AND kept.digest = ?"
        row = self._one(question, study, digest)
        return (str(row[0]), int(row[1])) if row is not None else None

    # --- put aside ---

    def quarantined(self, limit: int = 500) -> list[QuarantinedImage]:
        """Waiting for a person, the newest first."""
        question = f"SELECT {_QUARANTINED} FROM quarantined WHERE state = 'waiting' ORDER BY id DESC LIMIT ?"
        with self._readers.one() as connection:
            return [QuarantinedImage(number, moment(at), *rest) for number, at, *rest in connection.execute(question, (limit,))]

    def quarantined_bytes(self, number: int) -> bytes:
        """The file as it came. Raises `NotFound`."""
        row = self._one("SELECT file FROM quarantined WHERE id = ?", number)
        if row is None:
            raise NotFound("there is no such instance in quarantine")
        path = self._files / row[0]
        with SealedFile(path, self.keys.of(key_number(path))) as file:
            return b"".join(file.pieces())

    def dismiss(self, number: int) -> None:
        with self._committing.lock, changing(self._connection) as connection:
            row = connection.execute("SELECT file, study FROM quarantined WHERE id = ? AND state = 'waiting'", (number,)).fetchone()
            if row is None:
                raise NotFound("there is no such instance in quarantine")
            connection.execute("UPDATE quarantined SET state = 'dismissed', instance = '', reason = '' WHERE id = ?", (number,))
            connection.execute("INSERT OR IGNORE INTO leaving VALUES (?)", (row[0],))
            if not row[1]:
                self.keys.destroy([f"stray/{row[0]}"])
        self.sweep()

    # --- forgetting ---

    def forget(self, study: str) -> None:
        """Destroy its key, its files and its rows: also those of what was put aside."""
        with self._committing.lock:
            with changing(self._connection) as connection:
                self.keys.destroy([study])
                for statement in _FORGET:
                    connection.execute(statement, {"study": study})
                note(connection, study, "forgotten", datetime.now(UTC))
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.sweep()

    def names(self, records: Collection[str]) -> list[str]:
        """How the register of erasures names the studies that are read with these records."""
        return [self.keys.name_of(row.study) for row in self.find("study", records=records)]

    def carry_out(self, erasures: Iterable[tuple[str, Collection[str]]]) -> int:
        """Forget what the register of erasures names and these keys still open, as after a restore; returns how many studies."""
        been_through, forgotten = self.keys.erasures(), 0
        for erasure, names in erasures:
            if erasure not in been_through:
                studies = [owner for owner in self.keys.owners() if self.keys.name_of(owner) in names]
                for study in studies:
                    self.forget(study)
                self.keys.been_through(erasure)
                forgotten += len(studies)
        return forgotten

    def sweep(self) -> int:
        """Remove files whose rows are gone; returns how many there were."""
        with self._readers.one() as connection:
            files = [file for (file,) in connection.execute("SELECT file FROM leaving")]
        for file in files:
            (self._files / file).unlink(missing_ok=True)
        if files:
            with self._committing.lock, changing(self._connection) as connection:
                connection.executemany("DELETE FROM leaving WHERE file = ?", [(file,) for file in files])
        return len(files)

    def clean(self, now: datetime) -> int:
        with self._committing.lock:  # what a reader kept from being overwritten when it was forgotten
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._recovering().clean(now)

    def recover(self) -> int:
        """Make rows again that a power cut took or a restore did not bring; returns how many. Before anything is received, by one process only."""
        recovering = self._recovering()
        made = recovering.run(self.keys, self._committing.commit, self._keep_row) if recovering.is_needed(self._connection) else 0
        recovering.is_done(self._connection)
        return made

    def _keep_row(self, study: str, digest: str, file: str) -> None:
        with self._committing.lock, changing(self._connection) as connection:
            connection.execute("INSERT OR IGNORE INTO kept SELECT id, ?, ? FROM studies WHERE uid = ?", (digest, file, study))

    def _recovering(self) -> Recovering:
        return Recovering(self.folder, self._is_known)

    def _is_known(self, file: str) -> bool:
        return any(self._one(f"SELECT 1 FROM {table} WHERE file = ?", file) is not None for table in ("instances", "kept", "quarantined", "leaving"))

    def close(self) -> None:
        self._places.close()
        self._readers.close()
        self._quick.close()
        self._connection.close()
        self.keys.close()

    # --- within ---

    def _new_file(self) -> tuple[str, SealedWriter]:
        with on_disk():
            file, handle = self._places.take()
        return file, SealedWriter(self._files / file, handle)

    def _is_same(self, row: Row) -> bool:
        """Whether a new object is the one that is here: the same bytes in the same syntax. Who sent it does not matter."""
        uid = row.told.sop_instance
        here = self._layout(uid)
        if (here.study, here.syntax, here.size - here.dataset) != (row.study, row.told.syntax, row.size - row.dataset):
            return False
        with self._open(uid) as mine, SealedFile(self._files / row.file, self.keys.of(row.key)) as new:
            step = 1024 * 1024
            return all(mine.read(here.dataset + at, step) == new.read(row.dataset + at, step) for at in range(0, here.size - here.dataset, step))

    def _one(self, question: str, *values: int | str) -> tuple[Any, ...] | None:
        with self._readers.one() as connection:
            row: tuple[Any, ...] | None = connection.execute(question, values).fetchone()
            return row


_QUARANTINED: Final = "id, at, reason, source, study, instance, class, syntax, size"
_THIS: Final = "(SELECT id FROM studies WHERE uid = :study)"
_SERIES: Final = f"(SELECT id FROM series WHERE study = {_THIS})"
_FORGET: Final = (
    f"INSERT OR IGNORE INTO leaving SELECT file FROM instances WHERE series IN {_SERIES}",
    f"INSERT OR IGNORE INTO leaving SELECT file FROM kept WHERE study = {_THIS}",
    "INSERT OR IGNORE INTO leaving SELECT file FROM quarantined WHERE study = :study",
    f"DELETE FROM instances WHERE series IN {_SERIES}",
    f"DELETE FROM kept WHERE study = {_THIS}",
    f"DELETE FROM series WHERE study = {_THIS}",
    "DELETE FROM studies WHERE uid = :study",
    "DELETE FROM quarantined WHERE study = :study",
    "UPDATE journal SET detail = '{}' WHERE study = :study",
)
"""In this order: the file names are noted while the rows still say them."""
