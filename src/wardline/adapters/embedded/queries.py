"""What the log asks one of its files: the rows of a record, the messages after a step, the end."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wardline.adapters.embedded.logfile import LogFile
from wardline.adapters.embedded.packing import microseconds
from wardline.adapters.embedded.stored import MESSAGE, ROW
from wardline.core.statements import Problem


def end_of(file: LogFile) -> tuple[int, int]:
    """The last step and the last row of events in the file, or before it."""
    seq, row = file.meta("first_seq") or 0, file.meta("first_row") or 0
    (last_message,) = file.one("SELECT max(seq) FROM messages") or (None,)
    last_row = file.one("SELECT id, seq FROM rows ORDER BY id DESC LIMIT 1") or (0, 0)
    return max(seq, last_message or 0, last_row[1]), max(row, last_row[0])


def names(file: LogFile, table: str) -> dict[str, int]:
    return {name: id for id, name in file.rows(f"SELECT id, name FROM {table}")}


def problem_of(file: LogFile, seq: int) -> Problem | None:
    found = file.one("SELECT code, reason, place, rejected FROM problems WHERE seq = ?", (seq,))
    return Problem(found[0], found[1], found[2], bool(found[3])) if found is not None else None


def messages_named(file: LogFile, sender: int, control_id: str) -> list[tuple[Any, ...]]:
    """Messages of one identity, the newest first. Asked for every message that comes in."""
    return file.all(f"SELECT {MESSAGE} FROM messages WHERE sender = ? AND control = ? ORDER BY seq DESC", (sender, control_id))


def messages_after(file: LogFile, seq: int, limit: int = -1, feed: int | None = None, state: int | None = None) -> Iterator[tuple[Any, ...]]:
    conditions = [("seq > ?", seq)]
    if feed is not None:
        conditions.append(("feed = ?", feed))
    if state is not None:
        conditions.append(("state = ?", state))
    where = " AND ".join(condition for condition, _ in conditions)
    return file.rows(f"SELECT {MESSAGE} FROM messages WHERE {where} ORDER BY seq LIMIT ?", (*(value for _, value in conditions), limit))


def rows_of(file: LogFile, record: str, since: datetime | None) -> Iterator[tuple[Any, ...]]:
    """Rows of events about a record. With `since`, older ones only if they hold more than measurements and answers."""
    if since is None:
        yield from file.rows(f"SELECT {ROW} FROM rows WHERE record = ?", (record,))
        return
    values = (record, microseconds(since))
    yield from file.rows(f"SELECT {ROW} FROM rows WHERE record = ? AND occurred_at >= ?", values)
    yield from file.rows(f"SELECT {ROW} FROM rows WHERE record = ? AND occurred_at < ? AND lasting = 1", values)


def rows_after(file: LogFile, seq: int) -> Iterator[tuple[Any, ...]]:
    return file.rows(f"SELECT {ROW} FROM rows WHERE id >= ? ORDER BY id", (_first_row_after(file, seq),))


def _first_row_after(file: LogFile, seq: int) -> int:
    """Rows and steps are numbered in the same order, so the place is found by halving; a second index would cost every write."""
    (last,) = file.one("SELECT max(id) FROM rows") or (None,)
    low, high = 0, (last or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = file.one("SELECT id, seq FROM rows WHERE id >= ? ORDER BY id LIMIT 1", (middle,))
        if found is None or found[1] > seq:
            high = middle
        else:
            low = found[0] + 1
    return low
