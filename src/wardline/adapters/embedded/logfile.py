"""One file of the log: a SQLite database that is open for appending or closed for good."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded import schema
from wardline.core.errors import Fault, StorageBroken, StorageFull

SMALL: Final = 64 * 1024 * 1024
"""Files up to this size are checked whole when they are opened; it takes about a second."""


class LogFile:
    """A connection with the meaning of its errors decided in one place."""

    def __init__(self, path: Path, *, create: bool = False, read_only: bool = False, query_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        target = f"file:{path}?mode=ro" if read_only else str(path)
        self.connection = sqlite3.connect(target, isolation_level=None, check_same_thread=False, uri=read_only, cached_statements=256)
        if query_only:
            self.connection.execute("PRAGMA query_only = ON")
        elif not read_only:
            for pragma in schema.PRAGMAS:
                self.connection.execute(pragma)
        if create:
            self.connection.executescript(f"BEGIN; {schema.LOG} PRAGMA user_version = {schema.VERSION}; COMMIT;")
            path.chmod(0o600)
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version != schema.VERSION:
            raise Fault(f"{path.name} has schema version {version}; this Wardline reads version {schema.VERSION}")

    def check(self) -> None:
        """Raise `StorageBroken` when the file is damaged. Whole for small files, structure only for large ones."""
        pragma = "integrity_check(1)" if self.path.stat().st_size <= SMALL else "quick_check(1)"
        try:
            (answer,) = self.connection.execute(f"PRAGMA {pragma}").fetchone()
        except sqlite3.DatabaseError as error:
            answer = str(error)
        if answer != "ok":
            raise StorageBroken(f"{self.path.name} is damaged ({answer}); restore it from a backup")

    def begin(self) -> None:
        if not self.connection.in_transaction:
            self.run("BEGIN IMMEDIATE")

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self.connection.execute(statement, values)
        except sqlite3.Error as error:
            raise meaning(error) from error

    def run_many(self, statement: str, values: list[tuple[Any, ...]]) -> None:
        if not values:
            return
        try:
            self.connection.executemany(statement, values)
        except sqlite3.Error as error:
            raise meaning(error) from error

    def commit(self) -> None:
        if self.connection.in_transaction:
            self.run("COMMIT")

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def meta(self, name: str) -> Any:
        row = self.run("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row is not None else None

    def set_meta(self, name: str, value: Any) -> None:
        self.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        return iter(self.run(statement, values))

    def close(self) -> None:
        self.connection.close()


def meaning(error: sqlite3.Error) -> Exception:
    """What an error of the database means for senders. An unknown one counts as broken: never carry on past it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF == sqlite3.SQLITE_FULL:
        return StorageFull("the disk is full")
    if code is not None and code & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageFull(f"the log cannot be written: {error}")
    return StorageBroken(f"the log could not be written or read: {error}")


def month_of(at: datetime) -> str:
    return at.strftime("%Y-%m")
