"""SQLite as the image store uses it: files that several processes write at once, each change durable when it is done."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wardline.adapters.embedded.logfile import FAILURES, meaning
from wardline.core.errors import Fault

_PATIENCE_SECONDS: Final = 30.0
_PRAGMAS: Final = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON", "PRAGMA journal_size_limit = 16777216")


def opened(path: Path, versions: Sequence[str]) -> sqlite3.Connection:
    """The file, made or brought up to date. Raises `Fault` for one that a newer Wardline has written."""
    try:
        connection = connected(path)
        path.chmod(0o600)
        with changing(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(versions):
                raise Fault(f"{path} was written by a newer Wardline; start that one")
            for statement in (each for script in versions[version:] for each in script.split(";") if each.strip()):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(versions)}")
    except FAILURES as error:
        raise meaning(error) from error
    return connection


def connected(path: Path, *, is_quick: bool = False) -> sqlite3.Connection:
    """`is_quick`: what it changes survives a crash of ours at once, and a power cut from the next flush on."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE_SECONDS, cached_statements=256)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    if is_quick:
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


@contextmanager
def changing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction: all of it is durable afterwards, or none of it happened. Raises `StorageFull`, `StorageBroken` or `Fault`."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:  # whatever it was: half a change is none
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except FAILURES as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise meaning(error) from error


class Readers:
    """Connections for questions, which wait for nobody: as many as are asked with at the same time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connected(self._path)
            connection.execute("PRAGMA query_only = ON")
        try:
            yield connection
        except FAILURES as error:
            raise meaning(error) from error
        finally:
            self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
