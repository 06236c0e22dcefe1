"""Accounts: proving who somebody is, locking out who guesses, making the first administrator."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from wardline.core.errors import Conflict, NotAllowed, Refused
from wardline.core.people import Role, User
from wardline.core.ports import Identities
from wardline.security import passwords
from wardline.security.breached import IsListed, nothing

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
    """Wrong tries in a row for one name, at the password or at the second factor."""

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

    def __init__(self, identities: Identities, now: Callable[[], datetime], is_breached: IsListed = nothing) -> None:
        """`is_breached` asks the site's list of passwords that have leaked elsewhere."""
        self.identities = identities
        self._is_breached = is_breached
        self.now = now
        self._strangers: dict[str, Tries] = {}
        self._hashing = asyncio.Semaphore(HASHED_AT_ONCE)
        self._waiting = 0

    # --- proving who somebody is ---

    async def proven(self, login: str, password: str) -> User:
        """The account, if the password is right. Raises `NotAllowed` with one sentence that does not say whether the name exists."""
        before = self.unlocked(login)
        # An account without a password takes as long as any other: what kind it is must not be read off the clock.
        stored = before.password if before is not None and before.password else passwords.nobodys()
        right = await self._beside(passwords.matches, stored, password)
        # Others may have tried, and the account may have changed, while this password was being checked.
        user = self.unlocked(login)
        if user is None or before is None or not right or not user.active or not user.password or user.password != before.password:
            self.failed(login, user)
            raise NotAllowed("the name or the password is not right")
        if user.failures and not any(self.identities.authenticators(user.id)):
            self.succeeded(user)  # where a second factor follows, guesses at it are forgotten only when that is right too
        return user

    def succeeded(self, user: User) -> None:
        """They have shown who they are: the guesses before are forgotten."""
        self.identities.put_user(user._replace(failures=0, locked_until=None))

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

    def unlocked(self, login: str) -> User | None:
        """The account of this name. Raises `NotAllowed` while it is locked, whether there is one or not."""
        user = self.identities.user_named(login)
        tries = Tries(user.failures, user.locked_until) if user is not None else self._strangers.get(_folded(login), Tries())
        now = self.now()
        if tries.locked_until is not None and tries.locked_until > now:
            wait = max(1, round((tries.locked_until - now).total_seconds()))
            raise NotAllowed(f"too many wrong tries; try again in {wait} seconds")
        return user

    def failed(self, login: str, user: User | None) -> None:
        """A wrong password or a wrong second factor: both count, and lock together."""
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

    def add(
        self, login: str, name: str, password: str, roles: frozenset[str], units: tuple[str, ...] = (), *, stored: str = "", patient: str = ""
    ) -> User:
        """A new account. Raises `Refused` for what is not right about it, `Conflict` for a name that is taken.

        `stored` is the password's hash where it has been made already (`hashed`); without it the caller waits for it. `patient` is the
        record that a patient's own account reaches.
        """
        user = self._new(login, name, password, roles, units, stored)._replace(patient=patient)
        self.identities.put_user(user)
        return user

    def add_service(self, login: str, name: str, roles: frozenset[str], units: tuple[str, ...] = ()) -> User:
        """A program's account: nobody signs in as it, it comes in with API keys. Raises as `add` does."""
        user = self._checked(login, name, roles, units)._replace(service=True)
        self.identities.put_user(user)
        return user

    def add_elsewhere(self, login: str, name: str, roles: frozenset[str], units: tuple[str, ...]) -> User:
        """The account of somebody who signs in at the hospital's sign-in service, and never with a password of ours. Raises as `add` does."""
        user = self._checked(login, name, roles, units)
        self.identities.put_user(user)
        return user

    def _new(self, login: str, name: str, password: str, roles: frozenset[str], units: tuple[str, ...], stored: str) -> User:
        user = self._checked(login, name, roles, units)
        self.check(user, password)
        return user._replace(password=stored or passwords.hashed(password))

    def _checked(self, login: str, name: str, roles: frozenset[str], units: tuple[str, ...]) -> User:
        """An account that nobody can sign in to yet."""
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
        return User(secrets.token_hex(8), login, name, "", roles, units)

    def with_password(self, user: User, password: str, *, stored: str = "") -> User:
        """The account with a new password, still to be kept. Raises `Refused` with a sentence on what to choose instead.

        Its second factors stay: a new password is no way around them (ASVS 6.4.3).
        """
        if user.service:
            raise Refused("a service account has no password; it comes in with API keys", code="password", where="password")
        self.check(user, password)
        return user._replace(password=stored or passwords.hashed(password), failures=0, locked_until=None)

    def check(self, user: User, password: str) -> None:
        """Raises `Refused` with a sentence on what to choose instead."""
        passwords.check(password, user.login, user.name, is_listed=self._is_breached)

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
        first = self._new(login, name, password, frozenset(role.value for role in Role if role is not Role.PATIENT), (), stored)
        if not self.identities.take_once(_digest(token), SETUP, self.now()):
            raise NotAllowed("this link was used already or is too old; start Wardline again for a new one")
        self.identities.put_user(first)
        return first


def _folded(login: str) -> str:
    return login.strip().lower()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
