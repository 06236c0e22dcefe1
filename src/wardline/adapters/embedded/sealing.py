"""Encryption at rest: AES-256-GCM, one key per patient, wrapped by the house's master key.

Destroying a patient's line in the key file makes everything about them unreadable, in every file and every backup of it.
The associated data names table and row, so that ciphertext moved to another place does not open.
"""

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wardline.adapters.embedded import schema
from wardline.adapters.embedded.logfile import FAILURES, SMALL, check, meaning, text
from wardline.core.errors import Erased, Fault

HOUSE: Final = ""
"""Owner of what is nobody's: messages and events that are about no patient."""
SNAPSHOTS: Final = "house/snapshots"
"""Owner of folded state. It speaks of everybody, so its key goes with every erasure, and those in old files and backups with it."""
_NONCE: Final = 12
_NONCES_AT_ONCE: Final = 4096
REWRAPPED_AT_ONCE: Final = 500
"""A few milliseconds between two looks at the network."""
_CIPHERS_KEPT: Final = 8_000
"""At 2.7 kB each, mostly OpenSSL's tables. Enough for those in the house; opening the key of another takes some 30 microseconds."""


class SqliteSeal:
    """Keys in a file of their own, because the log's closed files are never rewritten and a destroyed key must be gone."""

    def __init__(self, path: Path, master_key: bytes, *older: bytes) -> None:
        """`older` are former master keys that may still wrap some of the patients' keys: see `rewrap`."""
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.text_factory = text
        path.chmod(0o600)
        try:
            for pragma in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"):
                self._connection.execute(pragma)
            self._connection.executescript(schema.KEYS)
            check(self._connection, path, schema.KEYS, whole=path.stat().st_size <= SMALL)
            self._ids: dict[str, int] = dict(self._connection.execute("SELECT owners, id FROM keys"))
            self.destroyed: set[int] = {number for (number,) in self._connection.execute("SELECT id FROM destroyed")}
            self.erasures: set[str] = {erasure for (erasure,) in self._connection.execute("SELECT id FROM erasures")}
        except FAILURES as error:
            raise meaning(error) from error
        self._wrapping = AESGCM(master_key)
        self._older = tuple(AESGCM(key) for key in older)
        self._ciphers: dict[int, AESGCM] = {}
        self._new: list[tuple[int, str, bytes]] = []
        self._next = max((*self._ids.values(), *self.destroyed), default=0) + 1
        self._nonces = b""
        self._nonce_at = 0
        if self._ids:
            self._cipher(min(self._ids.values()))  # with another folder's master key nothing must start

    @property
    def has_keys(self) -> bool:
        return bool(self._ids)

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
        self._new.append((number, name, self._encrypt(self._wrapping, wrapped, _context(number, name))))
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
        except FAILURES as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise meaning(error) from error
        self._new.clear()

    def rollback(self) -> None:
        """Forget keys that were never made durable; nothing sealed with them was kept either."""
        for number, name, _ in self._new:
            del self._ids[name]
            self._ciphers.pop(number, None)
        self._new.clear()

    # --- forgetting ---

    def knows(self, owner: str) -> bool:
        """Whether there is a key of this owner alone."""
        return owner in self._ids

    def keys_of(self, owners: Iterable[str]) -> list[int]:
        """The keys that any of these has a part in: their own, and those of messages that speak of others as well."""
        wanted = set(owners)
        return [number for name, number in self._ids.items() if not wanted.isdisjoint(name.split("+"))]

    def destroy(self, owners: Iterable[str], erasure: str) -> list[int]:
        """Destroy these keys for good, durably; returns their numbers. What `wipe` has to follow is said there."""
        self.commit()
        numbers = self.keys_of((*owners, SNAPSHOTS))
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("DELETE FROM keys WHERE id = ?", [(number,) for number in numbers])
            self._connection.executemany("INSERT INTO destroyed VALUES (?, ?)", [(number, erasure) for number in numbers])
            self._connection.execute("INSERT OR IGNORE INTO erasures VALUES (?)", (erasure,))
            self._connection.execute("COMMIT")
        except FAILURES as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise meaning(error) from error
        gone = set(numbers)
        self._ids = {name: number for name, number in self._ids.items() if number not in gone}
        self._ciphers = {number: cipher for number, cipher in self._ciphers.items() if number not in gone}
        self.destroyed |= gone
        self.erasures.add(erasure)
        return numbers

    def wipe(self) -> bool:
        """Whether what was destroyed is in no page of the key file any more; false while another process reads it."""
        try:
            is_read, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except FAILURES as error:
            raise meaning(error) from error
        return not is_read

    # --- a new master key ---

    @property
    def keys(self) -> int:
        """How many there are, of patients and of those a message speaks about together."""
        return len(self._ids)

    def adopt(self, master_key: bytes) -> None:
        """From now on keys are wrapped by this one; those that are there still are by the former, until `rewrap` has seen them all."""
        former, self._wrapping = self._wrapping, AESGCM(master_key)
        self._older = (former, *self._older)
        self._new = [(number, name, self._wrapped_anew(number, name, wrapped)) for number, name, wrapped in self._new]

    def rewrap(self, after: int = 0, limit: int = REWRAPPED_AT_ONCE) -> int | None:
        """Move the next keys to the newest master key, durably. Returns where to go on, None once all are moved and nothing rests on a former one."""
        try:
            rows = self._connection.execute("SELECT id, owners, wrapped FROM keys WHERE id > ? ORDER BY id LIMIT ?", (after, limit)).fetchall()
            if not rows:
                return None if self._forgets_former() else after
            moved = [(self._wrapped_anew(number, name, wrapped), number) for number, name, wrapped in rows]
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("UPDATE keys SET wrapped = ? WHERE id = ?", moved)
            self._connection.execute("COMMIT")
        except FAILURES as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise meaning(error) from error
        return int(rows[-1][0])

    def _forgets_former(self) -> bool:
        """The former wrappings must be in no file any more; false while somebody reads the write-ahead log."""
        is_read, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_read:
            self._older = ()
        return not is_read

    def _wrapped_anew(self, number: int, name: str, wrapped: bytes) -> bytes:
        return self._encrypt(self._wrapping, self._unwrapped(number, name, wrapped), _context(number, name))

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
            if len(self._ciphers) > _CIPHERS_KEPT:
                fresh = {number for number, _, _ in self._new}
                self._ciphers = {number: known for number, known in self._ciphers.items() if number in fresh}
            cipher = self._ciphers[key_id] = AESGCM(self._key(key_id))
        return cipher

    def _key(self, key_id: int) -> bytes:
        name, wrapped = self._stored("SELECT owners, wrapped FROM keys WHERE id = ?", key_id)
        key = self._unwrapped(key_id, name, wrapped)
        owners = name.split("+")
        for owner in reversed(owners) if len(owners) > 1 else ():
            number = self._ids.get(owner) or self._stored("SELECT id FROM keys WHERE owners = ?", owner)[0]
            key = self._decrypt(self._cipher(number), key, name.encode())
        return key

    def _unwrapped(self, number: int, name: str, wrapped: bytes) -> bytes:
        """By the newest master key, or by a former one while keys are being moved to it."""
        for cipher in self._older:
            try:
                return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _context(number, name))
            except InvalidTag:
                continue
        return self._decrypt(self._wrapping, wrapped, _context(number, name))

    def _stored(self, question: str, value: int | str) -> tuple[Any, ...]:
        try:
            row: tuple[Any, ...] | None = self._connection.execute(question, (value,)).fetchone()
        except FAILURES as error:
            raise meaning(error) from error
        if row is None and value in self.destroyed:
            raise Erased("this was erased")
        if row is None:
            raise Fault(f"key {value} does not exist any more: the key file has been changed or is not the one of this data")
        return row

    def _encrypt(self, cipher: AESGCM, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + cipher.encrypt(nonce, plain, context)

    def _decrypt(self, cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except InvalidTag:
            raise Fault("the master key does not open the key file: it is another folder's, or the file is damaged") from None


def _context(number: int, owners: str) -> bytes:
    """Binds a key to its line, so that one owner's key cannot be put in another's place."""
    return f"k{number}/{owners}".encode()
