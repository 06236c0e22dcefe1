"""Sealed files of the image store: AES-256-GCM in pieces of 1 MiB, each file with a random key of its own, kept wrapped at its beginning.

A file's key is wrapped by its study's, and only once it is known which study it belongs to: bytes go to the disk from the first one
on. Every piece is bound to its file, its place in it, and to whether it is the last, so that nothing can be moved, swapped or cut.
"""

import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wardline.core.errors import Fault

PIECE: Final = 1024 * 1024
INSTANCE: Final = b"WARDIMG1"
DERIVED: Final = b"WARDDRV1"
"""How a file begins: an instance as it was received, or something that was made from a study."""
_NONCE, _TAG, _KEY = 12, 16, 32
_HEAD: Final = struct.Struct(f">8sQ{_NONCE + _KEY + _TAG}s")
_SEALED_PIECE: Final = _NONCE + PIECE + _TAG


class _Room:
    """Memory that is used again: new pages for each image cost more than sealing it does. Any thread may take and give back."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._spare: list[bytearray] = []

    def take(self) -> bytearray:
        try:
            return self._spare.pop()
        except IndexError:
            return bytearray(self._size)

    def give(self, room: bytearray) -> None:
        if len(self._spare) < _SPARE:
            self._spare.append(room)


_SPARE: Final = 8
_PLAIN, _SEALED = _Room(PIECE), _Room(_SEALED_PIECE)


class SealedWriter:
    """A file being written. It opens for nobody before `close` has given its key to a study."""

    def __init__(self, path: Path, file: int) -> None:
        """`file` is the empty file at this path, open for reading and writing; it is the writer's to close."""
        self.path = path
        self.size = 0
        self._file = file
        self._key = AESGCM.generate_key(256)
        self._cipher = AESGCM(self._key)
        self._piece = _PLAIN.take()
        self._filled = self._pieces = 0
        self._at = _HEAD.size

    def write(self, content: bytes | memoryview) -> None:
        view, done = memoryview(content), 0
        while done < len(view):
            if self._filled == PIECE:
                self._seal(is_last=False)
            taken = min(PIECE - self._filled, len(view) - done)
            self._piece[self._filled : self._filled + taken] = view[done : done + taken]
            self._filled, done = self._filled + taken, done + taken
        self.size += done

    def read(self, offset: int, length: int) -> bytes:
        """What has been written, while it is being written."""
        sealed_to = self._pieces * PIECE
        early = b""
        if offset < sealed_to:
            early = _read(self._file, self._cipher, self.path.name, offset, min(length, sealed_to - offset), last=-1)
        start = max(offset - sealed_to, 0)
        return early + bytes(self._piece[start : max(start, min(offset + length - sealed_to, self._filled))])

    def close(self, number: int, key: bytes, kind: bytes = INSTANCE) -> None:
        """Seal the rest, wrap the file's key with the key of this number, and make all of it durable."""
        self._seal(is_last=True)
        nonce = secrets.token_bytes(_NONCE)
        wrapped = nonce + AESGCM(key).encrypt(nonce, self._key, kind + self.path.name.encode())
        _put(self._file, _HEAD.pack(kind, number, wrapped), 0)
        os.fsync(self._file)
        self._let_go()

    def abandon(self) -> None:
        """As if it had never been."""
        if self._file >= 0:
            self._let_go()
        self.path.unlink(missing_ok=True)

    def _let_go(self) -> None:
        file, self._file = self._file, -1
        room, self._piece = self._piece, bytearray()
        _PLAIN.give(room)
        os.close(file)

    def _seal(self, *, is_last: bool) -> None:
        place = _place(self.path.name, self._pieces, is_last=is_last)
        room = _SEALED.take()
        nonce, length = secrets.token_bytes(_NONCE), _NONCE + self._filled + _TAG
        room[:_NONCE] = nonce
        sealed = memoryview(room)[:length]
        self._cipher.encrypt_into(nonce, memoryview(self._piece)[: self._filled], place, sealed[_NONCE:])
        _put(self._file, sealed, self._at)
        _SEALED.give(room)
        self._at += length
        self._pieces, self._filled = self._pieces + 1, 0


class SealedFile:
    """A finished file, opened for reading at any place."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises `Fault` when it is gone or does not open with this key."""
        try:
            self._file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            raise Fault(f"the image file {path.name} is missing; restore it from a backup") from None
        try:
            size = os.fstat(self._file).st_size - _HEAD.size
            self.kind, _, wrapped = _head(os.pread(self._file, _HEAD.size, 0), path.name)
            self._cipher = AESGCM(_opened(AESGCM(key), wrapped, self.kind + path.name.encode(), path.name))
        except Fault:
            os.close(self._file)
            raise
        self._name = path.name
        self._last = -(-size // _SEALED_PIECE) - 1
        self.size = size - (self._last + 1) * (_NONCE + _TAG)

    def __enter__(self) -> "SealedFile":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def read(self, offset: int, length: int) -> bytes:
        return _read(self._file, self._cipher, self._name, offset, max(0, min(length, self.size - offset)), last=self._last)

    def pieces(self) -> Iterator[bytes]:
        """All of it, 1 MiB at a time."""
        return (self.read(offset, PIECE) for offset in range(0, max(self.size, 1), PIECE))


def stretches(begin: int, length: int) -> Iterator[tuple[int, int]]:
    """(offset, length) of the parts of a stretch that lie in one piece each, so that none is opened twice."""
    end = begin + length
    while begin < end:
        until = min(end, (begin // PIECE + 1) * PIECE)
        yield begin, until - begin
        begin = until


def key_number(path: Path) -> int:
    """Which key a file is sealed with."""
    with path.open("rb") as stream:
        return _head(stream.read(_HEAD.size), path.name)[1]


def _head(content: bytes, name: str) -> tuple[bytes, int, bytes]:
    if len(content) < _HEAD.size:
        raise Fault(f"the image file {name} is cut off; restore it from a backup")
    magic, number, wrapped = _HEAD.unpack(content)
    if magic not in (INSTANCE, DERIVED):
        raise Fault(f"{name} is no image file of this store; restore it from a backup")
    return magic, number, wrapped


def _read(file: int, cipher: AESGCM, name: str, offset: int, length: int, *, last: int) -> bytes:
    """Opens the pieces that this stretch touches, and no others."""
    found = []
    for piece in range(offset // PIECE, -(-(offset + length) // PIECE)):
        sealed = os.pread(file, _SEALED_PIECE, _HEAD.size + piece * _SEALED_PIECE)
        plain = _opened(cipher, sealed, _place(name, piece, is_last=piece == last), name)
        begin = max(offset - piece * PIECE, 0)
        found.append(plain[begin : offset + length - piece * PIECE])
    return found[0] if len(found) == 1 else b"".join(found)


def _opened(cipher: AESGCM, sealed: bytes, place: bytes, name: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
    except (InvalidTag, ValueError):
        raise Fault(f"the image file {name} was altered or is damaged; restore it from a backup") from None


def _place(name: str, piece: int, *, is_last: bool) -> bytes:
    return f"{name}/{piece}{'/last' if is_last else ''}".encode()


def _put(file: int, content: bytes | memoryview, at: int) -> None:
    """All of it: one call may write less."""
    done = 0
    while done < len(content):
        done += os.pwrite(file, memoryview(content)[done:], at + done)
