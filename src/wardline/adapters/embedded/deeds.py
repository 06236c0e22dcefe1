"""What people have asked for under an idempotency key, in a file of its own, durable before it is carried out. Digests only."""

import hashlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.deeds import Done
from wardline.core.errors import Fault

TABLE: Final = """CREATE TABLE IF NOT EXISTS deeds (
  key BLOB PRIMARY KEY, asked BLOB NOT NULL, began_at INTEGER NOT NULL, status INTEGER NOT NULL DEFAULT 0, answer BLOB NOT NULL DEFAULT x''
) WITHOUT ROWID"""


class SqliteDeeds:
    """`Deeds`. Keys are chosen by programs, which may put anything into them: only their hash is kept."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.5)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(TABLE)

    def find(self, who: str, key: str, since: datetime) -> Done | None:
        row = self._connection.execute(
            "SELECT asked, began_at, status, answer FROM deeds WHERE key = ? AND began_at >= ?", (_hashed(who, key), microseconds(since))
        ).fetchone()
        return Done(row[0], moment(row[1]), row[2], row[3]) if row is not None else None

    def begin(self, who: str, key: str, asked: bytes, at: datetime) -> None:
        self._write("INSERT OR REPLACE INTO deeds (key, asked, began_at) VALUES (?, ?, ?)", _hashed(who, key), asked, microseconds(at))

    def end(self, who: str, key: str, status: int, answer: bytes) -> None:
        self._write("UPDATE deeds SET status = ?, answer = ? WHERE key = ?", status, answer, _hashed(who, key))

    def forget(self, who: str, key: str) -> None:
        self._write("DELETE FROM deeds WHERE key = ?", _hashed(who, key))

    def forget_before(self, at: datetime) -> None:
        self._write("DELETE FROM deeds WHERE began_at < ?", microseconds(at))

    def _write(self, statement: str, *values: object) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise Fault("what was asked for once only cannot be written down, so it is not done") from error

    def close(self) -> None:
        self._connection.close()


def _hashed(who: str, key: str) -> bytes:
    return hashlib.sha256(f"{len(who)}:{who}{key}".encode()).digest()
