"""Local users and their sessions in a SQLite file of their own."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.errors import Conflict
from wardline.core.ports import Session, User

_SCHEMA: Final = """
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
PRAGMA user_version = 1;
"""


class SqliteIdentities:
    """`Identities`. Passwords are stored as Argon2id, tokens as SHA-256 of 256 random bits."""

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if fresh:
            self._connection.executescript(_SCHEMA)

    def users(self) -> Iterator[User]:
        for row in self._connection.execute(f"{_USER} ORDER BY login"):
            yield _user(row)

    def user(self, id: str) -> User | None:
        row = self._connection.execute(f"{_USER} WHERE id = ?", (id,)).fetchone()
        return _user(row) if row is not None else None

    def user_named(self, login: str) -> User | None:
        row = self._connection.execute(f"{_USER} WHERE login = ?", (login.strip().lower(),)).fetchone()
        return _user(row) if row is not None else None

    def put_user(self, user: User) -> None:
        values = (
            user.login.strip().lower(), user.name, user.password, json.dumps(sorted(user.roles)), json.dumps(user.units), int(user.active),
            user.failures, microseconds(user.locked_until) if user.locked_until else None, user.id,
        )  # fmt: skip
        try:
            changed = self._connection.execute(
                "UPDATE users SET login = ?, name = ?, password = ?, roles = ?, units = ?, active = ?, failures = ?, locked_until = ? WHERE id = ?",
                values,
            )
            if not changed.rowcount:
                self._connection.execute(
                    "INSERT INTO users (login, name, password, roles, units, active, failures, locked_until, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values,
                )
        except sqlite3.IntegrityError:
            raise Conflict(f"the sign-in name {user.login!r} is already taken") from None

    def sessions(self, user: str = "") -> Iterator[Session]:
        query, values = (f"{_SESSION} WHERE user = ? AND ended IS NULL", (user,)) if user else (f"{_SESSION} WHERE ended IS NULL", ())
        for row in self._connection.execute(f"{query} ORDER BY seen_at DESC", values):
            yield _session(row)

    def session(self, id: str) -> Session | None:
        row = self._connection.execute(f"{_SESSION} WHERE id = ?", (id,)).fetchone()
        return _session(row) if row is not None else None

    def session_with(self, refresh: bytes) -> Session | None:
        """The session whose current or previous refresh token this is (a hash)."""
        row = self._connection.execute(f"{_SESSION} WHERE refresh = ? OR previous = ?", (refresh, refresh)).fetchone()
        return _session(row) if row is not None else None

    def put_session(self, session: Session) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                session.id, session.user, session.refresh, session.previous, microseconds(session.started_at), microseconds(session.seen_at),
                microseconds(session.ends_at), session.ended, session.device,
            ),
        )  # fmt: skip

    def put_once(self, token: bytes, purpose: str, ends_at: datetime) -> None:
        self._connection.execute("INSERT OR REPLACE INTO once VALUES (?, ?, ?)", (token, purpose, microseconds(ends_at)))

    def take_once(self, token: bytes, purpose: str, now: datetime) -> bool:
        """Use up a one-time token; false when there is none such or it is too old."""
        taken = self._connection.execute("DELETE FROM once WHERE token = ? AND purpose = ? AND ends_at > ?", (token, purpose, microseconds(now)))
        return taken.rowcount == 1

    def close(self) -> None:
        self._connection.close()


_USER: Final = "SELECT id, login, name, password, roles, units, active, failures, locked_until FROM users"
_SESSION: Final = "SELECT id, user, refresh, previous, started_at, seen_at, ends_at, ended, device FROM sessions"


def _user(row: tuple[Any, ...]) -> User:
    id, login, name, password, roles, units, active, failures, locked_until = row
    locked = moment(locked_until) if locked_until is not None else None
    return User(id, login, name, password, frozenset(json.loads(roles)), tuple(json.loads(units)), bool(active), failures, locked)


def _session(row: tuple[Any, ...]) -> Session:
    id, user, refresh, previous, started_at, seen_at, ends_at, ended, device = row
    return Session(id, user, refresh, previous, moment(started_at), moment(seen_at), moment(ends_at), ended, device)
