"""Into the index, all that is waiting at once: whoever comes first writes for everybody.

The image itself is durable by then, and says everything its row does: rows are not flushed one by one. Those that a power cut takes
are made again from their files (see `recovering`). What no file says, why something was put aside, is flushed.
"""

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from wardline.adapters.embedded.images.arriving import Row, attributes_at, is_uid
from wardline.adapters.embedded.images.connections import changing
from wardline.adapters.embedded.images.index import named
from wardline.adapters.embedded.images.index_sealing import Ciphers, IndexSealing
from wardline.adapters.embedded.packing import microseconds
from wardline.core.errors import Erased, Fault
from wardline.core.images import Stored
from wardline.formats.dicom import levels

_ENCODE = msgspec.json.Encoder().encode


class _Waiting:
    """A row, and what became of it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.stored: Stored | None = None
        self.error: Exception | None = None


class Committing:
    """One per process. `is_same` says whether a row's object is, byte for byte, the one that is there under its UID."""

    def __init__(self, quick: sqlite3.Connection, flushed: sqlite3.Connection, sealing: IndexSealing, is_same: Callable[[Row], bool]) -> None:
        self.lock = threading.Lock()
        """Held while a connection is used."""
        self._quick = quick
        self._flushed = flushed
        self._sealing = sealing
        self._is_same = is_same
        self._waiting: deque[_Waiting] = deque()

    def commit(self, row: Row) -> Stored:
        """Durable when this returns."""
        mine = _Waiting(row)
        self._waiting.append(mine)
        with self.lock:
            if mine.stored is None and mine.error is None:
                self._commit_all()
        if mine.error is not None:
            raise mine.error
        if mine.stored is None:
            raise Fault("an instance was not written to the index")
        if mine.stored.outcome == "taken":
            return self._settle_double(row)
        return mine.stored

    def _commit_all(self) -> None:
        """Everybody who came while the last group was being written."""
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]  # others go on adding to it meanwhile
        try:
            is_told = any(each.row.reason for each in group)
            with changing(self._flushed if is_told else self._quick) as connection:
                ciphers = self._sealing.ciphers()  # within the transaction: nobody erases while it lasts
                found = [self._tried(connection, ciphers, each.row) for each in group]
        except Exception as error:  # the disk's, the database's: every sender of the group hears of it
            for each in group:
                each.error = error
            return
        for each, outcome in zip(group, found, strict=True):
            if isinstance(outcome, Fault):
                each.error = outcome
            else:
                each.stored = outcome

    def _tried(self, connection: sqlite3.Connection, ciphers: Ciphers, row: Row) -> Stored | Fault:
        """One that cannot be put must not take the others of its group with it."""
        try:
            ciphers.of(row.key)
        except Erased:
            return Fault("the study was erased while this was being received; send it again")
        return self._put(connection, ciphers, row)

    def _settle_double(self, row: Row) -> Stored:
        """There is an instance of this UID: the same again is fine, anything else is kept apart for a person to look at."""
        if self._is_same(row):
            return Stored("already", row.study, row.series, row.told.sop_instance, "")
        return self.commit(row._replace(reason="another object with this SOP Instance UID is here already", code="double"))

    def _put(self, connection: sqlite3.Connection, ciphers: Ciphers, row: Row) -> Stored:
        if row.reason or row.scanned is None:
            return _put_aside(connection, row)
        if connection.execute("SELECT 1 FROM instances WHERE uid = ?", (row.told.sop_instance,)).fetchone() is not None:
            return Stored("taken", row.study, row.series, row.told.sop_instance, "")
        study, key, said, state, series = connection.execute(_PLACE, (row.series, row.study)).fetchone() or (0, row.key, b"", "", None)
        if study and _are_two(named(ciphers.open, key, row.study, said)[:2], (row.scanned.text("00100020"), row.scanned.text("00100021"))):
            return _put_aside(connection, row._replace(reason="its study is here under another patient number", code="patient"))
        row = row._replace(key=key)
        study = study or self._new_study(connection, ciphers, row)
        _put_instance(connection, ciphers, row, series or _new_series(connection, ciphers, row, study))
        expected, count = connection.execute(
            "UPDATE studies SET instances = instances + 1, changed_at = ?, state = 'arriving' WHERE id = ? RETURNING expected, instances",
            (microseconds(row.at), study),
        ).fetchone()
        if state != "arriving":
            note(connection, row.study, "arriving" if not state else "reopened", row.at, instances=count)
        if expected and count >= expected:
            complete(connection, row.study, row.at, "every expected instance is here")
        return Stored("stored", row.study, row.series, row.told.sop_instance, "")

    def _new_study(self, connection: sqlite3.Connection, ciphers: Ciphers, row: Row) -> int:
        assert row.scanned is not None
        scanned, place = row.scanned, f"study/{row.study}"
        said = _ENCODE([scanned.text(tag) for tag in _NAMED])
        values = (
            self._sealing.digest(scanned.text("00100020")), self._sealing.digest(scanned.text("00080050")), *(scanned.text(tag) for tag in _WHEN),
            ciphers.seal(row.key, f"named/{row.study}", said), ciphers.seal(row.key, place, attributes_at(levels.STUDY, scanned)),
        )  # fmt: skip
        cursor = connection.execute(
            "INSERT INTO studies (uid, key, state, changed_at, patient, accession, date, time, offset, named, attributes) "
            "VALUES (?, ?, 'arriving', ?, ?, ?, ?, ?, ?, ?, ?)",
            (row.study, row.key, microseconds(row.at), *values),
        )
        return int(cursor.lastrowid or 0)


