"""The secrets of a data folder, in versions: the newest is used, an older one is kept until nothing needs it any more.

A secret comes, in this order, from the environment (WARDLINE_SECRET_MASTER and so on, base64), or from a file: NAME, and NAME.2,
NAME.3 after rotations. With a key service the files are NAME.sealed: whoever copies the disk has nothing without the service.
"""

import base64
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wardline.core.errors import Conflict, Fault
from wardline.core.ports import KeyService

LENGTH: Final = 32
VARIABLE: Final = "WARDLINE_SECRET_"
SEALED: Final = ".sealed"


class Secrets:
    """What is in one folder of secrets. Values are never shown, logged or written anywhere else."""

    def __init__(self, folder: Path, service: KeyService | None = None, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.service = service
        self._environment = os.environ if environment is None else environment
        self._known: dict[str, dict[int, bytes]] = {}

    def make(self, name: str) -> None:
        """The first version, for a new folder, unless it comes from outside or is there already."""
        if self._from_environment(name) is None and not self._files(name):
            self._keep(name, 1, secrets.token_bytes(LENGTH))

    def newest(self, name: str) -> bytes:
        return self.versions(name)[max(self.versions(name))]

    def versions(self, name: str) -> dict[int, bytes]:
        """Every version by its number. Raises `Fault` when there is none: an existing folder never gets another by itself."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def origin(self, name: str) -> str:
        """Where it comes from: "environment", "key service" or "file"."""
        if self._from_environment(name) is not None:
            return "environment"
        return "key service" if any(file.suffix == SEALED for file in self._files(name).values()) else "file"

    def made_at(self, name: str) -> float:
        """When the newest version was made, in seconds since 1970; 0 where it is kept outside."""
        files = self._files(name)
        return files[max(files)].stat().st_mtime if self.origin(name) != "environment" else 0.0

    def renew(self, name: str) -> int:
        """Make the next version, durable when this returns. What rests on the older ones has to be moved before they are dropped."""
        if self.origin(name) == "environment":
            raise Conflict(f"the secret {name} comes from the environment; change it where it is kept, not here")
        version = max(self.versions(name)) + 1
        secret = secrets.token_bytes(LENGTH)
        self._keep(name, version, secret)
        self._known[name] = {**self.versions(name), version: secret}
        return version

    def drop(self, name: str, version: int) -> None:
        """Destroy an older version: its file is overwritten and taken away."""
        if version == max(self.versions(name)):
            raise Conflict(f"version {version} of {name} is the one in use")
        file = self._files(name)[version]
        with file.open("r+b") as stream:
            stream.write(os.urandom(file.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
        file.unlink()
        _sync(self.folder)
        self._known[name] = {number: secret for number, secret in self.versions(name).items() if number != version}

    # --- reading ---

    def _read(self, name: str) -> dict[int, bytes]:
        given = self._from_environment(name)
        if given is not None:
            return {1: given}
        found = {version: self._opened(name, file) for version, file in self._files(name).items()}
        if not found:
            raise Fault(
                f"{self.folder / name} is missing; without it the data in {self.folder.parent} cannot be read. "
                "Put it back from where you keep your keys"
            )
        return found

    def _from_environment(self, name: str) -> bytes | None:
        variable = f"{VARIABLE}{name.upper()}"
        text = self._environment.get(variable)
        if text is None:
            return None
        try:
            secret = base64.b64decode(text, validate=True)
        except ValueError:  # not ASCII, or not base64
            secret = b""
        if len(secret) != LENGTH or len(set(secret)) < LENGTH // 4:
            raise Fault(f"{variable} must be {LENGTH} random bytes in base64, for example from: openssl rand -base64 {LENGTH}")
        return secret

    def _files(self, name: str) -> dict[int, Path]:
        """Version to file. The first has no number."""
        pattern = re.compile(rf"{re.escape(name)}(?:\.(\d+))?(?:{re.escape(SEALED)})?")
        found = {}
        for file in sorted(self.folder.glob(f"{name}*")):
            if match := pattern.fullmatch(file.name):
                found[int(match[1] or 1)] = file
        return found

    def _opened(self, name: str, file: Path) -> bytes:
        content = file.read_bytes()
        if file.suffix == SEALED:
            if self.service is None:
                raise Fault(f"{file} is sealed by a key service, and none is set; set key_service as it was when the folder was made")
            content = self.service.opened(name, content)
        secret = content[:LENGTH]
        if content != secret + _check_of(secret):
            raise Fault(f"{file} is damaged; put it back from where you keep your keys")
        return secret

    # --- writing ---

    def _keep(self, name: str, version: int, secret: bytes) -> None:
        """Whole or not at all: it gets its name when it is on the disk."""
        content = secret + _check_of(secret)
        file = self.folder / (name if version == 1 else f"{name}.{version}")
        if self.service is not None:
            content, file = self.service.sealed(name, content), file.with_name(f"{file.name}{SEALED}")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(file)
        _sync(self.folder)


def _check_of(secret: bytes) -> bytes:
    """Tells a damaged secret from a good one; says nothing about it, being a hash of 256 random bits."""
    return hashlib.sha256(secret).digest()[:8]


def _sync(folder: Path) -> None:
    """A new name and a name taken away are durable when their folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
