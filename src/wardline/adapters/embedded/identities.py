"""Accounts, sessions, second factors and programs' keys in a SQLite file of their own."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.adapters.embedded.identity_schema import opened
from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.errors import Conflict
from wardline.core.people import ApiKey, Authenticator, Session, User


class SqliteIdentities:
    """`Identities`. Passwords are stored as Argon2id, tokens as SHA-256 of 256 random bits, the secrets of apps sealed."""

    def __init__(self, path: Path) -> None:
        self._connection = opened(path)

    # --- accounts ---

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
            user.failures, _stored(user.locked_until), int(user.service), user.patient, user.id,
        )  # fmt: skip
        try:
            changed = self._connection.execute(
                "UPDATE users SET login = ?, name = ?, password = ?, roles = ?, units = ?, active = ?, failures = ?, locked_until = ?, service = ?,"
                " patient = ? WHERE id = ?",
                values,
            )
            if not changed.rowcount:
                self._connection.execute(
                    "INSERT INTO users (login, name, password, roles, units, active, failures, locked_until, service, patient, id)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values,
                )
        except sqlite3.IntegrityError:
            raise Conflict(f"the sign-in name {user.login!r} is already taken") from None

    def linked(self, issuer: str, subject: str) -> User | None:
        row = self._connection.execute(f"{_USER} WHERE id = (SELECT user FROM links WHERE issuer = ? AND subject = ?)", (issuer, subject)).fetchone()
        return _user(row) if row is not None else None

    def link(self, issuer: str, subject: str, user: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", (issuer, subject, user))

    # --- sessions ---

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
            "INSERT OR REPLACE INTO sessions (id, user, refresh, previous, started_at, seen_at, ends_at, ended, device, factors, proven_at, provider)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                session.id, session.user, session.refresh, session.previous, microseconds(session.started_at), microseconds(session.seen_at),
                microseconds(session.ends_at), session.ended, session.device, session.factors, _stored(session.proven_at), session.provider,
            ),
        )  # fmt: skip

    def put_once(self, token: bytes, purpose: str, ends_at: datetime) -> None:
        self._connection.execute("INSERT OR REPLACE INTO once VALUES (?, ?, ?)", (token, purpose, microseconds(ends_at)))

    def take_once(self, token: bytes, purpose: str, now: datetime) -> bool:
        """Use up a one-time token; false when there is none such or it is too old."""
        taken = self._connection.execute("DELETE FROM once WHERE token = ? AND purpose = ? AND ends_at > ?", (token, purpose, microseconds(now)))
        return taken.rowcount == 1

    # --- second factors ---

    def authenticators(self, user: str = "") -> Iterator[Authenticator]:
        query, values = (f"{_AUTHENTICATOR} WHERE user = ?", (user,)) if user else (_AUTHENTICATOR, ())
        for row in self._connection.execute(f"{query} ORDER BY added_at, id", values):
            yield _authenticator(row)

    def authenticator_with(self, credential: bytes) -> Authenticator | None:
        row = self._connection.execute(f"{_AUTHENTICATOR} WHERE credential = ?", (credential,)).fetchone()
        return _authenticator(row) if row is not None else None

    def put_authenticator(self, authenticator: Authenticator) -> None:
        each = authenticator
        try:
            self._connection.execute(
                "INSERT INTO authenticators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, secret = excluded.secret",
                (
                    each.id, each.user, each.kind, each.name, each.secret, microseconds(each.added_at), _stored(each.used_at), each.counter,
                    each.credential or None,
                ),
            )  # fmt: skip
        except sqlite3.IntegrityError:
            raise Conflict("this passkey is registered already") from None

    def use_authenticator(self, id: str, counter: int, at: datetime) -> bool:
        # A passkey that does not count says 0 each time (WebAuthn, 6.1.1).
        used = self._connection.execute(
            "UPDATE authenticators SET counter = ?, used_at = ? WHERE id = ? AND (counter < ? OR (counter = 0 AND ? = 0))",
            (counter, microseconds(at), id, counter, counter),
        )
        return used.rowcount == 1

    def remove_authenticator(self, id: str) -> bool:
        return self._connection.execute("DELETE FROM authenticators WHERE id = ?", (id,)).rowcount == 1

    # --- programs' keys ---

    def api_keys(self) -> Iterator[ApiKey]:
        for row in self._connection.execute(f"{_KEY} ORDER BY made_at DESC, id"):
            yield _key(row)

    def api_key(self, id: str) -> ApiKey | None:
        row = self._connection.execute(f"{_KEY} WHERE id = ?", (id,)).fetchone()
        return _key(row) if row is not None else None

    def put_api_key(self, key: ApiKey) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key.id, key.user, key.name, key.secret, json.dumps(sorted(key.scopes)), microseconds(key.made_at), key.made_by,
                microseconds(key.ends_at), json.dumps(key.units), json.dumps(key.addresses), _stored(key.used_at), int(key.ended),
            ),
        )  # fmt: skip

    def close(self) -> None:
        self._connection.close()


_USER: Final = "SELECT id, login, name, password, roles, units, active, failures, locked_until, service, patient FROM users"
_SESSION: Final = "SELECT id, user, refresh, previous, started_at, seen_at, ends_at, ended, device, factors, proven_at, provider FROM sessions"
_AUTHENTICATOR: Final = "SELECT id, user, kind, name, secret, added_at, used_at, counter, credential FROM authenticators"
_KEY: Final = "SELECT id, user, name, secret, scopes, made_at, made_by, ends_at, units, addresses, used_at, ended FROM keys"


def _stored(at: datetime | None) -> int | None:
    return microseconds(at) if at is not None else None


def _moment(stored: int | None) -> datetime | None:
    return moment(stored) if stored is not None else None


def _user(row: tuple[Any, ...]) -> User:
    id, login, name, password, roles, units, active, failures, locked_until, service, patient = row
    listed = frozenset(json.loads(roles)), tuple(json.loads(units))
    return User(id, login, name, password, *listed, bool(active), failures, _moment(locked_until), bool(service), patient)


def _session(row: tuple[Any, ...]) -> Session:
    id, user, refresh, previous, started_at, seen_at, ends_at, ended, device, factors, proven_at, provider = row
    times = moment(started_at), moment(seen_at), moment(ends_at)
    return Session(id, user, refresh, previous, *times, ended, device, factors, _moment(proven_at), provider)


def _authenticator(row: tuple[Any, ...]) -> Authenticator:
    id, user, kind, name, secret, added_at, used_at, counter, credential = row
    return Authenticator(id, user, kind, name, secret, moment(added_at), _moment(used_at), counter, credential or b"")


def _key(row: tuple[Any, ...]) -> ApiKey:
    id, user, name, secret, scopes, made_at, made_by, ends_at, units, addresses, used_at, ended = row
    listed = tuple(json.loads(units)), tuple(json.loads(addresses))
    made = moment(made_at), made_by, moment(ends_at)
    return ApiKey(id, user, name, secret, frozenset(json.loads(scopes)), *made, *listed, _moment(used_at), bool(ended))
