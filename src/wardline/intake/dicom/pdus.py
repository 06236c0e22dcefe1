"""Protocol data units on a connection (PS3.8 9.3): bytes from the socket in, whole PDUs out, and the other way round.

Everything is read into one buffer that is used again and again; what is handed out are views of it, valid until the next is read.
"""

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.intake.dicom.negotiation import MOST_PDU

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
RELEASED: Final = bytes((RELEASE_RP, 0, 0, 0, 0, 4, 0, 0, 0, 0))
_HEAD: Final = 6
_MOST_REQUEST: Final = 1024 * 1024
"""An A-ASSOCIATE-RQ with 128 contexts of 50 transfer syntaxes each has half of it."""
_PIECE: Final = struct.Struct(">LBB")
_QUICK: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)


class Gone(Exception):
    """The other side has closed, aborted or gone silent."""


class Piece(NamedTuple):
    """One presentation data value (PS3.8 E.2)."""

    context: int
    is_command: bool
    is_last: bool
    content: memoryview


class Line:
    """A connection, read and written PDU by PDU."""

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self._buffer = bytearray(2 * MOST_PDU)
        self._begin = self._end = 0

    def next(self, seconds: float) -> tuple[int, memoryview]:
        """Type and content of the next PDU. Raises `Gone`, or `Refused` for one that nobody may send."""
        ends = time.monotonic() + seconds
        head = self._have(_HEAD, ends)
        kind, length = head[0], int.from_bytes(head[2:6], "big")
        if length > (_MOST_REQUEST if kind == ASSOCIATE_RQ else MOST_PDU + _PIECE.size):
            raise Refused(f"a PDU of {length} bytes is longer than was agreed", code="dicom")
        whole = self._have(_HEAD + length, ends)
        self._begin += _HEAD + length
        return kind, whole[_HEAD:]

    def has_something(self) -> bool:
        """Whether the other side has said anything that was not read yet."""
        if self._end > self._begin or (hasattr(self.sock, "pending") and self.sock.pending()):
            return True
        self.sock.settimeout(0)
        try:
            self._receive()
        except (BlockingIOError, TimeoutError):
            return False
        except OSError as error:
            if type(error).__name__ in ("SSLWantReadError", "SSLWantWriteError"):
                return False
            raise Gone("the connection is broken") from None
        return True

    def send(self, content: bytes, seconds: float = 60) -> None:
        self.sock.settimeout(seconds)
        try:
            self.sock.sendall(content)
        except (OSError, TimeoutError) as error:
            raise Gone(f"nothing can be said any more: {type(error).__name__}") from None

    def close(self) -> None:
        self.sock.close()

    def _have(self, length: int, ends: float) -> memoryview:
        """So many bytes from the beginning on, waiting for them until then."""
        self._make_room(length)
        while self._end - self._begin < length:
            left = ends - time.monotonic()
            if left <= 0:
                raise Gone("the other side has been silent for too long")
            self.sock.settimeout(left)
            try:
                self._receive()
            except TimeoutError:
                raise Gone("the other side has been silent for too long") from None
            except OSError as error:
                raise Gone(f"the connection is broken: {type(error).__name__}") from None
        return memoryview(self._buffer)[self._begin : self._begin + length]

    def _make_room(self, length: int) -> None:
        if self._begin + length <= len(self._buffer) and self._begin < len(self._buffer) // 2:
            return
        rest = self._buffer[self._begin : self._end]
        if length > len(self._buffer):
            self._buffer = bytearray(length)
        self._buffer[: len(rest)] = rest
        self._begin, self._end = 0, len(rest)

    def _receive(self) -> None:
        if self._end == len(self._buffer):
            self._make_room(len(self._buffer) // 2 + 1)
        taken = self.sock.recv_into(memoryview(self._buffer)[self._end :])
        if not taken:
            raise Gone("the other side has hung up")
        self._end += taken
        if _QUICK is not None:  # an acknowledgement at once, or a sender with Nagle's algorithm waits 40 ms for it with every image
            self.sock.setsockopt(socket.IPPROTO_TCP, _QUICK, 1)


def pieces(content: memoryview) -> Iterator[Piece]:
    """The values in one P-DATA. Raises `Refused` where their lengths do not add up."""
    position = 0
    while position < len(content):
        if position + _PIECE.size > len(content):
            raise Refused("a P-DATA ends in the middle of a value", code="dicom")
        length, context, control = _PIECE.unpack_from(content, position)
        end = position + 4 + length
        if length < 2 or end > len(content):
            raise Refused("a value is longer than its P-DATA", code="dicom")
        yield Piece(context, bool(control & 1), bool(control & 2), content[position + _PIECE.size : end])
        position = end


def data_pdus(context: int, parts: Iterable[bytes], *, is_command: bool, most: int) -> Iterator[bytes]:
    """P-DATA for a command or a data set that comes in parts, none longer than the other side takes."""
    room = max(min(most or MOST_PDU, MOST_PDU) - _PIECE.size, 64)
    held = b""
    for part in parts:
        held += part
        while len(held) > room:
            yield _data_pdu(context, held[:room], is_command=is_command, is_last=False)
            held = held[room:]
    yield _data_pdu(context, held, is_command=is_command, is_last=True)


def _data_pdu(context: int, content: bytes, *, is_command: bool, is_last: bool) -> bytes:
    control = is_command | is_last << 1
    return struct.pack(">BBLLBB", P_DATA, 0, len(content) + _PIECE.size, len(content) + 2, context, control) + content


def abort(source: int, reason: int) -> bytes:
    """Source 0: the user, 2: the provider, with a reason (PS3.8 9.3.8)."""
    return bytes((ABORT, 0, 0, 0, 0, 4, 0, 0, source, reason))
