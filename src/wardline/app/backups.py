"""What is known about backups: when the last was taken, when a restore was last tried, and whether the copy of the keys is up to date."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from wardline.adapters.embedded import backup
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.api.retaining import BackupAge, BackupTaken, RestoreTried
from wardline.core.errors import Fault

FILE: Final = "backups.json"
GRACE: Final = timedelta(hours=12)
"""A backup that is taken every night is not late because one night's took longer."""


class Taken(msgspec.Struct, frozen=True):
    """The last backup."""

    at: datetime
    place: str
    keys: str
    messages: int
    erased: int
    damaged: int
    bytes: int
    seconds: float


class Drill(msgspec.Struct, frozen=True):
    """The last time a backup was restored on trial."""

    at: datetime
    place: str
    messages: int
    erased_again: int
    seconds: float


class State(msgspec.Struct, frozen=True):
    """Everything that is remembered, in the data folder."""

    backup: Taken | None = None
    drill: Drill | None = None


def state_of(data: Path) -> State:
    """Raises `Fault` when what is remembered is damaged."""
    try:
        return msgspec.json.decode((data / FILE).read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except msgspec.DecodeError as error:
        raise Fault(f"{data / FILE} is damaged; remove it, and take a backup") from error


def remember(data: Path, *, taken: Taken | None = None, drill: Drill | None = None) -> None:
    known = state_of(data)
    draft = data / f"{FILE}.new"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(State(taken or known.backup, drill or known.drill)))
    draft.replace(data / FILE)


def renewing_keys(folder: DataFolder, register: ErasureRegister) -> Callable[[], None]:
    """What an erasure does about the copy of the keys: the one that holds the destroyed key is overwritten, if it is within reach."""

    def renew() -> None:
        taken = state_of(folder.path).backup
        if taken is not None:
            backup.copy_keys(folder, register, Path(taken.keys))

    return renew


class Backups:
    """What the privacy page says about them."""

    def __init__(self, data: Path, register: Path, *, days: int) -> None:
        self._data = data
        self._register = register
        self._days = days

    def register_beside_data(self) -> bool:
        return self._register.resolve().is_relative_to(self._data.resolve())

    def taken(self) -> BackupTaken | None:
        taken = state_of(self._data).backup
        if taken is None:
            return None
        copied = backup.key_copy(Path(taken.keys))  # None as well while its disk is away
        keys_at = copied.made_at if copied is not None else None
        return BackupTaken(taken.at, taken.place, taken.keys, keys_at, taken.messages, taken.damaged, taken.bytes, taken.seconds)

    def tried(self) -> RestoreTried | None:
        drill = state_of(self._data).drill
        return RestoreTried(drill.at, drill.messages, drill.erased_again, drill.seconds) if drill is not None else None

    def age(self, now: datetime) -> BackupAge:
        try:
            known = state_of(self._data)
        except Fault as fault:
            return BackupAge(None, None, str(fault))
        backup, drill = (None if each is None else max(0.0, (now - each.at).total_seconds()) for each in (known.backup, known.drill))
        return BackupAge(backup, drill, self._late(now, known.backup) if self._days else "")

    def _late(self, now: datetime, taken: Taken | None) -> str:
        """A folder that has had none yet is late as well, once it is that old itself."""
        since = taken.at if taken is not None else self._made_at()
        age = now - since
        if age <= timedelta(days=self._days) + GRACE:
            return ""
        words = f"{age.days} days" if age.days > 2 else f"{age // timedelta(hours=1)} hours"
        return f"the last backup is {words} old" if taken is not None else f"no backup has been taken in the {words} that these data have been here"

    def _made_at(self) -> datetime:
        """When this folder was made: nothing writes this file a second time."""
        return datetime.fromtimestamp((self._data / "clock").stat().st_mtime, UTC)
