"""The WebSocket wire: bytes in, messages out (RFC 6455), for a server that is asked by browsers.

Only what a server needs, and strict where the standard lets a server be strict: a frame that is not masked, not whole, too long or
no UTF-8 ends the connection with the code the standard names for it.
"""

import hashlib
from base64 import b64encode
from typing import Final, NamedTuple

GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA  # RFC 6455 5.2
CONTINUATION: Final = 0x0
CONTROL_AT_MOST: Final = 125  # RFC 6455 5.5
NORMAL, GOING_AWAY, PROTOCOL_ERROR, NOT_TEXT, POLICY, TOO_BIG = 1000, 1001, 1002, 1007, 1008, 1009  # RFC 6455 7.4.1


class Broken(Exception):
    """What came is no WebSocket, or more than is taken; `code` is what the other side is told."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Message(NamedTuple):
    """A whole message, or a control frame."""

    opcode: int
    payload: bytes


def accept_for(key: bytes) -> bytes:
    """The answer to a handshake's key (RFC 6455 4.2.2)."""
    return b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())


def encoded(opcode: int, payload: bytes) -> bytes:
    """One whole frame of a server: not masked, in one piece."""
    size = len(payload)
    if size <= CONTROL_AT_MOST:
        head = bytes((0x80 | opcode, size))
    elif size < 0x10000:
        head = bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big")
    return head + payload


def closing(code: int, reason: str = "") -> bytes:
    return encoded(CLOSE, code.to_bytes(2, "big") + reason.encode()[: CONTROL_AT_MOST - 2])


class Unframer:
    """Collects bytes into messages."""

    def __init__(self, largest: int) -> None:
        self.largest = largest
        self._bytes = bytearray()
        self._parts = bytearray()
        self._opcode = 0

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are whole now. Raises `Broken`; nothing may be fed after that."""
        self._bytes += data
        found: list[Message] = []
        while (frame := self._frame()) is not None:
            message = self._message(*frame)
            if message is not None:
                found.append(message)
        return found

    def _frame(self) -> tuple[bool, int, bytes] | None:
        """Whether it is the last of its message, its opcode, its content; None until it is all there."""
        if len(self._bytes) < 2:
            return None
        final, opcode = bool(self._bytes[0] & 0x80), self._bytes[0] & 0x0F
        if self._bytes[0] & 0x70:
            raise Broken(PROTOCOL_ERROR, "no extension was agreed")
        if not self._bytes[1] & 0x80:
            raise Broken(PROTOCOL_ERROR, "a client masks its frames")  # RFC 6455 5.1
        measured = self._measured(final, opcode)
        if measured is None:
            return None
        start, size = measured
        if len(self._bytes) < start + 4 + size:
            return None
        mask, content = self._bytes[start : start + 4], self._bytes[start + 4 : start + 4 + size]
        del self._bytes[: start + 4 + size]
        return final, opcode, bytes(each ^ mask[place % 4] for place, each in enumerate(content))

    def _measured(self, final: bool, opcode: int) -> tuple[int, int] | None:
        """Where the mask starts, and how long the content is."""
        size, start = self._bytes[1] & 0x7F, 2
        if opcode >= CLOSE and (not final or size > CONTROL_AT_MOST):
            raise Broken(PROTOCOL_ERROR, "a control frame is short and in one piece")
        if size > CONTROL_AT_MOST:
            width = 2 if size == 126 else 8
            if len(self._bytes) < start + width:
                return None
            size, start = int.from_bytes(self._bytes[2 : 2 + width], "big"), 2 + width
        if size + len(self._parts) > self.largest:
            raise Broken(TOO_BIG, f"a message has at most {self.largest} bytes")
        return start, size

    def _message(self, final: bool, opcode: int, content: bytes) -> Message | None:
        if opcode in (CLOSE, PING, PONG):
            return Message(opcode, content)
        if opcode not in (CONTINUATION, TEXT, BINARY) or (opcode == CONTINUATION) != bool(self._opcode):
            raise Broken(PROTOCOL_ERROR, "no frame of this kind belongs here")
        self._opcode = self._opcode or opcode
        self._parts += content
        if not final:
            return None
        whole = Message(self._opcode, bytes(self._parts))
        self._opcode = 0
        self._parts.clear()
        if whole.opcode == TEXT:
            _check_text(whole.payload)
        return whole


def _check_text(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise Broken(NOT_TEXT, "text is UTF-8") from None