def _are_two(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two patient numbers, each with its issuer, are surely not the same. Within a study many devices leave the issuer out."""
    return one[0] != other[0] or (one[1] != other[1] and bool(one[1]) and bool(other[1]))


def note(connection: sqlite3.Connection, study: str, what: str, at: datetime, **detail: str | int) -> None:
    """One line of the journal."""
    connection.execute("INSERT INTO journal (study, what, at, detail) VALUES (?, ?, ?, ?)", (study, what, microseconds(at), json.dumps(detail)))


def complete(connection: sqlite3.Connection, study: str, at: datetime, why: str) -> None:
    (count,) = connection.execute("UPDATE studies SET state = 'complete' WHERE uid = ? RETURNING instances", (study,)).fetchone()
    note(connection, study, "complete", at, instances=count, why=why)


def _put_aside(connection: sqlite3.Connection, row: Row) -> Stored:
    told = row.told
    # What was sent in the place of a UID and is none may name somebody.
    uids = [uid if is_uid(uid) else "" for uid in (told.sop_instance, told.sop_class, told.syntax)]
    (number,) = connection.execute(
        "INSERT INTO quarantined (at, reason, source, study, instance, class, syntax, file, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (microseconds(row.at), row.reason, told.source, row.study, *uids, row.file, row.size),
    ).fetchone()
    note(connection, row.study, "quarantined", row.at, number=number, reason=row.reason)
    return Stored("quarantined", row.study, row.series, told.sop_instance, row.reason, row.code)


def _new_series(connection: sqlite3.Connection, ciphers: Ciphers, row: Row, study: int) -> int:
    assert row.scanned is not None
    scanned = row.scanned
    cursor = connection.execute(
        "INSERT INTO series (study, uid, modality, number, description, attributes) VALUES (?, ?, ?, ?, ?, ?)",
        (study, row.series, scanned.text("00080060"), scanned.number("00200011"),
         ciphers.seal(row.key, f"description/{row.series}", scanned.text("0008103E").encode()),
         ciphers.seal(row.key, f"series/{row.series}", attributes_at(levels.SERIES, scanned))),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def _put_instance(connection: sqlite3.Connection, ciphers: Ciphers, row: Row, series: int) -> None:
    assert row.scanned is not None
    told = row.told
    connection.execute(
        "INSERT INTO instances (series, uid, number, class, syntax, file, size, dataset, at, source, attributes, header, layout) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (series, told.sop_instance, row.scanned.number("00200013"), told.sop_class, told.syntax, row.file, row.size, row.dataset,
         microseconds(row.at), told.source, ciphers.seal(row.key, f"instance/{told.sop_instance}", attributes_at(levels.INSTANCE, row.scanned)),
         ciphers.seal(row.key, f"header/{told.sop_instance}", row.header), row.layout),
    )  # fmt: skip
    connection.execute("UPDATE series SET instances = instances + 1 WHERE id = ?", (series,))


_PLACE: Final = (
    "SELECT studies.id, studies.key, studies.named, studies.state, series.id "
    "FROM studies LEFT JOIN series ON series.study = studies.id AND series.uid = ? WHERE studies.uid = ?"
)
_NAMED: Sequence[str] = ("00100020", "00100021", "00100010", "00100030", "00100040", "00080050", "00081030")
_WHEN: Sequence[str] = ("00080020", "00080030", "00080201")
