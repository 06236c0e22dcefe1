"""What every store of accounts and sessions must keep to: names are unique, tokens work once, and nothing is forgotten in a crash."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from support.clocks import MORNING
from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.core.errors import Conflict
from wardline.core.ports import Identities, Session, User


class Adapter(NamedTuple):
    """`open` the store in a folder; `close` it."""

    open: Callable[[Path], Identities]
    close: Callable[[Identities], None]


ADAPTERS = {
    "sqlite": Adapter(lambda folder: SqliteIdentities(folder / "identities.db"), lambda store: store.close()),  # type: ignore[attr-defined]
}
EVE = User("u1", "eve", "Eve Iyer", "hash", frozenset({"nurse"}), ("7A",), True, 0, None)
HOUR = timedelta(hours=1)


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return ADAPTERS[request.param]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "first").mkdir()
    return tmp_path / "first"


@pytest.fixture
def store(adapter: Adapter, folder: Path) -> Iterator[Identities]:
    opened = adapter.open(folder)
    yield opened
    adapter.close(opened)


def session(id: str, *, seen: timedelta = timedelta(), refresh: bytes = b"now", previous: bytes | None = None, ended: str | None = None) -> Session:
    return Session(id, EVE.id, refresh, previous, MORNING, MORNING + seen, MORNING + 12 * HOUR, ended, "a browser")


def test_an_account_comes_back_as_it_was_put(store: Identities) -> None:
    locked = EVE._replace(failures=3, locked_until=MORNING + HOUR)
    store.put_user(locked)
    assert store.user("u1") == store.user_named("eve") == locked
    assert list(store.users()) == [locked]
    assert store.user("u2") is None


def test_a_changed_account_replaces_the_one_before(store: Identities) -> None:
    store.put_user(EVE)
    store.put_user(EVE._replace(active=False, roles=frozenset({"doctor", "manager"})))
    (only,) = store.users()
    assert (only.active, only.roles) == (False, frozenset({"doctor", "manager"}))


@pytest.mark.parametrize("name", ["eve", "EVE", " Eve "])
def test_a_sign_in_name_is_one_person_however_it_is_written(store: Identities, name: str) -> None:
    store.put_user(EVE)
    assert store.user_named(name) == EVE
    with pytest.raises(Conflict, match="already taken"):
        store.put_user(EVE._replace(id="u2", login=name))
    assert store.user("u2") is None


def test_a_session_is_found_by_its_present_and_by_its_previous_token(store: Identities) -> None:
    """The previous one tells a stolen token from a lost answer."""
    known = session("s1", refresh=b"second", previous=b"first")
    store.put_session(known)
    assert store.session_with(b"second") == store.session_with(b"first") == store.session("s1") == known
    assert store.session_with(b"third") is None


def test_open_sessions_are_listed_the_latest_seen_first(store: Identities) -> None:
    for each in (session("s1"), session("s2", seen=HOUR), session("s3", ended="signed out")):
        store.put_session(each)
    assert [each.id for each in store.sessions("u1")] == ["s2", "s1"]
    assert [each.id for each in store.sessions()] == ["s2", "s1"]
    assert list(store.sessions("somebody else")) == []


def test_a_one_time_token_works_once_for_its_purpose_and_in_its_time(store: Identities) -> None:
    store.put_once(b"token", "setup", MORNING + HOUR)
    assert not store.take_once(b"token", "password", MORNING)
    assert not store.take_once(b"other", "setup", MORNING)
    assert store.take_once(b"token", "setup", MORNING)
    assert not store.take_once(b"token", "setup", MORNING)
    store.put_once(b"late", "setup", MORNING + HOUR)
    assert not store.take_once(b"late", "setup", MORNING + HOUR)


def test_everything_is_there_after_a_crash_and_a_used_token_stays_used(adapter: Adapter, store: Identities, folder: Path) -> None:
    store.put_user(EVE)
    store.put_session(session("s1"))
    store.put_once(b"token", "setup", MORNING + HOUR)
    assert store.take_once(b"token", "setup", MORNING)
    again = adapter.open(Path(shutil.copytree(folder, folder.with_name("again"))))  # the process is killed this instant
    assert list(again.users()) == [EVE]
    assert list(again.sessions()) == [session("s1")]
    assert not again.take_once(b"token", "setup", MORNING)
    adapter.close(again)
