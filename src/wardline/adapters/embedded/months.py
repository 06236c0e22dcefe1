"""The files of a log: one is open, older ones are closed by recorded month and never written again.

A file comes into being under another name and is renamed when it is complete; a crash at any point leaves either the old state
or the new one, and what is left over is cleared away at the next start.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from wardline.adapters.embedded.logfile import LogFile, month_of
from wardline.core.errors import StorageBroken

_TAKEN_ALONG: Final = ("feeds", "senders", "directory", "snapshots")
"""Tables every open file holds whole, so that closed ones need not be opened for them."""


def files_in(folder: Path) -> list[Path]:
    """The files of the log, oldest first."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9].db"))


def first_file(folder: Path) -> LogFile:
    path = folder / "0001.db"
    draft = _draft_of(path)
    _finish(LogFile(draft, create=True))
    _take_place(draft, path)
    return LogFile(path)


def next_file(old: LogFile, at: datetime, *, seq: int, row: int) -> LogFile:
    """Begin the next file after step `seq` and row `row`; from the moment it has its name on, the old one is history."""
    path = old.path.with_name(f"{int(old.path.stem) + 1:04d}.db")
    draft = _draft_of(path)
    fresh = LogFile(draft, create=True)
    fresh.begin()
    for name, value in list(old.rows("SELECT name, value FROM meta")):
        fresh.set_meta(name, value)
    for name, value in (("month", month_of(at)), ("first_seq", seq), ("first_row", row)):
        fresh.set_meta(name, value)
    for table in _TAKEN_ALONG:
        _copy(old, fresh, table)
    _copy(old, fresh, "outbox", "WHERE done = 0")
    fresh.commit()
    _finish(fresh)
    _take_place(draft, path)
    return LogFile(path)


def close_for_good(path: Path) -> None:
    """Move everything out of the write-ahead log, leave its mode, and make the file read-only."""
    file = LogFile(path)
    file.run("PRAGMA wal_checkpoint(TRUNCATE)")
    file.run("PRAGMA journal_mode = DELETE")
    file.close()
    path.chmod(0o400)


def is_closed(path: Path) -> bool:
    """A crash between handing over and closing leaves the old file writable."""
    return not path.stat().st_mode & 0o200


def _draft_of(path: Path) -> Path:
    draft = path.with_suffix(".new")
    for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    return draft


def _copy(old: LogFile, fresh: LogFile, table: str, where: str = "") -> None:
    rows = list(old.rows(f"SELECT * FROM {table} {where}"))
    if rows:
        fresh.run_many(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _finish(draft: LogFile) -> None:
    draft.run("PRAGMA wal_checkpoint(TRUNCATE)")
    draft.close()
    _sync(draft.path)


def _take_place(draft: Path, path: Path) -> None:
    draft.rename(path)
    try:
        _sync(path.parent)
    except OSError as error:
        raise StorageBroken(f"whether {path.name} has its name is not certain: {error}") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
