"""The house's secrets in one file for a safe place, sealed by a passphrase: what a small site keeps apart from its backups.

Argon2id makes a key of the passphrase (RFC 9106's profile for little memory), AES-256-GCM seals with it.
"""

import base64
import binascii
import json
import os
from pathlib import Path
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from argon2.profiles import RFC_9106_LOW_MEMORY
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wardline.core.errors import Conflict, Fault, NotFound, Refused

SHORTEST: Final = 15
"""ASVS 5.0, 6.2.1: fifteen characters are advised."""
_WHAT: Final = "wardline secrets 1"
_NONCE: Final = 12


def seal(folder: Path, file: Path, passphrase: str) -> int:
    """Put every secret that lies in `folder` into `file`; returns how many. Never overwrites."""
    if len(passphrase) < SHORTEST:
        raise Refused(f"a passphrase needs at least {SHORTEST} characters", where="passphrase")
    if file.exists():
        raise Conflict(f"{file} exists already; choose another name")
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()} if folder.is_dir() else {}
    if not found:
        raise NotFound(f"there are no secrets in {folder}: they come from the environment or a key service, and are kept there")
    salt, nonce = os.urandom(RFC_9106_LOW_MEMORY.salt_len), os.urandom(_NONCE)
    plain = json.dumps({name: _text(content) for name, content in found.items()}).encode()
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, _WHAT.encode())
    content = {"what": _WHAT, "salt": _text(salt), "nonce": _text(nonce), "sealed": _text(sealed)}
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    return len(found)


def unseal(file: Path, passphrase: str, to: Path) -> None:
    """Lay the secrets out in a folder of their own. Raises `Refused` for a wrong passphrase, `Fault` for a damaged file."""
    try:
        content = json.loads(file.read_text(encoding="ascii"))
        salt, nonce, sealed = (base64.b64decode(content[name], validate=True) for name in ("salt", "nonce", "sealed"))
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Fault(f"{file} is no file of sealed secrets, or it is damaged") from error
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, _WHAT.encode())
    except InvalidTag:
        raise Refused("this passphrase does not open the secrets, or the file is damaged", where="passphrase") from None
    to.mkdir(mode=0o700, parents=True)
    for name, secret in json.loads(plain).items():
        path = to / Path(name).name
        path.touch(mode=0o600)
        path.write_bytes(base64.b64decode(secret))


def _key(passphrase: str, salt: bytes) -> bytes:
    profile = RFC_9106_LOW_MEMORY
    return hash_secret_raw(
        passphrase.encode(), salt, time_cost=profile.time_cost, memory_cost=profile.memory_cost, parallelism=profile.parallelism, hash_len=32,
        type=Type.ID,
    )  # fmt: skip


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
