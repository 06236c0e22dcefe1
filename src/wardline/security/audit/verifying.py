"""Is the audit trail whole? A program of its own: it needs the file, the public key, and where there is one, the witness.

    python -m wardline.security.audit.verifying audit.db PUBLIC-KEY [--witness heads.jsonl]

It reads with SQLite's own library and shares with the house only what defines the trail: what of an entry is hashed, and the tree.
It needs no key of a patient, so a trail that names somebody who has been erased verifies as before.
"""

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

from wardline.core.errors import NotFound
from wardline.formats.audit.entries import FIELDS, FIRST_LINK, SEPARATOR, digest_of
from wardline.formats.audit.heads import HEADS, Head, head_in, is_signed, log_of
from wardline.formats.audit.merkle import Frontier, root_of_peaks
from wardline.formats.audit.restores import ACTION, Restore, restore_in

CHUNK: Final = 1 << 16
"""Entries a process checks at a time: a power of two, so that each chunk is a whole subtree."""
# The bytes of an entry, put together by SQLite in C. `SEPARATOR` is character 30.
_ENTRY: Final = f"CAST({f'||char({ord(SEPARATOR)})||'.join(FIELDS)} AS BLOB)"


MISSING: Final = "missing: somebody has taken it out"
ALTERED: Final = "altered, or not in its place: it does not fit the chain"
DAMAGED: Final = "cannot be read: the file is damaged"


class Problem(NamedTuple):
    """`first` is the first bad record, or where `last` is another one, the first that may be."""

    first: int
    why: str
    last: int

    @property
    def sentence(self) -> str:
        where = f"record {self.first}" if self.first == self.last else f"records {self.first} to {self.last}"
        return f"{where}: {self.why}"


class Lost(NamedTuple):
    """Records that a restore left behind, as the witness knows of them: the trail went on from a backup."""

    made_at: datetime
    """When the backup was made."""
    records: int

    @property
    def sentence(self) -> str:
        return f"the trail was restored from a backup made at {self.made_at:%Y-%m-%d %H:%M} UTC; {self.records} entries since are only in the witness"


class Verdict(NamedTuple):
    """What was found. `signed` is how far signed heads reach; what came after is chained and waits for the next one."""

    records: int
    heads: int
    signed: int
    witnessed: int | None
    """How far the witness reaches; None when none was given."""
    problem: Problem | None
    lost: tuple[Lost, ...] = ()
    """By each restore that somebody with the trail's key has signed. They are told and are no fault."""

    @property
    def is_whole(self) -> bool:
        return self.problem is None


class _Chunk(NamedTuple):
    """What one process found in its part: the root of its entries, and of their beginnings where heads stand."""

    problem: Problem | None
    peaks: list[bytes]
    at_heads: dict[int, list[bytes]]


def verify(
    path: Path, public: bytes, witness: Iterable[Head] | None = None, *, processes: int = 0, progress: Callable[[int, int], None] | None = None
) -> Verdict:
    """Check every record, every link, every head. `progress` hears (records done, records in all)."""
    with closing(_reading(path)) as connection:
        own = [Head(*row) for row in connection.execute("SELECT log, size, at, root, link, signature FROM heads ORDER BY size")]
        (records,) = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()
        together = _bad_list(connection)
        restores = list(_restores(connection, public))
    told = list(witness) if witness is not None else []
    seen = [head for head in told if not any(restore.replaced(head) for restore in restores)]
    covered = max((head.size for head in (*own, *seen)), default=0)
    promised = [*((head, "") for head in own), *((head, "of the witness ") for head in seen)]
    found = [together, _forged([*promised, *((head, "of the witness ") for head in told)], public), _forked(promised), _missing(records, covered)]
    found.append(_walk(path, records, promised, processes, progress))
    problem = min((each for each in found if each is not None), default=None, key=lambda each: (each.first, each.last))
    signed, witnessed = (max((head.size for head in heads), default=0) for heads in (own, seen))
    return Verdict(records, len(own), signed, witnessed if witness is not None else None, problem, tuple(_lost(told, restores)))


# --- restores ---------------------------------------------------------------------------------------------------------------


def _restores(connection: sqlite3.Connection, public: bytes) -> Iterator[Restore]:
    """In order, those that were signed where they stand."""
    query = "SELECT e.id, e.detail, b.link FROM entries e LEFT JOIN entries b ON b.id = e.id - 1 WHERE e.action = ? ORDER BY e.id"
    for id, detail, before in connection.execute(query, (ACTION,)):
        restore = restore_in(detail, id - 1, before if id > 1 else FIRST_LINK, public)
        if restore is not None:
            yield restore


def _lost(told: Iterable[Head], restores: Iterable[Restore]) -> Iterator[Lost]:
    heads = list(told)
    for restore in restores:
        last = max((head.size for head in heads if restore.replaced(head)), default=0)
        if last:
            yield Lost(restore.made_at, last - restore.size)
        heads = [head for head in heads if not restore.replaced(head)]


# --- heads ------------------------------------------------------------------------------------------------------------------


def _forged(heads: Iterable[tuple[Head, str]], public: bytes) -> Problem | None:
    """A head that nobody with the key has signed."""
    last = 0
    for head, whose in sorted(heads, key=lambda each: each[0].size):
        if not is_signed(head, public):
            return Problem(last + 1, f"the head {whose}over {head.size} records is not signed with this trail's key", head.size)
        last = head.size
    return None


