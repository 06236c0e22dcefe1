"""The far side of the wire: another system's MLLP listener that behaves as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final

from wardline.formats.hl7v2.framing import Deframer, frame
from wardline.formats.hl7v2.message import header_of

DROP: Final = "hangs up"
SILENCE: Final = "never answers"
NONSENSE: Final = "answers something that is no acknowledgement"


class Receiver:
    """`script`: how it treats the next messages, a code (AA, AE, AR ...) or one of the words above; after the last it takes everything."""

    def __init__(self, script: Iterable[str] = ()) -> None:
        self.script = list(script)
        self.came: list[bytes] = []
        """Everything that came, repeats included."""
        self.taken: list[bytes] = []
        """What it acknowledged positively, in order."""
        self.port = 0
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def open(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def have(self, count: int, seconds: float = 20) -> None:
        """Wait until it has taken so many."""
        await eventually(lambda: len(self.taken) >= count, seconds)

    async def see(self, count: int, seconds: float = 20) -> None:
        """Wait until so many have come, whatever it did with them."""
        await eventually(lambda: len(self.came) >= count, seconds)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        deframer = Deframer()
        try:
            while data := await reader.read(65536):
                for message in deframer.feed(data):
                    await self._treat(message, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._connections.discard(task)

    async def _treat(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        self.came.append(message)
        code = self.script.pop(0) if self.script else "AA"
        if code == DROP:
            writer.close()
            return
        if code == SILENCE:
            return
        if code == "AA":
            self.taken.append(message)
        id = header_of(message).control_id
        answer = f"MSH|^~\\&|EHR|HOSP|||2026||ACK|A{id}|P|2.5\rMSA|{code}|{id}|Moss is unknown\r"
        writer.write(frame(b"hello\r" if code == NONSENSE else answer.encode()))
        await writer.drain()


async def eventually(happened: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something outside of our hands has happened."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - the other side sets no event
            await asyncio.sleep(0.005)


@asynccontextmanager
async def receiving(*script: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(script)
    await receiver.open(tls=tls)
    try:
        yield receiver
    finally:
        await receiver.close()


def control_ids(messages: Iterable[bytes]) -> list[str]:
    return [header_of(message).control_id for message in messages]
