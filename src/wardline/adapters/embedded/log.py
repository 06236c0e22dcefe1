"""The durable log on SQLite: one open file that is appended to, older ones closed by recorded month and read-only.

Everything of one commit is in one file, because SQLite's commits are not atomic across files. Rows are packed, compressed and
sealed; what identifies a row (record, times, step) is bound into the seal, so that altering it is noticed.
"""

import os
import shutil
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.logfile import LogFile, month_of
from wardline.adapters.embedded.packing import Compression, microseconds, moment, pack, unpack
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Fault, NotFound, StorageBroken
from wardline.core.events import EVENTS_PER_ROW, Event, EventId, Found, GapAhead, Lapsed, Measured, Overdue
from wardline.core.ports import KnownMessage, LogHealth, MessageRecord, Outgoing, Step
from wardline.core.statements import Fate, Problem

_STATES: Final = {"stored": 0, "quarantined": 1}
_STATE_NAMES: Final = {number: name for name, number in _STATES.items()}
_PASSING: Final = (Measured, Found, Lapsed, Overdue)
"""Kinds a timeline needs only for a while. A row with any other kind is read however old it is."""
_HEAD: Final = struct.Struct("<QQ")
_MESSAGE: Final = "seq, feed, sender, control, sha256, recorded_at, state, key"


