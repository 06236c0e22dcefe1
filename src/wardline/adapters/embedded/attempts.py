"""After a crash: how often each message was begun, counted durably before it is looked at, so that the one that kills us is found."""

import sqlite3
from pathlib import Path

from wardline.adapters.embedded.logfile import FAILURES, meaning


class Attempts:
    """A small file of its own, because it must survive what the log's transaction does not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def count(self, sha256: bytes) -> int:
        """Count another attempt; returns how many there have been."""
        try:
            connection = self._connection = self._connection or self._opened()
            connection.execute("INSERT INTO attempts VALUES (?, 1) ON CONFLICT (sha256) DO UPDATE SET count = count + 1", (sha256,))
            (count,) = connection.execute("SELECT count FROM attempts WHERE sha256 = ?", (sha256,)).fetchone()
        except FAILURES as error:
            raise meaning(error) from error
        return int(count)

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")  # one wait for the disk for each count instead of three
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS attempts (sha256 BLOB PRIMARY KEY, count INTEGER NOT NULL)")
        return connection

    def forget(self) -> None:
        self.close()
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
