"""Connections that are no HTTP, such as HL7 v2 over MLLP: opened by the same rule, at the address that was looked up."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from wardline.adapters.outgoing.places import Places

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def dialler(places: Places) -> Callable[[str, int, ssl.SSLContext | None], Awaitable[Connection]]:
    """What opens connections to listed places. The certificate is checked by the name, whatever the address is."""

    async def dial(host: str, port: int, tls: ssl.SSLContext | None) -> Connection:
        spot = await places.spot(host, port)
        return await asyncio.open_connection(spot.address, port, ssl=tls, server_hostname=host if tls is not None else None)

    return dial
