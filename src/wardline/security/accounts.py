"""Accounts: proving who somebody is, locking out who guesses, making the first administrator."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from wardline.core.errors import Conflict, NotAllowed, Refused
from wardline.core.ports import Identities, Role, User
from wardline.security import passwords

FAILURES: Final = 5
LOCKED: Final = timedelta(minutes=1)
"""After the fifth failure in a row; doubled with each further one, up to an hour."""
LONGEST_LOCK: Final = timedelta(hours=1)
STRANGERS: Final = 1_000
"""Names of nobody that are locked out like those of somebody, so that being locked does not say that a name exists."""
HASHED_AT_ONCE: Final = 2
"""Each takes 64 MiB and a processor for a tenth of a second."""
WAITING: Final = 50
SETUP: Final = "set up the first administrator"
SETUP_VALID: Final = timedelta(hours=24)
T = TypeVar("T")
_LETTERS_BESIDES: Final = str.maketrans("", "", ".-_@")


class Tries(NamedTuple):
    """Wrong passwords in a row for one name."""

    failures: int = 0
    locked_until: datetime | None = None

    def failed(self, now: datetime) -> "Tries":
        failures = self.failures + 1
        if failures < FAILURES:
            return Tries(failures)
        doublings = min(failures - FAILURES, 10)  # further on it is the longest lock anyway, and the number must not overflow
        return Tries(failures, now + min(LOCKED * 2**doublings, LONGEST_LOCK))


class Accounts:
    """The rules of accounts, over any `Identities`."""

    def __init__(self, identities: Identities, now: Callable[[], datetime]) -> None:
        self.identities = identities
        self.now = now
        self._strangers: dict[str, Tries] = {}
        self._hashing = asyncio.Semaphore(HASHED_AT_ONCE)
        self._waiting = 0

    # --- proving who somebody is ---

    async def proven(self, login: str, password: str) -> User:
        """The account, if the password is right. Raises `NotAllowed` with one sentence that does not say whether the name exists."""
        before = self._unlocked(login)
        right = await self._beside(passwords.matches, before.password if before is not None else passwords.nobodys(), password)
        # Others may have tried, and the account may have changed, while this password was being checked.
        user = self._unlocked(login)
        if user is None or before is None or not right or not user.active or user.password != before.password:
            self._failed(login, user)
            raise NotAllowed("the name or the password is not right")
        if user.failures:
            self.identities.put_user(user._replace(failures=0, locked_until=None))
        return user

    async def hashed(self, password: str) -> str:
        """The hash to be kept of a password, for `stored` below: made beside the loop, which must not wait for it."""
        return await self._beside(passwords.hashed, password)

    async def _beside(self, work: Callable[..., T], *arguments: str) -> T:
        """In a thread, a few at a time: a flood of sign-ins must not be felt on the ward."""
        if self._waiting >= WAITING:
            raise NotAllowed("too many people are signing in at this moment; try again in a few seconds")
        self._waiting += 1
        try:
            async with self._hashing:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self._waiting -= 1

    def _unlocked(self, login: str) -> User | None:
        user = self.identities.user_named(login)
        tries = Tries(user.failures, user.locked_until) if user is not None else self._strangers.get(_folded(login), Tries())
        now = self.now()
        if tries.locked_until is not None and tries.locked_until > now:
            wait = max(1, round((tries.locked_until - now).total_seconds()))
            raise NotAllowed(f"too many wrong passwords; try again in {wait} seconds")
        return user

    def _failed(self, login: str, user: User | None) -> None:
        now = self.now()
        if user is not None:
            tries = Tries(user.failures, user.locked_until).failed(now)
            self.identities.put_user(user._replace(failures=tries.failures, locked_until=tries.locked_until))
            return
        tries = self._strangers.pop(_folded(login), Tries()).failed(now)
        if len(self._strangers) >= STRANGERS:
            del self._strangers[next(iter(self._strangers))]
        self._strangers[_folded(login)] = tries

    # --- making and changing accounts ---

    def add(self, login: str, name: str, password: str, roles: frozenset[str], units: tuple[str, ...] = (), *, stored: str = "") -> User:
        """A new account. Raises `Refused` for what is not right about it, `Conflict` for a name that is taken.

        `stored` is the password's hash where it has been made already (`hashed`); without it the caller waits for it.
        """
        user = self._new(login, name, password, roles, units, stored)
        self.identities.put_user(user)
        return user

    def _new(self, login: str, name: str, password: str, roles: frozenset[str], units: tuple[str, ...], stored: str) -> User:
        login, name = _folded(login), name.strip()
        if not login.translate(_LETTERS_BESIDES).isalnum():
            raise Refused("a sign-in name has letters, digits, dots, dashes", code="login", where="login")
        if not name:
            raise Refused("give the person's name as colleagues know it", code="name", where="name")
        unknown = sorted(roles - {role.value for role in Role})
        if unknown or not roles:
            raise Refused(f"roles are some of {', '.join(role.value for role in Role)}", code="roles", where="roles")
        if self.identities.user_named(login) is not None:
            raise Conflict(f"the sign-in name {login!r} is already taken")
        passwords.check(password, login, name)
        return User(secrets.token_hex(8), login, name, stored or passwords.hashed(password), roles, units)

    def with_password(self, user: User, password: str, *, stored: str = "") -> User:
        """The account with a new password, still to be kept. Raises `Refused` with a sentence on what to choose instead."""
        passwords.check(password, user.login, user.name)
        return user._replace(password=stored or passwords.hashed(password), failures=0, locked_until=None)

    def change_password(self, user: User, password: str) -> None:
        self.identities.put_user(self.with_password(user, password))

    # --- the first administrator ---

    @property
    def has_administrator(self) -> bool:
        return any(Role.ADMIN in user.roles and user.active for user in self.identities.users())

    def setup_token(self) -> str | None:
        """A one-time token for making the first administrator; None once there is one."""
        if self.has_administrator:
            return None
        token = secrets.token_urlsafe(24)
        self.identities.put_once(_digest(token), SETUP, self.now() + SETUP_VALID)
        return token

    def set_up(self, token: str, login: str, name: str, password: str, *, stored: str = "") -> User:
        """Make the first administrator with the one-time token that start-up printed. What is refused does not use it up."""
        if self.has_administrator:
            raise NotAllowed("there is an administrator already; ask them for an account")
        first = self._new(login, name, password, frozenset(role.value for role in Role), (), stored)
        if not self.identities.take_once(_digest(token), SETUP, self.now()):
            raise NotAllowed("this link was used already or is too old; start Wardline again for a new one")
        self.identities.put_user(first)
        return first


def _folded(login: str) -> str:
    return login.strip().lower()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
