"""A file of accounts from before there were second factors opens as today's: nobody is signed out, nothing is lost."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.adapters.embedded.identity_schema import VERSION
from wardline.core.errors import Fault
from wardline.core.people import Authenticator

BEFORE = """
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
INSERT INTO users VALUES ('u1', 'eve', 'Eve Iyer', 'hash', '["nurse"]', '["7A"]', 1, 2, NULL);
INSERT INTO sessions VALUES ('s1', 'u1', x'01', x'02', 1767225600000000, 1767225660000000, 1767268800000000, NULL, 'a browser');
INSERT INTO once VALUES (x'03', 'setup', 1767268800000000);
PRAGMA user_version = 1;
"""
"""The file as version 1 made it, word for word."""
STARTED = datetime(2026, 1, 1, tzinfo=UTC)  # 1767225600 s


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "identities.db"
    with sqlite3.connect(file) as made:
        made.executescript(BEFORE)
    made.close()
    return file


def _version(file: Path) -> int:
    opened = sqlite3.connect(file)
    (version,) = opened.execute("PRAGMA user_version").fetchone()
    opened.close()
    return int(version)


def test_a_file_of_version_1_opens_in_place_with_everything_in_it(old: Path) -> None:
    store = SqliteIdentities(old)

    (eve,) = store.users()
    assert (eve.login, eve.roles, eve.units, eve.failures, eve.service) == ("eve", {"nurse"}, ("7A",), 2, False)
    (session,) = store.sessions("u1")
    assert (session.refresh, session.previous, session.device) == (b"\x01", b"\x02", "a browser")
    assert (session.started_at, session.factors, session.proven_at) == (STARTED, 1, STARTED), "it began with a password and nothing else"
    assert store.take_once(b"\x03", "setup", STARTED)
    store.close()
    assert _version(old) == VERSION


def test_what_is_new_works_in_an_old_file(old: Path) -> None:
    store = SqliteIdentities(old)
    phone = Authenticator("f1", "u1", "app", "Phone", b"sealed", STARTED, None, 7)
    store.put_authenticator(phone)
    store.close()

    again = SqliteIdentities(old)
    assert list(again.authenticators("u1")) == [phone]
    again.close()


def test_an_old_file_and_a_new_one_have_the_same_tables(old: Path, tmp_path: Path) -> None:
    def tables(file: Path) -> list[tuple[str, ...]]:
        SqliteIdentities(file).close()
        opened = sqlite3.connect(file)
        names = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = [(name, *(f"{row[1]} {row[2]}" for row in opened.execute(f"PRAGMA table_info({name})"))) for name in names]
        opened.close()
        return found

    assert tables(old) == tables(tmp_path / "new.db")


def test_a_crash_in_the_middle_leaves_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wardline.adapters.embedded import identity_schema

    broken = (identity_schema._VERSIONS[0], f"{identity_schema._VERSIONS[1]}; CREATE TABLE users (id TEXT)")
    monkeypatch.setattr(identity_schema, "_VERSIONS", broken)
    with pytest.raises(sqlite3.OperationalError):
        SqliteIdentities(old)
    monkeypatch.undo()

    assert _version(old) == 1
    store = SqliteIdentities(old)
    assert [user.login for user in store.users()] == ["eve"]
    store.close()


def test_a_file_of_a_newer_wardline_is_left_alone(old: Path) -> None:
    with sqlite3.connect(old) as newer:
        newer.execute("PRAGMA user_version = 9")
    newer.close()

    with pytest.raises(Fault, match="newer Wardline"):
        SqliteIdentities(old)
    assert _version(old) == 9
