"""The durable log on SQLite: one open file that is appended to, older ones closed by recorded month and read-only.

Everything of one commit is in one file, because SQLite's commits are not atomic across files. Rows are packed, compressed and
sealed (stored.py); files follow each other by month (months.py).
"""

import errno
import heapq
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import structlog

from wardline.adapters.embedded import months, queries
from wardline.adapters.embedded.attempts import Attempts
from wardline.adapters.embedded.head import Head
from wardline.adapters.embedded.logfile import LogFile, month_of
from wardline.adapters.embedded.packing import microseconds
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.adapters.embedded.stored import MESSAGE, ROW, SETTLEMENT, STATES, Vault, some_moment
from wardline.core.errors import NotFound, StorageBroken, StorageFull
from wardline.core.events import EVENTS_PER_ROW, Event, EventId
from wardline.core.ports import KnownMessage, LogHealth, MessageRecord, Outgoing, Step
from wardline.core.statements import Fate, Problem

log = structlog.get_logger()

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_DAMAGED: Final = Problem("damaged", "what is stored about this message has been damaged; its sender may still have it")


class SqliteLog:
    """`EventLog` and `Outbox` of one data folder."""

    def __init__(self, folder: Path, seal: SqliteSeal, *, reading: bool = False) -> None:
        """`reading` looks at a log that another process may be writing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.seal = seal
        self.vault = Vault(seal)
        self._closed: list[LogFile] = []
        self._file = self._opened(reading)
        self._load_names()
        self._seq, self._row = self._tail = queries.end_of(self._file)
        if self._seq and not seal.has_keys:
            raise StorageBroken(f"{seal.path} holds no keys, so nothing in {folder} can be read: restore it from a backup")
        self._change: int = self._file.meta("change") or 0
        self._head = None if reading else self._checked_head()
        self._stepped = False
        self._new: list[Step] = []
        """Appended, and not handed to SQLite yet."""
        self._new_identities: set[tuple[str, str]] = set()
        """Sender and control id of the messages among them."""
        self._recorded_at: datetime | None = None
        self._attempts = Attempts(folder / "attempts.db")

    # --- files ---

    def _opened(self, reading: bool) -> LogFile:
        """The open file, checked; the older ones are opened beside it."""
        paths = months.files_in(self.folder)
        if not paths:
            return months.first_file(self.folder)
        *older, newest = paths
        file = LogFile(newest, query_only=reading)
        if not reading:
            file.check()
        for path in older:
            if not reading and not months.is_closed(path):
                months.close_for_good(path)
            closed = LogFile(path, read_only=True)
            if not reading:
                closed.check(large=False)
            self._closed.append(closed)
        return file

    @property
    def files(self) -> list[Path]:
        return [*(file.path for file in self._closed), self._file.path]

    @property
    def damaged(self) -> list[str]:
        """What was found not to open any more; it is never shown."""
        return self.vault.damaged

    def _load_names(self) -> None:
        self._feeds, self._senders = queries.names(self._file, "feeds"), queries.names(self._file, "senders")

    def _checked_head(self) -> Head:
        head = Head(self.folder / "head")
        head.check(*self._tail, self._change)
        if head.is_damaged:
            self.vault.note_damage("head")
        return head

    # --- writing ---

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def next_row(self) -> int:
        self._row += 1
        return self._row

    def append(self, step: Step) -> None:
        self._new.append(step)
        if step.message is not None:
            self._new_identities.add((step.message.sender, step.message.control_id))
        self._recorded_at = step.recorded_at
        self._stepped = True
        self._tail = step.seq, max([self._tail[1], *(events[0].id // EVENTS_PER_ROW for _, events in step.rows)])

    def _id_of(self, table: str, known: dict[str, int], name: str) -> int:
        number = known.get(name)
        if number is None:
            number = known[name] = max(known.values(), default=0) + 1
            self.changing().run(f"INSERT INTO {table} VALUES (?, ?)", (number, name))
        return number

    def _was_sent(self, key: str) -> bool:
        """Whether it left the house in an earlier month; the open file itself refuses a second one."""
        return any(file.one("SELECT 1 FROM outbox WHERE key = ?", (key,)) for file in self._closed)

    def _flush(self) -> None:
        """Hand what was appended to SQLite, inside the open transaction, so that reads of this process see it.

        All of it together, packed, compressed and sealed step after step: what that needs stays in the processor's cache.
        """
        if not self._new:
            return
        file, vault, steps = self._file, self.vault, self._new
        file.begin()
        file.run_many("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [row for step in steps for row in self._message_rows(step)])
        file.run_many("INSERT INTO problems VALUES (?, ?, ?, ?, ?)", [row for step in steps if (row := vault.problem_row(step)) is not None])
        rows = [vault.event_row(step, record, events) for step in steps for record, events in step.rows]
        file.run_many("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        outgoing = [item for step in steps for item in step.outgoing if not self._was_sent(item.key)]
        file.run_many("INSERT OR IGNORE INTO outbox (key, topic, seal, payload) VALUES (?, ?, ?, ?)", [vault.outgoing_row(item) for item in outgoing])
        self._forget_new()

    def _message_rows(self, step: Step) -> Iterator[tuple[Any, ...]]:
        if step.message is not None:
            feed, sender = self._id_of("feeds", self._feeds, step.message.feed), self._id_of("senders", self._senders, step.message.sender)
            yield self.vault.message_row(step, step.message, feed, sender)

    def _forget_new(self) -> None:
        self._new.clear()
        self._new_identities.clear()

    def commit(self) -> None:
        self._flush()
        if not self._file.connection.in_transaction:
            return
        month = self._month()
        change = self._change
        if not self._stepped:
            # Steps are numbered; what changes without one (a settlement, a snapshot) gets a number here.
            change += 1
            self._file.set_meta("change", change)
        self.seal.commit()
        self._file.commit()
        self._change, self._stepped = change, False
        if self._head is not None:
            self._head.write(*self._tail, change)
        if self._recorded_at is not None and month != month_of(self._recorded_at):
            self._begin_month(self._recorded_at)

    def _month(self) -> Any:
        """The month of the open file: that of the first step recorded in it."""
        month = self._file.meta("month")
        if month is None and self._recorded_at is not None:
            month = month_of(self._recorded_at)
            self._file.set_meta("month", month)
        return month

    def _begin_month(self, at: datetime) -> None:
        """Hand over to the next file. Without room for it the old one goes on, and the next commit tries again."""
        old = self._file
        try:
            self._file = months.next_file(old, at, seq=self._tail[0], row=self._tail[1])
        except (StorageFull, OSError) as error:
            if isinstance(error, OSError) and error.errno not in _NO_ROOM:
                raise StorageBroken(f"the next file of the log could not be begun: {error}") from error
            log.error("month_not_begun", reason=str(error))
            return
        old.close()
        try:
            months.close_for_good(old.path)
        except (OSError, StorageFull) as error:
            log.error("month_not_closed", reason=str(error))  # it is complete; the next start closes it
        self._closed.append(LogFile(old.path, read_only=True))
        self._load_names()

    def rollback(self) -> None:
        self._forget_new()
        self._stepped = False
        self._file.rollback()
        self.seal.rollback()
        self._load_names()
        self._seq, self._row = self._tail = queries.end_of(self._file)

    # --- messages ---

    def find(self, sender: str, control_id: str, since: datetime) -> list[KnownMessage]:
        if (sender, control_id) in self._new_identities:
            self._flush()
        number = self._senders.get(sender)
        if number is None:
            return []
        found: list[KnownMessage] = []
        for file in self._newest_first():
            for row in queries.messages_named(file, number, control_id):
                fate = self._fate(file, row)
                if fate is None or fate.recorded_at is None:
                    continue
                if fate.recorded_at < since:
                    return found
                found.append(KnownMessage(row[0], row[4], fate))
            if self._closed and (file.meta("month") or month_of(since)) < month_of(since):
                return found
        return found

    def _fate(self, file: LogFile, row: tuple[Any, ...]) -> Fate | None:
        return self.vault.fate(row, queries.problem_of(file, row[0]) if row[6] else None)

    def raw(self, seq: int) -> bytes:
        self._flush()
        for file in self._newest_first():
            row = file.one("SELECT recorded_at, sha256, key, raw FROM messages WHERE seq = ?", (seq,))
            if row is not None:
                return self.vault.raw(seq, *row)
        raise NotFound(f"there is no message {seq}")

    def messages(self, after: int = 0, limit: int = 1000, *, feed: str = "", state: str = "") -> Iterator[tuple[int, datetime, MessageRecord]]:
        self._flush()
        wanted_feed = self._feeds.get(feed, -1) if feed else None
        wanted_state = STATES[state] if state else None
        left = limit
        for file in (*self._closed, self._file):
            for row in queries.messages_after(file, after, left, wanted_feed, wanted_state):
                yield self._message(file, row)
                left -= 1
            if left <= 0:
                return

    def _message(self, file: LogFile, row: tuple[Any, ...]) -> tuple[int, datetime, MessageRecord]:
        seq, feed, sender, control, sha256, recorded_at, *_ = row
        at = some_moment(recorded_at)
        fate = self._fate(file, row) or Fate("quarantined", seq, at, _DAMAGED)
        return seq, at, MessageRecord(self._name(self._feeds, feed), self._name(self._senders, sender), control or "", sha256, b"", fate)

    @staticmethod
    def _name(known: dict[str, int], wanted: int) -> str:
        return next((name for name, number in known.items() if number == wanted), "")

    def quarantined(self, limit: int = 500) -> Iterator[tuple[int, datetime, MessageRecord]]:
        self._flush()
        settled = {row[0] for file in self._newest_first() for row in file.rows(f"SELECT {SETTLEMENT} FROM settlements") if self.vault.settled(row)}
        left = limit
        for file in self._newest_first():
            for row in file.rows(f"SELECT {MESSAGE} FROM messages WHERE state = 1 ORDER BY seq DESC"):
                if row[0] not in settled:
                    yield self._message(file, row)
                    left -= 1
                    if left <= 0:
                        return

    def settle(self, seq: int, state: str, *, by: str, at: datetime, note: str = "") -> None:
        self._flush()
        row = next(filter(None, (file.one("SELECT key FROM messages WHERE seq = ?", (seq,)) for file in self._newest_first())), None)
        if row is None:
            raise NotFound(f"there is no message {seq}")
        values = self.vault.settlement_row(seq, state, by, at, note, *row)
        self.changing().run("INSERT OR REPLACE INTO settlements VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def settlement(self, seq: int) -> str:
        for file in self._newest_first():
            row = file.one(f"SELECT {SETTLEMENT} FROM settlements WHERE seq = ?", (seq,))
            if row is not None:
                return self.vault.settled(row)
        return ""

    # --- events ---

    def events_of(self, records: Iterable[str], *, since: datetime | None = None, known_until: datetime | None = None) -> Iterator[Event]:
        self._flush()
        wanted = list(records)
        found = [row for file in (*self._closed, self._file) for record in wanted for row in queries.rows_of(file, record, since)]
        latest = microseconds(known_until) if known_until is not None else None
        for row in sorted(found, key=itemgetter(0)):
            if latest is None or row[4] <= latest:
                yield from self.vault.events(row)

    def event(self, id: EventId) -> Event | None:
        return next((event for event in self.events_in(id // EVENTS_PER_ROW) if event.id == id), None)

    def events_in(self, row: int) -> list[Event]:
        self._flush()
        found = filter(None, (file.one(f"SELECT {ROW} FROM rows WHERE id = ?", (row,)) for file in self._newest_first()))
        return next((self.vault.events(each) for each in found), [])

    def steps(self, after: int = 0) -> Iterator[Step]:
        self._flush()
        for file in (*self._closed, self._file):
            messages = ((row[0], "message", row) for row in queries.messages_after(file, after))
            rows = ((row[1], "row", row) for row in queries.rows_after(file, after))
            stored = heapq.merge(messages, rows, key=itemgetter(0, 1))
            for seq, group in groupby(stored, key=itemgetter(0)):
                yield self._step(file, seq, group)

    def _step(self, file: LogFile, seq: int, stored: Iterable[tuple[int, str, tuple[Any, ...]]]) -> Step:
        """A step from its message, if it has one, and its rows."""
        at: datetime | None = None
        message: MessageRecord | None = None
        rows: list[tuple[str, tuple[Event, ...]]] = []
        for _, kind, row in stored:
            if kind == "message":
                _, at, message = self._message(file, row)
                continue
            at = at or some_moment(row[4])
            if events := tuple(self.vault.events(row)):
                rows.append((row[2], events))
        return Step(seq, at or some_moment(0), message, tuple(rows))

    # --- folded state ---

    def save(self, name: str, state: bytes, seq: int) -> None:
        self.changing().run("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", self.vault.snapshot_row(name, seq, state))

    def saved(self, name: str) -> tuple[bytes, int] | None:
        row = self._file.one("SELECT seq, key, state FROM snapshots WHERE name = ?", (name,))
        if row is None:
            return None
        state = self.vault.snapshot(name, *row)
        return None if state is None else (state, row[0])

    def keep(self, about: str, entry: bytes) -> None:
        self.changing().run("INSERT OR REPLACE INTO directory VALUES (?, ?, ?)", self.vault.entry_row(about, entry))

    def kept(self) -> Iterator[tuple[str, bytes | None]]:
        for record, key, entry in self._file.rows("SELECT record, key, entry FROM directory"):
            yield record, self.vault.entry(record, key, entry)

    # --- outbox ---

    def waiting(self, topic: str, limit: int = 100) -> list[tuple[int, Outgoing]]:
        self._flush()
        rows = self._file.rows("SELECT id, key, topic, seal, payload FROM outbox WHERE done = 0 AND topic = ? ORDER BY id LIMIT ?", (topic, limit))
        return [(id, self.vault.outgoing(key, name, seal, payload)) for id, key, name, seal, payload in rows]

    def done(self, ids: Iterable[int]) -> None:
        self.changing().run_many("UPDATE outbox SET done = 1, payload = x'' WHERE id = ?", [(id,) for id in ids])

    # --- the rest ---

    def changing(self) -> LogFile:
        """The open file, inside the transaction that the next commit ends."""
        self._file.begin()
        return self._file

    def ask(self, question: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """What each file of the log answers, the oldest first, with what was appended."""
        self._flush()
        for file in (*self._closed, self._file):
            yield from file.rows(question, values)

    def attempts(self, sha256: bytes) -> int:
        return self._attempts.count(sha256)

    def forget_attempts(self) -> None:
        self._attempts.forget()

    def meta(self, name: str) -> Any:
        return self._file.meta(name)

    def set_meta(self, name: str, value: Any) -> None:
        self.changing().set_meta(name, value)
        self.commit()

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
        self._attempts.close()
        if self._head is not None:
            self._head.close()
