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
from wardline.core.people import ApiKey, Authenticator, Session, User
from wardline.core.ports import Identities


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


# --- second factors, programs' keys, sign-in services ---

PHONE = Authenticator("f1", EVE.id, "app", "Phone", b"sealed", MORNING, MORNING, 7)
PASSKEY = Authenticator("f2", EVE.id, "passkey", "Ward computer", b"public key", MORNING + HOUR, None, 0, b"credential")
KEY = ApiKey("k1", "u9", "Metrics", b"hash", frozenset({"system.read"}), MORNING, "u1", MORNING + HOUR, ("7A",), ("10.0.0.0/8",))


def test_second_factors_come_back_as_they_were_put_the_oldest_first(store: Identities) -> None:
    for each in (PASSKEY, PHONE):
        store.put_authenticator(each)
    assert list(store.authenticators(EVE.id)) == list(store.authenticators()) == [PHONE, PASSKEY]
    assert list(store.authenticators("somebody else")) == []
    assert store.authenticator_with(b"credential") == PASSKEY
    assert store.authenticator_with(b"another") is None


def test_a_count_of_uses_never_goes_back(store: Identities) -> None:
    """The same code or an older one, at the same moment or later, from whatever process."""
    store.put_authenticator(PHONE)
    assert not store.use_authenticator("f1", 7, MORNING + HOUR)
    assert not store.use_authenticator("f1", 6, MORNING + HOUR)
    assert store.use_authenticator("f1", 8, MORNING + HOUR)
    assert not store.use_authenticator("f1", 8, MORNING + HOUR)
    assert not store.use_authenticator("nobody's", 9, MORNING + HOUR)
    (used,) = store.authenticators()
    assert (used.counter, used.used_at) == (8, MORNING + HOUR)


def test_a_passkey_that_does_not_count_says_nought_each_time(store: Identities) -> None:
    """WebAuthn, 6.1.1; once it has counted, nought is a copy."""
    store.put_authenticator(PASSKEY)
    assert store.use_authenticator("f2", 0, MORNING)
    assert store.use_authenticator("f2", 0, MORNING)
    assert store.use_authenticator("f2", 3, MORNING)
    assert not store.use_authenticator("f2", 0, MORNING)


def test_a_passkey_is_one_persons(store: Identities) -> None:
    store.put_authenticator(PASSKEY)
    with pytest.raises(Conflict, match="registered already"):
        store.put_authenticator(PASSKEY._replace(id="f3", user="u2"))


def test_a_removed_factor_is_gone_and_can_be_removed_once(store: Identities) -> None:
    store.put_authenticator(PHONE)
    assert store.remove_authenticator("f1")
    assert not store.remove_authenticator("f1")
    assert list(store.authenticators()) == []


def test_an_api_key_comes_back_as_it_was_put_the_newest_first(store: Identities) -> None:
    newer = KEY._replace(id="k2", made_at=MORNING + HOUR, used_at=MORNING, ended=True)
    for each in (KEY, newer):
        store.put_api_key(each)
    assert list(store.api_keys()) == [newer, KEY]
    assert store.api_key("k1") == KEY
    assert store.api_key("k3") is None


def test_a_link_to_a_sign_in_service_is_by_issuer_and_subject_together(store: Identities) -> None:
    store.put_user(EVE)
    store.link("https://login.example", "17", EVE.id)
    assert store.linked("https://login.example", "17") == EVE
    assert store.linked("https://other.example", "17") is None
    assert store.linked("https://login.example", "18") is None


def test_what_a_session_knows_of_its_proof_comes_back(store: Identities) -> None:
    proven = session("s1")._replace(factors=2, proven_at=MORNING, provider="sid-4")
    store.put_session(proven)
    assert store.session("s1") == proven


def test_a_programs_account_stays_one(store: Identities) -> None:
    store.put_user(EVE._replace(service=True, password=""))
    store.put_user(EVE._replace(service=True, password="", name="Eve's robot"))
    assert [user.service for user in store.users()] == [True]
