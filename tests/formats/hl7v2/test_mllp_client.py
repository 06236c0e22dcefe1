"""The MLLP client against real sockets: answers whole, split, late, foreign, or not at all."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from wardline.core.errors import Refused
from wardline.formats.hl7v2.client import MllpClient, NoAnswer
from wardline.formats.hl7v2.framing import frame

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def message(number: int) -> bytes:
    return f"MSH|^~\\&|A|B|C|D|2025||ORU^R01|{number}|P|2.5\rPID|1||1\r".encode()


def ack(number: int, code: str = "AA") -> bytes:
    return f"MSH|^~\\&|C|D|A|B|2025||ACK|{number}|P|2.5\rMSA|{code}|{number}\r".encode()


@asynccontextmanager
async def receiver(behave: Behaviour, timeout_seconds: float = 5.0) -> AsyncIterator[MllpClient]:
    """A client connected to a receiver that behaves like this."""
    serving: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(behave(reader, writer))
        serving.append(task)
        await asyncio.wait([task])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        async with MllpClient("127.0.0.1", server.sockets[0].getsockname()[1], timeout_seconds=timeout_seconds) as client:
            yield client
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await asyncio.sleep(0.01)


async def one(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\x1c\r")


def test_a_message_goes_out_framed_and_its_acknowledgement_comes_back() -> None:
    received = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await one(reader))
        writer.write(frame(ack(1)))
        await writer.drain()

    async def story() -> None:
        async with receiver(behave) as client:
            answer = await client.send(message(1))
            assert (answer.code, answer.control_id, answer.positive) == ("AA", "1", True)

    asyncio.run(story())
    assert received == [frame(message(1))]


def test_an_answer_that_comes_byte_by_byte_is_one_answer() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one(reader)
        for byte in frame(ack(1, "AE")):
            writer.write(bytes([byte]))
            await writer.drain()

    async def story() -> None:
        async with receiver(behave) as client:
            assert (await client.send(message(1))).code == "AE"

    asyncio.run(story())


def test_answers_to_pipelined_messages_are_handed_out_in_order_even_when_they_arrive_together() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            await one(reader)
        writer.write(b"".join(frame(ack(number)) for number in (1, 2, 3)))
        await writer.drain()

    async def story() -> None:
        async with receiver(behave) as client:
            for number in (1, 2, 3):
                client.write(message(number))
            assert [await client.answer() for _ in range(3)] == [ack(1), ack(2), ack(3)]

    asyncio.run(story())


def test_no_answer_in_time_closes_the_connection_so_that_a_late_one_is_never_taken_for_the_next() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one(reader)
        await asyncio.sleep(30)

    async def story() -> None:
        async with receiver(behave, timeout_seconds=0.1) as client:
            with pytest.raises(NoAnswer, match=r"no acknowledgement from 127\.0\.0\.1:\d+ within 0\.1 s"):
                await client.send(message(1))
            assert not client.is_connected
            with pytest.raises(NoAnswer, match="not connected"):
                await client.send(message(2))

    asyncio.run(story())


def test_a_receiver_that_hangs_up_has_not_answered() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one(reader)

    async def story() -> None:
        async with receiver(behave) as client:
            with pytest.raises(NoAnswer, match="closed the connection without acknowledging"):
                await client.send(message(1))
            assert not client.is_connected

    asyncio.run(story())


@pytest.mark.parametrize("answer", [ack(2), ack(1).replace(b"MSA|AA|1", b"MSA|AA|"), b"OK", b"MSH|^~\\&|C|D|A|B|2025||ACK|1|P|2.5\r"])
def test_an_answer_that_does_not_acknowledge_this_message_is_no_answer(answer: bytes) -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one(reader)
        writer.write(frame(answer))
        await writer.drain()
        await asyncio.sleep(1)

    async def story() -> None:
        async with receiver(behave) as client:
            with pytest.raises(NoAnswer, match="acknowledg"):
                await client.send(message(1))
            assert not client.is_connected

    asyncio.run(story())


def test_an_endless_answer_is_no_answer() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one(reader)
        writer.write(b"\x0b")
        while True:
            writer.write(b"x" * 1_000_000)
            await writer.drain()

    async def story() -> None:
        async with receiver(behave) as client:
            with pytest.raises(NoAnswer, match="larger than 16,777,216 bytes"):
                await client.send(message(1))

    asyncio.run(story())


def test_nobody_listening_is_no_answer() -> None:
    async def story() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        with pytest.raises(NoAnswer, match=rf"cannot connect to 127\.0\.0\.1:{port}"):
            async with MllpClient("127.0.0.1", port, timeout_seconds=2):
                raise AssertionError("connected to nobody")

    asyncio.run(story())


def test_what_is_no_message_is_never_sent() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""

    async def story() -> None:
        async with receiver(behave) as client:
            with pytest.raises(Refused, match="does not start with an MSH segment"):
                await client.send(b"garbage")

    asyncio.run(story())


def test_a_connection_that_breaks_while_waiting_is_no_answer() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one(reader)
        writer.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def story() -> None:
        async with receiver(behave) as client:
            with pytest.raises(NoAnswer, match=r"broke|closed the connection"):
                await client.send(message(1))
            assert not client.is_connected
            with pytest.raises(NoAnswer, match="not connected"):
                await client.answer()

    asyncio.run(story())
