"""A data folder: one tenant, one clock, one process at a time, its secrets beside its data.

secrets/   master key, index key, token key; mode 0600, never logged, never backed up with the data by us (or elsewhere: settings)
log/       the durable log
keys.db    patients' keys, sealed with the master key
downtime/  plain pages for when everything else is down
"""

import base64
import fcntl
import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from wardline.adapters.embedded.key_service import secrets_of
from wardline.core.errors import Conflict, Fault, NotFound
from wardline.core.events import Identifier

SECRETS: Final = ("master", "index", "token")


class DataFolder:
    """Opens or creates the folder and holds it for this process."""

    def __init__(self, path: Path, *, clock: Literal["wall", "feed"] = "wall", reading: bool = False) -> None:
        """`reading` opens an existing folder beside the process that works on it, without a lock and without making anything."""
        self.path = path
        self.secrets = secrets_of(path)
        self.is_known: Callable[[str], bool] = lambda record: False
        """Whether there is such a record already; asked only while the index secret has several versions."""
        self.is_new = not (path / "log").exists() and not (path / "keys.db").exists()
        self._lock = -1
        if reading and self.is_new:
            raise NotFound(f"there is no Wardline data in {path}; name the folder with --data")
        if not reading:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._hold()
        for name in SECRETS:
            if self.is_new:
                self.secrets.make(name)
            self.secrets.versions(name)  # in an existing folder the absence of one is an error, never a reason to make another
        self._index = self._index_secrets()
        self.clock = self._clock_kind(clock)

    def _hold(self) -> None:
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise Conflict(f"another Wardline works on {self.path}; stop it first, or choose another folder with --data") from None

    def _clock_kind(self, wanted: Literal["wall", "feed"]) -> Literal["wall", "feed"]:
        """A folder never changes its clock."""
        file = self.path / "clock"
        if self.is_new:
            file.write_text(wanted, encoding="ascii")
        try:
            kept = file.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            raise Fault(f"{file} is missing or damaged; it must say wall or feed, as it did when the folder was made") from None
        if kept not in ("wall", "feed"):
            raise Fault(f"{file} says {kept[:20]!r}; it must say wall or feed")
        return "feed" if kept == "feed" else "wall"

    @property
    def master_key(self) -> bytes:
        return self.secrets.newest("master")

    @property
    def older_master_keys(self) -> tuple[bytes, ...]:
        """Those that may still wrap keys, because a rotation was interrupted."""
        _, *older = sorted(self.secrets.versions("master").items(), reverse=True)
        return tuple(secret for _, secret in older)

    @property
    def token_key(self) -> bytes:
        return self.secrets.newest("token")

    @property
    def register_key(self) -> bytes:
        """Signs the register of erasures. Of the oldest index secret, which stays for as long as there are records of its time."""
        versions = self.secrets.versions("index")
        return hmac.digest(versions[min(versions)], b"register of erasures", hashlib.sha256)

    @property
    def pseudonym_key(self) -> bytes:
        """Draws the stand-ins of de-identified exports. Of the oldest index secret, so that a study's later exports fit its first."""
        versions = self.secrets.versions("index")
        return hmac.digest(versions[min(versions)], b"stand-ins of de-identified exports", hashlib.sha256)

    @property
    def alert_key(self) -> bytes:
        """Draws the ids of alerts. Of the oldest index secret, so that a question asked again under a new one has the same id."""
        versions = self.secrets.versions("index")
        return hmac.digest(versions[min(versions)], b"ids of alerts", hashlib.sha256)

    def key_of(self, identifier: Identifier) -> str:
        """The record's key: a keyed hash of the patient number and who assigned it, so that no path or index shows a number.

        After a rotation of the index secret, records made before it keep their keys.
        """
        newest, *older = self._index
        for secret in older:
            record = _token(secret, identifier.assigner, identifier.number)
            if self.is_known(record):
                return record
        return _token(newest, identifier.assigner, identifier.number)

    def renew_index(self) -> int:
        """From now on new records get their keys from a new secret; the older ones stay, since their records keep theirs."""
        version = self.secrets.renew("index")
        self._index = self._index_secrets()
        return version

    def _index_secrets(self) -> tuple[bytes, ...]:
        """The newest first."""
        return tuple(secret for _, secret in sorted(self.secrets.versions("index").items(), reverse=True))

    def release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


@lru_cache(maxsize=10_000)
def _token(key: bytes, assigner: str, number: str) -> str:
    """80 bits: among ten million patients the chance that two share a key is about one in ten thousand million."""
    digest = hmac.digest(key, f"{len(assigner)}/{assigner}/{number}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode().lower()
