"""Asking other systems over HTTP: only listed places, at the address that was looked up, without following them anywhere else."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from typing import Final

import httpx2

from wardline.adapters.outgoing.places import Places, Spot, where_of
from wardline.core.errors import Fault
from wardline.core.outside import Pools, Reply

SECONDS: Final = 10.0
"""For a whole request: looking up, connecting, asking and reading the answer."""
LARGEST_ANSWER: Final = 4 * 1024 * 1024
AT_ONCE: Final = 8


class HttpOutside:
    """`Outside`. Tests give `trust` an authority of their own; a site gives the one that signs its servers."""

    def __init__(
        self, places: Places, pools: Pools, *, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context, seconds: float = SECONDS,
        largest: int = LARGEST_ANSWER,
    ) -> None:  # fmt: skip
        self.places = places
        self.pools = pools
        self.seconds = seconds
        self.largest = largest
        self._trust = trust
        self._client: httpx2.AsyncClient | None = None

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b"", severity: int = 0
    ) -> Reply:  # fmt: skip
        host, port = where_of(url, self.places)
        pool = self.pools.of(f"{host}:{port}", "http", AT_ONCE)

        async def ask() -> Reply:
            try:
                async with asyncio.timeout(self.seconds):
                    return await self._ask(await self.places.spot(host, port), method, url, headers or {}, content)
            except TimeoutError:
                raise Fault(f"{host} did not answer within {self.seconds:g} s") from None
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                raise Fault(f"{host} cannot be asked: {type(error).__name__}") from error

        return await pool.run(ask, severity=severity)

    async def _ask(self, spot: Spot, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Reply:
        """To the address, with the name only where it is needed: in the Host header and in the handshake, whose certificate is checked by it."""
        named = httpx2.URL(url)
        request = self._open().build_request(
            method, named.copy_with(host=spot.address), content=content,
            headers={**headers, "host": named.netloc.decode("ascii"), "accept-encoding": "identity"},
            extensions={"sni_hostname": named.host},
        )  # fmt: skip
        answer = await self._open().send(request, stream=True)
        try:
            return Reply(answer.status_code, dict(answer.headers), await self._read(answer))
        finally:
            await answer.aclose()

    async def _read(self, answer: httpx2.Response) -> bytes:
        """As it comes, never unpacked: we said that we take nothing packed, so that nothing small becomes large."""
        taken = bytearray()
        async for some in answer.aiter_raw():
            taken += some
            if len(taken) > self.largest:
                raise Fault(f"the answer is larger than {self.largest} bytes")
        return bytes(taken)

    def _open(self) -> httpx2.AsyncClient:
        if self._client is None:
            self._client = httpx2.AsyncClient(verify=self._trust(), follow_redirects=False, trust_env=False, timeout=self.seconds)
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None
