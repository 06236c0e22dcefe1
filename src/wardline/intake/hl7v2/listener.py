"""The MLLP door: accepts connections, cuts the byte stream into messages, hands them in, writes the acknowledgements back."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from typing import Final

import structlog

from wardline.core.errors import Refused
from wardline.core.ports import Inbox
from wardline.core.statements import Fate, Problem
from wardline.formats.hl7v2.acknowledgement import is_acknowledgement, replies_to_unreadable
from wardline.formats.hl7v2.framing import LARGEST_MESSAGE, Deframer, TooLarge, frame
from wardline.formats.hl7v2.message import split_batch

log = structlog.get_logger()

CONNECTIONS: Final = 2_000
"""Open connections at most; beyond it new ones are closed at once, so that a flood cannot take the memory."""
PIPELINED: Final = 200
"""Messages of one connection that wait for their acknowledgement at most; then it is not read until some are answered."""
MESSAGES_IN_BATCH: Final = 10_000
UNFINISHED_SECONDS: Final = 120.0
"""How long a message may take from its first byte to its last. Between messages a connection may be silent for days."""
LOOK_AGAIN_SECONDS: Final = 0.02


class MllpListener:
    """Listens for HL7 v2 over MLLP, with TLS when a context is given."""

    def __init__(
        self, inbox: Inbox, *, largest: int = LARGEST_MESSAGE, tls: ssl.SSLContext | None = None, most_connections: int = CONNECTIONS,
        unfinished_seconds: float = UNFINISHED_SECONDS,
    ) -> None:  # fmt: skip
        self.inbox = inbox
        self.largest = largest
        self.tls = tls
        self.most_connections = most_connections
        self.unfinished_seconds = unfinished_seconds
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
        self._is_paused = False
        self._is_over = False
        """True when the sender will say nothing more but still listens."""
        self._is_clogged = False
        """True while the sender does not read its acknowledgements."""
        self._last_words: list[bytes] = []
        """What is said before hanging up, once everything before it has been answered."""
        self._deadline: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    # --- what the transport calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if len(self.listener.connections) >= self.listener.most_connections:
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
        self._stop_deadline()

    def data_received(self, data: bytes) -> None:
        try:
            messages = self.deframer.feed(data)
        except TooLarge as too_large:
            for message in too_large.whole:
                self._hand_in(message)
            self._refuse(too_large)
            return
        for message in messages:
            self._hand_in(message)
        if messages or not self.deframer.is_inside:
            self._stop_deadline()
        if self.deframer.is_inside and self._deadline is None:
            self._start_deadline()
        if self._must_wait:
            self._pause()

    def eof_received(self) -> bool:
        """The sender has closed its half, as scripts do that pipe a file in: it still hears what it is owed. TLS knows no halves."""
        self._is_over = True
        return self.waiting > 0 and self.listener.tls is None

    def pause_writing(self) -> None:
        self._is_clogged = True
        self._pause()

    def resume_writing(self) -> None:
        self._is_clogged = False

    # --- messages in, acknowledgements out ---

    def _hand_in(self, message: bytes) -> None:
        if is_acknowledgement(message):
            self.listener.ignored_acknowledgements += 1
            return
        try:
            batch = split_batch(message, MESSAGES_IN_BATCH)
        except Refused as refused:
            self._write(_refusal(message, Problem(refused.code, refused.reason, refused.where, True)))
            return
        if batch is None:
            self.waiting += 1
            self.listener.inbox.receive(message, self._answer)
        elif batch:
            messages = [each for each in batch if not is_acknowledgement(each)]
            self.listener.ignored_acknowledgements += len(batch) - len(messages)
            self._hand_in_batch(messages)
        else:
            self._write(_refusal(message, Problem("batch-empty", "the batch holds no message", "BHS", True)))

    def _hand_in_batch(self, batch: list[bytes]) -> None:
        """FHS/BHS: every message has its own fate; the acknowledgements go back together, as a batch."""
        if not batch:
            return
        answers: list[list[bytes]] = []

        def collect(answer: list[bytes]) -> None:
            answers.append(answer)
            if len(answers) == len(batch):
                due = [one for each in answers for one in each]
                self._answer([_batch_of(due)] if due else [])

        self.waiting += 1
        for message in batch:
            self.listener.inbox.receive(message, collect)

    def _answer(self, answers: list[bytes]) -> None:
        self.waiting -= 1
        self._write(answers)
        if self._last_words or self._is_over:
            self._hang_up()
        else:
            self._resume()

    def _write(self, answers: list[bytes]) -> None:
        if self._transport is not None and answers:
            self._transport.write(b"".join(frame(answer) for answer in answers))

    def _refuse(self, too_large: TooLarge) -> None:
        """Too large to take: say so and close, because the rest of the message would be read as garbage."""
        self.listener.inbox.receive(too_large.beginning, lambda answers: None)
        self._last_words = _refusal(too_large.head, Problem("too-large", f"{too_large}; send large documents by reference", "MSH", True))
        if self._transport is not None:
            self._transport.pause_reading()
        self._hang_up()

    def _hang_up(self) -> None:
        if self.waiting == 0:
            self._write(self._last_words)
            self.close()

    # --- slowing down a sender that is faster than we are, or that does not read what we answer ---

    @property
    def _must_wait(self) -> bool:
        return self.waiting >= PIPELINED or self._is_clogged or self.listener.inbox.is_full

    def _pause(self) -> None:
        if not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, self._look_again)

    def _look_again(self) -> None:
        """Another connection may have filled the inbox; look until it has room."""
        self._resume()
        if self._is_paused and self._transport is not None:
            asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, self._look_again)

    def _resume(self) -> None:
        if self._is_paused and self.waiting < PIPELINED // 2 and not self._must_wait and self._transport is not None:
            self._is_paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()

    # --- the end ---

    def _start_deadline(self) -> None:
        self._deadline = asyncio.get_running_loop().call_later(self.listener.unfinished_seconds, self._give_up)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        """A message was begun and not finished in time. It was never acknowledged, so its sender still has it."""
        if self._is_paused:
            self._start_deadline()  # the wait is ours
            return
        self.close()
        log.warning("message_unfinished", seconds=self.listener.unfinished_seconds)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _refusal(message: bytes, problem: Problem) -> list[bytes]:
    now = datetime.now(UTC)
    return replies_to_unreadable(message, Fate("refused", 0, now, problem), now)


def _batch_of(acknowledgements: list[bytes]) -> bytes:
    return b"BHS|^~\\&\r" + b"".join(acknowledgements) + b"BTS|%d\r" % len(acknowledgements)
