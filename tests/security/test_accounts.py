"""Accounts: who guesses is locked out, longer each time; the first administrator is made once."""

import asyncio
from datetime import timedelta

import pytest

from security.virtual import PASSWORD, START, Desk
from wardline.core.errors import Conflict, NotAllowed, Refused
from wardline.core.people import Role
from wardline.security.accounts import FAILURES, STRANGERS, Accounts, Tries

WRONG = "three unrelated pebbles"


def _guess(desk: Desk, login: str = "a.brandt", password: str = WRONG) -> str:
    """Try a password; returns what was said, "" when it was right."""
    try:
        asyncio.run(desk.accounts.proven(login, password))
    except NotAllowed as refused:
        return str(refused)
    return ""


def test_the_right_password_proves_who_somebody_is(desk: Desk) -> None:
    user = desk.user()

    assert asyncio.run(desk.accounts.proven(" A.Brandt ", PASSWORD)) == user


def test_a_wrong_password_and_a_wrong_name_sound_the_same(desk: Desk) -> None:
    desk.user()

    assert _guess(desk) == _guess(desk, "nobody") == "the name or the password is not right"


def test_the_fifth_wrong_password_locks_the_account_even_for_the_right_one(desk: Desk) -> None:
    desk.user()
    for _ in range(5):
        _guess(desk)

    assert _guess(desk, password=PASSWORD) == "too many wrong tries; try again in 60 seconds"
    desk.later(seconds=61)
    assert _guess(desk, password=PASSWORD) == ""


def test_each_further_guess_doubles_the_lock_up_to_an_hour() -> None:
    tries, minutes = Tries(), []
    for _ in range(FAILURES + 8):
        tries = tries.failed(START)
        minutes.append((tries.locked_until - START) / timedelta(minutes=1) if tries.locked_until else 0)

    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_success_forgets_the_guesses_before_it(desk: Desk) -> None:
    desk.user()
    for _ in range(4):
        _guess(desk)
    _guess(desk, password=PASSWORD)

    assert _guess(desk) == "the name or the password is not right"
    assert desk.identities.user_named("a.brandt").failures == 1  # type: ignore[union-attr]


def test_locks_outlive_the_process(desk: Desk) -> None:
    desk.user()
    for _ in range(5):
        _guess(desk)

    again = Accounts(desk.identities, lambda: desk.at)

    with pytest.raises(NotAllowed, match="too many"):
        asyncio.run(again.proven("a.brandt", PASSWORD))


def test_a_name_that_does_not_exist_is_locked_like_one_that_does(desk: Desk) -> None:
    """Being locked must not say that a name exists."""
    for _ in range(5):
        _guess(desk, "nobody")

    assert _guess(desk, "Nobody") == "too many wrong tries; try again in 60 seconds"


def test_made_up_names_cannot_fill_the_memory(desk: Desk) -> None:
    for number in range(STRANGERS + 50):
        desk.accounts.failed(f"nobody{number}", None)

    assert len(desk.accounts._strangers) == STRANGERS


def test_a_closed_account_cannot_sign_in_and_does_not_say_so(desk: Desk) -> None:
    desk.identities.put_user(desk.user()._replace(active=False))

    assert _guess(desk, password=PASSWORD) == "the name or the password is not right"


def test_guesses_made_at_the_same_time_all_count(desk: Desk) -> None:
    desk.user()

    async def at_once() -> list[BaseException | object]:
        return list(await asyncio.gather(*(desk.accounts.proven("a.brandt", WRONG) for _ in range(6)), return_exceptions=True))

    asyncio.run(at_once())

    assert desk.identities.user_named("a.brandt").failures >= FAILURES  # type: ignore[union-attr]
    assert "too many" in _guess(desk, password=PASSWORD)


def test_a_flood_of_guesses_is_checked_a_few_at_a_time_and_then_turned_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """FT-23: a check takes 64 MiB and a processor; the ward must not feel it. Whoever comes after the flood gets in."""
    monkeypatch.setattr("wardline.security.accounts.WAITING", 5)
    desk.user()

    async def guesses() -> list[str]:
        refused = await asyncio.gather(*(desk.accounts.proven(f"nobody{number}", WRONG) for number in range(20)), return_exceptions=True)
        return [str(each) for each in refused]

    said = asyncio.run(guesses())

    assert sum("too many people" in each for each in said) == 15
    assert _guess(desk, password=PASSWORD) == ""


@pytest.mark.parametrize(
    ("login", "name", "roles", "where"),
    [("", "A", {"nurse"}, "login"), ("a b", "A", {"nurse"}, "login"), ("<a>", "A", {"nurse"}, "login"), ("a", " ", {"nurse"}, "name"),
     ("a", "A", set(), "roles"), ("a", "A", {"king"}, "roles")],
)  # fmt: skip
def test_an_account_that_is_not_right_is_refused_by_field(desk: Desk, login: str, name: str, roles: set[str], where: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.accounts.add(login, name, PASSWORD, frozenset(roles))

    assert refused.value.where == where


def test_a_name_is_taken_whatever_its_letters(desk: Desk) -> None:
    desk.accounts.add("a.brandt", "Amelia Brandt", PASSWORD, frozenset({"nurse"}))

    with pytest.raises(Conflict, match="already taken"):
        desk.accounts.add("A.BRANDT ", "Anton Brandt", PASSWORD, frozenset({"nurse"}))


# --- the first administrator ---


def test_the_setup_link_makes_the_first_administrator_once(desk: Desk) -> None:
    token = desk.accounts.setup_token()
    assert token is not None

    first = desk.accounts.set_up(token, "admin", "Ada Okonkwo", PASSWORD)

    assert first.roles == {role.value for role in Role} - {"patient"}
    assert desk.accounts.setup_token() is None, "there is one now"
    with pytest.raises(NotAllowed, match="administrator already"):
        desk.accounts.set_up(token, "second", "Mal Ory", PASSWORD)


def test_a_refused_attempt_does_not_use_the_link_up(desk: Desk) -> None:
    token = desk.accounts.setup_token()
    assert token is not None
    with pytest.raises(Refused):
        desk.accounts.set_up(token, "admin", "Ada Okonkwo", "short")

    assert desk.accounts.set_up(token, "admin", "Ada Okonkwo", PASSWORD).login == "admin"


@pytest.mark.parametrize("hours", [24, 48])
def test_an_old_link_makes_nobody(desk: Desk, hours: int) -> None:
    token = desk.accounts.setup_token()
    assert token is not None
    desk.later(hours=hours)

    with pytest.raises(NotAllowed, match="too old"):
        desk.accounts.set_up(token, "admin", "Ada Okonkwo", PASSWORD)


def test_a_made_up_link_makes_nobody(desk: Desk) -> None:
    desk.accounts.setup_token()

    with pytest.raises(NotAllowed):
        desk.accounts.set_up("made-up", "admin", "Ada Okonkwo", PASSWORD)


def test_the_link_itself_is_not_kept(desk: Desk) -> None:
    token = desk.accounts.setup_token()
    assert token is not None

    kept = [row[0] for row in desk.identities._connection.execute("SELECT token FROM once")]

    assert len(kept) == 1
    assert token.encode() not in kept[0]
