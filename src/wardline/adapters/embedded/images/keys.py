"""Keys of the image store, one per study: destroying it makes every image of the study, and all that was made from them, unreadable.

They lie in a file of their own, wrapped by a secret of the house, so that they can be copied apart from the images (decision 0016).
A number is never given again: what was sealed with a destroyed key stays closed whatever comes after it.
"""

import hashlib
import hmac
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wardline.adapters.embedded.images.connections import changing, opened
from wardline.core.errors import Erased, Fault

_NONCE: Final = 12
_KEPT: Final = 4096
_OF_OWNER: Final = "SELECT id, wrapped FROM keys WHERE owner = ?"
_VERSIONS: Final = (
    """
    CREATE TABLE keys (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT UNIQUE NOT NULL, wrapped BLOB NOT NULL);
    CREATE TABLE erasures (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE salt (value BLOB NOT NULL);
    INSERT INTO salt VALUES (randomblob(32));
    """,
)


class StudyKeys:
    """Used by several processes at once; each asks the file about a key it has not seen, and about whether one is still there."""

    def __init__(self, path: Path, secret: bytes, *older: bytes) -> None:
        self._connection = opened(path, _VERSIONS)
        self._wrapping, *self._former = (AESGCM(each) for each in (secret, *older))
        self._lock = threading.Lock()
        self._known: dict[int, bytes] = {}
        first = self._one("SELECT id FROM keys ORDER BY id LIMIT 1")
        if first is not None:
            self.of(first[0])  # with another folder's secret nothing must start

    def make(self, owner: str) -> tuple[int, bytes]:
        """The number and key of an owner, durable when this returns; made when there is none yet."""
        with self._lock:
            row = self._one(_OF_OWNER, owner)
            if row is None:
                with changing(self._connection) as connection:  # another process may have been first meanwhile
                    connection.execute("INSERT OR IGNORE INTO keys (owner, wrapped) VALUES (?, x'')", (owner,))
                    number, wrapped = connection.execute(_OF_OWNER, (owner,)).fetchone()
                    if not wrapped:
                        self._keep(connection, number, owner, AESGCM.generate_key(256))
                    row = connection.execute(_OF_OWNER, (owner,)).fetchone()
            number, wrapped = row
            return int(number), self._plain(int(number), owner, wrapped)

    def of(self, number: int) -> bytes:
        """Raises `Erased` for one that has been destroyed."""
        with self._lock:
            return self._opened(number)

    def owners(self) -> list[str]:
        with self._lock:
            return [owner for (owner,) in self._connection.execute("SELECT owner FROM keys")]

    def owner(self, number: int) -> str:
        """Whose key this is; "" when it has been destroyed."""
        with self._lock:
            row = self._one("SELECT owner FROM keys WHERE id = ?", number)
            return str(row[0]) if row is not None else ""

    def name_of(self, owner: str) -> str:
        """A stand-in for an owner in the register of erasures, which must not say who anybody was. The same in every copy of these keys."""
        with self._lock:
            (salt,) = self._one("SELECT value FROM salt") or (b"",)
        return f"image/{hmac.new(salt, owner.encode(), hashlib.sha256).hexdigest()[:32]}"

    def destroy(self, owners: Iterable[str], erasure: str = "") -> None:
        """For good, durably: also in the file's free pages and in its write-ahead log, as far as nobody is reading it."""
        with self._lock:
            with changing(self._connection) as connection:
                connection.executemany("DELETE FROM keys WHERE owner = ?", [(owner,) for owner in owners])
                if erasure:
                    connection.execute("INSERT OR IGNORE INTO erasures VALUES (?)", (erasure,))
            self._known.clear()
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def been_through(self, erasure: str) -> None:
        """Note an erasure, whether or not it was about anything here."""
        self.destroy((), erasure)

    def erasures(self) -> set[str]:
        """Entries of the register of erasures that these keys have been through."""
        with self._lock:
            return {id for (id,) in self._connection.execute("SELECT id FROM erasures")}

    def rewrap(self) -> None:
        """Wrap every key with the newest secret; afterwards the former ones are not needed any more."""
        with self._lock, changing(self._connection) as connection:
            for number, owner in connection.execute("SELECT id, owner FROM keys").fetchall():
                self._keep(connection, number, owner, self._opened(number))

    def close(self) -> None:
        self._connection.close()

    def _keep(self, connection: sqlite3.Connection, number: int, owner: str, key: bytes) -> None:
        nonce = AESGCM.generate_key(128)[:_NONCE]
        wrapped = nonce + self._wrapping.encrypt(nonce, key, _context(number, owner))
        connection.execute("UPDATE keys SET wrapped = ? WHERE id = ?", (wrapped, number))

    def _opened(self, number: int) -> bytes:
        """A destroyed key must not open anything from memory either: whether it is there is asked each time."""
        row = self._one("SELECT owner, wrapped FROM keys WHERE id = ?", number)
        if row is None:
            raise Erased("this was erased")
        return self._plain(number, *row)

    def _plain(self, number: int, owner: str, wrapped: bytes) -> bytes:
        """Of a key that is there."""
        key = self._known.get(number)
        if key is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            key = self._known[number] = self._unwrapped(number, owner, wrapped)
        return key

    def _unwrapped(self, number: int, owner: str, wrapped: bytes) -> bytes:
        for cipher in (self._wrapping, *self._former):
            try:
                return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _context(number, owner))
            except InvalidTag:
                continue
        raise Fault("the secret of the images does not open their keys: it is another folder's, or images/keys.db is damaged")

    def _one(self, question: str, *values: int | str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(question, values).fetchone()
        return row


def _context(number: int, owner: str) -> bytes:
    """Binds a key to its line, so that one study's key cannot be put in another's place."""
    return f"image key {number}/{owner}".encode()
