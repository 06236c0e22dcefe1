"""Headers and body of an answer leave together: neither waits for the client to confirm the other."""

import asyncio
import socket

from wardline.app.serving import bound


def test_connections_to_the_screens_send_small_parts_at_once() -> None:
    """On a socket that does not say it is TCP asyncio leaves Nagle's algorithm on, and clients put off confirming for 40 ms (RFC 1122 4.2.3.2)."""

    async def said() -> int:
        accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        class Door(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                accepted.set_result(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                transport.close()

        door = bound("127.0.0.1", 0)
        server = await asyncio.get_running_loop().create_server(Door, sock=door)
        async with server, asyncio.timeout(10):
            _, writer = await asyncio.open_connection(*door.getsockname())
            writer.close()
            return await accepted

    assert asyncio.run(said()) == 1
