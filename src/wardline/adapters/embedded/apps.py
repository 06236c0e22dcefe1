"""Apps, what people have allowed them, and what of theirs works only once, in a SQLite file of their own."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.apps import App, Code, Grant, Launch, Proof

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS apps (id TEXT PRIMARY KEY, app TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY, app TEXT NOT NULL, user TEXT NOT NULL, scopes TEXT NOT NULL, began_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
    session TEXT NOT NULL, patient TEXT NOT NULL, encounter TEXT NOT NULL, context TEXT NOT NULL, ended TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS grants_user ON grants (user) WHERE ended = '';
CREATE INDEX IF NOT EXISTS grants_app ON grants (app) WHERE ended = '';
CREATE TABLE IF NOT EXISTS launches (token BLOB PRIMARY KEY, launch TEXT NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Codes and refresh tokens stay after their use, so that a second one is noticed.
CREATE TABLE IF NOT EXISTS codes (
    code BLOB PRIMARY KEY, grant_id TEXT NOT NULL, app TEXT NOT NULL, redirect TEXT NOT NULL, challenge TEXT NOT NULL, nonce TEXT NOT NULL,
    ends_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refreshes (token BLOB PRIMARY KEY, grant_id TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS statements (statement BLOB PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
_GRANT: Final = "SELECT id, app, user, scopes, began_at, ends_at, session, patient, encounter, context, ended FROM grants"


class SqliteApps:
    """`AppRegister`."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten: it may be about somebody who was erased
        self._connection.executescript(_SCHEMA)

    # --- apps ---

    def apps(self) -> Iterator[App]:
        for (app,) in self._connection.execute("SELECT app FROM apps ORDER BY id"):
            yield _app(app)

    def app(self, id: str) -> App | None:
        row = self._connection.execute("SELECT app FROM apps WHERE id = ?", (id,)).fetchone()
        return _app(row[0]) if row is not None else None

    def put_app(self, app: App) -> None:
        plain = app._asdict() | {
            "secret": app.secret.hex(), "roles": sorted(app.roles), "added_at": microseconds(app.added_at),
            "closed_at": microseconds(app.closed_at) if app.closed_at is not None else None,
        }  # fmt: skip
        self._connection.execute("INSERT OR REPLACE INTO apps VALUES (?, ?)", (app.id, json.dumps(plain)))

    # --- grants ---

    def grants(self, *, user: str = "", app: str = "") -> Iterator[Grant]:
        conditions = ["ended = ''", *(f"{column} = ?" for column, value in (("user", user), ("app", app)) if value)]
        values = [value for value in (user, app) if value]
        for row in self._connection.execute(f"{_GRANT} WHERE {' AND '.join(conditions)} ORDER BY began_at DESC, id", values):
            yield _grant(row)

    def grant(self, id: str) -> Grant | None:
        row = self._connection.execute(f"{_GRANT} WHERE id = ?", (id,)).fetchone()
        return _grant(row) if row is not None else None

    def put_grant(self, grant: Grant) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                grant.id, grant.app, grant.user, json.dumps(grant.scopes), microseconds(grant.began_at), microseconds(grant.ends_at), grant.session,
                grant.patient, grant.encounter, json.dumps(grant.context), grant.ended,
            ),
        )  # fmt: skip

    # --- what works once ---

    def put_launch(self, token: bytes, launch: Launch) -> None:
        plain = json.dumps(launch._asdict() | {"ends_at": microseconds(launch.ends_at)})
        self._connection.execute("INSERT INTO launches VALUES (?, ?, ?)", (token, plain, microseconds(launch.ends_at)))

    def launch(self, token: bytes) -> Launch | None:
        row = self._connection.execute("SELECT launch FROM launches WHERE token = ?", (token,)).fetchone()
        return _launch(row[0]) if row is not None else None

    def take_launch(self, token: bytes) -> Launch | None:
        row = self._connection.execute("DELETE FROM launches WHERE token = ? RETURNING launch", (token,)).fetchone()
        return _launch(row[0]) if row is not None else None

    def put_code(self, code: bytes, issued: Code) -> None:
        self._connection.execute(
            "INSERT INTO codes (code, grant_id, app, redirect, challenge, nonce, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (code, issued.grant, issued.app, issued.redirect, issued.challenge, issued.nonce, microseconds(issued.ends_at)),
        )

    def take_code(self, code: bytes) -> tuple[Code, bool] | None:
        row = self._connection.execute(
            "UPDATE codes SET used = used + 1 WHERE code = ? RETURNING grant_id, app, redirect, challenge, nonce, ends_at, used", (code,)
        ).fetchone()
        if row is None:
            return None
        grant, app, redirect, challenge, nonce, ends_at, used = row
        return Code(grant, app, redirect, challenge, nonce, moment(ends_at)), used == 1

    def put_refresh(self, token: bytes, grant: str) -> None:
        self._connection.execute("INSERT INTO refreshes (token, grant_id) VALUES (?, ?)", (token, grant))

    def take_refresh(self, token: bytes) -> tuple[str, bool] | None:
        row = self._connection.execute("UPDATE refreshes SET used = used + 1 WHERE token = ? RETURNING grant_id, used", (token,)).fetchone()
        return (row[0], row[1] == 1) if row is not None else None

    def refresh(self, token: bytes) -> str:
        row = self._connection.execute("SELECT grant_id FROM refreshes WHERE token = ? AND used = 0", (token,)).fetchone()
        return str(row[0]) if row is not None else ""

    def first_time(self, statement: bytes, until: datetime) -> bool:
        return self._connection.execute("INSERT OR IGNORE INTO statements VALUES (?, ?)", (statement, microseconds(until))).rowcount == 1

    def forget(self, before: datetime) -> None:
        at = microseconds(before)
        self._connection.execute("DELETE FROM launches WHERE ends_at < ?", (at,))
        self._connection.execute("DELETE FROM statements WHERE until < ?", (at,))
        self._drop([id for (id,) in self._connection.execute("SELECT id FROM grants WHERE ends_at < ?", (at,))])

    def forget_patients(self, records: Iterable[str]) -> None:
        wanted = (json.dumps(list(records)),)
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM launches WHERE json_extract(launch, '$.patient') IN (SELECT value FROM json_each(?))", wanted)
            grants = "SELECT id FROM grants WHERE patient IN (SELECT value FROM json_each(?))"
            self._drop([id for (id,) in self._connection.execute(grants, wanted)])
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _drop(self, grants: list[str]) -> None:
        for table, column in (("codes", "grant_id"), ("refreshes", "grant_id"), ("grants", "id")):
            self._connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(id,) for id in grants])

    def close(self) -> None:
        self._connection.close()


def _app(text: str) -> App:
    plain = json.loads(text)
    for name in ("scopes", "redirects"):
        plain[name] = tuple(plain[name])
    closed = plain["closed_at"]
    return App(
        **plain | {
            "proof": Proof(plain["proof"]), "secret": bytes.fromhex(plain["secret"]), "roles": frozenset(plain["roles"]),
            "added_at": moment(plain["added_at"]), "closed_at": moment(closed) if closed is not None else None,
        }
    )  # fmt: skip


def _grant(row: tuple[Any, ...]) -> Grant:
    id, app, user, scopes, began_at, ends_at, session, patient, encounter, context, ended = row
    times = (moment(began_at), moment(ends_at))
    return Grant(id, app, user, tuple(json.loads(scopes)), *times, session, patient, encounter, tuple(json.loads(context)), ended)


def _launch(text: str) -> Launch:
    plain = json.loads(text)
    return Launch(**plain | {"context": tuple(plain["context"]), "ends_at": moment(plain["ends_at"])})
