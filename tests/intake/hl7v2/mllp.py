"""Real senders at the real door: a hospital that listens on loopback, and raw connections to it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from support.hospital import Hospital
from wardline.formats.hl7v2.framing import Deframer
from wardline.formats.hl7v2.message import parse
from wardline.intake.hl7v2.listener import MllpListener


class Door:
    """A hospital behind a listener. With `open_now=False` the engine takes messages in but does not work yet."""

    def __init__(self, hospital: Hospital, listener: MllpListener, port: int) -> None:
        self.hospital = hospital
        self.engine = hospital.engine
        self.listener = listener
        self.port = port


@asynccontextmanager
async def door(path: Path, *, working: bool = True, **options: Any) -> AsyncIterator[Door]:
    hospital = Hospital(path)
    listener = MllpListener(hospital.engine, **options)
    port = await listener.listen("127.0.0.1", 0)
    if working:
        hospital.engine.start()
    try:
        yield Door(hospital, listener, port)
    finally:
        await listener.close(0.2)
        await asyncio.sleep(0.01)
        hospital.close()


class Sender:
    """One connection, byte by byte under the test's control."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._deframer = Deframer()
        self._answers: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def answers(self, count: int, timeout_seconds: float = 10.0) -> list[bytes]:
        """The next answers, in order; fewer when the door hangs up."""
        while len(self._answers) < count:
            data = await asyncio.wait_for(self.reader.read(65_536), timeout_seconds)
            if not data:
                break
            self._answers += self._deframer.feed(data)
        answered, self._answers = self._answers[:count], self._answers[count:]
        return answered

    async def is_hung_up(self, timeout_seconds: float = 5.0) -> bool:
        """Whether the door closes the connection within this time, saying nothing more."""
        try:
            return await asyncio.wait_for(self.reader.read(1), timeout_seconds) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False


@asynccontextmanager
async def sender(port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[Sender]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname="localhost" if tls else None)
    try:
        yield Sender(reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def codes(answers: list[bytes]) -> list[tuple[str, str]]:
    """(MSA-1, MSA-2) of every acknowledgement, those inside batches too."""
    return [(msa.field(1), msa.field(2)) for answer in answers for msa in _msa_of(answer)]


def _msa_of(answer: bytes) -> list[Any]:
    return parse(answer[answer.find(b"MSH") :]).all("MSA")
