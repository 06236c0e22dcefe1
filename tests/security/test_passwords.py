"""Passwords: hashed slowly with Argon2id, long enough, none of the first that are tried."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.security import passwords

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