class SqliteLog:
    """`EventLog` and `Outbox` of one data folder."""

    def __init__(self, folder: Path, seal: SqliteSeal, *, now: datetime | None = None, reading: bool = False) -> None:
        """`reading` looks at a log that another process may be writing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._reading = reading
        self.seal = seal
        self.damaged: list[str] = []
        self._messages = Compression("messages")
        self._events = Compression("events")
        self._closed: list[LogFile] = []
        self._open_files()
        self._feeds: dict[str, int] = {}
        self._senders: dict[str, int] = {}
        self._load_names()
        self._seq, self._row = self._highest()
        self._head = os.open(folder / "head", os.O_RDWR | os.O_CREAT, 0o600)
        self._check_head()
        self._new_messages: list[tuple[Any, ...]] = []
        self._new_problems: list[tuple[Any, ...]] = []
        self._new_rows: list[tuple[Any, ...]] = []
        self._new_lasting: list[tuple[str, int]] = []
        self._new_outgoing: list[tuple[Any, ...]] = []
        self._recorded_at: datetime | None = now
        self._attempts: sqlite3.Connection | None = None

    # --- files ---

    def _open_files(self) -> None:
        paths = sorted(self.folder.glob("[0-9][0-9][0-9][0-9].db"))
        if not paths:
            first = self.folder / "0001.db"
            self._file = LogFile(first, create=True)
            return
        *older, newest = paths
        self._file = LogFile(newest, query_only=self._reading)
        if self._reading:
            self._closed = [LogFile(path, read_only=True) for path in older]
            return
        self._file.check()
        for path in older:
            # A crash between handing over and closing leaves the old file writable: close it now.
            if os.access(path, os.W_OK) and (path.stat().st_mode & 0o200):
                _close_for_good(path)
            self._closed.append(LogFile(path, read_only=True))

    @property
    def files(self) -> list[Path]:
        return [*(file.path for file in self._closed), self._file.path]

    def _load_names(self) -> None:
        self._feeds = {name: id for id, name in self._file.rows("SELECT id, name FROM feeds")}
        self._senders = {name: id for id, name in self._file.rows("SELECT id, name FROM senders")}

    def _highest(self) -> tuple[int, int]:
        seq, row = self._file.meta("first_seq") or 0, self._file.meta("first_row") or 0
        (stored,) = next(self._file.rows("SELECT max(coalesce((SELECT max(seq) FROM messages), 0), coalesce((SELECT max(seq) FROM rows), 0))"))
        (last_row,) = next(self._file.rows("SELECT coalesce(max(id), 0) FROM rows"))
        return max(seq, stored), max(row, last_row)

    def _check_head(self) -> None:
        """The last step known to have been committed must be there: a damaged WAL would otherwise lose its end silently."""
        content = os.pread(self._head, _HEAD.size, 0)
        if len(content) == _HEAD.size:
            seq, row = _HEAD.unpack(content)
            if seq > self._seq or row > self._row:
                raise StorageBroken(f"the log ends at step {self._seq}, but step {seq} had been committed: restore it from a backup")

    def hand_over(self, at: datetime) -> None:
        """Close the open file and begin the next. The rename is the moment it happens; a crash on either side of it is safe."""
        old = self._file
        number = int(old.path.stem) + 1
        path, draft = self.folder / f"{number:04d}.db", self.folder / f"{number:04d}.new"
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
        fresh = LogFile(draft, create=True)
        fresh.begin()
        for name in ("month", "clock"):
            fresh.set_meta(name, old.meta(name))
        fresh.set_meta("month", month_of(at))
        fresh.set_meta("first_seq", self._seq)
        fresh.set_meta("first_row", self._row)
        for table in ("feeds", "senders", "directory", "snapshots"):
            rows = list(old.rows(f"SELECT * FROM {table}"))
            if rows:
                fresh.run_many(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        fresh.run_many("INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?)", list(old.rows("SELECT * FROM outbox WHERE done = 0")))
        fresh.commit()
        fresh.run("PRAGMA wal_checkpoint(TRUNCATE)")
        fresh.close()
        _sync(draft)
        draft.rename(path)
        _sync(self.folder)
        old.close()
        _close_for_good(old.path)
        self._closed.append(LogFile(old.path, read_only=True))
        self._file = LogFile(path)
        self._load_names()

    # --- writing ---

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def next_row(self) -> int:
        self._row += 1
        return self._row

    def append(self, step: Step) -> None:
        self._recorded_at = step.recorded_at
        recorded_at = microseconds(step.recorded_at)
        if step.message is not None:
            self._append_message(step.seq, recorded_at, step.message)
        for record, events in step.rows:
            self._append_row(step.seq, recorded_at, record, events)
        for item in step.outgoing:
            key = self.seal.key_for((item.owner,))
            self._new_outgoing.append((item.key, item.topic, key, self.seal.seal(key, item.payload, f"o{item.key}".encode())))

    def _append_message(self, seq: int, recorded_at: int, message: MessageRecord) -> None:
        key = self.seal.key_for(message.owners or ("",))
        raw = self.seal.seal(key, self._messages.compress(message.raw), _message_context(seq, recorded_at, message.sha256))
        feed, sender = self._id_of("feeds", self._feeds, message.feed), self._id_of("senders", self._senders, message.sender)
        state = _STATES[message.fate.state]
        self._new_messages.append((seq, feed, sender, message.control_id or None, message.sha256, recorded_at, state, key, raw))
        problem = message.fate.problem
        if problem is not None:
            self._new_problems.append((seq, problem.code, problem.reason, problem.where, int(problem.rejected)))

    def _append_row(self, seq: int, recorded_at: int, record: str, events: tuple[Event, ...]) -> None:
        row = events[0].id // EVENTS_PER_ROW
        occurred_at = microseconds(max(event.occurred_at for event in events))
        key = self.seal.key_for(("" if "/" in record else record,))
        packed = self.seal.seal(key, self._events.compress(pack(events)), _row_context(row, seq, record, occurred_at, recorded_at))
        self._new_rows.append((row, seq, record, occurred_at, recorded_at, key, packed))
        if any(type(event.value) not in _PASSING for event in events):
            self._new_lasting.append((record, row))

    def _id_of(self, table: str, known: dict[str, int], name: str) -> int:
        number = known.get(name)
        if number is None:
            number = known[name] = max(known.values(), default=0) + 1
            self._file.begin()
            self._file.run(f"INSERT INTO {table} VALUES (?, ?)", (number, name))
        return number

    def _flush(self) -> None:
        """Hand what was appended to SQLite, inside the open transaction, so that reads of this process see it."""
        if not (self._new_messages or self._new_rows or self._new_outgoing):
            return
        file = self._file
        file.begin()
        file.run_many("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self._new_messages)
        file.run_many("INSERT INTO problems VALUES (?, ?, ?, ?, ?)", self._new_problems)
        file.run_many("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", self._new_rows)
        file.run_many("INSERT OR IGNORE INTO lasting VALUES (?, ?)", self._new_lasting)
        file.run_many("INSERT OR IGNORE INTO outbox (key, topic, seal, payload) VALUES (?, ?, ?, ?)", self._new_outgoing)
        self._forget_new()

    def _forget_new(self) -> None:
        for pending in (self._new_messages, self._new_problems, self._new_rows, self._new_lasting, self._new_outgoing):
            pending.clear()

    def commit(self) -> None:
        self._flush()
        if not self._file.connection.in_transaction:
            return
        self._remember_month()
        self.seal.commit()
        self._file.commit()
        os.pwrite(self._head, _HEAD.pack(self._seq, self._row), 0)
        if self._recorded_at is not None and self._file.meta("month") != month_of(self._recorded_at):
            self.hand_over(self._recorded_at)

    def _remember_month(self) -> None:
        if self._recorded_at is not None and self._file.meta("month") is None:
            self._file.set_meta("month", month_of(self._recorded_at))

    def rollback(self) -> None:
        self._forget_new()
        self._file.rollback()
        self.seal.rollback()
        self._load_names()
        self._seq, self._row = self._highest()

    # --- messages ---

    def find(self, sender: str, control_id: str, since: datetime) -> KnownMessage | None:
        number = self._senders.get(sender)
        if number is None:
            return None
        if self._new_messages:
            self._flush()
        for file in (self._file, *reversed(self._closed)):
            row = file.run(
                "SELECT seq, sha256, recorded_at, state FROM messages WHERE sender = ? AND control = ? ORDER BY seq DESC LIMIT 1",
                (number, control_id),
            ).fetchone()
            if row is not None:
                seq, sha256, recorded_at, state = row
                at = moment(recorded_at)
                return KnownMessage(seq, sha256, self._fate(file, seq, at, state)) if at >= since else None
            if file.meta("month") is not None and file.meta("month") < month_of(since):
                return None
        return None

    @staticmethod
    def _fate(file: LogFile, seq: int, recorded_at: datetime, state: int) -> Fate:
        problem = None
        if state:
            row = file.run("SELECT code, reason, place, rejected FROM problems WHERE seq = ?", (seq,)).fetchone()
            problem = Problem(row[0], row[1], row[2], bool(row[3])) if row is not None else None
        return Fate(_STATE_NAMES[state], seq, recorded_at, problem)

    def raw(self, seq: int) -> bytes:
        self._flush()
        for file in self._newest_first():
            row = file.run("SELECT recorded_at, sha256, key, raw FROM messages WHERE seq = ?", (seq,)).fetchone()
            if row is not None:
                recorded_at, sha256, key, sealed = row
                return self._messages.decompress(self.seal.open(key, sealed, _message_context(seq, recorded_at, sha256)))
        raise NotFound(f"there is no message {seq}")

    def messages(self, after: int = 0, limit: int = 1000, *, feed: str = "", state: str = "") -> Iterator[tuple[int, datetime, MessageRecord]]:
        self._flush()
        conditions, values = ["seq > ?"], [after]
        if feed:
            conditions.append("feed = ?")
            values.append(self._feeds.get(feed, -1))
        if state:
            conditions.append("state = ?")
            values.append(_STATES[state])
        left = limit
        for file in (*self._closed, self._file):
            rows = file.rows(f"SELECT {_MESSAGE} FROM messages WHERE {' AND '.join(conditions)} ORDER BY seq LIMIT ?", (*values, left))
            for row in rows:
                yield self._message(file, row)
                left -= 1
            if left <= 0:
                return

    def _message(self, file: LogFile, row: tuple[Any, ...]) -> tuple[int, datetime, MessageRecord]:
        seq, feed, sender, control, sha256, recorded_at, state, _ = row
        at = moment(recorded_at)
        fate = self._fate(file, seq, at, state)
        return seq, at, MessageRecord(self._name(self._feeds, feed), self._name(self._senders, sender), control or "", sha256, b"", fate)

    @staticmethod
    def _name(known: dict[str, int], wanted: int) -> str:
        return next((name for name, number in known.items() if number == wanted), "")

    def quarantined(self, limit: int = 500) -> Iterator[tuple[int, datetime, MessageRecord]]:
        self._flush()
        settled = {seq for file in (*self._closed, self._file) for (seq,) in file.rows("SELECT seq FROM settlements")}
        left = limit
        for file in self._newest_first():
            for row in file.rows(f"SELECT {_MESSAGE} FROM messages WHERE state = 1 ORDER BY seq DESC"):
                if row[0] not in settled:
                    yield self._message(file, row)
                    left -= 1
                    if left <= 0:
                        return

    def settle(self, seq: int, state: str, *, by: str, at: datetime, note: str = "") -> None:
        self._file.begin()
        self._file.run("INSERT OR REPLACE INTO settlements VALUES (?, ?, ?, ?, ?)", (seq, state, by, microseconds(at), note))

    # --- events ---

    def events_of(self, records: Iterable[str], *, since: datetime | None = None, known_until: datetime | None = None) -> Iterator[Event]:
        self._flush()
        wanted = list(records)
        found: list[tuple[Any, ...]] = []
        for file in (*self._closed, self._file):
            for record in wanted:
                found.extend(self._rows_of(file, record, since))
        found.sort()
        for row, seq, record, occurred_at, recorded_at, key, packed in found:
            at = moment(recorded_at)
            if known_until is not None and at > known_until:
                continue
            yield from self._open_row(row, seq, record, occurred_at, recorded_at, key, packed)

    @staticmethod
    def _rows_of(file: LogFile, record: str, since: datetime | None) -> list[tuple[Any, ...]]:
        columns = "rows.id, seq, rows.record, occurred_at, recorded_at, key, packed"
        if since is None:
            return list(file.rows(f"SELECT {columns} FROM rows WHERE record = ?", (record,)))
        rows = list(file.rows(f"SELECT {columns} FROM rows WHERE record = ? AND occurred_at >= ?", (record, microseconds(since))))
        lasting = f"SELECT {columns} FROM lasting JOIN rows ON rows.id = lasting.id WHERE lasting.record = ? AND occurred_at < ?"
        return rows + list(file.rows(lasting, (record, microseconds(since))))

    def _open_row(self, row: int, seq: int, record: str, occurred_at: int, recorded_at: int, key: int, packed: bytes) -> list[Event]:
        """The events of a row. A damaged one is never served: a mark of the gap stands in its place."""
        at = moment(recorded_at)
        try:
            plain = self.seal.open(key, packed, _row_context(row, seq, record, occurred_at, recorded_at))
        except Fault as fault:
            name = f"row {row}"
            if name not in self.damaged:
                self.damaged.append(name)
            return [Event(GapAhead(seq, str(fault)), record, at, at, "wardline", id=row * EVENTS_PER_ROW)]
        return unpack(self._events.decompress(plain), row=row, record=record, recorded_at=at)

    def event(self, id: EventId) -> Event | None:
        self._flush()
        for file in self._newest_first():
            columns = "id, seq, record, occurred_at, recorded_at, key, packed"
            found = file.run(f"SELECT {columns} FROM rows WHERE id = ?", (id // EVENTS_PER_ROW,)).fetchone()
            if found is not None:
                return next((event for event in self._open_row(*found) if event.id == id), None)
        return None

    def steps(self, after: int = 0) -> Iterator[Step]:
        self._flush()
        for file in (*self._closed, self._file):
            messages = {
                row[0]: self._message(file, row) for row in file.rows(f"SELECT {_MESSAGE} FROM messages WHERE seq > ? ORDER BY seq", (after,))
            }
            rows = file.rows("SELECT seq, id, record, occurred_at, recorded_at, key, packed FROM rows WHERE seq > ? ORDER BY id", (after,))
            yield from self._merged(messages, rows)

    def _merged(self, messages: dict[int, tuple[int, datetime, MessageRecord]], rows: Iterator[tuple[Any, ...]]) -> Iterator[Step]:
        waiting = sorted(messages)
        place = 0
        current: int | None = None
        at: datetime | None = None
        collected: list[tuple[str, tuple[Event, ...]]] = []
        for seq, row, record, occurred_at, recorded_at, key, packed in rows:
            if seq != current:
                if current is not None and at is not None:
                    yield Step(current, at, messages[current][2] if current in messages else None, tuple(collected))
                collected = []
                while place < len(waiting) and waiting[place] < seq:
                    if waiting[place] != current:
                        yield Step(waiting[place], messages[waiting[place]][1], messages[waiting[place]][2], ())
                    place += 1
                current, at = seq, moment(recorded_at)
            collected.append((record, tuple(self._open_row(row, seq, record, occurred_at, recorded_at, key, packed))))
        if current is not None and at is not None:
            yield Step(current, at, messages[current][2] if current in messages else None, tuple(collected))
        for seq in waiting[place:]:
            if seq != current:
                yield Step(seq, messages[seq][1], messages[seq][2], ())

    # --- folded state ---

    def save(self, name: str, state: bytes, seq: int) -> None:
        key = self.seal.key_for(("",))
        self._file.begin()
        sealed = self.seal.seal(key, self._events.compress(state), f"s{name}{seq}".encode())
        self._file.run("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", (name, seq, key, sealed))

    def saved(self, name: str) -> tuple[bytes, int] | None:
        row = self._file.run("SELECT seq, key, state FROM snapshots WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        seq, key, state = row
        try:
            return self._events.decompress(self.seal.open(key, state, f"s{name}{seq}".encode())), seq
        except Fault:
            self.damaged.append(f"snapshot {name}")
            return None

    def keep(self, about: str, entry: bytes) -> None:
        key = self.seal.key_for((about,))
        sealed = self.seal.seal(key, entry, f"d{about}".encode())
        self._file.begin()
        self._file.run("INSERT OR REPLACE INTO directory VALUES (?, ?, ?)", (about, key, sealed))

    def kept(self) -> Iterator[tuple[str, bytes]]:
        for record, key, sealed in self._file.rows("SELECT record, key, entry FROM directory"):
            with suppress(Fault):
                yield record, self.seal.open(key, sealed, f"d{record}".encode())

    # --- outbox ---

    def waiting(self, topic: str, limit: int = 100) -> list[tuple[int, Outgoing]]:
        self._flush()
        rows = self._file.rows("SELECT id, key, topic, seal, payload FROM outbox WHERE done = 0 AND topic = ? ORDER BY id LIMIT ?", (topic, limit))
        return [(id, Outgoing(key, name, self.seal.open(seal, payload, f"o{key}".encode()))) for id, key, name, seal, payload in rows]

    def done(self, ids: Iterable[int]) -> None:
        self._file.begin()
        self._file.run_many("UPDATE outbox SET done = 1, payload = x'' WHERE id = ?", [(id,) for id in ids])

    # --- after a crash ---

    def attempts(self, sha256: bytes) -> int:
        if self._attempts is None:
            self._attempts = sqlite3.connect(self.folder / "attempts.db", isolation_level=None, check_same_thread=False)
            self._attempts.execute("PRAGMA synchronous = FULL")
            self._attempts.execute("CREATE TABLE IF NOT EXISTS attempts (sha256 BLOB PRIMARY KEY, count INTEGER NOT NULL)")
        self._attempts.execute("INSERT INTO attempts VALUES (?, 1) ON CONFLICT (sha256) DO UPDATE SET count = count + 1", (sha256,))
        (count,) = self._attempts.execute("SELECT count FROM attempts WHERE sha256 = ?", (sha256,)).fetchone()
        return int(count)

    def meta(self, name: str) -> Any:
        return self._file.meta(name)

    def set_meta(self, name: str, value: Any) -> None:
        self._file.begin()
        self._file.set_meta(name, value)
        self._file.commit()

    def health(self) -> LogHealth:
        usage = shutil.disk_usage(self.folder)
        size = sum(file.stat().st_size for file in self.folder.iterdir())
        return LogHealth(len(self.files), size, usage.free, usage.total, tuple(self.damaged))

    def _newest_first(self) -> tuple[LogFile, ...]:
        return (self._file, *reversed(self._closed))

    def close(self) -> None:
        self._file.rollback()
        for file in (*self._closed, self._file):
            file.close()
        if self._attempts is not None:
            self._attempts.close()
        os.close(self._head)


def _message_context(seq: int, recorded_at: int, sha256: bytes) -> bytes:
    return b"m%d/%d/" % (seq, recorded_at) + sha256


def _row_context(row: int, seq: int, record: str, occurred_at: int, recorded_at: int) -> bytes:
    return f"r{row}/{seq}/{record}/{occurred_at}/{recorded_at}".encode()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _close_for_good(path: Path) -> None:
    """Move everything out of the WAL, leave WAL mode, and make the file read-only."""
    file = LogFile(path)
    file.run("PRAGMA wal_checkpoint(TRUNCATE)")
    file.run("PRAGMA journal_mode = DELETE")
    file.close()
    path.chmod(0o400)
