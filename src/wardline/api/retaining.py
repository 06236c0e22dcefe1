"""What the doors of retention and erasure open onto: wired by the composition root."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from wardline.security.erasure import Erasures, Request
from wardline.security.retention.deciding import Check
from wardline.security.retention.rules import Rules


class Over(NamedTuple):
    """A person whose record need not be kept any more."""

    about: str
    last_contact: datetime
    records: int


class Erasing(Protocol):
    """Who may be erased, who has agreed, and doing it."""

    erasures: Erasures
    rules: Rules

    @property
    def register(self) -> Path: ...

    def register_state(self) -> tuple[int, datetime | None]: ...

    def records(self, about: str) -> tuple[str, ...]: ...

    def checks(self, about: str) -> tuple[Check, ...]: ...

    def kept_until(self, about: str) -> str: ...

    async def over(self) -> tuple[int, list[Over]]: ...

    async def ask(self, persons: Iterable[str], ground: str, *, by: str) -> Request: ...

    async def withdraw(self, id: str, *, by: str) -> None: ...

    async def approve(self, id: str, *, by: str) -> Request: ...

    async def hold(self, about: str, reason: str, *, by: str) -> str: ...

    async def end_hold(self, id: str, *, by: str) -> None: ...


class BackupTaken(NamedTuple):
    """The last backup, and the copy of the keys that belongs to it."""

    at: datetime
    place: str
    keys: str
    keys_at: datetime | None
    messages: int
    damaged: int
    bytes: int
    seconds: float


class RestoreTried(NamedTuple):
    """The last drill."""

    at: datetime
    messages: int
    erased_again: int
    seconds: float


class BackupAge(NamedTuple):
    """How long ago, in seconds; None where it has never been done. `problem` is a sentence where a backup is late."""

    backup: float | None
    drill: float | None
    problem: str


class Backups(Protocol):
    """What is known about backups, and where the register of erasures lies."""

    def register_beside_data(self) -> bool: ...

    def taken(self) -> BackupTaken | None: ...

    def tried(self) -> RestoreTried | None: ...

    def age(self, now: datetime) -> BackupAge:
        """Without a look at any other disk: it may be away, or hang."""
        ...
