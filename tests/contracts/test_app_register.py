"""What every register of apps must keep to: durable, used once means once, and nothing comes back that has ended."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wardline.adapters.embedded.apps import SqliteApps
from wardline.core.apps import App, AppRegister, Code, Grant, Launch, Proof

NOW = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
APP = App(
    "c1", "Growth charts", Proof.SHARED, ("openid", "patient/*.rs"), NOW, "Charts Ltd", ("https://charts.example/back",), "https://charts.example/",
    b"\x00\xff", "", "", frozenset({"doctor"}), True, LATER,
)  # fmt: skip
GRANT = Grant("app-1", "c1", "u1", ("openid",), NOW, LATER, "s1", "p1", "e1", ("ImagingStudy/1",))
CODE = Code("app-1", "c1", "https://charts.example/back", "challenge", "nonce", LATER)
LAUNCH = Launch("c1", "u1", "p1", "e1", ("ImagingStudy/1",), LATER)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[AppRegister]:
    opened = SqliteApps(tmp_path / "apps.db")
    yield opened
    opened.close()


def _again(tmp_path: Path) -> SqliteApps:
    """The same one, as another process opens it."""
    return SqliteApps(tmp_path / "apps.db")


def test_what_is_put_comes_back_as_it_was(register: AppRegister, tmp_path: Path) -> None:
    register.put_app(APP)
    register.put_grant(GRANT)

    other = _again(tmp_path)
    assert (other.app("c1"), list(other.apps()), other.grant("app-1")) == (APP, [APP], GRANT)
    assert (other.app("c2"), other.grant("app-2")) == (None, None)
    other.close()


def test_grants_are_listed_by_person_and_app_until_they_end(register: AppRegister) -> None:
    second = GRANT._replace(id="app-2", user="u2", began_at=LATER)
    register.put_grant(GRANT)
    register.put_grant(second)

    assert list(register.grants()) == [second, GRANT]
    assert list(register.grants(user="u1")) == [GRANT]
    assert list(register.grants(app="c2")) == []
    register.put_grant(GRANT._replace(ended="taken back"))
    assert list(register.grants(app="c1")) == [second]


def test_a_code_knows_its_first_use_from_all_others_whoever_asks(register: AppRegister, tmp_path: Path) -> None:
    register.put_code(b"code", CODE)
    other = _again(tmp_path)

    assert other.take_code(b"code") == (CODE, True)
    assert register.take_code(b"code") == other.take_code(b"code") == (CODE, False)
    assert register.take_code(b"another") is None
    other.close()


def test_a_refresh_token_knows_its_first_use_from_all_others(register: AppRegister) -> None:
    register.put_refresh(b"token", "app-1")

    assert register.refresh(b"token") == "app-1"
    assert register.take_refresh(b"token") == ("app-1", True)
    assert (register.take_refresh(b"token"), register.refresh(b"token")) == (("app-1", False), "")
    assert register.take_refresh(b"another") is None


def test_a_launch_is_taken_once(register: AppRegister) -> None:
    register.put_launch(b"token", LAUNCH)

    assert register.launch(b"token") == LAUNCH
    assert register.take_launch(b"token") == LAUNCH
    assert (register.take_launch(b"token"), register.launch(b"token")) == (None, None)


def test_a_statement_is_new_once_also_after_a_restart(register: AppRegister, tmp_path: Path) -> None:
    assert register.first_time(b"jti", LATER)
    other = _again(tmp_path)
    assert not other.first_time(b"jti", LATER)
    other.close()


def test_what_has_ended_is_forgotten_and_the_rest_is_not(register: AppRegister) -> None:
    lasting = GRANT._replace(id="app-2", ends_at=LATER + timedelta(days=1))
    register.put_app(APP)
    for grant, code, token in ((GRANT, b"1", b"a"), (lasting, b"2", b"b")):
        register.put_grant(grant)
        register.put_code(code, CODE._replace(grant=grant.id))
        register.put_refresh(token, grant.id)
    register.put_launch(b"launch", LAUNCH)
    register.first_time(b"jti", LATER)

    register.forget(LATER + timedelta(seconds=1))

    assert (register.grant("app-1"), register.grant("app-2"), register.app("c1")) == (None, lasting, APP)
    assert (register.take_code(b"1"), register.take_refresh(b"a"), register.launch(b"launch")) == (None, None, None)
    assert register.take_code(b"2") is not None
    assert register.take_refresh(b"b") == ("app-2", True)
    assert register.first_time(b"jti", LATER)


def test_what_is_about_an_erased_patient_is_forgotten_with_all_that_works_with_it(register: AppRegister, tmp_path: Path) -> None:
    """SEC-16: also what has ended already, and nothing of it stays in the file."""
    gone = Grant("app-2", "c1", "u1", ("openid",), NOW, LATER, "s1", "erased-record", "erased-visit", (), "taken back")
    for grant, code, token in ((GRANT, b"1", b"a"), (gone, b"2", b"b")):
        register.put_grant(grant)
        register.put_code(code, CODE._replace(grant=grant.id))
        register.put_refresh(token, grant.id)
    register.put_launch(b"kept", LAUNCH)
    register.put_launch(b"gone", LAUNCH._replace(patient="erased-record"))

    register.forget_patients(["somebody", "erased-record"])

    assert (register.grant("app-1"), register.launch(b"kept")) == (GRANT, LAUNCH)
    assert (register.grant("app-2"), register.launch(b"gone"), register.take_code(b"2"), register.take_refresh(b"b")) == (None,) * 4
    assert register.refresh(b"a") == "app-1"
    assert b"erased" not in b"".join(file.read_bytes() for file in tmp_path.glob("apps.db*"))


def test_the_file_is_its_owners_alone(register: AppRegister, tmp_path: Path) -> None:
    assert (tmp_path / "apps.db").stat().st_mode & 0o777 == 0o600
