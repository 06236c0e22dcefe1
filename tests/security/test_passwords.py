"""Passwords: hashed slowly with Argon2id, long enough, none of the first that are tried."""

import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security.virtual import Desk
from wardline.core.errors import Refused
from wardline.security import passwords
from wardline.security.breached import FILE, listed_in

GOOD = "three unrelated cobblestones"


def test_trap3_a_stored_password_is_argon2id_with_the_parameters_of_rfc_9106() -> None:
    """RFC 9106, section 4: the second recommended option, 64 MiB, 3 passes, 4 lanes; with a salt of its own each time."""
    first, second = passwords.hashed(GOOD), passwords.hashed(GOOD)

    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert GOOD not in first


def test_trap3_checking_a_password_costs_what_a_guess_must_cost() -> None:
    stored = passwords.hashed(GOOD)
    before = time.process_time()

    assert passwords.matches(stored, GOOD)

    assert time.process_time() - before > 0.05


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$broken", "$2b$12$abcdefghijklmnopqrstuv"])
def test_what_is_no_hash_matches_nothing(stored: str) -> None:
    assert not passwords.matches(stored, "plain")
    assert not passwords.matches(stored, stored)


def test_a_name_that_does_not_exist_costs_a_guess_as_much() -> None:
    assert passwords.nobodys().startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 12"),
        ("x" * 201, "at most 200"),
        ("aaaaaaaaaaaaaaa", "first that are tried"),
        ("Password123!", "first that are tried"),
        ("h-o-s-p-i-t-a-l-1", "first that are tried"),
        ("Wardline2026", "first that are tried"),
        ("my name is Brandt", "your own name"),
        ("sesame for a.brandt", "your own name"),
    ],
)
def test_a_bad_password_is_refused_with_what_to_choose_instead(password: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        passwords.check(password, "a.brandt", "Amelia Brandt")

    assert password not in str(refused.value)


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery staple", "Ä" * 3 + "öüéèß-unten-am-Fluss", "a password that mentions hospital food", "x1y2z3" * 33]
)
def test_a_good_password_needs_neither_digits_nor_signs(password: str) -> None:
    """ASVS 6.2: length counts, composition rules do not; 64 letters and more are taken."""
    passwords.check(password, "a.brandt", "Amelia Brandt")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=250), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_either_good_or_refused(password: str, names: list[str]) -> None:
    try:
        passwords.check(password, *names)
    except Refused:
        return
    assert 12 <= len(password) <= 200


# --- the first that are tried, and those that leaked elsewhere ---


@pytest.mark.parametrize(
    "password",
    [
        "P@ssw0rd2026!", "Welcome-welcome", "qwertyuiopas", "1qaz2wsx3edc", "987654321098", "zyxwvutsrqpon", "Hospital.2026", "Summer2026!!!!",
        "hospitalpassword1", "Changeme-2026", "motdepasse1234", "NurseNurse2026", "abababababab",
    ],
)  # fmt: skip
def test_what_people_build_to_fill_twelve_characters_is_refused(password: str) -> None:
    """ASVS 6.2.4, by pattern: a word everybody takes with something behind it, keys in a row, the same letters again."""
    with pytest.raises(Refused, match="first that are tried"):
        passwords.check(password, "a.brandt", "Amelia Brandt")


@pytest.mark.parametrize(
    "password", ["seventeen pale doctors swim", "пять тихих зелёных чайников", "kettle-pylon-harvest", "五つの静かな緑のやかんと海と山"]
)
def test_unrelated_words_are_good_in_any_alphabet(password: str) -> None:
    passwords.check(password, "a.brandt", "Amelia Brandt")


def test_the_sites_list_of_plain_words_is_asked(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("Our Football Club 04\n\ncorrect horse battery staple\n", encoding="utf-8")

    is_listed = listed_in(file)

    assert is_listed("our football club 04")
    with pytest.raises(Refused, match="first that are tried"):
        passwords.check("correct horse battery staple", is_listed=is_listed)
    passwords.check(GOOD, is_listed=is_listed)


@settings(max_examples=50, deadline=None)
@given(leaked=st.sets(st.text(min_size=1, max_size=20), min_size=1, max_size=60), asked=st.text(min_size=1, max_size=20), counted=st.booleans())
def test_sorted_digests_are_searched_on_the_disk(tmp_path_factory: pytest.TempPathFactory, leaked: set[str], asked: str, counted: bool) -> None:
    """The usual public format: SHA-1, sorted, with a count behind a colon. Found if and only if it is there, first and last line included."""
    digests = sorted(hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest().upper() for each in leaked)
    file = tmp_path_factory.mktemp("list") / FILE
    file.write_text("".join(f"{each}{f':{number * 7}' if counted else ''}\r\n" for number, each in enumerate(digests)), encoding="ascii")

    is_listed = listed_in(file)

    assert all(is_listed(each) for each in leaked)
    assert is_listed(asked) is (asked in leaked)


def test_a_long_list_must_be_sorted_digests(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(b"word\n" * 2_000_000)

    with pytest.raises(Refused, match="sorted SHA-1"):
        listed_in(file)


def test_without_a_list_only_the_patterns_count(tmp_path: Path) -> None:
    assert listed_in(tmp_path / FILE)("anything") is False


def test_at_the_door_the_sites_list_holds_for_new_accounts_and_changed_passwords(desk: Desk) -> None:
    desk.accounts._is_breached = lambda password: password == "our football club 04"

    with pytest.raises(Refused):
        desk.accounts.add("b.iyer", "Bina Iyer", "our football club 04", frozenset({"nurse"}))
    with pytest.raises(Refused):
        desk.accounts.change_password(desk.user(), "our football club 04")
