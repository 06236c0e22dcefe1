"""A small MLLP client: one message out, its acknowledgement in."""

import asyncio
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TypeAlias

from wardline.core.errors import Fault, Refused
from wardline.formats.hl7v2.acknowledgement import Acknowledgement, read_acknowledgement
from wardline.formats.hl7v2.framing import Deframer, TooLarge, frame
from wardline.formats.hl7v2.message import header_of


class NoAnswer(Fault):
    """The receiver closed the connection, let the time pass, or answered something that is no acknowledgement of the message."""


Dial: TypeAlias = Callable[[str, int, ssl.SSLContext | None], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def dial(host: str, port: int, tls: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to wherever the name points."""
    return await asyncio.open_connection(host, port, ssl=tls)


class MllpClient:
    """An MLLP connection. Use as `async with MllpClient(host, port) as client: await client.send(raw)`.

    After `NoAnswer` the connection is closed: an answer that comes late must never be taken for that to the next message.
    """

    def __init__(self, host: str, port: int, *, timeout_seconds: float = 30.0, tls: ssl.SSLContext | None = None, dial: Dial = dial) -> None:
        self.host, self.port = host, port
        self.timeout_seconds = timeout_seconds
        self.tls = tls
        self._dial = dial
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._deframer = Deframer()
        self._waiting: deque[bytes] = deque()

    async def connect(self) -> None:
        try:
            async with asyncio.timeout(self.timeout_seconds):
                self._reader, self._writer = await self._dial(self.host, self.port, self.tls)
        except (OSError, TimeoutError) as error:
            raise NoAnswer(f"cannot connect to {self.host}:{self.port}: {error or 'timed out'}") from error
        self._deframer, self._waiting = Deframer(), deque()

    async def close(self) -> None:
        self._hang_up()

    async def __aenter__(self) -> "MllpClient":
        await self.connect()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    @property
    def is_connected(self) -> bool:
        return self._writer is not None and not self._writer.is_closing()

    async def send(self, message: bytes) -> Acknowledgement:
        """Send one message and wait for its acknowledgement. Raises `NoAnswer`; whether it was taken is then unknown."""
        control_id = header_of(message).control_id
        answer = await self.exchange(message)
        try:
            acknowledgement = read_acknowledgement(answer)
        except Refused as refused:
            raise self._given_up(f"what {self.host}:{self.port} answered is no acknowledgement: {refused}") from refused
        if acknowledgement.control_id != control_id:
            raise self._given_up(f"{self.host}:{self.port} acknowledged another message than the one that was sent")
        return acknowledgement

    async def exchange(self, message: bytes) -> bytes:
        """Like `send`, but returns the answer's bytes."""
        self.write(message)
        return await self.answer()

    def write(self, message: bytes) -> None:
        """Put a message on the wire without waiting, for senders that pipeline."""
        if self._writer is None:
            raise NoAnswer("not connected")
        self._writer.write(frame(message))

    async def answer(self) -> bytes:
        """The next answer, in the order in which messages were written."""
        while not self._waiting:
            if self._reader is None or self._writer is None:
                raise NoAnswer("not connected")
            try:
                async with asyncio.timeout(self.timeout_seconds):
                    data = await self._reader.read(65_536)
            except TimeoutError:
                raise self._given_up(f"no acknowledgement from {self.host}:{self.port} within {self.timeout_seconds:g} s") from None
            except OSError as error:
                raise self._given_up(f"the connection to {self.host}:{self.port} broke: {error}") from error
            if not data:
                raise self._given_up(f"{self.host}:{self.port} closed the connection without acknowledging")
            try:
                self._waiting.extend(self._deframer.feed(data))
            except TooLarge as too_large:
                raise self._given_up(f"the answer of {self.host}:{self.port} is no acknowledgement: {too_large}") from too_large
        return self._waiting.popleft()

    def _given_up(self, reason: str) -> NoAnswer:
        self._hang_up()
        return NoAnswer(reason)

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
