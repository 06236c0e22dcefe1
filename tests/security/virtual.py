"""Accounts and sessions in a file, with a clock that moves when a test moves it."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.core.ports import User
from wardline.security import passwords
from wardline.security.sessions import Sessions

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PASSWORD = "three unrelated cobblestones"


@lru_cache(maxsize=1)
def stored_password() -> str:
    """Hashed once for all tests: that it takes long is tested where it matters."""
    return passwords.hashed(PASSWORD)


class Desk:
    """Where people sign in."""

    def __init__(self, folder: Path, key: bytes = KEY) -> None:
        self.at = START
        self.identities = SqliteIdentities(folder / "identities.db")
        self.sessions = Sessions(self.identities, key, lambda: self.at, idle=IDLE, longest=LONGEST)
        self.accounts = self.sessions.accounts

    def user(self) -> User:
        """Amelia Brandt, a nurse."""
        user = User("a1b2c3d4e5f60718", "a.brandt", "Amelia Brandt", stored_password(), frozenset({"nurse"}))
        self.identities.put_user(user)
        return user

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)
