"""A data folder: one tenant, one clock, one process at a time, its secrets beside its data.

secrets/   master key, index key, token key; mode 0600, never logged, never backed up with the data by us
log/       the durable log
keys.db    patients' keys, sealed with the master key
downtime/  plain pages for when everything else is down
"""

import base64
import fcntl
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from wardline.core.errors import Conflict, Fault, NotFound
from wardline.core.events import Identifier

SECRETS: Final = ("master", "index", "token")
_LENGTH: Final = 32


class DataFolder:
    """Opens or creates the folder and holds it for this process."""

    def __init__(self, path: Path, *, clock: Literal["wall", "feed"] = "wall", reading: bool = False) -> None:
        """`reading` opens an existing folder beside the process that works on it, without a lock and without making anything."""
        self.path = path
        self.is_new = not (path / "log").exists() and not (path / "keys.db").exists()
        self._lock = -1
        if reading and self.is_new:
            raise NotFound(f"there is no Wardline data in {path}; name the folder with --data")
        if not reading:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._hold()
        self._secrets = {name: self._secret(name) for name in SECRETS}
        self.clock = self._clock_kind(clock)

    def _hold(self) -> None:
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise Conflict(f"another Wardline works on {self.path}; stop it first, or choose another folder with --data") from None

    def _secret(self, name: str) -> bytes:
        """Created with a new folder; in an existing one its absence is an error, never a reason to make another."""
        file = self.path / "secrets" / name
        if self.is_new and not file.exists():
            _create(file, secrets.token_bytes(_LENGTH))
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            raise Fault(f"{file} is missing; without it the data in {self.path} cannot be read. Put it back from where you keep your keys") from None
        secret = content[:_LENGTH]
        if content != secret + _check_of(secret):
            raise Fault(f"{file} is damaged; put it back from where you keep your keys")
        return secret

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
        return self._secrets["master"]

    @property
    def token_key(self) -> bytes:
        return self._secrets["token"]

    def key_of(self, identifier: Identifier) -> str:
        """The record's key: a keyed hash of the patient number and who assigned it, so that no path or index shows a number."""
        return _token(self._secrets["index"], identifier.assigner, identifier.number)

    def release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _create(file: Path, secret: bytes) -> None:
    """Whole or not at all: it gets its name when it is on the disk."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secret + _check_of(secret))
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)


def _check_of(secret: bytes) -> bytes:
    """Tells a damaged secret from a good one; says nothing about it, being a hash of 256 random bits."""
    return hashlib.sha256(secret).digest()[:8]


@lru_cache(maxsize=10_000)
def _token(key: bytes, assigner: str, number: str) -> str:
    """80 bits: among ten million patients the chance that two share a key is about one in ten thousand million."""
    digest = hmac.digest(key, f"{len(assigner)}/{assigner}/{number}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode().lower()
