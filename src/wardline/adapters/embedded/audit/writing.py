"""The thread that writes the audit trail: whatever has been asked for meanwhile becomes one durable transaction, off the clinical loop."""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from wardline.adapters.embedded.audit.reserve import Reserve
from wardline.adapters.embedded.packing import microseconds
from wardline.core.errors import Fault
from wardline.formats.audit.entries import FIELDS, FIRST_LINK, canonical, leaf, link
from wardline.formats.audit.heads import Head, Signer
from wardline.formats.audit.merkle import Frontier

MOST_AT_ONCE: Final = 2_000
REMEMBERED: Final = 10_000
"""Lists of records that need not be looked up again."""
_ALL: Final = ", ".join(FIELDS)
# One statement for the whole batch: the interpreter's lock is given back and asked for once, not once for every row.
_READ: Final = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(FIELDS)))
_INSERT: Final = f"INSERT INTO entries ({_ALL}, link) SELECT {_READ}, substr(?2, 1 + 32 * key, 32) FROM json_each(?1)"


class Draft(NamedTuple):
    """An entry that waits to be written: its fields without the number, and the records shown where they are several."""

    fields: tuple[Any, ...]
    records: tuple[str, ...]
    done: "asyncio.Future[None]"


class _Call(NamedTuple):
    """Something else to do in the thread, between two batches."""

    act: Callable[[], Any]
    done: "queue.SimpleQueue[Any]"


