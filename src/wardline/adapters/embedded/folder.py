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
            file.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(secrets.token_bytes(_LENGTH))
                stream.flush()
                os.fsync(stream.fileno())
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            raise Fault(f"{file} is missing; without it the data in {self.path} cannot be read. Put it back from where you keep your keys") from None
        if len(content) != _LENGTH:
            raise Fault(f"{file} is damaged: it holds {len(content)} bytes instead of {_LENGTH}")
        return content

    def _clock_kind(self, wanted: Literal["wall", "feed"]) -> Literal["wall", "feed"]:
        """A folder never changes its clock."""
        file = self.path / "clock"
        if self.is_new:
            file.write_text(wanted, encoding="ascii")
        kept = file.read_text(encoding="ascii").strip() if file.exists() else "wall"
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


@lru_cache(maxsize=100_000)
def _token(key: bytes, assigner: str, number: str) -> str:
    """80 bits: among ten million patients the chance that two share a key is about one in ten thousand million."""
    digest = hmac.digest(key, f"{assigner}\x1f{number}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode().lower()
