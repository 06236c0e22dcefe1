"""Things that are handed out once and must come back soon: the challenge between two steps of a sign-in.

They live in memory: a restart asks people to begin again, and a flood of strangers costs no disk.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

T = TypeVar("T")
ROOM: Final = 2_000
"""As many wait at once; beyond it the oldest is forgotten."""


class OneTime(Generic[T]):
    """Values by a random name that only whoever was given it knows. Only the hash of the name is kept."""

    def __init__(self, now: Callable[[], datetime], lifetime: timedelta) -> None:
        self.now = now
        self.lifetime = lifetime
        self._kept: dict[bytes, tuple[T, datetime]] = {}

    def put(self, value: T, *, ends_at: datetime | None = None) -> tuple[str, datetime]:
        """Its name, and until when it is there. `ends_at` where it stands for something that was handed out before."""
        name, ends_at = secrets.token_urlsafe(32), ends_at or self.now() + self.lifetime
        if len(self._kept) >= ROOM:
            del self._kept[next(iter(self._kept))]
        self._kept[_digest(name)] = value, ends_at
        return name, ends_at

    def look(self, name: str) -> T | None:
        """What it is, without using it up: a mistyped code may be typed again."""
        value, ends_at = self._kept.get(_digest(name), (None, None))
        return value if ends_at is not None and ends_at > self.now() else None

    def until(self, name: str) -> datetime | None:
        """When it ends."""
        return self._kept[_digest(name)][1] if self.look(name) is not None else None

    def take(self, name: str) -> T | None:
        """What it is; nobody gets it after this."""
        value = self.look(name)
        self._kept.pop(_digest(name), None)
        return value


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
