"""The tables of the audit trail, and how a file of an earlier version is taken over."""

import sqlite3
from pathlib import Path
from typing import Final

from wardline.core.errors import Fault
from wardline.formats.audit.entries import FIELDS, FIRST_LINK, canonical, leaf, link

VERSION: Final = 2

_TABLES: Final = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, about TEXT NOT NULL, detail TEXT NOT NULL
);
"""
# What version 2 adds: who in more words, through which door, how it ended, what else was shown, and the link of the chain.
_COLUMNS: Final = (
    "roles TEXT NOT NULL DEFAULT ''", "client TEXT NOT NULL DEFAULT ''", "session TEXT NOT NULL DEFAULT ''", "address TEXT NOT NULL DEFAULT ''",
    "purpose TEXT NOT NULL DEFAULT ''", "outcome TEXT NOT NULL DEFAULT 'success'", "shown TEXT NOT NULL DEFAULT ''",
    "door TEXT NOT NULL DEFAULT ''", "query TEXT NOT NULL DEFAULT ''", "request TEXT NOT NULL DEFAULT ''", "link BLOB NOT NULL DEFAULT x''",
)  # fmt: skip
_MORE: Final = """
DROP INDEX IF EXISTS entries_about;
DROP INDEX IF EXISTS entries_who;
CREATE INDEX entries_about ON entries (about, id) WHERE about <> '';
CREATE INDEX entries_who ON entries (who, id);
CREATE INDEX entries_shown ON entries (shown, id) WHERE shown <> '';
CREATE INDEX entries_action ON entries (action, id);
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_outcome ON entries (outcome, id) WHERE outcome <> 'success';
-- Records that were shown together (a board, a search), kept once under the digest of the list: an entry then says only the digest.
CREATE TABLE shown (digest TEXT PRIMARY KEY, records TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE shown_records (record TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (record, digest)) STRICT, WITHOUT ROWID;
-- frontier: the peaks of the tree at this size, so that a start need not hash the whole trail again.
CREATE TABLE heads (
    size INTEGER PRIMARY KEY, at INTEGER NOT NULL, log TEXT NOT NULL, root BLOB NOT NULL, link BLOB NOT NULL, signature BLOB NOT NULL,
    frontier BLOB NOT NULL
) STRICT;
"""
_AT_ONCE: Final = 10_000


def opened(path: Path) -> sqlite3.Connection:
    """The file, made or taken over where that is needed. Nobody else writes here for long, so a lock that stays is a fault."""
    fresh = not path.exists()
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.5)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    version = VERSION if not fresh and is_signed(connection) else 1
    if version < VERSION:
        _make(connection, fresh=fresh)
    connection.execute("COMMIT")
    return connection


def is_signed(connection: sqlite3.Connection) -> bool:
    """Whether the file has a chain and heads, as files have since version 2."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise Fault("the audit trail was written by a newer Wardline; use that one, or one newer still")
    return bool(version == VERSION)


def has_heads(path: Path) -> bool:
    """The same of a file that nobody has opened yet; false where there is none."""
    if not path.exists():
        return False
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return is_signed(connection)
    finally:
        connection.close()


def _make(connection: sqlite3.Connection, *, fresh: bool) -> None:
    """Inside one transaction: a file is of one version or of the other, whatever happens."""
    for statement in (_TABLES if fresh else "").split(";"):
        connection.execute(statement)
    for column in _COLUMNS:
        connection.execute(f"ALTER TABLE entries ADD COLUMN {column}")
    for statement in _MORE.split(";"):
        connection.execute(statement)
    _chain_all(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _chain_all(connection: sqlite3.Connection) -> None:
    """Entries of an earlier version say what they said; from here on nobody changes them unnoticed."""
    last, before = 0, FIRST_LINK
    while rows := connection.execute(f"SELECT {', '.join(FIELDS)} FROM entries WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)).fetchall():
        links = []
        for row in rows:
            before = link(before, leaf(canonical(row)))
            links.append((before, row[0]))
        connection.executemany("UPDATE entries SET link = ? WHERE id = ?", links)
        last = rows[-1][0]
