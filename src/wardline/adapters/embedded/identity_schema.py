"""The file of accounts as it is on disk, and how an older one becomes today's: in place, in one transaction."""

import sqlite3
from pathlib import Path
from typing import Final

from wardline.core.errors import Fault

_VERSIONS: Final = (
    """
    CREATE TABLE users (
        id TEXT PRIMARY KEY, login TEXT UNIQUE NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL, roles TEXT NOT NULL, units TEXT NOT NULL,
        active INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY, user TEXT NOT NULL, refresh BLOB NOT NULL, previous BLOB, started_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL, ended TEXT, device TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_user ON sessions (user);
    CREATE TABLE once (token BLOB PRIMARY KEY, purpose TEXT NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID;
    """,
    # Second factors, programs' keys, sign-in services. A session that is going on began with a password and nothing else.
    """
    ALTER TABLE users ADD COLUMN service INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN factors INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE sessions ADD COLUMN proven_at INTEGER;
    ALTER TABLE sessions ADD COLUMN provider TEXT NOT NULL DEFAULT '';
    UPDATE sessions SET proven_at = started_at;
    CREATE TABLE authenticators (
        id TEXT PRIMARY KEY, user TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, secret BLOB NOT NULL, added_at INTEGER NOT NULL,
        used_at INTEGER, counter INTEGER NOT NULL, credential BLOB UNIQUE
    ) WITHOUT ROWID;
    CREATE INDEX authenticators_user ON authenticators (user);
    CREATE TABLE keys (
        id TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, secret BLOB NOT NULL, scopes TEXT NOT NULL, made_at INTEGER NOT NULL,
        made_by TEXT NOT NULL, ends_at INTEGER NOT NULL, units TEXT NOT NULL, addresses TEXT NOT NULL, used_at INTEGER, ended INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE links (issuer TEXT NOT NULL, subject TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (issuer, subject)) WITHOUT ROWID;
    """,
    # Patients' own accounts.
    """
    ALTER TABLE users ADD COLUMN patient TEXT NOT NULL DEFAULT '';
    """,
)
"""What each version added to the one before."""
VERSION: Final = len(_VERSIONS)


def opened(path: Path) -> sqlite3.Connection:
    """The file, made or brought up to date. Raises `Fault` for one that a newer Wardline has written."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")  # of two that open it at once, one does this and the other finds it done
    with connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise Fault(f"{path} was written by a newer Wardline; start that one")
        for script in _VERSIONS[version:]:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    return connection
