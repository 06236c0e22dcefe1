"""Accounts and sessions in a file, with a clock that moves when a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.adapters.embedded.signing_keys import SqliteSigningKeys
from wardline.core.people import User
from wardline.security import passwords
from wardline.security.entrance import Entrance
from wardline.security.factors import SecondFactors
from wardline.security.keys import KeyRing
from wardline.security.sessions import Sessions, SignedIn

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PASSWORD = "three unrelated cobblestones"
NEEDING = ("admin",)
"""Roles that ask for a second factor here."""


@lru_cache(maxsize=1)
def stored_password() -> str:
    """Hashed once for all tests: that it takes long is tested where it matters."""
    return passwords.hashed(PASSWORD)


class Desk:
    """Where people sign in."""

    def __init__(self, folder: Path, key: bytes = KEY) -> None:
        self.at = START
        self.identities = SqliteIdentities(folder / "identities.db")
        self.shelf = SqliteSigningKeys(folder / "signing.db", {1: key})
        self.keys = KeyRing(self.shelf, lambda: self.at)
        self.sessions = Sessions(self.identities, self.keys, lambda: self.at, idle=IDLE, longest=LONGEST, second_factor=NEEDING)
        self.accounts = self.sessions.accounts
        self.seal = SqliteSeal(folder / "keys.db", key)
        self.entrance = Entrance(self.sessions, SecondFactors(self.identities, self.seal, lambda: self.at, "St Test"))

    def user(self, *roles: str) -> User:
        """Amelia Brandt, a nurse unless something else is said."""
        user = User("a1b2c3d4e5f60718", "a.brandt", "Amelia Brandt", stored_password(), frozenset(roles or {"nurse"}))
        self.identities.put_user(user)
        return user

    def come_in(self, device: str = "Ward computer 3") -> SignedIn:
        """Amelia Brandt with her password, which is all she needs."""
        came = asyncio.run(self.entrance.begin("a.brandt", PASSWORD, device, None))
        assert isinstance(came, SignedIn)
        return came

    def close(self) -> None:
        self.identities.close()
        self.seal.close()
        self.shelf.close()

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)
