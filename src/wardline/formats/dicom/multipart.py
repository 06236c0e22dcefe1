"""Several files in one web message: multipart/related as DICOMweb sends and receives it (RFC 2046, RFC 2387, PS3.18 8.6.1).

Reading goes piece by piece, so that a study of gigabytes never lies in memory at once.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final, NamedTuple

LONGEST_HEAD: Final = 16 * 1024
CRLF: Final = b"\r\n"


class Related(NamedTuple):
    """What a Content-Type says of a multipart message."""

    type: str
    boundary: bytes


class Part(NamedTuple):
    """The head of one part; its content follows piece by piece."""

    headers: Mapping[str, str]

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class EndOfPart(NamedTuple):
    """All of a part's content has been given."""


def related(content_type: str) -> Related | None:
    """None where it is no multipart/related, or has no boundary."""
    head = Message()
    head["content-type"] = content_type
    boundary = head.get_param("boundary")
    if head.get_content_type() != "multipart/related" or not isinstance(boundary, str) or not 0 < len(boundary) <= 70:
        return None
    kind = head.get_param("type")
    return Related(kind.lower() if isinstance(kind, str) else "", boundary.encode("latin-1"))


async def parts_of(pieces: AsyncIterator[bytes], boundary: bytes) -> AsyncIterator[Part | bytes | EndOfPart]:
    """Each part's head, then its content in pieces, then its end. Raises `ValueError` for a message that is cut or no multipart."""
    reader = _Reader(pieces)
    await reader.pass_line(b"--" + boundary)
    edge = CRLF + b"--" + boundary
    while True:
        ending = await reader.exactly(2)
        if ending == b"--":
            return
        # RFC 2046 5.1.1: blanks may stand between a boundary and the end of its line.
        line = ending if ending == CRLF else ending + await reader.until(CRLF, LONGEST_HEAD)
        if line.strip(b" \t\r\n"):
            raise ValueError("behind a boundary of the message stands something else than the end of the line")
        yield Part(await _head(reader))
        async for piece in reader.content(edge):
            yield piece
        yield EndOfPart()


async def _head(reader: "_Reader") -> dict[str, str]:
    lines = bytearray()
    while (line := await reader.until(CRLF, LONGEST_HEAD - len(lines))) != CRLF:
        lines += line
    parsed = BytesHeaderParser().parsebytes(bytes(lines))
    return {name.lower(): str(value) for name, value in parsed.items()}


class _Reader:
    """Looks for the next edge in what arrives."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    async def _more(self) -> None:
        async for piece in self._pieces:
            if piece:
                self._held += piece
                return
        raise ValueError("the message ends before its last boundary")

    async def exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            await self._more()
        return self._take(count)

    async def until(self, end: bytes, most: int) -> bytes:
        """Up to and with this."""
        while (place := self._held.find(end)) < 0:
            if len(self._held) > most:
                raise ValueError("the head of a part is too long")
            await self._more()
        return self._take(place + len(end))

    async def pass_line(self, mark: bytes) -> None:
        """Past what stands before the first boundary (a preamble says nothing, RFC 2046 5.1.1)."""
        while not self._held.startswith(mark):
            if len(self._held) < len(mark) and mark.startswith(bytes(self._held)):
                await self._more()
                continue
            await self.until(CRLF, LONGEST_HEAD)
        self._take(len(mark))

    async def content(self, edge: bytes) -> AsyncIterator[bytes]:
        """What stands before the edge, and past the edge."""
        if edge.startswith(CRLF) and self._held.startswith(edge[2:]):  # a part without any content
            self._take(len(edge) - 2)
            return
        while (place := self._held.find(edge)) < 0:
            if len(self._held) > len(edge):
                yield self._take(len(self._held) - len(edge))
            await self._more()
        if place:
            yield self._take(place)
        self._take(len(edge))

    def _take(self, count: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken


def head_of(boundary: str, content_type: str, location: str = "") -> bytes:
    """What stands before the content of one part of an answer."""
    where = f"Content-Location: {location}\r\n" if location else ""
    return f"\r\n--{boundary}\r\nContent-Type: {content_type}\r\n{where}\r\n".encode()


def end_of(boundary: str) -> bytes:
    return f"\r\n--{boundary}--\r\n".encode()


def joined(boundary: str, parts: Iterator[tuple[str, str, bytes]]) -> Iterator[bytes]:
    """A whole message from (content type, location, content)."""
    for content_type, location, content in parts:
        yield head_of(boundary, content_type, location)
        yield content
    yield end_of(boundary)
