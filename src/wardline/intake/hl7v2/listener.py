"""The MLLP door: accepts connections, cuts the byte stream into messages, hands them in, writes the acknowledgements back."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from typing import Final

import structlog

from wardline.core.ports import Inbox
from wardline.core.statements import Problem
from wardline.formats.hl7v2.acknowledgement import is_acknowledgement, negative_for_unreadable
from wardline.formats.hl7v2.framing import LARGEST_MESSAGE, Deframer, TooLarge, frame
from wardline.formats.hl7v2.message import split_batch

log = structlog.get_logger()

CONNECTIONS: Final = 2_000
"""Open connections at most; beyond it new ones are closed at once, so that a flood cannot take the memory."""
PIPELINED: Final = 200
"""Messages of one connection that wait for their acknowledgement at most; then it is not read until some are answered."""


class MllpListener:
    """Listens for HL7 v2 over MLLP, with TLS when a context is given."""

    def __init__(self, inbox: Inbox, *, largest: int = LARGEST_MESSAGE, tls: ssl.SSLContext | None = None) -> None:
        self.inbox = inbox
        self.largest = largest
        self.tls = tls
        self.connections: set[_Connection] = set()
        self.refused = 0
        self.skipped_bytes = 0
        self.abandoned = 0
        self.ignored_acknowledgements = 0
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> int:
        """Start listening; returns the port, which the system chooses when `port` is 0."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), host, port, ssl=self.tls, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self, patience_seconds: float = 5.0) -> None:
        """Stop accepting, let messages that were handed in be answered, then close."""
        if self._server is not None:
            self._server.close()
        ends = asyncio.get_running_loop().time() + patience_seconds
        while any(connection.waiting for connection in self.connections) and asyncio.get_running_loop().time() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for connection in list(self.connections):
            connection.close()


class _Connection(asyncio.Protocol):
    """One sender. Idle for days is fine; the system's keep-alive finds peers that are gone."""

    def __init__(self, listener: MllpListener) -> None:
        self.listener = listener
        self.deframer = Deframer(listener.largest)
        self.waiting = 0
        self._paused = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if len(self.listener.connections) >= CONNECTIONS:
            self.listener.refused += 1
            transport.abort()
            return
        self._transport = transport
        self.listener.connections.add(self)
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def connection_lost(self, exc: Exception | None) -> None:
        self.listener.connections.discard(self)
        self.listener.skipped_bytes += self.deframer.skipped
        self.listener.abandoned += self.deframer.abandoned + self.deframer.is_inside
        self._transport = None

    def data_received(self, data: bytes) -> None:
        try:
            messages = self.deframer.feed(data)
        except TooLarge as too_large:
            self._refuse(too_large)
            return
        for message in messages:
            self._hand_in(message)
        if self.waiting >= PIPELINED or self.listener.inbox.is_full:
            self._pause()

    def _hand_in(self, message: bytes) -> None:
        if is_acknowledgement_like(message) and is_acknowledgement(message):
            self.listener.ignored_acknowledgements += 1
            return
        batch = split_batch(message)
        if batch is not None:
            self._hand_in_batch(message, batch)
            return
        self.waiting += 1
        self.listener.inbox.receive(message, self._answer)

    def _hand_in_batch(self, whole: bytes, batch: list[bytes]) -> None:
        """FHS/BHS: every message has its own fate; the acknowledgements go back together, as a batch."""
        if not batch:
            problem = Problem("batch-empty", "the batch holds no message", "BHS", True)
            self._write([negative_for_unreadable(whole, datetime.now(UTC), 0, problem)])
            return
        answers: list[list[bytes]] = []

        def collect(answer: list[bytes]) -> None:
            answers.append(answer)
            if len(answers) == len(batch):
                self._answer([_batch_of([one for each in answers for one in each])])

        self.waiting += 1
        for message in batch:
            self.listener.inbox.receive(message, collect)

    def _answer(self, answers: list[bytes]) -> None:
        self.waiting -= 1
        self._write(answers)
        if self._paused and self.waiting < PIPELINED // 2 and not self.listener.inbox.is_full:
            self._resume()

    def _write(self, answers: list[bytes]) -> None:
        if self._transport is not None and answers:
            self._transport.write(b"".join(frame(answer) for answer in answers))

    def _refuse(self, too_large: TooLarge) -> None:
        """Too large to take: say so and close, because the rest of the message would be read as garbage."""
        problem = Problem("too-large", f"{too_large}; send large documents by reference", "MSH", True)
        self._write([negative_for_unreadable(too_large.head, datetime.now(UTC), 0, problem)])
        self.listener.inbox.receive(too_large.head, lambda answers: None)
        self.close()

    def _pause(self) -> None:
        if not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(0.02, self._look_again)

    def _look_again(self) -> None:
        """Another connection may have filled the inbox; look until it has room."""
        if self._paused and self.waiting < PIPELINED // 2 and not self.listener.inbox.is_full:
            self._resume()
        elif self._paused:
            asyncio.get_running_loop().call_later(0.02, self._look_again)

    def _resume(self) -> None:
        self._paused = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def is_acknowledgement_like(message: bytes) -> bool:
    """A cheap look before parsing: an acknowledgement is short and has an MSA segment."""
    return len(message) < 20_000 and (b"\rMSA" in message or b"\nMSA" in message)


def _batch_of(acknowledgements: list[bytes]) -> bytes:
    return b"BHS|^~\\&\r" + b"".join(acknowledgements) + b"BTS|%d\r" % len(acknowledgements)
