"""Faults that can be switched on: a process that dies at the Nth step of its work, a disk that is full, a disk that fails."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from inspect import getattr_static
from pathlib import Path
from typing import Any

import pytest

from wardline.adapters.embedded.head import Head
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.logfile import LogFile
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import StorageBroken
from wardline.engine.loop import Engine


class Crash(BaseException):
    """The process dies here: nothing of ours may catch it."""


class Failpoints:
    """Numbered places in the work. Passing number `at` raises; without one they are only counted."""

    def __init__(self, at: int = 0, fault: Callable[[str], BaseException] = Crash) -> None:
        self.at = at
        self.fault = fault
        self.passed: list[str] = []

    def reach(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) == self.at:
            raise self.fault(name)

    def watch(self, patch: pytest.MonkeyPatch, owner: Any, *names: str) -> "Failpoints":
        """Make a place of the moment before and of the moment after each of these functions."""
        for name in names:
            original, is_static = getattr(owner, name), isinstance(getattr_static(owner, name), staticmethod)

            @wraps(original)
            def watched(*arguments: Any, _original: Any = original, _name: str = name, **named: Any) -> Any:
                self.reach(f"before {_name}")
                returned = _original(*arguments, **named)
                self.reach(f"after {_name}")
                return returned

            patch.setattr(owner, name, staticmethod(watched) if is_static else watched)
        return self

    def watch_writing(self, patch: pytest.MonkeyPatch) -> "Failpoints":
        """Every step from taking in a message to telling its sender."""
        self.watch(patch, SqliteLog, "append", "_flush", "commit", "keep", "save")
        self.watch(patch, SqliteSeal, "commit")
        self.watch(patch, LogFile, "begin", "commit", "run_many")
        self.watch(patch, Head, "write")
        return self.watch(patch, Engine, "_committed", "_tell")


class FastLog(SqliteLog):
    """A log that does not wait for the disk: for tests that open a thousand of them and never crash."""

    def __init__(self, folder: Path, seal: SqliteSeal) -> None:
        super().__init__(folder, seal)
        self._file.run("PRAGMA synchronous = OFF")


class FastSeal(SqliteSeal):
    """The same for the key file."""

    def __init__(self, path: Path, master_key: bytes) -> None:
        super().__init__(path, master_key)
        self._connection.execute("PRAGMA synchronous = OFF")


class SmallDisk(SqliteLog):
    """A log with a quota: SQLite itself refuses to grow the file beyond it, as on a full disk."""

    def leave(self, pages: int) -> None:
        """So many pages of room from now on."""
        connection = self._file.connection
        self._file.run("PRAGMA wal_checkpoint(TRUNCATE)")
        (used,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    def make_room(self) -> None:
        self._file.connection.execute("PRAGMA max_page_count = 1000000000")


class BadDisk(SqliteLog):
    """A log on a disk that fails one durable write: what a failed fsync at COMMIT means to us."""

    fails = False

    def commit(self) -> None:
        if self.fails:
            self._flush()
            raise StorageBroken("disk I/O error") from sqlite3.OperationalError("disk I/O error")
        super().commit()