def _forked(heads: Iterable[tuple[Head, str]]) -> Problem | None:
    """Two heads over equally many records that say different things: one history was shown here, another there."""
    roots: dict[int, bytes] = {}
    last = 0
    for head, _ in sorted(heads, key=lambda each: each[0].size):
        if roots.setdefault(head.size, head.root) != head.root:
            return Problem(last + 1, f"two heads over {head.size} records differ: the trail was forked or signed again", head.size)
        last = max((size for size in roots if size < head.size), default=0)
    return None


def _missing(records: int, covered: int) -> Problem | None:
    if records >= covered:
        return None
    return Problem(records + 1, f"cut off: a signed head covers {covered} records, and only {records} are there", covered)


# --- records ----------------------------------------------------------------------------------------------------------------


def _walk(path: Path, records: int, heads: Iterable[tuple[Head, str]], processes: int, progress: Callable[[int, int], None] | None) -> Problem | None:
    """Chunk by chunk and in order; the first problem ends it."""
    at: dict[int, list[tuple[Head, str]]] = {}
    for each in heads:
        at.setdefault(each[0].size, []).append(each)
    starts = range(0, records, CHUNK)
    tasks = [(path, start, min(start + CHUNK, records), sorted(size for size in at if start < size <= start + CHUNK)) for start in starts]
    tree, good = Frontier(), 0
    for start, chunk in zip(starts, _checked(tasks, processes), strict=True):
        for size, peaks in chunk.at_heads.items():
            for head, whose in at[size]:
                if root_of_peaks([*tree.peaks, *peaks]) != head.root:
                    why = f"the signed head {whose}over {size} records says something else: one of them was changed and all links made anew"
                    return Problem(good + 1, why, size)
            good = size
        if chunk.problem is not None:
            return chunk.problem
        if len(chunk.peaks) == 1:
            tree.add(chunk.peaks[0], CHUNK)
        if progress is not None:
            progress(min(start + CHUNK, records), records)
    return None


def _checked(tasks: list[tuple[Path, int, int, list[int]]], processes: int) -> Iterator[_Chunk]:
    processes = min(processes or os.cpu_count() or 1, len(tasks))
    if processes <= 1:
        yield from (_check(task) for task in tasks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(_check, tasks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _check(task: tuple[Path, int, int, list[int]]) -> _Chunk:
    path, start, end, sizes = task
    with closing(_reading(path)) as connection:
        row = connection.execute("SELECT link FROM entries WHERE id = ?", (start,)).fetchone() if start else (FIRST_LINK,)
        # Where the record before is missing, the chunk before says so.
        return _checked_part(connection, start, end, row[0] if row is not None else b"", frozenset(sizes))


def _checked_part(connection: sqlite3.Connection, start: int, end: int, before: bytes, sizes: frozenset[int]) -> _Chunk:
    """Records start+1 to end. The loop is the whole cost: two hashes a record, and about one for the tree."""
    hashed, tree, expected = sha256, Frontier(), start
    at_heads: dict[int, list[bytes]] = {}
    query = f"SELECT id, {_ENTRY}, link FROM entries WHERE id > ? AND id <= ? ORDER BY id"
    try:
        for id, entry, link in connection.execute(query, (start, end)):
            expected += 1
            if id != expected:
                return _Chunk(Problem(expected, MISSING, expected), [], at_heads)
            leaf = hashed(b"\x00" + (entry or b"")).digest()
            if hashed(b"\x02" + before + leaf).digest() != link:
                return _Chunk(Problem(id, ALTERED, id), [], at_heads)
            before = link
            tree.add(leaf)
            if id in sizes:
                at_heads[id] = list(tree.peaks)
    except sqlite3.DatabaseError:
        return _Chunk(Problem(expected + 1, DAMAGED, end), [], at_heads)
    return _Chunk(None, tree.peaks, at_heads)


def _bad_list(connection: sqlite3.Connection) -> Problem | None:
    """Lists of records shown together are kept beside the entries, under their digest."""
    bad = [digest for digest, records in connection.execute("SELECT digest, records FROM shown") if digest_of(records.split(" ")) != digest]
    missing = "SELECT min(id) FROM entries WHERE shown <> '' AND shown NOT IN (SELECT digest FROM shown)"
    found = [connection.execute("SELECT min(id) FROM entries WHERE shown = ?", (digest,)).fetchone()[0] for digest in bad]
    found.append(connection.execute(missing).fetchone()[0])
    first = min((id for id in found if id is not None), default=None)
    return Problem(first, "the list of patients that it showed was altered", first) if first is not None else None


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


# --- on its own -------------------------------------------------------------------------------------------------------------


def witnessed(path: Path, public: bytes) -> list[Head]:
    """Heads of this key's trail as the witness keeps them, one a line: of a file, or of a folder with files of several trails."""
    file = path / f"{log_of(public)}{HEADS}" if path.is_dir() else path
    try:
        return [head_in(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise NotFound(f"the witness {file} cannot be read: {error.strerror}") from None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Is this audit trail whole?")
    parser.add_argument("file", type=Path)
    parser.add_argument("key", type=bytes.fromhex, help="the trail's public key, 64 hexadecimal digits")
    parser.add_argument("--witness", type=Path, help="the file or folder of the second place")
    given = parser.parse_args(arguments)
    verdict = verify(given.file, given.key, witnessed(given.witness, given.key) if given.witness is not None else None)
    found = verdict.problem.sentence if verdict.problem is not None else f"whole: {verdict.records} records, signed up to {verdict.signed}"
    sys.stdout.write("\n".join((found, *(lost.sentence for lost in verdict.lost), "")))
    return 0 if verdict.is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
