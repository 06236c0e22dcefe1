"""One file of the log: a SQLite database that is open for appending or closed for good."""

import sqlite3
import zlib
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

from wardline.adapters.embedded import schema
from wardline.core.errors import Fault, StorageBroken, StorageFull

SMALL: Final = 64 * 1024 * 1024
"""Files up to this size are checked whole when they are opened; it takes about a second."""


_NOT_NOW: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
"""Nothing can be written at the moment: a read-only disk, lost permissions, somebody else's lock."""
FAILURES: Final = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged database can raise: its text may not even be text any more."""
_ENCODE: Final = msgspec.msgpack.Encoder().encode


class LogFile:
    """A connection with the meaning of its errors decided in one place."""

    def __init__(self, path: Path, *, create: bool = False, read_only: bool = False, query_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        target = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
        self.connection = sqlite3.connect(target, isolation_level=None, check_same_thread=False, uri=read_only, cached_statements=256)
        self.connection.text_factory = text
        if query_only:
            self.run("PRAGMA query_only = ON")
        elif not read_only:
            for pragma in schema.PRAGMAS:
                self.run(pragma)
        if create:
            self.connection.executescript(f"BEGIN; {schema.LOG} PRAGMA user_version = {schema.VERSION}; COMMIT;")
            path.chmod(0o600)
        (version,) = self.one("PRAGMA user_version") or (0,)
        if version != schema.VERSION:
            raise Fault(f"{path.name} has schema version {version}; this Wardline reads version {schema.VERSION}")

    def check(self, *, large: bool = True) -> None:
        """Raise `StorageBroken` when the file is damaged. Whole for small files, structure only for large ones, those only if asked."""
        is_small = self.path.stat().st_size <= SMALL
        if is_small or large:
            check(self.connection, self.path, schema.LOG, whole=is_small)
        for name, value, checked in self.rows("SELECT name, value, checked FROM meta"):
            if checked != checksum(name, value):
                raise StorageBroken(f"{self.path.name} is damaged (meta {name}); restore it from a backup")

    def begin(self) -> None:
        if not self.connection.in_transaction:
            self.run("BEGIN IMMEDIATE")

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self.connection.execute(statement, values)
        except FAILURES as error:
            raise meaning(error) from error

    def run_many(self, statement: str, values: list[tuple[Any, ...]]) -> None:
        if not values:
            return
        try:
            self.connection.executemany(statement, values)
        except FAILURES as error:
            raise meaning(error) from error

    def commit(self) -> None:
        if self.connection.in_transaction:
            self.run("COMMIT")

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self.run("ROLLBACK")

    def meta(self, name: str) -> Any:
        row = self.one("SELECT value FROM meta WHERE name = ?", (name,))
        return row[0] if row is not None else None

    def set_meta(self, name: str, value: Any) -> None:
        self.run("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (name, value, checksum(name, value)))

    def one(self, statement: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        return next(self.rows(statement, values), None)

    def all(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self.connection.execute(statement, values).fetchall()
        except FAILURES as error:
            raise meaning(error) from error

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        cursor = self.run(statement, values)
        try:
            # Not `yield from`: a reader that stops early would close the cursor, perhaps that of a file already closed.
            for row in cursor:  # noqa: UP028
                yield row
        except FAILURES as error:
            raise meaning(error) from error

    def close(self) -> None:
        self.connection.close()


def check(connection: sqlite3.Connection, path: Path, tables: str, *, whole: bool) -> None:
    """Raise `StorageBroken` unless SQLite finds the file in order and its tables are those we made."""
    try:
        (answer,) = connection.execute(f"PRAGMA {'integrity_check' if whole else 'quick_check'}(1)").fetchone()
        if answer == "ok" and _tables_in(connection) != _tables_of(tables):
            answer = "its tables have changed"
    except FAILURES as error:
        answer = str(error)
    if answer != "ok":
        raise StorageBroken(f"{path.name} is damaged ({answer}); restore it from a backup")


def text(stored: bytes) -> str:
    """Text that is no text any more must not stop the reading: whoever checks the row finds that it has changed."""
    return stored.decode(errors="replace")


def _tables_in(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()


@lru_cache(maxsize=8)
def _tables_of(tables: str) -> list[tuple[Any, ...]]:
    """What SQLite keeps of these statements."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(tables)
        return _tables_in(connection)
    finally:
        connection.close()


def checksum(*values: Any) -> int:
    """Of columns that are not sealed, so that a byte that changed on the disk is noticed."""
    return zlib.crc32(_ENCODE(values))


def meaning(error: Exception) -> Exception:
    """What an error of the database means for senders. An unknown one counts as broken: never carry on past it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF == sqlite3.SQLITE_FULL:
        return StorageFull("the disk is full")
    if code is not None and code & 0xFF in _NOT_NOW:
        return StorageFull(f"the log cannot be written: {error}")
    return StorageBroken(f"the log could not be written or read: {error}")


def month_of(at: datetime) -> str:
    return at.strftime("%Y-%m")