class Writer:
    """Owns the connection. `failed_since` and `reserve_used_since` say how it is doing."""

    def __init__(self, connection: sqlite3.Connection, reserve: Reserve, signer: Signer | None) -> None:
        self.connection = connection
        self.reserve = reserve
        self.signer = signer
        self.failed_since: datetime | None = None
        self.reserve_used_since: datetime | None = None
        self._tree: Frontier | None = None
        self._link = FIRST_LINK
        self._last = 0
        """The number of the last entry: more than there are, where somebody has taken one out, which the verifier finds."""
        self._known: set[str] = set()
        self._put_back: list[_Call | None] = []
        self._tasks: queue.SimpleQueue[list[Draft] | _Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    # --- from the loop ---

    def write(self, drafts: list[Draft]) -> None:
        """Those of one turn together: each hand-over between threads costs the loop more than the entry does."""
        self._begin()
        self._tasks.put(drafts)

    def call(self, act: Callable[[], Any]) -> Any:
        """Do something in the thread and wait for it."""
        self._begin()
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._tasks.put(_Call(act, done))
        result = done.get()
        if isinstance(result, Exception):
            raise result
        return result

    def close(self) -> None:
        """Everything asked for is written, or refused, when this returns."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join()
            self._thread = None

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="audit trail", daemon=True)
            self._thread.start()

    # --- in the thread ---

    def _run(self) -> None:
        while (task := self._next()) is not None:
            if isinstance(task, _Call):
                self._answer(task)
            else:
                batch = self._gathered(task)
                _tell(batch, self._written(batch))

    def _next(self) -> list[Draft] | _Call | None:
        if self._put_back:
            return self._put_back.pop()
        return self._tasks.get()

    def _gathered(self, first: list[Draft]) -> list[Draft]:
        """With what else has been asked for while the last transaction was on its way to the disk."""
        batch = list(first)
        with contextlib.suppress(queue.Empty):
            while len(batch) < MOST_AT_ONCE:
                task = self._tasks.get_nowait()
                if not isinstance(task, list):
                    self._put_back.append(task)
                    break
                batch += task
        return batch

    def _answer(self, task: _Call) -> None:
        try:
            task.done.put(task.act())
        except Exception as error:  # handed to whoever waits; the thread goes on
            task.done.put(error)

    def _written(self, batch: list[Draft]) -> Fault | None:
        """None when all of it is durable."""
        try:
            self._store(batch)
        except Exception as error:  # the disk or a bug of ours: nobody may wait for ever, and nobody is shown anything
            self._tree = None
            self.failed_since = self.failed_since or datetime.now(UTC)
            return Fault(f"the audit trail cannot be written, so patient data cannot be shown: {error}")
        self.failed_since = None
        if self.reserve_used_since is not None:
            self._take_back()
        return None

    def _store(self, batch: list[Draft]) -> None:
        try:
            self._insert(batch)
        except sqlite3.IntegrityError:  # another process of ours (`wardline users`) has written meanwhile: go on behind it
            self._tree = None
            self._insert(batch)
        except sqlite3.OperationalError as error:
            if "full" not in str(error) or not self.reserve.give_up():
                raise
            self.reserve_used_since = datetime.now(UTC)
            self._tree = None
            self._insert(batch)

    def _insert(self, batch: list[Draft]) -> None:
        self._remember_shown(batch)
        before = self._at_end()
        tree, last = Frontier(before.size, before.peaks), self._link
        rows, links = [], []
        for number, draft in enumerate(batch, self._last + 1):
            row = (number, *draft.fields)
            hashed = leaf(canonical(row))
            last = link(last, hashed)
            tree.add(hashed)
            rows.append(row)
            links.append(last)
        self.connection.execute(_INSERT, (msgspec.json.encode(rows).decode(), b"".join(links)))
        self._tree, self._link, self._last = tree, last, self._last + len(batch)

    def _remember_shown(self, batch: Iterable[Draft]) -> None:
        """Lists of records are kept once; before the entry that names them, so that none names what is not there."""
        place = FIELDS.index("shown") - 1
        fresh = {draft.fields[place]: draft.records for draft in batch if draft.records and draft.fields[place] not in self._known}
        if not fresh:
            return
        pairs = [(record, digest) for digest, records in fresh.items() for record in records]
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            self.connection.executemany("INSERT OR IGNORE INTO shown VALUES (?, ?)", [(digest, " ".join(each)) for digest, each in fresh.items()])
            self.connection.executemany("INSERT OR IGNORE INTO shown_records VALUES (?, ?)", pairs)
            self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        self._known = {*(self._known if len(self._known) < REMEMBERED else ()), *fresh}

    def _at_end(self) -> Frontier:
        """The tree as far as entries are stored. Read again after a failure, and where another process has written."""
        if self._tree is None:
            row = self.connection.execute("SELECT size, frontier FROM heads ORDER BY size DESC LIMIT 1").fetchone()
            tree = Frontier.unpacked(*row) if row is not None else Frontier()
            for entry in self.connection.execute(f"SELECT {_ALL} FROM entries WHERE id > ? ORDER BY id", (tree.size,)):
                tree.add(leaf(canonical(entry)))
            newest = self.connection.execute("SELECT id, link FROM entries ORDER BY id DESC LIMIT 1").fetchone()
            self._last, self._link = newest if newest is not None else (0, FIRST_LINK)
            self._tree = tree
        return self._tree

    def sign(self) -> Head | None:
        """Sign the trail as it stands; None when nothing has come since the last head, or this process has no key."""
        if self.signer is None:
            return None
        tree = self._at_end()
        if self.connection.execute("SELECT max(id) FROM entries").fetchone() != (self._last,):  # another process has written
            self._tree = None
            tree = self._at_end()
        if not tree.size or self.connection.execute("SELECT 1 FROM heads WHERE size = ?", (tree.size,)).fetchone():
            return None
        head = self.signer.signed(tree.size, microseconds(datetime.now(UTC)), tree.root, self._link)
        row = (head.size, head.at, head.log, head.root, head.link, head.signature, tree.packed())
        self.connection.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return head

    def _take_back(self) -> None:
        """As soon as there is room again."""
        self.reserve.take()
        if self.reserve.is_there:
            self.reserve_used_since = None


def _tell(batch: list[Draft], error: Fault | None) -> None:
    """Everybody who waits hears of it, each in their own loop."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for draft in batch:
        loops.setdefault(draft.done.get_loop(), []).append(draft.done)
    for loop, waiting in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, waiting, error)


def _resolve(waiting: list["asyncio.Future[None]"], error: Fault | None) -> None:
    for done in waiting:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(Fault(*error.args))
