"""Encryption at rest: AES-256-GCM, one key per patient, wrapped by the house's master key.

Destroying a patient's line in the key file makes everything about them unreadable, in every file and every backup of it.
The associated data names table and row, so that ciphertext moved to another place does not open.
"""

import os
import sqlite3
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wardline.adapters.embedded import schema
from wardline.core.errors import Fault, StorageBroken, StorageFull

HOUSE: Final = ""
"""Owner of what is nobody's: unreadable messages, snapshots."""
_NONCE: Final = 12
_NONCES_AT_ONCE: Final = 4096


class SqliteSeal:
    """Keys in a file of their own, because the log's closed files are never rewritten and a destroyed key must be gone."""

    def __init__(self, path: Path, master_key: bytes) -> None:
        self._path = path
        fresh = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        for pragma in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"):
            self._connection.execute(pragma)
        if fresh:
            self._connection.executescript(schema.KEYS)
        self._wrapping = AESGCM(master_key)
        self._ids: dict[str, int] = dict(self._connection.execute("SELECT owners, id FROM keys"))
        self._ciphers: dict[int, AESGCM] = {}
        self._new: list[tuple[int, str, bytes]] = []
        self._next = max(self._ids.values(), default=0) + 1
        self._nonces = b""
        self._nonce_at = 0

    def key_for(self, owners: tuple[str, ...]) -> int:
        name = "+".join(owners)
        known = self._ids.get(name)
        if known is not None:
            return known
        # The key of several patients together is wrapped by each of theirs in turn: without any one of them it is lost.
        key = AESGCM.generate_key(256)
        wrapped = key
        for owner in owners if len(owners) > 1 else ():
            wrapped = self._encrypt(self._cipher(self.key_for((owner,))), wrapped, name.encode())
        number, self._next = self._next, self._next + 1
        self._ids[name] = number
        self._ciphers[number] = AESGCM(key)
        self._new.append((number, name, self._encrypt(self._wrapping, wrapped, name.encode())))
        return number

    def seal(self, key_id: int, plain: bytes, context: bytes) -> bytes:
        nonce = self._nonce()
        return nonce + self._cipher(key_id).encrypt(nonce, plain, context)

    def open(self, key_id: int, sealed: bytes, context: bytes) -> bytes:
        try:
            return self._cipher(key_id).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except InvalidTag:
            raise Fault(f"stored data was altered or moved: {context.decode(errors='replace')} does not open with key {key_id}") from None

    def commit(self) -> None:
        if not self._new:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO keys VALUES (?, ?, ?)", self._new)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise (StorageFull if "full" in str(error) else StorageBroken)(f"the key file cannot be written: {error}") from error
        self._new.clear()

    def rollback(self) -> None:
        """Forget keys that were never made durable; nothing sealed with them was kept either."""
        for number, name, _ in self._new:
            del self._ids[name]
            self._ciphers.pop(number, None)
        self._new.clear()

    def close(self) -> None:
        self._connection.close()

    def _nonce(self) -> bytes:
        """Random nonces, drawn in bulk: one system call each would cost more than the encryption."""
        if self._nonce_at >= len(self._nonces):
            self._nonces, self._nonce_at = os.urandom(_NONCE * _NONCES_AT_ONCE), 0
        start, self._nonce_at = self._nonce_at, self._nonce_at + _NONCE
        return self._nonces[start : self._nonce_at]

    def _cipher(self, key_id: int) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            row = self._connection.execute("SELECT owners, wrapped FROM keys WHERE id = ?", (key_id,)).fetchone()
            if row is None:
                raise Fault(f"key {key_id} does not exist any more: what it sealed was erased")
            name, wrapped = row
            key = self._decrypt(self._wrapping, wrapped, name.encode())
            owners = name.split("+")
            for owner in reversed(owners) if len(owners) > 1 else ():
                key = self._decrypt(self._cipher(self.key_for((owner,))), key, name.encode())
            if len(self._ciphers) > 50_000:
                self._ciphers.clear()
            cipher = self._ciphers[key_id] = AESGCM(key)
        return cipher

    def _encrypt(self, cipher: AESGCM, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + cipher.encrypt(nonce, plain, context)

    def _decrypt(self, cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except InvalidTag:
            raise Fault("the master key does not open the key file: it belongs to another data folder") from None
