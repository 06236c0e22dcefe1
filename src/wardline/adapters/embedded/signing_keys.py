"""The keys that tokens are signed with, in a SQLite file of their own, sealed with the folder's token secret."""

import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wardline.adapters.embedded.packing import microseconds, moment
from wardline.core.apps import SigningKey
from wardline.core.errors import Fault

_SCHEMA: Final = """
-- secret: with which version of the token secret it is sealed.
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, algorithm TEXT NOT NULL, made_at INTEGER NOT NULL, retired_at INTEGER, secret INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""
_NONCE: Final = 12
_PURPOSE: Final = b"wardline signing keys"


class SqliteSigningKeys:
    """`KeyShelf`. `secrets` are the versions of the token secret; the newest seals."""

    def __init__(self, path: Path, secrets: Mapping[int, bytes]) -> None:
        self.path = path
        self._ciphers = {version: _cipher(secret) for version, secret in secrets.items()}
        self._own = 0
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        for pragma in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"):
            self._connection.execute(pragma)
        self._connection.executescript(_SCHEMA)
        self._forget_lost()
        self.stored()  # with another folder's secret nothing must start

    def _forget_lost(self) -> None:
        """A restored backup may hold keys sealed with a secret that has been renewed since. Nothing needs them: screens ask for new tokens."""
        known = ", ".join("?" * len(self._ciphers))
        self._connection.execute(f"DELETE FROM keys WHERE secret NOT IN ({known})", tuple(self._ciphers))

    def stored(self) -> list[SigningKey]:
        rows = self._connection.execute("SELECT id, algorithm, made_at, retired_at, secret, sealed FROM keys ORDER BY made_at, id")
        return [
            SigningKey(id, algorithm, moment(made_at), self._opened(id, algorithm, version, sealed), moment(retired) if retired is not None else None)
            for id, algorithm, made_at, retired, version, sealed in rows
        ]

    def put_key(self, key: SigningKey) -> None:
        self._own += 1
        version, retired = max(self._ciphers), _micros(key.retired_at)
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._ciphers[version].encrypt(nonce, json.dumps(dict(key.jwk)).encode(), _context(key.id, key.algorithm))
        self._connection.execute(
            "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?, ?)", (key.id, key.algorithm, microseconds(key.made_at), retired, version, sealed)
        )

    def drop_key(self, id: str) -> None:
        self._own += 1
        self._connection.execute("DELETE FROM keys WHERE id = ?", (id,))

    def changes(self) -> int:
        (elsewhere,) = self._connection.execute("PRAGMA data_version").fetchone()  # what other connections have committed
        return int(elsewhere) + self._own

    def adopt(self, secrets: Mapping[int, bytes]) -> None:
        """Seal everything with the newest of these versions of the token secret; the older ones can be dropped then."""
        self._ciphers |= {version: _cipher(secret) for version, secret in secrets.items()}
        for key in self.stored():
            self.put_key(key)

    def close(self) -> None:
        self._connection.close()

    def _opened(self, id: str, algorithm: str, version: int, sealed: bytes) -> dict[str, str]:
        try:
            plain = self._ciphers[version].decrypt(sealed[:_NONCE], sealed[_NONCE:], _context(id, algorithm))
        except InvalidTag:
            raise Fault(
                f"{self.path} does not open with the token secret that is there; put the right one back from where you keep your keys"
            ) from None
        jwk: dict[str, str] = json.loads(plain)
        return jwk


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, _PURPOSE).derive(secret))


def _context(id: str, algorithm: str) -> bytes:
    """A sealed key that was moved to another line does not open."""
    return f"{id}/{algorithm}".encode()


def _micros(at: datetime | None) -> int | None:
    return microseconds(at) if at is not None else None
